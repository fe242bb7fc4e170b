"""Which vendors' libraries stand in a script: told by texts that their vendors write into them.

Every text has to stand in code: a library has them in its functions, where a list of vendors has
them side by side in one table, and a snippet that is put into pages is one long text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import TypeAlias

from tree_sitter import Node

from analyzer.model import Library, Source, Vocabulary
from analyzer.parse.prefilter import engine_for
from analyzer.parse.scripts.evals import unpacked, without_map
from analyzer.parse.scripts.grammar import TooSlow, dialect_of, parsed
from analyzer.parse.scripts.windows import TREE_LIMIT, stretch_around
from analyzer.parse.values.document import Packaged, Part, Worded
from analyzer.parse.values.scope import FUNCTIONS, root_of

MOST_WORDS = 2_000  # places of one text of a function
PLAIN_NAME = re.compile(rb"[A-Za-z]\w*")
PART_OF_NAME = re.compile(rb"[\w$]{2}")
MOST_PLACES = 12  # of one text that are looked at: the first ones, and as many of the last
SPREAD = 0.1  # share of a stretch over which the texts lie where it holds nothing but the library
SMALL = 30_000  # bytes of a stretch that holds nothing else in any case
BESIDE = 0.25  # share of a file that may stand beside a library that is alone in it
TABLES = frozenset({"object", "array", "pair", "arguments", "string", "template_string"})
ACTS = FUNCTIONS | {"call_expression", "assignment_expression", "member_expression"}
MODULE_ENDS = 3_000  # bytes at either end of a file that show what it exports
MODULE_WORDS = frozenset({"import_statement", "export_statement"})
LEAST = 150  # bytes of a script; no library is shorter
Path: TypeAlias = tuple[Node, ...]
Libraries: TypeAlias = tuple[tuple[tuple[bytes, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A text of a library that stands in code, and the nodes around it, the outermost first."""

    text: bytes
    start: int
    end: int
    around: Path


@dataclass(frozen=True, slots=True)
class Stretch:
    """From where to where a library's code goes, and whether next to nothing else is there."""

    start: int
    end: int
    alone: bool = False


def facts_of(source: Source, vocabulary: Vocabulary) -> Iterator[Library]:
    """The libraries in a script file, of each product the one that fills most of it."""
    source = unpacked(source)
    data = without_map(source.data)
    hits = _hits(data, vocabulary.libraries)
    wanted = [
        groups
        for groups in vocabulary.libraries
        if any(all(text in hits for text in group) for group in groups)
    ]
    if not wanted:
        return
    script = _Script(source.path, data, hits)
    for groups in wanted:
        found = [known for group in groups if (known := script.library(group)) is not None]
        if found:
            best = max(found, key=lambda each: (each[1].alone, each[1].end - each[1].start))
            texts = frozenset(each.text.decode() for known in found for each in known[0])
            first = min(best[0], key=lambda each: each.start)
            yield Library(
                place=source.place(first.start, first.end),
                texts=texts,
                extent=source.place(best[1].start, best[1].end, "").region,
                alone=best[1].alone,
            )


def packaged_in(
    data: bytes, libraries: Sequence[Library], vocabulary: Vocabulary
) -> tuple[Packaged, ...]:
    """The packages whose libraries stand in a script, with the places of their texts."""
    texts = {text.encode() for library in libraries for text in library.texts}
    found: list[Packaged] = []
    for package, offers, groups in vocabulary.bundled:
        parts = tuple(_part(data, group) for group in groups if texts.issuperset(group))
        if parts:
            found.append(Packaged(package, offers, parts))
    return tuple(found)


def _part(data: bytes, group: Sequence[bytes]) -> Part:
    places = [[(at, at + len(text)) for at in _places(data, text)] for text in group]
    return Part(
        tuple(sorted(one for each in places for one in each)),
        max((min(each)[1] for each in places if each), default=0),
    )


def worded_in(
    data: bytes, libraries: Sequence[Library], vocabulary: Vocabulary
) -> tuple[Worded, ...]:
    """The functions of such packages whose texts stand in a script, with the places of those."""
    present = {text.encode() for library in libraries for text in library.texts}
    known: dict[bytes, tuple[int, ...]] = {}
    found: list[Worded] = []
    first: dict[str, set[int]] = {}  # places of what a vendor's library says, by its package
    for name, holds, calls, groups in vocabulary.worded:
        told = [text for group in groups if present.issuperset(group) for text in group]
        for text in (*holds, *calls) if told else ():
            if text not in known:
                known[text] = tuple(islice(_words_in(data, text), MOST_WORDS))
        if told and all(known[text] for text in (*holds, *calls)):
            marks = first.setdefault(root_of(name), {_mark(data, text) for text in told})
            marks.update(known[text][0] for text in holds if not PLAIN_NAME.fullmatch(text))
            own, inner = (tuple(known[text] for text in texts) for texts in (holds, calls))
            found.append(Worded(name, own, inner, ()))
    return tuple(replace(each, marks=tuple(sorted(first[root_of(each.name)]))) for each in found)


def _mark(data: bytes, text: bytes) -> int:
    """Where a library certainly stands: options have names that pages write, too."""
    if PLAIN_NAME.fullmatch(text):
        return data.find(text)
    end = data.rfind(b"/*") if data.rstrip().endswith(b"*/") else -1  # licences, at the end
    at = data.rfind(text, 0, end) if end > 0 else data.rfind(text)
    return at if at >= 0 else data.find(text)


def _words_in(data: bytes, text: bytes) -> Iterator[int]:
    """Where a text stands that is no part of a longer name."""
    at = data.find(text)
    while at >= 0:
        end = at + len(text)
        before, behind = data[at - 1 : at] + text[:1], text[-1:] + data[end : end + 1]
        if not (PART_OF_NAME.fullmatch(before) or PART_OF_NAME.fullmatch(behind)):
            yield at
        at = data.find(text, end)


def _places(data: bytes, text: bytes) -> Iterator[int]:
    at = data.find(text)
    for _ in range(MOST_PLACES):
        if at < 0:
            return
        yield at
        at = data.find(text, at + len(text))
    yield data.rfind(text)  # behind it the library may end


def _hits(data: bytes, libraries: Libraries) -> Mapping[bytes, list[int]]:
    """Where each text stands, in no order."""
    found: dict[bytes, list[int]] = {}
    if libraries and len(data) >= LEAST:
        for start, end in engine_for(_words(libraries))(data):
            found.setdefault(data[start:end], []).append(start)
    return found


@cache
def _words(libraries: Libraries) -> tuple[bytes, ...]:
    return tuple(sorted({text for groups in libraries for group in groups for text in group}))


class _Script:
    """One script, parsed when the first library asks."""

    def __init__(self, path: str, data: bytes, hits: Mapping[bytes, list[int]]) -> None:
        self.data = data
        self.hits = hits
        self.dialect = dialect_of(path)
        self.root: Node | None = None
        self.known: dict[bytes, tuple[Evidence, ...]] = {}
        if len(self.data) <= TREE_LIMIT:
            with suppress(TooSlow):
                self.root = parsed(self.data, self.dialect)

    def library(self, group: Sequence[bytes]) -> tuple[list[Evidence], Stretch] | None:
        """The evidence for a library, and where it lies; None where a text is not in the code."""
        found: list[Evidence] = []
        for text in group:
            if text not in self.hits:
                return None
            if text not in self.known:
                self.known[text] = tuple(self._in_code(text))
            if not self.known[text]:
                return None
            found.extend(self.known[text])
        if all(_is_listed(each.around) for each in found):
            return None
        first = min(each.start for each in found)
        last = max(each.end for each in found)
        if self.root is None:
            return found, Stretch(first, last)
        if len({each.around[-1].id for each in found}) < 2:
            return None
        common = _common([each.around for each in found])
        inside = len(common)
        acts = [any(node.type in FUNCTIONS for node in each.around[inside:]) for each in found]
        in_functions = any(node.type in FUNCTIONS for node in common) or any(acts)
        if not in_functions or (common[-1].type in TABLES and not any(acts)):
            return None
        return found, _stretch(self.data, common, first, last)

    def _in_code(self, text: bytes) -> Iterator[Evidence]:
        places = sorted(self.hits[text])
        if len(places) > 2 * MOST_PLACES:
            places = [*places[:MOST_PLACES], *places[-MOST_PLACES:]]
        for start in places:
            end = start + len(text)
            path = self._path(start, end)
            if path and not any(node.type == "comment" for node in path):
                yield Evidence(text, start, end, path)

    def _path(self, start: int, end: int) -> Path:
        """The nodes around two offsets; in a script that is too big for one tree, those that are
        in reach, and none where nothing happens there.
        """
        if self.root is not None:
            return _nodes(self.root, start, end)
        begin, close = stretch_around(self.data, start, self.dialect)
        if not begin <= start < end <= close:
            return ()
        try:
            root = parsed(self.data[begin:close], self.dialect)
        except TooSlow:
            return ()
        path = _nodes(root, start - begin, end - begin)
        return path if any(node.type in ACTS for node in path) else ()


def _nodes(root: Node, start: int, end: int) -> Path:
    """The nodes that hold two offsets, from the outermost to the innermost."""
    path, cursor = [root], root.walk()
    while cursor.goto_first_child_for_byte(start) is not None:
        node = cursor.node
        if node is None or node.start_byte > start or node.end_byte < end:
            break
        path.append(node)
    return tuple(path)


def _is_listed(path: Path) -> bool:
    """Does a text stand in a plain list of texts?"""
    return any(
        node.type == "array"
        and node.named_child_count > 1
        and all(each.type == "string" for each in node.named_children[:8])
        for node in path
    )


def _common(paths: Sequence[Path]) -> Path:
    """The nodes that hold all of some places."""
    shortest = min(map(len, paths))
    for depth in range(shortest):
        if len({path[depth].id for path in paths}) > 1:
            return paths[0][:depth]
    return paths[0][:shortest]


def _stretch(data: bytes, common: Path, first: int, last: int) -> Stretch:
    """Where a library's code lies: the widest part of the script in which its texts are spread out,
    else the parts that hold them.
    """
    root = common[0]
    for depth, node in enumerate(common):
        size = node.end_byte - node.start_byte
        is_part = depth < 2 or node.type in FUNCTIONS
        if is_part and (size <= SMALL or last - first >= SPREAD * size):
            if depth == 0 and _is_module(root, data):
                return Stretch(0, len(data), alone=True)
            start, end = node.start_byte, node.end_byte
            if depth == 0:  # a site puts its own code behind the library
                end = _holding(node, first, last)[1]
            return Stretch(start, end, alone=_beside(root, start, end) <= BESIDE * (end - start))
    return Stretch(*_holding(common[-1], first, last))


def _is_module(root: Node, data: bytes) -> bool:
    """Is the file a module, all of which somebody imports?"""
    if any(each.type in MODULE_WORDS for each in root.named_children):
        return True
    return b"exports" in data[:MODULE_ENDS] or b"exports" in data[-MODULE_ENDS:]


def _holding(node: Node, first: int, last: int) -> tuple[int, int]:
    """From where to where the children of a node go that hold two offsets."""
    held = [
        each for each in node.named_children if each.end_byte > first and each.start_byte < last
    ]
    return (held[0].start_byte, held[-1].end_byte) if held else (first, last)


def _beside(root: Node, start: int, end: int) -> int:
    """How many bytes of code stand outside of two offsets."""
    code = (each for each in root.named_children if each.type != "comment")
    return sum(each.end_byte - each.start_byte for each in code) - (end - start)
