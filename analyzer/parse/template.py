"""What template tags say: which files belong together, which blocks there are, and what stands under which condition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TypeAlias, TypeVar

from analyzer.conditions import negation, read_condition
from analyzer.engines import Engine
from analyzer.model import (
    Block,
    Fact,
    Guard,
    Hole,
    Include,
    Origin,
    OriginKind,
    Source,
    Text,
    Value,
)
from analyzer.parse.mask import Masked, TemplateTag

QUOTED = re.compile(r"""(["'])(?P<text>[^"']*)\1""")
AnyFact = TypeVar("AnyFact", bound=Fact)


@dataclass(slots=True)
class Structure:
    """The stretches of a template: where each guard and each named block holds."""

    guards: list[tuple[int, int, Guard]] = field(default_factory=list)
    blocks: list[tuple[int, int, str]] = field(default_factory=list)
    keeps_parent: set[str] = field(default_factory=set)

    def around(self, fact: AnyFact, offset: int) -> AnyFact:
        """The fact with the guards and blocks that stand around this offset, outermost first."""
        if not self.guards and not self.blocks:
            return fact
        guards = tuple(guard for start, end, guard in self.guards if start <= offset < end)
        blocks = tuple(name for start, end, name in self.blocks if start <= offset < end)
        return replace(fact, guards=guards + fact.guards, blocks=blocks + fact.blocks)


@dataclass(slots=True)
class _Open:
    kind: str  # if, block, other
    word: str
    start: int
    name: str = ""
    guard: Guard | None = None
    passed: list[Guard] = field(default_factory=list)


Close: TypeAlias = Callable[[_Open, int], None]


def structure_of(masked: Masked, engine: Engine) -> Structure:
    """The guards and blocks of a template; what is not closed holds to the end of the file."""
    found = Structure()
    stack: list[_Open] = []

    def close(opened: _Open, end: int) -> None:
        if opened.kind == "block":
            found.blocks.append((opened.start, end, opened.name))
        elif opened.guard is not None:
            found.guards.append((opened.start, end, opened.guard))

    for tag in masked.tags:
        if tag.kind == "comment":
            continue
        text = tag.text.removeprefix("=").strip()
        if engine.keeps_parent and re.search(engine.keeps_parent, text):
            found.keeps_parent.update(each.name for each in stack if each.kind == "block")
        if tag.kind == "output" and not engine.opens_block:
            continue
        if opened := _opened(engine, text, tag):
            stack.append(opened)
        elif engine.otherwise and stack and (turn := re.match(engine.otherwise, text)):
            _turn(stack, tag, turn, close)
        elif engine.closes and (end := re.match(engine.closes, text)):
            _close(stack, tag, end.groupdict().get("word") or "", close)
    for opened in stack:
        close(opened, len(masked.data))
    found.guards.sort(key=lambda each: (each[0], -each[1]))
    found.blocks.sort(key=lambda each: (each[0], -each[1]))
    return found


def facts_of(source: Source, masked: Masked, engine: Engine, structure: Structure) -> Iterator[Fact]:
    """The includes, extends and blocks that the tags state."""
    for tag in masked.tags:
        if tag.kind == "comment":
            continue
        text = tag.text
        for how, pattern in (("extends", engine.extends), ("includes", engine.include)):
            said = re.match(pattern, text) if pattern else None
            if said:
                guards = _trailing(engine, text)
                for target in _targets(said["target"]):
                    fact = Include(place=source.place(tag.start, tag.end), how=how, target=target,
                                   engine=engine.name, guards=guards)
                    yield structure.around(fact, tag.start)
                break
    opening = {tag.end: tag for tag in masked.tags}
    for start, _, name in structure.blocks:
        tag = opening[start]
        yield Block(place=source.place(tag.start, tag.end), name=name, keeps_parent=name in structure.keeps_parent)


def _trailing(engine: Engine, text: str) -> tuple[Guard, ...]:
    """The condition that a language writes behind what it holds for, as Ruby does."""
    said = re.search(r"\s(?P<word>if|unless)\s+(?P<condition>[^\"']+)$", text) if engine.trailing_conditions else None
    if said is None:
        return ()
    condition = read_condition(said["condition"])
    return (Guard(negation(condition) if said["word"] == "unless" else condition,
                  f"{said['word']} {said['condition'].strip()}"),)


def _opened(engine: Engine, text: str, tag: TemplateTag) -> _Open | None:
    for kind, pattern in (("if", engine.opens_if), ("unless", engine.opens_unless),
                          ("block", engine.opens_block), ("other", engine.opens_other)):
        said = re.match(pattern, text) if pattern else None
        if said is None:
            continue
        groups = said.groupdict()
        word = groups.get("word") or ""
        if kind == "block":
            return _Open("block", word, tag.end, name=groups["name"])
        if kind == "other":
            return _Open("other", word, tag.end)
        condition = read_condition(groups["condition"])
        if kind == "unless":
            condition = negation(condition)
        guard = Guard(condition, f"{kind} {groups['condition'].strip()}")
        return _Open("if", word, tag.end, guard=guard)
    return None


def _turn(stack: list[_Open], tag: TemplateTag, turn: re.Match[str], close: Close) -> None:
    opened = stack[-1]
    if opened.kind != "if" or opened.guard is None:
        return
    close(opened, tag.start)
    before = opened.passed + [opened.guard]
    missed = Guard(negation(before[-1].condition), f"not ({before[-1].text})")
    condition = turn.groupdict().get("condition")
    if condition:
        guard = Guard(read_condition(condition), f"if {condition.strip()}")
    else:
        guard = missed
    stack[-1] = _Open("if", opened.word, tag.end, guard=guard, passed=before)


def _close(stack: list[_Open], tag: TemplateTag, word: str, close: Close) -> None:
    if not word:
        if stack:
            close(stack.pop(), tag.start)
        return
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].word == word:
            for opened in stack[depth:]:
                close(opened, tag.start)
            del stack[depth:]
            return


def _interpolated(text: str) -> Value:
    """A name with `#{...}` or `${...}` in it as text with holes."""
    parts = [Hole(part[2:-1], Origin(OriginKind.TEMPLATE, part[2:-1])) if part[:2] in ("#{", "${") else part
             for part in re.split(r"([#$]\{[^}]*\})", text) if part]
    if all(isinstance(part, str) for part in parts):
        return text
    return parts[0] if len(parts) == 1 else Text(tuple(parts))


@cache
def _targets(written: str) -> tuple[Value, ...]:
    """The files that an include names: a quoted name, a list of them, or an expression."""
    quoted = [found["text"] for found in QUOTED.finditer(written)]
    if quoted:
        return tuple(_interpolated(text) for text in quoted)
    text = written.strip().rstrip(")")
    return (Hole(text, Origin(OriginKind.TEMPLATE, text)),)
