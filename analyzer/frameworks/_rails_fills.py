"""What the views of a Rails application give to the named places of their layouts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analyzer.engines import engine_of
from analyzer.frameworks import Project
from analyzer.model import FILL, PLACE, Block, Fact, Hole, Include, Source

TAG = re.compile(rb"\x01 ~?(if|unless|fill|other|end|else|elsif)\b ?([^\x02]*)\x02")
FILLING = re.compile(rb"content_for|provide")
NAMED = re.compile(rb"\b(?:content_for|provide)[ (]+:?[\"']?(\w+)")
MOST_FILES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Fills(Fact):
    """The places for which a file has text, whatever happens (`always`), or perhaps."""

    always: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


def fills_of(source: Source) -> Iterator[Fills]:
    """The fills of a view; in a program, the names that its helpers may fill."""
    if not FILLING.search(source.data):
        return
    place = source.place(0, 0)
    if source.path.endswith(".rb"):
        names = {each.decode() for each in NAMED.findall(source.data)}
        yield Fills(place=place, perhaps=tuple(sorted(names)))
        return
    engine = engine_of(source.path, source.data)
    if engine is None or engine.rewrite is None:
        return
    flat, _ = engine.rewrite(source.data)
    always: dict[str, None] = {}
    perhaps: dict[str, None] = {}
    around: list[bool] = []  # is it a condition or a loop?
    for found in TAG.finditer(flat):
        word = found[1]
        if word == b"fill":
            name = found[2].decode("utf-8", "replace").strip()
            (perhaps if any(around) else always)[name] = None
            around.append(False)
        elif word in (b"if", b"unless", b"other"):
            around.append(True)
        elif word == b"end" and around:
            around.pop()
    yield Fills(place=place, always=tuple(always), perhaps=tuple(perhaps))


class Filled:
    """Answers for a page whether a named place has text."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.fills = {fact.place.path: fact for fact in project.facts(Fills)}
        self.places = {
            block.name.removeprefix(PLACE)
            for block in project.facts(Block)
            if block.name.startswith((PLACE, FILL))
        }
        self.by_programs = {
            name
            for path, fact in self.fills.items()
            if path.endswith(".rb")
            for name in fact.perhaps
        }
        self._included: dict[str, tuple[tuple[str, ...], bool]] = {}

    def known(self, files: Iterable[str]) -> Iterator[tuple[str, bool]]:
        """What is certain for a page that is made of a view and its layouts."""
        files = list(files)
        always: set[str] = set()
        perhaps: set[str] = set()
        complete = True
        for path in files:
            fact = self.fills.get(path)
            always.update(fact.always if fact else ())
            parts, whole = self._closure(path)
            complete = complete and whole
            for part in parts:
                inner = self.fills.get(part)
                perhaps.update((*inner.always, *inner.perhaps) if inner else ())
        for name in sorted(self.places):
            if name in always:
                yield f"content_for?(:{name})", True
            elif complete and name not in perhaps and name not in self.by_programs:
                yield f"content_for?(:{name})", False

    def _closure(self, path: str) -> tuple[tuple[str, ...], bool]:
        """All files that one shows, and whether each of its includes was found."""
        found, todo, complete = {path: None}, [path], True
        while todo and len(found) < MOST_FILES:
            for part in self._includes(todo.pop()):
                if part == "":
                    complete = False
                elif part not in found:
                    found[part] = None
                    todo.append(part)
        return tuple(found), complete and not todo

    def _includes(self, path: str) -> tuple[str, ...]:
        if path not in self._included:
            found: list[str] = []
            for fact in self.project.facts_in(path, Include):
                if fact.how == "imports":
                    continue
                targets = self.project.templates(fact.target, fact.engine, path)
                unknown = isinstance(fact.target, Hole) or not targets
                found.extend(targets[:1] if not unknown else ("",))
            self._included[path] = (tuple(found), True)
        return self._included[path][0]
