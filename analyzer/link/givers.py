"""What functions of other files give back, put into the facts of the file that calls them.

The first reading of a file shows such a call as a hole with its words. The second one, which
follows functions across files, says at the same place which call that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.link.filled import CALLED, values_of, with_values
from analyzer.link.meanings import Meanings, plain
from analyzer.model import (
    Call,
    Fact,
    Hole,
    Include,
    OriginKind,
    Parsed,
    Request,
    Value,
    holes,
)

CALL = re.compile(r"(?:await )?(?P<root>[A-Za-z_$][\w$]*)[\w$.]*\(")
WAITING = frozenset({OriginKind.UNKNOWN, OriginKind.IMPORT})
Spot = tuple[str, str, int, int]  # the sort of a fact, what it calls, and where it stands


def asks_others(parsed: Parsed) -> bool:
    """Does a fact of the file hold what a function gives that it imports?"""
    roots = {root for fact in parsed.facts for root in _roots(fact)}
    return bool(roots) and any(
        fact.place.text in roots
        for fact in parsed.facts
        if isinstance(fact, Include) and fact.how == "imports"
    )


class Givers:
    """Knows the calls in facts whose values other files tell."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings = meanings
        self._traced: dict[str, dict[Spot, list[Hole]]] = {}

    def ask(self) -> None:
        """Note which files would tell what is not known yet."""
        for path in self.meanings.offers:
            for calls in self._calls(path).values():
                for hole in calls:
                    self.meanings.known(hole, path, ask=True)

    def filled(self, fact: Fact) -> Fact:
        """The fact with what the calls in it give, as far as that is known."""
        path = fact.place.path
        if path not in self.meanings.offers:
            return fact
        calls = {each.text: each for each in self._calls(path).get(_spot(fact), ())}
        if not calls:
            return fact

        def named(hole: Hole) -> Value:
            return calls.get(hole.text, hole) if hole.origin.kind in WAITING else hole

        def told(hole: Hole) -> Value:
            if not CALLED.match(hole.origin.name):
                return hole
            return plain(self.meanings.known(hole, path, ask=False))

        known = with_values(fact, named) or fact
        return with_values(known, told) or known

    def _calls(self, path: str) -> dict[Spot, list[Hole]]:
        """The calls of other files in the facts of one, by where those stand."""
        if path not in self._traced:
            known = self._traced[path] = {}
            for _, function in self.meanings.offers[path].functions:
                for fact in function.does:
                    if found := [*_calls_in(fact)]:
                        known.setdefault(_spot(fact), []).extend(found)
        return self._traced[path]


def _roots(fact: Fact) -> Iterator[str]:
    values = (fact.url,) if isinstance(fact, Request) else values_of(fact)
    for value in values:
        for hole in holes(value):
            found = CALL.match(hole.text) if hole.origin.kind in WAITING else None
            if found is not None:
                yield found["root"]


def _calls_in(fact: Fact) -> Iterator[Hole]:
    for value in values_of(fact):
        yield from (hole for hole in holes(value) if CALLED.match(hole.origin.name))


def _spot(fact: Fact) -> Spot:
    name = fact.callee if isinstance(fact, Call) else ""
    return type(fact).__name__, name, fact.place.region.line, fact.place.region.column
