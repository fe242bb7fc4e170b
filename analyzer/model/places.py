"""Places in files: what every finding points at, counted once and exactly.

Offsets are byte offsets into the file; lines and columns are 1-based and made once, by
`Source.place`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

EVIDENCE_LIMIT = 120  # characters of source that a finding quotes
MARK_EVERY = 4096  # bytes of a long line between two points whose column is kept


class UserError(Exception):
    """Something that the user can mend: one sentence that says what to do next."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a file: lines and columns from 1, the end column exclusive.

    `column` and `end_column` count Unicode code points, `utf16` holds the same two columns in
    UTF-16 code units, which SARIF viewers count in.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    utf16: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in a file, with the words that stand there."""

    path: str
    region: Region
    text: str = ""

    @property
    def line(self) -> int:
        return self.region.line

    def __str__(self) -> str:
        return f"{self.path}:{self.region.line}:{self.region.column}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trail: a place, and what happens there."""

    place: Place
    text: str


class Source:
    """One file's bytes under its path; `inner` is a document written inside another one.

    An inner source (a tag's custom HTML inside a JSON string) has bytes of its own, and `lift`
    tells for each of them, and for the end, the offset in the file that holds it. Where a file was
    `rewritten` into another notation, places quote the file and not the notation. `markup` is the
    file that a component of Angular names as its template.
    """

    def __init__(
        self,
        path: str,
        data: bytes,
        *,
        outer: Source | None = None,
        lift: Sequence[int] = (),
        rewritten: bool = False,
        markup: Source | None = None,
    ) -> None:
        self.path = path
        self.data = data
        self.outer = outer
        self.lift = lift
        self.rewritten = rewritten
        self.markup = markup

    def inner(self, data: bytes, lift: Sequence[int], *, rewritten: bool = False) -> Source:
        return Source(self.path, data, outer=self, lift=lift, rewritten=rewritten)

    def place(self, start: int, end: int, text: str | None = None) -> Place:
        """The place of bytes `start` to `end`; `text` is quoted instead of what stands there."""
        if text is None and self.rewritten and self.outer is not None:
            return self.outer.place(*self.lifted(start, end))
        if text is None:
            text = self.data[start : min(end, start + 4 * EVIDENCE_LIMIT)].decode(
                "utf-8", "replace"
            )
        text = " ".join(text.split())
        if len(text) > EVIDENCE_LIMIT:
            text = text[: EVIDENCE_LIMIT - 1] + "…"
        if self.outer is not None:
            return self.outer.place(*self.lifted(start, end), text)
        (line, column, wide), (end_line, end_column, end_wide) = (
            self._point(start),
            self._point(end),
        )
        region = Region(line, column, end_line, end_column, (wide, end_wide))
        return Place(self.path, region, text)

    def lifted(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the outer source of bytes `start` to `end` of an inner one."""
        return self.lift[start], self.lift[end]

    def _point(self, offset: int) -> tuple[int, int, int]:
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if self._ascii:
            return line + 1, offset - start + 1, offset - start + 1
        at, column, wide = self._counted(start, offset)
        before = self.data[at:offset].decode("utf-8", "replace")
        if at == 0:
            before = before.removeprefix("\ufeff")
        return line + 1, column + len(before) + 1, wide + len(before.encode("utf-16-le")) // 2 + 1

    def _counted(self, start: int, offset: int) -> tuple[int, int, int]:
        """A point on the line at or shortly before the offset, and the characters up to it.

        A minified file is one line of megabytes: it is counted through once, not for every place.
        """
        marks = self._marks.setdefault(start, [(start, 0, 0)])
        while offset - marks[-1][0] > MARK_EVERY:
            at, column, wide = marks[-1]
            end = at + MARK_EVERY
            for _ in range(3):  # never inside a character
                end -= self.data[end] & 0xC0 == 0x80
            text = self.data[at:end].decode("utf-8", "replace")
            if at == 0:
                text = text.removeprefix("\ufeff")
            marks.append((end, column + len(text), wide + len(text.encode("utf-16-le")) // 2))
        return marks[bisect_right(marks, offset, key=lambda mark: mark[0]) - 1]

    @cached_property
    def _marks(self) -> dict[int, list[tuple[int, int, int]]]:
        return {}

    @cached_property
    def _ascii(self) -> bool:
        return self.data.isascii()

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [0], self.data.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.data.find(b"\n", at + 1)
        return starts
