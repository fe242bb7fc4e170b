"""JavaScript's grammars: a script's text to its tree, and what of it is no JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from time import process_time

from tree_sitter import Language, Node, Parser, Point

from analyzer.model import Skip, Source
from analyzer.parse.budget import OFTEN, Budget
from analyzer.parse.budget import TooSlow as TooSlow
from analyzer.parse.scripts.mending import mended

PATIENCE = 0.2  # seconds for any script; a good one is parsed at ten megabytes a second
PER_BYTE = 1e-6  # seconds more for each byte
CHUNK = 64 * 1024  # bytes that the parser is handed at once
LOOKS = 64  # reports of the parser between two looks at the clock
MOST_NAMED = 3  # stretches that cannot be read whose lines are told


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


def parsed(data: bytes, dialect: str) -> Node:
    """The script's tree. Raises TooSlow where errors are so many that looking for a way around
    them takes the square of its size.

    Where there are errors, it is tried without what the grammar does not know.
    """
    root = _tree(data, dialect)
    if root.has_error and (second := mended(data, dialect)) is not None:
        with suppress(TooSlow):
            other = _tree(*second)
            if _broken(other) < _broken(root):
                return other
    return root


def _tree(data: bytes, dialect: str) -> Node:
    begun = process_time()
    patience = PATIENCE + PER_BYTE * len(data)
    view, budget, asked = memoryview(data), Budget(len(data)), 0

    def read(at: int, _: Point) -> memoryview:
        return view[at : at + CHUNK]

    def gives_up(_: int, __: bool) -> bool:
        nonlocal asked
        asked += 1
        if asked % LOOKS:  # to ask the clock costs more than what is done in between
            return False
        full = asked % OFTEN == 0 and budget.is_full()
        return full or process_time() - begun > patience

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
    """Say how many stretches are no JavaScript and where the first ones are, so that nobody takes
    the file for wholly read.
    """
    lines: list[tuple[int, int]] = []
    for node in broken_in(root):
        place = source.place(base + node.start_byte, base + node.end_byte)
        first, last = place.line, place.region.end_line
        if lines and first <= lines[-1][1]:  # one mistake makes several errors
            lines[-1] = lines[-1][0], max(last, lines[-1][1])
        else:
            lines.append((first, last))
    named = [f"{first}" if first == last else f"{first} to {last}" for first, last in lines]
    if len(lines) == 1:
        reason = f"{'lines' if ' ' in named[0] else 'line'} {named[0]} cannot be read as JavaScript"
    elif len(lines) <= MOST_NAMED:
        reason = f"lines {', '.join(named[:-1])} and {named[-1]} cannot be read as JavaScript"
    else:
        reason = (
            f"{len(lines)} stretches cannot be read as JavaScript, the first ones on lines"
            f" {', '.join(named[:MOST_NAMED])}"
        )
    return Skip(source.path, f"{reason}; the rest was read", lines[0][0], kind="partly")


def broken_in(root: Node) -> Iterator[Node]:
    """The outermost nodes that are no JavaScript, in the order of the text."""
    stack, found = [root], False
    while stack:
        node = stack.pop()
        if node.type == "ERROR" or node.is_missing:
            found = True
            yield node
        elif node.has_error:
            stack.extend(reversed(node.children))
    if not found:
        yield root
