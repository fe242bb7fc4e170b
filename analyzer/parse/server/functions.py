"""The functions of a program: their names, their classes, what they take, and where they end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from analyzer.parse.server.code import Code
from analyzer.parse.server.layout import Stretch

KEYWORD = {
    "php": ("function",),
    "ruby": ("def",),
    "python": ("def",),
    "kotlin": ("fun",),
    "go": ("func",),
    "swift": ("func", "init"),
}
INDENTED = frozenset({"ruby", "python"})
CLASSES = frozenset({"class", "object", "struct", "module", "extension", "trait", "enum", "record"})
CONTROL = frozenset(
    {
        "if",
        "for",
        "while",
        "switch",
        "catch",
        "foreach",
        "using",
        "lock",
        "when",
        "synchronized",
        "match",
        "elseif",
        "guard",
        "with",
        "fixed",
        "return",
        "new",
        "function",
    }
)
MAKERS = frozenset({"initialize", "__init__", "__construct", "init", "constructor"})
MOST = 2_000  # functions of a program
FARTHEST = 24  # tokens between a function's parameters and its body
LONGEST_BODY = 50_000  # tokens of a function or a class
LONGEST_HEAD = 60  # tokens between a class's name and its body


@dataclass(frozen=True, slots=True)
class Function:
    """A function by its tokens; a class as a whole has no `name`."""

    name: str
    owner: str
    takes: tuple[str, ...]
    named: int  # the token of its name
    start: int
    end: int

    @property
    def makes(self) -> bool:
        """Does it run when a thing of its class is made?"""
        return bool(self.owner) and (not self.name or self.name in (*MAKERS, self.owner))


def functions(code: Code) -> list[Function]:
    """The functions and classes of a program, in their order."""
    classes = list(islice(_classes(code), MOST))
    words = KEYWORD.get(code.language.name)
    found = islice(_by_keyword(code, words) if words else _by_body(code), MOST)
    told = [
        Function(
            each.name,
            each.owner or next((one.owner for one in reversed(classes) if _holds(one, each)), ""),
            each.takes,
            each.named,
            each.start,
            each.end,
        )
        for each in found
    ]
    return sorted([*classes, *told], key=lambda each: (each.start, -each.end))


def around(found: list[Function], number: int) -> Function | None:
    """The innermost function or class that a token stands in."""
    within = (each for each in reversed(found) if each.start <= number < each.end)
    return next(within, None)


def _holds(outer: Function, inner: Function) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _classes(code: Code) -> Iterator[Function]:
    for word in CLASSES:
        for at in code.words.get(word, ()):
            name = code.word(at + 1)
            if not name or code.text(at - 1) in (*code.language.members, ":"):
                continue
            takes: tuple[str, ...] = ()
            if code.language.name in INDENTED:
                end = _dedent(code, at)
            else:
                opening = _body(code, at + 2, LONGEST_HEAD)
                if opening is None:
                    continue
                end = code.partner[opening] + 1
                if code.text(at + 2) == "(" and at + 2 in code.partner:
                    takes = _takes(code, at + 2)
            yield Function("", name, takes, at + 1, at, end)


def _body(code: Code, at: int, farthest: int) -> int | None:
    """The bracket that opens what follows a head."""
    for _ in range(farthest):
        text = code.text(at)
        if text == "{" and at in code.partner:
            return at
        if text in ("", ";", "}"):
            return None
        at = code.partner[at] + 1 if text in ("(", "[") and at in code.partner else at + 1
    return None


def _by_keyword(code: Code, words: tuple[str, ...]) -> Iterator[Function]:
    for word in words:
        for at in code.words.get(word, ()):
            made = _function(code, at, word)
            if made is not None:
                yield made


def _function(code: Code, at: int, word: str) -> Function | None:
    owner, named = "", at + 1
    if code.language.name == "go" and code.text(named) == "(" and named in code.partner:
        owner = code.word(code.partner[named] - 1)  # func (s *Service) Track(...)
        named = code.partner[named] + 1
    if word == "init":
        named = at
    if code.text(named) == "&":
        named += 1
    while code.text(named + 1) in code.language.members and code.word(named + 2):
        named += 2  # def self.track, fun Event.track
    name = code.word(named)
    if not name:
        return None
    opening = named + 1
    while code.text(opening) in ("?", "!", "="):
        opening += 1
    if code.text(opening) == "<":
        opening = next(
            (each for each in range(opening, opening + FARTHEST) if code.text(each) == "("), opening
        )
    listed = code.text(opening) == "(" and opening in code.partner
    takes = _takes(code, opening) if listed else ()
    behind = code.partner[opening] + 1 if listed else opening
    if code.language.name in INDENTED:
        return Function(name, owner, takes, named, at, _dedent(code, at))
    body = _body(code, behind, FARTHEST)
    if code.language.name == "kotlin" and (gives := _gives(code, behind, body)) is not None:
        return Function(name, owner, takes, named, at, code.statement_end(gives + 1))
    if body is None:
        return None
    return Function(name, owner, takes, named, at, code.partner[body] + 1)


def _gives(code: Code, behind: int, body: int | None) -> int | None:
    """The mark before what a function of one expression gives back."""
    last = min(behind + FARTHEST, body if body is not None else len(code.tokens))
    for at in range(behind, last):
        if at > behind and code.tokens[at].fresh and code.text(at) != "=":
            return None
        if code.text(at) == "=":
            return at
    return None


def _by_body(code: Code) -> Iterator[Function]:
    """The functions of a language that has no word for them: a name, brackets, and a body."""
    for number, token in enumerate(code.tokens):
        if token.text != "{" or token.kind != "mark" or number not in code.partner:
            continue
        for at in range(number - 1, max(-1, number - FARTHEST), -1):
            if code.text(at) == ")" and at in code.partner:
                opening = code.partner[at]
                name = code.word(opening - 1)
                plain = code.text(opening - 2) not in (*code.language.members, "new", "=", "(")
                between = {code.text(each) for each in range(at + 1, number)}
                if code.text(opening - 1)[0] == "@" or between & CLASSES:  # @Module("x") class
                    break
                if name and name not in CONTROL and plain:
                    takes = _takes(code, opening)
                    end = code.partner[number] + 1
                    yield Function(name, "", takes, opening - 1, opening - 1, end)
                break
            if code.text(at) in (";", "{", "}", "=", "=>", "->"):
                break


def _dedent(code: Code, at: int) -> int:
    """The number behind what stands further in than the line of a token."""
    number = min(code.outdented(at), len(code.tokens), at + LONGEST_BODY)
    ends = code.language.name == "ruby" and code.text(number) == "end"
    return number + 1 if ends and code.tokens[number].fresh else number


def _takes(code: Code, opening: int) -> tuple[str, ...]:
    """The names of the parameters between two brackets."""
    found = (_parameter(code, each) for each in code.split_plain(opening))
    return tuple(name for name in found if name and name not in ("self", "cls"))


def _parameter(code: Code, piece: Stretch) -> str:
    """One parameter's name: `$name`, `name:`, `String name = ""`, `label name: String`."""
    if piece.key:
        start = piece.start - 2
        if code.language.name in INDENTED or code.language.typed_after:
            return piece.key
        return code.word(start) or piece.key
    words = [at for at in range(piece.start, piece.end) if code.word(at)]
    stop = next((at for at in range(piece.start, piece.end) if code.text(at) in ("=", ":")), None)
    if stop is not None:
        words = [at for at in words if at < stop]
    if not words:
        return ""
    after = code.language.typed_after
    if code.language.name == "php":
        words = [at for at in words if code.text(at).startswith("$")] or words
    return code.word(words[0] if after and stop is None else words[-1])


def by_name(found: list[Function]) -> Mapping[int, Function]:
    """The functions by the tokens of their names."""
    return {each.named: each for each in found}
