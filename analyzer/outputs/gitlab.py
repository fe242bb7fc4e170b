"""GitLab's code quality report: one entry a finding, which a merge request shows in its diff."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, TextIO

from analyzer.model import Finding, Report, Severity, Skip
from analyzer.outputs import _words
from analyzer.outputs._chosen import from_top, path_from_top, worth_telling
from analyzer.outputs._gaps import REASON, unread

SUFFIX = "-code-quality-report.json"

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}
MESSAGE = 1_000
UNREAD = 100  # files that were not read

_encode = json.JSONEncoder(separators=(", ", ": ")).encode


def write(report: Report, out: TextIO) -> None:
    before = "["
    for entry in _entries(report):
        out.write(f"{before}\n{_encode(entry)}")
        before = ","
    out.write("[]\n" if before == "[" else "\n]\n")


def _entries(report: Report) -> Iterator[dict[str, Any]]:
    folder = report.checkout.folder
    for finding in worth_telling(report):
        yield _entry(from_top(finding, folder))
    # The format has no place for what was not read; as an entry a merge request shows it too.
    for skip in unread(report)[:UNREAD]:
        yield _gap(skip, folder)


def _entry(finding: Finding) -> dict[str, Any]:
    return {
        "description": f"{_words.sentence(finding.message, MESSAGE)} [{finding.code}]",
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": {
            "path": _words.name(finding.place.path),
            "lines": {"begin": finding.place.line},
        },
    }


def _gap(skip: Skip, folder: str) -> dict[str, Any]:
    path = _words.name(path_from_top(skip.path, folder))
    said = _words.sentence(skip.reason, REASON)
    return {
        "description": f"trackerlint could not read this file in full: {said}.",
        "check_name": "file-not-read",
        "fingerprint": hashlib.sha256(f"file-not-read\0{path}\0{said}".encode()).hexdigest()[:32],
        "severity": "info",
        "location": {"path": path, "lines": {"begin": skip.line or 1}},
    }
