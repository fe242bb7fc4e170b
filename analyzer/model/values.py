"""Values as a script writes them: text with holes, and a hole remembers where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from analyzer.model.places import Place


class OriginKind(StrEnum):
    """Where a hole's text comes from at run time."""

    FIELD = "form field"
    ADDRESS = "page address"
    QUERY = "query parameter"
    TITLE = "page title"
    REFERRER = "referrer"
    COOKIE = "cookie"
    STORAGE = "browser storage"
    TEMPLATE = "template expression"
    DATA_LAYER = "data-layer key"
    ELEMENT = "page element"
    FORM = "whole form"
    RESPONSE = "response of a request"
    HASH = "hash"
    ENVIRONMENT = "environment variable"
    GLOBAL = "script variable"
    EVENT = "event data"
    PARAMETER = "function parameter"
    IMPORT = "imported name"
    CONSTANT = "constant"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a hole remembers: a kind, a name (`#email`, `patient.mrn`, `ecommerce.value`), for a
    hash or another derived value what it was made of, and where it was read: two origins are the
    same wherever they are read."""

    kind: OriginKind
    name: str = ""
    of: tuple[Origin, ...] = ()
    place: Place | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a value that only a running page knows; `text` is how the source writes it."""

    text: str
    origin: Origin = Origin(OriginKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Text:
    """Text with holes, for example an address with an id that is put in later."""

    parts: tuple[str | Hole, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """A JavaScript object or a JSON object, in the order in which it is written."""

    items: tuple[tuple[str, Value], ...]

    def get(self, key: str) -> Value | None:
        for name, value in reversed(self.items):
            if name == key:
                return value
        return None


NOTHING = Object(())


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, where a condition decides at run time."""

    options: tuple[Value, ...]


Value: TypeAlias = (
    "str | int | float | bool | Hole | Text | Object | Choice | tuple[Value, ...] | None"
)


def shown(value: Value) -> str:
    """The value as a reader would write it: holes as ${text}."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case Hole(text=text):
            return "${" + text + "}"
        case Text(parts=parts):
            return "".join(part if isinstance(part, str) else shown(part) for part in parts)
        case Choice(options=options):
            return " or ".join(shown(option) for option in options)
        case Object(items=items):
            return "{" + ", ".join(f"{key}: {shown(inner)}" for key, inner in items) + "}"
        case tuple():
            return "[" + ", ".join(shown(inner) for inner in value) + "]"
        case _:
            return str(value)


def holes(value: Value) -> Iterator[Hole]:
    """Every hole inside a value."""
    match value:
        case Hole():
            yield value
        case Text(parts=parts):
            yield from (part for part in parts if isinstance(part, Hole))
        case Choice(options=inner) | tuple(inner):
            for each in inner:
                yield from holes(each)
        case Object(items=items):
            for _, each in items:
                yield from holes(each)


def options(value: Value) -> tuple[Value, ...]:
    """What a value may be: itself, or the branches of a choice."""
    if isinstance(value, Choice):
        return tuple(inner for option in value.options for inner in options(option))
    return (value,)
