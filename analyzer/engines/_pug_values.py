"""Pug's attributes and interpolations, which are JavaScript, as attributes and outputs."""

from __future__ import annotations

import re

from analyzer.engines._flat import Flat
from analyzer.engines._scan import ONE_STRING, STRING, Scanner, trimmed

NAME = re.compile(rb"""["']?(?P<name>[^\s=,!"']+)["']?[^\S\n]*""")
PLAIN_NAME = re.compile(rb"[\w:@.\[\]()*#-]+")
EQUALS = re.compile(rb"\s*!?=(?!=)\s*")
GAP = re.compile(rb"[\s,]*")
TOKEN = re.compile(
    rb"(?s:\\.)|" + STRING + rb"""|(?P<opens>[(\[{])|(?P<closes>[)\]}])|(?P<comma>,)|(?P<gap>\s+)"""
    rb"""|[^\s,()\[\]{}"'`\\]+|.""",
)
GOES_ON = re.compile(rb"[-+*/%=<>&|?]|!=|:(?![\w@:])|(?:in|instanceof)\b")
HANGS = re.compile(rb"(?:[-+*/%=<>&|?:!~]|\b(?:in|instanceof|typeof|new|void|await))$")
CHOICE = re.compile(
    rb"(?P<condition>[^?\"'`\n]{1,200}?)\s*\?\s*(?P<yes>%s)\s*:\s*(?P<no>%s)" % (STRING, STRING)
)
INTERPOLATION = re.compile(rb"\\?[#!]\{")
HOLE = re.compile(rb"\\.|\$\{")
SIMPLE = re.compile(rb"[^{}\n]*")


class Values:
    """Writes values of one file down as flat markup."""

    def __init__(self, flat: Flat, scanner: Scanner) -> None:
        self.flat = flat
        self.scan = scanner
        self.data = flat.data

    def attributes(self, start: int, end: int) -> None:
        """All attributes that stand between two brackets."""
        at = start
        while True:
            gap = GAP.match(self.data, at, end)
            at = gap.end() if gap else at
            name = NAME.match(self.data, at, end)
            if name is None:
                if at >= end:
                    return
                at += 1
                continue
            at = name.end()
            known = PLAIN_NAME.fullmatch(name["name"])
            equals = EQUALS.match(self.data, at, end)
            if known:
                self.flat.write(b" ", name.start())
                self.flat.keep(*name.span("name"))
            if equals is None:
                continue
            stop = self._expression_end(equals.end(), end)
            if known:
                self._value(*trimmed(self.data, equals.end(), stop))
            at = max(stop, equals.end())

    def _expression_end(self, start: int, end: int) -> int:
        """Where an attribute's value ends: at a comma, or at a gap that no operator bridges."""
        depth, chooses, last = 0, False, start
        for found in TOKEN.finditer(self.data, start, end):
            if found["opens"]:
                depth += 1
            elif found["closes"]:
                depth -= 1
                if depth < 0:
                    return found.start()
            elif depth == 0 and found["comma"]:
                return found.start()
            elif depth == 0 and found["gap"]:
                following = GOES_ON.match(self.data, found.end(), end)
                bridged = following and (chooses or following[0] != b":")
                hangs = HANGS.search(self.data, max(start, last - 12), last)
                if not bridged and not hangs and last > start:
                    return found.start()
            elif depth == 0 and b"?" in found[0] and found[0][:1] not in (b'"', b"'", b"`"):
                chooses = True
            last = found.end()
        return end

    def _value(self, start: int, end: int) -> None:
        """A value as a quoted attribute: texts as they stand, everything else as outputs."""
        raw = self.data[start:end]
        quote = b"'" if b'"' in raw[1:-1] and b"'" not in raw[1:-1] else b'"'
        self.flat.write(b"=" + quote, start)
        choice = CHOICE.fullmatch(self.data, start, end)
        if choice:
            condition = b" ".join(choice["condition"].split())
            self.flat.say(b"if " + condition, start, start + 1)
            self._text(*choice.span("yes"), quote)
            self.flat.say(b"else", choice.start("no"), choice.start("no") + 1)
            self._text(*choice.span("no"), quote)
            self.flat.say(b"endif", end - 1, end)
        else:
            for piece in self.scan.pieces(start, end, b"+"):
                self._text(*piece, quote)
        self.flat.write(quote, max(start, end - 1))

    def _text(self, start: int, end: int, quote: bytes) -> None:
        """One part of a value: a string's contents, or an output."""
        if start >= end:
            return
        if ONE_STRING.fullmatch(self.data, start, end) is None:
            self.flat.show(start, end)
            return
        holes = self.data[start : start + 1] == b"`"
        at, end = start + 1, end - 1
        for found in HOLE.finditer(self.data, at, end):
            if found.start() < at:
                continue
            if found[0][:1] == b"\\":
                self._escaped(at, found.start(), quote)
                at = found.start() + 1
            elif holes and (close := self.scan.closing(found.end(), end)) >= 0:
                self._escaped(at, found.start(), quote)
                self.flat.show(found.end(), close, (found.start(), close + 1))
                at = close + 1
        self._escaped(at, end, quote)

    def _escaped(self, start: int, end: int, quote: bytes) -> None:
        """Text inside of quotes, which must not end them."""
        at = start
        while (found := self.data.find(quote, at, end)) >= 0:
            self.flat.keep(at, found)
            self.flat.write(b"&quot;" if quote == b'"' else b"&#39;", found)
            at = found + 1
        self.flat.keep(at, end)

    def shown(self, start: int, end: int, outer: int) -> None:
        """What stands behind an equals sign: an expression, or text where it is only that."""
        if ONE_STRING.fullmatch(self.data, *trimmed(self.data, start, end)):
            self._text(*trimmed(self.data, start, end), b"\0")
        else:
            self.flat.show(start, end, (outer, end))

    def interpolated(self, start: int, end: int) -> None:
        """A line of text with its `#{...}` and `!{...}`."""
        at, simple = start, False
        for found in INTERPOLATION.finditer(self.data, start, end):
            if found.start() < at:
                continue
            self.flat.keep(at, found.start())
            at = found.start()
            if found[0][:1] == b"\\":
                at += 1
                continue
            close = -1 if simple else self.scan.closing(found.end(), end)
            if close < 0:
                simple = True  # from now on without the strings that may hold brackets
                plain = SIMPLE.match(self.data, found.end(), end)
                close = (
                    plain.end()
                    if plain and self.data[plain.end() : plain.end() + 1] == b"}"
                    else -1
                )
            if 0 <= close < end:
                self.flat.show(found.end(), close, (at, close + 1))
                at = close + 1
        self.flat.keep(at, end)
