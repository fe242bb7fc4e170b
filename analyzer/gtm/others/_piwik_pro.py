"""How records of Piwik PRO's tag manager are read: tags, triggers, variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.gtm.built import leaf
from analyzer.gtm.export import Export, listed, plain
from analyzer.gtm.others._draft import Draft, Test, reference
from analyzer.gtm.positions import Document, Node, NotJson
from analyzer.model import Skip, Source

DEEPEST = 4  # lists and objects around the records

TRIGGERS = {
    "page_view": "PAGEVIEW",
    "dom_ready": "DOM_READY",
    "page_load": "WINDOW_LOADED",
    "event": "CUSTOM_EVENT",
    "click": "CLICK",
    "capturing_click": "CLICK",
    "form_submission": "FORM_SUBMISSION",
    "history": "HISTORY_CHANGE",
    "debounced_history": "HISTORY_CHANGE",
    "page_scroll": "SCROLL_DEPTH",
    "element_presence": "ELEMENT_VISIBILITY",
    "time_on_website": "TIMER",
    "leave_content": "SCRIPT_EVENT",
    "cdp_audience_detection": "SCRIPT_EVENT",
}
CONDITIONS = {
    "equals": "EQUALS",
    "contains": "CONTAINS",
    "starts_with": "STARTS_WITH",
    "ends_with": "ENDS_WITH",
    "regexp": "MATCH_REGEX",
    "matches": "CSS_SELECTOR",
}
OPPOSITES = {
    "does_not_equal": "equals",
    "does_not_contain": "contains",
    "does_not_start_with": "starts_with",
    "does_not_end_with": "ends_with",
    "does_not_regexp": "regexp",
    "does_not_match": "matches",
    "is_not_set": "is_set",
    "is_not_empty": "is_empty",
}
HOW_OFTEN = ("each_time", "once_per_page_view", "once_per_session")  # say nothing of where
BUILT_IN = {  # the ids are the same on every account
    "67ed6060-eace-4370-8ede-a083f7c909f1": "Page URL",
    "e1e2b185-464f-4eb5-8575-feec34c5e281": "Page Path",
    "42ff090e-f97c-45b5-8625-21ae26891382": "Page Hostname",
    "8530b589-aaac-42e4-b4c0-dfeef1360ee5": "Referrer",
    "977a1f9d-4fdb-43bf-9549-bdf68a7b69a6": "_event",
    "efc09356-e1f2-40f7-8a0a-4c454429e678": "Click Classes",
    "db5a673e-dabe-4dfa-908c-d08b369d08c9": "Click Element",
    "f39468e9-ae2d-4e58-9e2c-73a4d44add6f": "Click ID",
    "efd3558a-714d-4b33-9edd-2bbeb0b5eaf7": "Click URL",
    "d7c47336-342d-4c9b-b35a-fa13f238ca44": "Form Classes",
    "b1504526-de0d-4c27-9ff0-1ee7734561ed": "Form ID",
    "0e45761b-d00d-4b18-88c1-eb8fc233d3da": "Form URL",
}


def read(source: Source) -> Iterator[Export | Skip]:
    """The records of the file; one without a tag says nothing."""
    document = Document(source.data)
    try:
        root = document.root(lambda path: False)
    except NotJson:
        return
    found = {
        kind: [node for node in _records(root) if _is(node, kind, sign)]
        for kind, sign in (
            ("variable", "variable_type"),
            ("trigger", "trigger_type"),
            ("tag", "template"),
        )
    }
    if not found["tag"]:
        return
    draft = Draft(source, "Piwik PRO Tag Manager", "settings")
    names = dict(BUILT_IN)
    for node in found["variable"]:
        names[plain(node.value.get("id"))] = _variable(draft, node)
    for node in found["trigger"]:
        _trigger(draft, node, names)
    for node in found["tag"]:
        _tag(draft, node)
    yield draft.export("", "", found["tag"][0])


def _records(node: Node, depth: int = 0) -> Iterator[Node]:
    """The records of the answers, however these were put together in a file."""
    if isinstance(node.value, dict) and isinstance(node.value.get("attributes"), dict):
        yield node
    elif depth < DEEPEST:
        for each in (*node.elements(), *node.members().values()):
            if isinstance(each.value, list | dict):
                yield from _records(each, depth + 1)


def _is(node: Node, kind: str, sign: str) -> bool:
    return node.value.get("type") == kind and sign in node.value["attributes"]


def _tag(draft: Draft, node: Node) -> None:
    attributes = node.members()["attributes"]
    raw, members = attributes.value, attributes.members()
    template = plain(raw.get("template"))
    consent = plain(raw.get("consent_type"))
    given: dict[str, Node] = {}
    if (options := members.get("template_options")) is not None:
        given = options.members()
    code = members.get("code")
    kind = f"piwik-pro:{template}"
    if template == "custom_tag" and code is not None:
        kind, given = "html", {"html": code}
    fires = _triggers_of(node)
    if fires is None:
        fires = ["that the file does not name"]
    draft.tag(
        node,
        plain(node.value.get("id")),
        plain(raw.get("name")),
        kind,
        given,
        fires=fires,
        where=members.get("template"),
        paused=raw.get("is_active") is False,
        consent=[] if consent in ("", "not_require_consent") else [consent],
    )


def _triggers_of(node: Node) -> list[str] | None:
    """The triggers of a tag by id; None where the answer leaves them out."""
    relations = node.value.get("relationships")
    triggers = relations.get("triggers") if isinstance(relations, dict) else None
    if not isinstance(triggers, dict) or "data" not in triggers:
        return None
    return [plain(each.get("id")) for each in listed(triggers["data"]) if isinstance(each, dict)]


def _trigger(draft: Draft, node: Node, names: dict[str, str]) -> None:
    attributes = node.members()["attributes"]
    raw = attributes.value
    kind = plain(raw.get("trigger_type"))
    tests: list[Test] = []
    event = ""
    for each in listed(raw.get("conditions")):
        if not isinstance(each, dict) or each.get("condition_type") in HOW_OFTEN:
            continue
        test = _test(each, names)
        if kind == "event" and test.left == "{{_event}}" and test.kind == "EQUALS" and not event:
            event = test.right
        else:
            tests.append(test)
    draft.trigger(
        node,
        plain(node.value.get("id")),
        plain(raw.get("name")),
        TRIGGERS.get(kind, kind),
        tests,
        event,
    )


def _test(raw: dict[str, Any], names: dict[str, str]) -> Test:
    kind = plain(raw.get("condition_type"))
    negate = kind in OPPOSITES
    kind = OPPOSITES.get(kind, kind)
    variable = names.get(plain(raw.get("variable_id")))
    right = plain(raw.get("value"))
    if variable is None or kind not in CONDITIONS:
        words = variable or f"variable {plain(raw.get('variable_id'))}"
        return Test(unknown=f"{words} {kind.replace('_', ' ')} {right}".strip(), negate=negate)
    return Test(CONDITIONS[kind], reference(variable), right, negate)


def _variable(draft: Draft, node: Node) -> str:
    """A variable of the account's own; how its settings are written is not known."""
    name = plain(node.value["attributes"].get("name"))
    kind = plain(node.value["attributes"].get("variable_type"))
    draft.variable(node, name, f"piwik-pro:{kind}", {"type": leaf(kind, node)})
    return name
