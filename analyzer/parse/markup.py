"""Markup as a stream of elements with exact offsets.

The tokens come from turbohtml, which counts code points; the text is handed to it as Latin-1, in
which a code point is a byte, so that its lines and columns are byte offsets.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import accumulate

from turbohtml import TokenType, tokenize

ATTRIBUTE = re.compile(
    rb"""[\s/"']*+([^\s"'<>/=\x00][^\s<>/=\x00]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>][^\s>]*+)))?"""
)
HANDLER = re.compile(rb"on[a-z:-]|\s@[a-z]|srcdoc", re.I)  # what event handlers begin with
RAW = ("script", "style", "noscript")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute's name in lower case and the offsets of its value; an empty value has none."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Element:
    """A start tag: its name, its own offsets, its attributes, and for raw text that of its
    content.
    """

    name: str
    start: int
    end: int
    attributes: tuple[Attribute, ...]
    content: tuple[int, int] | None = None
    parents: tuple[str, ...] = ()

    def get(self, name: str) -> Attribute | None:
        return next((each for each in self.attributes if each.name == name), None)


def comments(data: bytes) -> Iterator[tuple[int, int]]:
    """Where comments of the markup stand; what a script holds is none."""
    if b"<!--" not in data:
        return
    text = data.decode("latin-1")
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    for token in tokenize(text, capture_source=True):
        if token.type is TokenType.COMMENT:
            start = starts[token.line - 1] + token.col
            yield start, start + len(token.source or "")


def elements(
    data: bytes,
    base: int = 0,
    parents: tuple[str, ...] = (),
    wanted: Container[str] | None = None,
) -> Iterator[Element]:
    """The elements of a masked document in order; what stands in a noscript element counts too.

    With `wanted` the attributes of other elements are read only where one may be an event handler.
    """
    text = data.replace(b"\r\n", b" \n").replace(b"\r", b"\n").decode("latin-1")
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    waiting: Element | None = None
    for token in tokenize(text, capture_source=True):
        offset = starts[token.line - 1] + token.col
        kind = token.type
        if waiting is not None:
            if kind is TokenType.TEXT:
                end = offset + len(token.data or "")
                element, waiting = waiting, None
                if element.name == "noscript":
                    yield element
                    inner = data[offset:end]
                    yield from elements(inner, base + offset, (*parents, "noscript"), wanted)
                else:
                    yield Element(
                        element.name,
                        element.start,
                        element.end,
                        element.attributes,
                        (base + offset, base + end),
                        parents,
                    )
                continue
            yield waiting
            waiting = None
        if kind is TokenType.START_TAG:
            name = token.tag or ""
            source = (token.source or "").encode("latin-1", "replace")
            asked = wanted is None or name in wanted or HANDLER.search(source) is not None
            attributes = _attributes(source, len(name) + 1, base + offset) if asked else ()
            element = Element(
                name, base + offset, base + offset + len(source), attributes, None, parents
            )
            if name in RAW and not (parents and name == "noscript"):
                waiting = element
            else:
                yield element
    if waiting is not None:
        yield waiting


def _attributes(source: bytes, at: int, base: int) -> tuple[Attribute, ...]:
    found = []
    while match := ATTRIBUTE.match(source, at):
        group = next((number for number in (2, 3, 4) if match.start(number) >= 0), 0)
        start, end = match.span(group) if group else (match.end(1), match.end(1))
        found.append(Attribute(match[1].decode("latin-1").lower(), base + start, base + end))
        at = match.end()
    return tuple(found)
