"""Web Forms as flat markup: master pages, placeholders, user controls and server includes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.engines._flat import Flat, clean
from analyzer.engines._scriptlets import statements

CODE = (
    rb"<%--(?P<comment>[\s\S]*?)(?:--%>|\Z)"
    rb"|<%@(?P<directive>[\s\S]*?)%>"
    rb"|<%(?P<sort>[=:#$])(?P<output>[\s\S]*?)%>"
    rb"|<%(?P<code>[\s\S]*?)%>|"
)
MARKUP = (
    rb"<!--\s*#include\s+(?:virtual|file)\s*=\s*[\"'](?P<include>[^\"'<>\n]+)[\"']\s*-->"
    rb"|<(?P<script>script)\b(?=[^<>]{0,300}?\brunat\s*=\s*[\"']?server)[\s\S]*?(?:</script\s*>|\Z)"
    rb"|<(?P<slash>/?)(?P<prefix>[A-Za-z]\w*):(?P<name>\w+)"
)
TAG = re.compile(CODE + MARKUP, re.I)
LAST = re.compile(rb"(?P<comment>(?!))(?P<directive>)(?P<output>)(?P<code>)|" + MARKUP, re.I)
INSIDE = re.compile(rb"<%[\s\S]{0,2000}?%>|\"[^\"<>]*\"|'[^'<>]*'|(?P<end>/?>)|(?P<other><)")
ATTRIBUTE = rb"\b%s\s*=\s*(?:\"([^\"]*)\"|'([^']*)')"
MASTER = re.compile(ATTRIBUTE % rb"MasterPageFile", re.I)
SOURCE = re.compile(ATTRIBUTE % rb"Src", re.I)
TAG_NAME = re.compile(ATTRIBUTE % rb"TagName", re.I)
TAG_PREFIX = re.compile(ATTRIBUTE % rb"TagPrefix", re.I)
HOLDER = re.compile(ATTRIBUTE % rb"ContentPlaceHolderID", re.I)
ID = re.compile(ATTRIBUTE % rb"ID", re.I)
VISIBLE = re.compile(ATTRIBUTE % rb"Visible", re.I)
BASIC = re.compile(
    r"(?i)(?:(?P<if>if\s+(?P<condition>.+?)\s+then)|else\s*if\s+(?P<other>.+?)\s+then|(?P<else>else)"
    r"|(?P<end>end\s+if))\s*"
)
LONGEST = 4_000  # bytes of a start tag


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The file as flat markup."""
    return _WebForms(clean(data)).run()


class _WebForms:
    """Walks through one file, tag by tag."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.flat = Flat(data)
        self.controls: dict[bytes, bytes] = {}  # the tags of user controls, and their files
        self.open: dict[bytes, list[bytes]] = {}  # what the open tags of a name close

    def run(self) -> tuple[bytes, Sequence[int]]:
        """All of the file."""
        at = 3 if self.data.startswith(b"\xef\xbb\xbf") else 0
        last = self.data.rfind(b"%>")  # behind it no code ends any more
        while found := (TAG if at <= last else LAST).search(self.data, at):
            self.flat.keep(at, found.start())
            at = self._tag(found)
        self.flat.keep(at, len(self.data))
        return self.flat.done()

    def _tag(self, found: re.Match[bytes]) -> int:
        """One tag; where to go on."""
        start, end = found.span()
        if found["directive"] is not None:
            self._directive(found["directive"], start, end)
        elif found["output"] is not None:
            self.flat.show(*found.span("output"), (start, end))
            return end
        elif found["code"] is not None:
            for words in _said(found["code"].decode("utf-8", "replace")):
                self.flat.say(" ".join(words.split()).encode(), start, end)
        elif found["include"] is not None:
            self.flat.say(b'include "' + found["include"].strip() + b'"', start, end)
        elif found["prefix"]:
            return self._element(found)
        self.flat.blank(start, end)
        return end

    def _directive(self, text: bytes, start: int, end: int) -> None:
        """A master page, or a user control and the tag that it gets."""
        if master := _value(MASTER, text):
            self.flat.say(b'extends "' + master + b'"', start, end)
        source = _value(SOURCE, text)
        if source and text.lstrip().lower().startswith(b"register"):
            tag = _value(TAG_PREFIX, text) + b":" + _value(TAG_NAME, text)
            self.controls[tag.lower()] = source

    def _element(self, found: re.Match[bytes]) -> int:
        """A server control: a placeholder, what fills one, a user control, or any other."""
        start, end = found.start(), self._end(found.end())
        tag = (found["prefix"] + b":" + found["name"]).lower()
        text = self.data[start:end]
        if found["slash"]:
            closing = self.open.get(tag)
            if words := closing.pop() if closing else b"":
                self.flat.say(words, start, end)
            self.flat.keep(start, end)
            return end
        words = self._opening(tag, text)
        if tag in self.controls:
            self.flat.say(b'include "' + self.controls[tag] + b'"', start, end)
        self.flat.keep(start, end)
        if words:
            self.flat.say(words, end, end)
        if not text.endswith(b"/>"):
            self.open.setdefault(tag, []).append(b"end" + words.split()[0] if words else b"")
        elif words:
            self.flat.say(b"end" + words.split()[0], end, end)
        return end

    def _opening(self, tag: bytes, text: bytes) -> bytes:
        """What a server control begins: a block, or a condition."""
        if tag == b"asp:contentplaceholder" and (name := _value(ID, text)):
            return b"block " + name
        if tag == b"asp:content" and (name := _value(HOLDER, text)):
            return b"block " + name
        visible = _value(VISIBLE, text).strip()
        if visible.lower() == b"false":
            return b"if the code shows " + (_value(ID, text) or tag)
        if visible.startswith(b"<%"):
            return b"if " + b" ".join(visible.strip(b"<%=#:>").split())
        return b""

    def _end(self, at: int) -> int:
        """Where a start tag ends, which may hold code with signs of its own."""
        for found in INSIDE.finditer(self.data, at, at + LONGEST):
            if found["other"]:
                break
            if found["end"]:
                return found.end()
        return at


def _value(pattern: re.Pattern[bytes], text: bytes) -> bytes:
    found = pattern.search(text)
    return (found[1] or found[2] or b"") if found else b""


def _said(code: str) -> list[str]:
    """The statements of a piece of code, in Visual Basic or in C#."""
    basic = BASIC.fullmatch(code.strip())
    if basic is None:
        return statements(code)
    if basic["end"]:
        return ["end scriptlet"]
    if basic["if"]:
        return [f"scriptlet if {basic['condition']}"]
    return [f"elif {basic['other']}" if basic["other"] else "else"]
