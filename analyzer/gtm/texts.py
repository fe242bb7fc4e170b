"""Texts with `{{Variable}}` references in them, and how values are put together to one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from analyzer.model import (
    Choice,
    Hole,
    Object,
    Origin,
    OriginKind,
    Text,
    Value,
    holes,
    options,
    shown,
)

MOST_PARTS = 64  # of a text, of a choice
LONGEST = 10_000  # characters of a text that is put together, values inside a value

REFERENCE = re.compile(r"\{\{([^{}\r\n]+)\}\}")


def references(text: str) -> Iterator[str]:
    """The names of the variables that a text mentions."""
    for match in REFERENCE.finditer(text):
        yield match[1].strip()


def only_reference(text: str) -> str | None:
    """The variable's name where the text is nothing but one reference."""
    match = REFERENCE.fullmatch(text.strip())
    return match[1].strip() if match else None


def texts(raw: Any) -> Iterator[str]:
    match raw:
        case str():
            yield raw
        case dict():
            for each in raw.values():
                yield from texts(each)
        case list():
            for each in raw:
                yield from texts(each)


def chosen(values: list[Value]) -> Value:
    """One of several values, each once."""
    flat = list(dict.fromkeys(inner for value in values for inner in options(value)))
    return flat[0] if len(flat) == 1 else Choice(tuple(flat[:MOST_PARTS]))


def joined(values: list[Value], source: str) -> Value:
    """Values put together to one text; a choice among few texts stays a choice of whole texts."""
    texts: list[list[str | Hole]] = [[]]
    for value in values:
        branches = [_parts(each, source) for each in options(value)]
        if len(branches) == 1:
            for text in texts:
                text += branches[0]
        elif len(branches) * len(texts) <= MOST_PARTS:
            texts = [[*text, *branch] for text in texts for branch in branches]
        else:
            some = Hole(shown(value)[:LONGEST], Origin(OriginKind.UNKNOWN, source[:200]))
            for text in texts:
                text.append(some)
        if len(texts[0]) > 2 * MOST_PARTS:
            return _given_up(source)
    return chosen([_as_text(text, source) for text in texts])


def _parts(value: Value, source: str) -> list[str | Hole]:
    match value:
        case Hole():
            return [value]
        case Text(parts=parts):
            return list(parts)
        case None:
            return ["undefined"]
        case Object() | tuple():
            inner = tuple(
                dict.fromkeys(leaf for hole in holes(value) for leaf in leaves_of(hole.origin))
            )[:MOST_PARTS]
            return [Hole(source[:200], Origin(OriginKind.UNKNOWN, source[:200], inner))]
    return [shown(value)]


def leaves_of(origin: Origin) -> Iterator[Origin]:
    """What a value is made of in the end; only a step that tells nothing is left out."""
    leaves = tuple(
        dict.fromkeys(replace(leaf, of=()) for each in origin.of for leaf in leaves_of(each))
    )[:MOST_PARTS]
    if leaves and origin.kind is OriginKind.UNKNOWN:
        yield from leaves
    else:
        yield replace(origin, of=leaves)


def is_huge(value: Value) -> bool:
    """Has the value grown by variables that name each other? Walked no further than needed."""
    todo: list[Value] = [value]
    for _ in range(LONGEST):
        if not todo:
            return False
        match todo.pop():
            case Choice(options=inner) | tuple(inner):
                todo.extend(inner)
            case Object(items=items):
                todo.extend(each for _, each in items)
    return True


def _as_text(parts: list[str | Hole], source: str) -> Value:
    merged: list[str | Hole] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    size = sum(len(part) for part in merged if isinstance(part, str))
    if len(merged) > MOST_PARTS or size > max(LONGEST, 2 * len(source)):
        return _given_up(source)
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Text(tuple(merged))


def _given_up(source: str) -> Hole:
    """What stands for a text that is too long or has too many parts."""
    return Hole(source[:200], Origin(OriginKind.UNKNOWN, source[:200]))
