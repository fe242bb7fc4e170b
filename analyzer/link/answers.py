"""What a page's address tells about a condition, and what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Callable

from analyzer.conditions import matches
from analyzer.model import Atom, Verdict

QUERY_WORDS = re.compile(r"[=&]|\\?\?")


def answer_for(route: str) -> Callable[[Atom], Verdict]:
    """The answers for a page at this address; with an empty address nothing is known."""

    def answer(atom: Atom) -> Verdict:
        if not route or atom.about not in ("path", "url"):
            return Verdict.MAYBE
        if atom.about == "url":
            return _of_url(atom, route)
        said = matches(atom, route)
        return Verdict.MAYBE if said is None else Verdict.YES if said else Verdict.NO

    return answer


def _of_url(atom: Atom, route: str) -> Verdict:
    """A condition on the whole address: the host and the query are not known, the path is."""
    if atom.test == "contains" and atom.value in route:
        return Verdict.YES
    if (
        atom.test == "contains"
        and atom.value.startswith("/")
        and not QUERY_WORDS.search(atom.value)
    ):
        return Verdict.NO
    return Verdict.MAYBE
