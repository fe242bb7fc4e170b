"""Turns a product's own switch in the call that sets it up: masking on, advertising off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tree_sitter import Node

from analyzer.fixes._desk import CallText, Desk, call_text, indentation
from analyzer.model import Call, Edit, Feature, Finding, Fix, Role, Tracker
from analyzer.patterns import CallPattern, Capture, PatternObject, PatternValue
from analyzer.switches import VALUE, Way

RULES = (
    "session-replay-without-masking",
    "form-capture",
    "advertising-features-on",
    "automatic-events-on",
)
WANTED = {  # what a rule is about, and which way the switch is safe
    "session-replay-without-masking": {Feature.INPUT_MASKING: True},
    "form-capture": {Feature.FORM_CAPTURE: False, Feature.AUTOCAPTURE: False},
    "advertising-features-on": {Feature.ADVERTISING: False, Feature.MATCHING: False},
    "automatic-events-on": {Feature.AUTOMATIC_EVENTS: False},
}
NAME = re.compile(r"[A-Za-z_$][\w$]*")


def fixes(finding: Finding, desk: Desk) -> Iterator[Fix]:
    """One fix for each switch that the set-up call leaves as it is."""
    wanted = WANTED[finding.rule]
    for tracker in desk.trackers(finding):
        fact = tracker.detection.fact
        if tracker.detection.role is not Role.SETUP or not isinstance(fact, Call):
            continue
        text = call_text(desk, tracker)
        if text is None:
            continue
        told: set[str] = set()
        for way in desk.signatures.switches:
            if way.vendor != finding.vendor or way.feature not in wanted or way.name in told:
                continue
            edit = _turned(way, wanted[way.feature], tracker, fact, text)
            if edit is not None:
                told.add(way.name)
                state = "on" if wanted[way.feature] else "off"
                yield Fix(f"Switch {way.name} {state}.", (edit,))
        return


def _turned(way: Way, state: bool, tracker: Tracker, fact: Call, text: CallText) -> Edit | None:
    pattern = way.pattern
    if not isinstance(pattern, CallPattern) or f"${VALUE}" not in way.text:
        return None
    value = state == way.turns
    if pattern.callee != fact.callee:
        return None
    if _alone(pattern):
        return _statement(pattern, value, tracker, text)
    number = next(
        (at for at, each in enumerate(pattern.args) if isinstance(each, PatternObject)), None
    )
    if number is None or not _same_start(pattern.args[:number], text.arguments):
        return None
    option = pattern.args[number]
    assert isinstance(option, PatternObject)
    if number == len(text.arguments) and number:
        before = text.arguments[-1]
        return text.edit(before.end_byte, f", {_written(option, value)}")
    if number < len(text.arguments):
        return _into(option, value, text.arguments[number], text)
    return None


def _into(option: PatternObject, value: bool, node: Node, text: CallText) -> Edit | None:
    """Put the option into an object that is written there; what is computed is left alone."""
    if node.type != "object" or len(option.items) != 1:
        return None
    ((key, inner),) = option.items
    for pair in node.named_children:
        if pair.type == "spread_element":
            return None
        name = pair.child_by_field_name("key")
        if name is None or _key(name, text) != key:
            continue
        given = pair.child_by_field_name("value")
        if given is None:
            return None
        if isinstance(inner, PatternObject):
            return _into(inner, value, given, text)
        if isinstance(inner, Capture) and given.type in ("true", "false"):
            return text.edit(given.start_byte, _literal(value), given.end_byte)
        return None
    said = f"{_name(key)}: {_value(inner, value)}"
    rest = ", " if node.named_children else ""
    return text.edit(node.start_byte + 1, f"{said}{rest}" if rest else said)


def _statement(pattern: CallPattern, value: bool, tracker: Tracker, text: CallText) -> Edit | None:
    """A call of its own before the one that sets the product up, with the same id."""
    words = []
    for each in pattern.args:
        if isinstance(each, str):
            words.append(f"'{each}'")
        elif isinstance(each, Capture) and each.name == VALUE:
            words.append(_literal(value))
        elif isinstance(each, Capture) and each.name == "id" and tracker.detection.ids:
            words.append(f"'{tracker.detection.ids[0]}'")
        else:
            return None
    line = text.source.data.rfind(b"\n", 0, text.start) + 1
    if text.source.data[line : text.start].strip():
        return None  # in the middle of a line it may be part of something else
    call = f"{pattern.callee}({', '.join(words)});"
    return text.edit(0, f"{call}\n{indentation(text.source, text.start)}")


def _alone(pattern: CallPattern) -> bool:
    return any(isinstance(each, Capture) and each.name == VALUE for each in pattern.args)


def _same_start(wanted: tuple[PatternValue, ...], given: list[Node]) -> bool:
    """Do the arguments before the options stand there as the pattern has them?"""
    return len(given) >= len(wanted) and all(
        isinstance(each, Capture) or (isinstance(each, str) and node.type == "string")
        for each, node in zip(wanted, given, strict=False)
    )


def _key(node: Node, text: CallText) -> str:
    return text.data[node.start_byte : node.end_byte].decode().strip("'\"")


def _written(option: PatternObject, value: bool) -> str:
    inner = ", ".join(f"{_name(key)}: {_value(each, value)}" for key, each in option.items)
    return f"{{{inner}}}"


def _value(wanted: PatternValue, value: bool) -> str:
    return _written(wanted, value) if isinstance(wanted, PatternObject) else _literal(value)


def _name(key: str) -> str:
    return key if NAME.fullmatch(key) else json.dumps(key)


def _literal(value: bool) -> str:
    return "true" if value else "false"
