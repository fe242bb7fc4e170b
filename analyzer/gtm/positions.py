"""JSON whose values know where they stand: the standard decoder's speed, with true byte offsets."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

BLOCK = 4096  # characters between two known byte offsets of a file that is not plain ASCII

_BLANK = re.compile(r"[ \t\n\r]*")
_LONE = re.compile("[\ud800-\udfff]")
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_PIECE = re.compile(
    r"[\x00-\x5b\x5d-\x7f]+"  # stands for itself, a byte a character
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # two halves of one character
    r"|\\u[0-9a-fA-F]{4}|\\.|.",
    re.S,
)

Path = tuple[str | int, ...]


class NotJson(Exception):
    """The text is no JSON from this character on; `cut` tells that it merely ends too early."""

    def __init__(self, what: str, at: int, cut: bool) -> None:
        super().__init__(what)
        self.what = what
        self.at = at
        self.cut = cut


@dataclass(frozen=True, slots=True)
class Node(ABC):
    """A value of a file, and where it stands there."""

    value: Any

    @property
    @abstractmethod
    def span(self) -> tuple[int, int]:
        """The bytes of the value, with its key where it has one."""

    def members(self) -> dict[str, Node]:
        """What an object holds; nothing for any other value."""
        return {}

    def elements(self) -> list[Node]:
        """What a list holds; nothing for any other value."""
        return []

    @abstractmethod
    def lift(self) -> Sequence[int]:
        """For a string: the file's byte offset of every byte of its UTF-8 text, and of its end."""

    def finditer(self, pattern: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
        """Where the pattern stands inside this value: its first group, and the bytes of it all."""
        return iter(())


@dataclass(frozen=True, slots=True)
class JsonNode(Node):
    """A value of a JSON document and the characters `start` to `end` that write it.

    `label` is where its key starts, for a member of an object, and equals `start` elsewhere.
    """

    document: Document
    label: int
    start: int
    end: int
    inside: dict[str, JsonNode] | list[JsonNode] | None = None

    @property
    def span(self) -> tuple[int, int]:
        return self.document.byte(self.label), self.document.byte(self.end)

    def members(self) -> dict[str, Node]:
        if isinstance(self.inside, dict):
            return dict(self.inside)
        if not isinstance(self.value, dict):
            return {}
        known = self.document.known
        if self.start not in known:  # a record is asked for its parts several times
            known[self.start] = dict(self.document.members(self.start))
        return dict(known[self.start])

    def elements(self) -> list[Node]:
        if isinstance(self.inside, list):
            return list(self.inside)
        if not isinstance(self.value, list):
            return []
        return list(self.document.elements(self.start))

    def lift(self) -> Sequence[int]:
        return self.document.lift(self.start, self.end)

    def finditer(self, pattern: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
        for found in pattern.finditer(self.document.text, self.start, self.end):
            yield found[1], self.document.byte(found.start()), self.document.byte(found.end())


class Document:
    """The text of a JSON file.

    Bytes that are no UTF-8 are kept apart while offsets are counted and read as the replacement
    character, as are halves of a character without their other half: neither can be written again.
    """

    def __init__(self, data: bytes) -> None:
        self.text = data.decode("utf-8", "surrogateescape")
        self._plain = data.isascii()
        self._broken = bool(_LONE.search(self.text) or _ESCAPED_HALF.search(self.text))
        self._decode = json.JSONDecoder(strict=False).raw_decode
        self.known: dict[int, dict[str, JsonNode]] = {}

    def root(self, opens: Callable[[Path], bool]) -> JsonNode:
        """The whole document; objects and lists whose path `opens` accepts carry their parts.

        Nothing is decoded twice: a part that is not opened is decoded at once, as a whole.
        """
        start = 1 if self.text.startswith("\ufeff") else 0
        return self._read(self._skip(start), (), opens)

    def rest(self, node: JsonNode) -> int | None:
        """Where something other than blanks follows the value."""
        at = self._skip(node.end)
        return at if at < len(self.text) else None

    def byte(self, at: int) -> int:
        """The byte offset of a character."""
        if self._plain:
            return at
        block = at // BLOCK
        return self._blocks[block] + _length(self.text[block * BLOCK : at])

    def members(
        self, at: int, path: Path = (), opens: Callable[[Path], bool] = lambda path: False
    ) -> Iterator[tuple[str, JsonNode]]:
        """The members of the object that starts here, each with its key."""
        at = self._skip(at + 1)
        while self._at(at) != "}":
            if self._at(at) != '"':
                raise self._error("a name in double quotes is missing", at)
            key, after = self._decoded(at)
            after = self._skip(after)
            if self._at(after) != ":":
                raise self._error("a colon is missing", after)
            node = self._read(self._skip(after + 1), (*path, key), opens, at)
            yield key, node
            at = self._next(node.end, "}")

    def elements(
        self, at: int, path: Path = (), opens: Callable[[Path], bool] = lambda path: False
    ) -> Iterator[JsonNode]:
        """The elements of the list that starts here."""
        at = self._skip(at + 1)
        number = 0
        while self._at(at) != "]":
            node = self._read(at, (*path, number), opens)
            yield node
            number += 1
            at = self._next(node.end, "]")

    def lift(self, start: int, end: int) -> Sequence[int]:
        """As `Node.lift`, for the string literal in characters `start` to `end`."""
        first, last = self.byte(start) + 1, self.byte(end) - 1
        raw = self.text[start + 1 : end - 1]
        if "\\" not in raw and raw.isascii():
            return range(first, last + 1)
        offsets = array("I")
        at = first
        for piece in _PIECE.findall(raw):
            width = _length(piece)
            if piece[0] == "\\":
                offsets.extend([at] * _length(self._scrubbed(json.loads(f'"{piece}"'))))
            elif piece.isascii():
                offsets.extend(range(at, at + width))
            else:
                offsets.extend([at] * _length(self._scrubbed(piece)))
            at += width
        offsets.append(last)
        return offsets

    def _read(
        self, at: int, path: Path, opens: Callable[[Path], bool], label: int | None = None
    ) -> JsonNode:
        label = at if label is None else label
        mark = self._at(at)
        if mark == "{" and opens(path):
            members = dict(self.members(at, path, opens))
            last = max((node.end for node in members.values()), default=at + 1)
            value = {key: node.value for key, node in members.items()}
            return JsonNode(value, self, label, at, self._skip(last) + 1, members)
        if mark == "[" and opens(path):
            elements = list(self.elements(at, path, opens))
            last = elements[-1].end if elements else at + 1
            return JsonNode(
                [each.value for each in elements], self, label, at, self._skip(last) + 1, elements
            )
        value, end = self._decoded(at)
        return JsonNode(value, self, label, at, end)

    def _decoded(self, at: int) -> tuple[Any, int]:
        try:
            value, end = self._decode(self.text, at)
        except json.JSONDecodeError as error:
            raise self._error(
                _plainly(error.msg), error.pos, error.msg.startswith("Unterminated")
            ) from error
        except ValueError as error:  # a number of thousands of digits
            raise self._error("a number is too long", at) from error
        return self._scrubbed(value), end

    def _next(self, at: int, close: str) -> int:
        """Past the comma after a value, or at the mark that closes its list or object."""
        at = self._skip(at)
        if self._at(at) == close:
            return at
        if self._at(at) != ",":
            raise self._error("a comma is missing", at)
        after = self._skip(at + 1)
        if self._at(after) == close:
            raise self._error("a comma has nothing after it", at)
        return after

    def _skip(self, at: int) -> int:
        found = _BLANK.match(self.text, at)
        return found.end() if found else at

    def _at(self, at: int) -> str:
        return self.text[at : at + 1]

    def _error(self, what: str, at: int, cut: bool = False) -> NotJson:
        return NotJson(what, at, cut or self._skip(at) >= len(self.text))

    def _scrubbed(self, value: Any) -> Any:
        if not self._broken:
            return value
        match value:
            case str():
                return _LONE.sub("\ufffd", value)
            case list():
                return [self._scrubbed(each) for each in value]
            case dict():
                return {self._scrubbed(key): self._scrubbed(each) for key, each in value.items()}
        return value

    @cached_property
    def _blocks(self) -> list[int]:
        offsets = [0]
        for at in range(0, len(self.text), BLOCK):
            offsets.append(offsets[-1] + _length(self.text[at : at + BLOCK]))
        return offsets


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def _plainly(message: str) -> str:
    """The decoder's complaint in words for a person who did not write the file by hand."""
    return _COMPLAINTS.get(
        message.removesuffix(" starting at").removesuffix(" at"), message[:1].lower() + message[1:]
    )


_COMPLAINTS = {
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
    "Unterminated string": "a text does not end",
    "Invalid \\escape:": "a backslash is followed by the wrong character",
    "Invalid \\escape: ": "a backslash is followed by the wrong character",
    "Invalid \\uXXXX escape": "a \\u escape is not complete",
    "Illegal trailing comma before end of object": "a comma has nothing after it",
    "Illegal trailing comma before end of array": "a comma has nothing after it",
}
