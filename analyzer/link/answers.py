"""What a page's addresses tell about a condition, and what they leave open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from urllib.parse import parse_qs, urlsplit

from analyzer.conditions import OPPOSITE, matches
from analyzer.model import Atom, Verdict

QUERY_WORDS = re.compile(r"[=&]|\\?\?")
VARYING = re.compile(r"\*+")
OR = re.compile(r"\|\||\bor\b")
AND = re.compile(r"&&|\band\b")
NOT = re.compile(r"!\s*|not\s+")
# What a segment that varies may be: a pattern that takes all of these takes whatever comes, since
# none of them has anything in common with another.
SAMPLES = ("0", "zq", "\ue000-\ue001")
LOOKS_AROUND = re.compile(r"\(\?(?:!|<)")
OF_ADDRESSES = ("path", "url", "host", "query")
DEEPEST = 8  # brackets and signs in a condition that is read by its words


def answer_for(
    routes: Sequence[str], known: Mapping[str, bool] | None = None
) -> Callable[[Atom], Verdict]:
    """The answers for a page at these addresses; with none of them nothing is known of addresses.

    `known` are the conditions of templates that are settled on the page, by their words.

    In an address `*` stands for one segment that varies, `**` for any number of them. What holds
    at one address and not at another is open. An address may be whole, with its host and query.
    """

    def answer(atom: Atom) -> Verdict:
        if known and atom.test == "true" and atom.about not in ("path", "url"):
            return _of_words(atom.name, known)
        if not routes or atom.about not in OF_ADDRESSES:
            return Verdict.MAYBE
        said = {_of_address(atom, route) for route in routes}
        return said.pop() if len(said) == 1 else Verdict.MAYBE

    return answer


def _of_words(text: str, known: Mapping[str, bool], depth: int = 0) -> Verdict:
    """A condition by its words, of which some are known: `shown? && production?`."""
    text = text.strip()
    if text in known:
        return Verdict.YES if known[text] else Verdict.NO
    if depth > DEEPEST or not any(name in text for name in known):
        return Verdict.MAYBE
    for pattern, sure in ((OR, Verdict.YES), (AND, Verdict.NO)):
        parts = _split(text, pattern)
        if len(parts) > 1:
            said = {_of_words(part, known, depth + 1) for part in parts}
            return sure if sure in said else said.pop() if len(said) == 1 else Verdict.MAYBE
    if opposite := NOT.match(text):
        return OPPOSITE[_of_words(text[opposite.end() :], known, depth + 1)]
    if text.startswith("(") and text.endswith(")"):
        return _of_words(text[1:-1], known, depth + 1)
    return Verdict.MAYBE


def _split(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The parts between the signs that stand in no brackets."""
    parts, depth, at = [], 0, 0
    for found in re.finditer(rf"[(\[{{]|[)\]}}]|{pattern.pattern}", text):
        if found[0] in ("(", "[", "{"):
            depth += 1
        elif found[0] in (")", "]", "}"):
            depth -= 1
        elif depth == 0:
            parts.append(text[at : found.start()])
            at = found.end()
    return [*parts, text[at:]]


@cache
def _of_address(atom: Atom, route: str) -> Verdict:
    if not route:
        return Verdict.MAYBE
    if "://" in route:
        return _of_whole(atom, route)
    if atom.about in ("host", "query"):
        return Verdict.MAYBE
    if atom.about == "url":
        return _of_url(atom, route)
    if "*" in route:
        return _of_pattern(atom, route)
    said = matches(atom, route)
    return Verdict.MAYBE if said is None else Verdict.YES if said else Verdict.NO


def _of_whole(atom: Atom, address: str) -> Verdict:
    """A condition on an address that is known in full; a visitor may bring more of a query."""
    parts = urlsplit(address)
    asked = {"path": parts.path or "/", "host": parts.hostname or "", "url": address}
    if atom.about == "query":
        given = parse_qs(parts.query, keep_blank_values=True).get(atom.name)
        if given is None:
            return Verdict.MAYBE
        asked["query"] = given[0]
    said = matches(atom, asked[atom.about])
    if said is None or (atom.about == "url" and not said and QUERY_WORDS.search(atom.value)):
        return Verdict.MAYBE
    return Verdict.YES if said else Verdict.NO


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
        case "matches" | "matches-anycase" if not LOOKS_AROUND.search(value):
            every = all(matches(atom, VARYING.sub(sample, route)) for sample in SAMPLES)
            return Verdict.YES if every else Verdict.MAYBE
    return Verdict.MAYBE


@cache
def _shape(route: str) -> re.Pattern[str]:
    """The addresses that a pattern stands for."""
    pieces = re.split(r"(\*+)", route)
    written = (
        "[^/]+" if piece == "*" else ".*" if "*" in piece else re.escape(piece) for piece in pieces
    )
    return re.compile("".join(written))
