"""A program's tokens with their brackets: what belongs together, and where a statement ends."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from analyzer.parse.budget import Budget
from analyzer.parse.server.languages import Language
from analyzer.parse.server.tokens import CLOSING, KEYWORDS, OPENING, PARTNER, Token, tokens

HANGING = frozenset(
    {"+", ",", "(", "[", "{", "=", ":=", "=>", "->", ".", "&&", "||", "?", ":", "<<", "\\", "|"}
)
NO_NAMES = KEYWORDS | {"new"}
COMMA = frozenset({","})
LONGEST_STATEMENT = 1_000  # tokens of a statement, what is in brackets counted as one, or so
LONGEST_NAME = 40  # words of a dotted name
LONGEST_TYPE = 16  # tokens between the angle brackets of a call


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens in a row: the first one's number and the one behind the last; `key` names an item."""

    start: int
    end: int
    key: str = ""


class Layout:
    """One program; with a budget it is left when that is used up."""

    def __init__(self, data: bytes, language: Language, budget: Budget | None = None) -> None:
        self.budget = budget
        self.data = data
        self.language = language
        self.tokens: Sequence[Token] = tokens(data, language)
        self.partner: dict[int, int] = {}
        self.outer: list[int] = []
        self._marks: dict[frozenset[str], list[int]] = {}
        opened: list[int] = []
        for number, token in enumerate(self.tokens):
            self.outer.append(opened[-1] if opened else -1)
            if token.kind == "mark" and token.text in OPENING:
                opened.append(number)
            elif token.kind == "mark" and token.text in CLOSING:
                while opened and PARTNER[self.tokens[opened[-1]].text] != token.text:
                    opened.pop()
                if opened:
                    self.partner[number] = opened.pop()
                    self.partner[self.partner[number]] = number
                    self.outer[-1] = opened[-1] if opened else -1

    def text(self, number: int) -> str:
        return self.tokens[number].text if 0 <= number < len(self.tokens) else ""

    def word(self, number: int) -> str:
        """The name that stands here, without the marks of variables."""
        token = self.tokens[number] if 0 <= number < len(self.tokens) else None
        return token.text.lstrip("$@") if token is not None and token.kind == "word" else ""

    def written(self, stretch: Stretch) -> str:
        """The stretch as it is written."""
        if stretch.start >= stretch.end:
            return ""
        start, end = self.tokens[stretch.start].start, self.tokens[stretch.end - 1].end
        return self.data[start : min(end, start + 400)].decode("utf-8", "replace")

    @cached_property
    def words(self) -> dict[str, list[int]]:
        """Where each word stands."""
        found: dict[str, list[int]] = {}
        for number, token in enumerate(self.tokens):
            if token.kind == "word":
                found.setdefault(token.text.lstrip("$@"), []).append(number)
        return found

    def chain(self, end: int) -> tuple[str, int]:
        """The dotted name that ends before this token, and where it begins: `Http.asJson.post`."""
        self._step()
        words: list[str] = []
        called = False
        at = start = end
        if self.text(at - 1) == ">":
            at = self._before_type(at)
        members = self.language.members
        while at > 0 and len(words) < LONGEST_NAME:
            token = self.tokens[at - 1]
            if token.kind == "word" and (
                token.text not in NO_NAMES or self.text(at - 2) in members
            ):
                words.append(token.text.lstrip("$@"))
                at = start = at - 1
            elif (
                token.text in (")", "]")
                and at - 1 in self.partner
                and (self.text(at) in members or token.text == ")" or words == [])
            ):
                at = start = self.partner[at - 1]
                called = True
                if self.tokens[at - 1].kind == "word" or self.text(at - 1) in (")", "]"):
                    continue
            elif token.kind == "text":
                start = at - 1
                break
            else:
                break
            if self.text(at - 1) not in members:
                break
            at -= 1
            if self.text(at) == "\\":
                start = at
        name = ".".join(reversed(words))
        if name and self.text(start - 1) == "new":
            return name if called else f"new {name}", start - 1
        return name, start

    def _before_type(self, end: int) -> int:
        """The number behind a name that is followed by types in angle brackets."""
        depth = 0
        for at in range(end - 1, max(0, end - LONGEST_TYPE), -1):
            text = self.text(at)
            depth += (text == ">") - (text == "<")
            if depth == 0:
                return at
            if self.tokens[at].kind == "mark" and text not in "<>,.?[]":
                break
        return end

    def _behind_type(self, opening: int) -> int:
        """The number behind types in angle brackets that begin here; 0 where there are none."""
        if self.text(opening) != "<" or not self.word(opening - 1):
            return 0
        depth = 0
        for at in range(opening, min(len(self.tokens), opening + LONGEST_TYPE)):
            text = self.text(at)
            depth += (text == "<") - (text == ">")
            if depth == 0:
                return at + 1
            if self.tokens[at].kind != "word" and text not in "<>,.?[]":
                break
        return 0

    # ------------------------------------------------------------ stretches

    def split(self, stretch: Stretch, marks: frozenset[str] = COMMA) -> Iterator[Stretch]:
        """The pieces between the marks, those inside of brackets left alone; each with its key."""
        self._step()
        following = self._following(marks)
        begin, at = stretch.start, following[stretch.start]
        while at < stretch.end:
            if at > begin:
                yield self._piece(begin, at, marks)
            begin = at + 1
            at = following[begin]
        if stretch.end > begin:
            yield self._piece(begin, stretch.end, marks)

    def _piece(self, start: int, end: int, marks: frozenset[str]) -> Stretch:
        stretch = Stretch(start, end)
        return self._keyed(stretch) if "," in marks else stretch

    def _following(self, marks: frozenset[str]) -> list[int]:
        """For each token the next mark on its level that has come, or one behind that level.

        Expressions lie in each other: to look for the marks of each would take the square.
        """
        found = self._marks.get(marks)
        if found is None:
            count = len(self.tokens)
            found = [count] * (count + 1)
            for at in range(count - 1, -1, -1):
                token = self.tokens[at]
                is_one = token.kind == "mark" and token.text in marks
                found[at] = at if is_one else found[self._behind[at]]
            self._marks[marks] = found
        return found

    def split_plain(self, opening: int) -> Iterator[Stretch]:
        """The pieces between two brackets."""
        return self.split(Stretch(opening + 1, self.partner[opening]))

    def _keyed(self, stretch: Stretch) -> Stretch:
        """The stretch without its key: `url: x`, `:url => x`, `["url"] = x`, `"url" to x`."""
        start = stretch.start + (self.text(stretch.start) == ":")
        if (
            self.text(start) == "["
            and self.partner.get(start) == start + 2
            and self.text(start + 3) == "="
        ):
            return Stretch(start + 4, stretch.end, self.name_at(start + 1))
        if stretch.end - start < 3 or self.tokens[start].kind not in ("word", "text"):
            return stretch
        mark = self.text(start + 1)
        if mark in (":", "=>", "=", "to"):
            return Stretch(start + 2, stretch.end, self.name_at(start))
        if mark in ("::", ".") and self.text(start + 3) == "=>":  # RequestOptions::JSON => x
            return Stretch(start + 4, stretch.end, self.name_at(start + 2))
        return stretch

    def name_at(self, number: int) -> str:
        """A key's name: a word, or a text without holes."""
        token = self.tokens[number]
        if token.kind == "text":
            return token.value if isinstance(token.value, str) else ""
        return token.text.lstrip("$@")

    def statement_end(self, start: int) -> int:
        """The number behind the statement's last token."""
        if start >= len(self.tokens):
            return len(self.tokens)
        return start if self._is_end(start) else self._ends[self._behind[start]]

    @cached_property
    def _behind(self) -> list[int]:
        """Behind each token the next one of its statement: what is in brackets is left out."""
        found: list[int] = []
        for at, token in enumerate(self.tokens):
            if token.kind == "mark" and token.text in OPENING:
                found.append(self.partner.get(at, at) + 1)
            else:
                found.append(max(at + 1, self._behind_type(at)))
        return found

    @cached_property
    def _ends(self) -> list[int]:
        """For each token where a statement ends that has come so far.

        Told from the last token to the first one, each from the one behind it: to walk from every
        token to its statement's end would take the square of a long line. A statement that is too
        long ends at one of the tokens that stand every LONGEST_STATEMENT before its end.
        """
        count = len(self.tokens)
        ends, left, stations = [count] * (count + 1), [0] * (count + 1), [count] * (count + 1)
        for at in range(count - 1, -1, -1):
            if self._is_end(at) or (self.tokens[at].fresh and at > 0 and self._ends_line(at)):
                ends[at] = stations[at] = at
                continue
            following = self._behind[at]
            left[at] = left[following] + 1
            is_station = left[following] % LONGEST_STATEMENT == 0
            stations[at] = following if is_station else stations[following]
            short = left[at] <= LONGEST_STATEMENT
            ends[at] = ends[following] if short else stations[stations[at]]
        return ends

    def _is_end(self, at: int) -> bool:
        """Does a mark stand here that no statement goes beyond?"""
        token = self.tokens[at]
        return token.kind == "mark" and (
            token.text == ";"
            or token.text in CLOSING
            or (token.text == "," and not self._goes_on(at))
        )

    def outdented(self, number: int) -> int:
        """The first token of a later line that begins no further in than the line of this one."""
        line = bisect_right(self._lines, number) - 1
        return self._outdented[line] if line >= 0 else len(self.tokens)

    @cached_property
    def _lines(self) -> list[int]:
        """The first tokens of the lines."""
        return [number for number, token in enumerate(self.tokens) if token.fresh]

    @cached_property
    def _outdented(self) -> list[int]:
        """For each line the first token of the next one that begins no further in."""
        found = [len(self.tokens)] * len(self._lines)
        deeper: list[tuple[int, int]] = []  # lines that wait for such a one, with their columns
        for line, number in enumerate(self._lines):
            start = self.tokens[number].start
            column = start - self.data.rfind(b"\n", 0, start)
            if self.tokens[number].text in (")", "]", "}", ":"):  # of a head of several lines
                continue
            while deeper and deeper[-1][1] >= column:
                found[deeper.pop()[0]] = number
            deeper.append((line, column))
        return found

    def _goes_on(self, comma: int) -> bool:
        """Does a comma part the arguments of a call without brackets?"""
        return self.language.bare_calls and (
            self.outer[comma] < 0 or self.text(self.outer[comma]) == "{"
        )

    def _ends_line(self, at: int) -> bool:
        """Does the statement end before the token that begins a line?"""
        if self.tokens[at].text in ("do", "end"):
            return True
        if not self.language.lines:
            return False
        token, before = self.tokens[at], self.tokens[at - 1]
        return (
            before.text not in HANGING
            and token.text not in self.language.members
            and (token.text not in self.language.joins)
            and token.text not in ("&&", "||", "?", ":", "?:")
        )

    def _step(self) -> None:
        if self.budget is not None:
            self.budget.step()
