"""Languages written by indentation: lines with their depth, and what an element's line says."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.engines._flat import Flat
from analyzer.engines._ruby_tags import RubyTags
from analyzer.engines._scan import trimmed
from analyzer.engines.erb import write_erb

MIDDLE = re.compile(rb"-\s*(?:else|elsif|when|in|rescue|ensure)\b")
STYLES = frozenset({b"css", b"sass", b"scss", b"less"})
# Filters that show what they are given.
TEXTS = frozenset((b"plain", b"escaped", b"preserve", b"cdata"))
TEXTS |= {b"markdown", b"maruku", b"textile", b"rdoc"}
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
        flat.show(found.end(), max(found.end(), behind - 1), (found.start(), behind))
        at = behind
    flat.keep(at, end)


def attribute(flat: Flat, name: bytes, start: int, end: int, at: int) -> None:
    """An attribute whose value is Ruby: a string is its text, a constant itself, the rest a gap."""
    data = flat.data
    start, end = trimmed(data, start, end)
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
        flat.show(start, end)
        flat.write(b'"', end - 1)


class Indented(ABC):
    """Writes one file flat; a subclass for each language says in `line` what a line is."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.flat = Flat(data)
        self.tags = RubyTags(self.flat)
        self.open: list[Opened] = []
        self.behind = 0  # lines before this offset belong to one that was read

    def run(self) -> tuple[bytes, Sequence[int]]:
        """The flat markup, and for each byte of it the offset in the file."""
        for line in lines(self.data):
            if line.start < self.behind:
                continue
            if not line.is_empty:
                self.line(line)
            end = self.data.find(b"\n", max(line.end, self.behind - 1))
            if end >= 0:
                self.flat.keep(end, end + 1)
                self.behind = max(self.behind, end + 1)
        self.close(-1, len(self.data))
        return self.flat.done()

    @abstractmethod
    def line(self, line: Line) -> None:
        """Read a line that is not empty."""

    def close(self, depth: int, at: int, middle: bool = False) -> None:
        """Close what stands as deep as a line that begins here, or deeper."""
        while self.open and self.open[-1].depth >= depth:
            opened = self.open[-1]
            if middle and opened.depth == depth and opened.code and not opened.closing:
                return  # an else goes on with the block before it
            self.open.pop()
            if opened.code:
                self.tags.close(at, at)
            self.flat.write(opened.closing, at)

    def embedded(self, line: Line, name: bytes) -> None:
        """A line that says in which language the deeper ones below it are written."""
        if name == b"javascript":
            self.flat.write(b"<script>", line.start)
            self.open.append(Opened(line.depth, b"</script>", raw="text"))
        elif name in STYLES:
            self.flat.write(b"<style>", line.start)
            self.open.append(Opened(line.depth, b"</style>", raw="text"))
        elif name in (b"erb", b"ruby"):
            self.open.append(Opened(line.depth, raw=name.decode()))
        else:
            self.open.append(Opened(line.depth, raw="text" if name in TEXTS else "nothing"))

    def raw(self, line: Line, raw: str) -> None:
        """A line in such a language."""
        if raw == "erb":
            write_erb(self.flat, self.tags, line.start, line.end)
        elif raw == "ruby":
            self.tags.code(line.start, line.end, (line.start, line.end), False)
        elif raw == "text":
            text(self.flat, line.start, line.end)
