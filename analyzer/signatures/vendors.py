"""One vendor's file: who it is, how it is recognised, and what it shows of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.index import LIBRARY, key_of
from analyzer.model import Baa, Kind, Retired, Role, UserError, Vendor
from analyzer.patterns import read_pattern
from analyzer.sheets import Sheet, one_of
from analyzer.signatures.records import Example, Shapes, Signal
from analyzer.switches import Way, controls, ways

KINDS = {
    "tag-manager": Kind.TAG_MANAGER,
    "consent": Kind.CONSENT,
    "portal": Kind.PORTAL,
    "embed": Kind.EMBED,
    "monitoring": Kind.MONITORING,
}
CATEGORIES = (
    "advertising",
    "analytics",
    "session-replay",
    "ab-testing",
    "customer-data",
    "email-marketing",
    "chat",
    "call-tracking",
    "social",
    "audio-advertising",
    "app-analytics",
    "server-api",
    *KINDS,
)
KEYS = (
    "name",
    "owner",
    "category",
    "docs",
    "uses",
    "receives",
    "baa",
    "retired",
    "holds_back",
    "hold",
    "ids",
    "unknown_ids",
    "signals",
    "weak",
    "callbacks",
    "functions",
    "switch",
    "examples",
)
EXAMPLE_KEYS = ("about", "html", "js", "jsx", "json", "path", "text", "finds", "switches")


@dataclass(frozen=True, slots=True)
class Told:
    """What one file says of its vendor.

    `needs_known` are the captures that say nothing unless they can be read, or unless what stands
    for them is named as the text beside them says; `holds` are the attributes
    with which a consent manager holds a script back, `callbacks` the calls that hand a function a
    thing, each with the thing's name. `functions` are those that a package exports,
    each with texts of its own, and of functions that it calls.
    """

    vendor: Vendor
    signals: tuple[Signal, ...]
    ways: tuple[Way, ...]
    shapes: Shapes
    needs_known: Shapes
    holds: Mapping[str, str]
    callbacks: tuple[tuple[str, str], ...]
    functions: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    examples: tuple[Example, ...]


def read(path: Path) -> Told:
    """The file, checked. Raises UserError with the line of a mistake."""
    sheet = Sheet.read(path, KEYS)
    vendor = _vendor(sheet)
    signals = tuple(_signals(sheet, vendor.id))
    if not signals:
        raise sheet.error(
            "signals", "there is no [signals] table, so nothing would ever be found; write one"
        )
    return Told(
        vendor,
        signals,
        tuple(ways(sheet, vendor.id)),
        _shapes(sheet),
        _needs_known(sheet),
        _held(sheet),
        tuple(_callbacks(sheet)),
        tuple(_functions(sheet, signals)),
        tuple(_examples(sheet, vendor.id)),
    )


def _vendor(sheet: Sheet) -> Vendor:
    category = sheet.string("category")
    if category not in CATEGORIES:
        raise sheet.error("category", f'"{category}" is no category; use {one_of(CATEGORIES)}')
    baa = sheet.table("baa")
    offered = baa.get("offered", "unknown")
    if offered not in ("yes", "no", "plan-dependent", "unknown"):
        raise sheet.error(
            "offered", f'"{offered}" is no answer; write yes, no, plan-dependent or unknown'
        )
    statement = Baa(
        offered, str(baa.get("note", "")), str(baa.get("source", "")), str(baa.get("checked", ""))
    )
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", sheet.path.stem):
        raise sheet.error(
            "name",
            f'the file name "{sheet.path.name}" is the id; use small letters, digits and dashes',
        )
    return Vendor(
        sheet.path.stem,
        sheet.string("name"),
        sheet.string("owner"),
        category,
        KINDS.get(category, Kind.TRACKER),
        sheet.string("docs", needed=False),
        sheet.strings(sheet.values, "uses"),
        sheet.strings(sheet.values, "receives"),
        statement,
        _retired(sheet),
        sheet.strings(sheet.values, "holds_back"),
        controls(sheet),
    )


def _retired(sheet: Sheet) -> Retired | None:
    table = sheet.table("retired")
    if not table:
        return None
    date, what = str(table.get("date", "")), str(table.get("what", ""))
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", date) or not what:
        raise sheet.error(
            "retired", '"retired" needs the date, such as "2023-07-01", and what happened'
        )
    return Retired(date, what, str(table.get("source", "")))


def _held(sheet: Sheet) -> Mapping[str, str]:
    """The attributes with which a consent manager holds a script back, by the script's category."""
    table = sheet.table("hold")
    for category, attributes in table.items():
        if category not in CATEGORIES:
            raise sheet.error(category, f'"{category}" is no category; use {one_of(CATEGORIES)}')
        if not isinstance(attributes, str) or 'type="text/plain"' not in attributes:
            raise sheet.error(
                category,
                f'the attributes for "{category}" must hold type="text/plain", which stops scripts',
            )
    return {category: str(attributes) for category, attributes in table.items()}


def _signals(sheet: Sheet, vendor: str) -> Iterator[Signal]:
    for table in ("signals", "weak"):
        for role, patterns in sheet.table(table).items():
            if role not in list(Role):
                raise sheet.error(role, f'"{role}" is no role; use {one_of(tuple(Role))}')
            for text in sheet.strings(sheet.table(table), role) or ():
                try:
                    key = key_of(read_pattern(text))
                except UserError as trouble:
                    raise sheet.error(text, str(trouble)) from None
                if (role == Role.LIBRARY) is not (key[0] == LIBRARY):
                    raise sheet.error(
                        text,
                        f"{text!r} stands under {role}; library holds texts of the vendor's own "
                        'code, written as holds("...", "..."), and nothing else does',
                    )
                yield Signal(vendor, Role(role), text, table == "weak", key)
            if not patterns:
                raise sheet.error(
                    role, f'"{role}" is an empty list; write a pattern or leave it out'
                )


def _callbacks(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """The calls that give a function they are handed a thing, each with the thing's name."""
    for call, thing in sheet.table("callbacks").items():
        if not isinstance(thing, str) or not thing:
            raise sheet.error(call, f'"{call}" needs the name of what the function is given')
        yield _full_name(call), _full_name(thing)


def _functions(
    sheet: Sheet, signals: Iterable[Signal]
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The functions of packages that are known by their texts where a bundle took their names."""
    table = sheet.table("functions")
    if table and all(each.role is not Role.LIBRARY for each in signals):
        raise sheet.error(
            "functions",
            '"functions" are looked for in a library; say under "library" what tells it',
        )
    for name, told in table.items():
        if not name.startswith("'"):
            raise sheet.error(name, f'"{name}" is no export; write "\'acme-js\'.track"')
        texts = told if isinstance(told, dict) else {"holds": told}
        holds, calls = (texts.get(key, []) for key in ("holds", "calls"))
        listed = isinstance(holds, list) and isinstance(calls, list)
        if texts.keys() - {"holds", "calls"} or not listed or not (holds or calls):
            raise sheet.error(
                name, f'"{name}" needs a list of texts, or holds = [...] and calls = [...]'
            )
        yield _full_name(name), tuple(map(str, holds)), tuple(map(str, calls))


def _full_name(text: str) -> str:
    """The name as scripts' facts have it: that of a package in quotes begins with `npm:`."""
    return re.sub(r"^'([^']+)'", r"npm:\1", text)


def _shapes(sheet: Sheet) -> Shapes:
    return _expressions(sheet, sheet.table("ids"))


def _needs_known(sheet: Sheet) -> Shapes:
    """The captures that must be read: with `false` in any case, with a text unless the name of the
    value fits it.
    """
    told = {key: text for key, text in sheet.table("unknown_ids").items() if text is not True}
    return _expressions(sheet, {key: text or "" for key, text in told.items()})


def _expressions(sheet: Sheet, table: Mapping[str, Any]) -> Shapes:
    for key, text in table.items():
        try:
            re.compile(text)
        except (re.error, TypeError) as trouble:
            raise sheet.error(key, f'"{key}" is no regular expression ({trouble})') from None
    return Shapes(dict(table))


def _examples(sheet: Sheet, vendor: str) -> Iterator[Example]:
    listed = sheet.values.get("examples", [])
    if not isinstance(listed, list) or len(listed) < 2:
        raise sheet.error(
            "examples", "two [[examples]] are needed: one that is found, one close thing left alone"
        )
    for each in listed:
        about = each.get("about", "")
        for key in each:
            if key not in EXAMPLE_KEYS:
                raise sheet.error(
                    key, f'"{key}" is not known in an example; use {one_of(EXAMPLE_KEYS)}'
                )
        kind = next((key for key in ("html", "js", "jsx", "json", "text") if key in each), None)
        finds = each.get("finds")
        if not about or kind is None or not isinstance(finds, list):
            raise sheet.error(
                str(about) or "examples",
                "an example needs about, finds, and one of html, js, jsx, json or path with text",
            )
        yield Example(
            vendor,
            about,
            each.get("path", f"example.{kind}"),
            str(each[kind]),
            tuple(map(str, finds)),
            sheet.strings(each, "switches"),
        )
    if all(each.get("finds") for each in listed) or not any(each.get("finds") for each in listed):
        raise sheet.error(
            "examples", "one example must find something, and one must have finds = []"
        )
