"""Markdown without what shows code: fences, indented stretches and back quotes become blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

FENCE = re.compile(rb"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)")
ITEM = re.compile(rb"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
INDENTED = re.compile(rb"(?: {4}| {0,3}\t)")
TICKS = re.compile(rb"`+")
SCRIPT = re.compile(rb"<(?:script|style)\b", re.I)
SCRIPT_END = re.compile(rb"</(?:script|style)\b", re.I)
MOST_SCRIPTS = 50  # on one line
FRONT = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:---\w{0,12}[ \t]*\n(?s:.*?)^---[ \t]*$"
    rb"|\+\+\+[ \t]*\n(?s:.*?)^\+\+\+[ \t]*$)",
    re.M,
)
NOT_A_BREAK = re.compile(rb"[^\n]")


def without_code(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The text with its front matter and its code blanked; every offset stays."""
    out = bytearray(data)
    front = FRONT.match(data)
    if front is not None:
        _blank(out, 0, front.end())
    at = front.end() if front else 0
    fence = b""  # the mark that the open fence must be closed with
    blank = True  # is the line before this one empty?
    listed = scripted = False
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        line = data[at:end]
        found = None if scripted else FENCE.match(line)
        if fence:
            _blank(out, at, end)
            if found and found["mark"].startswith(fence) and not found["info"].strip():
                fence = b""
        elif found and not (found["mark"].startswith(b"`") and b"`" in found["info"]):
            fence = found["mark"]
            _blank(out, at, end)
        elif not scripted and blank and not listed and INDENTED.match(line) and line.strip():
            _blank(out, at, end)
            at = end + 1
            continue  # the lines below it are code too
        else:
            scripted = _line(out, data, at, end, scripted)
            if line.strip():
                listed = ITEM.match(line) is not None or (listed and line[:1] in b" \t")
        blank = not line.strip()
        at = end + 1
    return bytes(out), range(len(data) + 1)


def _line(out: bytearray, data: bytes, start: int, end: int, scripted: bool) -> bool:
    """Blank what stands between back quotes outside of scripts; is a script open behind it?"""
    at = start
    for _ in range(MOST_SCRIPTS):
        if scripted:
            closing = SCRIPT_END.search(data, at, end)
            if closing is None:
                return True
            at, scripted = closing.end(), False
        spans = list(_spans(data, at, end))
        opening = next(
            (
                found
                for found in SCRIPT.finditer(data, at, end)
                if not any(first <= found.start() < last for first, last in spans)
            ),
            None,
        )
        border = opening.start() if opening else end
        for first, last in spans:
            if first < border:
                _blank(out, first, last)
        if opening is None:
            return False
        at, scripted = opening.end(), True
    return scripted


def _spans(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between two runs of back quotes of one length."""
    runs = [found.span() for found in TICKS.finditer(data, start, end)]
    later: dict[int, list[int]] = {}
    for number in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[number][1] - runs[number][0], []).append(number)
    number = 0
    while number < len(runs):
        opened = runs[number]
        ahead = later[opened[1] - opened[0]]
        while ahead and ahead[-1] <= number:
            ahead.pop()
        if ahead:
            yield opened[0], runs[ahead[-1]][1]
            number = ahead[-1] + 1
        else:
            number += 1


def _blank(out: bytearray, start: int, end: int) -> None:
    out[start:end] = NOT_A_BREAK.sub(b" ", bytes(out[start:end]))
