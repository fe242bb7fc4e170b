"""What the makers of edits have at hand: the site, the files, and the tree of a call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tree_sitter import Node, Parser

from analyzer.model import Call, Edit, Finding, Place, Region, Site, Source, Tracker
from analyzer.parse.scripts.grammar import dialect_of, language
from analyzer.signatures import Signatures

LARGEST = 2_000_000  # bytes of a file that is edited: what is larger was built, not written
COMMENT_LINES = re.compile(rb"(?:^[ \t]*//[^\n]*(?:\n|\Z)\s*)+\Z", re.M)
AFTER_CALL = re.compile(rb";?[ \t]*(?://.*)?\r?")
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
        every = (*self.site.trackers, *self.site.others)
        heads = {
            each.group
            for each in every
            if each.vendor == finding.vendor
            and finding.place in (each.place, *(one.place for one in each.detection.switches))
        }
        yield from (each for each in every if each.group in heads)


@dataclass(frozen=True, slots=True)
class CallText:
    """A call as its file writes it: the tree of its text, and where that begins in the file."""

    source: Source
    start: int
    data: bytes
    node: Node
    callee: str = ""

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
    return _parsed(source, start, source.data[start:end], fact.callee)


def changed(text: CallText, start: int, end: int, new: str) -> CallText | None:
    """The call with other bytes in the place of some; None where that is no call any more."""
    data = text.data[:start] + new.encode() + text.data[end:]
    return _parsed(text.source, text.start, data, text.callee)


def _parsed(source: Source, start: int, data: bytes, callee: str) -> CallText | None:
    node = Parser(language(dialect_of(source.path))).parse(data).root_node
    while node.type in ("program", "expression_statement") and node.named_child_count == 1:
        node = node.named_children[0]
    if node.has_error or node.type not in ("call_expression", "new_expression"):
        return None
    return CallText(source, start, data, node, callee) if node.end_byte == len(data) else None


def stands_alone(text: CallText) -> bool:
    """Is the call a statement of its own line, which may have another one before or behind it?

    Below a line that ends with `if (...)` or `=>` it is the whole of what that decides.
    """
    data, end = text.source.data, text.start + len(text.data)
    line = data.rfind(b"\n", 0, text.start) + 1
    before = COMMENT_LINES.sub(b"", data[:line].rstrip()).rstrip()
    after = data[end : data.find(b"\n", end) if data.find(b"\n", end) >= 0 else len(data)]
    return (
        not data[line : text.start].strip()
        and bool(AFTER_CALL.fullmatch(after))
        and (not before or before[-1:] in b";{}>")
        and not before.endswith(b"=>")
    )


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
    """Put text in the place of a file's bytes, with line breaks as the file has them."""
    if b"\r\n" in source.data:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
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
