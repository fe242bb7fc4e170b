"""What the makers of edits have at hand: the site, the files, and the tree of a call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tree_sitter import Node, Parser

from analyzer.model import Call, Edit, Finding, Place, Region, Site, Source, Tracker
from analyzer.parse.grammar import dialect_of, language
from analyzer.signatures import Signatures

LARGEST = 2_000_000  # bytes of a file that is edited: what is larger was built, not written
LONGEST_LINE = 2_000  # characters: a longer line was written by no person either


@dataclass(slots=True)
class Desk:
    """The site with its vendors' files, and the bytes of its sources, read when asked for."""

    site: Site
    signatures: Signatures
    read: Callable[[str], bytes | None]
    sources: dict[str, Source | None] = field(default_factory=dict)

    def source(self, path: str) -> Source | None:
        """A file that people write, or None for one that is too large, not text, or not there."""
        if path not in self.sources:
            data = self.read(path)
            fits = data is not None and len(data) <= LARGEST and _is_written(data)
            self.sources[path] = Source(path, data) if data is not None and fits else None
        return self.sources[path]

    def trackers(self, finding: Finding) -> Iterator[Tracker]:
        """The trackers of the snippet that a finding is about; a container's tag is no source."""
        if finding.tag is not None:
            return
        heads = {
            each.group
            for each in self.site.trackers
            if each.vendor == finding.vendor and each.place == finding.place
        }
        yield from (each for each in self.site.trackers if each.group in heads)


@dataclass(frozen=True, slots=True)
class CallText:
    """A call as its file writes it: the tree of its text, and where that begins in the file."""

    source: Source
    start: int
    data: bytes
    node: Node

    @property
    def arguments(self) -> list[Node]:
        found = self.node.child_by_field_name("arguments")
        return [each for each in found.named_children if each.type != "comment"] if found else []

    def edit(self, at: int, text: str, end: int | None = None) -> Edit:
        """Put text in the place of the call's bytes from `at` to `end`."""
        return edit(self.source, self.start + at, self.start + (at if end is None else end), text)


def call_text(desk: Desk, tracker: Tracker) -> CallText | None:
    """The call behind a tracker, where the file holds it as it was read: not in a string of another
    language, and without template tags that hide its shape.
    """
    fact = tracker.detection.fact
    source = desk.source(tracker.place.path)
    if not isinstance(fact, Call) or source is None:
        return None
    start, end = offset(source, fact.place, False), offset(source, fact.place, True)
    data = source.data[start:end]
    parser = Parser(language(dialect_of(source.path)))
    node = parser.parse(data).root_node
    while node.type in ("program", "expression_statement") and node.named_child_count == 1:
        node = node.named_children[0]
    if node.has_error or node.type not in ("call_expression", "new_expression"):
        return None
    return CallText(source, start, data, node) if node.end_byte == len(data) else None


def offset(source: Source, place: Place, at_end: bool) -> int:
    """The byte at which a place begins, or that follows it."""
    region = place.region
    line, column = (region.end_line, region.end_column) if at_end else (region.line, region.column)
    start = 0
    for _ in range(line - 1):
        start = source.data.find(b"\n", start) + 1
    end = source.data.find(b"\n", start)
    text = source.data[start : end if end >= 0 else None].decode("utf-8", "replace")
    if start == 0 and text.startswith("\ufeff"):
        return len(text[:column].encode())
    return start + len(text[: column - 1].encode())


def edit(source: Source, start: int, end: int, text: str) -> Edit:
    """Put text in the place of a file's bytes."""
    region: Region = source.place(start, end, "").region
    return Edit(source.path, region, text)


def indentation(source: Source, at: int) -> str:
    """The blanks before the first sign of a line."""
    start = source.data.rfind(b"\n", 0, at) + 1
    line = source.data[start:at].decode("utf-8", "replace")
    return line[: len(line) - len(line.lstrip())]


def _is_written(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return max(map(len, text.split("\n")), default=0) <= LONGEST_LINE
