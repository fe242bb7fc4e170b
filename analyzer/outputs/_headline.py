"""The one line of a finding: where, what, and by which rule."""

from __future__ import annotations

from analyzer.model import Finding, Severity
from analyzer.outputs import _words
from analyzer.outputs._styled import Line

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}


def headline(finding: Finding) -> Line:
    """The line that a program can find, however long it is."""
    return [
        (f"{_words.name(str(finding.place))}:", "bold"),
        (" ", ""),
        (_words.name(" ".join(finding.message.split())), ""),
        (f" [{finding.rule}]", STYLES[finding.severity]),
        (f" {finding.code}", "dim"),
    ]
