"""Conditions in three values: yes, no and maybe, where unknown things keep their names.

A named unknown is one question with one answer, so that `x and not x` is still no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product

from analyzer.model import And, Atom, Condition, Not, Or, Verdict

MOST_UNKNOWNS = 12  # a truth table of 4,096 rows; beyond it the answer is maybe

CONSENT_WORDS = re.compile(r"consent|cookie|gdpr|opt[_\s-]?in|onetrust|cookiebot", re.I)
SIGNED_IN_WORDS = re.compile(
    r"is_authenticated|current_user|signed_in|logged_in|loggedin|user_signed_in|isauthenticated"
    r"|is_user_logged_in|isloggedin", re.I)
ENVIRONMENT_WORDS = re.compile(r"\bproduction\b|\bdebug\b|\bstaging\b|\bdevelopment\b|_env\b|\benv\b", re.I)


def verdict(condition: Condition, answer: Callable[[Atom], Verdict]) -> Verdict:
    """Does the condition hold, when `answer` says what is known of each atom?"""
    known = {atom: answer(atom) for atom in atoms(condition)}
    unknown = [atom for atom, said in known.items() if said is Verdict.MAYBE]
    if len(unknown) > MOST_UNKNOWNS:
        return Verdict.MAYBE
    facts = {atom: said is Verdict.YES for atom, said in known.items()}
    outcomes = set()
    for row in product((True, False), repeat=len(unknown)):
        if _contradicts(unknown, row):
            continue
        outcomes.add(_holds(condition, {**facts, **dict(zip(unknown, row, strict=True))}))
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
    text = text.strip().removesuffix(":").strip()
    for opposite in ("not ", "!"):
        if text.startswith(opposite) and not re.search(r"\band\b|\bor\b|&&|\|\|", text):
            return negation(read_condition(text.removeprefix(opposite)))
    for about, words in (("consent", CONSENT_WORDS), ("signed-in", SIGNED_IN_WORDS),
                         ("environment", ENVIRONMENT_WORDS)):
        if words.search(text):
            return Atom(about, text)
    return Atom("unknown", text)


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
            pattern = javascript_pattern(atom.value, atom.test == "matches-anycase")
            return None if pattern is None else pattern.search(value) is not None
        case "true":
            return bool(value)
    return None


def javascript_pattern(text: str, any_case: bool = False) -> re.Pattern[str] | None:
    """A JavaScript regular expression in Python's words, or None where the two would disagree.

    The pattern comes from a container or a script, so it may be hostile: long ones and those in which
    a repeated group is repeated again are not tried.
    """
    if len(text) > 500 or re.search(r"\(\?[^:=!<]|\(\?<[^=!]|[+*?}]\+|\\[pPkuc]", text):
        return None
    if re.search(r"[+*}]\)*[+*{]|\([^()]*[+*][^()]*\)[+*{]", text):
        return None
    try:
        return re.compile(text.replace(r"\/", "/"), re.ASCII | (re.I if any_case else 0))
    except (re.error, OverflowError, RecursionError):
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


def _contradicts(unknown: list[Atom], row: tuple[bool, ...]) -> bool:
    """Would one thing have to equal two different texts?"""
    said: dict[tuple[str, str], str] = {}
    for atom, true in zip(unknown, row, strict=True):
        if true and atom.test == "equals":
            if said.setdefault((atom.about, atom.name), atom.value) != atom.value:
                return True
    return False
