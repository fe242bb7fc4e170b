"""Markup whose statements are attributes: the elements with their spans, and edits that write tags.

A language such as Thymeleaf says `<p th:if="x">`. Its rewriter looks at the `elements`, and with
`Edits` puts flat statements around them; all bytes that it does not touch keep their offsets.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape

from analyzer.engines._flat import CLOSE, OPEN, VOID

REPLACES = 3  # the last kind of edit that is written at an offset
RAW = frozenset({"script", "style", "textarea", "title"})
# Elements that a next one of their own kind closes where nobody wrote the end tag.
UNCLOSED = frozenset(["li", "dt", "dd", "tr", "td", "th", "option", "thead", "tbody", "p"])
TAG = re.compile(rb"<(?:(!--)|(/)?([A-Za-z][^\s/>]*+))")
ATTRIBUTE = re.compile(
    rb"""[\s/"']*+(?P<name>[^\s"'<>/=][^\s<>/=]*+)"""
    rb"""(?:\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s"'>][^\s>]*+)))?"""
)
END = re.compile(rb"""[\s"']*+(/)?\s*+>""")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its name in lower case, all of it, and its value between the quotes."""

    name: str
    start: int
    end: int
    value: tuple[int, int] | None = None


@dataclass(slots=True)
class Element:
    """An element: its tag from `start` to `inside`, its content up to `close`, all of it to `end`.

    `parent` is the number of the element around it, -1 at the top.
    """

    name: str
    start: int
    inside: int
    attributes: tuple[Attribute, ...]
    parent: int = -1
    close: int = -1
    end: int = -1

    def get(self, *names: str) -> Attribute | None:
        """The first attribute with one of these names."""
        return next((each for name in names for each in self.attributes if each.name == name), None)


@dataclass(slots=True)
class _Reader:
    data: bytes
    found: list[Element] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)

    def open(self, name: str, start: int, at: int) -> int:
        """A start tag; the answer is where reading goes on."""
        attributes = []
        while said := ATTRIBUTE.match(self.data, at):
            quotes = (each for each in ("double", "single", "bare") if said[each] is not None)
            value = next((said.span(each) for each in quotes), None)
            label = said["name"].decode("latin-1").lower()
            attributes.append(Attribute(label, said.start("name"), said.end(), value))
            at = said.end()
        ends = END.match(self.data, at)
        at = ends.end() if ends else at
        if self.opened and name in UNCLOSED and self.found[self.opened[-1]].name == name:
            self.close(name, start, start)
        parent = self.opened[-1] if self.opened else -1
        element = Element(name, start, at, tuple(attributes), parent)
        number = len(self.found)
        self.found.append(element)
        if name.encode() in VOID or (ends and ends[1]):
            element.close = element.end = at
        elif name in RAW:
            closing = re.compile(rb"</%s\b[^>]*+>?" % name.encode(), re.I).search(self.data, at)
            element.close = closing.start() if closing else len(self.data)
            element.end = closing.end() if closing else len(self.data)
            return element.end
        else:
            self.opened.append(number)
            self.names[name] += 1
        return at

    def close(self, name: str, start: int, end: int) -> None:
        """An end tag, which also closes what is still open inside; one too many closes nothing."""
        if not self.names[name]:
            return
        while self.opened:
            element = self.found[self.opened.pop()]
            self.names[element.name] -= 1
            element.close = start
            element.end = end if element.name == name else start
            if element.name == name:
                return

    def finish(self) -> None:
        """What is still open ends with the file."""
        for number in self.opened:
            self.found[number].close = self.found[number].end = len(self.data)


def elements(data: bytes) -> Sequence[Element]:
    """All elements in the order of their start tags; comments and raw text hold none."""
    reader = _Reader(data)
    at = 0
    while found := TAG.search(data, at):
        at = found.end()
        if found[1]:
            end = data.find(b"-->", at)
            at = end + 3 if end >= 0 else len(data)
            continue
        name = found[3].decode("latin-1").lower()
        if found[2]:
            end = data.find(b">", at)
            at = end + 1 if end >= 0 else len(data)
            reader.close(name, found.start(), at)
        else:
            at = reader.open(name, found.start(), at)
    reader.finish()
    return reader.found


def without_declaration(data: bytes) -> bytes:
    """The file with blanks for an XML declaration, which is no part of the markup."""
    said = re.match(rb"\s*<\?xml[^>]{0,200}\?>", data)
    return data if said is None else re.sub(rb"[^\n]", b" ", said[0]) + data[said.end() :]


def words_of(data: bytes, span: tuple[int, int] | None) -> str:
    """The words of an attribute's value on one line, with its character references decoded."""
    if span is None:
        return ""
    return " ".join(unescape(data[span[0] : span[1]].decode("utf-8", "replace")).split())


class Edits:
    """What is put around, into and in place of the bytes of a file.

    Of several things that are put around the same element, the one that is said first stands
    outermost.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._events: list[tuple[int, int, int, int, int, bytes]] = []

    def around(self, start: int, end: int, words: str) -> None:
        """A statement that holds for a stretch of the file, and the end of it."""
        number = len(self._events)
        self._events.append((start, 1, -end, number, start, _statement(words)))
        self._events.append((end, 0, -start, -number, end, _statement("end")))

    def at(self, offset: int, words: str) -> None:
        """A statement by itself, inside of what begins at the same offset."""
        self._events.append((offset, 2, 0, len(self._events), offset, _statement(words)))

    def instead(self, start: int, end: int, text: bytes = b"") -> None:
        """Other bytes, or none, in place of a stretch, whose line breaks stay; none may overlap."""
        text += b"\n" * self.data.count(b"\n", start, end)
        self._events.append((start, REPLACES, 0, len(self._events), end, text))

    def output(self, start: int, end: int, words: str) -> None:
        """An output in place of a stretch of the file."""
        self.instead(start, end, OPEN + b"=" + words.encode() + CLOSE)

    def done(self) -> tuple[bytes, Sequence[int]]:
        """The new bytes, and an offset in the file for each of them and for the end."""
        out, lift, at = bytearray(), array("q"), 0
        for start, kind, _, _, end, text in sorted(self._events):
            if start < at:  # inside of what another edit has replaced
                if kind == REPLACES:
                    continue
                start = end = at
            out += self.data[at:start]
            lift.extend(range(at, start))
            out += text
            lift.extend([start] * len(text))
            at = max(start, end)
        out += self.data[at:]
        lift.extend(range(at, len(self.data) + 1))
        return bytes(out), lift


def _statement(words: str) -> bytes:
    return OPEN + " ".join(words.split()).encode() + CLOSE


def families(found: Sequence[Element]) -> dict[int, list[int]]:
    """The numbers of the elements that stand directly in each one; those at the top under -1."""
    inside: dict[int, list[int]] = {}
    for number, element in enumerate(found):
        inside.setdefault(element.parent, []).append(number)
    return inside
