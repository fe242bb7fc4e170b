"""The export file: what is a container and what only looks like one, and where its parts stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from analyzer.gtm.positions import Document, Node, NotJson, Path
from analyzer.gtm.signs import RECORDS, SECTIONS, UTF_16
from analyzer.model import Diagnostic, Fact, Place, Skip, Source

APP_CONTEXTS = ("ANDROID", "IOS")
DEEPEST = 3  # lists and objects around the containers of a file


@dataclass(frozen=True, slots=True)
class Export:
    """One container version of a file, its parts by kind.

    `form` says what the file is, `manager` whose container it holds, and `compiled` the
    addresses that a tag loads by compiled code: by the type of a template's tags, or by `tag` and
    the id of one tag. `elsewhere` is what the file does not hold though it names it.
    """

    source: Source
    version: Node
    sections: dict[str, list[Node]]
    container_id: str
    name: str
    context: tuple[str, ...]
    form: str = "export"
    manager: str = "Google Tag Manager"
    compiled: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    elsewhere: tuple[Diagnostic, ...] = ()

    @property
    def is_server(self) -> bool:
        return "SERVER" in self.context

    def place(self, node: Node) -> Place:
        return self.source.place(*node.span)

    def first(self, node: Node, *keys: str) -> Place:
        """The place of the first of these members that the node has, else of the node's start."""
        members = node.members()
        for key in keys:
            if key in members:
                return self.place(members[key])
        start, end = node.span
        return self.source.place(start, min(start + 1, end))


def read(source: Source) -> Iterator[Export | Skip]:
    """Every container version in the file; a skip where the file cannot be read as one."""
    if source.data[:2] in UTF_16:
        yield Skip(source.path, "a Tag Manager export in UTF-16: save it as UTF-8", 1)
        return
    document = Document(source.data)
    try:
        root = document.root(opens)
    except NotJson as error:
        yield Skip(source.path, _complaint(error), document.text.count("\n", 0, error.at) + 1)
        return
    yield from exports(source, root)
    rest = document.rest(root)
    if rest is not None:
        yield Skip(
            source.path,
            "text follows the end of the Tag Manager export",
            document.text.count("\n", 0, rest) + 1,
        )


def exports(source: Source, root: Node) -> Iterator[Export | Skip]:
    """The containers in a tree of whatever notation."""
    found = [_export(source, version) for version in _versions(root)]
    for export in found or _answers(source, root):
        if any(name.startswith(APP_CONTEXTS) for name in export.context):
            yield Skip(
                source.path,
                "a container of a mobile app, which has no pages",
                export.place(export.version).line,
            )
        else:
            yield export


def opens(path: Path) -> bool:
    """Is the value at this path one whose parts are wanted one by one?"""
    match path:
        case () | (int(),) | ("containerVersion",) | (int(), "containerVersion"):
            return True
        case (str(key),) | (_, str(key)) | (_, _, str(key)):
            return key in SECTIONS
    return False


def settings(raw: Any) -> dict[str, Any]:
    """Parameters by their key; of two with the same key the last one counts."""
    if isinstance(raw, dict):
        return {str(key): value for key, value in raw.items()}
    return {
        str(each["key"]): each
        for each in listed(raw)
        if isinstance(each, dict) and each.get("key") is not None
    }


def plain(raw: Any) -> str:
    """A parameter, or the value of one, as the text that the export means."""
    match raw:
        case {"value": inner}:
            return plain(inner)
        case str():
            return raw
        case bool():
            return "true" if raw else "false"
        case int() | float():
            return str(raw)
    return ""


def listed(raw: Any) -> list[Any]:
    """A list as it is, one thing as a list of one, nothing as an empty list."""
    if isinstance(raw, list):
        return raw
    return [] if raw is None else [raw]


def said(raw: Any) -> bool:
    """Is a switch on, however the file writes it?"""
    return plain(raw).strip().lower() == "true"


def enumerated(raw: Any) -> str:
    """`customEvent`, `Custom Event` and `CUSTOM_EVENT` as the last of them."""
    return _enumerated(plain(raw))


@lru_cache(maxsize=4096)
def _enumerated(text: str) -> str:
    text = text.strip()
    if not text.isupper():
        text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    return re.sub(r"[^0-9A-Za-z]+", "_", text).upper()


def no_sections() -> dict[str, list[Node]]:
    """A container's parts by kind, before any is known."""
    return {kind: [] for kind in SECTIONS.values()}


def _versions(root: Node, depth: int = 0) -> Iterator[Node]:
    """Container versions: with their envelope or without, alone or among others."""
    for node in root.elements() if isinstance(root.value, list) else [root]:
        if not isinstance(node.value, dict):
            continue
        members = node.members()
        inner = members.get("containerVersion")
        if inner is not None and isinstance(inner.value, dict):
            empty = "exportFormatVersion" in node.value and "container" in inner.value
            if _lists(inner.value, empty):
                yield inner
        elif _is_named(node.value) and _lists(node.value, False):
            yield node
        elif depth < DEEPEST and not any(key in SECTIONS for key in members):
            for each in members.values():
                if isinstance(each.value, list | dict):
                    yield from _versions(each, depth + 1)


def _answers(source: Source, root: Node) -> Iterator[Export]:
    """What the API answers when it is asked for tags or triggers: lists of them, or one."""
    sections = no_sections()
    lists = [root] if isinstance(root.value, list) else []
    if isinstance(root.value, dict):
        kinds = [key for key in RECORDS if key in root.value]
        members = root.members()
        lists = [] if kinds else [node for key, node in members.items() if key in SECTIONS]
        if kinds and _is_record(root.value):
            sections[_kind_of(root.value)].append(root)
    for each in (each for node in lists for each in node.elements()):
        if _is_record(each.value):
            sections[_kind_of(each.value)].append(each)
    first = next((nodes[0] for nodes in sections.values() if nodes), None)
    if first is not None:
        context = _inferred_context(sections["client"])
        yield Export(source, first, sections, _public_id(first.value), "", context)


def _is_record(value: Any) -> bool:
    """Is this a part of a container as the API tells it, which says whose it is?"""
    return (
        isinstance(value, dict)
        and "containerId" in value
        and ("accountId" in value or "path" in value)
        and ("type" in value or "name" in value)
        and any(key in value for key in RECORDS)
    )


def _kind_of(value: dict[str, Any]) -> str:
    return next(kind for key, kind in RECORDS.items() if key in value)


def _is_named(value: dict[str, Any]) -> bool:
    """Outside an envelope a container version has to say its own id, or its container's."""
    container = value.get("container")
    return "containerVersionId" in value or (
        isinstance(container, dict) and ("publicId" in container or "usageContext" in container)
    )


def _lists(value: dict[str, Any], may_be_empty: bool) -> bool:
    """Are the lists those of a container: records that have a name or a type?"""
    lists = [value[key] for key in SECTIONS if isinstance(value.get(key), list) and value[key]]
    first = [each[0] for each in lists]
    if not all(isinstance(each, dict) and ("name" in each or "type" in each) for each in first):
        return False
    return bool(lists) or may_be_empty


def _export(source: Source, version: Node) -> Export:
    sections = no_sections()
    for key, node in version.members().items():
        if kind := SECTIONS.get(key):
            nodes = node.elements() if isinstance(node.value, list) else [node]
            sections[kind].extend(each for each in nodes if isinstance(each.value, dict))
    container = version.value.get("container")
    container = container if isinstance(container, dict) else {}
    context = tuple(enumerated(each) for each in listed(container.get("usageContext")))
    return Export(
        source=source,
        version=version,
        sections=sections,
        container_id=plain(container.get("publicId")) or _public_id(version.value),
        name=plain(container.get("name")) or plain(version.value.get("name")),
        context=context or _inferred_context(sections["client"]),
    )


def _public_id(version: dict[str, Any]) -> str:
    """A hand-written file may say GTM-... where the number of the container belongs."""
    text = plain(version.get("containerId"))
    return text if text.startswith("GTM-") else ""


def _inferred_context(clients: Iterable[Node]) -> tuple[str, ...]:
    return ("SERVER",) if any(True for _ in clients) else ()


def _complaint(error: NotJson) -> str:
    if error.cut:
        return "looks like a Tag Manager export that breaks off before its end: export it again"
    return f"looks like a Tag Manager export but is not valid JSON: {error.what}"
