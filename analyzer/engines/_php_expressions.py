"""PHP's expressions as markup: what they print, call, include, and give to names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from analyzer.engines._php_tokens import Code
from analyzer.engines._php_values import LONGEST, Parts, Scope, Values
from analyzer.engines._php_words import (
    FORMATS,
    HANDS_ON,
    INCLUDES,
    SCRIPTS,
    STATEMENT,
    WHOLE_ELEMENT,
)
from analyzer.engines._php_writer import ELEMENT, Filling, Writer

Task: TypeAlias = Callable[[], None]
MOST_LEVELS = 20  # brackets and conditions inside each other in what is printed
MOST_STEPS = 300  # tokens of an expression that are looked at for texts
ASSIGNS = (b"=", b".=", b"??=")
NO_CALLS = frozenset({"use", "function", "fn", "array", "list", "isset", "empty", "unset", "match"})


class Expressions(ABC):
    """Writes expressions; `todo` holds what is still to be written, the next thing last."""

    def __init__(self, data: bytes) -> None:
        self.code = Code(data)
        self.values = Values(self.code)
        self.writer = Writer(self.code, self.values)
        self.todo: list[Task] = []
        self.at = 0
        self.conditions = 0  # that stand around
        self.in_class = False  # between the methods of a class
        self.shown = _shown_names(self.code)
        self.pieces: set[str] = set()  # names whose text is markup and may go on

    @abstractmethod
    def block(self, end: int) -> None:
        """Statements up to a token: the other half of this reader writes them."""

    def then(self, *tasks: Task) -> None:
        """These tasks come next, in this order."""
        self.todo.extend(reversed(tasks))

    # ------------------------------------------------------------ what is printed

    def show(self, first: int, last: int, level: int = 0) -> None:
        """What an expression prints."""
        code = self.code
        while code.is_mark(first, b"(") and code.partner[first] == last - 1 and last - first > 1:
            first, last = first + 1, last - 1
        if first >= last:
            return
        if level > MOST_LEVELS:
            self.writer.expression(first, last)
            return
        several = code.split(first, last, b",")
        if len(several) > 1:
            self.then(*(partial(self.show, *each, level + 1) for each in several))
            return
        asks = code.find(first, last, b"?")
        if asks < last and (other := code.find(asks + 1, last, b":")) < last:
            self._show_choice(first, asks, other, last, level)
            return
        pieces = code.split(first, last, b".")
        if len(pieces) > 1:
            self.then(*(partial(self.show, *each, level + 1) for each in pieces))
            return
        self._show_one(first, last, level)

    def _show_choice(self, first: int, asks: int, other: int, last: int, level: int) -> None:
        code, writer = self.code, self.writer
        if not any(code.is_text(number) for number in range(asks + 1, last)):
            self.show_gap(first, last)
            return
        start, end = code.start(first), code.end(asks)
        behind = code.end(last - 1)
        condition = code.written(first, asks)[:LONGEST]
        if not condition or other == asks + 1:
            self.then(partial(self.show, other + 1, last, level + 1))
            return
        writer.tell(f"if {condition}", start, end)
        self.then(
            partial(self.show, asks + 1, other, level + 1),
            partial(writer.tell, "else", code.start(other), code.end(other)),
            partial(self.show, other + 1, last, level + 1),
            partial(writer.tell, "endif", behind, behind),
        )

    def _show_one(self, first: int, last: int, level: int) -> None:
        code = self.code
        if last - first == 1:
            if code.is_text(first):
                self.writer.text(first)
            else:
                self.writer.expression(first, last)
            return
        word = code.word(first).rpartition("\\")[2]
        if word in ("function", "static", "fn"):
            self.walk(first, last)
            return
        if word and code.is_mark(first + 1, b"(") and code.partner[first + 1] == last - 1:
            arguments = code.split(first + 2, last - 1, b",")
            if word in FORMATS and self.show_format(arguments):
                return
            number = HANDS_ON.get(word, -1)
            if 0 <= number < len(arguments) and self._holds(*arguments[number]):
                self.then(partial(self.show, *arguments[number], level + 1))
                return
        self.show_gap(first, last)

    def show_gap(self, first: int, last: int) -> None:
        """The result of calls and operations, which may print something themselves."""
        self.writer.expression(first, last)
        if last - first > 2:
            self.walk(first, last)

    def show_format(self, arguments: list[tuple[int, int]]) -> bool:
        """A text with gaps, and what they are filled with."""
        code = self.code
        first, last = arguments[0]
        parts = code.split(first, last, b".")
        if not all(end - start == 1 and code.is_text(start) for start, end in parts):
            return False
        filling = Filling(arguments[1:])
        for start, _ in parts:
            self.writer.text(start, filling)
        return True

    # ------------------------------------------------------------ what may be printed later

    def give(self, first: int, last: int, condition: str = "") -> None:
        """An expression whose text is shown where a function's result or a name is.

        Where that is not known, `condition` says on what it depends.
        """
        code, writer = self.code, self.writer
        held = self._held(first, last)
        script = not ELEMENT.search(held) and STATEMENT.match(held) is not None
        sure = not condition
        if not held or not (
            script or (ELEMENT.search(held) if sure else WHOLE_ELEMENT.search(held))
        ):
            self.walk(first, last)
            return
        start, end = code.start(first), code.end(last - 1)
        tasks: list[Task] = [partial(self.show, first, last)]
        if script:
            tasks = [
                partial(writer.write, b"<script>", start),
                *tasks,
                partial(writer.write, b"</script>", end),
            ]
        if condition:
            tasks = [
                partial(writer.tell, f"if {condition}", start, start),
                *tasks,
                partial(writer.tell, "endif", end, end),
            ]
        self.then(*tasks)

    def _held(self, first: int, last: int) -> bytes:
        """The texts of an expression that stand in no list and are handed on, put together."""
        code, found = self.code, bytearray()
        waiting, steps = [(first, last)], 0
        while waiting and steps < MOST_STEPS:
            at, end = waiting.pop()
            steps += 1
            if at >= end:
                continue
            waiting.append((at + 1, end))
            if code.is_text(at):
                start, stop = code.bodies.get(at, (code.start(at) + 1, code.end(at) - 1))
                found += code.data[start:stop].replace(b"\\n", b"\n")
            elif code.is_mark(at, b"[", b"{", b"("):
                inside = (at + 1, code.partner[at]) if code.is_mark(at, b"(") else (at, at)
                waiting[-1:] = [(code.after(at), end)]
                if code.kind(at - 1) != "name":
                    waiting.append(inside)
            elif code.kind(at) == "name" and code.is_mark(at + 1, b"("):
                waiting[-1:] = [(code.after(at + 1), end)]
                waiting.extend(self._handed_on(at))
        return bytes(found)

    def _handed_on(self, at: int) -> list[tuple[int, int]]:
        """The arguments of a call whose text comes out of it again."""
        code, word = self.code, self.code.word(at).rpartition("\\")[2]
        number = 0 if word in FORMATS else HANDS_ON.get(word, -1)
        if number < 0:
            return []
        arguments = code.split(at + 2, min(code.partner[at + 1], len(code)), b",")
        return arguments[number : number + 1]

    def _holds(self, first: int, last: int) -> bool:
        """Does a text that is handed on hold markup or a statement of a script?"""
        held = self._held(first, last)
        return bool(ELEMENT.search(held) or STATEMENT.match(held))

    # ------------------------------------------------------------ what is called

    def walk(self, at: int, last: int, depth: int = 0) -> None:
        """The calls, includes and functions of an expression, in order."""
        code = self.code
        while at < last:
            word = code.word(at)
            if word in INCLUDES and not code.is_mark(at - 1, b"->", b"?->", b"::"):
                at = self._include(at, last)
                continue
            if word == "function" or (word == "class" and code.word(at - 1) == "new"):
                body = self._body(at, last)
                if body < last:
                    self._closure(at, body, partial(self.walk, code.after(body), last, depth))
                    return
            if code.is_mark(at, b"(") and depth == 0 and code.kind(at - 1) == "name":
                waiting = len(self.todo)
                if code.word(at - 1) not in NO_CALLS:
                    self.call(at)
                if len(self.todo) > waiting:  # what the call prints stands before what follows it
                    self.todo.insert(waiting, partial(self.walk, at + 1, last, depth + 1))
                    return
            if code.is_mark(at, b"(", b"[", b"{"):
                depth += 1
            elif code.is_mark(at, b")", b"]", b"}"):
                depth = max(0, depth - 1)
            at += 1

    def _body(self, at: int, last: int) -> int:
        """The brace that opens a function's body, else `last`."""
        return self.code.find(at, last, b"{", b";")

    def _closure(self, at: int, body: int, rest: Task) -> None:
        """The body of a function without a name, which has one by its place."""
        code = self.code
        if not code.is_mark(body, b"{"):
            self.then(rest)
            return
        close = code.partner[body]
        end = code.end(close)
        if code.word(at) == "class":
            self.enter_class(self.closure_name(at))
            self.then(partial(self.block, close), self.leave_class, rest)
        else:
            begun = self.writer.enter(self.closure_name(at), code.start(at), code.end(body))
            self.enter_scope(at, body)
            leave = partial(self.leave_function, begun, end, self.conditions, self.in_class)
            self.conditions, self.in_class = 0, False
            self.then(partial(self.block, close), leave, rest)
        self.at = body + 1

    def enter_class(self, name: str) -> None:
        self.values.classes.append(name)
        self.in_class = True

    def leave_class(self) -> None:
        self.values.classes.pop()
        self.in_class = False

    def closure_name(self, at: int) -> str:
        """What a function without a name is called in trails."""
        line = self.code.line(self.code.start(at))
        return f"function on line {line}"

    def enter_scope(self, at: int, body: int) -> None:
        """The names of a function: its parameters, and what a closure takes with it."""
        code = self.code
        outer, scope = self.values.scope, Scope()
        opening = code.find(at, body, b"(")
        if opening < body:
            for number, (start, end) in enumerate(
                code.split(opening + 1, code.partner[opening], b",")
            ):
                name = next((each for each in range(start, end) if code.kind(each) == "var"), -1)
                if name >= 0:
                    equals = code.find(start, end, b"=")
                    default = self.values.text(equals + 1, end) if equals < end else ""
                    value: Parts = (("param", f"{number}:{default}"),)
                    scope.names[code.text(name).decode("utf-8", "replace")] = [value]
            taken = code.after(opening)
            if code.word(taken) == "use":
                for each in range(taken + 1, min(body, code.partner.get(taken + 1, taken))):
                    name_taken = code.text(each).decode("utf-8", "replace")
                    if code.kind(each) == "var" and name_taken in outer.names:
                        scope.names[name_taken] = outer.names[name_taken]
        self.values.scopes.append(scope)

    def leave_function(self, begun: int, end: int, conditions: int, in_class: bool) -> None:
        self.writer.leave(begun, end)
        self.conditions, self.in_class = conditions, in_class
        if len(self.values.scopes) > 1:
            self.values.scopes.pop()

    def _include(self, at: int, last: int) -> int:
        """A file is put in here; where the expression goes on."""
        code = self.code
        stop = code.find(at + 1, last, b",", b")", b"]", b"?", b"&&", b"||", b"or", b";")
        for each in self.values.choices(at + 1, stop):
            if each:
                self.writer.note(code.start(at), code.end(stop - 1), n="include", p=each)
        return max(stop, at + 1)

    @abstractmethod
    def call(self, opening: int) -> None:
        """A call, by the bracket that opens its arguments: a later part of the reader writes it."""

    # ------------------------------------------------------------ what is given to names

    def assign(self, first: int, last: int) -> bool:
        """A statement that gives a name a value; False where it does not."""
        code, sign = self.code, first
        while sign < last and not code.is_mark(sign, *ASSIGNS):
            if code.is_mark(sign, b"(") or sign > first + 12:
                return False
            sign = code.after(sign)
        if sign >= last or code.kind(first) != "var":
            return False
        name = code.written(first, sign).replace(" ", "")
        if self.in_class:
            name = "$this->" + name.removeprefix("$")
        self._remember(name, code.text(sign), sign + 1, last)
        if code.text(sign) != b".=":
            self.pieces.discard(name)
        shown = name in self.shown or name.partition("[")[0] in self.shown
        if shown and name in self.pieces:  # one more piece of the markup that is put together
            self.then(partial(self.show, sign + 1, last))
            return True
        if shown and ELEMENT.search(self._held(sign + 1, last)):
            self.pieces.add(name)
        self.give(sign + 1, last, "" if shown else f"{name[:80]} is shown")
        return True

    def _remember(self, name: str, sign: bytes, first: int, last: int) -> None:
        code, values = self.code, self.values
        scope = values.scopes[0] if name.startswith("$this->") else values.scope
        if sign == b".=":
            known = scope.names.get(name, [])
            if len(known) == 1 and name not in scope.unsure and not self.conditions:
                scope.give(name, known[0] + values.value(first, last), True)
            else:
                scope.drop(name)
            return
        if code.word(first) == "new" and code.kind(first + 1) == "name":
            owner = code.text(first + 1).decode("utf-8", "replace").rpartition("\\")[2]
            scope.give(name, (("object", owner),), not self.conditions)
            return
        choices = values.choices(first, last)
        if any(each == (("var", name),) for each in choices):
            return
        for number, each in enumerate(choices):
            scope.give(name, each, number == 0 and not self.conditions)
        if len(choices) > 1:
            scope.unsure.add(name)


def _shown_names(code: Code) -> frozenset[str]:
    """The variables that stand in what the file prints or gives back."""
    return frozenset(_printed_names(code))


def _printed_names(code: Code) -> Iterator[str]:
    printing = False
    for number, kind in enumerate(code.kinds):
        if kind == "echo" or (
            kind == "name" and code.word(number) in ("echo", "print", "return", "printf", *SCRIPTS)
        ):
            printing = True
        elif kind in ("html", "close") or code.is_mark(number, b";", b"{", b"}"):
            printing = False
        elif printing and kind == "var":
            name = code.text(number).decode("utf-8", "replace")
            yield name
            if name == "$this" and code.is_mark(number + 1, b"->"):
                yield f"$this->{code.text(number + 2).decode('utf-8', 'replace')}"
