"""Which pages surely have a snippet: a question for the product's own settings spares no page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import (
    Call,
    Fact,
    Firing,
    Pixel,
    ScriptLoad,
    Site,
    Snippet,
    Value,
    Verdict,
    holes,
)

TEXT = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`""")
CALLED = re.compile(r"[\w.:>$-]*\w(?=\()")  # the name of a function that is asked
PUT_IN = re.compile(r"\$\{([^{}]*)\}")
NAME = re.compile(r"[@$]?[A-Za-z_]\w*(?:(?:\?\.|->|::|\.)[\w$]+)*")
SPOKEN = frozenset(  # words of the languages, not of the site
    {"if", "and", "or", "is", "in", "not", "true", "false", "null", "none", "nil", "undefined"}
)
ASKED = frozenset({"env", "getenv", "config", "isset", "empty", "substr", "defined", "boolean"})
ENVIRONMENT = re.compile(
    r"(?:^|[._])(?:env|environment|environments|app_env|node_env|production|prod)(?:[._]|$)"
    r"|^(?:is)?_?prod(?:uction)?$",
    re.I,
)
SETTING = re.compile(r"(?:id|code|key|url|token|tag|number|uid)$", re.I)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+\d?")
SHORT = {"ga": "google", "ga4": "google", "measurement": "google", "fb": "meta", "facebook": "meta"}
COMMON = frozenset({"web", "the", "and", "tag", "cloud", "for", "user", "app", "page", "patient"})


def surely(site: Site, snippet: Snippet) -> Iterator[Firing]:
    """The firings on known pages that nothing, or nothing but a setting of the product, decides."""
    for each in snippet.fires:
        if each.page in site.pages and is_sure(site, snippet, each):
            yield each


def is_sure(site: Site, snippet: Snippet, firing: Firing) -> bool:
    """Does the page have the snippet, wherever the product is switched on at all?

    Whether an id is set is the same question on every page, the sensitive ones among them.
    """
    if firing.verdict is not Verdict.MAYBE:
        return firing.verdict is Verdict.YES
    own = _own_names(snippet)
    words = _words_of(site.vendors[snippet.vendor].name)
    return bool(firing.conditions) and all(
        _asks_for_a_setting(each, own, words) for each in firing.conditions
    )


def _asks_for_a_setting(condition: str, own: frozenset[str], words: frozenset[str]) -> bool:
    if not condition.startswith("if "):
        return False
    bare = TEXT.sub(" ", condition)
    if any(each.lower().lstrip("$") not in ASKED for each in CALLED.findall(bare)):
        return False
    bare = CALLED.sub(" ", bare)
    names = [each for each in NAME.findall(bare) if each.lower() not in SPOKEN]
    asked_of_environment = re.search(r"\b(?:get)?env\(", condition) is not None
    return bool(names or asked_of_environment) and all(
        _name(each) in own or ENVIRONMENT.search(each) or _is_setting(each, words) for each in names
    )


def _is_setting(name: str, words: frozenset[str]) -> bool:
    """Is it named after the product, and for what one enters to switch it on?"""
    last = re.split(r"\?\.|->|::|\.", name)[-1]
    parts = [each.lower() for each in WORD.findall(last.replace("_", " "))]
    spoken = {SHORT.get(each, each) for each in parts}
    return SETTING.search(last) is not None and bool(spoken & words)


def _own_names(snippet: Snippet) -> frozenset[str]:
    """What the product is set up with, as the code writes it."""
    open_names = {
        hole.text.strip()
        for tracker in snippet.trackers
        for value in _values(tracker.detection.fact)
        for hole in holes(value)
    }
    settled = {
        name
        for tracker in snippet.trackers
        if tracker.detection.ids
        for written in _named_in(tracker.place.text)
        if written not in open_names
        for name in (written, written.rpartition(".")[2])  # `const { pixel } = clinic.analytics`
    }
    return frozenset(_name(each) for each in open_names | settled if NAME.fullmatch(each))


def _named_in(code: str) -> Iterator[str]:
    """The names that a call is written with, whose values may stand in another file."""
    for each in PUT_IN.findall(code):
        if NAME.fullmatch(each.strip()):
            yield each.strip()
    arguments = TEXT.sub(" ", code.partition("(")[2])
    yield from NAME.findall(CALLED.sub(" ", arguments))


def _values(fact: Fact) -> Iterator[Value]:
    match fact:
        case Call(args=args):
            yield from args
        case ScriptLoad(url=url) | Pixel(url=url):
            yield url


def _name(text: str) -> str:
    return text.strip().lstrip("@$")


def _words_of(name: str) -> frozenset[str]:
    return frozenset(each.lower() for each in WORD.findall(name) if len(each) > 2) - COMMON
