"""Places seen from outside: the lines around them, and the hash that GitHub knows a line by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import AnyStr

from analyzer.model import Excerpt, Place

AROUND = 2  # lines before a place and after it
LINE_LIMIT = 501  # characters: just enough to see that a line is too long to quote

WINDOW = 100  # UTF-16 code units that a line's hash reads, past the line's end if need be
_END = "\uffff"
_WIDE = re.compile("[\U00010000-\U0010ffff]")


def excerpts(
    data: bytes, places: Iterable[Place], quotable: bytes | None = None
) -> dict[Place, Excerpt]:
    """The excerpt of each place in one file, whose bytes are read once for all of them.

    Where not all of the file may be shown, `quotable` is what may be, each byte in its place; the
    hashes are those of the file itself, for GitHub makes the same.
    """
    places = list(places)
    lines = {place.line for place in places}
    starts = _line_starts(data, b"\n", max(lines, default=0) + AROUND)
    hashes = line_hashes(data, lines)
    quoted = data if quotable is None else quotable
    seen = {line: _around(quoted, starts, line, hashes.get(line, "")) for line in lines}
    return {place: seen[place.line] for place in places}


def _around(data: bytes, starts: Sequence[int], line: int, line_hash: str) -> Excerpt:
    first, last = max(1, line - AROUND), min(line + AROUND, len(starts))
    if last > line and starts[last - 1] == len(data):
        last -= 1  # what follows the last line break is no line to show
    texts = (_line(data, starts[number - 1]) for number in range(first, last + 1))
    return Excerpt(first, tuple(texts), line_hash)


def _line(data: bytes, start: int) -> str:
    limit = start + 4 * LINE_LIMIT  # the most bytes that so many characters can take
    end = data.find(b"\n", start, limit)
    text = data[start : end if end >= 0 else limit].decode("utf-8", "replace")
    if start == 0:
        text = text.removeprefix("\ufeff")
    return text.removesuffix("\r")[:LINE_LIMIT]


def line_hashes(data: bytes, lines: Iterable[int]) -> dict[int, str]:
    """The `primaryLocationLineHash` of these lines, as code scanning computes it.

    A hash covers a window of code units from the line's start, spaces and tabs left out; after the
    colon stands how often the file has had the same window so far.
    """
    wanted = set(lines)
    if not wanted:
        return {}
    text = _folded(data)
    starts = _line_starts(text, "\n", max(wanted))
    counts = {
        text[start : start + WINDOW]: 0 for line, start in enumerate(starts, 1) if line in wanted
    }
    hashes = {}
    for line, start in enumerate(starts, 1):
        window = text[start : start + WINDOW]
        if window in counts:
            counts[window] += 1
            if line in wanted:
                hashes[line] = f"{_hash(window):x}:{counts[window]}"
    return hashes


def _folded(data: bytes) -> str:
    """The file as the hash reads it; a character beyond 16 bits is the pair that UTF-16 writes."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace(" ", "").replace("\t", "")
    return (text if text.isascii() else _WIDE.sub(_pair, text)) + _END


def _pair(match: re.Match[str]) -> str:
    rest = ord(match[0]) - 0x10000
    return chr(0xD800 + (rest >> 10)) + chr(0xDC00 + (rest & 0x3FF))


def _hash(window: str) -> int:
    value = 0
    for unit in window.ljust(WINDOW, "\0"):
        value = (value * 37 + ord(unit)) % 2**64
    return value


def _line_starts(text: AnyStr, newline: AnyStr, last: int) -> list[int]:
    """Where the first `last` lines start, or all of them in a shorter text."""
    starts = [0]
    while len(starts) < last and (at := text.find(newline, starts[-1])) >= 0:
        starts.append(at + 1)
    return starts
