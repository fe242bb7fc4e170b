"""Conditions in three values: yes, no and maybe, where unknown things keep their names.

A named unknown is one question with one answer, so that `x and not x` is still no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product

from analyzer.expressions import javascript_pattern
from analyzer.model import And, Atom, Condition, Not, Or, Verdict

OPPOSITES = re.compile(r"(?:not\s+|!\s*)+")
LONGEST = 2_000  # characters of a condition that are read
OPPOSITE = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES, Verdict.MAYBE: Verdict.MAYBE}
ADDRESS_TEST = re.compile(
    r"(?:window\.|document\.|self\.)?location\.(?P<part>pathname|href)"
    r"(?:\.(?P<method>startsWith|endsWith|includes)\(\s*['\"](?P<value>[^'\"]+)['\"]\s*\)"
    r"|\s*(?P<sign>[=!]==?)\s*['\"](?P<same>[^'\"]+)['\"])"
    r"|/(?P<pattern>(?:[^/\\\n]|\\.)+)/(?P<flags>[a-z]*)\.test\(\s*(?:window\.)?location\.(?P<tested>pathname|href)\s*\)"
)
MOST_UNKNOWNS = 12  # a truth table of 4,096 rows; beyond it the answer is maybe

CONSENT_WORDS = re.compile(r"consent|cookie|gdpr|opt[_\s-]?in|onetrust|cookiebot", re.I)
SIGNED_IN_WORDS = re.compile(
    r"is_authenticated|current_user|signed_in|logged_in|loggedin|user_signed_in|isauthenticated"
    r"|is_user_logged_in|isloggedin|\bauth(?:\([^()]*\)->|::)check\b",
    re.I,
)
ENVIRONMENT_WORDS = re.compile(
    r"\bproduction\b|\bdebug\b|\bstaging\b|\bdevelopment\b|_env\b|\benv\b", re.I
)


def verdict(condition: Condition, answer: Callable[[Atom], Verdict]) -> Verdict:
    """Does the condition hold, when `answer` says what is known of each atom?"""
    known = {atom: answer(atom) for atom in atoms(condition)}
    unknown = [atom for atom, said in known.items() if said is Verdict.MAYBE]
    if not unknown or len(unknown) > MOST_UNKNOWNS:
        return _part_by_part(condition, known)
    facts = {atom: said is Verdict.YES for atom, said in known.items()}
    outcomes = set()
    for row in product((True, False), repeat=len(unknown)):
        supposed = {**facts, **dict(zip(unknown, row, strict=True))}
        if _contradicts(supposed):
            continue
        outcomes.add(_holds(condition, supposed))
        if len(outcomes) == 2:
            return Verdict.MAYBE
    return Verdict.NO if outcomes == {False} else Verdict.YES


def undecided(condition: Condition, answer: Callable[[Atom], Verdict]) -> tuple[Atom, ...]:
    """The atoms that nothing is known about, in the order in which they are written."""
    return tuple(atom for atom in atoms(condition) if answer(atom) is Verdict.MAYBE)


def atoms(condition: Condition) -> dict[Atom, None]:
    """Every atom of a condition, once."""
    return dict.fromkeys(_atoms(condition))


def all_of(*parts: Condition) -> Condition:
    """All parts hold; nested ands are made one."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(dict.fromkeys(flat)))


def any_of(*parts: Condition) -> Condition:
    """One of the parts holds; nested ors are made one."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(dict.fromkeys(flat)))


def negation(condition: Condition) -> Condition:
    """The opposite, without a double not."""
    return condition.part if isinstance(condition, Not) else Not(condition)


def read_condition(text: str) -> Condition:
    """A template's or a script's condition as a named atom: what it is about, by its words."""
    text = text[:LONGEST].strip().removesuffix(":").strip()
    signs = OPPOSITES.match(text)
    if signs and not re.search(r"\band\b|\bor\b|&&|\|\|", text):
        condition = read_condition(text[signs.end() :])
        return negation(condition) if len(re.findall("not|!", signs[0])) % 2 else condition
    if (on_path := _of_address(text)) is not None:
        return on_path
    for about, words in (
        ("consent", CONSENT_WORDS),
        ("signed-in", SIGNED_IN_WORDS),
        ("environment", ENVIRONMENT_WORDS),
    ):
        if words.search(text):
            return Atom(about, text)
    return Atom("unknown", text)


def _of_address(text: str) -> Condition | None:
    """A script's question about the page's own address, such as
    `location.pathname.startsWith('/portal')`.
    """
    asked = ADDRESS_TEST.fullmatch(text)
    if asked is None:
        return None
    about = "path" if (asked["part"] or asked["tested"]) == "pathname" else "url"
    if asked["pattern"] is not None:
        return Atom(
            about, "", "matches-anycase" if "i" in asked["flags"] else "matches", asked["pattern"]
        )
    if asked["sign"]:
        equal = Atom(about, "", "equals", asked["same"])
        return equal if asked["sign"].startswith("=") else Not(equal)
    test = {"startsWith": "starts-with", "endsWith": "ends-with"}.get(asked["method"], "contains")
    return Atom(about, "", test, asked["value"])


def opposite_words(text: str) -> str:
    """A guard's words turned round: `if x` is `unless x`, and back."""
    for word, other in (("if ", "unless "), ("unless ", "if ")):
        if text.startswith(word):
            return other + text.removeprefix(word)
    return f"not ({text})"


def guard_kind(condition: Condition) -> str:
    """The kind of guard that a condition makes: consent where it asks whether the visitor
    agreed.
    """
    return "consent" if isinstance(condition, Atom) and condition.about == "consent" else "if"


def matches(atom: Atom, value: str) -> bool | None:
    """Does a known text pass the atom's test? None where the test cannot be decided here."""
    match atom.test:
        case "equals":
            return value == atom.value
        case "contains":
            return atom.value in value
        case "starts-with":
            return value.startswith(atom.value)
        case "ends-with":
            return value.endswith(atom.value)
        case "matches" | "matches-anycase":
            pattern = javascript_pattern(atom.value, atom.test == "matches-anycase", len(value))
            return None if pattern is None else pattern.search(value) is not None
        case "true":
            return bool(value)
    return None


def _atoms(condition: Condition) -> Iterator[Atom]:
    match condition:
        case Atom():
            yield condition
        case Not(part=part):
            yield from _atoms(part)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _atoms(part)


def _holds(condition: Condition, facts: dict[Atom, bool]) -> bool:
    match condition:
        case Atom():
            return facts[condition]
        case Not(part=part):
            return not _holds(part, facts)
        case And(parts=parts):
            return all(_holds(part, facts) for part in parts)
        case Or(parts=parts):
            return any(_holds(part, facts) for part in parts)


def _part_by_part(condition: Condition, known: Mapping[Atom, Verdict]) -> Verdict:
    """The answer of each part for itself: sure where it is yes or no, blind to what parts have in
    common.
    """
    match condition:
        case Atom():
            return known[condition]
        case Not(part=part):
            return OPPOSITE[_part_by_part(part, known)]
        case And(parts=parts):
            said = {_part_by_part(part, known) for part in parts}
            return next((each for each in (Verdict.NO, Verdict.MAYBE) if each in said), Verdict.YES)
        case Or(parts=parts):
            said = {_part_by_part(part, known) for part in parts}
            return next((each for each in (Verdict.YES, Verdict.MAYBE) if each in said), Verdict.NO)


def _contradicts(supposed: Mapping[Atom, bool]) -> bool:
    """Would one thing have to equal two different texts?"""
    said: dict[tuple[str, str], str] = {}
    for atom, true in supposed.items():
        if not true or atom.test != "equals":
            continue
        if said.setdefault((atom.about, atom.name), atom.value) != atom.value:
            return True
    return False
