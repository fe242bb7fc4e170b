"""`{{Variable}}` references become values: constants folded, all else a hole with an origin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analyzer.expressions import javascript_pattern
from analyzer.gtm.export import Export, enumerated, listed, plain, said, settings
from analyzer.gtm.positions import Node
from analyzer.gtm.scripting import literal
from analyzer.gtm.sources import TYPE_WORDS, Reading, built_in, has_default, reading
from analyzer.gtm.texts import (
    MOST_PARTS,
    REFERENCE,
    chosen,
    is_huge,
    joined,
    leaves_of,
    only_reference,
    references,
    texts,
)
from analyzer.model import (
    Hole,
    Object,
    Origin,
    OriginKind,
    Value,
    holes,
    shown,
)

DEEPEST = 12  # variables inside variables

TABLE_COLUMNS = (  # how a table of a tag's settings names its two columns
    ("name", "value"),
    ("parameter", "parameterValue"),
    ("key", "value"),
    ("fieldName", "value"),
    ("index", "dimension"),
    ("index", "metric"),
    ("userProperty", "value"),
    ("paramName", "paramValue"),
    ("listName", "listValues"),
)
SETTINGS_TYPES = ("gas", "gtcs", "gtes")
ID_KEYS = (
    "tagId",
    "measurementId",
    "trackingId",
    "measurementIdOverride",
    "conversionId",
    "gaSettings",
)
PERSON_FIELDS = (
    "email",
    "phone_number",
    "first_name",
    "last_name",
    "street",
    "city",
    "region",
    "postal_code",
    "country",
)
SCRAPED = (
    ("autoEmailEnabled", "email"),
    ("autoPhoneEnabled", "phone_number"),
    ("autoAddressEnabled", "address"),
)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the container."""

    name: str
    type: str
    given: dict[str, Any]
    format: dict[str, Any]
    node: Node

    @property
    def reading(self) -> Reading:
        return reading(self.type, self.name, self.given)


@dataclass
class Variables:
    """All variables of one container, and the values of its settings."""

    export: Export
    _known: dict[str, Value] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    @cached_property
    def named(self) -> dict[str, Variable]:
        found = {}
        for node in self.export.sections["variable"]:
            raw = node.value
            name, kind = plain(raw.get("name")).strip(), plain(raw.get("type"))
            formats = raw.get("formatValue")
            found[name] = Variable(
                name,
                TYPE_WORDS.get(enumerated(kind), kind),
                settings(raw.get("parameter")),
                formats if isinstance(formats, dict) else {},
                node,
            )
        return found

    @cached_property
    def built_in_types(self) -> dict[str, str]:
        """The types of the built-in variables by the names that the container gives them."""
        return {
            plain(node.value.get("name")).strip(): plain(node.value.get("type"))
            for node in self.export.sections["builtInVariable"]
        }

    @cached_property
    def tags(self) -> dict[str, dict[str, Any]]:
        return {
            plain(node.value.get("name")).strip(): node.value
            for node in self.export.sections["tag"]
        }

    def built_in(self, name: str) -> Reading | None:
        return built_in(name, self.built_in_types)

    def is_known(self, name: str) -> bool:
        return name in self.named or self.built_in(name) is not None

    def value(self, raw: Any) -> Value:
        """The value of a parameter, of whatever shape."""
        match raw:
            case {"list": inner}:
                return self._table(listed(inner))
            case {"map": inner}:
                return self.object(inner)
            case {"type": str(kind)} if enumerated(kind) == "TAG_REFERENCE":
                return self.id_of_tag(plain(raw))
            case {"type": str(kind)} if enumerated(kind) == "BOOLEAN":
                text = plain(raw)
                return text == "true" if text in ("true", "false") else self.text(text)
            case {"value": list() | dict() as inner}:
                return self.value(inner)
            case {"value": _} | {"type": str()} if "key" in raw or "type" in raw:
                return self.text(plain(raw))
            case dict():
                return Object(tuple((str(key), self.value(each)) for key, each in raw.items()))
            case list():
                return self._table(raw)
            case bool() | None:
                return raw
        return self.text(plain(raw))

    def object(self, raw: Any) -> Object:
        return Object(tuple((key, self.value(each)) for key, each in settings(raw).items()))

    def text(self, text: str) -> Value:
        """A text with its references put in."""
        if "{{" not in text:
            return text
        if name := only_reference(text):
            return self.variable(name)
        pieces = REFERENCE.split(text)
        return joined(
            [
                self.variable(piece.strip()) if number % 2 else piece
                for number, piece in enumerate(pieces)
            ],
            text,
        )

    def variable(self, name: str) -> Value:
        """What a variable holds, as far as the container tells."""
        if name in self._known:
            return self._known[name]
        if name in self._open or len(self._open) >= DEEPEST:
            return Hole(name, Origin(OriginKind.UNKNOWN, name))
        self._open.append(name)
        try:
            value = self._resolved(name)
        finally:
            self._open.pop()
        if is_huge(value):
            value = Hole(name, Origin(OriginKind.UNKNOWN, name))
        self._known[name] = value
        return value

    def id_of_tag(self, name: str) -> Value:
        """The id of the tag that a setting points at by name; unknown where that is elsewhere."""
        name = name.strip()
        if REFERENCE.search(name):
            return self.text(name)
        unknown = Hole(name, Origin(OriginKind.UNKNOWN, name))
        tag = self.tags.get(name)
        if tag is None or f"tag {name}" in self._open or len(self._open) >= DEEPEST:
            return unknown
        given = settings(tag.get("parameter"))
        self._open.append(f"tag {name}")
        try:
            values = (self.value(given[key]) for key in ID_KEYS if key in given)
            for value in values:
                if isinstance(value, Object):
                    value = value.get("trackingId")
                if value not in (None, ""):
                    return value
        finally:
            self._open.pop()
        return unknown

    def settings_of(self, raw: Any) -> Object:
        """A tag's settings; those that it takes from a settings variable are put among its own."""
        own: dict[str, Value] = {}
        shared: dict[str, Value] = {}
        for key, each in settings(raw).items():
            variable = self.named.get(only_reference(plain(each)) or "")
            if variable is not None and variable.type in SETTINGS_TYPES:
                merge(shared, self.variable(variable.name))
            else:
                own[key] = self.value(each)
        merge(shared, Object(tuple(own.items())))
        return Object(tuple(shared.items()))

    def _resolved(self, name: str) -> Value:
        variable = self.named.get(name)
        if variable is None:
            known = self.built_in(name)
            if known is not None and known.origin == Origin(OriginKind.CONSTANT, "container id"):
                return self._container_id(known)
            return Hole(name, known.origin if known else Origin(OriginKind.UNKNOWN, name))
        return self._formatted(variable, self._plain_value(variable))

    def _plain_value(self, variable: Variable) -> Value:
        given = variable.given
        match variable.type:
            case "c":
                return self.value(given.get("value"))
            case "smm" | "remm":
                return self._looked_up(variable)
            case "uv":
                return None
            case "cid":
                return self._container_id(variable.reading)
            case "jsm" if (text := literal(plain(given.get("javascript")))) is not None:
                return text
            case "awec":
                return self.person(given)
            case kind if kind in SETTINGS_TYPES:
                return Object(tuple((key, self.value(each)) for key, each in given.items()))
        hole = Hole(variable.name, self._origin(variable))
        if has_default(given):
            return chosen([hole, self.value(given["defaultValue"])])
        return hole

    def _container_id(self, known: Reading) -> Value:
        return self.export.container_id or Hole("Container ID", known.origin)

    def _origin(self, variable: Variable) -> Origin:
        """The variable's own origin, and what the variables are made of that it mentions."""
        origin = variable.reading.origin
        if origin.kind not in (OriginKind.UNKNOWN, OriginKind.HASH) and variable.type != "jsm":
            return origin
        inner = tuple(
            dict.fromkeys(
                leaf
                for text in texts(variable.given)
                for name in references(text)
                for hole in holes(self.variable(name))
                for leaf in leaves_of(hole.origin)
            )
        )
        if not inner:
            return origin
        made_of = tuple(dict.fromkeys((*origin.of, *inner)))[:MOST_PARTS]
        if re.search(r"sha-?(1|256|512)|md5|\bhash", variable.name, re.I):
            return Origin(OriginKind.HASH, variable.name, made_of)
        looks_up = variable.type.startswith("cvt_")  # a template may make of it whatever it likes
        if origin.kind is OriginKind.UNKNOWN and len(made_of) == 1 and not looks_up:
            return made_of[0]
        return Origin(origin.kind, origin.name, made_of)

    def _looked_up(self, variable: Variable) -> Value:
        given = variable.given
        asked = self.value(given.get("input"))
        rows = table_rows(given.get("map"))
        default = self.value(given["defaultValue"]) if has_default(given) else None
        if isinstance(asked, str):
            for key, cell in rows:
                wanted = self.text(key)
                hit = lookup_hits(variable, asked, wanted) if isinstance(wanted, str) else None
                if hit is None:
                    break
                if hit:
                    return self.value(cell)
            else:
                return default
        cells = [self.value(cell) for _, cell in rows[:MOST_PARTS]]
        if has_default(given):
            cells.append(default)
        return chosen(cells) if cells else Hole(variable.name, variable.reading.origin)

    def person(self, given: Mapping[str, Any]) -> Value:
        """User-provided data: named fields, an object, or what Google's code finds on the page."""
        mode = enumerated(given.get("mode"))
        if mode == "CODE":
            return self.value(given.get("dataSource"))
        items: list[tuple[str, Value]] = [("mode", mode)] if mode else []
        if mode == "AUTO":
            for switch, key in SCRAPED:
                if switch not in given or said(given[switch]):
                    words = f"{key.replace('_', ' ')} found on the page"
                    items.append((key, Hole(words, Origin(OriginKind.FIELD, words))))
        items += [(key, self.value(given[key])) for key in PERSON_FIELDS if key in given]
        return Object(tuple(items))

    def _formatted(self, variable: Variable, value: Value) -> Value:
        """The value after the variable's own formatting, which may put another variable in."""
        fallbacks = []
        for key, when in FALLBACKS.items():
            if key not in variable.format:
                continue
            if isinstance(value, str | bool) or value is None:
                if value is when or (isinstance(when, bool) and value == shown(when)):
                    return self.value(variable.format[key])
            else:
                fallbacks.append(self.value(variable.format[key]))
        if isinstance(value, str):
            case = enumerated(variable.format.get("caseConversionType"))
            return {"LOWERCASE": value.lower(), "UPPERCASE": value.upper()}.get(case, value)
        return chosen([value, *fallbacks]) if fallbacks else value

    def _table(self, rows: list[Any]) -> Value:
        """Rows of two columns as an object by name, other lists as they are."""
        maps = [settings(row["map"]) for row in rows if isinstance(row, dict) and "map" in row]
        if not maps:
            maps = [row for row in rows if isinstance(row, dict) and "type" not in row]
        if maps and len(maps) == len(rows):
            for name, content in TABLE_COLUMNS:
                if all(name in row for row in maps) and any(content in row for row in maps):
                    return Object(
                        tuple(
                            (shown(self.value(row[name])), self.value(row.get(content)))
                            for row in maps
                        )
                    )
        return tuple(self.value(row) for row in rows)


FALLBACKS: dict[str, bool | None] = {
    "convertUndefinedToValue": None,
    "convertNullToValue": None,
    "convertTrueToValue": True,
    "convertFalseToValue": False,
}


def table_rows(raw: Any) -> list[tuple[str, Any]]:
    """The rows of a lookup table: what to look for, and the cell."""
    rows = []
    for row in listed(raw.get("list") if isinstance(raw, dict) else raw):
        if isinstance(row, dict):
            cells = settings(row["map"]) if "map" in row else row
            rows.append((plain(cells.get("key")), cells.get("value")))
    return rows


def lookup_pattern(variable: Variable, key: str) -> tuple[str, bool]:
    """The regular expression of a row of a RegEx table, and whether it minds the case."""
    whole = "fullMatch" not in variable.given or said(variable.given["fullMatch"])
    any_case = "ignoreCase" not in variable.given or said(variable.given["ignoreCase"])
    return (f"^(?:{key})$" if whole else key), any_case


def lookup_hits(variable: Variable, asked: str, key: str) -> bool | None:
    """Does this row answer a known input? None where the pattern cannot be decided."""
    if variable.type == "smm":
        return asked == key
    pattern = javascript_pattern(*lookup_pattern(variable, key), length=len(asked))
    return None if pattern is None else pattern.search(asked) is not None


def merge(into: dict[str, Value], added: Value) -> None:
    """Settings over settings: the later one counts, tables are joined row by row."""
    if not isinstance(added, Object):
        return
    for key, value in added.items:
        known = into.get(key)
        if isinstance(known, Object) and isinstance(value, Object):
            rows = dict(known.items)
            rows.update(value.items)
            into[key] = Object(tuple(rows.items()))
        else:
            into[key] = value
