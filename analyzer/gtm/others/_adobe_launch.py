"""How a built library of Adobe Tags is read: data elements, rules, and what their actions do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from analyzer.gtm.built import leaf
from analyzer.gtm.export import Export, listed, plain, said
from analyzer.gtm.literals import Code, ScriptNode, literals_named
from analyzer.gtm.literals import read as read_literal
from analyzer.gtm.others._draft import (
    ALWAYS,
    MOST_WAYS,
    Draft,
    Test,
    Ways,
    both,
    deep,
    opposite,
    plain_name,
    records,
    reference,
    replaced,
    script,
)
from analyzer.gtm.positions import Node
from analyzer.model import Diagnostic, Skip, Source

_TARGET = re.compile(r"(?:window\.)?_satellite\.container")
_REFERENCE = re.compile(r"%([^%\s][^%\n]{0,120})%")
_ADDRESS = re.compile(r"(?:https?:)?//[^\s'\"<>]+\.js|\.?/?[\w./-]*RC[0-9a-f]{32}[\w.-]*\.js")
_CORE = "core/src/lib/"

EVENTS = {
    "libraryLoaded": "PAGEVIEW",
    "pageTop": "PAGEVIEW",
    "pageBottom": "DOM_READY",
    "domReady": "DOM_READY",
    "windowLoaded": "WINDOW_LOADED",
    "click": "CLICK",
    "formSubmission": "FORM_SUBMISSION",
    "historyChange": "HISTORY_CHANGE",
    "entersViewport": "ELEMENT_VISIBILITY",
    "elementExists": "ELEMENT_VISIBILITY",
    "timeOnPage": "TIMER",
}
NAMED_EVENTS = {  # events of scripts, and the setting that names them
    "customEvent": ("type", ""),
    "directCall": ("identifier", "direct call "),
    "dataElementChange": ("name", "change of "),
}
ELEMENTS: dict[str, tuple[str, dict[str, str]]] = {  # our type, and whose setting each of its is
    "javascriptVariable": ("j", {"name": "path"}),
    "customCode": ("jsm", {"javascript": "source"}),
    "domAttribute": (
        "d",
        {"elementSelector": "elementSelector", "attributeName": "elementProperty"},
    ),
    "cookie": ("k", {"name": "name"}),
    "queryStringParameter": ("u", {"queryKey": "name"}),
    "constant": ("c", {"value": "value"}),
}
PAGE_INFO = {"url": "URL", "hostname": "HOST", "pathname": "PATH"}
OF_SCRIPTS = {"title": "document.title", "referrer": "document.referrer"}
OPERATORS = {
    "equals": "EQUALS",
    "contains": "CONTAINS",
    "startsWith": "STARTS_WITH",
    "endsWith": "ENDS_WITH",
    "matchesRegex": "MATCH_REGEX",
    "lessThan": "LESS",
    "lessThanOrEqual": "LESS_OR_EQUALS",
    "greaterThan": "GREATER",
    "greaterThanOrEqual": "GREATER_OR_EQUALS",
}
OPPOSITES = {
    "doesNotEqual": "equals",
    "doesNotContain": "contains",
    "doesNotStartWith": "startsWith",
    "doesNotEndWith": "endsWith",
    "doesNotMatchRegex": "matchesRegex",
}


def read(source: Source) -> Iterator[Export | Skip]:
    """The property that the library was built from."""
    for _, tree in literals_named(source, lambda name: _TARGET.fullmatch(name) is not None):
        yield _Library(source, read_literal(tree, source.data)).export()
        return
    yield Skip(source.path, "looks like an Adobe Tags library that cannot be read", 1)


class _Library:
    """One built library."""

    def __init__(self, source: Source, root: ScriptNode) -> None:
        self.draft = Draft(source, "Adobe Tags", "library")
        self.root = root

    def export(self) -> Export:
        members = self.root.members()
        elements = members.get("dataElements")
        self.elements = elements.members() if elements is not None else {}
        for name, node in self.elements.items():
            if isinstance(node.value, dict):
                self.element(name, node)
        for node in records(members.get("rules")):
            self.rule(node)
        for name, node in _members(members.get("extensions")).items():
            if isinstance(node.value, dict):
                self.extension(name, node)
        environment = _members(members.get("environment")).get("id")
        own = _members(members.get("property")).get("name")
        headline = environment if environment is not None else self.root
        library = plain(headline.value) if environment is not None else ""
        return self.draft.export(library, plain(own.value) if own is not None else "", headline)

    # ------------------------------------------------------------ data elements

    def element(self, name: str, node: Node) -> None:
        module, given = _module(node), self._settings(node)
        ours, keys = ELEMENTS.get(module, (f"adobe:{_path(node)}", {}))
        theirs = {key: given[other] for key, other in keys.items() if other in given}
        if module in ("sessionStorage", "localStorage") and "name" in given:
            ours, key = "j", plain(given["name"].value)
            theirs = {"name": leaf(f"{module}.{key}", node)}
        elif module == "queryStringParameter":
            theirs["component"] = leaf("QUERY", node)
        elif module == "pageInfo":
            part = plain(given["attribute"].value) if "attribute" in given else ""
            if part in PAGE_INFO:
                ours, theirs = "u", {"component": leaf(PAGE_INFO[part], node)}
            elif part in OF_SCRIPTS:
                ours, theirs = "j", {"name": leaf(OF_SCRIPTS[part], node)}
        default = node.members().get("defaultValue")
        if default is not None and plain(default.value):
            theirs["defaultValue"] = default
        self.draft.variable(node, name, ours, theirs)

    # ------------------------------------------------------------ rules

    def rule(self, node: Node) -> None:
        """Each action of a rule is a tag, which fires whenever the rule does."""
        raw, members = node.value, node.members()
        name = plain(raw.get("name")) or plain(raw.get("id"))
        holds = ALWAYS
        for condition in records(members.get("conditions")):
            holds = both(holds, self._ways(condition))
        if len(holds) > MOST_WAYS:
            holds = [[Test(unknown=f"the conditions of rule {name} hold")]]
        fires: list[str] = []
        for number, event in enumerate(records(members.get("events"))):
            kind, asked = self._event(event)
            label = name if number == 0 else f"{name}, event {number + 1}"
            event_id = f"{plain(raw.get('id')) or name}.{number}"
            fires += self.draft.ways(event, event_id, label, kind, both([asked], holds))
        for number, action in enumerate(records(members.get("actions"))):
            label = name if number == 0 else f"{name}, action {number + 1}"
            rule_id = f"{plain(raw.get('id'))}/{number}"
            self.action(action, rule_id, label, fires)

    def action(self, node: Node, tag_id: str, name: str, fires: list[str]) -> None:
        path = _path(node)
        given = self._settings(node)
        where = node.members().get("modulePath")
        code = given.get("source")
        if path == f"{_CORE}actions/customCode.js" and code is not None:
            language = plain(given["language"].value) if "language" in given else ""
            kind = "html"
            if _ADDRESS.fullmatch(plain(code.value)):  # long code gets a file of its own
                what = "code of an action that has a file of its own"
                place = self.draft.source.place(*code.span)
                target = plain(code.value).rpartition("/")[2]
                missing = Diagnostic(place, what, target, "elsewhere", (f"tag {name}",))
                self.draft.elsewhere.append(missing)
                given = {}
            else:
                given = {"html": code if language == "html" else script(code)}
        else:
            kind = f"adobe:{path}"
        self.draft.tag(node, tag_id, name, kind, given, fires=fires, where=where)

    def extension(self, name: str, node: Node) -> None:
        """An extension's own settings, which apply on every page that has the library."""
        given = self._settings(node)
        if name == "core" or not given:
            return
        label = plain(node.value.get("displayName")) or name
        fires = self.draft.ways(node, f"library of {name}", "library", "PAGEVIEW", ALWAYS)
        where = node.members().get("settings", node)
        self.draft.tag(
            node, name, f"Extension {label}", f"adobe:{name}", given, fires=fires, where=where
        )

    # ------------------------------------------------------------ events and conditions

    def _event(self, node: Node) -> tuple[str, list[Test]]:
        module, given = _module(node), self._settings(node)
        if module in NAMED_EVENTS:
            key, words = NAMED_EVENTS[module]
            name = words + (plain(given[key].value) if key in given else "?")
            return "SCRIPT_EVENT", [Test("EQUALS", "{{Event}}", name)]
        selector = plain(given["elementSelector"].value) if "elementSelector" in given else ""
        element = {"click": "Click Element", "formSubmission": "Form Element"}.get(module)
        asked = [Test("CSS_SELECTOR", reference(element), selector)] if element and selector else []
        if module in EVENTS and _path(node).startswith(_CORE):
            return EVENTS[module], asked
        return "SCRIPT_EVENT", [Test("EQUALS", "{{Event}}", _path(node) or "unknown")]

    def _ways(self, node: Node) -> Ways:
        """The ways in which a condition of a rule can hold."""
        module, raw = _module(node), node.value.get("settings")
        given: Mapping[str, Any] = raw if isinstance(raw, dict) else {}
        found: Ways
        match module:
            case "path":
                found = self._any(given.get("paths"), "{{Page Path}}")
            case "pathAndQuerystring":
                found = self._any(given.get("paths"), self._whole_path(node))
            case "subdomain":
                found = self._any(given.get("subdomains"), "{{Page Hostname}}")
            case "domain":
                domains = [re.escape(plain(each)) for each in listed(given.get("domains"))]
                pattern = rf"(^|\.)({'|'.join(domains)})$"
                found = [[Test("MATCH_REGEX", "{{Page Hostname}}", pattern, any_case=True)]]
            case "queryStringParameter":
                found = self._one(given, self._reads(node, "u", "query parameter", given))
            case "cookie":
                found = self._one(given, self._reads(node, "k", "cookie", given))
            case "variable":
                found = self._one(given, self._reads(node, "j", "script variable", given))
            case "valueComparison":
                found = self._compared(given)
            case _:
                source = given.get("source")
                words = str(source) if isinstance(source, Code) else _path(node)
                found = [[Test(unknown=f"{plain_name(words)[:120]} says yes")]]
        return opposite(found) if said(node.value.get("negate")) else found

    def _any(self, raw: Any, left: str) -> Ways:
        """One of several values: those that are patterns in one, the others in another."""
        given = [each for each in listed(raw) if isinstance(each, dict)]
        patterns = [plain(each.get("value")) for each in given if said(each.get("valueIsRegex"))]
        texts = [plain(each.get("value")) for each in given if not said(each.get("valueIsRegex"))]
        found = [[Test("EQUALS", left, each)] for each in texts]
        if len(patterns) == 1:
            found.append([Test("MATCH_REGEX", left, patterns[0], any_case=True)])
        elif patterns:
            joined = "|".join(f"(?:{each})" for each in patterns)
            found.append([Test("MATCH_REGEX", left, joined, any_case=True)])
        return found

    def _one(self, given: Mapping[str, Any], left: str) -> Ways:
        return self._any([given], left)

    def _compared(self, given: Mapping[str, Any]) -> Ways:
        comparison = given.get("comparison")
        comparison = comparison if isinstance(comparison, dict) else {}
        operator = plain(comparison.get("operator"))
        any_case = said(comparison.get("caseInsensitive"))
        left, right = given.get("leftOperand"), given.get("rightOperand")
        kind = OPERATORS.get(OPPOSITES.get(operator, operator))
        if kind is None:
            return [[Test(unknown=plain_name(f"{plain(left)} {operator} {plain(right)}"))]]
        test = Test(kind, self._referred(plain(left)), self._referred(plain(right)))
        negate = operator in OPPOSITES
        return [[Test(test.kind, test.left, test.right, negate, any_case)]]

    def _reads(self, node: Node, kind: str, words: str, given: Mapping[str, Any]) -> str:
        key = plain(given.get("name"))
        settings: dict[str, Node] = {"name": leaf(key, node)}
        if kind == "u":
            settings = {"component": leaf("QUERY", node), "queryKey": leaf(key, node)}
        return self.draft.variable(node, f"{words} {key}", kind, settings)

    def _whole_path(self, node: Node) -> str:
        """The path with its query; no condition of ours asks of both, so it stays a question."""
        return self.draft.variable(node, "page path with its query", "adobe:path", {})

    def _referred(self, text: str) -> str:
        return _REFERENCE.sub(
            lambda found: reference(found[1]) if found[1] in self.elements else found[0], text
        )

    def _settings(self, node: Node) -> dict[str, Node]:
        given = _members(node.members().get("settings"))
        return {key: deep(each, self._told) for key, each in given.items()}

    def _told(self, node: Node) -> Node:
        if isinstance(node.value, Code):
            return node
        return replaced(
            node, _REFERENCE, lambda found: found[1] if found[1] in self.elements else None
        )


def _members(node: Node | None) -> dict[str, Node]:
    return node.members() if node is not None else {}


def _path(node: Node) -> str:
    return plain(node.value.get("modulePath"))


def _module(node: Node) -> str:
    """The last part of a module's name: core/src/lib/events/click.js is click."""
    path = _path(node)
    name = path.rpartition("/")[2].removesuffix(".js")
    return name if path.startswith(_CORE) else path
