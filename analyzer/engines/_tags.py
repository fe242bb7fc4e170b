"""Start tags of components: attributes whose values are expressions, in quotes or in braces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.engines._scan import Scanner

NAME = re.compile(rb"[A-Za-z][^\s<>/{}\"'=]*+")
ATTRIBUTE = re.compile(rb"[^\s\"'<>/={}`]++")
GAP = re.compile(rb"[\s/]*+")
EQUALS = re.compile(rb"\s*+=\s*+")
BARE = re.compile(rb"[^\s\"'<>`]++")
MOST = 2_000  # attributes of one tag
FEW = 40  # attributes that are read of each tag in a file
PATIENCE = 100_000  # in which so many stood in tags that never end


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute from `start` to `end`; `value` lies between its marks.

    `form` is the mark around the value: a quote, a brace, or nothing. What stands in braces
    alone, as `{...rest}` and `{src}` do, has no name.
    """

    name: str
    start: int
    end: int
    value: tuple[int, int] | None = None
    form: bytes = b""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag with its offsets; `single` tells that it closes itself."""

    name: str
    start: int
    end: int
    attributes: tuple[Attribute, ...]
    single: bool

    def get(self, *names: str) -> Attribute | None:
        return next((each for each in self.attributes if each.name in names), None)


class Tags:
    """Reads the start tags of one file; with `braces` a value may be an expression in braces."""

    def __init__(self, data: bytes, scanner: Scanner, braces: bool) -> None:
        self.data = data
        self.scanner = scanner
        self.braces = braces
        self._gone: set[bytes] = set()  # marks that no later byte is
        self._patience = PATIENCE

    def at(self, start: int) -> Tag | None:
        """The tag that begins here, or None where it never ends."""
        data = self.data
        named = NAME.match(data, start + 1)
        if named is None:
            return None
        found: list[Attribute] = []
        at = named.end()
        most = MOST if self._patience > 0 else FEW
        while len(found) < most:
            at = gap_end(data, at)
            sign = data[at : at + 1]
            if sign in (b"", b"<"):
                break
            if sign == b">":
                name = named[0].decode("utf-8", "replace")
                single = data[at - 1 : at] == b"/"
                return Tag(name, start, at + 1, tuple(found), single)
            attribute = self._attribute(at)
            if attribute is None:
                at += 1
            else:
                found.append(attribute)
                at = attribute.end
        self._patience -= len(found)
        return None

    def _attribute(self, at: int) -> Attribute | None:
        if self.data[at : at + 1] == b"{":
            end = self._closing(at)
            return Attribute("", at, end + 1, (at + 1, end), b"{") if end >= 0 else None
        named = ATTRIBUTE.match(self.data, at)
        if named is None:
            return None
        name = named[0].decode("utf-8", "replace")
        equals = EQUALS.match(self.data, named.end())
        if equals is None:
            return Attribute(name, at, named.end())
        begins = equals.end()
        mark = self.data[begins : begins + 1]
        if mark in (b'"', b"'") or (mark == b"`" and self.braces):
            end = self._quote(mark, begins + 1)
        elif mark == b"{" and self.braces:
            end = self._closing(begins)
        else:
            bare = BARE.match(self.data, begins)
            end = bare.end() if bare else begins
            if self.data[end - 1 : end + 1] == b"/>":
                end -= 1
            return Attribute(name, at, end, (begins, end))
        if end < 0:
            return Attribute(name, at, named.end())
        return Attribute(name, at, end + 1, (begins + 1, end), mark)

    def _closing(self, at: int) -> int:
        if not self.braces or self.scanner.patience <= 0:
            return -1
        return self.scanner.closing(at + 1, len(self.data))

    def _quote(self, mark: bytes, at: int) -> int:
        """Where a quoted value ends; an expression in braces may hold the same quotes."""
        while mark not in self._gone:
            end = self.data.find(mark, at)
            if end < 0:
                self._gone.add(mark)
                break
            brace = self.data.find(b"{", at, end) if self.braces and mark != b"`" else -1
            closing = self._closing(brace) if brace >= 0 else -1
            if closing < end:
                return end
            at = closing + 1
        return -1


def gap_end(data: bytes, at: int) -> int:
    """Where white space and slashes end."""
    found = GAP.match(data, at)
    return found.end() if found else at
