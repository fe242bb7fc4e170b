"""How the settings of a Segment source are read: its destinations."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.gtm.built import leaf
from analyzer.gtm.export import Export, listed, plain
from analyzer.gtm.others._draft import ALWAYS, Draft, records
from analyzer.gtm.positions import Document, Node, NotJson
from analyzer.model import ScriptLoad, Skip, Source

OF_THE_LIBRARY = ("versionSettings", "type", "bundlingStatus", "consentSettings", "retryQueue")


def read(source: Source) -> Iterator[Export | Skip]:
    """The settings of one source; a file that merely mentions Segment says nothing."""
    document = Document(source.data)
    try:
        root = document.root(lambda path: False)
    except NotJson:
        return
    found = root.members().get("integrations") if isinstance(root.value, dict) else None
    own = found.members().get("Segment.io") if found is not None else None
    if found is None or own is None or not isinstance(own.value, dict):
        return
    draft = Draft(source, "Segment", "settings")
    fires = draft.ways(root, "library", "library", "PAGEVIEW", ALWAYS)
    for name, node in found.members().items():
        if isinstance(node.value, dict):
            _destination(draft, name, node, fires)
    for node in records(root.members().get("remotePlugins")):
        _plugin(draft, node, fires)
    key = own.members().get("apiKey", own)
    yield draft.export(plain(key.value), "", key)


def _destination(draft: Draft, name: str, node: Node, fires: list[str]) -> None:
    given = {key: each for key, each in node.members().items() if key not in OF_THE_LIBRARY}
    asked = node.value.get("consentSettings")
    kinds = listed(asked.get("categories")) if isinstance(asked, dict) else []
    label = name if _runs_in_browser(node) else f"{name}, fed by Segment's servers"
    draft.tag(
        node,
        name,
        label,
        f"segment:{name}",
        given,
        fires=fires,
        where=leaf(name, node),
        consent=[plain(each) for each in kinds] or None,
    )


def _runs_in_browser(node: Node) -> bool:
    """Does the vendor's code run on the page? Else Segment passes the data on."""
    version = node.value.get("versionSettings")
    kinds = listed(version.get("componentTypes")) if isinstance(version, dict) else []
    return not kinds or "browser" in kinds


def _plugin(draft: Draft, node: Node, fires: list[str]) -> None:
    """A destination whose code the library loads from the address that the settings give."""
    members = node.members()
    name = plain(node.value.get("name"))
    settings = members.get("settings")
    given = settings.members() if settings is not None else {}
    tag_id = f"{name} {plain(node.value.get('libraryName'))}".strip()
    draft.tag(node, tag_id, f"{name}, plug-in", f"segment:{name}", given, fires=fires, where=node)
    if url := plain(node.value.get("url")):
        place = draft.source.place(*members["url"].span)
        draft.facts[f"tag {tag_id}"] = (ScriptLoad(place=place, url=url),)
