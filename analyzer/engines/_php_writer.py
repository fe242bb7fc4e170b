"""Flat markup for a PHP file: texts that it prints at their own offsets, statements, and notes.

A note is a comment that holds JSON: what a framework wants to know (a call, an include, a constant)
and what is no part of the page's markup.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from analyzer.engines import Mark, _flat
from analyzer.engines._flat import CLOSE, OPEN, Flat
from analyzer.engines._php_tokens import Code
from analyzer.engines._php_values import LONGEST, Values, pieces, unescaped

MARKS = (Mark(rb"\x01#", rb"\x02", "comment"), *_flat.MARKS)
ELEMENT = re.compile(rb"<[a-zA-Z!]")
FORMAT = re.compile(rb"%(?:(?P<number>\d{1,2})\$)?[-+0 ]*(?:'.)?\d*(?:\.\d+)?[a-zA-Z]")
DEEPEST = 50  # functions inside of each other that are looked through once more
RAW = ((b"<script", b"</script>"), (b"<style", b"</style>"), (b"<!--", b"-->"))


@dataclass(slots=True)
class Filling:
    """The arguments of a sprintf, and how many of them its format has asked for."""

    arguments: list[tuple[int, int]]
    asked: int = 0

    def argument(self, number: int) -> tuple[int, int] | None:
        """The argument of this number, or the next one; None where there are not so many."""
        self.asked += not number
        place = (number or self.asked) - 1
        return self.arguments[place] if place < len(self.arguments) else None


class Writer(Flat):
    """New bytes, and for each of them the offset in the file that it stands for."""

    def __init__(self, code: Code, values: Values) -> None:
        super().__init__(code.data)
        self.code = code
        self.values = values
        self.prints = False  # markup was written outside of all functions
        self.inside = 0  # functions that are open
        self.sections: list[str] = []

    # ------------------------------------------------------------ statements and notes

    def tell(self, words: str, start: int, end: int) -> None:
        """A statement for a stretch of the file; the empty comment behind it says where it ends."""
        self.write(OPEN + words.encode(), start)
        self.write(CLOSE + OPEN + b"#" + CLOSE, end)

    def note(self, start: int, end: int, **words: object) -> None:
        """Something for the frameworks; no text of it may look like markup."""
        text = json.dumps(words, separators=(",", ":")).replace("<", "\\u003c")
        self.write(OPEN + b"#" + text.encode(), start)
        self.write(CLOSE + OPEN + b"#" + CLOSE, end)

    # ------------------------------------------------------------ text

    def markup(self, start: int, end: int) -> None:
        """What stands outside of the tags."""
        self._printed(start, self.data[start:end])
        self.keep(start, end)

    def expression(self, first: int, last: int) -> None:
        """The value of an expression: its text where that is known, else a gap."""
        code = self.code
        if last <= first:
            return
        start, end = code.start(first), code.end(last - 1)
        known = self._known(first, last)
        if known is not None:
            self.write(known.encode(), start)
        else:
            self.show(start, end)

    def text(self, number: int, filling: Filling | None = None) -> None:
        """A text token as it is printed; one with a `filling` is the format of a sprintf."""
        for kind, start, end in pieces(self.code, number):
            if kind == "text":
                self._printed(start, self.data[start:end])
                if filling is None:
                    self.keep(start, end)
                else:
                    self._formatted(start, end, filling)
            elif kind == "escape":
                self.write(unescaped(self.data[start:end]), start)
            else:
                self._gap(start, end)

    def _formatted(self, start: int, end: int, filling: Filling) -> None:
        at = start
        for found in FORMAT.finditer(self.data, start, end):
            self.keep(at, found.start())
            at = found.end()
            argument = filling.argument(int(found["number"] or 0))
            if argument is not None:
                self._argument(argument, found.start())
            else:
                self.show(found.start(), found.end())
        self.keep(at, end)

    def _argument(self, stretch: tuple[int, int], at: int) -> None:
        """What a format's gap is filled with stands at the gap."""
        known = self._known(*stretch)
        if known is not None:
            self.write(known.encode(), at)
        else:
            words = self.code.written(*stretch)[:LONGEST].encode()
            self.write(OPEN + b"=" + words + CLOSE, at)

    def _gap(self, start: int, end: int) -> None:
        """A variable inside of a text."""
        written = self.data[start:end]
        name = written.strip(b"{}").replace(b"${", b"$").decode("utf-8", "replace")
        known = self.values.known(name if name.startswith("$") else "$" + name)
        if known is not None:
            self.write(known.encode(), start)
        else:
            self.show(start, end)

    def _known(self, first: int, last: int) -> str | None:
        """The text that an expression surely is, where it is a name for one."""
        code = self.code
        if last - first == 1 and code.kind(first) == "var":
            return self.values.known(code.text(first).decode("utf-8", "replace"))
        if last - first == 1 and (code.kind(first) in ("name", "number") or code.is_text(first)):
            value = self.values.value(first, last)
            return value[0][1] if len(value) == 1 and value[0][0] == "text" else None
        if last - first == 3 and code.text(first) == b"$this" and code.is_mark(first + 1, b"->"):
            return self.values.known("$this->" + code.text(first + 2).decode("utf-8", "replace"))
        if last - first >= 4 and code.is_mark(first + 1, b"(") and code.kind(first) == "name":
            value = self.values.value(first, last)  # esc_js($id) and the like leave it as it is
            return value[0][1] if len(value) == 1 and value[0][0] == "text" else None
        return None

    def _printed(self, start: int, data: bytes) -> None:
        if not self.inside and not self.prints and (found := ELEMENT.search(data)):
            self.prints = True
            self.note(start + found.start(), start + found.end(), n="prints")

    # ------------------------------------------------------------ functions and sections

    def enter(self, name: str, start: int, end: int) -> int:
        """A function's body begins; where it does in the new bytes."""
        self.inside += 1
        self.tell(f"function {name}", start, end)
        return len(self.out)

    def leave(self, begun: int, end: int) -> None:
        """A function's body ends: what it left open would swallow the rest of the file."""
        self.inside -= 1
        written = bytes(self.out[begun:]).lower() if self.inside < DEEPEST else b""
        for opening, closing in RAW:
            if written.rfind(opening) > written.rfind(closing.rstrip(b">")):
                self.write(closing, end)
        self.tell("endfunction", end, end)

    def section(self, name: str, start: int, end: int) -> None:
        """A section begins, or ends where it is named a second time."""
        if name in self.sections:
            self.end_section(start, end)
        else:
            self.sections.append(name)
            self.tell(f"section {name}", start, end)

    def end_section(self, start: int, end: int) -> None:
        if self.sections:
            self.sections.pop()
            self.tell("endsection", start, end)
