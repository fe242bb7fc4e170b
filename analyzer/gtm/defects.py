"""What is wrong in a container that can be read all the same: dangling names, misspelt types.

None of it makes a tag silent for sure, so conditions turn to maybe and the reader is told why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from analyzer.gtm.comparisons import question
from analyzer.gtm.definitions import SORTS, Definition
from analyzer.gtm.export import Export, enumerated, listed, plain, settings
from analyzer.gtm.positions import Node
from analyzer.gtm.sources import built_in_kind
from analyzer.gtm.templates import Templates
from analyzer.gtm.texts import REFERENCE, references, texts
from analyzer.gtm.triggers import Triggers
from analyzer.gtm.variables import Variables
from analyzer.model import Diagnostic

_RAW_REFERENCE = re.compile(r"\{\{((?:[^{}\\\r\n]|\\.)+)\}\}")

UNDEFINED, MISSPELT, MISSING = "undefined", "misspelt", "missing"  # the sorts of a diagnostic
CONSENT_STATUSES = ("NOT_SET", "NOT_NEEDED", "NEEDED")


def defects(
    export: Export, variables: Variables, triggers: Triggers, templates: Templates
) -> Iterator[Diagnostic]:
    """Everything wrong in the container, in the order of its sections."""
    yield from _references(export, variables)
    for node in export.sections["tag"]:
        yield from _of_tag(export, node, variables, triggers, templates)
    for own in triggers.defined:
        yield from _of_trigger(export, own, triggers)


def _references(export: Export, variables: Variables) -> Iterator[Diagnostic]:
    """Names in double braces that nothing in the container has, each where it first stands."""
    wrong = _wrong_name(variables)
    first: dict[str, Node] = {}
    users: dict[str, dict[str, None]] = {}
    for kind in ("tag", "trigger", "variable"):
        for node in export.sections[kind]:
            names = dict.fromkeys(
                name for text in texts(node.value) if "{{" in text for name in references(text)
            )
            for name in names:
                first.setdefault(name, node)
                users.setdefault(name, {})[f"{kind} {plain(node.value.get('name'))}"] = None
    written: dict[int, dict[str, tuple[int, int]]] = {}
    for name, node in first.items():
        kind, what = wrong(name)
        if not kind:
            continue
        spans = written.setdefault(id(node), _written(node))
        place = export.source.place(*spans[name]) if name in spans else export.first(node, "name")
        yield Diagnostic(place, what, name, kind, tuple(users[name]))


def _wrong_name(variables: Variables) -> Callable[[str], tuple[str, str]]:
    """What is wrong with a variable's name, if anything: one word, and in words."""
    enabled = {enumerated(kind) for kind in variables.built_in_types.values()}

    def wrong(name: str) -> tuple[str, str]:
        if not variables.is_known(name):
            return UNDEFINED, "undefined variable"
        if not enabled or name in variables.named or name in variables.built_in_types:
            return "", ""
        if name == "_event" or built_in_kind(name) in enabled:
            return "", ""
        return "switched-off", "undefined: a built-in variable that is switched off"

    return wrong


def _of_tag(
    export: Export, node: Node, variables: Variables, triggers: Triggers, templates: Templates
) -> Iterator[Diagnostic]:
    raw = node.value
    user = (f"tag {plain(raw.get('name'))}",)
    for key in ("firingTriggerId", "blockingTriggerId", "firingRuleId", "blockingRuleId"):
        for trigger_id in map(plain, listed(raw.get(key))):
            if triggers.find(trigger_id) is None:
                place = export.first(node, key)
                yield Diagnostic(place, "undefined trigger", trigger_id, UNDEFINED, user)
    for key in ("setupTag", "teardownTag"):
        for name in named_tags(raw.get(key)):
            if name not in variables.tags:
                yield Diagnostic(export.first(node, key), "undefined tag", name, UNDEFINED, user)
    for each in settings(raw.get("parameter")).values():
        if isinstance(each, dict) and enumerated(each.get("type")) == "TAG_REFERENCE":
            name = plain(each).strip()
            if name and name not in variables.tags and not REFERENCE.search(name):
                place = export.first(node, "parameter")
                yield Diagnostic(place, "undefined tag", name, UNDEFINED, user)
    kind = plain(raw.get("type"))
    if not kind:
        place = export.first(node, "name")
        yield Diagnostic(place, "missing type of a tag", plain(raw.get("name")), MISSING, user)
    if kind.startswith("cvt_") and templates.of(kind) is None:
        place = export.first(node, "type")
        yield Diagnostic(place, "undefined template", kind, UNDEFINED, user)
    consent = raw.get("consentSettings")
    if isinstance(consent, dict) and consent.get("consentStatus") is not None:
        status = enumerated(consent["consentStatus"])
        if status not in CONSENT_STATUSES:
            place, written = export.first(node, "consentSettings"), plain(consent["consentStatus"])
            yield Diagnostic(place, "misspelt consent status", written, MISSPELT, user)


def _of_trigger(export: Export, own: Definition, triggers: Triggers) -> Iterator[Diagnostic]:
    if own.node is None:
        return
    user = (f"trigger {own.name}",)
    named = export.first(own.node, "name", "type")
    if not own.id:
        yield Diagnostic(named, "missing id of a trigger", own.name, MISSING, user)
    if own.type not in SORTS:
        place = export.first(own.node, "type")
        yield Diagnostic(place, "undefined type of trigger", own.written_type, MISSPELT, user)
    elif enumerated(own.written_type) != own.type and own.written_type:
        place, what = export.first(own.node, "type"), f"misspelt type of trigger: {own.type}"
        yield Diagnostic(place, what, own.written_type, MISSPELT, user)
    if own.type == "CUSTOM_EVENT" and not own.event_filters:
        yield Diagnostic(named, "missing name of a custom event", own.name, MISSING, user)
    for raw in (*own.filters, *own.event_filters):
        if question(raw) is None:
            kind = plain(raw.get("type")) if isinstance(raw, dict) else ""
            place = export.first(own.node, "filter", "customEventFilter")
            yield Diagnostic(place, "undefined type of condition", kind, MISSPELT, user)
    if own.type == "TRIGGER_GROUP":
        for child in own.children:
            if triggers.find(child) is None:
                place = export.first(own.node, "parameter")
                yield Diagnostic(place, "undefined trigger", child, UNDEFINED, user)


def named_tags(raw: Any) -> list[str]:
    """The names of the tags that run before or after another one."""
    return [
        plain(each.get("tagName")).strip() if isinstance(each, dict) else plain(each).strip()
        for each in listed(raw)
    ]


def _written(node: Node) -> dict[str, tuple[int, int]]:
    """The bytes of each reference that the value holds, where it is first written."""
    found: dict[str, tuple[int, int]] = {}
    for raw, start, end in node.finditer(_RAW_REFERENCE):
        try:
            name = json.loads(f'"{raw}"')
        except ValueError:  # half of an escape, or braces that mean something else
            continue
        found.setdefault(name.strip(), (start, end))
    return found
