"""Razor as flat markup: its code goes, its braces become statements, its markup stays.

The file is walked once with a stack of what is open, since markup stands in code and code in
markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.engines._flat import VOID, Flat, clean
from analyzer.engines._razor_code import (
    CALL,
    CODE,
    NAME,
    STEPS,
    component,
    pascal,
    said_by,
)
from analyzer.engines._razor_words import (
    ASKED,
    BEHIND,
    BLOCK,
    CHAIN,
    DIRECTIVE,
    ENVIRONMENT,
    IN_TAG,
    OWN_COMPONENTS,
    PARTIAL,
    QUOTED,
    RAW,
    TEXT,
    TURN,
)
from analyzer.engines._scan import Scanner


@dataclass(slots=True)
class _Frame:
    """Something that is open: markup, an element in code, a line, a section, or code."""

    kind: str
    word: bytes = b""  # what is said where it closes
    depth: int = 0  # braces of code or of a section, elements of markup in code
    end: int = 0  # where a line of markup ends
    quote: bytes = b""
    raw: bytes = b""  # the script or style element that the markup is in
    tag: bytes = b""  # the start or end tag that the markup is in
    fresh: bool = True  # in code: a statement may begin here


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The file as flat markup."""
    return _Razor(clean(data)).run()


class _Razor:
    """Walks through one file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.flat = Flat(data)
        self.scan = Scanner(data, STEPS)
        self.stack = [_Frame("markup")]
        self.environments: list[bytes] = []
        self.comments = True
        self.at = 3 if data.startswith(b"\xef\xbb\xbf") else 0

    def run(self) -> tuple[bytes, Sequence[int]]:
        """All of the file."""
        while self.at < len(self.data):
            (self._code if self.stack[-1].kind == "code" else self._markup)(self.stack[-1])
        return self.flat.done()

    # ------------------------------------------------------------ markup

    def _markup(self, frame: _Frame) -> None:
        """Markup up to the next thing that matters."""
        data = self.data
        limit = frame.end or len(data)
        if frame.tag:
            pattern = QUOTED[frame.quote] if frame.quote else IN_TAG
        else:
            pattern = RAW[frame.raw] if frame.raw else TEXT
        found = pattern.search(data, self.at, limit)
        if found is None:
            self.flat.keep(self.at, limit)
            self.at = limit
            if frame.end:
                self.stack.pop()
            return
        self.flat.keep(self.at, found.start())
        self.at = found.start()
        if found[0] == b"@":
            self._transition()
        elif found["brace"]:
            self._brace(frame, found)
        elif frame.tag:
            self._in_tag(frame, found)
        elif found[0] == b"<!--":
            close = data.find(b"-->", found.end(), limit) if self.comments else -1
            if close < 0 and not frame.end:
                self.comments = False  # where none ends, the next one does not either
            self._hold(found.end() if close < 0 or b"@" in data[self.at : close] else close + 3)
            self._ends(frame)
        else:
            self._tag(frame, found)

    def _brace(self, frame: _Frame, found: re.Match[bytes]) -> None:
        """Braces count in a section, which ends with one."""
        if frame.kind == "section":
            frame.depth += 1 if found[0] == b"{" else -1
            if frame.depth < 0:
                self.flat.say(b"end" + frame.word, self.at, self.at + 1)
                self.at += 1
                self.stack.pop()
                return
        self._hold(found.end())

    def _tag(self, frame: _Frame, found: re.Match[bytes]) -> None:
        """A start tag or an end tag begins, or a script ends."""
        frame.raw = b""
        frame.tag = found[0].lower().replace(b"!", b"")
        if frame.tag == b"<partial" and (partial := PARTIAL.match(self.data, self.at)):
            name = partial["double"] if partial["double"] is not None else partial["single"]
            plain = b"@" not in name
            self.flat.say(
                b'include "%s"' % name if plain else b"include " + name, self.at, partial.end()
            )
        elif frame.tag.startswith(b"<vc:"):
            name = component(pascal(frame.tag[4:]))
            self.flat.say(b'include "' + name + b'"', self.at, found.end())
        elif frame.tag == b"<environment" and (asked := ENVIRONMENT.match(self.data, self.at)):
            word = b"unless" if asked["how"] == b"exclude" else b"if"
            self.flat.say(word + b" environment is " + asked["names"], self.at, asked.end())
            self.environments.append(word)
        elif frame.tag == b"</environment" and self.environments:
            self.flat.say(b"end" + self.environments.pop(), self.at, found.end())
        elif found[0][1:2].isupper() and not OWN_COMPONENTS.match(self.data, self.at):
            name = found[0][1:].rpartition(b".")[2]
            self.flat.say(b'include "' + name + b'"', self.at, found.end())
        if frame.tag in (b"<text", b"</text"):
            self.flat.blank(self.at, found.end())
            self.at = found.end()
        else:
            self._hold(found.end())

    def _in_tag(self, frame: _Frame, found: re.Match[bytes]) -> None:
        """A quote opens or closes, or the tag ends."""
        if frame.quote:
            frame.quote = b""
            self._hold(found.end())
        elif found["quote"]:
            frame.quote = found[0]
            self._hold(found.end())
        elif found["end"]:
            tag, frame.tag = frame.tag, b""
            if tag in (b"<text", b"</text"):
                self.at = found.end()
            else:
                self._hold(found.end())
            if tag.startswith(b"</"):
                frame.depth -= frame.kind == "element"
            elif found[0] == b">" and tag[1:] not in VOID:
                frame.depth += frame.kind == "element"
                frame.raw = tag[1:] if tag[1:] in RAW else b""
            self._ends(frame)
        else:
            frame.tag = b""  # a tag that another one interrupts

    def _ends(self, frame: _Frame) -> None:
        """An element in code ends with its last tag."""
        if frame.kind == "element" and frame.depth <= 0:
            self.stack.pop()

    # ------------------------------------------------------------ from markup to code

    def _transition(self) -> None:
        """What an at sign begins."""
        data, at = self.data, self.at
        following = data[at + 1 : at + 2]
        if following == b"@":
            self.flat.keep(at, at + 1)
            self.at += 2
        elif following == b"*":
            close = data.find(b"*@", at + 2)
            self._drop(close + 2 if close >= 0 else len(data))
        elif at and _is_word(data[at - 1 : at]) and _is_word(following):
            self._hold(at + 1)  # an address of mail
        elif said := DIRECTIVE.match(data, at):
            if said["layout"]:
                name = said["layout"].rpartition(b".")[2]
                self.flat.say(b'extends "' + name + b'"', at, said.end())
            self._drop(said.end())
        elif block := BLOCK.match(data, at):
            self._block(block)
        elif following == b"(":
            close = self.scan.closing(at + 2, len(data))
            if close < 0:
                self._hold(at + 2)
                return
            self.flat.show(at + 2, close, (at, close + 1))
            self.at = close + 1
        elif following == b":" or NAME.match(data, at + 1) is None:
            self._hold(at + 1)
        else:
            self._expression()

    def _block(self, block: re.Match[bytes]) -> None:
        """A block of code, or a section of markup."""
        data, at = self.data, self.at
        if block["section"] and block["brace"]:
            self.flat.say(b"fill " + block["section"], at, block.end())
            self.stack.append(_Frame("section", b"fill"))
            self.at = block.end()
        elif block["code"] and block["brace"]:
            close = self.scan.closing(block.end(), len(data))
            self._drop(close + 1 if close >= 0 else len(data))
        elif block["do"] in (b"if", b"switch"):
            if not self._asked(at + 1):
                self._hold(at + 1)
        elif block["brace"]:
            self.flat.say(b"open", at, block.end())
            self.stack.append(_Frame("code", b"open"))
            self.at = block.end()
        elif block["do"]:
            opening = data.find(b"(", at)
            close = self.scan.closing(opening + 1, len(data))
            behind = BEHIND.match(data, close + 1) if close >= 0 else None
            if behind is None:
                self._hold(at + 1)
                return
            self.flat.say(b"open", at, behind.end())
            self.stack.append(_Frame("code", b"open"))
            self._drop(behind.end())
        else:
            self._hold(at + 1)

    def _asked(self, at: int) -> bool:
        """An if with its condition and its brace; False where that is not what stands here."""
        asked = ASKED.match(self.data, at)
        close = self.scan.closing(asked.end(), len(self.data)) if asked else -1
        behind = BEHIND.match(self.data, close + 1) if close >= 0 else None
        if asked is None or behind is None:
            return False
        words = b" ".join(self.data[asked.end() : close].split())
        if b"switch" in asked[0]:
            words = b"switch " + words
        neutral = words.startswith(b"IsSectionDefined(")  # the page that fills it has it
        self.flat.say(b"open" if neutral else b"if " + words, self.at, behind.end())
        self.stack.append(_Frame("code", b"open" if neutral else b"if"))
        self._drop(behind.end())
        return True

    def _expression(self) -> None:
        """A value that is shown: names, calls and indexes in a row."""
        data, at = self.data, self.at
        if call := CALL.match(data, at + 1):
            close = self.scan.closing(call.end(), len(data))
            words = said_by(call, data, close) if close >= 0 else b""
            if words:
                self.flat.say(words, at, close + 1)
                self._drop(close + 1)
                return
        end = at + 1
        if data.startswith(b"await ", end):
            end += 6
        while name := NAME.match(data, end):
            end = name.end()
            while data[end : end + 1] in (b"(", b"["):
                close = self.scan.closing(end + 1, len(data))
                if close < 0:
                    break
                end = close + 1
            chain = CHAIN.match(data, end)
            if chain is None:
                break
            end = chain.end()
        if data[at + 1 : end] in (b"Body", b"ChildContent"):
            self.flat.say(b"place", at, end)
            self.at = end
            return
        self.flat.show(at + 1, max(end, at + 1), (at, max(end, at + 1)))
        self.at = max(end, at + 1)

    # ------------------------------------------------------------ code

    def _code(self, frame: _Frame) -> None:
        """Code up to the next thing that matters."""
        data = self.data
        found = CODE.search(data, self.at)
        if found is None:
            self._drop(len(data))
            return
        self._drop(found.start())
        kind = found.lastgroup
        if found["close"]:
            frame.depth -= 1
            frame.fresh = True
            self.at += 1
            if frame.depth < 0:
                self._closed(frame)
        elif found["open"]:
            frame.depth += 1
            frame.fresh = True
            self.at += 1
        elif found["line"]:
            end = data.find(b"\n", self.at)
            self.at += 2
            self.stack.append(_Frame("line", end=end if end >= 0 else len(data)))
            frame.fresh = True
        elif found["template"] or (found["tag"] and frame.fresh):
            self.at += 1 if found["template"] else 0
            self.stack.append(_Frame("element"))
            frame.fresh = True
        elif found["at"]:
            self.at += 1
        elif found["ask"] and frame.fresh and self._asked(self.at):
            pass
        elif found["layout"]:
            value = b" ".join(found["value"].split())
            if value != b"null":
                self.flat.say(b"extends " + value, self.at, found.end())
            self._drop(found.end())
        elif found["call"] and self._called():
            frame.fresh = False
        else:
            frame.fresh = kind == "end" or (kind == "skip" and frame.fresh)
            self._drop(found.end())

    def _called(self) -> bool:
        """A call in code that puts a file or a place here."""
        call = CALL.match(self.data, self.at)
        close = self.scan.closing(call.end(), len(self.data)) if call else -1
        words = said_by(call, self.data, close) if call and close >= 0 else b""
        if not words:
            return False
        self.flat.say(words, self.at, close + 1)
        self._drop(close + 1)
        return True

    def _closed(self, frame: _Frame) -> None:
        """The brace that ends a block; an else goes on with the same condition turned round."""
        turn = TURN.match(self.data, self.at) if frame.word in (b"if", b"open") else None
        start = self.at - 1
        self.stack.pop()
        if turn is not None and turn["asks"] and frame.word == b"if":
            close = self.scan.closing(turn.end(), len(self.data))
            behind = BEHIND.match(self.data, close + 1) if close >= 0 else None
            if behind:
                words = b" ".join(self.data[turn.end() : close].split())
                self.flat.say(b"else if " + words, start, behind.end())
                self.stack.append(_Frame("code", b"if"))
                self._drop(behind.end())
                return
        if turn is not None and turn["brace"] and frame.word == b"if":
            self.flat.say(b"else", start, turn.end())
            self.stack.append(_Frame("code", b"if"))
            self._drop(turn.end())
            return
        self.flat.say(b"end" + frame.word, start, self.at)
        if turn is not None and turn["brace"]:
            self.flat.say(b"if the section is not defined", self.at, turn.end())
            self.stack.append(_Frame("code", b"if"))
            self._drop(turn.end())

    # ------------------------------------------------------------ moving on

    def _hold(self, end: int) -> None:
        self.flat.keep(self.at, end)
        self.at = max(end, self.at)

    def _drop(self, end: int) -> None:
        self.flat.blank(self.at, end)
        self.at = max(end, self.at)


def _is_word(sign: bytes) -> bool:
    return sign.isalnum() or sign == b"_"
