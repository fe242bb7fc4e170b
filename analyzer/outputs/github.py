"""Annotations in a GitHub workflow's log: the worst findings, and how many more there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from analyzer.model import Finding, Report, Severity
from analyzer.outputs import _words
from analyzer.outputs._chosen import accepted, from_top, path_from_top, urgent_first, worth_telling
from analyzer.outputs._gaps import gaps, unread
from analyzer.outputs._styled import count

SUFFIX = ".github.txt"

SHOWN = 10  # annotations of each kind that GitHub shows of one step
CLOSING = 2  # notices of ours: what was not read, and how many findings are not shown
KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

STEPS = 5
MESSAGE = 1_500
STEP = 200


def write(report: Report, out: TextIO) -> None:
    out.writelines(f"{line}\n" for line in _commands(report))


def _commands(report: Report) -> Iterator[str]:
    findings = urgent_first(worth_telling(report), report.rules)
    advice = {rule.code: rule.next for rule in report.rules}
    told = 0
    for severity, kind in KINDS.items():
        most = SHOWN - CLOSING if severity is Severity.NOTE else SHOWN
        for finding in [each for each in findings if each.severity is severity][:most]:
            told += 1
            yield _command(
                kind,
                "\n".join(_sentences(finding, advice[finding.code])),
                **_where(from_top(finding, report.checkout.folder)),
                title=f"{finding.rule} ({finding.code})",
            )
    if lost := gaps(report):
        first = "".join(
            f"; first {path_from_top(skip.path, report.checkout.folder)}: {skip.reason}"
            for skip in unread(report)[:1]
        )
        yield _command("notice", f"This is not an all-clear: {lost}{first}.", title="Not read")
    yield _command("notice", _count(report, len(findings), told), title="trackerlint")


def _count(report: Report, found: int, told: int) -> str:
    """The last word: nothing may look complete that is not."""
    said = f"{count(found, 'finding')} in {count(report.coverage.read, 'file')} that were read"
    if found > told:
        said += (
            f", {told} of them shown as annotations; a report such as -o report.json holds the "
            f"other {found - told}"
        )
    if known := accepted(report):
        said += f"; {count(known, 'accepted finding')} not shown"
    return f"{said}."


def _where(finding: Finding) -> dict[str, str]:
    region = finding.place.region
    where = {
        "file": finding.place.path,
        "line": str(region.line),
        # An annotation stands below its last line, and shows in a diff that has all of its lines.
        "endLine": str(region.line),
        "col": str(region.column),
    }
    if region.end_line == region.line and region.end_column > region.column:
        where["endColumn"] = str(region.end_column)
    return where


def _sentences(finding: Finding, advice: str) -> Iterator[str]:
    yield _words.sentence(finding.message, MESSAGE)
    trail = finding.trail
    shown = trail if len(trail) <= STEPS else (*trail[: STEPS - 2], *trail[-2:])
    for step in shown:
        where = f"{_words.name(step.place.path)}:{step.place.line}"
        yield f"- {where}: {_words.sentence(step.text, STEP)}"
    if advice:
        yield f"Next step: {advice}"


def _command(kind: str, text: str, **properties: str) -> str:
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {said}::{_data(text)}"


def _data(text: str) -> str:
    """Text as a command carries it: a line break in it would begin a command of its own."""
    bare = _words.code(text, len(text))
    return bare.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    escaped = _data(_words.name(text))
    return re.sub("[:,]", lambda sign: f"%{ord(sign[0]):02X}", escaped)
