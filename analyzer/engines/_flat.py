"""Flat markup that is written anew from a file, each byte of it with the offset it comes from."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from analyzer.engines import Mark

OPEN, CLOSE = b"\x01", b"\x02"  # the marks of tags in flat markup; no file writes them
NEUTRAL = bytes.maketrans(OPEN + CLOSE, b"  ")
MARKS = (Mark(rb"\x01=", rb"\x02", "output"), Mark(rb"\x01", rb"\x02", "statement"))


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
            self.out += self.data[start:end].translate(NEUTRAL)
            self.lift.extend(range(start, end))

    def write(self, text: bytes, at: int) -> None:
        """Bytes of the notation, which stand for what the file says at an offset."""
        self.out += text
        self.lift.extend([at] * len(text))

    def add(self, text: bytes, at: int) -> None:
        """The same as `write`."""
        self.write(text, at)

    def say(self, words: bytes, start: int, end: int) -> None:
        """A statement for a stretch of the file, with nothing around it."""
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

    def tag(self, text: bytes, start: int, end: int) -> None:
        """A statement of the notation, said by the bytes between two offsets."""
        self.write(OPEN + b" " + text.translate(NEUTRAL) + CLOSE, start)
        self.write(b" ", end)  # so that the tag is quoted up to here

    def output(self, start: int, end: int, code: tuple[int, int]) -> None:
        """An output: the code between two offsets, in a tag that reaches from start to end."""
        self.write(OPEN + b"=", start)
        self.keep(*code)
        self.write(CLOSE, max(end - 1, start))

    def lines(self, start: int, end: int) -> None:
        """The line breaks of a stretch that shows nothing."""
        for _ in range(self.data.count(b"\n", start, end)):
            self.write(b"\n", start)

    def done(self) -> tuple[bytes, Sequence[int]]:
        """The whole flat markup, and for each byte and the end the offset in the file."""
        self.lift.append(len(self.data))
        return bytes(self.out), self.lift
