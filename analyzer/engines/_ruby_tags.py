"""The Ruby code of a template as plain tags: conditions, blocks, parts, fills, places, scripts.

Ruby says the same thing in many ways: `render "x" if y`, `y ? render("x") : yield(:z)`,
`content_for(:head) { render "x" }`. The engines for ERB, HAML and Slim hand their code to this
room, which writes each of them down in one way, as tags that the engines' patterns know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.engines._flat import Flat
from analyzer.engines._ruby_lexer import Word, arguments, closing, listed, statements, unquoted
from analyzer.engines._ruby_writes import markup_of, target_of

IF_WORDS = frozenset({b"if", b"unless"})
OPENING_WORDS = frozenset({b"while", b"until", b"for", b"begin", b"def", b"class", b"module"})
SKIPPED = frozenset({b"rescue", b"ensure", b"then", b"in"})
FILLS = frozenset({b"content_for", b"provide", b"append", b"prepend", b"replace"})
SPECIAL = re.compile(
    rb"\b(?:render|yield|content_for|provide|extends|javascript_\w+|vite_\w+|image_tag|content_tag|tag"
    rb"|append|prepend|replace|area)\b"
)
GETTER = re.compile(r"content_for\??\s*\(?\s*[:\"'](\w+)[\"']?\s*\)?")
MOST_CALLS = 40  # calls in one statement that are looked at
DEEPEST = 12  # statements inside of one statement


@dataclass(slots=True)
class _Open:
    kind: str  # if, case, script, other
    subject: str = ""
    turned: bool = False  # a case that has had its first branch


class RubyTags:
    """Writes the code of one template, and knows what is open."""

    def __init__(self, flat: Flat) -> None:
        self.flat = flat
        self.data = flat.data
        self.open: list[_Open] = []
        self.lists: dict[str, tuple[str, ...]] = {}

    def code(self, start: int, end: int, code: tuple[int, int], shows: bool) -> None:
        """The code of a tag that reaches from start to end; `shows` tells that it is an output."""
        raw = self.data[code[0] : code[1]]
        said = statements(self.data, *code)
        plain = shows and not SPECIAL.search(raw) and not _opens(said[-1] if said else ())
        if shows:
            self.flat.show(*code, (start, end))
        if plain:
            return
        if shows:
            self.flat.write(b" ", end)
        for words in said:
            self._statement(words, start, end)

    # ------------------------------------------------------------ one statement

    def _statement(self, words: Sequence[Word], start: int, end: int) -> None:
        first = words[0].text
        if first in (b"end", b"}"):
            self.close(start, end)
        elif first in (b"else", b"elsif"):
            self._turn(words, start, end)
        elif first == b"when":
            self._when(words, start, end)
        elif first in IF_WORDS:
            condition = self._condition(_until(words[1:], b"then"))
            self._tag(f"{first.decode()} {condition}", start, end)
            self.open.append(_Open("if"))
            rest = _after(words, b"then")
            if rest:
                self._statement(rest, start, end)
        elif first == b"case":
            self.open.append(_Open("case", self._text(words[1:])))
        elif first in OPENING_WORDS:
            self._tag("other", start, end)
            self.open.append(_Open("other"))
        elif first not in SKIPPED:
            self._assignment(words)
            self._expression(words, start, end, 0)

    def close(self, start: int, end: int) -> None:
        """The end of what was opened last."""
        if not self.open:
            return
        opened = self.open.pop()
        if opened.kind == "script":
            self.flat.write(b"</script>", start)
        elif opened.kind != "case" or opened.turned:
            self._tag("end", start, end)

    def _turn(self, words: Sequence[Word], start: int, end: int) -> None:
        condition = "" if words[0].text == b"else" else self._condition(_until(words[1:], b"then"))
        case = self.open[-1] if self.open else None
        if (
            case is None
            or case.kind not in ("if", "case")
            or (case.kind, case.turned)
            == (
                "case",
                False,
            )
        ):
            return
        self._tag(f"elsif {condition}" if condition else "else", start, end)

    def _when(self, words: Sequence[Word], start: int, end: int) -> None:
        if not self.open or self.open[-1].kind != "case":
            return
        case = self.open[-1]
        condition = f"{case.subject} is {self._text(_until(words[1:], b'then'))}".strip()
        self._tag(f"{'elsif' if case.turned else 'if'} {condition}", start, end)
        case.turned = True

    def _assignment(self, words: Sequence[Word]) -> None:
        """A list of names that a later tag loads: `packs = %w[app tracking]`."""
        assigns = len(words) > 2 and words[0].kind == "word" and words[1].text in (b"=", b"+")
        if assigns and (names := listed(words[2:])):
            name = words[0].text.decode()
            known = self.lists.get(name, ()) if words[1].text == b"+" else ()
            self.lists[name] = (*known, *names)

    # ------------------------------------------------------------ expressions

    def _expression(self, words: Sequence[Word], start: int, end: int, depth: int) -> None:
        if not words or depth > DEEPEST:
            return
        special = any(SPECIAL.fullmatch(word.text) for word in words if word.kind == "word")
        opens = _opens(words)
        if not special and not opens:
            return
        base = min(word.depth for word in words)
        if special and not opens and (split := _modifier(words, base)) is not None:
            before, word, condition = split
            self._inside(f"{word} {self._condition(condition)}", before, start, end, depth)
        elif special and not opens and (branches := _ternary(words, base)) is not None:
            asked, yes, no = branches
            self._tag(f"if {self._condition(asked)}", start, end)
            self._expression(yes, start, end, depth + 1)
            self._tag("else", start, end)
            self._expression(no, start, end, depth + 1)
            self._tag("end", start, end)
        elif special and not opens and (both := _both(words, base)) is not None:
            self._inside(f"if {self._condition(both[0])}", both[1], start, end, depth)
        else:
            self._calls(words, start, end, depth)
            if opens:
                self._open_block(words, start, end)

    def _inside(self, head: str, words: Sequence[Word], start: int, end: int, depth: int) -> None:
        self._tag(head, start, end)
        self._expression(words, start, end, depth + 1)
        self._tag("end", start, end)

    def _open_block(self, words: Sequence[Word], start: int, end: int) -> None:
        names = [word.text for word in words if word.kind == "word"]
        fill = next((at for at, word in enumerate(words) if word.text in FILLS), None)
        name = _name_of(words, fill)
        if name:
            self._tag(f"~fill {name}", start, end)
            self.open.append(_Open("other"))
        elif names[:1] == [b"javascript_tag"] or _is_script_block(words):
            self.flat.write(b"<script>", start)
            self.open.append(_Open("script"))
        else:
            self._tag("other", start, end)
            self.open.append(_Open("other"))

    def _calls(self, words: Sequence[Word], start: int, end: int, depth: int) -> None:
        """The calls in an expression that put pages together, each as a tag of its own."""
        number = count = 0
        while number < len(words) and count < MOST_CALLS:
            word = words[number]
            count += SPECIAL.fullmatch(word.text) is not None
            before = words[number - 1].text if number else b""
            if word.kind != "word" or before in (b".", b"&.", b"::"):
                number += 1
                continue
            number = self._call(words, number, start, end, depth)

    def _call(self, words: Sequence[Word], at: int, start: int, end: int, depth: int) -> int:
        """What one name stands for; the number of the word to go on with."""
        name = words[at].text
        if not SPECIAL.fullmatch(name):
            return at + 1
        given, behind = arguments(words, at)
        if name == b"yield":
            symbol = given[0][0] if given and given[0] else None
            named = symbol is not None and symbol.kind in ("symbol", "text")
            if not given or named:
                self._tag(
                    f"~place {unquoted(symbol)}" if named and symbol else "~place", start, end
                )
            return behind if named else at + 1
        if name in FILLS and (fill := _name_of(words, at)):
            return self._fill(words, fill, (given, behind), (start, end, depth))
        if name == b"area" and given and given[0][0].kind == "symbol":
            self._tag(f"~place {unquoted(given[0][0])}", start, end)
            return behind
        if name in (b"render", b"extends"):
            for head, target in target_of(self.data, name, given):
                self._tag(f"~{head} {target}", start, end)
            return behind if name == b"extends" else at + 1
        if (written := markup_of(self.flat, name, given, self.lists, (start, end))) is not None:
            return behind if written else at + 1
        return at + 1

    def _fill(
        self,
        words: Sequence[Word],
        fill: str,
        call: tuple[list[Sequence[Word]], int],
        where: tuple[int, int, int],
    ) -> int:
        """Text for a place elsewhere: in an argument, in a block here, or in one that opens."""
        given, behind = call
        start, end, depth = where
        block = behind < len(words) and words[behind].text == b"{"
        if block:
            stop = closing(words, behind)
            if stop < len(words):
                self._tag(f"~fill {fill}", start, end)
                self._expression(words[behind + 1 : stop], start, end, depth + 1)
                self._tag("end", start, end)
                return stop + 1
            return behind
        if len(given) > 1 and given[1][0].kind != "label":
            self._tag(f"~fill {fill}", start, end)
            self._expression(given[1], start, end, depth + 1)
            self._tag("end", start, end)
        elif not _opens(words):
            self._tag(f"~place {fill}", start, end)
        return behind

    # ------------------------------------------------------------ words

    def _tag(self, text: str, start: int, end: int) -> None:
        self.flat.tag(text.encode(), start, end)

    def _text(self, words: Sequence[Word]) -> str:
        if not words:
            return ""
        text = self.data[words[0].start : words[-1].end].decode("utf-8", "replace")
        return " ".join(text.split())

    def _condition(self, words: Sequence[Word]) -> str:
        """A condition as it is written; asking for a place's text is told in one spelling."""
        text = self._text(words)
        asked = GETTER.fullmatch(text)
        return f"content_for?(:{asked[1]})" if asked else text or "unknown"


def _opens(words: Sequence[Word]) -> bool:
    """Does the statement end with a block that it leaves open?"""
    for number in range(len(words) - 1, -1, -1):
        word = words[number]
        if word.text == b"do" and word.kind == "word":
            return not any(each.text == b"end" for each in words[number + 1 :])
        if word.text == b"{" and closing(words, number) == len(words):
            return True
    return False


def _is_script_block(words: Sequence[Word]) -> bool:
    """Is it `content_tag :script do` or `tag.script do`?"""
    texts = [word.text for word in words[:3]]
    if texts[:1] == [b"content_tag"]:
        return any(word.text in (b":script", b'"script"', b"'script'") for word in words[:3])
    return texts == [b"tag", b".", b"script"]


def _name_of(words: Sequence[Word], at: int | None) -> str:
    """The place's name that a call for a fill begins with."""
    if at is None:
        return ""
    for word in words[at + 1 : at + 3]:
        if word.kind in ("symbol", "text"):
            name = unquoted(word)
            return name if re.fullmatch(r"[\w-]+", name) else ""
    return ""


def _until(words: Sequence[Word], text: bytes) -> Sequence[Word]:
    return words[: next((at for at, word in enumerate(words) if word.text == text), len(words))]


def _after(words: Sequence[Word], text: bytes) -> Sequence[Word]:
    return words[next((at + 1 for at, word in enumerate(words) if word.text == text), len(words)) :]


def _modifier(
    words: Sequence[Word], base: int
) -> tuple[Sequence[Word], str, Sequence[Word]] | None:
    """A statement and the condition behind it."""
    for at in range(len(words) - 1, 0, -1):
        word = words[at]
        if word.depth == base and word.kind == "word" and word.text in IF_WORDS:
            return words[:at], word.text.decode(), words[at + 1 :]
    return None


def _ternary(
    words: Sequence[Word], base: int
) -> tuple[Sequence[Word], Sequence[Word], Sequence[Word]] | None:
    """A question with its two answers."""
    for at, word in enumerate(words):
        if word.text == b"?" and word.depth == base and at:
            for colon in range(at + 1, len(words)):
                if words[colon].text == b":" and words[colon].depth == base:
                    return words[:at], words[at + 1 : colon], words[colon + 1 :]
    return None


def _both(words: Sequence[Word], base: int) -> tuple[Sequence[Word], Sequence[Word]] | None:
    """A condition and what follows it behind an and."""
    for at in range(len(words) - 1, 0, -1):
        if words[at].text in (b"&&", b"and") and words[at].depth == base:
            before = words[:at]
            if not any(SPECIAL.fullmatch(word.text) for word in before if word.kind == "word"):
                return before, words[at + 1 :]
    return None
