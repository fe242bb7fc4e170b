"""What an expression of a program holds: texts with holes, an address among them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from analyzer.model import Choice, Hole, Text, Value, options
from analyzer.parse.server.clients import DEFAULTED, FORMATS, OWN, TRANSPARENT, UNCHANGED
from analyzer.parse.server.code import Call, Code
from analyzer.parse.server.layout import Stretch
from analyzer.parse.server.tokens import hole_of
from analyzer.parse.values.document import joined, pieces

DEEPEST = 10  # names and calls that are followed from one value
MOST_STEPS = 2_000  # expressions that are read for one value
ADDRESS = re.compile(r"https?://[^\s/]", re.I)
PLACEHOLDER = re.compile(
    r"%(?:\d+\$)?[-+0-9.]*[sdvqfuxi@](?![a-z])|%?\{(\w*)(?::[^}]*)?\}|%<(\w+)>\w?"
)
CHOOSES, PARTS = frozenset({"?"}), frozenset({":"})
ALTERNATIVES = frozenset({"||", "??", "?:", "or"})
BY_START = attrgetter("start")
PLAIN = frozenset({"new", "await", "&", "*", "(string)", "@"})


@dataclass(frozen=True, slots=True)
class Read:
    """A value, and the stretch where it was put together."""

    value: Value
    at: Stretch


class Values:
    """Reads the expressions of one program."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.steps = 0

    # ------------------------------------------------------------ texts

    def read(self, stretch: Stretch, depth: int = 0) -> Read:
        """The value of an expression. What cannot be read is a hole."""
        code = self.code
        if stretch.end <= stretch.start or self.is_too_much(depth):
            return self._hole(stretch)
        either = list(code.split(stretch, CHOOSES))
        if (
            len(either) == 2
            and (branches := list(code.split(either[1], PARTS)))
            and len(branches) == 2
        ):
            return self._choice(stretch, branches, depth)
        either = list(code.split(stretch, ALTERNATIVES))
        if len(either) > 1:
            return self._choice(stretch, either, depth)
        parts = list(code.split(stretch, code.language.joins))
        if len(parts) > 1:
            read = [self.read(part, depth + 1) for part in parts]
            return Read(
                joined([piece for each in read for piece in pieces(settled(each.value))]), stretch
            )
        return self._operand(parts[0] if parts else stretch, depth)

    def is_too_much(self, depth: int) -> bool:
        """Is it time to leave a value unread? Names may stand for each other without end."""
        self.steps = self.steps + 1 if depth else 0
        return depth > DEEPEST or self.steps > MOST_STEPS

    def _choice(self, stretch: Stretch, branches: Sequence[Stretch], depth: int) -> Read:
        read = [self.read(each, depth + 1) for each in branches]
        found = next((each for each in read if is_address(each.value)), None)
        values = tuple(dict.fromkeys(each.value for each in read))
        return Read(
            Choice(values) if len(values) > 1 else values[0], found.at if found else stretch
        )

    def _operand(self, stretch: Stretch, depth: int) -> Read:
        code, start, end = self.code, stretch.start, stretch.end
        while start < end - 1 and code.text(start) in PLAIN and code.tokens[start].kind != "text":
            start += 1
        if code.text(start) == "(" and start in code.partner:
            closing = code.partner[start]
            inner = Stretch(start + 1, closing) if closing == end - 1 else Stretch(closing + 1, end)
            return self.read(inner, depth + 1)
        texts = 0
        while start + texts < end and code.tokens[start + texts].kind == "text":
            texts += 1
        if texts and start + texts == end:
            parts = [
                piece
                for token in code.tokens[start:end]
                for piece in self._pieces(token.value, start, depth)
            ]
            return Read(joined(parts), Stretch(start, end))
        if texts:
            return self._worked_on(start, texts, end, depth)
        if end - start == 1 and code.tokens[start].kind == "number":
            return Read(code.text(start), stretch)
        call = code.call_ending(Stretch(start, end)) or code.call_ending(
            Stretch(stretch.start, end)
        )
        if call is not None:
            return self._called(call, stretch, depth)
        return self._named(Stretch(start, end), depth)

    def _worked_on(self, start: int, texts: int, end: int, depth: int) -> Read:
        """A text with something done to it: `"...".freeze`, `"...".format(x)`, `"..." % x`."""
        code = self.code
        text = self.read(Stretch(start, start + texts), depth + 1).value
        word = code.word(start + texts + 1)
        arguments: list[Stretch] = []
        if code.text(start + texts) == "%":
            opening = start + texts + 1
            listed = code.text(opening) in ("[", "(", "{") and code.partner.get(opening) == end - 1
            arguments = (
                list(code.split(Stretch(opening + 1, end - 1)))
                if listed
                else [Stretch(opening, end)]
            )
        elif FORMATS.match(word) and code.text(end - 1) == ")" and end - 1 in code.partner:
            arguments = list(code.split(Stretch(code.partner[end - 1] + 1, end - 1)))
        elif word not in UNCHANGED:
            return self._hole(Stretch(start, end))
        return Read(self._filled(text, arguments, depth), Stretch(start, end))

    def _called(self, call: Call, stretch: Stretch, depth: int) -> Read:
        """What a call gives back: the address in it, a filled text, or an own function's word."""
        code, last = self.code, call.name.rpartition(".")[2]
        if FORMATS.search(call.name) and call.args:
            first = (
                1
                if len(call.args) > 1
                and not isinstance(self.read(call.args[0], depth + 1).value, (str, Text))
                else 0
            )
            text = self.read(call.args[first], depth + 1).value
            return Read(self._filled(text, call.args[first + 1 :], depth), stretch)
        if TRANSPARENT.search(call.name) and call.args:
            read = [self.read(each, depth + 1) for each in call.args]
            return next((each for each in read if is_address(each.value)), read[0])
        if last in UNCHANGED and call.head.end - call.head.start > 2:
            return self.read(Stretch(call.head.start, call.head.end - 2), depth + 1)
        if DEFAULTED.search(call.name) and len(call.args) == 2:
            asked = hole_of(code.written(Stretch(call.head.start, call.args[0].end)))
            return Read(Choice((asked, self.read(call.args[1], depth + 1).value)), stretch)
        said = code.names.get(last + "()")
        if said and call.name.count(".") <= 1:
            return self.read(said[0], depth + 1)
        return self._hole(stretch)

    def _named(self, stretch: Stretch, depth: int) -> Read:
        code, start, end = self.code, stretch.start, stretch.end
        while (
            end - start >= 3
            and code.text(end - 2) in code.language.members
            and code.word(end - 1) in UNCHANGED
        ):
            end -= 2
        name, begin = code.chain(end)
        if begin > start or not name or code.tokens[end - 1].kind != "word":
            return self._hole(stretch)
        given = self.given(name, start)
        if given is not None and not given.start <= start < given.end:
            return self.read(given, depth + 1)
        return self._hole(stretch)

    def callee(self, call: Call) -> str:
        """A call's name, with what its first word was given in its place: `c.post` is `new
        Client.post` where `c = new Client()`.
        """
        root, dot, rest = call.name.partition(".")
        given = self.given(root, call.head.start) if dot and root not in OWN else None
        maker = self.code.call_ending(given) if given is not None else None
        made = maker.name.removeprefix("new ").removesuffix(".new") if maker is not None else ""
        return f"{made}.{rest}" if made else call.name

    def given(self, name: str, at: int) -> Stretch | None:
        """What a name was given last before it is used, or else first of all."""
        receiver, _, last = name.rpartition(".")
        if receiver and not (
            receiver in ("self", "this", "static", "cls", "class", "self.class")
            or receiver[0].isupper()
        ):
            return None
        given = self.code.names.get(last) or self.code.names.get(last + "()") or ()
        for number in range(bisect_right(given, at, key=BY_START) - 1, -1, -1):
            if given[number].end <= at:
                return given[number]
        return next(iter(given), None)

    def _pieces(self, value: Value, at: int, depth: int) -> Iterator[str | Hole]:
        """A text's pieces, with names in its holes followed."""
        for piece in pieces(value):
            if (
                isinstance(piece, Hole)
                and re.fullmatch(r"[$@]{0,2}[\w.:\\>-]+(?:\(\))?", piece.text)
                and depth < DEEPEST
            ):
                name = (
                    re.sub(r"(?:::|->|\\)", ".", piece.text)
                    .replace("$", "")
                    .replace("@", "")
                    .removesuffix("()")
                )
                given = self.given(name.removesuffix(".freeze"), at)
                if given is not None and not given.start <= at < given.end:
                    value = settled(self.read(given, depth + 1).value)
                    if isinstance(value, (str, int, Text)):
                        yield from pieces(value)
                        continue
            yield piece

    def _filled(self, text: Value, arguments: Sequence[Stretch], depth: int) -> Value:
        """A format's text with its arguments in their places."""
        values = [settled(self.read(each, depth + 1).value) for each in arguments]
        named = {each.key: value for each, value in zip(arguments, values, strict=True) if each.key}
        parts: list[str | Hole] = []
        count = 0
        for piece in pieces(settled(text)):
            if isinstance(piece, Hole):
                parts.append(piece)
                continue
            at = 0
            for found in PLACEHOLDER.finditer(piece):
                name = found[1] or found[2] or ""
                number = int(name) if name.isdigit() else count
                count += 1
                parts.append(piece[at : found.start()])
                value = named.get(name, values[number] if number < len(values) else Hole(found[0]))
                parts.extend(pieces(value))
                at = found.end()
            parts.append(piece[at:])
        return joined(parts)

    def _hole(self, stretch: Stretch) -> Read:
        return Read(hole_of(self.code.written(stretch)), stretch)


def is_address(value: Value) -> bool:
    """Is the value the whole address of another host, as far as it can be read?"""
    return any(
        ADDRESS.match(text)
        for each in options(value)
        for text in [each.parts[0] if isinstance(each, Text) else each]
        if isinstance(text, str)
    )


def settled(value: Value) -> Value:
    """One value for a choice: an address that is there by default, else a text."""
    branches = options(value)
    return next(
        (each for each in branches if is_address(each)),
        next(
            (each for each in branches if isinstance(each, (str, Text))),
            branches[0] if branches else value,
        ),
    )
