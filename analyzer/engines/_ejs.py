"""EJS as flat markup: the braces in its scriptlets become statements that open and close."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.engines._flat import Flat, clean
from analyzer.engines._scan import STRING

TAG = re.compile(rb"<%%|<%(?P<sort>[-=#_]?)")
END = re.compile(rb"[-_]?%>")
STEP = re.compile(rb"//[^\n]*|/\*.*?(?:\*/|$)|" + STRING + rb"|[{};]|\(|\)", re.S)
ASKS = re.compile(
    rb"\s*(?P<else>else\b)?\s*(?:(?P<word>if|switch)\b\s*\((?P<condition>.*)\))?\s*", re.S
)
SAYS = re.compile(rb"\s*(?:include|layout|partial)\b")
FILL = re.compile(rb"\s*contentFor\(\s*[\"'](?P<name>[^\"']+)[\"']\s*\)")


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The file as flat markup."""
    return _Ejs(clean(data)).run()


class _Ejs:
    """Walks through one file, tag by tag."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.flat = Flat(data)
        self.open: list[bytes] = []  # what each brace that is open closes
        self.fills = False  # a section of express-ejs-layouts goes on to the next one

    def run(self) -> tuple[bytes, Sequence[int]]:
        """All tags of the file."""
        data, at = self.data, 0
        while found := TAG.search(data, at):
            self.flat.keep(at, found.start())
            end = END.search(data, found.end()) if found["sort"] is not None else None
            if end is None:
                self.flat.keep(found.start(), found.end())
                at = found.end()
                if found["sort"] is not None:
                    break  # no tag ends any more
                continue
            outer = (found.start(), end.end())
            if found["sort"] == b"#":
                self.flat.blank(*outer)
            elif found["sort"] in (b"-", b"="):
                self._output(found.end(), end.start(), outer)
            else:
                self._scriptlet(found.end(), end.start(), outer)
            at = end.end()
        self.flat.keep(at, len(data))
        return self.flat.done()

    def _output(self, start: int, end: int, outer: tuple[int, int]) -> None:
        if fill := FILL.match(self.data, start, end):
            if self.fills:
                self.flat.say(b"endfill", outer[0], outer[0] + 1)
            self.flat.say(b"fill " + fill["name"], *outer)
            self.fills = True
        else:
            self.flat.show(start, end, outer)

    def _scriptlet(self, start: int, end: int, outer: tuple[int, int]) -> None:
        """The braces that a scriptlet leaves open or closes, and the files that it names."""
        if SAYS.match(self.data, start, end):
            self.flat.show(start, end, outer)
            return
        begin = start  # of the statement whose brace may open
        opened: list[tuple[int, int]] = []
        written = False
        for found in STEP.finditer(self.data, start, end):
            sign = found[0]
            if sign == b"{":
                opened.append((begin, found.start()))
                begin = found.end()
            elif sign == b"}":
                begin = found.end()
                if opened:
                    opened.pop()
                elif self.open:
                    written = self._closed(begin, end, outer) or written
            elif sign == b";":
                begin = found.end()
        for first, last in opened:
            self._opens(first, last, outer)
            written = True
        if not written:
            self.flat.blank(*outer)

    def _closed(self, at: int, end: int, outer: tuple[int, int]) -> bool:
        """A brace of an earlier scriptlet closes; an else that follows keeps its if open."""
        behind = ASKS.match(self.data, at, end)
        word = self.open[-1]
        if word == b"if" and behind and behind["else"]:
            return False
        self.open.pop()
        self.flat.say(b"end" + word, *outer)
        return True

    def _opens(self, start: int, end: int, outer: tuple[int, int]) -> None:
        """What stands before a brace that stays open."""
        said = ASKS.fullmatch(self.data, start, end)
        words = b" ".join(said["condition"].split()) if said and said["condition"] else b""
        if said and said["else"] and self.open and self.open[-1] == b"if":
            self.flat.say(b"else if " + words if words else b"else", *outer)
        elif said and words:
            asked = b"switch " + words if said["word"] == b"switch" else words
            self.flat.say(b"if " + asked, *outer)
            self.open.append(b"if")
        else:
            self.flat.say(b"open", *outer)
            self.open.append(b"open")
