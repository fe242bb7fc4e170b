"""What is wrong in a container that can be read all the same: dangling names, misspelt types.

None of it makes a tag silent for sure, so conditions turn to maybe and the reader is told why. The
first words of a diagnostic say its sort: `undefined ...`, `misspelt ...`, `missing ...`.
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
    seen: set[str] = set()
    for node in (node for kind in ("tag", "trigger", "variable") for node in export.sections[kind]):
        names = dict.fromkeys(
            name
            for text in texts(node.value)
            if "{{" in text
            for name in references(text)
            if name not in seen
        )
        seen.update(names)
        found = {name: what for name in names if (what := wrong(name))}
        written = _written(node) if found else {}
        for name, what in found.items():
            place = (
                export.source.place(*written[name])
                if name in written
                else export.first(node, "name")
            )
            yield Diagnostic(place, what, name)


def _wrong_name(variables: Variables) -> Callable[[str], str]:
    """What is wrong with a variable's name, if anything."""
    enabled = {enumerated(kind) for kind in variables.built_in_types.values()}

    def wrong(name: str) -> str:
        if not variables.is_known(name):
            return "undefined variable"
        if not enabled or name in variables.named or name in variables.built_in_types:
            return ""
        if name == "_event" or built_in_kind(name) in enabled:
            return ""
        return "undefined: a built-in variable that is switched off"

    return wrong


def _of_tag(
    export: Export, node: Node, variables: Variables, triggers: Triggers, templates: Templates
) -> Iterator[Diagnostic]:
    raw = node.value
    for key in ("firingTriggerId", "blockingTriggerId", "firingRuleId", "blockingRuleId"):
        for trigger_id in map(plain, listed(raw.get(key))):
            if triggers.find(trigger_id) is None:
                yield Diagnostic(export.first(node, key), "undefined trigger", trigger_id)
    for key in ("setupTag", "teardownTag"):
        for name in named_tags(raw.get(key)):
            if name not in variables.tags:
                yield Diagnostic(export.first(node, key), "undefined tag", name)
    for each in settings(raw.get("parameter")).values():
        if isinstance(each, dict) and enumerated(each.get("type")) == "TAG_REFERENCE":
            name = plain(each).strip()
            if name and name not in variables.tags and not REFERENCE.search(name):
                yield Diagnostic(export.first(node, "parameter"), "undefined tag", name)
    kind = plain(raw.get("type"))
    if not kind:
        yield Diagnostic(
            export.first(node, "name"), "missing type of a tag", plain(raw.get("name"))
        )
    if kind.startswith("cvt_") and templates.of(kind) is None:
        yield Diagnostic(export.first(node, "type"), "undefined template", kind)
    consent = raw.get("consentSettings")
    if isinstance(consent, dict) and consent.get("consentStatus") is not None:
        status = enumerated(consent["consentStatus"])
        if status not in CONSENT_STATUSES:
            yield Diagnostic(
                export.first(node, "consentSettings"),
                "misspelt consent status",
                plain(consent["consentStatus"]),
            )


def _of_trigger(export: Export, own: Definition, triggers: Triggers) -> Iterator[Diagnostic]:
    if own.node is None:
        return
    if not own.id:
        yield Diagnostic(
            export.first(own.node, "name", "type"), "missing id of a trigger", own.name
        )
    if own.type not in SORTS:
        yield Diagnostic(
            export.first(own.node, "type"), "undefined type of trigger", own.written_type
        )
    elif enumerated(own.written_type) != own.type and own.written_type:
        yield Diagnostic(
            export.first(own.node, "type"),
            f"misspelt type of trigger: {own.type}",
            own.written_type,
        )
    if own.type == "CUSTOM_EVENT" and not own.event_filters:
        yield Diagnostic(
            export.first(own.node, "name", "type"), "missing name of a custom event", own.name
        )
    for raw in (*own.filters, *own.event_filters):
        if question(raw) is None:
            kind = plain(raw.get("type")) if isinstance(raw, dict) else ""
            yield Diagnostic(
                export.first(own.node, "filter", "customEventFilter"),
                "undefined type of condition",
                kind,
            )
    if own.type == "TRIGGER_GROUP":
        for child in own.children:
            if triggers.find(child) is None:
                yield Diagnostic(export.first(own.node, "parameter"), "undefined trigger", child)


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
