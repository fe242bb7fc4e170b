"""Comments of templates that say with indentation what belongs together: Pug, Haml and Slim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.remarks import code, scripts
from analyzer.remarks.record import Remark

LINE = re.compile(rb"(?P<margin>[ \t]*+)(?P<rest>[^\n]*+)(?:\n|\Z)")
TAG = rb"(?:[\w#.:%-]++(?:\((?:[^()\n]|\([^()\n]*+\))*+\))?)"


@dataclass(frozen=True, slots=True)
class Layout:
    """What a line begins: a comment, a script or plain text with the deeper lines below it, or a
    line of a program.
    """

    comment: re.Pattern[bytes]
    script: re.Pattern[bytes]
    text: re.Pattern[bytes]
    program: re.Pattern[bytes]
    language: code.Language


LAYOUTS = {
    "pug": Layout(
        re.compile(rb"//-?"),
        re.compile(rb"script\b[^\n]*+(?<=\.)[ \t]*\r?$"),
        re.compile(rb"%s\.[ \t]*\r?$|:[\w-]+" % TAG.replace(rb"++", rb"+?")),
        re.compile(rb"[-=!]"),
        code.C_LIKE,
    ),
    "haml": Layout(
        re.compile(rb"-#|/(?!\[)"),
        re.compile(rb":javascript\b"),
        re.compile(rb":[\w-]+"),
        re.compile(rb"[-=~&!]"),
        code.RUBY,
    ),
    "slim": Layout(
        re.compile(rb"/!?(?!\[)"),
        re.compile(rb"javascript:"),
        re.compile(rb"[|']|\w+:[ \t]*\r?$"),
        re.compile(rb"[-=]"),
        code.RUBY,
    ),
}


def remarks(data: bytes, engine: str) -> Iterator[Remark]:
    """The comments of a template, in order."""
    layout = LAYOUTS[engine]
    at = 0
    while at < len(data):
        line = LINE.match(data, at)
        if line is None:
            return
        rest, start = line["rest"], line.start("rest")
        if opened := layout.comment.match(rest):
            end = _end_of_block(data, line)
            last = end - (data[end - 1 : end] == b"\n")
            yield Remark(start, last, start + opened.end(), last)
        elif layout.script.match(rest):
            end = _end_of_block(data, line)
            inside = data[line.end() : end]
            yield from (each.moved(line.end()) for each in scripts.remarks(inside, "javascript"))
        elif layout.text.match(rest):
            end = _end_of_block(data, line)
        else:
            end = line.end()
            if layout.program.match(rest):
                yield from (each.moved(start) for each in code.remarks(rest, layout.language))
        at = end


def _end_of_block(data: bytes, head: re.Match[bytes]) -> int:
    """Where the lines end that stand deeper than their head; empty lines between them belong."""
    margin = len(head["margin"].expandtabs())
    at = end = head.end()
    while at < len(data) and (line := LINE.match(data, at)):
        if line["rest"].strip():
            if len(line["margin"].expandtabs()) <= margin:
                break
            end = line.end()
        at = line.end()
    return end
