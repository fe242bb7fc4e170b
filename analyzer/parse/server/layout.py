"""A program's tokens with their brackets: what belongs together, and where a statement ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from analyzer.parse.server.languages import Language
from analyzer.parse.server.tokens import CLOSING, KEYWORDS, OPENING, PARTNER, Token, tokens

HANGING = frozenset(
    {"+", ",", "(", "[", "{", "=", ":=", "=>", "->", ".", "&&", "||", "?", ":", "<<", "\\", "|"}
)
NO_NAMES = KEYWORDS | {"new"}
LONGEST_STATEMENT = 1_000  # tokens of a statement, what is in brackets not counted
LONGEST_NAME = 40  # words of a dotted name
LONGEST_TYPE = 16  # tokens between the angle brackets of a call


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens in a row: the first one's number and the one behind the last; `key` names an item."""

    start: int
    end: int
    key: str = ""


class Layout:
    """One program."""

    def __init__(self, data: bytes, language: Language) -> None:
        self.data = data
        self.language = language
        self.tokens: Sequence[Token] = tokens(data, language)
        self.partner: dict[int, int] = {}
        self.outer: list[int] = []
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

    def split(
        self, stretch: Stretch, marks: frozenset[str] = frozenset({","})
    ) -> Iterator[Stretch]:
        """The pieces between the marks, those inside of brackets left alone; each with its key."""
        begin = at = stretch.start
        while at < stretch.end:
            if (
                self.text(at) in OPENING
                and self.tokens[at].kind == "mark"
                and self.partner.get(at, -1) < stretch.end
            ):
                at = max(at, self.partner.get(at, at)) + 1
                continue
            if self.tokens[at].kind == "mark" and self.text(at) in marks:
                if at > begin:
                    yield self._keyed(Stretch(begin, at)) if "," in marks else Stretch(begin, at)
                begin = at + 1
            at = max(at + 1, self._behind_type(at))
        if stretch.end > begin:
            yield (
                self._keyed(Stretch(begin, stretch.end))
                if "," in marks
                else Stretch(begin, stretch.end)
            )

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
        at = start
        for _ in range(LONGEST_STATEMENT):
            if at >= len(self.tokens):
                break
            token = self.tokens[at]
            if token.kind == "mark" and (
                token.text == ";"
                or token.text in CLOSING
                or (token.text == "," and not self._goes_on(at))
            ):
                return at
            if at > start and token.fresh and self._ends_line(at):
                return at
            if token.kind == "mark" and token.text in OPENING:
                at = self.partner.get(at, at)
            at = max(at + 1, self._behind_type(at))
        return min(at, len(self.tokens))

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
