"""Turns a product's own switches in the call that sets it up: masking on, advertising off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from analyzer.fixes._desk import CallText, Desk, call_text, changed, indentation, stands_alone
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
    "session-replay-without-masking": {Feature.INPUT_MASKING: True, Feature.TEXT_MASKING: True},
    "form-capture": {Feature.FORM_CAPTURE: False, Feature.AUTOCAPTURE: False},
    "advertising-features-on": {Feature.ADVERTISING: False, Feature.MATCHING: False},
    "automatic-events-on": {Feature.AUTOMATIC_EVENTS: False, Feature.AUTOCAPTURE: False},
}
# What can be written a second time, since reading it does nothing else.
READABLE = ("string", "template_string", "identifier", "member_expression")
NAME = re.compile(r"[A-Za-z_$][\w$]*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Bytes of a call that are to be something else."""

    start: int
    end: int
    text: str


def fixes(finding: Finding, desk: Desk) -> Iterator[Fix]:
    """One fix for all switches that the finding names, as far as one call can turn them."""
    wanted = WANTED[finding.rule]
    ways = [
        way
        for way in desk.signatures.switches
        if way.vendor == finding.vendor and way.feature in wanted and way.name in finding.anchor
    ]
    for tracker in sorted(desk.trackers(finding), key=_sets_up_last):
        text = call_text(desk, tracker)
        if text is None:
            continue
        turned: dict[str, bool] = {}
        statements: list[str] = []
        now = text
        for way in ways:
            state = wanted[way.feature]
            if way.name in turned:
                continue
            if (statement := _statement(way, state, tracker, text)) is not None:
                statements.append(statement)
            elif (piece := _turned(way, state, now)) is not None:
                after = changed(now, piece.start, piece.end, piece.text)
                if after is None:
                    continue
                now = after
            else:
                continue
            turned[way.name] = state
        if turned:
            said = " and ".join(f"{name} {_word(state)}" for name, state in turned.items())
            yield Fix(f"Switch {said}.", tuple(_edits(text, now, statements)))
            return


def _sets_up_last(tracker: Tracker) -> bool:
    """A call of its own for a switch knows better than the one that sets the product up."""
    return tracker.detection.role is Role.SETUP or not tracker.detection.switches


def _word(state: bool) -> str:
    return "on" if state else "off"


def _edits(text: CallText, now: CallText, statements: list[str]) -> Iterator[Edit]:
    """The statements before the call, and the one stretch in which the call differs."""
    if statements:
        blanks = indentation(text.source, text.start)
        yield text.edit(0, "".join(f"{each}\n{blanks}" for each in statements))
    before, after = text.data.decode(), now.data.decode()
    if before == after:
        return
    same = _common(before, after)
    left, right = before[same:], after[same:]
    tail = _common(left[::-1], right[::-1])
    start, end = same, len(before) - tail
    new = right[: len(right) - tail]
    yield text.edit(len(before[:start].encode()), new, len(before[:end].encode()))


def _common(one: str, other: str) -> int:
    """How many signs two texts begin with alike."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _turned(way: Way, state: bool, text: CallText) -> _Piece | None:
    """What of the call's options is to change; what is computed there is left alone."""
    pattern = way.pattern
    if not isinstance(pattern, CallPattern) or not _is_callee(pattern, text):
        return None
    if _alone(pattern) or (not _asks_value(way) and way.turns != state):
        return None
    value = state == way.turns
    given = text.arguments
    number = next(
        (at for at, each in enumerate(pattern.args) if isinstance(each, PatternObject)), None
    )
    if number is None or not _same_start(pattern.args[:number], given, text):
        return None
    option = pattern.args[number]
    assert isinstance(option, PatternObject)
    if number < len(given):
        return _into(option, value, given[number], text)
    if number > len(given) or number != len(pattern.args) - 1:
        return None
    if number:
        at = given[-1].end_byte
        return _Piece(at, at, f", {_written(option, value)}")
    brackets = text.node.child_by_field_name("arguments")
    if brackets is None or brackets.named_children:
        return None
    return _Piece(brackets.start_byte + 1, brackets.start_byte + 1, _written(option, value))


def _is_callee(pattern: CallPattern, text: CallText) -> bool:
    return pattern.callee == text.callee


def _asks_value(way: Way) -> bool:
    """Does what is written in the pattern's place decide?"""
    return f"${VALUE}" in way.text


def _into(option: PatternObject, value: bool, node: Node, text: CallText) -> _Piece | None:
    """Put the option into an object that is written there."""
    if node.type != "object" or len(option.items) != 1:
        return None
    ((key, inner),) = option.items
    for each in node.named_children:
        if each.type == "spread_element":
            return None
        if each.type in ("shorthand_property_identifier", "method_definition"):
            if key in text.data[each.start_byte : each.end_byte].decode():
                return None
            continue
        name = each.child_by_field_name("key")
        if name is None or _key(name, text) != key:
            continue
        given = each.child_by_field_name("value")
        if given is None:
            return None
        if isinstance(inner, PatternObject):
            return _into(inner, value, given, text)
        said = _value(inner, value)
        if given.type not in ("true", "false", "string") or _is_said(given, said, text):
            return None
        return _Piece(given.start_byte, given.end_byte, said)
    said = f"{_name(key)}: {_value(inner, value)}"
    first = next(iter(node.named_children), None)
    if first is None:
        return _Piece(node.start_byte, node.end_byte, f"{{{said}}}")
    between = text.data[node.start_byte + 1 : first.start_byte].decode()
    return _Piece(first.start_byte, first.start_byte, f"{said},{between or ' '}")


def _is_said(given: Node, said: str, text: CallText) -> bool:
    written = text.data[given.start_byte : given.end_byte].decode()
    return written.replace('"', "'") == said


def _statement(way: Way, state: bool, tracker: Tracker, text: CallText) -> str | None:
    """A call of its own before the one that sets the product up, with the same id."""
    pattern = way.pattern
    fact = tracker.detection.fact
    if (
        not isinstance(pattern, CallPattern)
        or not isinstance(fact, Call)
        or tracker.detection.role is not Role.SETUP
        or not _alone(pattern)
        or not _is_callee(pattern, text)
        or not stands_alone(text)
    ):
        return None
    words = []
    for each in pattern.args:
        if isinstance(each, str):
            words.append(f"'{each}'")
        elif isinstance(each, Capture) and each.name == VALUE:
            words.append(_literal(state == way.turns))
        elif isinstance(each, Capture) and each.name == "id" and (name := _id(tracker, text)):
            words.append(name)
        else:
            return None
    return f"{pattern.callee}({', '.join(words)});"


def _id(tracker: Tracker, text: CallText) -> str:
    """The account as the call writes it, which may be a template's expression."""
    if tracker.detection.ids:
        return f"'{tracker.detection.ids[0]}'"
    given = text.arguments
    if len(given) < 2 or given[0].type != "string" or given[1].type not in READABLE:
        return ""
    return text.data[given[1].start_byte : given[1].end_byte].decode()


def _alone(pattern: CallPattern) -> bool:
    return any(isinstance(each, Capture) and each.name == VALUE for each in pattern.args)


def _same_start(wanted: tuple[PatternValue, ...], given: list[Node], text: CallText) -> bool:
    """Do the arguments before the options stand there as the pattern has them?"""
    return len(given) >= len(wanted) and all(
        isinstance(each, Capture)
        or (isinstance(each, str) and node.type == "string" and _key(node, text) == each)
        for each, node in zip(wanted, given, strict=False)
    )


def _key(node: Node, text: CallText) -> str:
    return text.data[node.start_byte : node.end_byte].decode().strip("'\"")


def _written(option: PatternObject, value: bool) -> str:
    inner = ", ".join(f"{_name(key)}: {_value(each, value)}" for key, each in option.items)
    return f"{{{inner}}}"


def _value(wanted: PatternValue, value: bool) -> str:
    match wanted:
        case PatternObject():
            return _written(wanted, value)
        case str():
            return f"'{wanted}'"
    return _literal(value)


def _name(key: str) -> str:
    return key if NAME.fullmatch(key) else json.dumps(key)


def _literal(value: bool) -> str:
    return "true" if value else "false"
