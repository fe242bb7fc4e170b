"""Smarty's tags told apart from the braces of scripts and styles, and written in marks of our own.

A brace before white space is no tag, nor is anything between `{literal}` and its end, nor one that
begins like no tag of Smarty.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence

from analyzer.engines._flat import CLOSE, OPEN, clean

INSIDE = rb"""(?:[^{}"']|"(?:[^"\\]|\\.){0,2000}+"|'(?:[^'\\]|\\.){0,2000}+'){0,4000}+"""
TAG = re.compile(
    rb"\{\*(?P<comment>.*?)\*\}"
    rb"|\{(?P<raw>literal|php)\}(?P<kept>.*?)\{/(?P=raw)\}"
    rb"|\{(?P<text>(?![\s}])" + INSIDE + rb")\}",
    re.S,
)
STATEMENT = re.compile(
    rb"(?:if|elseif|else|foreach|foreachelse|for|forelse|while|section|sectionelse|block|extends"
    rb"|include|function|call|capture|strip|nocache|hook|widget|block)(?:[\s=$(!]|\Z)"
    rb"|/(?:if|foreach|for|while|section|block|function|capture|strip|nocache)\Z"
)
OUTPUT = re.compile(
    rb"[$#]|[a-zA-Z_][\w:]*\s+\w+\s*=|(?:ldelim|rdelim|debug)\Z|[\"'][^\"']*[\"']\s*\|"
)
ADDS = re.compile(rb"block\s.*\b(?:append|prepend)\b", re.S)


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The template with its tags in marks of our own, everything else as it is."""
    data = clean(data)
    out, lift, at = bytearray(), array("q"), 0

    def keep(start: int, end: int) -> None:
        out.extend(data[start:end])
        lift.extend(range(start, end))

    def say(text: bytes, start: int, end: int) -> None:
        out.extend(OPEN + text + CLOSE)
        lift.extend([start] * (len(text) + 1))
        lift.append(end - 1)

    for found in TAG.finditer(data):
        keep(at, found.start())
        at = found.end()
        text = found["text"]
        if found["comment"] is not None:
            say(b"#", *found.span())
        elif found["raw"] is not None:
            say(b"#", *found.span("raw"))
            if found["raw"] == b"literal":
                keep(*found.span("kept"))
        elif STATEMENT.match(text):
            say(text, *found.span())
            if ADDS.match(text):  # the parent's text stays beside what is added
                say(b"=$smarty.block.parent", *found.span())
        elif OUTPUT.match(text):
            say(b"=" + text, *found.span())
        else:
            keep(*found.span())
    keep(at, len(data))
    lift.append(len(data))
    return bytes(out), lift
