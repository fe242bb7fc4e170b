"""Slim as flat markup: lines and their depth become elements, Ruby becomes tags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.engines._flat import VOID
from analyzer.engines._indented import (
    MIDDLE,
    Indented,
    Line,
    Opened,
    attribute,
    balanced,
    end_of_string,
    text,
)

NAME = re.compile(rb"(?P<name>[a-zA-Z][\w-]*(?::[\w-]+)*)")
SHORT = re.compile(rb"(?P<sign>[.#@])(?P<name>[\w:-]+)")
EMBEDDED = re.compile(rb"(?P<name>[a-z]+):\s*$")
OUTPUT = re.compile(rb"={1,2}[<>']{0,2}(?=[ \t]|[^=<>'])")
ATTRIBUTE = re.compile(rb"[ \t\n]*(?P<name>[\w:@.-]+)[ \t]*={1,2}(?!=)[ \t]*")
ALONE = re.compile(rb"[ \t\n]*(?P<name>[\w:@.-]+)")
SPLAT = re.compile(rb"[ \t\n]*\*(?=[\w@{])")
WRAPPERS = {b"(": b")", b"[": b"]", b"{": b"}"}
DEEPEST = 20  # elements inside of each other on one line


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The file as flat markup."""
    return _Slim(data).run()


class _Slim(Indented):
    def line(self, line: Line) -> None:
        data, start = self.data, line.start
        if self.open and self.open[-1].raw and line.depth > self.open[-1].depth:
            self.raw(line, self.open[-1].raw)
            return
        self.close(line.depth, start, bool(MIDDLE.match(data, start, line.end)))
        head = data[start : start + 1]
        if head in (b"|", b"'"):
            text(self.flat, start + 1, line.end)
            self.open.append(Opened(line.depth, raw="text"))
        elif head == b"/":
            self._comment(line)
        elif head == b"-":
            self._code(start, start + 1, line, False)
        elif head == b"=" and (said := OUTPUT.match(data, start, line.end)):
            self._code(start, said.end(), line, True)
        elif head == b"<":
            text(self.flat, start, line.end)
        elif data.startswith(b"doctype", start):
            self.flat.write(b"<!doctype html>", start)
        elif said := EMBEDDED.match(data, start, line.end):
            self.embedded(line, said["name"])
        elif NAME.match(data, start, line.end) or SHORT.match(data, start, line.end):
            self._element(line, start, b"", 0)
        else:
            text(self.flat, start, line.end)

    # ------------------------------------------------------------ code

    def _code(self, start: int, code: int, line: Line, shows: bool, closing: bytes = b"") -> None:
        """Ruby up to the end of its line, or of the lines that it goes on to."""
        data, end = self.data, line.end
        while data[end - 1 : end] in (b",", b"\\") and end - line.start < 20_000:
            following = data.find(b"\n", end)
            if following < 0:
                break
            stop = data.find(b"\n", following + 1)
            stop = len(data) if stop < 0 else stop
            if not data[following:stop].strip():
                break
            end = following + len(data[following:stop].rstrip())
            self.behind = max(self.behind, stop)
        before = len(self.tags.open)
        self.tags.code(start, end, (code, end), shows)
        if len(self.tags.open) > before:
            self.open.append(Opened(line.depth, closing, code=True))
        else:
            self.flat.write(closing, end)

    # ------------------------------------------------------------ elements

    def _element(self, line: Line, start: int, closing: bytes, depth: int) -> None:
        """An element, and what stands behind it on its line; `closing` ends those around it."""
        data, at = self.data, start
        name = b"div"
        if said := NAME.match(data, at, line.end):
            name, at = said["name"], said.end()
        names: dict[bytes, list[tuple[int, int]]] = {}
        while said := SHORT.match(data, at, line.end):
            names.setdefault(said["sign"], []).append((said.start("name"), said.end("name")))
            at = said.end()
        self.flat.write(b"<" + name, start)
        for sign, key in ((b"#", b"id"), (b".", b"class")):
            for number, span in enumerate(names.get(sign, [])):
                self.flat.write(b" " if number else b" " + key + b'="', span[0])
                self.flat.keep(*span)
            if sign in names:
                self.flat.write(b'"', names[sign][-1][1])
        while data[at : at + 1] in (b"<", b">") and at < line.end:
            at += 1
        at, end = self._attributes(line, at)
        line = Line(line.depth, line.start, end)
        empty = data[at : at + 1] == b"/"
        self.flat.write(b">", max(start, at - 1))
        if empty or name.lower() in VOID:
            self._end_with(line, closing)
            return
        closing = b"</" + name + b">" + closing
        behind = at
        while data[behind : behind + 1] in (b" ", b"\t") and behind < end:
            behind += 1
        if behind >= end:
            self.open.append(Opened(line.depth, closing))
        elif said := OUTPUT.match(data, behind, end):
            self._code(behind, said.end(), line, True, closing)
        elif data[at : at + 1] == b":" and depth < DEEPEST:
            inner = at + 1
            while data[inner : inner + 1] in (b" ", b"\t") and inner < end:
                inner += 1
            if data[inner : inner + 1] == b"=" and (said := OUTPUT.match(data, inner, end)):
                self._code(inner, said.end(), line, True, closing)
            elif NAME.match(data, inner, end) or SHORT.match(data, inner, end):
                self._element(line, inner, closing, depth + 1)
            else:
                self._end_with(line, closing)
        else:
            text(self.flat, behind, end)
            self.open.append(Opened(line.depth, closing, raw="text"))

    def _end_with(self, line: Line, closing: bytes) -> None:
        if closing:
            self.open.append(Opened(line.depth, closing))

    def _attributes(self, line: Line, at: int) -> tuple[int, int]:
        """The attributes that stand at this offset: where they end, and their last line does."""
        data, end = self.data, line.end
        start = at
        while data[start : start + 1] in (b" ", b"\t") and start < end:
            start += 1
        opening = data[start : start + 1]
        if opening in WRAPPERS and start < end:
            behind = balanced(data, start)
            if self._listed(start + 1, behind - 1, True) >= 0:
                stop = data.find(b"\n", behind)
                stop = len(data) if stop < 0 else stop
                if behind > end:
                    self.behind = max(self.behind, behind)
                    end = behind + len(data[behind:stop].rstrip())
                return behind, end
        return max(at, self._listed(at, end, False)), end

    def _listed(self, at: int, end: int, wrapped: bool) -> int:
        data = self.data
        while at < end:
            if splat := SPLAT.match(data, at, end):
                at = self._end_of_value(splat.end(), end)
                continue
            said = ATTRIBUTE.match(data, at, end)
            if said is None:
                alone = ALONE.match(data, at, end) if wrapped else None
                if alone is None:
                    return at
                self.flat.write(b" " + alone["name"], alone.start("name"))
                at = alone.end()
                continue
            stop = self._end_of_value(said.end(), end)
            attribute(self.flat, said["name"], said.end(), stop, said.start("name"))
            at = stop
        return at

    def _end_of_value(self, at: int, end: int) -> int:
        """The space behind a value."""
        data = self.data
        while at < end:
            byte = data[at : at + 1]
            if byte in (b" ", b"\t", b"\n"):
                return at
            if byte in (b"(", b"[", b"{"):
                at = balanced(data, at, end)
            elif byte in (b'"', b"'"):
                at = end_of_string(data, at, end)
            else:
                at += 1
        return end

    # ------------------------------------------------------------ raw lines

    def _comment(self, line: Line) -> None:
        data, start = self.data, line.start
        sign = data[start + 1 : start + 2]
        if sign == b"!":
            self.flat.write(b"<!--", start)
            text(self.flat, start + 2, line.end)
            self.open.append(Opened(line.depth, b" -->", raw="text"))
        elif sign == b"[":
            self.flat.write(b"<!--", start)
            self.flat.keep(start + 1, line.end)
            self.flat.write(b">", line.end)
            self.open.append(Opened(line.depth, b"<![endif]-->"))
        else:
            self.open.append(Opened(line.depth, raw="nothing"))
