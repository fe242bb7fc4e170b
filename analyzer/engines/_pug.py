"""Pug as flat markup: indentation becomes closing tags, keywords become statements.

The file is walked once, line by line, with a stack of what is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analyzer.engines._flat import VOID, Flat, clean
from analyzer.engines._pug_values import Values
from analyzer.engines._pug_words import (
    CLASSY,
    DYNAMIC,
    INLINE,
    KEYWORD,
    RAW,
    SCRIPTED,
    SHORT,
    TAG,
    condition_of,
    mark,
    unquoted,
)
from analyzer.engines._scan import Scanner

DEEPEST = 8  # tags inside of tags on one line of text
LONGEST_CHAIN = 40  # tags behind colons on one line; what follows is read as text


@dataclass(slots=True)
class _Open:
    indent: int
    closing: bytes = b""
    kind: str = ""  # if, case
    subject: bytes = b""  # what a case asks


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The file as flat markup."""
    return _Pug(clean(data)).run()


class _Pug:
    """Walks through one file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.flat = Flat(data)
        self.scan = Scanner(data)
        self.values = Values(self.flat, self.scan)
        self.stack: list[_Open] = []
        self.at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        self.last = 0  # where the last line with something on it ends
        self.breaks: list[int] = []  # line breaks that wait for what closes before them
        self.chain = 0  # tags and statements that stand behind colons on this line

    def run(self) -> tuple[bytes, Sequence[int]]:
        """All lines of the file."""
        while self.at < len(self.data):
            start, end = self.at, self._line_end(self.at)
            at = start + self._indent(start, end)
            self.at = end
            if at < end:
                self._line(at, end, at - start)
            self._break()
        self._close(0, False)
        self._flush()
        return self.flat.done()

    # ------------------------------------------------------------ lines

    def _line(self, at: int, end: int, indent: int) -> None:
        """One line that says something."""
        data = self.data
        said = KEYWORD.match(data, at, end)
        turns = said is not None and (said["turn"] is not None or said["other"] is not None)
        self._close(indent, turns)
        self._flush()
        first = data[at : at + 1]
        self.last, self.chain = end, 0
        if data.startswith((b"//", b"//-"), at, end):
            self._pass(indent)
        elif said is not None and self._keyword(said, at, end, indent):
            return
        elif data.startswith((b"doctype", b"!!!"), at, end):
            self.flat.write(b"<!doctype html>", at)
        elif first == b"|":
            self._text(at + 1 + (data[at + 1 : at + 2] == b" "), end)
        elif first == b"<":
            self._text(at, end)
            self.stack.append(_Open(indent))
        elif first == b":":
            self._raw(indent, markup=True)
        elif first == b"=" or data.startswith(b"!=", at, end):
            self.values.shown(at + (2 if first == b"!" else 1), end, at)
            self.stack.append(_Open(indent))
        elif first == b"-":
            if not data[at + 1 : end].strip():
                self._pass(indent)
            else:
                self.stack.append(_Open(indent))
        else:
            self._tag(at, end, indent)

    def _keyword(self, said: re.Match[bytes], at: int, end: int, indent: int) -> bool:
        """A line that is a statement; False where its word is a tag after all."""
        say = self.flat.say
        opened = _Open(indent)
        if said["extends"]:
            say(b'extends "' + unquoted(said["layout"]) + b'"', at, end)
        elif said["include"]:
            say(b'include "' + unquoted(said["file"]) + b'"', at, end)
        elif said["block"]:
            say(b"block " + said["block"].strip(), at, end)
            if said["keeps"]:
                say(b"keep parent", end, end)
            opened.closing = mark(b"endblock")
        elif said["children"]:
            say(b"children", at, end)
        elif said["mixin"] and self._has_inner(indent):
            say(b"mixin " + said["fragment"], at, end)
            opened.closing = mark(b"endmixin")
        elif said["mixin"] or said["call"]:  # the first Jade called mixins by this word too
            name = said["fragment"] or said["call"]
            say(b"+" + name, at, end)
            self.stack.append(opened)
            self._behind_call(said.end(), indent)
            return True
        elif said["asks"]:
            say(said["asks"] + b" " + condition_of(said["condition"]), at, end)
            opened.closing, opened.kind = mark(b"end" + said["asks"]), "if"
        elif said["turn"] or said["other"]:
            before = self.stack[-1] if self.stack else None
            if before is not None and before.indent == indent and before.kind == "if":
                say(
                    b"else if " + condition_of(said["other"]) if said["other"] else b"else", at, end
                )
                return True
            self._close(indent, False)
        elif said["case"]:
            opened.kind, opened.subject = "case", said["case"].strip()
        elif said["when"] or said["default"]:
            return self._when(said, at, end, indent)
        elif not said["loop"]:
            return False
        self.stack.append(opened)
        return True

    def _when(self, said: re.Match[bytes], at: int, end: int, indent: int) -> bool:
        """One branch of a case: a condition of its own."""
        around = next((each for each in reversed(self.stack) if each.indent < indent), None)
        if around is None or around.kind != "case":
            return False
        value = said["when"].strip() if said["when"] else b"something else"
        self.flat.say(b"if " + around.subject + b" is " + value, at, end)
        self.stack.append(_Open(indent, mark(b"endif")))
        if said["inline"] or said["alone"]:
            self._rest(said.end(), end, indent)
        return True

    def _behind_call(self, at: int, indent: int) -> None:
        """What stands behind a mixin's name: its arguments, attributes, and text."""
        for _ in range(2):
            if self.data[at : at + 1] == b"(":
                close = self.scan.closing(at + 1, len(self.data))
                if close < 0:
                    break
                at = close + 1
        end = self._reach(at)
        if self.data[at : at + 1] == b":":
            self._rest(at + 1, end, indent)
        elif CLASSY.match(self.data, at, end):
            self._raw(indent, markup=True)
        elif at < end:
            self._text(at, end)

    # ------------------------------------------------------------ tags

    def _tag(self, at: int, end: int, indent: int) -> None:
        """A tag, the tags that follow it after colons, and its text."""
        while True:
            self.chain += 1
            if self.chain > LONGEST_CHAIN:
                self._text(at, end)
                return
            name, at = self._opened(at, end)
            end = self._reach(at)
            if name == b"":
                self._text(at, end)
                return
            sign = self.data[at : at + 1] if at < end else b""
            closing = b"" if name in VOID or sign == b"/" else b"</" + name + b">"
            self.stack.append(_Open(indent, closing))
            if sign == b":":
                at += 1
                while at < end and self.data[at : at + 1].isspace():
                    at += 1
                if (
                    at < end
                    and (said := KEYWORD.match(self.data, at, end))
                    and (self._keyword(said, at, end, indent))
                ):
                    return
                if at < end:
                    continue
            elif CLASSY.match(self.data, at, end):
                self._raw(indent, markup=name not in RAW)
            elif sign == b"=" or self.data.startswith(b"!=", at, end):
                self.values.shown(at + (1 if sign == b"=" else 2), end, at)
            elif sign not in (b"", b"/"):
                start = at + (sign in (b" ", b"\t"))
                (self.values.interpolated if name in RAW else self._text)(start, end)
            elif name in RAW and self._holds_text(indent):
                self._raw(indent, markup=False)
            return

    def _opened(self, at: int, end: int) -> tuple[bytes, int]:
        """Write a start tag down; its name, empty where there is none, and where it ends."""
        start = at
        found = TAG.match(self.data, at, end)
        dynamic = None if found else DYNAMIC.match(self.data, at, end)
        name = found[0] if found else b"div"
        at = found.end() if found else dynamic.end() if dynamic else at
        bare = not found and not dynamic and not SHORT.match(self.data, at, end)
        if bare and self.data[at : at + 1] != b"(":
            return b"", at
        self.flat.write(b"<", start)
        if found:
            self.flat.keep(*found.span())
        else:
            self.flat.write(name, start)
        classes: list[tuple[int, int]] = []
        while True:
            short = SHORT.match(self.data, at, max(end, at))
            if short and short["sign"] == b".":
                classes.append(short.span("name"))
                at = short.end()
            elif short:
                self.flat.write(b' id="', at)
                self.flat.keep(*short.span("name"))
                self.flat.write(b'"', short.end() - 1)
                at = short.end()
            elif self.data[at : at + 1] == b"(" or self.data.startswith(b"&attributes(", at):
                opening = self.data.find(b"(", at)
                close = self.scan.closing(opening + 1, len(self.data))
                if close < 0:
                    break
                if opening == at:
                    self._classes(classes)
                    self.values.attributes(at + 1, close)
                at = close + 1
                end = self._reach(at)
            else:
                break
        self._classes(classes)
        self.flat.write(b">", max(start, at - 1))
        return name.lower(), at

    def _classes(self, classes: list[tuple[int, int]]) -> None:
        for number, (start, end) in enumerate(classes):
            self.flat.write(b' class="' if number == 0 else b" ", start)
            self.flat.keep(start, end)
        if classes:
            self.flat.write(b'"', classes[-1][1] - 1)
        classes.clear()

    def _rest(self, at: int, end: int, indent: int) -> None:
        """What stands behind a colon on the same line."""
        while at < end and self.data[at : at + 1].isspace():
            at += 1
        self.chain += 1
        chained = at < end and self.chain <= LONGEST_CHAIN
        said = KEYWORD.match(self.data, at, end) if chained else None
        if at < end and not (said and self._keyword(said, at, end, indent)):
            self._tag(at, end, indent)

    # ------------------------------------------------------------ text

    def _text(self, at: int, end: int, depth: int = 0) -> None:
        """A line of text, with the tags that stand in it as `#[...]`."""
        for found in INLINE.finditer(self.data, at, end):
            if found.start() < at or found[0][:1] == b"\\" or depth >= DEEPEST:
                continue
            close = self.scan.closing(found.end(), end)
            if close < 0:
                break
            self.values.interpolated(at, found.start())
            self._inline(found.end(), close, depth)
            at = close + 1
        self.values.interpolated(at, end)

    def _inline(self, at: int, end: int, depth: int) -> None:
        said = KEYWORD.match(self.data, at, end)
        if said and said["call"]:
            self.flat.say(b"+" + said["call"], at, end)
            return
        name, at = self._opened(at, end)
        sign = self.data[at : at + 1] if at < end else b""
        if sign == b"=" or self.data.startswith(b"!=", at, end):
            self.values.shown(at + (1 if sign == b"=" else 2), end, at)
        elif sign and sign != b"/":
            self._text(min(end, at + (sign == b" ")), end, depth + 1)
        if name and name not in VOID:
            self.flat.write(b"</" + name + b">", max(at, end - 1))

    def _raw(self, indent: int, *, markup: bool) -> None:
        """The deeper lines that follow are text and no tags."""
        write: Callable[[int, int], None] = self._text if markup else self.values.interpolated
        for start, end in self._inner(indent):
            self._break()
            self._flush()
            self.at = end
            write(start, end)
            self.last = end

    def _pass(self, indent: int) -> None:
        """The deeper lines that follow say nothing."""
        for _, end in self._inner(indent):
            self._break()
            self.at = end

    def _inner(self, indent: int) -> list[tuple[int, int]]:
        """The lines that lie deeper, and the empty ones between them."""
        found: list[tuple[int, int]] = []
        waiting: list[tuple[int, int]] = []
        at = self.at + 1
        while at < len(self.data):
            end = self._line_end(at)
            depth = self._indent(at, end)
            if at + depth < end:
                if depth <= indent:
                    break
                found.extend((*waiting, (at, end)))
                waiting.clear()
            else:
                waiting.append((at, end))
            at = end + 1
        return found

    def _holds_text(self, indent: int) -> bool:
        """Are the deeper lines a script's text, as the first Jade wrote it, without a point?"""
        first = self._first_inner(indent)
        return first is not None and SCRIPTED.match(self.data, *first) is None

    def _has_inner(self, indent: int) -> bool:
        return self._first_inner(indent) is not None

    def _first_inner(self, indent: int) -> tuple[int, int] | None:
        """The first deeper line, without its indentation."""
        at = self.at + 1
        while at < len(self.data):
            end = self._line_end(at)
            depth = self._indent(at, end)
            if at + depth < end:
                return (at + depth, end) if depth > indent else None
            at = end + 1
        return None

    # ------------------------------------------------------------ where lines end

    def _reach(self, at: int) -> int:
        """The end of the line on which something ends that may have begun on another."""
        if at > self.at:
            self.at = self._line_end(at)
        self.last = self.at
        return self.at

    def _line_end(self, at: int) -> int:
        end = self.data.find(b"\n", at)
        return end if end >= 0 else len(self.data)

    def _indent(self, start: int, end: int) -> int:
        at = start
        while at < end and self.data[at] in b" \t\r":
            at += 1
        return at - start

    def _break(self) -> None:
        """The line break at which the line ends waits for what closes before it."""
        if self.at < len(self.data):
            self.breaks.append(self.at)
        self.at += 1

    def _flush(self) -> None:
        for at in self.breaks:
            self.flat.keep(at, at + 1)
        self.breaks.clear()

    def _close(self, indent: int, turns: bool) -> None:
        """Close what is not around this depth; an `else` leaves the if of its own depth open."""
        while self.stack and self.stack[-1].indent >= indent:
            opened = self.stack[-1]
            if turns and opened.indent == indent and opened.kind == "if":
                return
            self.stack.pop()
            self.flat.write(opened.closing, self.last)
