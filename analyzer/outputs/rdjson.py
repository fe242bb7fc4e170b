"""Diagnostics for reviewdog, with the fixes that can be offered as suggestions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from analyzer.model import Excerpt, Finding, Fix, Region, Report, Rule, Severity, Skip, Step
from analyzer.outputs import _words
from analyzer.outputs._chosen import from_top, path_from_top, worth_telling
from analyzer.outputs._gaps import REASON, unread
from analyzer.outputs._links import reference

SUFFIX = ".rdjson"

SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}
MESSAGE = 1_000
STEP = 300
RELATED = 20
UNREAD = 100  # files that were not read

_encode = json.JSONEncoder(separators=(",", ":")).encode


def write(report: Report, out: TextIO) -> None:
    out.write('{"source":{"name":"trackerlint"},"severity":"WARNING","diagnostics":[')
    before = "\n"
    for diagnostic in _diagnostics(report):
        out.write(before + _encode(diagnostic))
        before = ",\n"
    out.write("]}\n")


def _diagnostics(report: Report) -> Iterator[dict[str, Any]]:
    rules = {rule.code: rule for rule in report.rules}
    folder = report.checkout.folder
    for finding in worth_telling(report):
        excerpt = report.excerpts.get(finding.place)
        yield _diagnostic(from_top(finding, folder), rules[finding.code], excerpt)
    # The format has no place for what was not read; as a remark on the file reviewdog shows it.
    for skip in unread(report)[:UNREAD]:
        yield _gap(skip, folder)


def _diagnostic(finding: Finding, rule: Rule, excerpt: Excerpt | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "message": _words.sentence(finding.message, MESSAGE),
        "location": {
            "path": _words.name(finding.place.path),
            "range": _range(finding.place.region, excerpt),
        },
        "severity": SEVERITIES[finding.severity],
        "code": {"value": f"{finding.rule} ({finding.code})"},
    }
    if address := reference(rule):
        said["code"]["url"] = address
    if suggestions := list(_suggestions(finding, excerpt)):
        said["suggestions"] = suggestions
    if steps := (*finding.trail, *finding.related)[:RELATED]:
        said["relatedLocations"] = [_related(step) for step in steps]
    return said


def _related(step: Step) -> dict[str, Any]:
    return {
        "message": _words.sentence(step.text, STEP),
        "location": {
            "path": _words.name(step.place.path),
            "range": {"start": {"line": step.place.line}},
        },
    }


def _suggestions(finding: Finding, excerpt: Excerpt | None) -> Iterator[dict[str, Any]]:
    """The fixes of one edit in the finding's own file: a suggestion is taken by itself."""
    for fix in finding.fixes:
        if (edit := _only_edit(fix, finding)) and (where := _exact(edit[0], excerpt)):
            yield {"range": where, "text": edit[1]}


def _only_edit(fix: Fix, finding: Finding) -> tuple[Region, str] | None:
    match fix.edits:
        case (edit,) if edit.path == finding.place.path:
            return edit.region, edit.text
    return None


def _range(region: Region, excerpt: Excerpt | None) -> dict[str, Any]:
    """The finding's first line: a remark shows in a pull request if its lines were changed."""
    if region.end_line > region.line:
        return {"start": {"line": region.line}}
    return _exact(region, excerpt) or {"start": {"line": region.line}}


def _exact(region: Region, excerpt: Excerpt | None) -> dict[str, Any] | None:
    """The region in bytes, which reviewdog counts in, as far as its lines are at hand."""
    start = _bytes(region.line, region.column, excerpt)
    end = _bytes(region.end_line, region.end_column, excerpt)
    if not start or not end:
        return None
    return {
        "start": {"line": region.line, "column": start},
        "end": {"line": region.end_line, "column": end},
    }


def _bytes(line: int, column: int, excerpt: Excerpt | None) -> int:
    if column == 1:
        return 1
    if excerpt is None:
        return 0
    text = dict(enumerate(excerpt.lines, excerpt.start_line)).get(line)
    if text is None or len(text) < column - 1:
        return 0
    return len(text[: column - 1].encode("utf-8", "replace")) + 1


def _gap(skip: Skip, folder: str) -> dict[str, Any]:
    where: dict[str, Any] = {"path": _words.name(path_from_top(skip.path, folder))}
    if skip.line:
        where["range"] = {"start": {"line": skip.line}}
    return {
        "message": "trackerlint could not read this file in full: "
        f"{_words.sentence(skip.reason, REASON)}.",
        "location": where,
        "severity": "INFO",
        "code": {"value": "file-not-read"},
    }
