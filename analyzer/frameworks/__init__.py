"""Conventions of frameworks: which file is a page, what wraps it unasked, and its address.

A module in this folder that holds a `FRAMEWORK` is a framework; nothing else has to know.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache

from analyzer.plugins import modules


@dataclass(frozen=True, slots=True)
class Framework:
    """What one framework takes for granted about its templates.

    `claims` tells whether a template is one of its own, `is_part` whether it is only a part of a
    page,
    `layouts` the files that wrap it unasked, the first that exists wins, and `route` the address
    of a page, empty where the file does not tell.
    """

    name: str
    claims: Callable[[str], bool]
    is_part: Callable[[str], bool]
    layouts: Callable[[str], tuple[str, ...]] = lambda _: ()
    route: Callable[[str], str] = lambda _: ""


@cache
def all_frameworks() -> tuple[Framework, ...]:
    """Every framework of the folder; the ones that claim everything come last."""
    found = [module.FRAMEWORK for module in modules("frameworks")]
    return tuple(sorted(found, key=lambda each: each.claims("")))


def framework_of(path: str) -> Framework:
    """The framework that a template belongs to."""
    return next(each for each in all_frameworks() if each.claims(path))


def first_that_exists(candidates: tuple[str, ...], paths: Collection[str]) -> str:
    """The first candidate among the files, or an empty text."""
    return next((each for each in candidates if each in paths), "")
