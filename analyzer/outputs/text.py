"""The report for a person at a terminal: the worst first, with evidence, and what was not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, takewhile
from typing import TextIO

from analyzer.model import (
    Finding,
    Original,
    Place,
    Report,
    Severity,
    State,
    Step,
)
from analyzer.outputs import _words
from analyzer.outputs._accepted import accepted_lines
from analyzer.outputs._chosen import known, told, urgent_first
from analyzer.outputs._headline import STYLES, headline
from analyzer.outputs._receipt import receipt, summary
from analyzer.outputs._styled import Line, Part, count, cut, listed, printed_lines

SUFFIX = ".txt"

PAGES = 5
RELATED = 5
STEPS_FIRST, STEPS_LAST = 8, 3  # of a long trail; its end says what happens
STEP = 300


def write(report: Report, out: TextIO, *, colour: bool = False) -> None:
    printed_lines(_lines(report), out, colour=colour)


def _lines(report: Report) -> Iterator[Line]:
    steps = {rule.code: rule.next for rule in report.rules}
    new = [each for each in report.findings if each.is_open and each.state is not State.KNOWN]
    told_at: dict[Place, Finding] = {}
    for severity, group in groupby(
        urgent_first(new, report.rules), key=lambda finding: finding.severity
    ):
        findings = list(group)
        yield [(count(len(findings), severity.value), STYLES[severity])]
        yield []
        if severity is Severity.NOTE:
            yield from _notes(findings, steps)
            continue
        for near in _by_place(findings):
            for finding in near:
                yield headline(finding)
                yield from _story(finding, told_at.get(finding.place))
                yield from _next(steps.get(finding.code, ""))
                told_at.setdefault(finding.place, finding)
            yield []
    accepted = [each for each in told(report) if not each.is_open]
    yield from accepted_lines(urgent_first(accepted, report.rules))
    yield from _known(report)
    yield from receipt(report)
    yield from summary(report)


def _by_place(findings: Iterable[Finding]) -> Iterable[Sequence[Finding]]:
    """What is said of one place stands together, where the first of it stands."""
    near: dict[Place, list[Finding]] = {}
    for finding in findings:
        near.setdefault(finding.place, []).append(finding)
    return near.values()


def _notes(findings: Sequence[Finding], steps: Mapping[str, str]) -> Iterator[Line]:
    """Notes are an inventory: the same words once with all their places, and the next step once
    for all of a rule.
    """
    by_rule = sorted(findings, key=lambda each: each.code)  # stable: the places stay in order
    for code, group in groupby(by_rule, key=lambda each: each.code):
        alike: dict[str, list[Finding]] = {}
        for finding in group:
            alike.setdefault(finding.message, []).append(finding)
        for first, *others in alike.values():
            yield headline(first)
            yield from _way(first.trail)
            yield from _written(first.original)
            if others:
                places = ", ".join(_words.name(str(each.place)) for each in others)
                yield [("        also at ", "dim"), (places, "")]
        yield from _next(steps.get(code, ""))
        yield []


def _way(trail: Sequence[Step]) -> Iterator[Line]:
    """The way in one line, where it is more than the place of the note."""
    if len(trail) > 1:
        steps = [f"{_words.name(each.place.path)}:{each.place.line}" for each in trail]
        yield [("        by ", "dim"), (listed(steps, STEPS_FIRST), "")]


def _written(original: Original | None) -> Iterator[Line]:
    """Where the code of a bundle was written."""
    if original is not None:
        yield [("        comes ", "dim"), (_words.sentence(original.said, STEP), "")]


def _next(step: str) -> Iterator[Line]:
    if step:
        yield [("        next: ", "bold"), (_words.sentence(step, STEP), "")]


def _known(report: Report) -> Iterator[Line]:
    """What was there before, and what is no longer."""
    said = []
    if number := known(report):
        said.append(f"{count(number, 'finding')} {'was' if number == 1 else 'were'} known before")
    if report.gone:
        said.append(f"{count(report.gone, 'finding')} of before {_are(report.gone)} gone")
    if said:
        where = _words.name(report.baseline or report.base)
        yield [("Compared with ", "bold"), (f"{where}: {'; '.join(said)}", "")]
        yield []


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _story(finding: Finding, before: Finding | None) -> Iterator[Line]:
    """What leads to a finding; `before` told of the same place, and its words are not repeated."""
    if finding.place.text and before is None:
        yield [(f"{finding.place.line:>7} | ", "blue"), (_words.name(finding.place.text), "")]
    if finding.news:
        yield [("        new: ", "bold"), (_words.sentence(finding.news, STEP), "")]
    yield from _trail(finding.trail, before)
    for step in finding.related[:RELATED]:
        yield [("        see ", "dim"), *_step(step)]
    told_of = {step.place.path for step in finding.related[:RELATED]}
    left = [page for page in finding.pages if page not in told_of]
    others = [step for step in finding.related[RELATED:] if step.place.path not in left]
    yield from _more(len(others), "place")
    if left and (before is None or finding.pages != before.pages):
        pages = listed([_words.name(page) for page in left], PAGES)
        yield [("        also on " if told_of else "        on ", "dim"), (pages, "")]


def _trail(trail: Sequence[Step], before: Finding | None) -> Iterator[Line]:
    steps = list(enumerate(trail, 1))
    known = set(before.trail) if before is not None else set()
    same = len(list(takewhile(known.__contains__, reversed(trail))))
    if before is not None and same:
        yield from map(_numbered, steps[: len(steps) - same])
        yield [(f"        as for {before.code} above", "dim")]
        return
    if len(steps) <= STEPS_FIRST + STEPS_LAST:
        shown, rest = steps, steps[:0]
    else:
        shown, rest = steps[:STEPS_FIRST], steps[-STEPS_LAST:]
    yield from map(_numbered, shown)
    yield from _more(len(steps) - len(shown) - len(rest), "step")
    yield from map(_numbered, rest)


def _numbered(numbered: tuple[int, Step]) -> Line:
    number, step = numbered
    return [(f"{number:>7}. ", "dim"), *_step(step)]


def _step(step: Step) -> list[Part]:
    return [
        (f"{_words.name(step.place.path)}:{step.place.line}: ", ""),
        (_words.sentence(step.text, STEP), ""),
    ]


def _more(number: int, word: str) -> Iterator[Line]:
    if number > 0:
        yield cut(number, word)
