"""Template tags replaced by filler of the same length, so that every offset stays true.

An output becomes underscores, which read as a name in a script and as text in a string; a
statement or
a comment becomes spaces; line breaks stay. Parsers read the mask, values are read from the
original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from analyzer.engines import Engine
from analyzer.model import Hole, Origin, OriginKind, Source

GLUED = re.compile(rb"<[a-zA-Z][\w-]*$")
HOLE_LIMIT = 200  # characters of a template expression that a hole quotes


@dataclass(frozen=True, slots=True)
class TemplateTag:
    """One template tag: its bytes `start` to `end`, its kind, and the text between its marks."""

    start: int
    end: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A document that parsers can read, and the template tags that were taken out of it."""

    data: bytes
    tags: tuple[TemplateTag, ...] = ()

    def outputs(self, start: int, end: int) -> list[TemplateTag]:
        """The output tags that lie between two offsets."""
        return [tag for tag in self.inside(start, end) if tag.kind == "output"]

    def inside(self, start: int, end: int) -> list[TemplateTag]:
        """The tags of all kinds that lie between two offsets."""
        found = []
        for number in range(
            bisect_right(self.tags, start, key=lambda each: each.end), len(self.tags)
        ):
            tag = self.tags[number]
            if tag.start >= end:
                break
            found.append(tag)
        return found


def flattened(source: Source, engine: Engine) -> Source:
    """The file as the flat markup that its engine rewrites it to; most engines leave it alone."""
    if engine.rewrite is None:
        return source
    data, lift = engine.rewrite(source.data.replace(b"\r\n", b" \n").replace(b"\r", b"\n"))
    return source.inner(data, lift, rewritten=True)


def mask(data: bytes, engine: Engine) -> Masked:
    """The document with its template tags masked; a tag that never closes is left as it stands."""
    data = data.replace(b"\r\n", b" \n").replace(b"\r", b"\n")
    if not engine.marks:
        return Masked(data)
    opening, closings = _patterns(engine)
    out = bytearray(data)
    tags: list[TemplateTag] = []
    at = 0
    unclosed: set[str] = set()
    style = 0  # up to here nothing that looks like a comment is one
    while found := opening.search(data, at):
        name = found.lastgroup or ""
        close = None if name in unclosed else closings[name].search(data, found.end())
        if close is None:  # without the memory a page of unclosed marks would cost its square
            unclosed.add(name)
            at = found.end()
            continue
        mark = engine.marks[int(name[1:])]
        start, end = found.start(), close.end()
        if mark.kind == "comment" and (
            start < style or (style := _end_of_left_style(data, start, end)) > start
        ):
            at = found.end()
            continue
        text = data[found.end() : close.start()].decode("utf-8", "replace").strip()
        kind = mark.kind
        if kind == "statement" and engine.prints and compiled(engine.prints).match(text):
            kind = "output"
        tags.append(TemplateTag(start, end, kind, text))
        out[start:end] = _filler(data, start, end, kind)
        at = end
        if (
            mark.kind == "statement"
            and engine.verbatim
            and (raw := compiled(engine.verbatim).match(text))
        ):
            word = raw["word"]
            closing = None if word in unclosed else _end_of_verbatim(data, end, mark.open, word)
            if closing is None:
                unclosed.add(word)
            else:
                at = closing.start()
    return Masked(bytes(out), tuple(tags))


def hole(tag: TemplateTag) -> Hole:
    """The hole that an output tag leaves."""
    text = tag.text.removeprefix("=").strip()[:HOLE_LIMIT]
    return Hole(text, Origin(OriginKind.TEMPLATE, text))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """An engine's expression; `re` has a memory of its own, which is slow to ask for every tag."""
    return re.compile(pattern)


@cache
def _patterns(engine: Engine) -> tuple[re.Pattern[bytes], dict[str, re.Pattern[bytes]]]:
    named = {f"m{number}": mark for number, mark in enumerate(engine.marks)}
    opening = b"|".join(b"(?P<%s>%s)" % (name.encode(), mark.open) for name, mark in named.items())
    return re.compile(opening), {name: re.compile(mark.close) for name, mark in named.items()}


def _filler(data: bytes, start: int, end: int, kind: str) -> bytes:
    inside = data[start:end]
    glued = GLUED.search(data[max(0, start - 40) : start])
    fill = b"_" if kind == "output" and not glued else b" "
    return re.sub(rb"[^\n]", fill, inside)


def _end_of_left_style(data: bytes, start: int, end: int) -> int:
    """Where the style sheet ends whose `{#name` was taken for a comment up to a far away `#}`,
    else 0.
    """
    closing = data.find(b"</style", start, end)
    return closing if closing >= 0 and data.find(b"<style", start, closing) < 0 else 0


def _end_of_verbatim(data: bytes, start: int, opening: bytes, word: str) -> re.Match[bytes] | None:
    """The tag that ends the text that the engine leaves alone."""
    return re.compile(rb"%s\s*end%s\b" % (opening, word.encode())).search(data, start)
