"""The report for a person at a terminal: the worst first, with evidence, and what was not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TextIO

from analyzer.model import (
    SEVERITY_ORDER,
    Finding,
    Report,
    Severity,
    Step,
)
from analyzer.outputs import _words
from analyzer.outputs._receipt import receipt, summary
from analyzer.outputs._styled import Line, Part, count, cut, listed

SUFFIX = ".txt"

PAGES = 5
RELATED = 5
STEPS_FIRST, STEPS_LAST = 8, 3  # of a long trail; its end says what happens
STEP = 300

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}


def write(report: Report, out: TextIO, *, colour: bool = False) -> None:
    if colour:
        _write_colour(_lines(report), out)
    else:
        for line in _lines(report):
            out.write("".join(text for text, _ in line) + "\n")


def _write_colour(lines: Iterable[Line], out: TextIO) -> None:
    # Here and not above: a run whose output goes to a file or a pipe need not load it.
    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=out,
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        soft_wrap=True,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for line in lines:
        console.print(Text.assemble(*line))


def _lines(report: Report) -> Iterator[Line]:
    open_findings = [finding for finding in report.findings if finding.suppressed is None]
    open_findings.sort(key=_order)
    for severity, group in groupby(open_findings, key=lambda finding: finding.severity):
        findings = list(group)
        yield [(count(len(findings), severity.value), _STYLES[severity])]
        yield []
        for finding in findings:
            yield _headline(finding)
            if severity is not Severity.NOTE:  # notes are an inventory, one line each
                yield from _story(finding)
                yield []
        if severity is Severity.NOTE:
            yield []
    yield from receipt(report)
    yield from summary(report)


def _order(finding: Finding) -> tuple[int, str, int, int, str, str]:
    region = finding.place.region
    return (
        SEVERITY_ORDER.index(finding.severity),
        finding.place.path,
        region.line,
        region.column,
        finding.code,
        finding.message,
    )


def _headline(finding: Finding) -> Line:
    return [
        (f"{_words.name(str(finding.place))}:", "bold"),
        (" ", ""),
        # Whole, however long: a program may look for it.
        (_words.name(" ".join(finding.message.split())), ""),
        (f" [{finding.rule}]", _STYLES[finding.severity]),
        (f" {finding.code}", "dim"),
    ]


def _story(finding: Finding) -> Iterator[Line]:
    if finding.place.text:
        yield [(f"{finding.place.line:>7} | ", "blue"), (_words.name(finding.place.text), "")]
    yield from _trail(finding.trail)
    for step in finding.related[:RELATED]:
        yield [("        see ", "dim"), *_step(step)]
    yield from _more(len(finding.related) - RELATED, "place")
    told = {step.place.path for step in finding.related[:RELATED]}
    if not told.issuperset(finding.pages):
        pages = listed([_words.name(page) for page in finding.pages], PAGES)
        yield [("        on ", "dim"), (pages, "")]


def _trail(trail: Sequence[Step]) -> Iterator[Line]:
    steps = list(enumerate(trail, 1))
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
