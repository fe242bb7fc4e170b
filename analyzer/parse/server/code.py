"""A program as its calls and its names: what is called with what, and what a name was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from analyzer.parse.server.layout import Layout, Stretch
from analyzer.parse.server.tokens import KEYWORDS

ASSIGNS = frozenset({"=", ":=", "+=", ".="})
BETWEEN = frozenset({",", "+", "<<", "&&", "||", "=>"})  # two values
ARROW = "=>"  # gives a property its value in some languages
DECLARES = frozenset({"var", "const", "val", "let", "private", "public", "lateinit", "override"})
NO_CALLS = KEYWORDS | {
    "def",
    "class",
    "module",
    "end",
    "begin",
    "rescue",
    "ensure",
    "alias",
    "undef",
    "private",
    "new",
    "self",
}


@dataclass(frozen=True)
class Call:
    """A call: its dotted name, the name's stretch, what stands between its brackets, and all of
    it.
    """

    name: str
    head: Stretch
    inside: Stretch
    whole: Stretch
    layout: Layout = field(compare=False, repr=False)

    @cached_property
    def args(self) -> tuple[Stretch, ...]:
        """The arguments, parted when somebody asks: most calls are told by their names."""
        return tuple(self.layout.split(self.inside))


class Code(Layout):
    """One program."""

    # ------------------------------------------------------------ calls

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """All calls, in the order in which their names begin to be called."""
        return tuple(self._calls())

    def _calls(self) -> Iterator[Call]:
        for number, token in enumerate(self.tokens):
            if token.kind == "mark" and token.text == "(" and number in self.partner:
                if (call := self.call_at(number)) is not None:
                    yield call
            elif self.language.bare_calls and token.kind == "word" and self._is_bare_call(number):
                name, start = self.chain(number + 1)
                if self._is_argument(start):
                    continue
                end = self.statement_end(number + 1)
                yield Call(
                    name,
                    Stretch(start, number + 1),
                    Stretch(number + 1, end),
                    Stretch(start, end),
                    self,
                )

    def call_at(self, opening: int) -> Call | None:
        """The call whose bracket opens here."""
        if self.text(opening) != "(" or opening not in self.partner:
            return None
        name, start = self.chain(opening)
        if not name:
            return None
        closing = self.partner[opening]
        return Call(
            name,
            Stretch(start, opening),
            Stretch(opening + 1, closing),
            Stretch(start, closing + 1),
            self,
        )

    def call_ending(self, stretch: Stretch) -> Call | None:
        """The call that the whole stretch is."""
        last = stretch.end - 1
        if self.text(last) != ")" or last not in self.partner:
            return None
        call = self.call_at(self.partner[last])
        return call if call is not None and call.head.start == stretch.start else None

    def _is_bare_call(self, number: int) -> bool:
        """Does a word take what follows it on its line as arguments, without brackets?"""
        if number + 1 >= len(self.tokens) or self.tokens[number].text in NO_CALLS:
            return False
        word, following = self.tokens[number], self.tokens[number + 1]
        if following.fresh or following.start == word.end or word.text[0] in "$@":
            return False
        return (
            following.kind == "text"
            or (following.kind == "word" and following.text not in KEYWORDS)
            or (
                following.text == ":"
                and number + 2 < len(self.tokens)
                and self.tokens[number + 2].start == following.end
            )
        )

    def _is_argument(self, start: int) -> bool:
        """Does a name stand behind another one, in a list or a sum, and so takes nothing itself?"""
        if start == 0 or self.tokens[start].fresh:
            return False
        before = self.tokens[start - 1]
        return before.text in BETWEEN or (before.kind == "word" and before.text not in KEYWORDS)

    # ------------------------------------------------------------ names

    @cached_property
    def names(self) -> dict[str, list[Stretch]]:
        """What each name of the program is given, wherever it is."""
        found: dict[str, list[Stretch]] = {}
        for number, token in enumerate(self.tokens):
            if token.kind == "mark" and (
                token.text in ASSIGNS or (self.language.arrows and token.text == ARROW)
            ):
                for name in self._assigned(number):
                    end = self.statement_end(number + 1)
                    if end > number + 1:
                        found.setdefault(name, []).append(Stretch(number + 1, end))
            elif (
                token.text in ("define", "const_set")
                and self.text(number + 1) == "("
                and number + 1 in self.partner
            ):
                args = list(self.split(Stretch(number + 2, self.partner[number + 1])))
                if len(args) == 2 and args[0].end - args[0].start == 1:
                    found.setdefault(self.name_at(args[0].start), []).append(args[1])
            elif token.text == "return" and (owner := self._function_around(number)):
                found.setdefault(owner + "()", []).append(
                    Stretch(number + 1, self.statement_end(number + 1))
                )
            elif (
                token.text == "def"
                and self.language.bare_calls
                and (said := self._only_said(number)) is not None
            ):
                found.setdefault(self.word(number + 1) + "()", []).append(said)
        return found

    def _assigned(self, mark: int) -> Iterator[str]:
        at = mark - 1
        if self.text(at) == "}" and at in self.partner:  # string Url { get; } = "..."
            at = self.partner[at] - 1
        name = self.word(at)
        if not name:
            return
        if (
            self.language.typed_after
            and self.word(at - 1)
            and self.text(at - 1) not in DECLARES
            and not self.tokens[at].fresh
        ):
            name = self.word(at - 1)
        elif self.text(at - 1) == ":" and self.language.typed_after:
            name = self.word(at - 2)
        listed = self.text(self.outer[mark]) == "("  # a parameter with a default
        while not listed and self.text(at - 1) == "," and self.word(at - 2):  # body, err := ...
            at -= 2
            name = self.word(at)
        if name:
            yield name

    def _function_around(self, number: int) -> str:
        """The function whose body a statement belongs to, where it stands directly in it."""
        opening = self.outer[number]
        if self.text(opening) != "{":
            return ""
        for at in range(opening - 1, max(-1, opening - 12), -1):
            if self.text(at) == ")" and at in self.partner:
                return self.word(self.partner[at] - 1)
            if self.text(at) in (";", "{", "}"):
                return ""
        return ""

    def _only_said(self, number: int) -> Stretch | None:
        """The one expression of a short method, in a language where that is its value."""
        at = number + 2
        if self.text(at) == "(" and at in self.partner:
            at = self.partner[at] + 1
        if self.text(at) == "=":
            at += 1
        end = self.statement_end(at)
        single = end > at and (self.text(end) == "end" or self.text(at - 1) == "=")
        return Stretch(at, end) if single else None
