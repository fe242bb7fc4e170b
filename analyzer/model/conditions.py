"""Conditions as and, or and not over named questions, and the moments of a page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Verdict(StrEnum):
    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class Moment(StrEnum):
    """When something happens on a page that has it."""

    LOAD = "load"
    INTERACTION = "interaction"
    EVENT = "event"
    TIMER = "timer"
    HISTORY = "history"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Atom:
    """One question about a page or a moment, such as path starts-with /portal.

    `about` is one of path, url, host, query, referrer, event, event-data, client, consent,
    signed-in, data-layer, cookie, storage, element, environment, noscript, variable, unknown.
    `name` says which one (the data-layer key, the kind of consent). `test` is equals, contains,
    starts-with, ends-with, matches, matches-anycase, greater, greater-or-equals, less,
    less-or-equals, selects, same-url, or true. Two equal atoms are one question with one answer.
    """

    about: str
    name: str = ""
    test: str = "true"
    value: str = ""

    def __str__(self) -> str:
        subject = self.about.replace("-", " ") + (f" {self.name}" if self.name else "")
        if self.about == "unknown":
            return self.name
        return (
            subject
            if self.test == "true"
            else f"{subject} {self.test.replace('-', ' ')} {self.value!r}"
        )


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def __str__(self) -> str:
        return f"not ({self.part})"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        return (
            " and ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)
            or "always"
        )


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        return (
            " or ".join(
                f"({part})" if isinstance(part, And) and len(part.parts) > 1 else str(part)
                for part in self.parts
            )
            or "never"
        )


Condition: TypeAlias = "Atom | Not | And | Or"
ALWAYS: Condition = And()
NEVER: Condition = Or()


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that stands around a fact, with the words that state it."""

    condition: Condition
    text: str
    kind: str = "if"  # if, unless, noscript, consent, listener, disabled
