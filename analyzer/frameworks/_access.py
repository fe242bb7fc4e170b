"""Who may see an address: rules in order, of which the first that fits an address counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from analyzer.model import Fact

PUBLIC = "public"
EVERYTHING = "/**"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(Fact):
    """A rule: addresses in Ant's notation, and what is asked of those who want to see them.

    An empty `asks` tells that the rule says nothing we understand, but that it fits first.
    """

    patterns: tuple[str, ...]
    asks: str


def asked(
    routes: Sequence[str], rules: Iterable[Access]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is asked at these addresses, and by which words it is public where nothing is.

    Addresses that are treated differently leave it open.
    """
    rules = list(rules)
    said = {_first(route, rules) for route in routes}
    if len(said) != 1:
        return (), ()
    rule = said.pop()
    if rule is None or not rule.asks:
        return (), ()
    if rule.asks.startswith(PUBLIC):
        return (), (rule.asks.removeprefix(PUBLIC).strip() or PUBLIC,)
    return (rule.asks,), ()


def _first(route: str, rules: Sequence[Access]) -> Access | None:
    return next(
        (rule for rule in rules if any(fits(pattern, route) for pattern in rule.patterns)), None
    )


def fits(pattern: str, route: str) -> bool:
    """Does an Ant pattern cover an address, of which some segments may vary?"""
    return _shape(pattern).fullmatch(route.replace("**", "x").replace("*", "x")) is not None


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    """`/admin/**` covers /admin too, `*` no slash."""
    pattern = re.sub(r"\{[^}]*\}", "*", pattern)
    written = "".join(
        {"**": ".*", "*": "[^/]*", "?": "[^/]"}.get(piece, re.escape(piece))
        for piece in re.split(r"(\*\*|\*|\?)", pattern)
    )
    written = re.sub(r"/\.\*$", "(?:/.*)?", written)
    return re.compile(written + "/?")
