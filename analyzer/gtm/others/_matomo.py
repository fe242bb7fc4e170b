"""How a container of Matomo Tag Manager is read, in either of its shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from analyzer.gtm.built import leaf, written
from analyzer.gtm.export import Export, listed, plain
from analyzer.gtm.literals import literal_at
from analyzer.gtm.others._draft import Draft, Test, records, reference
from analyzer.gtm.positions import Document, Node, NotJson
from analyzer.model import Skip, Source

_CALL = re.compile(rb"MatomoTagManager\.addContainer\(\s*(\{)")
_HASH = re.compile(r"[0-9a-f]{32}")

TRIGGERS = {
    "PageView": "PAGEVIEW",
    "DomReady": "DOM_READY",
    "WindowLoaded": "WINDOW_LOADED",
    "CustomEvent": "CUSTOM_EVENT",
    "AllLinksClick": "LINK_CLICK",
    "AllDownloadsClick": "LINK_CLICK",
    "AllElementsClick": "CLICK",
    "FormSubmit": "FORM_SUBMISSION",
    "HistoryChange": "HISTORY_CHANGE",
    "ElementVisibility": "ELEMENT_VISIBILITY",
    "ScrollReach": "SCROLL_DEPTH",
    "Timer": "TIMER",
    "JavaScriptError": "JS_ERROR",
    "Fullscreen": "SCRIPT_EVENT",
    "UserInteraction": "CLICK",
    "WindowLeave": "SCRIPT_EVENT",
    "WindowUnload": "SCRIPT_EVENT",
}
COMPARISONS = {
    "equals": "EQUALS",
    "equals_exactly": "EQUALS",
    "contains": "CONTAINS",
    "starts_with": "STARTS_WITH",
    "ends_with": "ENDS_WITH",
    "regexp": "MATCH_REGEX",
    "regexp_ignore_case": "MATCH_REGEX",
    "lower_than": "LESS",
    "lower_than_or_equals": "LESS_OR_EQUALS",
    "greater_than": "GREATER",
    "greater_than_or_equals": "GREATER_OR_EQUALS",
    "match_css_selector": "CSS_SELECTOR",
}
ANY_CASE = ("equals", "starts_with", "contains", "ends_with", "regexp_ignore_case")
VARIABLES: dict[str, tuple[str, dict[str, str]]] = {  # our type, and whose setting each of its is
    "DataLayer": ("v", {"name": "dataLayerName"}),
    "Constant": ("c", {"value": "constantValue"}),
    "Cookie": ("k", {"name": "cookieName"}),
    "JavaScript": ("j", {"name": "variableName"}),
    "UrlParameter": ("u", {"queryKey": "parameterName"}),
    "DomElement": (
        "d",
        {
            "elementSelector": "cssSelector",
            "elementId": "elementId",
            "attributeName": "attributeName",
        },
    ),
    "CustomJsFunction": ("jsm", {"javascript": "jsFunction"}),
}
BUILT_IN = {  # by the names that these variables have in Tag Manager
    "PageUrl": "Page URL",
    "PageHostname": "Page Hostname",
    "PagePath": "Page Path",
    "Referrer": "Referrer",
    "ReferrerUrl": "Referrer",
    "ClickClasses": "Click Classes",
    "ClickId": "Click ID",
    "ClickText": "Click Text",
    "ClickDestinationUrl": "Click URL",
    "ClickElement": "Click Element",
    "FormId": "Form ID",
    "FormClasses": "Form Classes",
    "FormDestination": "Form URL",
    "ErrorMessage": "Error Message",
    "ErrorUrl": "Error URL",
    "ErrorLine": "Error Line",
    "HistorySource": "History Source",
    "RandomNumber": "Random Number",
    "ContainerId": "Container ID",
}
OF_SCRIPTS = {"PageTitle": "document.title", "UserAgent": "navigator.userAgent"}


def read(source: Source) -> Iterator[Export | Skip]:
    """The container of a file, or the versions of an export."""
    call = _CALL.search(source.data)
    if call is not None:
        root = literal_at(source, call.start(1))
        if root is None or not isinstance(root.value, dict):
            yield Skip(source.path, "looks like a Matomo container that breaks off", 1)
        else:
            yield _Container(Draft(source, "Matomo Tag Manager", "published file"), root).export()
        return
    document = Document(source.data)
    try:
        parsed = document.root(lambda path: False)
    except NotJson as error:
        line = document.text.count("\n", 0, error.at) + 1
        reason = f"looks like a Matomo container but is not valid JSON: {error.what}"
        yield Skip(source.path, reason, line)
        return
    for node in [parsed] if isinstance(parsed.value, dict) else parsed.elements():
        if isinstance(node.value, dict) and "idcontainer" in node.value:
            draft = Draft(source, "Matomo Tag Manager", "settings")
            yield _Container(draft, node).export()


class _Container:
    """A container in either shape; names of keys differ, what they hold does not."""

    def __init__(self, draft: Draft, root: Node) -> None:
        self.draft = draft
        self.root = root

    def export(self) -> Export:
        members = self.root.members()
        for node in records(members.get("variables")):
            self.variable(node)
        for node in records(members.get("triggers")):
            self.trigger(node)
        for node in records(members.get("tags")):
            self.tag(node)
        headline = members.get("idcontainer") or members.get("id") or self.root
        name = plain(self.root.value.get("name"))
        return self.draft.export(plain(headline.value), name, headline)

    def tag(self, node: Node) -> None:
        raw, members = node.value, node.members()
        tag_id, kind = plain(_first(raw, "idtag", "id")), plain(raw.get("type"))
        given = self._settings(members.get("parameters"))
        name = plain(raw.get("name"))
        if not name or _HASH.fullmatch(name):
            name = f"{kind}, tag {tag_id}"
        if kind == "CustomHtml" and "customHtml" in given:
            ours, theirs = "html", {"html": given["customHtml"]}
        elif kind == "CustomImage" and "customImageSrc" in given:
            ours, theirs = "img", {"url": given["customImageSrc"]}
        else:
            config = given.pop("matomoConfig", None)
            ours = f"matomo:{kind}"
            theirs = {**(config.members() if config is not None else {}), **given}
        self.draft.tag(
            node,
            tag_id,
            name,
            ours,
            theirs,
            fires=map(plain, listed(_first(raw, "fire_trigger_ids", "fireTriggerIds"))),
            blocks=map(plain, listed(_first(raw, "block_trigger_ids", "blockTriggerIds"))),
            where=members.get("type"),
            paused=plain(raw.get("status")) not in ("", "active"),
        )

    def trigger(self, node: Node) -> None:
        raw, members = node.value, node.members()
        trigger_id, kind = plain(_first(raw, "idtrigger", "id")), plain(raw.get("type"))
        given = self._settings(members.get("parameters"))
        event = plain(given["eventName"].value) if "eventName" in given else ""
        named = plain(raw.get("name"))
        self.draft.trigger(
            node,
            trigger_id,
            named if named and named != kind else f"{kind}, trigger {trigger_id}",
            TRIGGERS.get(kind, kind),
            [self._test(each) for each in records(members.get("conditions"))],
            event if kind == "CustomEvent" else "",
        )

    def variable(self, node: Node, name: str = "") -> str:
        """The variable that a node describes, and how it is referred to."""
        raw, members = node.value, node.members()
        kind = plain(raw.get("type"))
        if kind in BUILT_IN:
            return reference(BUILT_IN[kind])
        name = name or plain(raw.get("name")) or kind
        given = self._settings(members.get("parameters"))
        if kind in OF_SCRIPTS:
            return self.draft.variable(node, name, "j", {"name": leaf(OF_SCRIPTS[kind], node)})
        ours, keys = VARIABLES.get(kind, (f"matomo:{kind}", {}))
        theirs = {key: given[other] for key, other in keys.items() if other in given}
        if name == kind and (told := next(iter(theirs.values()), None)) is not None:
            name = f"{name} {plain(told.value)}"  # a container file has no names of variables
        if kind == "UrlParameter":
            theirs["component"] = leaf("QUERY", node)
        if kind not in VARIABLES:
            theirs = given
        default = members.get("default_value") or members.get("defaultValue")
        if default is not None and plain(default.value):
            theirs["defaultValue"] = default
        if listed(_first(raw, "lookup_table", "lookUpTable")):
            ours = "matomo:lookup"  # its rows compare in ways of their own
        return self.draft.variable(node, name, ours, theirs)

    def _test(self, node: Node) -> Test:
        raw, members = node.value, node.members()
        comparison = plain(raw.get("comparison"))
        negate = comparison.startswith("not_")
        comparison = comparison.removeprefix("not_")
        actual = raw.get("actual")
        if isinstance(actual, dict):
            left = self.variable(members["actual"])
        else:
            left = reference(BUILT_IN.get(plain(actual), plain(actual)))
        right, kind = plain(raw.get("expected")), COMPARISONS.get(comparison)
        if kind is None:
            return Test(unknown=f"{left[2:-2]} {comparison} {right}", negate=negate)
        return Test(kind, left, right, negate, comparison in ANY_CASE)

    def _settings(self, node: Node | None) -> dict[str, Node]:
        if node is None:
            return {}
        return {key: self._value(each) for key, each in node.members().items()}

    def _value(self, node: Node) -> Node:
        """A setting with the variables that are written out inside it put as references."""
        raw = node.value
        if isinstance(raw, dict) and "joinedVariable" in raw:
            parts = node.members()["joinedVariable"].elements()
            return written(*map(self._value, parts), at=node)
        if isinstance(raw, dict) and "type" in raw and "parameters" in raw:
            if plain(raw["type"]) == "MatomoConfiguration":
                return node.members()["parameters"]
            return leaf(self.variable(node), node)
        if isinstance(raw, str):
            return _renamed(node)
        return node


def _renamed(node: Node) -> Node:
    """References to built-in variables by the names that they have with us."""
    text = node.value
    for theirs, ours in BUILT_IN.items():
        if f"{{{{{theirs}}}}}" in text and theirs != ours:
            text = text.replace(f"{{{{{theirs}}}}}", f"{{{{{ours}}}}}")
    return node if text == node.value else leaf(text, node)


def _first(raw: dict[str, Any], *keys: str) -> Any:
    return next((raw[key] for key in keys if key in raw), None)
