"""Objective-C programs of apps: the messages that they send to the classes of vendors' pods.

`[[Mixpanel sharedInstance] track:@"Booked" properties:@{...}]` is the call
`cocoapods:Mixpanel.sharedInstance.track("Booked", {...})`: of a message's name the first part
counts, and what it hands over in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from analyzer.model import Call, Fact, Hole, Moment, Object, Source, Value, Vocabulary
from analyzer.parse.values.document import brief

SUFFIXES = (".m", ".mm")
ECOSYSTEM = "cocoapods:"
LONGEST = 1_000_000  # bytes of a program that are read
DEEPEST = 12  # messages within messages that are followed
MOST_TYPES = 8  # types under which one name is declared
MOST_TOKENS = 2_000  # of one value that is read
LONGEST_HOLE = 300  # bytes of what only the running program knows
OPENS = {"[": "]", "(": ")", "{": "}"}
# MATLAB's programs end with .m, too.
OBJECTIVE_C = re.compile(
    rb"^[ \t]*(?:#[ \t]*import\b|@(?:import|interface|implementation|class)\b)", re.M
)
DECLARED = re.compile(rb"\b([A-Z]\w*)[ \t]*\*[ \t]*(?:const[ \t]+|_Non\w+[ \t]+)?(\w+)")
TOKEN = re.compile(
    rb"""(?P<gap>\s++|//[^\n]*+|/\*[\s\S]*?(?:\*/|\Z)|^[ \t]*\#[^\n]*+)
    |(?P<text>@?"(?:\\[\s\S]|[^"\\\n])*+"?)
    |(?P<letter>'(?:\\.|[^'\\\n])*+'?)
    |(?P<word>[A-Za-z_]\w*+)
    |(?P<number>\d[\w.]*+)
    |(?P<mark>::|->|[\s\S])""",
    re.M | re.X,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a text, a number or a mark, and its byte offsets."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message: who gets it, the first part of its name, what is handed over, its tokens."""

    name: str
    args: tuple[tuple[int, int], ...]
    start: int
    end: int


def is_objective_c(path: str) -> bool:
    """May the file be a program in Objective-C, by its name?"""
    return path.lower().endswith(SUFFIXES)


def facts_of(source: Source, vocabulary: Vocabulary) -> Iterator[Fact]:
    """The calls of vendors' classes; nothing where the program names none of them."""
    known = _classes(vocabulary.packages)
    if len(source.data) > LONGEST or known is None or not OBJECTIVE_C.search(source.data):
        return
    if known.search(source.data):
        yield from _Program(source, vocabulary).calls()


@cache
def _classes(packages: frozenset[str]) -> re.Pattern[bytes] | None:
    """The classes of which signatures know a message, as words."""
    names = {
        each.removeprefix(ECOSYSTEM).partition(".")[0]
        for each in packages
        if each.startswith(ECOSYSTEM) and "." in each and "/" not in each
    }
    words = "|".join(map(re.escape, sorted(names)))
    return re.compile(rf"\b(?:{words})\b".encode()) if names else None


class _Program:
    """One program: its tokens, and the types of what it declares."""

    def __init__(self, source: Source, vocabulary: Vocabulary) -> None:
        self.source = source
        self.known = vocabulary.packages
        self.tokens = [
            Token(
                found.lastgroup or "mark",
                found[0].decode("utf-8", "replace"),
                found.start(),
                found.end(),
            )
            for found in TOKEN.finditer(source.data)
            if found.lastgroup != "gap"
        ]
        self.partner = _partners(self.tokens)
        self.types: dict[str, list[str]] = {}
        for found in DECLARED.finditer(source.data):
            listed = self.types.setdefault(found[2].decode(), [])
            if len(listed) < MOST_TYPES and found[1].decode() not in listed:
                listed.append(found[1].decode())

    def calls(self) -> Iterator[Fact]:
        for at, token in enumerate(self.tokens):
            if token.text != "[" or at not in self.partner:
                continue
            message = self._message(at, 0)
            callee = next((each for each in self._callees(message) if each in self.known), "")
            if message is not None and callee:
                yield Call(
                    place=self.source.place(
                        self.tokens[message.start].start, self.tokens[message.end - 1].end
                    ),
                    moment=Moment.LOAD,
                    callee=callee,
                    args=tuple(brief(self._value(start, end, 0)) for start, end in message.args),
                )

    def _callees(self, message: Message | None) -> Iterator[str]:
        """What is called: of a class, of a variable's type, of a property's type."""
        if message is None:
            return
        yield ECOSYSTEM + message.name
        root, _, rest = message.name.removeprefix("self.").partition(".")
        for each in self.types.get(root, ()):
            yield f"{ECOSYSTEM}{each}.{rest}"

    def _message(self, opening: int, depth: int) -> Message | None:
        """The message in the brackets that open here; None for an item of a list."""
        closing = self.partner.get(opening, 0)
        if closing <= opening + 1 or depth > DEEPEST:
            return None
        receiver, at = self._receiver(opening + 1, depth)
        if not receiver or at >= closing or self.tokens[at].kind != "word":
            return None
        name, args = f"{receiver}.{self.tokens[at].text}", list(self._args(at + 1, closing))
        return Message(name, tuple(args), opening, closing + 1)

    def _receiver(self, at: int, depth: int) -> tuple[str, int]:
        """Who gets a message, and where its own name begins; empty where that has no name."""
        token = self.tokens[at]
        if token.text == "[":
            inner = self._message(at, depth + 1)
            name, at = (inner.name if inner else ""), self.partner.get(at, at) + 1
        elif token.kind == "word":
            name, at = token.text, at + 1
        else:
            return "", at
        while at + 1 < len(self.tokens) and self.tokens[at].text == ".":
            name, at = f"{name}.{self.tokens[at + 1].text}", at + 2
        return (name if at < len(self.tokens) else ""), at

    def _args(self, at: int, closing: int) -> Iterator[tuple[int, int]]:
        """What is handed over: what stands behind each colon up to the next part of the name."""
        while at < closing and self.tokens[at].text == ":":
            start = at = at + 1
            while at < closing and not (
                at > start
                and self.tokens[at].kind == "word"
                and self.tokens[at + 1].text == ":"
                and self.tokens[at - 1].text not in ("?", ".")
            ):
                at = max(at + 1, self.partner.get(at, at) + 1)
            yield start, min(at, closing)
            at += 1

    def _value(self, start: int, end: int, depth: int) -> Value:
        """A text, a number, a dictionary, or what only the running program knows."""
        tokens = self.tokens[start : min(end, start + MOST_TOKENS)]
        if tokens and len(tokens) == end - start and all(each.kind == "text" for each in tokens):
            return "".join(_plain(each.text) for each in tokens)
        if len(tokens) == 1 and tokens[0].kind == "number":
            return tokens[0].text
        is_dictionary = len(tokens) > 2 and tokens[0].text == "@" and tokens[1].text == "{"
        if is_dictionary and self.partner.get(start + 1) == end - 1 and depth <= DEEPEST:
            return Object(tuple(self._items(start + 2, end - 1, depth)))
        first, last = (tokens[0].start, tokens[-1].end) if tokens else (0, 0)
        text = self.source.data[first : min(last, first + LONGEST_HOLE)]
        return Hole(text.decode("utf-8", "ignore"))

    def _items(self, at: int, end: int, depth: int) -> Iterator[tuple[str, Value]]:
        while at < end:
            stop = self._end(at, end, ",")
            colon = self._end(at, stop, ":")
            key = self._value(at, colon, depth + 1)
            name = key if isinstance(key, str) else getattr(key, "text", "")
            if colon < stop and name:
                yield str(name), self._value(colon + 1, stop, depth + 1)
            at = stop + 1

    def _end(self, at: int, end: int, mark: str) -> int:
        """Where the next such mark stands outside of brackets; the end where there is none."""
        while at < end and self.tokens[at].text != mark:
            at = max(at + 1, self.partner.get(at, at) + 1)
        return min(at, end)


def _partners(tokens: Sequence[Token]) -> dict[int, int]:
    """The closing bracket of each that opens."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for at, token in enumerate(tokens):
        if token.kind != "mark":
            continue
        if token.text in OPENS:
            waiting.append(at)
        elif token.text in OPENS.values() and waiting:
            if OPENS[tokens[waiting[-1]].text] == token.text:
                found[waiting.pop()] = at
            else:
                waiting.clear()  # macros may leave brackets open
    return found


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text.removeprefix("@").strip('"'))
