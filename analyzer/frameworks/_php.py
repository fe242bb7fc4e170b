"""PHP files as chains of calls: how route files and controllers of PHP frameworks are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analyzer.model import Place, Source
from analyzer.parse.server.languages import PHP
from analyzer.parse.server.tokens import CLOSING, OPENING, Token, tokens

ARROWS = ("->", "?->", "::")
MOST_LINKS = 60  # calls of one chain


@dataclass(frozen=True, slots=True)
class Link:
    """One call of a chain: its name, and where its arguments stand, as numbers of tokens."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Calls on one thing: `Route::middleware('auth')->get('/x', ...)` is a chain on Route."""

    links: tuple[Link, ...]
    at: int
    end: int

    def get(self, *names: str) -> Link | None:
        return next((link for link in self.links if link.name in names), None)

    def all(self, *names: str) -> Iterator[Link]:
        yield from (link for link in self.links if link.name in names)


@dataclass(frozen=True, slots=True)
class Method:
    """A function of a class, and its body as numbers of tokens."""

    name: str
    at: int
    start: int
    end: int


class Php:
    """One PHP file's tokens, with the partner of every bracket."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens: list[Token] = tokens(source.data, PHP)
        self.partner: dict[int, int] = {}
        opened: list[int] = []
        for number, token in enumerate(self.tokens):
            if token.kind != "mark":
                continue
            if token.text in OPENING:
                opened.append(number)
            elif token.text in CLOSING and opened:
                self.partner[opened.pop()] = number

    def text(self, number: int) -> str:
        """What stands at a token: its word or mark; nothing behind the end."""
        return self.tokens[number].text if 0 <= number < len(self.tokens) else ""

    def place(self, number: int, end: int | None = None) -> Place:
        """The place of a token, or of the stretch up to another one."""
        last = self.tokens[min(end if end is not None else number, len(self.tokens) - 1)]
        return self.source.place(self.tokens[number].start, last.end)

    def chains(self, head: str, start: int = 0, end: int | None = None) -> Iterator[Chain]:
        """The chains on a name between two tokens, but not those inside of another one's calls."""
        at, stop = start, len(self.tokens) if end is None else end
        while at < stop:
            if self.text(at).lstrip("$") == head and self.text(at + 1) in (*ARROWS, "("):
                chain = self.chain(at, stop)
                if chain.links:
                    yield chain
                    at = chain.end
                    continue
            at += 1

    def chain(self, at: int, stop: int) -> Chain:
        """The chain that begins at a word."""
        links: list[Link] = []
        number = at + 1
        if self.text(number) == "(" and number in self.partner:
            links.append(Link(self.text(at), number + 1, self.partner[number]))
            number = self.partner[number] + 1
        while number < stop and self.text(number) in ARROWS and len(links) < MOST_LINKS:
            opening = number + 2
            if self.text(opening) != "(" or opening not in self.partner:
                break
            links.append(Link(self.text(number + 1), opening + 1, self.partner[opening]))
            number = self.partner[opening] + 1
        return Chain(tuple(links), at, number)

    def arguments(self, link: Link) -> list[tuple[int, int]]:
        """The arguments of a call, each as numbers of tokens."""
        found, begin, at = [], link.start, link.start
        while at < link.end:
            if at in self.partner:
                at = self.partner[at]
            elif self.text(at) == "," and self.tokens[at].kind == "mark":
                found.append((begin, at))
                begin = at + 1
            at += 1
        if begin < link.end:
            found.append((begin, link.end))
        return found

    def string(self, span: tuple[int, int]) -> str | None:
        """The literal text that an argument is."""
        start, end = span
        if end - start == 1 and self.tokens[start].kind == "text":
            value = self.tokens[start].value
            return value if isinstance(value, str) else None
        return None

    def strings(self, start: int, end: int) -> list[str]:
        """Every literal text between two tokens."""
        values = (token.value for token in self.tokens[start:end] if token.kind == "text")
        return [value for value in values if isinstance(value, str)]

    def keyed(self, key: str, start: int, end: int) -> tuple[int, int] | None:
        """The value of a key in an array that stands between two tokens."""
        for at in range(start, end - 1):
            token = self.tokens[at]
            if token.kind == "text" and token.value == key and self.text(at + 1) == "=>":
                stop = at + 2
                while stop < end and self.text(stop) not in (",", "]", ")"):
                    stop = self.partner.get(stop, stop) + 1
                return at + 2, stop
        return None

    def body(self, start: int, end: int) -> tuple[int, int] | None:
        """The body of the function that is written between two tokens."""
        for at in range(start, end):
            if self.text(at) == "{" and at in self.partner:
                return at + 1, self.partner[at]
            if self.text(at) == "=>" and "fn" in (self.text(each) for each in range(start, at)):
                return at + 1, end
        return None

    def class_name(self) -> str:
        """The name of the first class of the file."""
        for at, token in enumerate(self.tokens):
            if token.text == "class" and self.tokens[at - 1].text != "::" and token.kind == "word":
                return self.text(at + 1)
        return ""

    def qualified(self, end: int) -> str:
        """The name with its namespace that ends before a token, through the file's imports."""
        start = end
        while start > 0 and (self.tokens[start - 1].kind == "word" or self.text(start - 1) == "\\"):
            start -= 1
            if self.text(start) != "\\" and self.text(start - 1) != "\\":
                break
        written = "".join(self.text(at) for at in range(start, end))
        first, slash, rest = written.partition("\\")
        if not first:
            return rest
        known = self.imports.get(first)
        if known is not None:
            return known + slash + rest
        return written

    @cached_property
    def imports(self) -> dict[str, str]:
        """The classes and namespaces that `use` brings in, by the names that they have here."""
        found: dict[str, str] = {}
        for at, token in enumerate(self.tokens):
            if token.text != "use" or not token.fresh:
                continue
            stop = at + 1
            while stop < len(self.tokens) and self.text(stop) != ";":
                stop += 1
            text = "".join(
                f" {each.text} " if each.text == "as" else each.text
                for each in self.tokens[at + 1 : stop]
            )
            base, brace, inner = text.partition("{")
            for name in (inner.rstrip("}") if brace else base).split(","):
                full, _, alias = name.strip().partition(" as ")
                full = ((base if brace else "") + full).strip().lstrip("\\")
                found[alias.strip() or full.rpartition("\\")[2]] = full
        return found

    @cached_property
    def namespace(self) -> str:
        """The namespace of the file, or an empty text."""
        for at, token in enumerate(self.tokens[:200]):
            if token.text == "namespace" and token.fresh:
                stop = at + 1
                while self.text(stop) not in (";", "{", ""):
                    stop += 1
                return "".join(each.text for each in self.tokens[at + 1 : stop])
        return ""

    def methods(self) -> Iterator[Method]:
        """The functions of the file with their bodies."""
        for at, token in enumerate(self.tokens):
            if token.text != "function" or self.text(at + 2) != "(":
                continue
            found = self.body(self.partner.get(at + 2, at + 2) + 1, len(self.tokens))
            if found is not None:
                yield Method(self.text(at + 1), at, *found)
