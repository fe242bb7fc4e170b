"""HAML as flat markup: lines and their depth become elements, Ruby becomes tags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.engines._flat import VOID
from analyzer.engines._indented import (
    MIDDLE,
    TEXTS,
    Indented,
    Line,
    Opened,
    attribute,
    balanced,
    end_of_string,
    text,
)

ELEMENT = re.compile(rb"%(?P<name>[\w:-]+)")
SHORT = re.compile(rb"(?P<sign>[.#])(?P<name>[\w:@-]+)")
FILTER = re.compile(rb":(?P<name>[a-z]+)\s*$")
LABEL = re.compile(
    rb"\s*(?:(?P<quoted>\"[^\"\n]*\"|'[^'\n]*')|:?(?P<name>[\w@-]+[?!]?))\s*(?:=>|:(?!:))\s*"
)
SYMBOL = re.compile(rb"\s*:(?:\"(?P<quoted>[^\"\n]*)\"|(?P<name>[\w-]+))\s*=>\s*")
PLAIN = re.compile(rb"\s*(?P<name>[\w:@.-]+)(?:\s*=\s*)?")
DEEPEST = 8  # hashes inside of an element's attributes


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The file as flat markup."""
    return _Haml(data).run()


class _Haml(Indented):
    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.unclosed = False

    def line(self, line: Line) -> None:
        raw = self.open[-1].raw if self.open else ""
        if raw and line.depth > self.open[-1].depth:
            self.raw(line, raw)
            return
        start = line.start
        self.close(line.depth, start, bool(MIDDLE.match(self.data, start, line.end)))
        head = self.data[start : start + 1]
        if (
            head in (b"%", b".", b"#")
            and (head != b"#" or self.data[start + 1 : start + 2] != b"{")
            and (ELEMENT.match(self.data, start) or SHORT.match(self.data, start))
        ):
            self._element(line)
        elif head == b"-":
            self._statement(line)
        elif head == b"/":
            self._comment(line)
        elif head == b":" and (said := FILTER.match(self.data, start, line.end)):
            self.embedded(line, said["name"])
        elif self.data.startswith(b"!!!", start):
            self.flat.write(b"<!doctype html>", start)
        elif not self._output(line, start, line.depth):
            start += self.data[start : start + 1] == b"\\"
            text(self.flat, start, line.end)

    # ------------------------------------------------------------ code

    def _output(self, line: Line, at: int, depth: int) -> bool:
        """`= code`, `!= code`, `&= code`, `~ code`, and `== text`."""
        said = re.compile(rb"(?P<sign>[!&]?==|[!&]?=|~|[!&](?=\s))").match(self.data, at, line.end)
        if said is None:
            return False
        if said["sign"].endswith(b"==") or said["sign"] in (b"!", b"&"):
            text(self.flat, said.end(), line.end)
            return True
        self._code(at, said.end(), line, depth, True)
        return True

    def _statement(self, line: Line) -> None:
        if self.data.startswith(b"-#", line.start):
            self.open.append(Opened(line.depth, raw="nothing"))
            return
        self._code(line.start, line.start + 1, line, line.depth, False)

    def _code(self, start: int, code: int, line: Line, depth: int, shows: bool) -> None:
        """Ruby up to the end of its line, or of the lines that it goes on to."""
        end = self._end_of_code(line)
        before = len(self.tags.open)
        self.tags.code(start, end, (code, end), shows)
        if len(self.tags.open) > before:
            self.open.append(Opened(depth, code=True))

    def _end_of_code(self, line: Line) -> int:
        """Code goes on behind a comma, and behind a bar where all of its lines end with one."""
        data, end = self.data, line.end
        while data[end - 1 : end] in (b",", b"|"):
            following = data.find(b"\n", end)
            if following < 0 or end - line.start > 20_000:
                break
            stop = data.find(b"\n", following + 1)
            stop = len(data) if stop < 0 else stop
            if data[end - 1 : end] == b"|" and not data[following:stop].rstrip().endswith(b"|"):
                break
            end = following + len(data[following:stop].rstrip())
            self.behind = max(self.behind, stop)
            if end <= following:
                break
        return end

    # ------------------------------------------------------------ elements

    def _element(self, line: Line) -> None:
        data, start, at = self.data, line.start, line.start
        name = b"div"
        if said := ELEMENT.match(data, at, line.end):
            name, at = said["name"], said.end()
        names: dict[bytes, list[tuple[int, int]]] = {}
        while said := SHORT.match(data, at, line.end):
            names.setdefault(said["sign"], []).append((said.start("name"), said.end("name")))
            at = said.end()
        self.flat.write(b"<" + name, start)
        for sign, key in ((b"#", b"id"), (b".", b"class")):
            if sign in names:
                self.flat.write(b" " + key + b'="', names[sign][0][0])
                for number, span in enumerate(names[sign]):
                    self.flat.write(b" " if number else b"", span[0])
                    self.flat.keep(*span)
                self.flat.write(b'"', names[sign][-1][1])
        while data[at : at + 1] in (b"{", b"(", b"["):
            behind = self._end_of_attributes(line, at)
            if data[at : at + 1] == b"{":
                self._hash(at + 1, behind - 1, b"", 0)
            elif data[at : at + 1] == b"(":
                self._html_attributes(at + 1, behind - 1)
            at = behind
        end = self.data.find(b"\n", at)
        end = len(data) if end < 0 else end
        if at > line.end:  # the attributes took several lines
            self.behind = max(self.behind, at)
        line = Line(line.depth, at, at + len(data[at:end].rstrip()))
        while data[at : at + 1] in (b"<", b">"):
            at += 1
        closed = data[at : at + 1] == b"/"
        self.flat.write(b">", max(at - 1, start))
        if closed or name.lower() in VOID:
            return
        closing = b"</" + name + b">"
        before = len(self.open)
        if at < line.end and not self._output(line, at, line.depth):
            text(self.flat, at + (data[at : at + 1] == b" "), line.end)
            self.flat.write(closing, line.end)
        elif at < line.end and len(self.open) == before:
            self.flat.write(closing, line.end)
        else:
            raw = "script" if name.lower() in (b"script", b"style") else ""
            if len(self.open) > before:
                self.open[-1].closing = closing
            else:
                self.open.append(Opened(line.depth, closing, raw=raw))

    def _end_of_attributes(self, line: Line, at: int) -> int:
        """Behind the bracket that closes; where none does, the line's end."""
        behind = balanced(self.data, at, line.end if self.unclosed else None)
        if self.data[behind - 1 : behind] in (b"}", b")", b"]") and behind > at + 1:
            return behind
        self.unclosed = True  # looking far again for each line would cost the file's square
        return line.end

    def _hash(self, at: int, end: int, prefix: bytes, depth: int) -> None:
        """Attributes as a Ruby hash: `src: "x"`, `"data-id" => y`, `data: { id: z }`."""
        data = self.data
        while at < end:
            said = SYMBOL.match(data, at, end) or LABEL.match(data, at, end)
            stop = self._end_of_value(said.end() if said else at, end)
            if said is not None:
                name = (said["quoted"] or b"").strip(b"\"'") or said["name"] or b""
                name = prefix + (name.replace(b"_", b"-") if prefix else name)
                value = said.end()
                if data[value : value + 1] == b"{" and depth < DEEPEST:
                    behind = balanced(data, value, end)
                    self._hash(value + 1, behind - 1, name + b"-", depth + 1)
                elif re.fullmatch(rb"[\w:@.-]+", name):
                    attribute(self.flat, name, value, stop, said.start() + 1)
            at = stop + 1

    def _end_of_value(self, at: int, end: int) -> int:
        """The comma behind a value."""
        data = self.data
        while at < end:
            byte = data[at : at + 1]
            if byte == b",":
                return at
            if byte in (b"(", b"[", b"{"):
                at = balanced(data, at, end)
            elif byte in (b'"', b"'"):
                at = end_of_string(data, at, end)
            else:
                at += 1
        return end

    def _html_attributes(self, at: int, end: int) -> None:
        """Attributes as in markup: `(src="x" async id=name)`."""
        data = self.data
        while at < end and (said := PLAIN.match(data, at, end)):
            if not said[0].rstrip().endswith(b"="):
                self.flat.write(b" " + said["name"], said.start("name"))
                at = said.end()
                continue
            stop = said.end()
            while stop < end and data[stop : stop + 1] not in (b" ", b"\n", b"\t"):
                byte = data[stop : stop + 1]
                if byte in (b'"', b"'"):
                    stop = end_of_string(data, stop, end)
                elif byte in (b"(", b"[", b"{"):
                    stop = balanced(data, stop, end)
                else:
                    stop += 1
            attribute(self.flat, said["name"], said.end(), min(stop, end), said.start("name"))
            at = stop

    # ------------------------------------------------------------ raw lines

    def _comment(self, line: Line) -> None:
        data, start = self.data, line.start
        at = start + 1
        closing = b" -->"
        self.flat.write(b"<!--", start)
        if data[at : at + 1] == b"[":
            behind = balanced(data, at)
            self.flat.keep(at, behind)
            self.flat.write(b">", behind)
            closing, at = b"<![endif]-->", behind
        elif data[at : at + 1] == b"!":
            at += 1
        text(self.flat, at, line.end)
        self.open.append(Opened(line.depth, closing))

    def raw(self, line: Line, raw: str) -> None:
        if raw != "script":
            super().raw(line, raw)
            return
        opened = self.open[-1]
        head = self.data[line.start : line.start + 1]
        if head in (b"-", b"=") and self.data[line.start + 1 : line.start + 2] == b" ":
            self.close(opened.depth + 1, line.start)
            self._code(line.start, line.start + 1, line, line.depth, head == b"=")
        elif head == b":" and (said := FILTER.match(self.data, line.start, line.end)):
            if said["name"] in TEXTS:
                self.open.append(Opened(line.depth, raw="text"))
        else:
            text(self.flat, line.start, line.end)
