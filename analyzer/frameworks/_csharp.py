"""C# classes as frameworks need them: their attributes, their methods and what these hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.parse.server.languages import CSHARP
from analyzer.parse.server.layout import Layout, Stretch

MODIFIERS = frozenset(
    (
        "public",
        "private",
        "protected",
        "internal",
        "static",
        "async",
        "override",
        "virtual",
        "sealed",
        "abstract",
        "partial",
    )
)
STATEMENTS = frozenset(("if", "for", "foreach", "while", "switch", "using", "lock", "catch"))
LONGEST_HEAD = 400  # tokens between a class's name and its brace, or of a method's head


@dataclass(frozen=True, slots=True)
class Attribute:
    """`[Route("x")]`: its name without the ending, its first text, its words, and its tokens."""

    name: str
    text: str
    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its body's tokens lie from `start` to `end`."""

    name: str
    attributes: tuple[Attribute, ...]
    modifiers: frozenset[str]
    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Class:
    """A class: its body's tokens lie from `start` to `end`."""

    name: str
    bases: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    at: int
    start: int
    end: int


class Program(Layout):
    """One file of C#."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data.removeprefix(b"\xef\xbb\xbf"), CSHARP)
        self.shift = len(data) - len(self.data)

    def classes(self) -> Iterator[Class]:
        """Every class that has a body."""
        for number in self.words.get("class", ()):
            name = self.word(number + 1)
            opening = self._brace(number + 2)
            if not name or opening < 0 or self.text(number - 1) in (".", "("):
                continue
            yield Class(
                name,
                tuple(self._bases(number + 2, opening)),
                self._attributes_before(number)[0],
                number,
                opening + 1,
                self.partner[opening],
            )

    def methods(self, body: Class) -> Iterator[Method]:
        """The methods of a class that have a body."""
        at = body.start
        while at < body.end:
            token = self.tokens[at]
            if token.kind == "mark" and token.text in "{[" and at in self.partner:
                at = max(at, self.partner[at]) + 1
                continue
            if token.kind == "mark" and token.text == "(" and at in self.partner:
                close = self.partner[at]
                found = self._method(at, close) if close > at else None
                if found is not None:
                    yield found
                    at = found.end + 1
                    continue
                at = max(close, at) + 1
                continue
            at += 1

    def calls(self, start: int, end: int, *names: str) -> Iterator[tuple[str, int, Stretch]]:
        """The calls of these names between two tokens: name, its token, and the arguments."""
        for name in names:
            for number in self.words.get(name, ()):
                if start <= number < end and self.text(number + 1) == "(":
                    close = self.partner.get(number + 1, -1)
                    if close > number:
                        yield name, number, Stretch(number + 2, close)

    def string(self, stretch: Stretch) -> str | None:
        """The text that a stretch is, or a `nameof(X)`; None where it is something else."""
        if stretch.end - stretch.start == 1 and self.tokens[stretch.start].kind == "text":
            value = self.tokens[stretch.start].value
            return value if isinstance(value, str) else None
        if self.text(stretch.start) == "nameof" and stretch.end - stretch.start >= 4:
            return self.word(stretch.end - 2) or None
        return None

    def written_all(self, body: Class) -> bytes:
        """A class's body as it is written."""
        if body.start >= body.end:
            return b""
        return self.data[self.tokens[body.start].start : self.tokens[body.end].start]

    def offsets(self, start: int, end: int) -> tuple[int, int]:
        """Where the tokens from `start` to `end` stand in the file."""
        return self.tokens[start].start + self.shift, self.tokens[end].end + self.shift

    def _method(self, opening: int, close: int) -> Method | None:
        """The method whose parameters stand in these brackets."""
        name = self.word(opening - 1)
        after = close + 1
        if self.text(after) == "where":
            after = self._brace(after)
        if not name or name in STATEMENTS:
            return None
        if self.text(after) == "{" and after in self.partner:
            start, end = after + 1, self.partner[after]
        elif self.text(after) == "=>":
            start, end = after + 1, self.statement_end(after + 1)
        else:
            return None
        attributes, modifiers = self._attributes_before(opening - 1)
        if not modifiers:
            return None
        return Method(name, attributes, modifiers, opening - 1, start, end)

    def _attributes_before(self, number: int) -> tuple[tuple[Attribute, ...], frozenset[str]]:
        """The attributes and modifiers in front of a name, back to where the member begins."""
        modifiers: set[str] = set()
        found: list[Attribute] = []
        at = number - 1
        least = max(0, number - LONGEST_HEAD)
        while at >= least:
            token = self.tokens[at]
            if token.kind == "mark" and token.text in ("{", "}", ";", ")"):
                break
            if token.text == "]" and at in self.partner:
                opening = self.partner[at]
                if self.text(opening - 1) in ("{", "}", ";", "]", ")", "") or opening == 0:
                    found[:0] = self._attributes(opening, at)
                at = opening - 1
                continue
            if token.text in MODIFIERS:
                modifiers.add(token.text)
            at -= 1
        return tuple(found), frozenset(modifiers)

    def _attributes(self, opening: int, close: int) -> list[Attribute]:
        found = []
        for piece in self.split_plain(opening):
            start = piece.start
            if self.text(start + 1) == ":":
                start += 2
            words = start
            while self.text(words + 1) == "." and self.word(words + 2):
                words += 2
            inner = words + 1
            text = ""
            if self.text(inner) == "(" and inner in self.partner:
                first = next(self.split_plain(inner), None)
                text = (self.string(first) or "") if first is not None and not first.key else ""
            found.append(
                Attribute(
                    self.word(words).removesuffix("Attribute"),
                    text,
                    " ".join(self.written(Stretch(start, piece.end)).split()),
                    opening,
                    close,
                )
            )
        return found

    def _bases(self, start: int, opening: int) -> Iterator[str]:
        """The names behind a class's colon."""
        at = start
        while at < opening and self.text(at) != ":":
            at = self.partner.get(at, at) + 1 if self.text(at) == "(" else at + 1
        depth = 0
        for number in range(at + 1, opening):
            text = self.text(number)
            depth += (text == "<") - (text == ">")
            if text == "where":
                return
            if depth == 0 and self.word(number) and self.text(number + 1) != ".":
                yield self.word(number)

    def _brace(self, at: int) -> int:
        """The brace that opens next, or -1 where the statement ends before it."""
        for number in range(at, min(len(self.tokens), at + LONGEST_HEAD)):
            if self.tokens[number].kind == "mark":
                if self.text(number) == "{":
                    return number if number in self.partner else -1
                if self.text(number) == ";":
                    return -1
        return -1
