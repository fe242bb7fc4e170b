"""What template tags say: which files belong together, which blocks and conditions there are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeAlias, TypeVar

from analyzer.conditions import guard_kind, negation, opposite_words, read_condition
from analyzer.engines import Engine
from analyzer.model import (
    CHILDREN,
    FILL,
    FRAGMENT,
    PLACE,
    Atom,
    Block,
    Fact,
    Guard,
    Include,
    Outside,
    ScriptLoad,
    Source,
    Value,
    shown,
)
from analyzer.parse.fragments import calls_of
from analyzer.parse.mask import Masked, TemplateTag, compiled
from analyzer.parse.targets import QUOTED, targets_of

SCRIPT = re.compile(r"^(?:https?:)?//|\.m?js$")
MOST_AROUND = (
    24  # guards or blocks around one place; more of them are undecidable, one more changes nothing
)
LONGEST = 300  # characters of a condition that a guard states
AnyFact = TypeVar("AnyFact", bound=Fact)
Thing = TypeVar("Thing")


@dataclass(slots=True)
class Structure:
    """The stretches of a template: where each guard and each named block holds.

    `embedded` holds, for the start of a tag that embeds a file, the blocks that are replaced in it,
    `whole` the blocks that the whole file is.
    """

    guards: list[tuple[int, int, Guard]] = field(default_factory=list)
    blocks: list[tuple[int, int, str]] = field(default_factory=list)
    keeps_parent: set[str] = field(default_factory=set)
    embedded: dict[int, tuple[str, ...]] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    _standing: tuple[_Standing[Guard], _Standing[str]] | None = None

    def around(self, fact: AnyFact, offset: int) -> AnyFact:
        """The fact with the guards and blocks that stand around this offset, outermost first."""
        if not self.guards and not self.blocks:
            return replace(fact, blocks=self.whole + fact.blocks) if self.whole else fact
        if self._standing is None:
            self._standing = _Standing(self.guards), _Standing(self.blocks)
        guards, blocks = self._standing[0].around(offset), self._standing[1].around(offset)
        blocks = self.whole + blocks
        return (
            replace(fact, guards=guards + fact.guards, blocks=blocks + fact.blocks)
            if guards or blocks
            else fact
        )


class _Standing(Generic[Thing]):
    """What stands around each offset, outermost first; the spans lie inside each other or apart.

    Asking every span for every fact would cost the square of a page of conditions.
    """

    def __init__(self, spans: Sequence[tuple[int, int, Thing]]) -> None:
        self.edges, self.things = [0], list[tuple[Thing, ...]]([()])
        around: list[
            tuple[int, tuple[Thing, ...]]
        ] = []  # where what encloses ends, and what stands there
        for start, end, thing in spans:
            self._leave(around, start)
            outer = around[-1][1] if around else ()
            inner = (*outer, thing) if len(outer) < MOST_AROUND else outer
            around.append((end, inner))
            self._note(start, inner)
        self._leave(around, None)

    def around(self, offset: int) -> tuple[Thing, ...]:
        return self.things[bisect_right(self.edges, offset) - 1]

    def _leave(self, around: list[tuple[int, tuple[Thing, ...]]], start: int | None) -> None:
        while around and (start is None or around[-1][0] <= start):
            end, _ = around.pop()
            self._note(end, around[-1][1] if around else ())

    def _note(self, offset: int, things: tuple[Thing, ...]) -> None:
        self.edges.append(offset)
        self.things.append(things)


@dataclass(slots=True)
class _Open:
    kind: str  # if, block, embed, embedded (a block inside of an embed), other
    word: str
    start: int
    name: str = ""
    guard: Guard | None = None
    missed: tuple[Guard, ...] = ()  # the opposites of the branches before this one
    replaced: dict[str, bool] = field(default_factory=dict)  # blocks of an embedded file


Close: TypeAlias = Callable[[_Open, int], None]


def structure_of(masked: Masked, engine: Engine) -> Structure:
    """The guards and blocks of a template; what is not closed holds to the end of the file."""
    found = Structure()
    stack: list[_Open] = []
    blocks: list[_Open] = []  # those that are open
    embeds: list[tuple[_Open, int]] = []  # likewise, with the starts of their tags
    words: Counter[str] = Counter()  # how many of each are open

    def close(opened: _Open, end: int) -> None:
        if opened.kind == "block":
            found.blocks.append((opened.start, end, opened.name))
        for guard in (*opened.missed, *filter(None, (opened.guard,))):
            found.guards.append((opened.start, end, guard))

    for tag in masked.tags:
        if tag.kind == "comment":
            continue
        text = tag.text.removeprefix("=").strip()
        if engine.keeps_parent and blocks and compiled(engine.keeps_parent).search(text):
            if blocks[-1].kind == "embedded":
                embeds[-1][0].replaced[blocks[-1].name] = False
            else:
                found.keeps_parent.add(blocks[-1].name)
        if tag.kind == "output" and not engine.opens_block:
            continue
        if opened := _opened(engine, text, tag):
            if embeds and opened.kind in ("block", "inline"):
                embeds[-1][0].replaced[opened.name] = True
                opened.kind = "embedded" if opened.kind == "block" else "inline"
            elif opened.kind == "inline":
                found.blocks.append((opened.start, opened.start, opened.name))
            if opened.kind == "inline":
                continue
            stack.append(opened)
            words[opened.word] += 1
            if opened.kind in ("block", "embedded"):
                blocks.append(opened)
            elif opened.kind == "embed":
                embeds.append((opened, tag.start))
        elif engine.otherwise and stack and (turn := compiled(engine.otherwise).match(text)):
            _turn(stack, tag, turn, close)
        elif engine.closes and (end := compiled(engine.closes).match(text)):
            word = end.groupdict().get("word") or ""
            for closed in _closed(stack, word) if not word or words[word] else ():
                words[closed.word] -= 1
                if closed.kind in ("block", "embedded"):
                    blocks.pop()
                elif closed.kind == "embed":
                    _, start = embeds.pop()
                    found.embedded[start] = tuple(
                        name for name, replaces in closed.replaced.items() if replaces
                    )
                close(closed, tag.start)
    for opened in stack:
        close(opened, len(masked.data))
    found.guards.sort(key=lambda each: (each[0], -each[1]))
    found.blocks.sort(key=lambda each: (each[0], -each[1]))
    return found


def facts_of(
    source: Source,
    masked: Masked,
    engine: Engine,
    structure: Structure,
    comments: Callable[[bytes], Iterable[tuple[int, int]]],
) -> Iterator[Fact]:
    """The includes, extends and blocks that the tags state; a comment's includes run nowhere."""
    hidden: list[tuple[int, int]] | None = None
    calls = calls_of(source, masked, engine, (name for *_, name in structure.blocks))
    for tag in masked.tags:
        if tag.kind == "comment":
            continue
        text = tag.text
        for how, pattern in (("extends", engine.extends), ("includes", engine.include)):
            said = compiled(pattern).match(text) if pattern else None
            if said:
                if hidden is None:
                    hidden = list(comments(masked.data))
                if how == "includes" and lies_in(hidden, tag.start):
                    break
                guards = _trailing(engine, text)
                targets = targets_of(said["target"], engine.bare_names)
                for target in targets:
                    fact = Include(
                        place=source.place(tag.start, tag.end),
                        how=how,
                        target=target,
                        engine=engine.name,
                        guards=(*guards, *_chosen(target, targets, said["target"])),
                        fragment=said.groupdict().get("fragment") or "",
                        without=structure.embedded.get(tag.start, ()),
                    )
                    yield structure.around(fact, tag.start)
                break
        if calls is not None:
            for called in calls.facts(tag):
                yield structure.around(called, tag.start)
        yield from _places(source, tag, engine, structure)
        if engine.loads and (said := compiled(engine.loads).match(text)):
            for written in QUOTED.finditer(said["scripts"]):
                url = written["text"] if SCRIPT.search(written["text"]) else f"{written['text']}.js"
                yield structure.around(
                    ScriptLoad(
                        place=source.place(tag.start, tag.end),
                        url=url,
                        guards=_trailing(engine, text),
                    ),
                    tag.start,
                )
    opening = {tag.end: tag for tag in masked.tags}
    for start, _, name in structure.blocks:
        tag = opening[start]
        yield Block(
            place=source.place(tag.start, tag.end),
            name=name,
            keeps_parent=name in structure.keeps_parent,
        )


def _places(
    source: Source, tag: TemplateTag, engine: Engine, structure: Structure
) -> Iterator[Fact]:
    """Where a tag shows what stands elsewhere: fills of a name, a fragment, something outside."""
    place = source.place(tag.start, tag.end)
    text = tag.text.removeprefix("=").strip()
    if engine.place and (said := compiled(engine.place).match(text)):
        name = PLACE + (said.groupdict().get("name") or CHILDREN)
        yield structure.around(Block(place=place, name=name), tag.start)
    if engine.calls and (said := compiled(engine.calls).match(text)):
        written = said.groupdict().get("target") or ""
        for target in targets_of(written, engine.bare_names) if written else ("",):
            call = Include(
                place=place,
                how="includes",
                target=target,
                engine=engine.name,
                fragment=said["name"],
            )
            yield structure.around(call, tag.start)
    for pattern, what in engine.outside:
        if compiled(pattern).match(text):
            fact = Outside(place=place, what=what, name=text[:LONGEST])
            yield structure.around(fact, tag.start)
            break


def lies_in(spans: Sequence[tuple[int, int]], offset: int) -> bool:
    """Is the offset in one of the spans, which stand in order?"""
    number = bisect_right(spans, offset, key=lambda each: each[0])
    return number > 0 and offset < spans[number - 1][1]


def _chosen(target: Value, targets: tuple[Value, ...], written: str) -> tuple[Guard, ...]:
    """The condition on one of several files, unless they are a list of which the first that exists
    counts.
    """
    if len(targets) < 2 or written.lstrip().startswith("["):
        return ()
    words = f"{shown(target)} is chosen"
    return (Guard(Atom("unknown", words), f"if {words}"),)


def _trailing(engine: Engine, text: str) -> tuple[Guard, ...]:
    """The condition that a language writes behind what it holds for, as Ruby does."""
    said = (
        re.search(r"\s(?P<word>if|unless)\s+(?P<condition>[^\"']+)$", text)
        if engine.trailing_conditions
        else None
    )
    if said is None:
        return ()
    condition = read_condition(said["condition"])
    return (
        Guard(
            negation(condition) if said["word"] == "unless" else condition,
            f"{said['word']} {said['condition'].strip()}",
        ),
    )


def _opened(engine: Engine, text: str, tag: TemplateTag) -> _Open | None:
    for kind, pattern in (
        ("if", engine.opens_if),
        ("unless", engine.opens_unless),
        ("block", engine.opens_block),
        (FILL, engine.opens_fill),
        (FRAGMENT, engine.opens_fragment),
        ("embed", engine.embeds),
        ("other", engine.opens_other),
    ):
        said = compiled(pattern).match(text) if pattern else None
        if said is None:
            continue
        groups = said.groupdict()
        word = groups.get("word") or ""
        if kind in ("block", FILL, FRAGMENT):
            before = "" if kind == "block" else kind
            ends_here = "inline" if groups.get("inline") else "block"
            return _Open(ends_here, word, tag.end, name=before + groups["name"])
        if kind in ("embed", "other"):
            return _Open(kind, word, tag.end)
        condition = read_condition(groups["condition"])
        if kind == "unless":
            condition = negation(condition)
        guard = Guard(
            condition, f"{kind} {groups['condition'].strip()[:LONGEST]}", guard_kind(condition)
        )
        return _Open("if", word, tag.end, guard=guard)
    return None


def _turn(stack: list[_Open], tag: TemplateTag, turn: re.Match[str], close: Close) -> None:
    opened = stack[-1]
    if opened.kind != "if" or opened.guard is None:
        return
    close(opened, tag.start)
    missed = Guard(negation(opened.guard.condition), opposite_words(opened.guard.text))
    condition = turn.groupdict().get("condition")
    asked = read_condition(condition) if condition else None
    guard = (
        Guard(asked, f"if {condition.strip()[:LONGEST]}", guard_kind(asked))
        if condition and asked
        else None
    )
    stack[-1] = _Open(
        "if", opened.word, tag.end, guard=guard, missed=(*opened.missed, missed)[:MOST_AROUND]
    )


def _closed(stack: list[_Open], word: str) -> list[_Open]:
    """What a closing tag closes, taken off the stack: the last one with its word, and all inside
    it.
    """
    closed: list[_Open] = []
    while stack and not (closed and word in ("", closed[-1].word)):
        closed.append(stack.pop())
    return closed
