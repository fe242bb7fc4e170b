"""JavaScript's grammars: a script's text to its tree, and what of it is no JavaScript."""

from __future__ import annotations

import re
from functools import cache

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from analyzer.model import Skip, Source

AMPERSAND = re.compile(rb"(?<!&)&(?![&=]|#?\w+;)")


@cache
def language(dialect: str) -> Language:
    """The grammar of a dialect: javascript (with JSX), typescript or tsx."""
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


def parsed(data: bytes, dialect: str) -> Node:
    """The script's tree. The grammar takes `Terms & Conditions` between tags for an error, which
    may cost it the whole page: where there are errors, it is tried without such signs."""
    parser = Parser(language(dialect))
    root = parser.parse(data).root_node
    if (
        root.has_error
        and dialect != "typescript"
        and b"&" in data
        and (b"</" in data or b"/>" in data)
    ):
        other = parser.parse(AMPERSAND.sub(b"_", data)).root_node
        if _broken(other) < _broken(root):
            return other
    return root


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
