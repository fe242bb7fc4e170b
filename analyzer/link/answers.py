"""What a page's addresses tell about a condition, and what they leave open."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from analyzer.conditions import matches
from analyzer.model import Atom, Verdict

QUERY_WORDS = re.compile(r"[=&]|\\?\?")
VARYING = re.compile(r"\*+")


def answer_for(routes: Sequence[str]) -> Callable[[Atom], Verdict]:
    """The answers for a page at these addresses; with none of them nothing is known.

    In an address `*` stands for one segment that varies, `**` for any number of them. What holds
    at one address and not at another is open.
    """

    def answer(atom: Atom) -> Verdict:
        if not routes or atom.about not in ("path", "url"):
            return Verdict.MAYBE
        said = {_of_address(atom, route) for route in routes}
        return said.pop() if len(said) == 1 else Verdict.MAYBE

    return answer


@cache
def _of_address(atom: Atom, route: str) -> Verdict:
    if not route:
        return Verdict.MAYBE
    if atom.about == "url":
        return _of_url(atom, route)
    if "*" in route:
        return _of_pattern(atom, route)
    said = matches(atom, route)
    return Verdict.MAYBE if said is None else Verdict.YES if said else Verdict.NO


def _of_url(atom: Atom, route: str) -> Verdict:
    """A condition on the whole address: the host and the query are not known, the path is."""
    if atom.test != "contains":
        return Verdict.MAYBE
    if any(atom.value in part for part in VARYING.split(route)):
        return Verdict.YES
    if atom.value.startswith("/") and not QUERY_WORDS.search(atom.value) and "*" not in route:
        return Verdict.NO
    return Verdict.MAYBE


def _of_pattern(atom: Atom, route: str) -> Verdict:
    """A condition on a path of which some segments vary."""
    first, *_, last = VARYING.split(route)
    value = atom.value
    match atom.test:
        case "starts-with":
            if first.startswith(value):
                return Verdict.YES
            return Verdict.MAYBE if value.startswith(first) else Verdict.NO
        case "ends-with":
            if last.endswith(value):
                return Verdict.YES
            return Verdict.MAYBE if value.endswith(last) else Verdict.NO
        case "contains":
            sure = any(value in part for part in VARYING.split(route))
            return Verdict.YES if sure else Verdict.MAYBE
        case "equals":
            return Verdict.MAYBE if _shape(route).fullmatch(value) else Verdict.NO
    return Verdict.MAYBE


@cache
def _shape(route: str) -> re.Pattern[str]:
    """The addresses that a pattern stands for."""
    pieces = re.split(r"(\*+)", route)
    written = (
        "[^/]+" if piece == "*" else ".*" if "*" in piece else re.escape(piece) for piece in pieces
    )
    return re.compile("".join(written))
