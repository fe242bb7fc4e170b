"""JavaScript's regular expressions in Python's words, refused where one could run for ever.

They come from containers and scripts, so they may be hostile.
While one is read its cost is counted: in how many ways it could try to fit a text.
What is refused is undecided, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import comb

LONGEST = 500  # characters of a pattern that is tried
DEEPEST = 20  # groups inside each other
USUAL_TEXT = 80  # characters of a path or an event, which a pattern must be able to search
MOST_STEPS = 10_000_000  # about a tenth of a second
MOST_TIMES = 1_000  # of `{n}`

QUANTIFIER = re.compile(r"(?:[*+?]|\{(\d{1,4})(,(\d{0,4}))?\})\??")
GROUP = re.compile(r"\((?:\?(?::|=|!|<=|<!))?")
ESCAPE = re.compile(
    r"\\(?:(?P<set>[dDwWsS])|(?P<edge>[bB])|(?P<plain>[^0-9A-Za-z])"
    r"|(?P<code>x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[nrtfv]))"
)


@dataclass(frozen=True, slots=True)
class Ways:
    """In how many ways something can fit: `times` the text's length to the power of `degree`."""

    times: int = 1
    degree: int = 0

    def then(self, other: Ways) -> Ways:
        return Ways(self.times * other.times, self.degree + other.degree)

    def either(self, other: Ways) -> Ways:
        return Ways(self.times + other.times, max(self.degree, other.degree))

    def steps(self, length: int) -> int:
        """At most so many steps for a search, which may also begin anywhere."""
        return self.times * comb(length + self.degree + 1, self.degree + 1)


ONCE = Ways()
# Python's $ looks over the end of a last line, and its point stops at fewer ends of a line.
SPECIAL = {"^": "^", "$": r"\Z", ".": r"[^\n\r\u2028\u2029]"}


class _Refused(Exception):
    """The pattern is not one that both languages read alike."""


def javascript_pattern(
    text: str, any_case: bool = False, length: int = USUAL_TEXT
) -> re.Pattern[str] | None:
    """The pattern for a text of this length, or None where it is undecided what it would say."""
    made, ways = _made(text, any_case)
    return made if made is not None and ways.steps(max(length, USUAL_TEXT)) <= MOST_STEPS else None


@cache
def _made(text: str, any_case: bool) -> tuple[re.Pattern[str] | None, Ways]:
    try:
        written, ways = _Reader(text).read()
        return re.compile(written, re.ASCII | (re.I if any_case else 0)), ways
    except (_Refused, re.error, OverflowError, RecursionError):
        return None, ONCE


class _Reader:
    """Reads a pattern once from left to right: Python's words for it, and the ways to fit them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def read(self) -> tuple[str, Ways]:
        if len(self.text) > LONGEST:
            raise _Refused
        written = self._branches()
        if self.at < len(self.text):
            raise _Refused  # a bracket closes that never opened
        return written

    def _branches(self) -> tuple[str, Ways]:
        written, ways = self._branch()
        while self._next("|"):
            more, other = self._branch()
            written, ways = f"{written}|{more}", ways.either(other)
        return written, ways

    def _branch(self) -> tuple[str, Ways]:
        written, ways, last = [], ONCE, ONCE
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            words, own, repeats = self._part()
            words, own = self._repeated(words, own) if repeats else (words, own)
            written.append(words)
            ways, last = ways.then(last), own
        # Nothing stands behind the last part of the whole, so it never has to try again.
        return "".join(written), ways.then(last) if self.depth else ways

    def _part(self) -> tuple[str, Ways, bool]:
        """One part of a branch, and whether it is one that may be repeated."""
        first = self.text[self.at]
        match first:
            case "(":
                return self._group()
            case "[":
                return self._set(), ONCE, True
            case "\\":
                words, kind = self._escape()
                return words, ONCE, kind != "edge"
            case "*" | "+" | "?":
                raise _Refused  # nothing stands before it
            case "{" if QUANTIFIER.match(self.text, self.at):
                raise _Refused
        self.at += 1
        return SPECIAL.get(first, re.escape(first)), ONCE, first not in "^$"

    def _repeated(self, words: str, ways: Ways) -> tuple[str, Ways]:
        found = QUANTIFIER.match(self.text, self.at)
        if found is None:
            return words, ways
        self.at = found.end()
        low, many, high = found.groups()
        if found[0][0] == "?":
            return words + found[0], ways.either(ONCE)
        if ways != ONCE:
            raise _Refused  # several ways, again and again: this is how patterns explode
        if low is None:
            return words + found[0], Ways(1, 1)
        least, most = int(low), int(high or low)
        if not least <= most <= MOST_TIMES:
            raise _Refused
        return words + found[0], Ways(1, 1) if many and not high else Ways(most - least + 1)

    def _group(self) -> tuple[str, Ways, bool]:
        opening = GROUP.match(self.text, self.at)
        assert opening is not None
        self.at = opening.end()
        if self.text.startswith("?", self.at) or self.depth >= DEEPEST:
            raise _Refused  # a name, a flag or a comment, which the languages write differently
        self.depth += 1
        words, ways = self._branches()
        self.depth -= 1
        if not self._next(")"):
            raise _Refused
        return f"{opening[0]}{words})", ways, opening[0] in ("(", "(?:")

    def _set(self) -> str:
        self.at += 1
        written = "[^" if self._next("^") else "["
        if self.text.startswith("]", self.at):
            raise _Refused  # nothing, or anything, in JavaScript; a bracket in Python
        while not self._next("]"):
            words, kind = self._member()
            ranged = self.text.startswith("-", self.at) and not self.text.startswith("-]", self.at)
            if ranged:
                self.at += 1
                last, other = self._member()
                if "set" in (kind, other):
                    raise _Refused
                words = f"{words}-{last}"
            written += words
        return written + "]"

    def _member(self) -> tuple[str, str]:
        if self.at >= len(self.text):
            raise _Refused
        if self.text[self.at] == "\\":
            words, kind = self._escape()
            if kind == "edge":
                raise _Refused
            return words, kind
        self.at += 1
        return re.escape(self.text[self.at - 1]), "plain"

    def _escape(self) -> tuple[str, str]:
        found = ESCAPE.match(self.text, self.at)
        if found is None:
            raise _Refused  # a back reference, a property, or a letter that means nothing
        self.at = found.end()
        kind = found.lastgroup or ""
        return (re.escape(found["plain"]) if kind == "plain" else found[0]), kind

    def _next(self, mark: str) -> bool:
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True
