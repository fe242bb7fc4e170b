"""Is a fact of a bundle the same as one of its source, and what does the build add to it?

A build puts values in: settings of the environment, constants of other files. It leaves literals.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from analyzer.model import (
    Assign,
    Call,
    Frame,
    Hole,
    Object,
    OriginKind,
    Pixel,
    Push,
    Request,
    ScriptLoad,
    Text,
    Value,
    holes,
    options,
)

Doing: TypeAlias = ScriptLoad | Pixel | Frame | Request | Call | Assign | Push
DOING = (ScriptLoad, Pixel, Frame, Request, Call, Assign, Push)
# Origins in whose place a build puts a value; what visitors bring stays open in a bundle too.
PUT_IN = frozenset(
    {
        OriginKind.ENVIRONMENT,
        OriginKind.IMPORT,
        OriginKind.GLOBAL,
        OriginKind.PARAMETER,
        OriginKind.UNKNOWN,
    }
)
DEEPEST = 12
REST = "..."


def kind_of(fact: Doing) -> tuple[str, str]:
    """What two facts must share to be the same: their sort, and the name that is called or set."""
    match fact:
        case Call(callee=name) | Assign(target=name) | Push(layer=name):
            return type(fact).__name__, name
        case _:
            return type(fact).__name__, ""


def may_be(source: Doing, bundled: Doing, *, strictly: bool = False) -> bool:
    """May the fact of a bundle be what a build made of the one in the source?

    Without `strictly` an object may have lost or won a key.
    """
    if kind_of(source) != kind_of(bundled):
        return False
    own, built = _values(source), _values(bundled)
    return len(own) == len(built) and all(
        _fits(one, other, strictly) for one, other in zip(own, built, strict=True)
    )


def completed(source: Doing, bundled: Doing) -> Doing:
    """The source's fact with the values that the build put into it."""
    built = _values(bundled)
    filled = [_filled(one, other) for one, other in zip(_values(source), built, strict=True)]
    match source:
        case Call():
            return replace(source, args=tuple(filled))
        case Assign() | Push():
            return replace(source, value=filled[0])
        case _:
            return replace(source, url=filled[0])


def _values(fact: Doing) -> tuple[Value, ...]:
    match fact:
        case Call(args=args):
            return args
        case Assign(value=value) | Push(value=value):
            return (value,)
        case Request(url=url, body=body):
            return (url, body)
        case ScriptLoad(url=url) | Pixel(url=url) | Frame(url=url):
            return (url,)


def _fits(source: Value, built: Value, strictly: bool, deep: int = 0) -> bool:
    if deep > DEEPEST or isinstance(source, Hole) or isinstance(built, Hole):
        return True
    ours, theirs = options(source), options(built)
    if len(ours) > 1 or len(theirs) > 1:
        return any(_fits(one, other, strictly, deep + 1) for one in ours for other in theirs)
    match source, built:
        case Object(), Object():
            own, other = dict(source.items), dict(built.items)
            open_ended = not strictly or REST in own or REST in other
            return (open_ended or own.keys() == other.keys()) and all(
                _fits(own[key], other[key], strictly, deep + 1) for key in own.keys() & other.keys()
            )
        case tuple(), tuple():
            return len(source) == len(built) and all(
                _fits(one, other, strictly, deep + 1)
                for one, other in zip(source, built, strict=True)
            )
        case Text(), str():
            return _matches(source, built)
        case str(), Text():
            return _matches(built, source)
        case Text(), Text():
            return True
    return bool(source == built)


def _matches(text: Text, literal: str) -> bool:
    at = 0
    for part in text.parts:
        if isinstance(part, str):
            at = literal.find(part, at)
            if at < 0:
                return False
            at += len(part)
    return True


def _filled(source: Value, built: Value, deep: int = 0) -> Value:
    if deep > DEEPEST:
        return source
    if isinstance(source, (Hole, Text)):
        plain = isinstance(built, (str, int, float)) and not isinstance(built, bool)
        settled = all(hole.origin.kind in PUT_IN for hole in holes(source))
        return built if plain and settled else source
    match source, built:
        case Object(), Object():
            other = dict(built.items)
            items = ((key, _filled(each, other.get(key), deep + 1)) for key, each in source.items)
            return Object(tuple(items))
        case tuple(), tuple() if len(source) == len(built):
            return tuple(
                _filled(one, other, deep + 1) for one, other in zip(source, built, strict=True)
            )
    return source
