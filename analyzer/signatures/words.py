"""The words of pages and data, and the hosts that are nobody's tracker."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from analyzer.sheets import Sheet, one_of
from analyzer.signatures.records import DataWords, Host, PageSigns, WordsBeside

PAGE_KEYS = (
    "path",
    "title",
    "field",
    "input",
    "host",
    "expression",
    "heading",
    "structured",
    "need",
    "public",
)


def page(path: Path) -> PageSigns:
    sheet = Sheet.read(path, ("name", "axis", "about", "strong", "weak"))
    axis = sheet.string("axis")
    if axis not in ("signed-in", "health"):
        raise sheet.error("axis", f'"{axis}" is no axis; write signed-in or health')
    signs = []
    for table in ("strong", "weak"):
        for key in sheet.table(table):
            if key not in PAGE_KEYS:
                raise sheet.error(key, f'"{key}" is no kind of sign; use {one_of(PAGE_KEYS)}')
        signs.append({key: sheet.strings(sheet.table(table), key) for key in sheet.table(table)})
    return PageSigns(
        path.stem, sheet.string("name"), axis, sheet.string("about"), signs[0], signs[1]
    )


def data(path: Path) -> DataWords:
    sheet = Sheet.read(path, ("name", "hipaa", "note", "words", "weak", "codes"))
    return DataWords(
        path.stem,
        sheet.string("name"),
        sheet.string("hipaa", needed=False),
        sheet.strings(sheet.values, "words"),
        sheet.strings(sheet.values, "weak"),
        sheet.strings(sheet.values, "codes"),
    )


def hosts(path: Path) -> dict[str, Host]:
    sheet = Sheet.read(path, ())
    hosts = {}
    for name, facts in sheet.values.items():
        if not isinstance(facts, dict) or set(facts) != {"owner", "category"}:
            raise sheet.error(
                name,
                f'"{name}" needs owner and category; write {{ owner = "...", category = "..." }}',
            )
        hosts[name] = Host(str(facts["owner"]), str(facts["category"]))
    return hosts


def beside(path: Path) -> WordsBeside:
    keys = tuple(each.name for each in fields(WordsBeside))
    sheet = Sheet.read(path, keys)
    return WordsBeside(*(frozenset(sheet.strings(sheet.values, key)) for key in keys))
