"""Markup in a text of a script: `<script>...</script>` in quotes, written out as it is shown."""

from __future__ import annotations

import re

from analyzer.engines._flat import Flat
from analyzer.engines._scan import Scanner, trimmed

ESCAPES = re.compile(rb"\\(?P<plain>[\\/`\"'$<>{}!-])|\\(?P<white>[nrt])|\$\{")
ADDED = re.compile(rb"\s*\+\s*(?=[\"'`])")


def written_markup(flat: Flat, start: int, end: int, is_text: bool = False) -> bool:
    """Write the markup that stands in the quotes between two offsets; False where none does.

    With `is_text` it need not be markup: it is the text of a script.
    """
    data = flat.data
    start, end = trimmed(data, start, end)
    quote = data[start : start + 1]
    pieces = _pieces(data, start, end) if quote in (b"`", b'"', b"'") else []
    if not pieces or not (is_text or any(b"<" in data[first:last] for first, last in pieces)):
        return False
    for first, last in pieces:
        _write(flat, first, last, data[first - 1 : first] == b"`")
    flat.write(b" ", pieces[-1][1])  # so that what stands there is quoted up to the quote
    return True


def _pieces(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """What stands in the quotes of one text, or of several that are added up."""
    found: list[tuple[int, int]] = []
    at = start
    while at < end:
        closing = _closing(data, at, end)
        if closing < 0:
            return []
        found.append((at + 1, closing))
        if closing + 1 == end:
            return found
        more = ADDED.match(data, closing + 1, end)
        if more is None:
            return []
        at = more.end()
    return []


def _closing(data: bytes, at: int, end: int) -> int:
    """The quote that ends the text which begins here."""
    quote = data[at : at + 1]
    scanner = Scanner(data)
    at += 1
    while at < end:
        byte = data[at : at + 1]
        if byte == b"\\":
            at += 2
        elif byte == quote:
            return at
        elif quote == b"`" and data.startswith(b"${", at):
            at = scanner.closing(at + 2, end) + 1
            if at == 0:
                return -1
        else:
            at += 1
    return -1


def _write(flat: Flat, start: int, end: int, holes: bool) -> None:
    """The text without its escapes, its holes as outputs."""
    scanner, at = Scanner(flat.data), start
    while found := ESCAPES.search(flat.data, at, end):
        flat.keep(at, found.start())
        at = found.end()
        if found["plain"] is not None:
            flat.keep(found.start("plain"), found.end("plain"))
        elif found["white"] is not None:
            flat.write(b"\n" if found["white"] == b"n" else b" ", found.start())
        elif holes and (closing := scanner.closing(at, end)) >= 0:
            if flat.data[at:closing].strip() not in (b'""', b"''", b"``"):
                flat.show(at, closing, (found.start(), closing + 1))
            at = closing + 1
        else:
            flat.keep(found.start(), at)
    flat.keep(at, end)
