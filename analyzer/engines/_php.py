"""PHP as flat markup: conditions and functions become statements, what is printed stays text.

Markup outside of the tags keeps its bytes. `if`, `switch` and functions open and close with
statements of our own, in either syntax of PHP; texts that are printed stand where the code prints
them. What only frameworks can follow (includes, calls, constants) is left as notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, partial

from analyzer.engines._flat import clean
from analyzer.engines._php_calls import Calls
from analyzer.engines._php_values import LONGEST
from analyzer.engines._php_words import (
    ABOUT_CODE,
    ASKS_LOGIN,
    CLASSES,
    LOGIN_CALL,
    MODIFIERS,
    SENDS_AWAY,
)

# A file without any of these prints nothing, includes nothing and leads to nothing that does.
TELLING = re.compile(
    rb"echo|print|<<<|\?>\s*\S|include|require|add_action|add_filter|do_action|wp_|define\s*\("
    rb"|view|render|get_header|script|<[a-zA-Z]|new\s|::\w+\(|login|auth",
    re.I,
)
LOOPS = frozenset({"for", "foreach", "while", "switch", "declare", "catch"})
ENDS = frozenset({"endif", "endfor", "endforeach", "endwhile", "endswitch", "enddeclare"})
LEAVES = frozenset({"return", "exit", "die", "wp_die"})
AWAY = 60  # tokens of a branch that are looked at for a way out


@lru_cache(maxsize=4)
def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The file as flat markup, and the offset in the file of each of its bytes."""
    data = clean(data)
    if not TELLING.search(data):
        return b"", [len(data)]
    reader = Statements(data)
    reader.run()
    return reader.writer.done()


class Statements(Calls):
    """Writes the statements of one file."""

    def run(self) -> None:
        self.block(len(self.code))
        while self.todo:
            self.todo.pop()()

    # ------------------------------------------------------------ blocks

    def block(self, end: int, before: int = -1) -> None:
        """Statements up to a token."""
        if self.at == before:  # no statement stands still
            self.at += 1
        if self.at < end:
            self.todo.append(partial(self.block, end, self.at))
            self._statement(end)

    def _until(self, words: frozenset[str], end: int, before: int = -1) -> None:
        """Statements up to one of the words that end a block in the other syntax."""
        if self.at == before:
            self.at += 1
        if self.at < end and self.code.word(self.at) not in words:
            self.todo.append(partial(self._until, words, end, self.at))
            self._statement(end)

    def _one(self, end: int) -> None:
        """The one statement that a condition without brackets holds for."""
        if self.at < end and self.code.kind(self.at) != "close":
            self._statement(end)

    def _jump(self, number: int) -> None:
        self.at = max(self.at, number)

    def _statement(self, end: int) -> None:
        code, kind = self.code, self.code.kind(self.at)
        if kind == "html":
            self.writer.markup(code.start(self.at), code.end(self.at))
            self.at += 1
        elif kind == "close":
            self.at += 1
        elif kind == "echo":
            self._print(end)
        elif code.is_mark(self.at, b"{"):
            self._braces(end)
        elif code.is_mark(self.at, b"#") and code.is_mark(self.at + 1, b"["):
            self.at = code.after(self.at + 1)
        elif code.is_mark(self.at, b";", b")", b"]", b"}", b":", b","):
            self.at += 1
        elif kind == "name":
            self._worded(code.word(self.at), end)
        else:
            self._expression(end)

    def _braces(self, end: int) -> None:
        close = min(self.code.partner[self.at], end)
        self.at += 1
        self.then(partial(self.block, close), partial(self._jump, close + 1))

    def _worded(self, word: str, end: int) -> None:
        code, following = self.code, self.at + 1
        if word == "if":
            self._if(end)
        elif word in LOOPS and code.is_mark(following, b"("):
            self._loop(word, end)
        elif word in ("echo", "print"):
            self._print(end)
        elif word == "function" and (
            code.kind(following) == "name"
            or (code.is_mark(following, b"&") and code.kind(following + 1) == "name")
        ):
            self._function(end)
        elif (
            word in CLASSES
            and code.kind(following) == "name"
            and not code.is_mark(following + 1, b"(")
        ):
            self._class(end)
        elif word in MODIFIERS and not code.is_mark(following, b"::", b"("):
            self.at += 1
        elif word in ("namespace", "use"):
            self.at = code.find(self.at, end, b";", b"{")
            if word == "use" and code.is_mark(self.at, b"{"):
                self.at = code.after(self.at)
        elif word == "const":
            self._constants(end)
        elif word == "global":
            self._globals(end)
        elif word in ("do", "try", "finally", "else", "elseif") or word in ENDS:
            self.at += 1
        else:
            self._expression(end)

    # ------------------------------------------------------------ conditions

    def _if(self, end: int) -> None:
        code, start = self.code, self.at
        if not code.is_mark(start + 1, b"("):
            self.at += 1
            return
        silent = self._turn("if", start, end)
        if self.writer.inside and not self.conditions and not silent:
            self._if_not_left(start, end)
        self.conditions += not silent
        if code.is_mark(self.at, b":"):
            self.at += 1
            self.then(
                partial(self._until, frozenset({"elseif", "else", "endif"}), end),
                partial(self._other_branch, silent, end),
            )
        else:
            self.then(partial(self._one, end), partial(self._next_branch, silent, end))

    def _turn(self, word: str, start: int, end: int, silent: bool = False) -> bool:
        """A branch's condition; is it one that only asks about the code?"""
        code = self.code
        opening = code.find(start, end, b"(")
        close = min(code.partner.get(opening, end), end)
        condition = code.written(opening + 1, close)[:LONGEST]
        silent = silent or (word == "if" and ABOUT_CODE.match(condition) is not None)
        begin, behind = code.start(start), code.end(close)
        if not silent:
            self.writer.tell(f"{word} {condition}", begin, behind)
        if ASKS_LOGIN.search(condition) and self._sends_away(close + 1):
            self.writer.note(begin, behind, n="login", f=condition)
        self.at = close + 1
        return silent

    def _if_not_left(self, start: int, end: int) -> None:
        """A branch that ends its function: what follows runs where the condition does not hold."""
        code, at = self.code, self.at
        braced = code.is_mark(at, b"{")
        last = min(code.partner[at], end) if braced else code.find(at, end, b";") + 1
        first = self._last_statement(at + braced, last)
        following = code.word(last + braced) if last + braced < end else ""
        if code.word(first) in LEAVES and following not in ("else", "elseif"):
            close = code.partner.get(code.find(start, end, b"("), end)
            condition = code.written(code.find(start, end, b"(") + 1, close)[:LONGEST]
            self.todo.append(partial(self._from_here_unless, condition))

    def _from_here_unless(self, condition: str) -> None:
        """A condition up to the end of the function, which closes it."""
        self.writer.tell(f"unless {condition}", self._here, self._here)

    def _last_statement(self, at: int, end: int) -> int:
        """Where the last statement before a token begins."""
        code, first = self.code, at
        while at < end:
            at = code.after(at)
            if at < end and code.is_mark(at - 1, b";", b"}"):
                first = at
        return first

    def _sends_away(self, at: int) -> bool:
        """Does the branch that begins here leave the page?"""
        code = self.code
        last = code.partner[at] if code.is_mark(at, b"{") else code.find(at, len(code), b";")
        last = min(last, at + AWAY, len(code))
        if last <= at or any(code.kind(number) == "html" for number in range(at, last)):
            return False
        return SENDS_AWAY.search(code.data, code.start(at), code.end(last - 1)) is not None

    def _next_branch(self, silent: bool, end: int) -> None:
        """Behind a branch in brackets, or of one statement."""
        code, at = self.code, self.at
        while code.kind(at) == "close" or (code.kind(at) == "html" and not code.text(at).strip()):
            at += 1
        word = code.word(at) if at < end else ""
        asks = at + (word == "else" and code.word(at + 1) == "if")
        if (asks > at or word == "elseif") and code.is_mark(asks + 1, b"("):
            self._turn("elseif", at, end, silent)
            self.then(partial(self._one, end), partial(self._next_branch, silent, end))
        elif word == "else" and not code.is_mark(at + 1, b":"):
            if not silent:
                self.writer.tell("else", code.start(at), code.end(at))
            self.at = at + 1
            self.then(partial(self._one, end), partial(self._end_if, silent))
        else:
            self._end_if(silent)

    def _other_branch(self, silent: bool, end: int) -> None:
        """Behind a branch that began with a colon."""
        code, at = self.code, self.at
        word = code.word(at) if at < end else ""
        colon = at + 1
        if word == "elseif" or (word == "else" and code.word(at + 1) == "if"):
            self._turn("elseif", at, end, silent)
            colon = self.at
        elif word == "else":
            if not silent:
                self.writer.tell("else", code.start(at), code.end(at))
        else:
            self.at += word == "endif"
            self._end_if(silent)
            return
        self.at = colon + code.is_mark(colon, b":")
        self.then(
            partial(self._until, frozenset({"elseif", "else", "endif"}), end),
            partial(self._other_branch, silent, end),
        )

    def _end_if(self, silent: bool) -> None:
        if not silent:
            self.conditions -= 1
            self.writer.tell("endif", self._here, self._here)

    @property
    def _here(self) -> int:
        """Where the last token that was read ends."""
        return self.code.end(min(self.at, len(self.code)) - 1) if self.at else 0

    # ------------------------------------------------------------ loops and choices

    def _loop(self, word: str, end: int) -> None:
        code = self.code
        opening = self.at + 1
        close = min(code.partner[opening], end)
        self.at = close + 1
        if word == "switch":
            self._switch(code.written(opening + 1, close)[:LONGEST], end)
            return
        if word == "foreach":
            self._each(opening, close)
        if code.is_mark(self.at, b":"):
            self.at += 1
            self.then(partial(self._until, frozenset({"end" + word}), end), self._step)
        else:
            self.then(partial(self._one, end))

    def _step(self) -> None:
        self.at += 1

    def _each(self, opening: int, close: int) -> None:
        """The variable of a loop is one of the list's elements."""
        code, values = self.code, self.values
        middle = next((at for at in range(opening, close) if code.word(at) == "as"), close)
        name = close - 1
        if middle < name and code.kind(name) == "var":
            values.scope.names[code.text(name).decode("utf-8", "replace")] = values.items(
                opening + 1, middle
            ) or [(("hole", code.written(name, close)),)]
            values.scope.unsure.add(code.text(name).decode("utf-8", "replace"))

    def _switch(self, subject: str, end: int) -> None:
        code = self.code
        if code.is_mark(self.at, b"{"):
            close = min(code.partner[self.at], end)
            self.at += 1
            self.then(partial(self._cases, subject, close, False), partial(self._jump, close + 1))
        else:
            self.at += 1
            self.then(partial(self._cases, subject, end, False), self._step)

    def _cases(self, subject: str, end: int, opened: bool, before: int = -1) -> None:
        code = self.code
        if self.at == before:
            self.at += 1
        start, labels = self.at, []
        while self.at < end and code.word(self.at) in ("case", "default"):
            stop = code.find(self.at + 1, end, b":", b";")
            value = code.written(self.at + 1, stop)
            labels.append(f"{subject} == {value}" if value else f"{subject} is something else")
            self.at = stop + 1
            while code.kind(self.at) == "close" or (
                code.kind(self.at) == "html" and not code.text(self.at).strip()
            ):
                self.at += 1
        ends = self.at >= end or code.word(self.at) == "endswitch"
        if opened and (labels or ends):
            self.conditions -= 1
            where = code.start(start)
            self.writer.tell("endif", where, where)
            opened = False
        if labels and not ends:
            self.conditions += 1
            words = " or ".join(labels)[:LONGEST]
            self.writer.tell(f"if {words}", code.start(start), code.end(self.at - 1))
            opened = True
        if not ends:
            self.todo.append(partial(self._cases, subject, end, opened, self.at))
            self._statement(end)

    # ------------------------------------------------------------ functions and classes

    def _function(self, end: int) -> None:
        code, start = self.code, self.at
        name = start + 1 + code.is_mark(start + 1, b"&")
        body = code.find(code.after(name + 1), end, b"{", b";")
        if not code.is_mark(body, b"{"):
            self.at = body + 1
            return
        close = min(code.partner[body], end)
        said = code.text(name).decode("utf-8", "replace")
        if self.values.classes:
            said = f"{self.values.classes[-1]}::{said}"
        begun = self.writer.enter(said, code.start(start), code.end(body))
        self.enter_scope(name, body)
        stop = code.end(close)
        leave = partial(self.leave_function, begun, stop, self.conditions, self.in_class)
        self.conditions, self.in_class = 0, False
        self.at = body + 1
        self.then(partial(self.block, close), leave, partial(self._jump, close + 1))

    def _class(self, end: int) -> None:
        code, start = self.code, self.at
        name = code.text(start + 1).decode("utf-8", "replace")
        body = code.find(start, end, b"{", b";")
        parent = next(
            (number + 1 for number in range(start, body) if code.word(number) == "extends"), -1
        )
        if parent > 0:
            said = code.text(parent).decode("utf-8", "replace").rpartition("\\")[2]
            self.writer.note(code.start(start), code.end(parent), n="class", f=name, b=said)
        self.at = body + 1
        if code.is_mark(body, b"{"):
            close = min(code.partner[body], end)
            self.enter_class(name)
            self.then(partial(self.block, close), self.leave_class, partial(self._jump, close + 1))

    def _constants(self, end: int) -> None:
        """`const NAME = value` of a file or of a class."""
        code, values = self.code, self.values
        stop = code.find(self.at, end, b";")
        for first, last in code.split(self.at + 1, stop, b","):
            equals = code.find(first, last, b"=")
            if equals < last and equals > first:
                name = code.text(equals - 1).decode("utf-8", "replace")
                value = values.value(equals + 1, last)
                values.constants[("::" if values.classes else "") + name] = value
                if not values.classes:
                    self.writer.note(
                        code.start(first), code.end(last - 1), n="define", f=name, p=value
                    )
        self.at = stop

    def _globals(self, end: int) -> None:
        """`global $a` brings the file's own name into a function."""
        code, values = self.code, self.values
        stop = code.find(self.at, end, b";")
        for number in range(self.at, stop):
            name = code.text(number).decode("utf-8", "replace")
            if code.kind(number) == "var" and name in values.scopes[0].names:
                values.scope.names[name] = values.scopes[0].names[name]
        self.at = stop

    # ------------------------------------------------------------ expressions

    def _end_of_expression(self, end: int) -> int:
        code, at = self.code, self.at
        while at < end and code.kinds[at] not in ("close", "html", "echo"):
            if code.is_mark(at, b";", b"}"):
                break
            at = code.after(at)
        return min(at, end)

    def _print(self, end: int) -> None:
        """`echo`, `print` and the short tag; what is printed alone stands for all of its tag."""
        self.at += 1
        first, stop = self.at, self._end_of_expression(end)
        self.at = stop
        self.then(partial(self.show, first, stop), partial(self._jump, stop))

    def _expression(self, end: int) -> None:
        code, first = self.code, self.at
        stop = self._end_of_expression(end)
        word = code.word(first)
        self.at = max(stop, first + 1)
        back = partial(self._jump, self.at)
        self.todo.append(back)
        if word == "return":
            self.give(first + 1, stop)
        elif not self.assign(first, stop):
            if LOGIN_CALL.match(word) and code.is_mark(first + 1, b"("):
                self.writer.note(code.start(first), code.end(stop - 1), n="login", f=word + "()")
            self.walk(first, stop)
