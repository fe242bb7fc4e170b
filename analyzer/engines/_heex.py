"""Templates of Phoenix as flat markup: EEx tags, braces, components, and ~H texts in programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.engines._flat import VOID, Flat
from analyzer.engines._indented import balanced

SIGIL = re.compile(rb'~[HLE](?P<quote>"""|\'\'\'|"|\'|\|)[a-z]*')
FUNCTION = re.compile(
    rb"^[ \t]*defp?\s+(?P<name>[a-z_]\w*[?!]?)\s*(?:\(|do\b|,|$)|^(?P<end>[ \t]*)end\b", re.M
)
PIECE = re.compile(
    rb"(?P<comment><%!--|<%#)|(?P<literal><%%)|(?P<tag><%(?P<out>=)?)|(?P<markup><!--)"
    rb"|(?P<raw><(?:script|style)\b)|(?P<close></(?P<ended>[.:A-Za-z][\w.:-]*)\s*>)"
    rb"|(?P<open><(?P<name>[.:A-Za-z][\w.:-]*))|(?P<brace>\{)"
)
ATTRIBUTE = re.compile(rb"\s*(?P<name>[:@\w.-]+)(?:\s*=\s*(?P<value>\{|\"|'))?|\s*(?P<spread>\{)")
CODE = re.compile(
    rb"^\s*(?P<word>if|unless)(?:\s+|(?=\())(?P<condition>.+?)\s*\bdo\s*$|^\s*(?P<turn>else)\b"
    rb"|^\s*(?P<end>end)\b|(?P<block>\bdo|(?:\bfn\b[^\n]*)?->)\s*$",
    re.S,
)
CLAUSE = re.compile(rb"^[^\n]*->\s*$")
RENDER = re.compile(
    rb"\brender(?:_existing)?[\s(]+(?:(?:@\w+|conn|[A-Z][\w.]*)\s*,\s*)?\"(?P<name>[\w./-]+)\""
)
CHILDREN = re.compile(
    rb"@inner_content\b|render_slot\(\s*@inner_block|render_block\(|@inner_block\b"
    rb"|render[\s(]+@view_module\b|render[\s(]+@?\w*view\w*\(@?conn\)"
)
STRING = re.compile(rb'\s*"([^"\\]*)"\s*')
HOLE = re.compile(rb"#\{([^{}]*)\}")
MODULE = re.compile(rb"module=\{\s*([A-Z][\w.]*)")
BUILT_IN = frozenset(
    b"link form inputs_for live_title live_file_input live_img_preview focus_wrap intersperse"
    b" dynamic_tag async_result portal live_flash".split()
)
LONGEST = 20_000


@dataclass(slots=True)
class _Open:
    name: bytes
    count: int = 1


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The file as flat markup; of a program only what its sigils hold."""
    flat = Flat(data)
    if _is_program(data):
        for start, end, name in sigils(data):
            if name and name != b"render":
                flat.tag(b"~fragment " + name, start, start)
            _Heex(flat, True).run(start, end)
            if name and name != b"render":
                flat.tag(b"end", end, end)
    else:
        _Heex(flat, True).run(0, len(data))
    return flat.done()


def rewrite_eex(data: bytes) -> tuple[bytes, Sequence[int]]:
    """A file without braces of its own as flat markup."""
    flat = Flat(data)
    _Heex(flat, False).run(0, len(data))
    return flat.done()


def _is_program(data: bytes) -> bool:
    return re.search(rb"^\s*defmodule\s+[A-Z]", data, re.M) is not None


def sigils(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The markup in a program: where it begins and ends, and the function that holds it."""
    names = [(found.start(), found["name"]) for found in FUNCTION.finditer(data) if found["name"]]
    at = number = 0
    name = b""
    while (found := SIGIL.search(data, at)) is not None:
        end = data.find(found["quote"], found.end())
        if end < 0:
            return
        while number < len(names) and names[number][0] < found.start():
            name = names[number][1]
            number += 1
        start = found.start("quote") + len(found["quote"])
        yield start, end, name
        at = end + len(found["quote"])


class _Heex:
    def __init__(self, flat: Flat, braces: bool) -> None:
        self.flat = flat
        self.data = flat.data
        self.braces = braces
        self.unclosed = False
        self.closing = True  # is there a mark yet that closes a tag?
        self.guarded: list[_Open] = []  # elements under a condition of their own
        self.blocks: list[bool] = []  # blocks of code: was a clause of a case opened?

    def run(self, at: int, end: int) -> None:
        while (found := PIECE.search(self.data, at, end)) is not None:
            self.flat.keep(at, found.start())
            at = self._piece(found, end)
        self.flat.keep(at, end)
        for _ in self.guarded:
            self.flat.tag(b"end", end, end)
        for _ in self.blocks:
            self.flat.tag(b"end", end, end)

    def _piece(self, found: re.Match[bytes], end: int) -> int:
        data, start = self.data, found.start()
        if found["comment"]:
            closing = b"--%>" if found["comment"] == b"<%!--" else b"%>"
            return self._skipped(start, data.find(closing, found.end(), end), len(closing), end)
        if found["literal"]:
            self.flat.write(b"<%", start)
            return found.end()
        if found["tag"]:
            close = data.find(b"%>", found.end(), end) if self.closing else -1
            self.closing = close >= 0
            if close < 0:
                self.flat.keep(start, found.end())
                return found.end()
            self._code(start, close + 2, (found.end(), close), bool(found["out"]))
            return close + 2
        if found["markup"]:
            close = data.find(b"-->", found.end(), end)
            behind = end if close < 0 else close + 3
            self.flat.keep(start, behind)
            return behind
        if found["raw"]:
            return self._raw(found, end)
        if found["close"]:
            self._ended(found)
            return found.end()
        if found["open"]:
            return self._element(found, end)
        if not self.braces:
            self.flat.keep(start, found.end())
            return found.end()
        behind = self._closed(start, end)
        self._code(start, behind, (start + 1, max(start + 1, behind - 1)), True)
        return behind

    def _skipped(self, start: int, close: int, length: int, end: int) -> int:
        behind = end if close < 0 else close + length
        self.flat.blank(start, behind)
        return behind

    def _raw(self, found: re.Match[bytes], end: int) -> int:
        """A script or a style sheet: braces in it are its own, EEx tags are not."""
        name = found["raw"][1:]
        head = self._attributes(found.start(), found.end(), end, name)
        close = re.compile(rb"</%s" % name, re.I).search(self.data, head, end)
        stop = close.start() if close else end
        inner = _Heex(self.flat, False)
        at = head
        while (piece := re.compile(rb"<%(?:!--|#|=)?").search(self.data, at, stop)) is not None:
            self.flat.keep(at, piece.start())
            said = PIECE.match(self.data, piece.start(), stop)
            at = inner._piece(said, stop) if said else piece.end()
        self.flat.keep(at, stop)
        for _ in inner.blocks:
            self.flat.tag(b"end", stop, stop)
        return stop

    # ------------------------------------------------------------ code

    def _code(self, start: int, end: int, code: tuple[int, int], shows: bool) -> None:
        text = self.data[code[0] : min(code[1], code[0] + LONGEST)]
        said = CODE.search(text)
        if shows:
            self.flat.show(*code, (start, end))
            self.flat.write(b" ", end) if said or RENDER.search(text) or CHILDREN.search(
                text
            ) else None
        if CHILDREN.search(text):
            self.flat.tag(b"~place", start, end)
        for found in RENDER.finditer(text):
            self.flat.tag(b'~include "' + found["name"] + b'"', start, end)
        if said is None:
            return
        if said["word"]:
            condition = b" ".join(said["condition"].split())
            self.flat.tag(said["word"] + b" " + condition, start, end)
            self.blocks.append(False)
        elif said["turn"]:
            self.flat.tag(b"else", start, end)
        elif said["end"]:
            if self.blocks:
                clause = self.blocks.pop()
                self.flat.tag(b"end", start, end)
                if clause:
                    self.flat.tag(b"end", start, end)
        elif CLAUSE.match(text) and not re.search(rb"\bfn\b", text) and self.blocks:
            if self.blocks[-1]:
                self.flat.tag(b"end", start, end)
            self.blocks[-1] = True
            words = b" ".join(text.replace(b"->", b"").split())
            self.flat.tag(b"if " + (words or b"_") + b" matches", start, end)
        else:
            self.flat.tag(b"other", start, end)
            self.blocks.append(False)

    # ------------------------------------------------------------ elements

    def _element(self, found: re.Match[bytes], end: int) -> int:
        start, name = found.start(), found["name"]
        behind = self._attributes(start, found.end(), end, name)
        head = self.data[start:behind]
        shut = head.endswith(b"/>") or name in VOID
        if name[:1] == b"." or name[:1].isupper():
            self._component(name, head, start, behind)
        if self.guarded and self.guarded[-1].name == name and not shut:
            self.guarded[-1].count += 1
        return behind

    def _component(self, name: bytes, head: bytes, start: int, end: int) -> None:
        module, _, function = name.rpartition(b".")
        if name == b".live_component":
            if said := MODULE.search(head):
                self.flat.tag(b'~include "' + _file(said[1]) + b'"', start, end)
        elif module:
            self.flat.tag(b"~call " + function + b' "' + _file(module) + b'"', start, end)
        elif function not in BUILT_IN:
            self.flat.tag(b"~call " + function, start, end)

    def _ended(self, found: re.Match[bytes]) -> None:
        name = found["ended"]
        if name[:1] not in (b".", b":") and not name[:1].isupper():
            self.flat.keep(found.start(), found.end())
        if self.guarded and self.guarded[-1].name == name:
            self.guarded[-1].count -= 1
            if not self.guarded[-1].count:
                self.guarded.pop()
                self.flat.tag(b"end", found.end(), found.end())

    def _attributes(self, start: int, at: int, end: int, name: bytes) -> int:
        """A start tag up to its end; its condition is told before it."""
        data = self.data
        limit = min(end, at + LONGEST)
        pieces: list[tuple[bytes, int, int, bytes]] = []
        condition: tuple[int, int] | None = None
        while (found := ATTRIBUTE.match(data, at, limit)) is not None:
            if found["spread"]:
                at = self._closed(found.start("spread"), limit)
                continue
            value, begin = found["value"], found.end()
            at = begin
            if value == b"{":
                at = self._closed(begin - 1, limit)
                if found["name"] == b":if":
                    condition = (begin, max(begin, at - 1))
                    continue
                pieces.append((found["name"], begin, max(begin, at - 1), b"{"))
            elif value:
                stop = data.find(value, begin, limit)
                at = limit if stop < 0 else stop + 1
                pieces.append((found["name"], begin, at - 1, value))
            else:
                pieces.append((found["name"], begin, begin, b""))
        close = data.find(b">", at, limit)
        if close >= 0 and data.find(b"<", at, close) >= 0:
            close = -1  # the tag is never closed, and another one begins
        behind = at if close < 0 else close + 1
        shut = data[max(behind - 2, start) : behind] == b"/>" or name in VOID
        if condition is not None:
            words = b" ".join(data[slice(*condition)].split())
            self.flat.tag(b"if " + (words or b"_"), start, behind)
        if name[:1] not in (b".", b":") and not name[:1].isupper():
            self.flat.write(b"<" + name, start)
            for piece in pieces:
                self._attribute(*piece)
            self.flat.write(b"/>" if data[behind - 2 : behind] == b"/>" else b">", behind - 1)
        if condition is not None:
            if shut:
                self.flat.tag(b"end", behind, behind)
            else:
                # `_element` counts the tag itself; a script is read as a whole
                self.guarded.append(_Open(name, int(name in (b"script", b"style"))))
        return behind

    def _closed(self, at: int, end: int) -> int:
        """Behind the brace that closes; where none does, the end of the line."""
        line = self.data.find(b"\n", at, end)
        line = end if line < 0 else line
        behind = balanced(self.data, at, line if self.unclosed else end)
        if self.data[behind - 1 : behind] == b"}" and behind > at + 1:
            return behind
        self.unclosed = True  # looking far again for each brace would cost the file's square
        return line

    def _attribute(self, name: bytes, start: int, end: int, value: bytes) -> None:
        if name[:1] == b":" or name.startswith(b"phx-"):
            return
        self.flat.write(b" " + name, start)
        if not value:
            return
        if value != b"{":
            self.flat.write(b"=" + value, start)
            at = start
            for tag in re.finditer(rb"<%=(.*?)%>", self.data[start:end], re.S):
                self.flat.keep(at, start + tag.start())
                code = (start + tag.start(1), start + tag.end(1))
                self.flat.show(*code, (start + tag.start(), start + tag.end()))
                at = start + tag.end()
            self.flat.keep(at, end)
            self.flat.write(value, end)
            return
        self.flat.write(b'="', start)
        said = STRING.fullmatch(self.data, start, end)
        if said is None:
            self.flat.show(start, end)
        else:
            at = said.start(1)
            for hole in HOLE.finditer(self.data, said.start(1), said.end(1)):
                self.flat.keep(at, hole.start())
                self.flat.show(*hole.span(1), hole.span())
                at = hole.end()
            self.flat.keep(at, said.end(1))
        self.flat.write(b'"', end)


def _file(module: bytes) -> bytes:
    """The file of a module: `ClinicWeb.Layouts` is layouts.ex."""
    name = module.rpartition(b".")[2] or module
    return re.sub(rb"([a-z\d])([A-Z])", rb"\1_\2", name).lower() + b".ex"
