"""Ruby programs as statements with bodies: enough to read routes, controllers and settings.

A broken file gives the statements that can still be told apart; nothing here raises or recurses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analyzer.frameworks._ruby_parts import Part, parts_of

OPENS = frozenset(
    {"class", "module", "def", "if", "unless", "case", "while", "until", "for", "begin"}
)
LOOPS = frozenset({"while", "until", "for"})
MODIFIERS = frozenset({"if", "unless", "while", "until", "rescue"})
GOES_ON = frozenset({",", ".", "&.", "&&", "||", "=", "=>", "+", "-", "?", ":", "\\", "::", "<<"})
BEFORE_VALUES = GOES_ON | {"(", "[", "{", "+=", "||=", "return", "and", "or", "not", "->", "!"}
MOST_BRACKETS = 60  # brackets inside of each other
PAIRS = {"(": ")", "[": "]", "{": "}"}


@dataclass(slots=True)
class Statement:
    """A statement, and what stands in the blocks that it opens."""

    parts: list[Part] = field(default_factory=list)
    body: list[Statement] = field(default_factory=list)

    @property
    def head(self) -> str:
        """The word that the statement begins with."""
        return self.parts[0].text if self.parts and self.parts[0].kind == "word" else ""

    def all(self) -> Iterator[Statement]:
        """The statement and all inside of it."""
        todo = [self]
        while todo:
            each = todo.pop()
            yield each
            todo.extend(reversed(each.body))


@dataclass(slots=True)
class _Frame:
    closer: str  # end, }, ), ]
    owner: Statement | None = None  # whose body this is; none for brackets
    current: Statement | None = None
    pending: str = ""  # a word whose body begins with the next line


def statements(
    data: bytes, opens: frozenset[str] = OPENS, lambdas: frozenset[str] = frozenset()
) -> list[Statement]:
    """The statements of a program; `opens` begin a body on the next line, `lambdas` at once."""
    root = Statement()
    frames = [_Frame("", root)]
    last: Part | None = None
    parts = parts_of(data)
    bars = 0  # those around the names of a block's arguments, which are skipped
    for number, part in enumerate(parts):
        if bars:
            bars -= part.text == "|"
            continue
        if part.text == "\\" and part.kind == "mark":
            last = part
            continue
        body = _body(frames)
        if part.fresh and frames[-1] is body and not _goes_on(last, part):
            _finish(frames)
        if part.kind == "mark" and part.text == ";":
            _finish(frames)
            last = None
            continue
        member = last is not None and last.text in (".", "&.", "::")
        if _closes(frames, part, member):
            last = part
            continue
        body = _body(frames)
        if body.current is None:
            body.current = Statement()
            (body.owner or root).body.append(body.current)
            last = None
        statement = body.current
        if part.kind == "word" and part.text == "do" and not member:
            if body.pending in LOOPS:
                body.pending = ""
            frames.append(_Frame("end", statement))
            bars = 2 if _takes_arguments(parts, number) else 0
            last = None
            continue
        if part.kind == "word" and part.text == "then" and body.pending:
            body.pending = ""
            frames.append(_Frame("end", statement))
            last = None
            continue
        if part.text == "{" and part.kind == "mark" and _is_block(last):
            frames.append(_Frame("}", statement))
            bars = 2 if _takes_arguments(parts, number) else 0
            last = None
            continue
        if part.kind == "word" and part.text in lambdas and not member:
            frames.append(_Frame("end", statement))
            last = None
            continue
        begins = part.kind == "word" and part.text in opens and not member
        if begins and (not statement.parts or _is_value(last, part)):
            if frames[-1] is body:
                body.pending = part.text
            else:
                statement.parts.append(part)
                frames.append(_Frame("end", statement))
                last = None
                continue
        if body.pending == "def" and part.text == "=" and frames[-1] is body and last is not None:
            apart = last.end < part.start or last.text == ")"
            body.pending = "" if apart else body.pending  # a method in one line
        statement.parts.append(part)
        fits = any(each.owner is not None for each in frames[-MOST_BRACKETS:])
        if part.kind == "mark" and part.text in PAIRS and fits:
            frames.append(_Frame(PAIRS[part.text]))
        last = part
    return root.body


def _body(frames: Sequence[_Frame]) -> _Frame:
    return next(each for each in reversed(frames) if each.owner is not None)


def _finish(frames: list[_Frame]) -> None:
    """The end of a line: a statement is complete, or its body begins."""
    while frames[-1].owner is None:
        frames.pop()
    body = frames[-1]
    if body.pending and body.current is not None:
        body.pending = ""
        frames.append(_Frame("end", body.current))
    else:
        body.current = None


def _is_value(last: Part | None, part: Part) -> bool:
    """Does a body that begins here give a value: `name = if ...`, `name: begin`?"""
    if last is None or (last.text == "return" and part.text in MODIFIERS):
        return False  # `return if found` has no body
    return last.kind == "label" or last.text in BEFORE_VALUES


def _closes(frames: list[_Frame], part: Part, member: bool) -> bool:
    """Does the part end a body? A bracket's end is left to the statement."""
    if part.kind == "word" and part.text == "end" and not member:
        closer = "end"
        body = _body(frames)
        if body.pending:  # `def x; end` and the like
            body.pending = ""
            return True
    elif part.kind == "mark" and part.text in (")", "]", "}"):
        closer = part.text
    else:
        return False
    for depth in range(len(frames) - 1, 0, -1):
        frame = frames[depth]
        if frame.closer == closer:
            del frames[depth:]
            return frame.owner is not None
        if frame.owner is not None and closer not in ("end", "}"):
            break
        if frame.closer == "end" and closer != "end":
            break
    return closer == "end"


def _goes_on(last: Part | None, part: Part) -> bool:
    if last is not None and last.kind == "mark" and last.text in GOES_ON:
        return True
    return part.kind == "mark" and part.text in (".", "&.", "&&", "||")


def _is_block(last: Part | None) -> bool:
    if last is None:
        return False
    if last.kind == "word":
        return last.text not in ("return", "and", "or", "not", "in", "when")
    return last.text in (")", "->")


def _takes_arguments(parts: Sequence[Part], number: int) -> bool:
    """Does a block begin with names between bars? The first bar is skipped with them."""
    if number + 1 < len(parts) and parts[number + 1].text == "|":
        following = next(
            (each for each in parts[number + 2 : number + 40] if each.text == "|"), None
        )
        return following is not None
    return False
