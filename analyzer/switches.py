"""The switches of products: what a vendor's file says of them, and how code turns them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.addresses import Captures
from analyzer.model import Control, Fact, Feature, Hole, Object, Text, UserError, Value, options
from analyzer.patterns import Pattern, read_pattern
from analyzer.sheets import Sheet, one_of

KEYS = ("kind", "name", "default", "note", "source", "checked", "on", "off")
DEFAULTS = {"on": True, "off": False, "unknown": None}
VALUE = "is"  # a pattern's $is: what is written there decides, and false is the other way
YES = frozenset({"true", "1", "yes", "on"})
NO = frozenset({"false", "0", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Way:
    """One way to turn a switch: `turns` is where it goes, and with `$is` what the value says."""

    vendor: str
    feature: Feature
    name: str
    turns: bool
    pattern: Pattern
    text: str

    def state(self, fact: Fact) -> tuple[bool | None, Captures] | None:
        """Where the fact turns the switch, and what it captures; None where it does not."""
        captures = self.pattern.fits(fact)
        if captures is None:
            return None
        if f"${VALUE}" not in self.text:
            return self.turns, captures
        if VALUE not in captures:
            return None
        said = _says(captures.pop(VALUE))
        return (None if said is None else said == self.turns), captures

    def shown(self, on: bool) -> str:
        """The code that turns the switch so, as a person writes it; empty where it cannot."""
        if f"${VALUE}" in self.text:
            return self.text.replace(f"${VALUE}", "true" if on == self.turns else "false")
        return self.text if on == self.turns else ""


def controls(sheet: Sheet) -> tuple[Control, ...]:
    """The switches that a vendor's file names. Raises UserError."""
    found: list[Control] = []
    for each in _tables(sheet):
        name = str(each.get("name") or "")
        line = f'"{name}"' if name else "switch"
        for key in each:
            if key not in KEYS:
                raise sheet.error(key, f'"{key}" is not known in a switch; use {one_of(KEYS)}')
        if not name:
            raise sheet.error("switch", 'a [[switch]] needs a name, such as "autocapture"')
        kind = each.get("kind")
        if kind not in list(Feature):
            raise sheet.error(line, f'"{kind}" is no kind of switch; use {one_of(tuple(Feature))}')
        default = each.get("default")
        if default not in DEFAULTS:
            raise sheet.error(
                line, f'the default of "{name}" is "{default}"; write on, off or unknown'
            )
        source = str(each.get("source") or "")
        if default != "unknown" and not source:
            raise sheet.error(
                line, f'the default of "{name}" needs its source, the address of the documentation'
            )
        for key in ("on", "off"):
            listed = each.get(key, [])
            if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
                raise sheet.error(line, f'"{key}" of the switch "{name}" must be a list of texts')
        if any(known.feature == kind and known.name == name for known in found):
            raise sheet.error(
                line, f'the switch "{name}" is there twice; put its patterns together'
            )
        found.append(
            Control(
                Feature(kind),
                name,
                DEFAULTS[default],
                str(each.get("note") or ""),
                source,
                str(each.get("checked") or ""),
            )
        )
    return tuple(found)


def ways(sheet: Sheet, vendor: str) -> Iterator[Way]:
    """The ways in which code turns them. Raises UserError."""
    for each in _tables(sheet):
        for key, turns in (("on", True), ("off", False)):
            for text in sheet.strings(each, key):
                try:
                    pattern = read_pattern(text)
                except UserError as trouble:
                    raise sheet.error(text, str(trouble)) from None
                yield Way(vendor, Feature(each["kind"]), each["name"], turns, pattern, text)


def agreed(states: list[bool | None]) -> bool | None:
    """What several patterns say of one switch: those that know decide, if they agree."""
    known = {each for each in states if each is not None}
    return known.pop() if len(known) == 1 else None


def _tables(sheet: Sheet) -> list[Mapping[str, Any]]:
    listed = sheet.values.get("switch", [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise sheet.error("switch", '"switch" must be a list of tables; write [[switch]]')
    return listed


def _says(value: Value) -> bool | None:
    """Yes or no, as scripts and containers write it; None where a running page decides."""
    return _whole([_one(each) for each in options(value)])


def _whole(states: list[bool | None]) -> bool | None:
    """What all branches of a choice say; one that is unknown leaves the whole unknown."""
    return states[0] if len(set(states)) == 1 else None


def _one(value: Value) -> bool | None:
    match value:
        case bool():
            return value
        case None:
            return False
        case int() | float():
            return value != 0
        case str() if value.lower() in YES:
            return True
        case str() if value.lower() in NO:
            return False
        case str() if re.fullmatch(r"\d+(?:\.\d+)?", value):
            return float(value) != 0
        case Object() | tuple():
            return True  # settings of a thing switch it on
        case Hole() | Text():
            return None
    return None
