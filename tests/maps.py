"""Source maps made by hand: an encoder as small as the format is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# Line and column in the bundle, then source, line and column there; all from 0.
Row = tuple[int, int, int, int, int]


def number(value: int) -> str:
    """One number as the format writes it."""
    value = (-value << 1) | 1 if value < 0 else value << 1
    signs = ""
    while True:
        digit, value = value & 31, value >> 5
        signs += DIGITS[digit | (32 if value else 0)]
        if not value:
            return signs


def mappings(rows: Iterable[Row]) -> str:
    """Rows in the order of the bundle, as the text of a map."""
    lines: list[list[str]] = [[]]
    before = [0, 0, 0, 0]
    for line, column, *place in rows:
        while len(lines) <= line:
            lines.append([])
            before[0] = 0
        now = [column, *place]
        lines[-1].append("".join(number(b - a) for a, b in zip(before, now, strict=True)))
        before = now
    return ";".join(",".join(line) for line in lines)


def source_map(sources: Sequence[str], rows: Iterable[Row], **more: Any) -> str:
    """A whole map of version 3."""
    said = {"version": 3, "sources": list(sources), "names": [], "mappings": mappings(rows)}
    return json.dumps(said | more)


def mapped(code: str, sources: dict[str, str], pairs: Sequence[tuple[str, str]]) -> list[Row]:
    """Rows that lead from some words of a bundle to the same or other words of its sources."""
    rows = []
    for built, written in pairs:
        line, column = spot(code, built)
        number_of, text = next(
            (at, text) for at, text in enumerate(sources.values()) if written in text
        )
        rows.append((line, column, number_of, *spot(text, written)))
    return sorted(rows)


def spot(text: str, words: str) -> tuple[int, int]:
    """Where words stand: the line and the column in UTF-16 units, from 0."""
    before = text[: text.index(words)]
    line = before.count("\n")
    return line, len(before.rpartition("\n")[2].encode("utf-16-le")) // 2
