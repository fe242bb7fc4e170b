"""Calls in a stretch that cannot be read as JavaScript: each is read from the line it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from tree_sitter import Node

from analyzer.model import Vocabulary
from analyzer.parse.prefilter import anchors
from analyzer.parse.scripts.grammar import TooSlow, broken_in, parsed

MOST = 200  # anchors in broken stretches of a script that are looked at
REACH = 4_096  # bytes behind the beginning of a line that are read with it
SMALLEST = 8  # bytes of a stretch that could hold a call
LARGEST = 2 * 1024 * 1024  # bytes of all of them together
NO_CODE = frozenset(
    {"comment", "html_comment", "string", "string_fragment", "template_string", "regex_pattern"}
)
ENOUGH = frozenset({"call_expression", "assignment_expression", "new_expression"})


def rescued(
    data: bytes, root: Node, vocabulary: Vocabulary, dialect: str
) -> Iterator[tuple[int, Node]]:
    """The calls and assignments around the vendors' names in broken stretches, each in a tree of
    its own that begins at an offset.
    """
    left, size = MOST, LARGEST
    for stretch in broken_in(root) if root.has_error else ():
        start, end = stretch.start_byte, stretch.end_byte
        size -= end - start
        if end - start < SMALLEST or size < 0:
            continue
        done = start
        for at in sorted({start + first for first, _ in anchors(data[start:end], vocabulary)}):
            if at < done or not left or _is_no_code(root, at):
                continue
            left -= 1
            begin = max(done, data.rfind(b"\n", 0, at) + 1)
            found = _around(data[begin : min(end, begin + REACH)], at - begin, dialect)
            if found is not None:
                done = begin + found.end_byte
                yield begin, found


def _is_no_code(root: Node, at: int) -> bool:
    node = root.descendant_for_byte_range(at, at + 1)
    return node is not None and node.type in NO_CODE


def _around(data: bytes, at: int, dialect: str) -> Node | None:
    """The largest part around an offset that says something and has no errors."""
    best: Node | None = None
    with suppress(TooSlow):
        node = parsed(data, dialect).descendant_for_byte_range(at, at + 1)
        while node is not None and not node.has_error and node.end_byte < len(data):
            if node.type in NO_CODE:
                return None
            best = node if node.type in ENOUGH else best
            node = node.parent
    return best
