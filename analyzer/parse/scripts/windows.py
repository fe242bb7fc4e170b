"""Where to look in a bundle that is too big to be read whole: around each anchor."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from time import process_time

from tree_sitter import Node

from analyzer.model import Value, Vocabulary
from analyzer.parse.prefilter import anchors
from analyzer.parse.scripts.grammar import TooSlow, parsed

LARGE = 2 * 1024 * 1024  # bytes of a script that is read around vendors' names first
TREE_LIMIT = 16 * 1024 * 1024  # bytes of a script that are parsed as one; memory grows 60-fold
BEFORE = (1024, 768, 512, 192, 48)  # bytes before an anchor at which a window may begin
AFTER = (2048, 8 * 1024, 96 * 1024)  # bytes behind it, until what holds the anchor closes
CONTEXT = 4096  # bytes around a call that are read with it, for the names and conditions in them
MOST_WINDOWS = 20_000
MOST_BYTES = 96 * 1024 * 1024  # bytes of all windows of a file together
PATIENCE = 1.0  # seconds for all windows of a file together
PER_BYTE = 1e-6  # seconds more for each of its bytes
MOST_STEPS = 4_000_000  # nodes passed on the way down to all anchors of a file

MOST_NAMES = 300  # names that are looked for in the whole script
SAME = 12  # bytes behind a name's sign of equality that must be the same everywhere

BOUNDARY = re.compile(rb"[;{}\n]")
ENOUGH = frozenset(
    {"call_expression", "assignment_expression", "new_expression", "variable_declarator", "pair"}
)


class TooMuch(Exception):
    """There are more places to look at than a script could have."""


def stretches(root: Node, data: bytes, vocabulary: Vocabulary) -> Iterator[Node]:
    """The parts of a big script's tree that hold an anchor and what stands around it; they do not
    overlap.

    Raises TooMuch when it gives up.
    """
    done, steps = 0, 0
    for at in sorted({start for start, _ in anchors(data, vocabulary)}):
        if steps > MOST_STEPS:
            raise TooMuch
        if at < done:
            continue
        small: Node | None = (
            None  # the largest part around the anchor that is no larger than wanted
        )
        call: Node | None = None  # the smallest one that says something
        cursor, node = root.walk(), root
        while cursor.goto_first_child_for_byte(at) is not None:
            steps += 1 + node.child_count // 64  # it looks at the children one by one
            if (inner := cursor.node) is None or inner.start_byte > at:
                break
            node = inner
            size = node.end_byte - node.start_byte
            if small is None and size <= CONTEXT and node.is_named:
                small = node
            if node.type in ENOUGH and size <= LARGE:
                call = node
        best = call if call is not None and call.end_byte - call.start_byte > CONTEXT else small
        if best is not None and best.start_byte >= done:
            done = best.end_byte
            yield best


class Parts:
    """The parts of a script's tree that are looked at."""

    def __init__(self, parts: Iterable[Node]) -> None:
        self.ranges = sorted((part.start_byte, part.end_byte) for part in parts)

    def holds(self, node: Node) -> bool:
        """Does a node stand in one of the parts?"""
        at = bisect_right(self.ranges, (node.start_byte, sys.maxsize)) - 1
        return at >= 0 and node.end_byte <= self.ranges[at][1]


class Settled(dict[str, Value]):
    """The names that windows set, for a script without a tree: the scope of none is known, so that
    a name counts only where all of the script sets it to the same.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data
        self.alike: dict[str, bool] = {}

    def get(self, name: str, default: Value = None) -> Value:  # type: ignore[override]
        value = super().get(name, default)
        if value is None or "." in name:
            return value
        if name not in self.alike:
            self.alike[name] = len(self.alike) < MOST_NAMES and self._is_set_alike(name)
        return value if self.alike[name] else default

    def _is_set_alike(self, name: str) -> bool:
        pattern = re.compile(
            rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\s{0,4}=(?![=>])\s{0,4}"
        )
        told: set[bytes] = set()
        for found in pattern.finditer(self.data):
            told.add(self.data[found.end() : found.end() + SAME])
            if len(told) > 1:
                return False
        return True


def windows(data: bytes, vocabulary: Vocabulary, dialect: str) -> Iterator[tuple[int, int]]:
    """The same for a script that is too big for a tree: offsets of parts that can be parsed alone.

    Raises TooMuch when it gives up.
    """
    reader = _Reader(data, dialect)
    done, seconds, patience = 0, 0.0, PATIENCE + PER_BYTE * len(data)
    for count, at in enumerate(sorted({start for start, _ in anchors(data, vocabulary)})):
        if count >= MOST_WINDOWS or reader.read > MOST_BYTES or seconds > patience:
            raise TooMuch
        if at < done:
            continue
        begun = process_time()
        start, end = reader.around(at, done)
        done = max(done, end)
        seconds += process_time() - begun
        if start < end:
            yield start, end


def stretch_around(data: bytes, at: int, dialect: str) -> tuple[int, int]:
    """The stretch around one place of a script that can be parsed alone; an empty one where nothing
    closes.
    """
    return _Reader(data, dialect).around(at, 0)


class _Reader:
    """Parses around anchors, and counts the bytes that this takes."""

    def __init__(self, data: bytes, dialect: str) -> None:
        self.data = data
        self.dialect = dialect
        self.read = 0

    def around(self, at: int, floor: int) -> tuple[int, int]:
        """The stretch to read around an anchor; an empty one that ends behind it where it is a
        comment.

        A window may begin inside a string, where everything is read wrongly: of several beginnings
        the one counts that leaves the fewest bytes before the anchor unread.
        """
        best: tuple[int, tuple[int, int]] | None = None
        for before in BEFORE:
            begin = _boundary(self.data, max(floor, at - before), at)
            for after in AFTER:
                end = min(len(self.data), at + after)
                self.read += end - begin
                try:
                    root = parsed(self.data[begin:end], self.dialect)
                except TooSlow:
                    return at, at + AFTER[0]
                node = root.descendant_for_byte_range(at - begin, at - begin + 1)
                found = (
                    _sensible(node, end - begin, end == len(self.data))
                    if node is not None
                    else None
                )
                if found is not None or end == len(self.data):
                    break
            if found is None:
                continue
            wrong = _wrong_before(root, at - begin)
            if best is None or wrong < best[0]:
                best = wrong, (begin + found[0], begin + found[1])
            if not wrong:
                break
        return best[1] if best is not None else (at, at)


def _boundary(data: bytes, start: int, at: int) -> int:
    """The first place from here on where a statement may begin."""
    found = BOUNDARY.search(data, start, at) if start else None
    return found.end() if found else start


def _sensible(node: Node, size: int, is_last: bool) -> tuple[int, int] | None:
    """The largest stretch around a node that closes inside its window and has no errors; nothing
    to read where the node is a comment; None where nothing closes."""
    if node.type == "comment":
        return node.end_byte, node.end_byte
    best: tuple[int, int] | None = None
    inner: Node | None = node
    while inner is not None and not inner.has_error and inner.parent is not None:
        closes = inner.end_byte < size or is_last
        if not closes or (best is not None and inner.end_byte - inner.start_byte > CONTEXT):
            break
        if best is not None or inner.type in ENOUGH:
            best = inner.start_byte, inner.end_byte
        inner = inner.parent
    return best


def _wrong_before(root: Node, at: int) -> int:
    """How many bytes before the anchor lie in stretches that are no JavaScript."""
    count, stack = 0, [root]
    while stack:
        node = stack.pop()
        if node.start_byte >= at or not node.has_error:
            continue
        if node.type == "ERROR":
            count += min(at, node.end_byte) - node.start_byte
        else:
            stack.extend(node.children)
    return count
