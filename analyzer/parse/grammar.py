"""JavaScript's grammars: a script's text to its tree, and what of it is no JavaScript."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from time import process_time

from tree_sitter import Language, Node, Parser, Point

from analyzer.model import Skip, Source

PATIENCE = 0.2  # seconds for any script; a good one is parsed at ten megabytes a second
PER_BYTE = 1e-6  # seconds more for each byte
CHUNK = 64 * 1024  # bytes that the parser is handed at once
AMPERSAND = re.compile(rb"(?<!&)&(?![&=]|#?\w+;)")


@cache
def language(dialect: str) -> Language:
    """The grammar of a dialect: javascript (with JSX), typescript or tsx."""
    import tree_sitter_javascript  # here: most pages are read without a grammar
    import tree_sitter_typescript

    if dialect == "typescript":
        return Language(tree_sitter_typescript.language_typescript())
    if dialect == "tsx":
        return Language(tree_sitter_typescript.language_tsx())
    return Language(tree_sitter_javascript.language())


def dialect_of(path: str) -> str:
    """The dialect by the file's name."""
    low = path.lower()
    if low.endswith((".ts", ".mts", ".cts")):
        return "typescript"
    return "tsx" if low.endswith(".tsx") else "javascript"


class TooSlow(Exception):
    """A script whose errors are so many that looking for a way around them takes its square.

    `count` tells how often that was said: a machine with less to do may read more of the file.
    """

    count = 0

    def __init__(self) -> None:
        super().__init__()
        TooSlow.count += 1


def parsed(data: bytes, dialect: str) -> Node:
    """The script's tree. Raises TooSlow.

    The grammar takes `Terms & Conditions` between tags for an error, which may cost it the whole
    page: where there are errors, it is tried without such signs.
    """
    root = _tree(data, dialect)
    if (
        root.has_error
        and dialect != "typescript"
        and b"&" in data
        and (b"</" in data or b"/>" in data)
    ):
        with suppress(TooSlow):
            other = _tree(AMPERSAND.sub(b"_", data), dialect)
            if _broken(other) < _broken(root):
                return other
    return root


def _tree(data: bytes, dialect: str) -> Node:
    begun = process_time()
    patience = PATIENCE + PER_BYTE * len(data)
    view = memoryview(data)

    def read(at: int, _: Point) -> memoryview:
        return view[at : at + CHUNK]

    def gives_up(_: int, __: bool) -> bool:
        return process_time() - begun > patience

    try:
        return Parser(language(dialect)).parse(read, progress_callback=gives_up).root_node
    except ValueError:
        raise TooSlow from None


def _broken(root: Node) -> int:
    """How many bytes lie in stretches that are no JavaScript."""
    count, stack = 0, [root]
    while stack:
        node = stack.pop()
        if node.type == "ERROR" or node.is_missing:
            count += 1 + node.end_byte - node.start_byte
        elif node.has_error:
            stack.extend(node.children)
    return count


def broken(source: Source, root: Node, base: int) -> Skip:
    """Name the first stretch that is no JavaScript, so that nobody takes the file for wholly
    read.
    """
    node = root
    while True:
        inner = next(
            (
                child
                for child in node.children
                if child.type == "ERROR" or child.is_missing or child.has_error
            ),
            None,
        )
        if inner is None or node.type == "ERROR":
            break
        node = inner
    place = source.place(base + node.start_byte, base + node.end_byte)
    last = place.region.end_line
    lines = f"line {place.line}" if last == place.line else f"lines {place.line} to {last}"
    reason = f"{lines} cannot be read as JavaScript; the rest was read"
    return Skip(place.path, reason, place.line, kind="partly")
