"""Where the values that reach a vendor were born: fields of a form, pushes, tags, joined.

A tag of a container reads a key of the data layer; a script pushed that key; the script read it
from a field; a template shows the field. Each of these is known from one file: here they become one
chain of origins, so that the way of a value is told from the field to the vendor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from analyzer.model import (
    Call,
    Choice,
    Datum,
    Fact,
    Field,
    Hole,
    Object,
    Origin,
    OriginKind,
    Place,
    Push,
    Text,
    Value,
    holes,
    options,
    shown,
)

MOST_PUSHES = 4  # of one key whose ways are told
DEEPEST = 8  # origins that stand behind one another
SHORTEST_NAME = 2
MOST_FIELDS = 12  # of one form that are told
SELECTED = re.compile(r"""[#.\w-]*\[\s*(?:name|id)\s*[~^$*|]?=\s*["']?(?P<quoted>[\w:.-]+)""")
LAST_WORD = re.compile(r"[#.]?(?P<name>[\w:-]+)$")
EVENT_MODEL = "eventModel."  # where GTM puts what gtag('event', ...) is given


@dataclass(frozen=True, slots=True)
class Pushed:
    """What one push says, and the pages on which it can happen."""

    value: Value
    place: Place
    pages: frozenset[str]


Carried: TypeAlias = Callable[[str], Sequence[tuple[Value, Place]]]  # by the key of an event


def no_event(key: str) -> Sequence[tuple[Value, Place]]:
    """What an event holds where none is known to come."""
    return ()


class Flows:
    """What the code pushes to the data layer, and which fields the pages have."""

    def __init__(self) -> None:
        self.pushes: list[Pushed] = []
        self.fields: dict[str, tuple[Field, ...]] = {}
        self.known: dict[str, tuple[tuple[Pushed, Value], ...]] = {}

    def note(self, fact: Fact, pages: Collection[str]) -> None:
        """Note a push, or a `gtag` call, which is one."""
        self.known.clear()
        for value in _pushed_by(fact):
            self.pushes.append(Pushed(value, fact.place, frozenset(pages)))

    def note_fields(self, page: str, facts: Iterable[Fact]) -> None:
        """Note what the forms of a page ask for."""
        self.fields[page] = tuple(
            fact
            for fact in facts
            if isinstance(fact, Field) and fact.type not in ("expression", "structured")
        )

    def joined(
        self, data: Sequence[Datum], pages: Collection[str], carried: Carried = no_event
    ) -> tuple[Datum, ...]:
        """The data of a tracker that fires on some pages, each hole with all that stands behind
        it.

        `carried` is what comes to a server with the events that start the tracker there.
        """
        ways = _Ways(self, pages, carried)
        return tuple(
            replace(datum, value=ways.value(datum.value))
            if any(True for _ in holes(datum.value))
            else datum
            for datum in data
        )

    def is_pushed(self, key: str) -> bool:
        """Does anything that was read push the key?"""
        return bool(self.pushes_of(key))

    def pushes_of(self, key: str) -> tuple[tuple[Pushed, Value], ...]:
        """The pushes that have the key, with what it holds in each."""
        found = self.known.get(key)
        if found is None:
            listed = []
            for push in self.pushes:
                for name in (key, key.removeprefix(EVENT_MODEL)):
                    value = value_at(push.value, name)
                    if value is not None:
                        listed.append((push, value))
                        break
            found = self.known[key] = tuple(listed)
        return found


@dataclass(frozen=True, slots=True)
class _Ways:
    """Follows values back, for what happens on some pages."""

    flows: Flows
    pages: Collection[str]
    carried: Carried

    def value(self, value: Value) -> Value:
        match value:
            case Hole():
                return replace(value, origin=self.origin(value.origin, DEEPEST))
            case Text(parts=parts):
                return Text(
                    tuple(
                        replace(part, origin=self.origin(part.origin, DEEPEST))
                        if isinstance(part, Hole)
                        else part
                        for part in parts
                    )
                )
            case Object(items=items):
                return Object(tuple((key, self.value(inner)) for key, inner in items))
            case Choice(options=branches):
                return Choice(tuple(self.value(inner) for inner in branches))
            case tuple():
                return tuple(self.value(inner) for inner in value)
        return value

    def origin(self, origin: Origin, deep: int) -> Origin:
        """The origin with all that stands behind it."""
        of = tuple(self.origin(each, deep - 1) for each in origin.of) if deep else origin.of
        if not of and deep:
            match origin.kind:
                case OriginKind.DATA_LAYER:
                    of = tuple(self._behind_key(origin.name, deep))
                case OriginKind.FIELD:
                    of = tuple(self._behind_field(origin))
                case OriginKind.FORM:
                    of = tuple(self._behind_form(origin))
                case OriginKind.EVENT if origin.name and origin.place is None:
                    of = tuple(self._behind_event(origin.name, deep))
        return replace(origin, of=of) if of != origin.of else origin

    def _behind_key(self, key: str, deep: int) -> Iterator[Origin]:
        """What the pushes of a key hand over, on the pages in question."""
        told: set[Origin] = set()
        for push, value in self.flows.pushes_of(key):
            if shared := push.pages & set(self.pages):
                there = replace(self, pages=shared)
                given = [(value, push.place)]
                yield from there._handed(OriginKind.DATA_LAYER, key, given, deep, told)

    def _behind_event(self, key: str, deep: int) -> Iterator[Origin]:
        """What the senders of an event put into it under a key."""
        return self._handed(OriginKind.EVENT, key, self.carried(key), deep, set())

    def _handed(
        self,
        kind: OriginKind,
        key: str,
        given: Iterable[tuple[Value, Place]],
        deep: int,
        told: set[Origin],
    ) -> Iterator[Origin]:
        """Each thing that is handed over under a key, with where that is done."""
        for value, place in given:
            for each in options(value):
                if each in ("", None):
                    continue  # what stands in where there is nothing
                inner = [hole.origin for hole in holes(each)]
                found = [replace(one, place=one.place or place) for one in inner] or [
                    Origin(OriginKind.CONSTANT, repr(shown(each)[:40]), (), place)
                ]
                for one in found:
                    if one not in told and len(told) < MOST_PUSHES:
                        told.add(one)
                        behind = self.origin(one, deep - 1)
                        yield Origin(kind, key, (behind,), place)

    def _behind_field(self, origin: Origin) -> Iterator[Origin]:
        """The field of a form that a script's selector means, where a page has it."""
        name = field_name(origin.name)
        if not name:
            return
        for page in sorted(self.pages):
            for field in self.flows.fields.get(page, ()):
                if name in field.name.split():
                    yield _as_origin(field, name)
                    return

    def _behind_form(self, origin: Origin) -> Iterator[Origin]:
        """The fields of the form that a script hands over whole, where a page has it."""
        named = LAST_WORD.search(origin.name.strip())
        name = named["name"] if named is not None else "form"
        for page in sorted(self.pages):
            fields = self.flows.fields.get(page, ())
            forms = {field.form for field in fields if field.form}
            wanted = name if name in forms else next(iter(forms)) if len(forms) == 1 else ""
            found = [field for field in fields if field.form and field.form == wanted]
            if found:
                for field in found[:MOST_FIELDS]:
                    yield _as_origin(field, next(iter(field.name.split()), field.type))
                return


def value_at(value: Value, key: str) -> Value:
    """What an object holds under a dotted key, or None; `a.b` may be written as one name, too."""
    if isinstance(value, Object):
        whole = value.get(key)
        if whole is not None:
            return whole
        for name, inner in value.items:
            if key.startswith(f"{name}."):
                found = value_at(inner, key[len(name) + 1 :])
                if found is not None:
                    return found
        return None
    if isinstance(value, tuple):
        first, _, rest = key.partition(".")
        if first.isdigit() and int(first) < len(value):
            return value_at(value[int(first)], rest) if rest else value[int(first)]
        return None
    if isinstance(value, Hole) and value.origin.kind is not OriginKind.UNKNOWN:
        name = f"{value.origin.name}.{key}" if value.origin.name else key
        return Hole(f"{value.text}.{key}", replace(value.origin, name=name))
    return None


def _as_origin(field: Field, name: str) -> Origin:
    """A field of the page, as a reader would call it."""
    words = f"'{field.label}'" if field.label else f"named {name}"
    return Origin(OriginKind.FIELD, words, (), field.place)


def field_name(selector: str) -> str:
    """The name or id of the one field that a selector means: `#email`, `[name=email]`."""
    found = SELECTED.search(selector)
    if found:
        return found["quoted"]
    last = LAST_WORD.search(selector.strip())
    name = last["name"] if last else ""
    return name if len(name) >= SHORTEST_NAME else ""


def _pushed_by(fact: Fact) -> Iterator[Value]:
    if isinstance(fact, Push):
        for each in options(fact.value):
            is_call = isinstance(each, Hole) and each.origin.name == "arguments"  # gtag itself
            if isinstance(each, Object | Hole) and not is_call:
                yield each
    elif isinstance(fact, Call) and fact.callee == "gtag":
        if len(fact.args) > 2 and fact.args[0] == "event":
            yield from (each for each in options(fact.args[2]) if isinstance(each, Object))
        elif len(fact.args) > 1 and fact.args[0] == "set":
            yield from (each for each in options(fact.args[1]) if isinstance(each, Object))
