"""Where to look in a bundle that is too big to parse whole: from each anchor until its call closes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Parser

from analyzer.model import Vocabulary
from analyzer.parse.prefilter import anchors

WHOLE_LIMIT = 2 * 1024 * 1024  # bytes of a script that are parsed as one; memory grows 60-fold
FIRST, LARGEST = 384, 96 * 1024  # bytes of a window, grown four times until the call closes
MOST_WINDOWS = 20_000

CHAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.")
# Comments and strings as whole tokens, so that an anchor inside one is not taken for code.
OPAQUE = re.compile(
    rb"""//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'""", re.S)


def windows(data: bytes, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Stretches of a big script that hold a call of a wanted name; they do not overlap."""
    from analyzer.parse.javascript import language

    parser = Parser(language("javascript"))
    done = 0
    for count, at in enumerate(sorted({start for start, _ in anchors(data, vocabulary)})):
        if count >= MOST_WINDOWS:
            return
        if at < done or _is_in_comment(data, at):
            continue
        start = _statement_start(data, at, done)
        size = FIRST
        while size <= LARGEST:
            end = min(len(data), at + size)
            node = parser.parse(data[start:end]).root_node.descendant_for_byte_range(at - start, at - start + 1)
            while node is not None and node.type not in ("call_expression", "assignment_expression", "new_expression"):
                node = node.parent
            if node is not None and (start + node.end_byte < end or end == len(data)):
                yield start, start + node.end_byte
                done = start + node.end_byte
                break
            if end == len(data):
                yield start, end
                done = end
                break
            size *= 4


def _statement_start(data: bytes, at: int, floor: int) -> int:
    """The start of the member chain around the anchor, or of the statement when it lies in a string."""
    start = at
    while start > floor and data[start - 1] in CHAIN:
        start -= 1
    if data[start - 1:start] in (b'"', b"'", b"`", b"/", b":", b"-"):
        back = max(floor, start - 2048)
        return max(back, *(data.rfind(mark, back, start) + 1 for mark in (b";", b"{", b"}", b"\n", b",")))
    return start


def _is_in_comment(data: bytes, at: int) -> bool:
    """Does the anchor lie in a comment on its own line, or in one that opened just before?"""
    begin = max(0, at - 4096, data.rfind(b"\n", 0, at) + 1)
    for token in OPAQUE.finditer(data, begin, min(len(data), at + 1)):
        if token[0][:1] == b"/" and token.start() < at < token.end():
            return True
    opened, closed = data.rfind(b"/*", 0, at), data.rfind(b"*/", 0, at)
    return opened > closed and b"*/" not in data[opened:at] and at - opened < 20_000
