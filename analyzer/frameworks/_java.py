"""Java and Kotlin classes as far as web frameworks speak through them: annotations and methods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analyzer.model import Source
from analyzer.parse.server.languages import language_of
from analyzer.parse.server.layout import Layout, Stretch

KINDS = frozenset({"class", "interface", "object", "record"})
DEEPEST = 3  # methods that hand on each other's answers
INNERMOST = 12  # classes inside of each other
MOST = 400  # tokens between a class's name and its body


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation's name, and its arguments where it has any."""

    name: str
    args: Stretch


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its name, the words before it, its parameters and its body."""

    name: str
    annotations: tuple[Annotation, ...]
    start: int
    before: tuple[str, ...]
    parameters: Stretch
    body: Stretch


@dataclass(frozen=True, slots=True)
class Class:
    """A class with its annotations and methods."""

    name: str
    annotations: tuple[Annotation, ...]
    methods: tuple[Method, ...]


class Program(Layout):
    """One file of Java or Kotlin."""

    @classmethod
    def of(cls, source: Source) -> Program | None:
        language = language_of(source.path)
        return cls(source.data, language) if language is not None else None

    @cached_property
    def classes(self) -> tuple[Class, ...]:
        """All classes of the file, those inside of others too."""
        found: list[Class] = []
        self._methods(Stretch(0, len(self.tokens)), found)
        return tuple(found)

    @cached_property
    def constants(self) -> dict[str, tuple[str, ...]]:
        """The texts that a name is given anywhere in the file; a list of them gives several."""
        found: dict[str, tuple[str, ...]] = {}
        for number, token in enumerate(self.tokens):
            name = self.word(number - 1)
            if token.kind != "mark" or token.text != "=" or not name:
                continue
            if self.word(number - 3) == name:
                continue
            if name == "String" or self.text(number - 2) == ":":  # NAME: String = "..."
                name = self.word(number - 3) or name
            texts = tuple(self.texts(Stretch(number + 1, self.statement_end(number + 1))))
            if texts:
                found[name] = found.get(name, ()) + texts
        return found

    def texts(self, stretch: Stretch) -> Iterator[str]:
        """The plain texts of a stretch."""
        for token in self.tokens[stretch.start : stretch.end]:
            if token.kind == "text" and isinstance(token.value, str):
                yield token.value

    def meant(self, stretch: Stretch) -> Iterator[str]:
        """The texts of a stretch, with the file's own constants filled in."""
        for number in range(stretch.start, stretch.end):
            token = self.tokens[number]
            if token.kind == "text" and isinstance(token.value, str):
                yield token.value
            elif token.kind == "word" and self.text(number + 1) not in ("(", ".", "="):
                yield from self.constants.get(token.text, ())

    # ------------------------------------------------------------ members

    def _methods(self, within: Stretch, found: list[Class], depth: int = 0) -> list[Method]:
        methods: list[Method] = []
        notes: list[Annotation] = []
        at = begin = within.start
        while at < within.end:
            token = self.tokens[at]
            if token.kind == "word" and token.text[0] == "@" and len(token.text) > 1:
                at = self._annotation(at, notes)
            elif token.kind == "word" and token.text in KINDS and self.word(at + 1):
                at = self._class(at, within.end, tuple(notes), found, depth)
                notes, begin = [], at
            elif token.text == "(" and token.kind == "mark" and at in self.partner:
                body, end = self._body(self.partner[at] + 1, within.end)
                if body is not None and self.word(at - 1):
                    words = tuple(each.text for each in self.tokens[max(begin, at - 8) : at - 1])
                    inside = Stretch(at + 1, self.partner[at])
                    methods.append(
                        Method(self.word(at - 1), tuple(notes), at - 1, words, inside, body)
                    )
                    notes = []
                at = max(end, at + 1)
                begin = at
            elif token.kind == "mark" and token.text in ("{", "["):
                at = self.partner.get(at, at) + 1
                begin = at
            else:
                if token.text in (";", "}"):
                    notes, begin = [], at + 1
                at += 1
        return methods

    def _annotation(self, at: int, notes: list[Annotation]) -> int:
        """Note an annotation; the answer is where reading goes on."""
        name = self.tokens[at].text[1:]
        at += 1
        while self.text(at) == "." and self.word(at + 1):
            name = self.word(at + 1)
            at += 2
        args = Stretch(at, at)
        if self.text(at) == "(" and at in self.partner:
            args = Stretch(at + 1, self.partner[at])
            at = self.partner[at] + 1
        notes.append(Annotation(name, args))
        return at

    def _class(
        self, at: int, end: int, notes: tuple[Annotation, ...], found: list[Class], depth: int
    ) -> int:
        name = self.word(at + 1)
        number = at + 2
        while number < min(end, at + MOST):
            text = self.text(number)
            if text == "{" and number in self.partner:
                inside = Stretch(number + 1, self.partner[number])
                slot = len(found)
                methods = self._methods(inside, found, depth + 1) if depth < INNERMOST else []
                found.insert(slot, Class(name, notes, tuple(methods)))
                return self.partner[number] + 1
            if text in (";", "}") or (text in KINDS and self.tokens[number].kind == "word"):
                return number
            if text == "(" and number in self.partner:
                number = self.partner[number]
            number += 1
        return number

    def _body(self, at: int, end: int) -> tuple[Stretch | None, int]:
        """What a method does, from behind its parameters, and where it ends."""
        for number in range(at, min(end, at + 40)):
            text = self.text(number)
            if text == "{" and number in self.partner:
                return Stretch(number + 1, self.partner[number]), self.partner[number] + 1
            if text == "=" and self.language.lines:
                last = self.statement_end(number + 1)
                return Stretch(number + 1, last), last
            if text in (";", "}", ".", ",", ")", "+", "->", "="):
                return None, number
            if self.tokens[number].kind == "word" and text in ("fun", "val", "var", *KINDS):
                return None, number
        return None, at

    # ------------------------------------------------------------ what methods answer

    def answers(self, method: Method, owner: Class, depth: int = 0) -> Iterator[tuple[str, int]]:
        """The texts that a method may return, each with the number of its token."""
        body = method.body
        returned = [
            Stretch(number + 1, self.statement_end(number + 1))
            for number in range(body.start, body.end)
            if self.tokens[number].text == "return" and self.tokens[number].kind == "word"
        ]
        if not returned and self.text(body.start - 1) == "=":
            returned = [body]
        for stretch in returned:
            yield from self._answer(stretch, owner, depth)
        for number in range(body.start, body.end):
            if (
                self.word(number) in ("setViewName", "viewName", "setView")
                and self.text(number + 1) == "("
            ):
                inside = Stretch(number + 2, self.partner.get(number + 1, number + 2))
                yield from ((text, number) for text in self.meant(inside))

    def _answer(self, stretch: Stretch, owner: Class, depth: int) -> Iterator[tuple[str, int]]:
        at = stretch.start + (self.text(stretch.start) == "new")
        called = self.word(at) if self.text(at + 1) == "(" else ""
        if called == "ModelAndView" and at + 1 in self.partner:
            inside = Stretch(at + 2, self.partner[at + 1])
            first = next(iter(self.split(inside)), None)
            if first is not None:
                yield from ((text, at) for text in self.meant(first))
        elif called:
            if depth < DEEPEST and at == stretch.start:
                for other in owner.methods:
                    if other.name == called:
                        yield from self.answers(other, owner, depth + 1)
        elif any(self.text(number) == "+" for number in range(stretch.start, stretch.end)):
            return  # its name is made at run time
        else:
            yield from ((text, stretch.start) for text in self.meant(stretch))
            for number in range(stretch.start, stretch.end - 2):
                name = self.word(number + 2)
                if self.text(number + 1) == "." and name.isupper() and self.word(number):
                    yield f"{self.word(number)}.{name}", stretch.start
