"""Suppressions that people write beside the code: in comments of any language, in a tag's notes.

A comment counts for its own line, and where nothing else stands on its lines for the line below it;
above a script element it counts for all of that, since vendors' snippets leave no room for one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from analyzer.model import Container, Fact, Source, Suppression
from analyzer.policy.wording import MARK, spoken
from analyzer.remarks import Remark, remarks

# What may stand beside a comment that stands alone: the braces that JSX puts around it, the marks
# of a template's code, and the tag that begins the script it is in.
BEFORE = re.compile(rb"(?:\{|<\?(?:php|=)?|<%[-_=]?|@php|<script\b[^>]*>)?")
AFTER = re.compile(rb"(?:\}|\?>|[-_]?%>|@endphp)?")
ELEMENT = re.compile(rb"[ \t]*+<((?i:no)?(?i:script))\b")
LONGEST_ELEMENT = 200  # lines: a longer one is a program of many parts
SCRIPTS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
WIDE = (b"\xff\xfe", b"\xfe\xff")


def suppressions(source: Source) -> Iterator[Suppression]:
    """The suppressions of a file, also those that are written wrongly, with what is wrong."""
    if source.data[:2] in WIDE:
        source = Source(source.path, source.data.decode("utf-16", "replace").encode())
    if MARK not in source.data:
        return
    lines = _Lines(source.data)
    for group in _together(lines, remarks(source, MARK)):
        last = lines.number(group[-1].end - 1)
        below = lines.element(source.path, last + 1) if _stands_alone(lines, group[0]) else ()
        for remark in group:
            text = source.data[remark.first : remark.last]
            if MARK not in text:
                continue
            own = dict.fromkeys((lines.number(remark.start), lines.number(remark.end - 1)))
            for words in spoken(text, block=remark.block):
                at = remark.first + words.start
                yield replace(
                    words.suppression("comment", source.place(at, remark.first + words.end)),
                    lines=(*own, *below),
                )


def suppressions_in_notes(facts: Iterable[Fact]) -> Iterator[Suppression]:
    """The suppressions in the notes of a container's tags; those elsewhere count for nothing."""
    for container in facts:
        if not isinstance(container, Container):
            continue
        for note in container.notes:
            for words in spoken(note.text.encode("utf-8", "replace"), anywhere=True):
                said = replace(
                    words.suppression("tag-notes", note.place),
                    tags=(note.name,),
                    container=container.container_id,
                )
                if note.about != "tag":
                    said = replace(said, wrong=_elsewhere(note.about))
                yield said


def _elsewhere(about: str) -> str:
    return f"the notes of a {about} accept nothing; write it into the notes of the tag instead"


class _Lines:
    """The lines of a file, to look one up by an offset."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.starts = [0]
        at = data.find(b"\n")
        while at >= 0:
            self.starts.append(at + 1)
            at = data.find(b"\n", at + 1)

    def number(self, at: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self.starts, at)

    def element(self, path: str, line: int) -> tuple[int, ...]:
        """A line, and where a script element begins on it the other lines of that."""
        if line > len(self.starts) or path.lower().endswith(SCRIPTS):
            return (line,)
        opened = ELEMENT.match(self.data, self.starts[line - 1])
        end = opened and re.compile(rb"(?i:</%s\s*>)" % opened[1]).search(self.data, opened.end())
        last = self.number(end.start()) if end else line
        return tuple(range(line, last + 1)) if last - line < LONGEST_ELEMENT else (line,)

    def before(self, at: int) -> bytes:
        """What stands before an offset on its line, as far as it matters."""
        return self.data[max(self.starts[self.number(at) - 1], at - 500) : at].strip()

    def after(self, at: int) -> bytes:
        """What stands from an offset on to the end of its line, as far as it matters."""
        end = self.data.find(b"\n", at, at + 500)
        return self.data[at : at + 500 if end < 0 else end].strip()


def _together(lines: _Lines, found: Iterable[Remark]) -> Iterator[Sequence[Remark]]:
    """Comments that stand alone on lines one below the other are one comment of several lines."""
    group: list[Remark] = []
    for remark in found:
        if group and not (
            lines.number(remark.start) == lines.number(group[-1].end - 1) + 1
            and _stands_alone(lines, remark)
            and _stands_alone(lines, group[-1])
        ):
            yield group
            group = []
        group.append(remark)
    if group:
        yield group


def _stands_alone(lines: _Lines, remark: Remark) -> bool:
    begins = BEFORE.fullmatch(lines.before(remark.start))
    return begins is not None and AFTER.fullmatch(lines.after(remark.end)) is not None
