"""PHP as tokens: markup outside of its tags, names, variables, texts and marks, brackets paired."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

ENTER = re.compile(rb"<\?(?:php\b|=|(?=\s))", re.I)
COMMENT = rb"(?://|\#(?!\[))[^\n?]*+(?:\?(?!>)[^\n?]*+)*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)"
WORD = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*+"
TOKEN = re.compile(
    rb"(?P<blank>(?:\s++|" + COMMENT + rb")++)"
    rb"|(?P<var>\$++" + WORD + rb")"
    rb"|(?P<name>\\?+" + WORD + rb"(?:\\" + WORD + rb")*+)"
    rb"|(?P<single>'[^'\\]*+(?:\\(?s:.)[^'\\]*+)*+(?:'|\Z|\\\Z))"
    rb'|(?P<double>"[^"\\]*+(?:\\(?s:.)[^"\\]*+)*+(?:"|\Z|\\\Z))'
    rb"|(?P<shell>`[^`\\]*+(?:\\(?s:.)[^`\\]*+)*+(?:`|\Z|\\\Z))"
    rb"|(?P<heredoc><<<[ \t]*+(?P<quote>[\"']?)(?P<label>[A-Za-z_]\w*+)(?P=quote)[ \t]*+\n)"
    rb"|(?P<number>\d[\w.]*+)"
    rb"|(?P<close>\?>)"
    rb"|(?P<mark>=>|\?->|->|::|\.\.\.|\.=|\?\?=|\?\?|===|!==|==|!=|<=|>=|&&|\|\||\+\+|--|[+*/%-]=|(?s:.))"
)
PAIRS = {b"(": b")", b"[": b"]", b"{": b"}"}
CLOSERS = frozenset(PAIRS.values())


class Code:
    """The tokens of one file as lists of their kinds, starts and ends.

    Kinds are html (outside of the tags), echo (the short tag that prints), close (a tag's end),
    var, name, single, double, heredoc, nowdoc, number and mark. `partner` leads from an opening
    bracket to its closing one, or to the number of tokens where there is none; `bodies` says where
    the text of a heredoc stands.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.kinds: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.partner: dict[int, int] = {}
        self.bodies: dict[int, tuple[int, int]] = {}
        self._read()
        self._pair()

    def __len__(self) -> int:
        return len(self.kinds)

    def text(self, number: int) -> bytes:
        """The token as written; nothing behind the last one."""
        if not 0 <= number < len(self.kinds):
            return b""
        return self.data[self.starts[number] : self.ends[number]]

    def start(self, number: int) -> int:
        """Where a token begins; behind the last one the end of the file."""
        return self.starts[number] if 0 <= number < len(self.starts) else len(self.data)

    def end(self, number: int) -> int:
        """Where a token ends; behind the last one the end of the file."""
        return self.ends[number] if 0 <= number < len(self.ends) else len(self.data)

    def word(self, number: int) -> str:
        """A name in lower case, as PHP takes its keywords and functions, or an empty text."""
        if not 0 <= number < len(self.kinds) or self.kinds[number] != "name":
            return ""
        return self.text(number).decode("utf-8", "replace").lower()

    def kind(self, number: int) -> str:
        return self.kinds[number] if 0 <= number < len(self.kinds) else ""

    def is_mark(self, number: int, *marks: bytes) -> bool:
        """Is the token one of these marks?"""
        return self.kind(number) == "mark" and self.text(number) in marks

    def is_text(self, number: int) -> bool:
        """Is the token a quoted text or a heredoc?"""
        return self.kind(number) in ("single", "double", "heredoc", "nowdoc")

    def written(self, first: int, last: int) -> str:
        """The source of tokens `first` up to `last` on one line."""
        if last <= first or first >= len(self):
            return ""
        data = self.data[self.starts[first] : self.ends[min(last, len(self)) - 1]]
        return " ".join(data.decode("utf-8", "replace").split())

    def after(self, number: int) -> int:
        """The token behind this one, or behind the bracket that it opens."""
        return self.partner.get(number, number) + 1

    def split(self, first: int, last: int, *marks: bytes) -> list[tuple[int, int]]:
        """The stretches between marks that stand in no bracket."""
        found, begin, at = [], first, first
        while at < last:
            if self.is_mark(at, *marks):
                found.append((begin, at))
                begin = at + 1
            at = self.after(at)
        return [*found, (begin, last)]

    def find(self, first: int, last: int, *marks: bytes) -> int:
        """The first of these marks that stands in no bracket, else `last`."""
        at = first
        while at < last and not self.is_mark(at, *marks):
            at = self.after(at)
        return min(at, last)

    def line(self, offset: int) -> int:
        return bisect_right(self._breaks, offset) + 1

    @cached_property
    def _breaks(self) -> list[int]:
        return [found.end() for found in re.finditer(rb"\n", self.data)]

    # ------------------------------------------------------------ reading

    def _read(self) -> None:
        at, end = 0, len(self.data)
        while at < end:
            entered = ENTER.search(self.data, at)
            stop = entered.start() if entered else end
            if stop > at:
                self._add("html", at, stop)
            if entered is None:
                return
            if entered[0] == b"<?=":
                self._add("echo", entered.start(), entered.end())
            at = self._read_code(entered.end(), end)

    def _read_code(self, at: int, end: int) -> int:
        """The tokens up to the tag that leaves the code; where that one ends."""
        match = TOKEN.match
        kinds, starts, ends = self.kinds, self.starts, self.ends
        while at < end and (found := match(self.data, at)):
            kind = found.lastgroup or "mark"
            start, at = at, found.end()
            if kind == "blank":
                continue
            if kind == "heredoc":
                at = self._heredoc(found)
                continue
            kinds.append(kind)
            starts.append(start)
            ends.append(at)
            if kind == "close":
                break
        return at

    def _heredoc(self, opening: re.Match[bytes]) -> int:
        closing = re.compile(rb"^[ \t]*%s\b" % opening["label"], re.M)
        found = closing.search(self.data, opening.end())
        stop = found.start() if found else len(self.data)
        end = found.end() if found else len(self.data)
        self.bodies[len(self)] = (opening.end(), max(opening.end(), stop - 1 if found else stop))
        self._add("nowdoc" if opening["quote"] == b"'" else "heredoc", opening.start(), end)
        return end

    def _add(self, kind: str, start: int, end: int) -> None:
        self.kinds.append(kind)
        self.starts.append(start)
        self.ends.append(end)

    def _pair(self) -> None:
        """Brackets that are never closed, or by another one, end where what is around them does."""
        opened: list[tuple[int, bytes]] = []
        waiting = {b")": 0, b"]": 0, b"}": 0}
        for number, kind in enumerate(self.kinds):
            if kind != "mark" or self.ends[number] - self.starts[number] != 1:
                continue
            text = self.data[self.starts[number] : self.ends[number]]
            if text in PAIRS:
                opened.append((number, PAIRS[text]))
                waiting[PAIRS[text]] += 1
            elif text in CLOSERS and waiting[text]:
                while opened:
                    first, wanted = opened.pop()
                    waiting[wanted] -= 1
                    self.partner[first] = number
                    if wanted == text:
                        break
        self.partner.update((first, len(self)) for first, _ in opened)
