"""Flat markup that is written anew from a file, each byte of it with the offset it comes from.

Statements and outputs of all languages that are rewritten stand between the same two control
characters.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from analyzer.engines import Mark

OPEN, CLOSE = b"\x01", b"\x02"  # around what is written; no file holds them once it is clean
NEUTRAL = bytes.maketrans(OPEN + CLOSE, b"  ")
MARKS = (Mark(rb"\x01=", rb"\x02", "output"), Mark(rb"\x01", rb"\x02", "statement"))
VOID = frozenset(
    b"area base br col embed frame hr img input link meta param source track wbr".split()
)  # elements without an end


def clean(data: bytes) -> bytes:
    """The file without the control characters that the marks are made of."""
    return data.translate(NEUTRAL)


class Flat:
    """The new bytes and their offsets, filled from left to right."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.out = bytearray()
        self.lift = array("q")

    def keep(self, start: int, end: int) -> None:
        """Bytes of the file as they stand."""
        if end > start:
            self.out += clean(self.data[start:end])
            self.lift.extend(range(start, end))

    def write(self, text: bytes, at: int) -> None:
        """Bytes of the notation, which stand for what the file says at an offset."""
        self.out += text
        self.lift.extend([at] * len(text))

    def say(self, words: bytes, start: int, end: int) -> None:
        """A statement for a stretch of the file, with nothing around it."""
        self.write(OPEN + words, start)
        self.write(CLOSE, max(start, end - 1))

    def tag(self, words: bytes, start: int, end: int) -> None:
        """A statement, and a space behind it so that the tag is quoted up to the end."""
        self.write(OPEN + b" " + clean(words) + CLOSE, start)
        self.write(b" ", end)

    def show(self, start: int, end: int, outer: tuple[int, int] | None = None) -> None:
        """An output: the expression between two offsets, and the marks of the file around it."""
        first, last = outer or (start, end)
        self.write(OPEN + b"=", first)
        self.keep(start, end)
        self.write(CLOSE, max(first, last - 1))

    def blank(self, start: int, end: int) -> None:
        """Nothing but the line breaks of a stretch of the file."""
        at = self.data.find(b"\n", start, end)
        while at >= 0:
            self.keep(at, at + 1)
            at = self.data.find(b"\n", at + 1, end)

    def done(self) -> tuple[bytes, Sequence[int]]:
        """The whole flat markup, and for each byte and the end the offset in the file."""
        self.lift.append(len(self.data))
        return bytes(self.out), self.lift
