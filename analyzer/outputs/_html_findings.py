"""The findings of the web page: rows for its script, and the first of each rule for the markup."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.model import Finding, Rule, State, Step, Suppression
from analyzer.outputs import _words
from analyzer.outputs._accepted import WORDS
from analyzer.outputs._chosen import told, urgent_first
from analyzer.outputs._html_gathered import Gathered
from analyzer.outputs._html_tables import Tables

FIRST = 6  # findings of a rule that stand in the markup, for those without the script
RULES_FIRST = 60
STEPS = 40
RELATED = 20
PAGES = 12
SENTENCE = 1_000

NUMBERED = frozenset({"vendor", "pages", "word"})  # entries of tables, where 0 is the first

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a trail as a person reads it."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding that stands in the markup."""

    finding: Finding
    message: str
    where: str
    trail: tuple[Spot, ...]
    related: tuple[Spot, ...]
    pages: tuple[str, ...]
    more_pages: int


@dataclass(frozen=True, slots=True)
class Group:
    """A rule and its first findings."""

    rule: Rule
    why: tuple[str, ...]
    number: int
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody's word that accepts findings."""

    suppression: Suppression
    said: str
    owner: str
    until: str
    reason: str
    number: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What the report tells, apart in open, known before and accepted ones; the worst first."""

    open: tuple[Finding, ...]
    known: tuple[Finding, ...]
    accepted: tuple[Finding, ...]


def findings_of(gathered: Gathered) -> Findings:
    report = gathered.report
    ordered = urgent_first(told(report), report.rules)
    return Findings(
        tuple(each for each in ordered if each.is_open and each.state is not State.KNOWN),
        tuple(each for each in ordered if each.is_open and each.state is State.KNOWN),
        tuple(each for each in ordered if not each.is_open),
    )


def groups(gathered: Gathered, findings: Iterable[Finding]) -> list[Group]:
    """The findings by rule, in the order in which the rules first appear."""
    rules = {rule.code: rule for rule in gathered.report.rules}
    by_rule: dict[str, list[Finding]] = {}
    for each in findings:
        by_rule.setdefault(each.code, []).append(each)
    return [
        Group(
            rules[code],
            tuple(paragraphs(rules[code].help)),
            len(own),
            tuple(_shown(gathered, each) for each in own[:FIRST]),
        )
        for code, own in list(by_rule.items())[:RULES_FIRST]
    ]


def words_of(accepted: Sequence[Finding]) -> list[Word]:
    """The words that accept findings, each with how many."""
    numbers: dict[Suppression, int] = {}
    for each in accepted:
        if each.suppressed is not None:
            numbers[each.suppressed] = numbers.get(each.suppressed, 0) + 1
    return [
        Word(
            word,
            f"{WORDS.get(word.kind, word.kind)} {word.place.path}:{word.place.line}",
            word.owner,
            word.until.isoformat() if word.until else "",
            word.reason,
            number,
        )
        for word, number in numbers.items()
    ]


def row(
    gathered: Gathered,
    tables: Tables,
    finding: Finding,
    words: dict[Suppression, int],
    owners: Collection[str],
) -> Record:
    """A finding for the page's script; what is empty is left out."""
    record: Record = {
        "id": finding.fingerprint,
        "code": finding.code,
        "says": _said(finding.message),
        "at": where(finding),
        "evidence": finding.place.text,
        "vendor": tables.vendor(finding.vendor) if finding.vendor else None,
        "pages": tables.pages(finding.pages) if finding.pages else None,
        "classes": [tables.page_class(each) for each in classes_of(gathered, finding)],
        "trail": [tables.step(_spot(each)) for each in finding.trail[:STEPS]],
        "see": [tables.step(_spot(each)) for each in finding.related[:RELATED]],
        "more_steps": max(0, len(finding.trail) - STEPS),
        "more_see": max(0, len(finding.related) - RELATED),
        "news": _said(finding.news),
        "word": words.get(finding.suppressed) if finding.suppressed else None,
        "owners": [tables.owner(each) for each in owners],
        "known": finding.is_open and finding.state is State.KNOWN,
    }
    return {
        key: value for key, value in record.items() if value or (key in NUMBERED and value == 0)
    }


def classes_of(gathered: Gathered, finding: Finding) -> tuple[str, ...]:
    """The classes that it is about, and those of the pages that it names."""
    named = [*finding.classes, *gathered.classes_of(finding.pages)]
    return tuple(dict.fromkeys(each for each in named if each != "public"))


def where(finding: Finding) -> str:
    return f"{finding.place.path}:{finding.place.line}"


def paragraphs(text: str) -> list[str]:
    """Prose without the line breaks that its source has."""
    return [" ".join(each.split()) for each in re.split(r"\n\s*\n", text) if each.strip()]


def _shown(gathered: Gathered, finding: Finding) -> Shown:
    return Shown(
        finding,
        _said(finding.message),
        where(finding),
        tuple(_spot(each) for each in finding.trail[:STEPS]),
        tuple(_spot(each) for each in finding.related[:RELATED]),
        tuple(gathered.page_name(page) for page in finding.pages[:PAGES]),
        max(0, len(finding.pages) - PAGES),
    )


def _spot(step: Step) -> Spot:
    return Spot(f"{step.place.path}:{step.place.line}", _words.clip(step.text, SENTENCE))


def _said(text: str) -> str:
    return _words.clip(" ".join(text.split()), SENTENCE)
