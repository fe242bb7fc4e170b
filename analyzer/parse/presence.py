"""Whether a file asks first if the functions are there that it calls: somebody else brings them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analyzer.model import Call, Fact, Presence, Source

MOST_NAMES = 20  # functions of one file


def asked_for(source: Source, facts: Sequence[Fact]) -> Iterator[Fact]:
    """The global functions that a file calls and asks for: `typeof gtag`, `window.fbq &&`."""
    names: dict[str, None] = {}
    for fact in facts:
        if isinstance(fact, Call) and ":" not in fact.callee:
            names[fact.callee.removeprefix("new ").partition(".")[0]] = None
    for name in list(names)[:MOST_NAMES]:
        found = _asks(name).search(source.data)
        if found is not None:
            yield Presence(place=source.place(*found.span()), name=name)


def _asks(name: str) -> re.Pattern[bytes]:
    plain = re.escape(name.encode())
    held = rb"(?:(?:window|self|globalThis|w)\??\.)?" + plain + rb"(?![\w$(.])"
    return re.compile(
        rb"typeof\s*\(?\s*"
        + held
        + rb"|\bif\s*\(\s*!?\s*"
        + held
        + rb"\s*(?:\)|&&|\|\|)"
        + rb"|[\"']"
        + plain
        + rb"[\"']\s+in\s+(?:window|self)"
        + rb"|\b(?:window|self|globalThis)\??\."
        + plain
        + rb"\s*(?:&&|\?\.)"
    )
