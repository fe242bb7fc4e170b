"""Values with their open places filled: what a caller gives, what another file says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from analyzer.model import (
    FROM,
    GIVEN,
    RESULT,
    Assign,
    Call,
    Choice,
    Fact,
    Frame,
    Hole,
    Object,
    Origin,
    OriginKind,
    Pixel,
    Push,
    Reference,
    Request,
    ScriptLoad,
    Style,
    Text,
    Value,
    holes,
    options,
    reference,
    shown,
)
from analyzer.model.parts import part_of

Filled = TypeVar("Filled", bound=Fact)
VALUES: dict[type[Fact], tuple[str, ...]] = {  # what of a fact may have open places
    Call: ("args",),
    Push: ("value",),
    Assign: ("value",),
    ScriptLoad: ("url", "attributes"),
    Request: ("url", "body"),
    Pixel: ("url",),
    Frame: ("url",),
    Style: ("url",),
}
PLAIN = re.compile(r"(?:\.\.\.)?[\w$@]+(?:!?\??\.[\w$]+|\[[\"']?[\w$-]+[\"']?\])*!?")
REQUIRED = re.compile(
    r"(?:require\([\"'`][^\"'`]{1,200}[\"'`]\)|useRuntimeConfig\([^()]{0,40}\))(?:\.[\w$]+)*"
)
CALLED = re.compile(rf"{RESULT}\d+\+\d+\+(?P<length>\d+)(?P<steps>(?:\.[^ ]+)?)")
WIDEST = 8  # values of which one is chosen at run time
MOST_PARTS = 64
OF_PAGES = frozenset({OriginKind.ELEMENT, OriginKind.EVENT, OriginKind.FORM})
MISSING = Hole("", Origin(OriginKind.UNKNOWN, "a parameter that the call leaves out"))
Filler = Callable[[Hole], Value]


def has_open(value: Value, kind: OriginKind) -> bool:
    """Is there a place in the value that waits for another file, or for a caller?"""
    return any(_opens(each.origin, kind) for each in holes(value))


def _opens(origin: Origin, kind: OriginKind) -> bool:
    waits = origin.kind is kind and (kind is not OriginKind.PARAMETER or GIVEN in origin.name)
    return waits or any(_opens(each, kind) for each in origin.of)


def holes_of(fact: Fact, kind: OriginKind) -> Iterable[Hole]:
    """The places of a fact that wait for something of a kind."""
    for value in values_of(fact):
        for each in holes(value):
            if each.origin.kind is kind:
                yield each
            yield from (Hole("", inner) for inner in each.origin.of if inner.kind is kind)


def values_of(fact: Fact) -> Iterable[Value]:
    """The values of a fact that may have open places."""
    for name in VALUES.get(type(fact), ()):
        value = getattr(fact, name)
        yield tuple(each for _, each in value) if name == "attributes" else value


def with_values(fact: Filled, fill: Filler) -> Filled | None:
    """The fact with its values filled; None where what it is about is missing."""
    changed: dict[str, Any] = {}
    for name in VALUES.get(type(fact), ()):
        before = getattr(fact, name)
        if name == "attributes":
            after: object = tuple((key, filled(each, fill)) for key, each in before)
        elif name == "args":
            after = arguments(before, fill)
        else:
            after = filled(before, fill)
            if after is MISSING and name == "url":
                return None
            after = None if after is MISSING else after
        if after != before:
            changed[name] = after
    return replace(fact, **changed) if changed else fact


def arguments(given: tuple[Value, ...], fill: Filler) -> tuple[Value, ...]:
    """A call's arguments filled; what is missing at their end falls away."""
    found: list[Value] = []
    for each in given:
        value = filled(each, fill)
        if isinstance(each, Hole) and each.text.startswith("...") and isinstance(value, tuple):
            found.extend(value)
        else:
            found.append(value)
    while found and found[-1] is MISSING:
        found.pop()
    return tuple(None if each is MISSING else each for each in found)


def filled(value: Value, fill: Filler) -> Value:
    """The value with each of its holes answered by `fill`; a hole that is answered by itself
    stays.
    """
    match value:
        case Hole():
            return _hole(value, fill)
        case Text(parts=parts):
            return _text([_hole(each, fill) if isinstance(each, Hole) else each for each in parts])
        case Choice(options=branches):
            return chosen(filled(each, fill) for each in branches)
        case Object(items=items):
            return _object(items, fill)
        case tuple():
            return arguments(value, fill)
    return value


def chosen(values: Iterable[Value]) -> Value:
    """One value, or a choice of the different ones, without those that are missing."""
    listed = [each for value in values for each in options(value)]
    found = tuple(dict.fromkeys(each for each in listed if each is not MISSING))[:WIDEST]
    if not found:
        return MISSING
    return found[0] if len(found) == 1 else Choice(found)


def _object(items: Iterable[tuple[str, Value]], fill: Filler) -> Object:
    found: list[tuple[str, Value]] = []
    for key, each in items:
        value = filled(each, fill)
        if value is MISSING:
            continue
        if key == "..." and any(isinstance(one, Object) for one in options(value)):
            for one in options(value):
                found.extend(one.items if isinstance(one, Object) else ())
        else:
            found.append((key, value))
    return Object(tuple(found))


def _hole(hole: Hole, fill: Filler) -> Value:
    """What stands in a hole. What is made of a known value by a call is not that value."""
    answer = fill(hole)
    if answer is not hole and answer != hole:
        if answer is MISSING or is_plain(hole):
            return answer
        inner = [each.origin for each in holes(answer)]
        return Hole(hole.text, inner[0] if inner else Origin(OriginKind.UNKNOWN))
    if not hole.origin.of:
        return hole
    of = tuple(dict.fromkeys(each for one in hole.origin.of for each in _origins(one, fill)))
    return hole if of == hole.origin.of else replace(hole, origin=replace(hole.origin, of=of))


def _origins(origin: Origin, fill: Filler) -> list[Origin]:
    stand_in = Hole("value", origin)
    answer = _hole(stand_in, fill)
    return [origin] if answer == stand_in else [each.origin for each in holes(answer)]


def is_plain(hole: Hole) -> bool:
    """Is the hole a name with properties or a call, and nothing that is made of one?"""
    if (call := CALLED.match(hole.origin.name)) is not None:
        most = int(call["length"]) + 2 * len(call["steps"])
        return len(hole.text) <= most
    text = "".join(hole.text.split())
    return PLAIN.fullmatch(text) is not None or REQUIRED.fullmatch(text) is not None


def _text(parts: list[Value]) -> Value:
    """Parts put together; of one that may be several things, each makes a text."""
    spread: list[list[str | Hole]] = [[]]
    for part in parts:
        branches = [] if part is MISSING else [_pieces(each) for each in options(part)]
        if not branches or len(spread) * len(branches) > WIDEST:
            branches = branches[:1] or [[]]
        spread = [before + branch for before in spread for branch in branches]
    return chosen(_joined(each) for each in spread)


def _pieces(value: Value) -> list[str | Hole]:
    match value:
        case str() | Hole():
            return [value]
        case Text(parts=parts):
            return list(parts)
        case bool() | int() | float():
            return [shown(value)]
    return [Hole(shown(value)[:200])]


def _joined(parts: list[str | Hole]) -> Value:
    merged: list[str | Hole] = []
    for part in parts[:MOST_PARTS]:
        last = merged[-1] if merged else None
        if isinstance(part, str) and isinstance(last, str):
            merged[-1] = last + part
        elif part != "":
            merged.append(part)
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Text(tuple(merged))


def property_of(value: Value, key: str) -> Value:
    """What a value holds under a name: of a hole, a deeper one; MISSING where there is nothing."""
    match value:
        case Object():
            if any(name == key for name, _ in value.items):
                return value.get(key)
            rests = spread_in(value)
            return property_of(rests[-1], key) if rests else MISSING
        case Choice(options=branches):
            return chosen(property_of(each, key) for each in branches)
        case tuple() if key.isdigit():
            return value[int(key)] if int(key) < len(value) else MISSING
        case Hole(text=text, origin=Origin(kind=OriginKind.IMPORT, name=name)) if FROM in name:
            whole = reference(name)
            deeper = Reference((*whole.steps, key), whole.module, whole.path)
            return Hole(f"{text}.{key}", Origin(OriginKind.IMPORT, str(deeper)))
        case Hole(text=text, origin=Origin(kind=OriginKind.PARAMETER, name=name)) if GIVEN in name:
            head, _, function = name.partition(GIVEN)
            inner = f"{head}.{key}{GIVEN}{function}"
            return Hole(f"{text}.{key}", Origin(OriginKind.PARAMETER, inner))
        case Hole(text=text, origin=origin):
            if origin.kind in OF_PAGES:
                return Hole(f"{text}.{key}", part_of(origin, key))
            named = origin.name and origin.kind in (OriginKind.GLOBAL, OriginKind.TEMPLATE)
            of_it = replace(origin, name=f"{origin.name}.{key}") if named else origin
            return Hole(f"{text}.{key}", of_it)
    return MISSING


def leads_out(fact: Fact) -> bool:
    """Does the fact load or ask something whose host only a caller says?"""
    if not isinstance(fact, (ScriptLoad, Request, Pixel, Frame, Style)):
        return False
    for each in options(fact.url):
        first = each.parts[0] if isinstance(each, Text) else each
        if isinstance(first, Hole) and GIVEN in first.origin.name:
            return True
    return False


def spread_in(value: Object) -> list[Hole]:
    """What else an object holds, of which it only says that it is spread: `{...ids}`."""
    return [each for key, each in value.items if key == "..." and isinstance(each, Hole)]
