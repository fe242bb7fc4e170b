"""Languages written by indentation: lines with their depth, and what an element's line says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.engines._flat import Flat
from analyzer.engines._ruby_tags import RubyTags

VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())
HOLE = re.compile(rb"\\?#\{")
TAB = 8
LONGEST = 20_000  # bytes of a value or of code over several lines


@dataclass(frozen=True, slots=True)
class Line:
    """A line: how deep it stands, and where its text begins and ends."""

    depth: int
    start: int
    end: int

    @property
    def is_empty(self) -> bool:
        return self.end <= self.start


@dataclass(slots=True)
class Opened:
    """Something that is closed before the next line that stands no deeper."""

    depth: int
    closing: bytes = b""  # markup that closes it
    code: bool = False  # a block of Ruby
    raw: str = ""  # what its lines are taken for: text, script, ruby, nothing


def lines(data: bytes) -> Iterator[Line]:
    """Every line of the file."""
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        start = at
        depth = 0
        while start < end and data[start] in b" \t":
            depth += TAB - depth % TAB if data[start] == 9 else 1
            start += 1
        stop = end
        while stop > start and data[stop - 1] in b" \t\r":
            stop -= 1
        yield Line(depth, start, stop)
        at = end + 1


def balanced(data: bytes, at: int, end: int | None = None) -> int:
    """The offset behind the bracket that opens here, with strings skipped; the limit where none
    closes.
    """
    depth = 0
    limit = min(len(data) if end is None else end, at + LONGEST)
    number = at
    while number < limit:
        byte = data[number]
        if byte in b"([{":
            depth += 1
        elif byte in b")]}":
            depth -= 1
            if depth == 0:
                return number + 1
        elif byte in b"\"'":
            number = end_of_string(data, number, limit)
            continue
        number += 1
    return limit


def end_of_string(data: bytes, at: int, limit: int) -> int:
    """The offset behind a string that begins here."""
    quote = data[at]
    number = at + 1
    while number < limit:
        byte = data[number]
        if byte == 92:
            number += 2
            continue
        if byte == 35 and quote == 34 and data[number + 1 : number + 2] == b"{":
            depth = 0
            while number < limit:
                depth += data[number] == 123
                depth -= data[number] == 125
                number += 1
                if depth == 0 and data[number - 1] == 125:
                    break
            continue
        if byte == quote:
            return number + 1
        if byte == 10 and quote == 39:
            return number
        number += 1
    return limit


def text(flat: Flat, start: int, end: int) -> None:
    """A stretch of text, with what Ruby puts into it as outputs."""
    data, at = flat.data, start
    while (found := HOLE.search(data, at, end)) is not None:
        if found[0][:1] == b"\\":
            flat.keep(at, found.end())
            at = found.end()
            continue
        flat.keep(at, found.start())
        behind = balanced(data, found.end() - 1, end)
        flat.output(found.start(), behind, (found.end(), max(found.end(), behind - 1)))
        at = behind
    flat.keep(at, end)


def attribute(flat: Flat, name: bytes, start: int, end: int, at: int) -> None:
    """An attribute whose value is Ruby: a string is its text, a constant itself, the rest a gap."""
    data = flat.data
    while start < end and data[start] in b" \t\n":
        start += 1
    while end > start and data[end - 1] in b" \t\n":
        end -= 1
    value = data[start:end]
    if value in (b"false", b"nil") or not value:
        return
    flat.write(b" " + name, at)
    if value == b"true":
        return
    if value[:1] in (b'"', b"'") and end_of_string(data, start, end) == end and len(value) > 1:
        quote = b"'" if b'"' in value[1:-1] else b'"'
        flat.write(b"=" + quote, start)
        if value[:1] == b'"':
            text(flat, start + 1, end - 1)
        else:
            flat.keep(start + 1, end - 1)
        flat.write(quote, end - 1)
    elif re.fullmatch(rb":[\w-]+|\d[\w.]*", value):
        flat.write(b'="', start)
        flat.keep(start + value.startswith(b":"), end)
        flat.write(b'"', end - 1)
    else:
        flat.write(b'="', start)
        flat.output(start, end, (start, end))
        flat.write(b'"', end - 1)


def close(flat: Flat, tags: RubyTags, opened: Opened, at: int) -> None:
    """The end of what was opened: markup, a block of Ruby, or both."""
    if opened.code:
        tags.close(at, at)
    flat.write(opened.closing, at)
