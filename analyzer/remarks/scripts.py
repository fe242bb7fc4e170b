"""Comments of JavaScript and TypeScript, as the grammar tells them from strings and JSX."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from analyzer.parse.scripts.grammar import TooSlow, parsed
from analyzer.remarks import code
from analyzer.remarks.record import Remark

LARGEST = 2_000_000  # bytes of a script that people write
COMMENTS = ("comment", "html_comment")


def remarks(data: bytes, dialect: str) -> Iterator[Remark]:
    """The comments of a script, in order."""
    root = _tree(data, dialect)
    if root is None:  # hardly a script that people write comments in; read it as well as may be
        yield from code.remarks(data, code.C_LIKE)
        return
    for node in _comments(root):
        start, end = node.start_byte, node.end_byte
        if data.startswith(b"/*", start):
            yield Remark(start, end, start + 2, max(start + 2, end - 2))
        elif data.startswith(b"<!--", start):
            yield Remark(start, end, start + 4, end, block=False)
        else:
            yield Remark(start, end, start + 2, end, block=False)


def _tree(data: bytes, dialect: str) -> Node | None:
    if len(data) > LARGEST:
        return None
    try:
        return parsed(data, dialect)
    except TooSlow:
        return None


def _comments(root: Node) -> Iterator[Node]:
    """The grammar's own queries take the square of a script's depth; this walk does not."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and node.type in COMMENTS:
            yield node
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while cursor.goto_parent():
            if cursor.goto_next_sibling():
                break
        else:
            return
