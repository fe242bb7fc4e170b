"""Flat markup in which statements and outputs stand between two control characters."""

from __future__ import annotations

from analyzer.engines import Mark
from analyzer.engines._flat import CLOSE, NEUTRAL, OPEN, Flat

MARKS = (Mark(rb"\x01=", rb"\x02", "output"), Mark(rb"\x01", rb"\x02", "statement"))


def clean(data: bytes) -> bytes:
    """The file without the control characters that the marks are made of."""
    return data.translate(NEUTRAL)


class Marked(Flat):
    """Flat markup that adds no space around its tags, since they may stand in a text or a value."""

    def say(self, words: bytes, start: int, end: int) -> None:
        """A statement for a stretch of the file."""
        self.write(OPEN + words, start)
        self.write(CLOSE, max(start, end - 1))

    def show(self, start: int, end: int, outer: tuple[int, int] | None = None) -> None:
        """An output: the expression between two offsets, and the marks of the file around it."""
        first, last = outer or (start, end)
        self.output(first, last, (start, end))

    def blank(self, start: int, end: int) -> None:
        """Nothing but the line breaks of a stretch of the file."""
        at = self.data.find(b"\n", start, end)
        while at >= 0:
            self.keep(at, at + 1)
            at = self.data.find(b"\n", at + 1, end)
