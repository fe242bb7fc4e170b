"""Keeps a run, and says what is new, gone and unchanged since an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from analyzer.history import reading, writing
from analyzer.history.reading import Kept, Run
from analyzer.history.store import opened
from analyzer.model import Finding, Gone, History, Past, Report
from analyzer.policy.tags import again


def now() -> datetime:
    """The time of a run; days are those of UTC wherever it runs."""
    return datetime.now(UTC)


def kept(
    report: Report,
    file: Path,
    scope: str = "",
    since: date | None = None,
    at: datetime | None = None,
) -> Report:
    """The report with its history, after the run was put into the file.

    It is held against the last run of the same `scope` (what was asked to be read and judged), or
    the last one on or before the day `since`. Raises UserError for a file that cannot be used.
    """
    at = at or now()
    counts = writing.counts_of(report)
    with opened(file, make=True) as store:
        runs = reading.runs(store, scope)
        earlier = _held_against(runs, since)
        before = reading.open_findings(store, earlier.state) if earlier else []
        writing.add(store, report, at, scope, counts)
        seen = reading.first_seen(store)
    today = Past(
        at.date(),
        counts.errors,
        counts.warnings,
        counts.notes,
        counts.trackers,
        counts.sensitive,
        report.checkout.revision,
        scope,
    )
    history = History(trend=(*(run.past for run in runs), today), first_seen=seen)
    if earlier is not None:
        history = _compared(history, earlier, before, report.findings)
    return replace(report, history=history)


def _held_against(runs: Sequence[Run], since: date | None) -> Run | None:
    """The last run, the last on or before a day, or the first where all are later."""
    if since is None:
        return runs[-1] if runs else None
    then = [run for run in runs if run.day <= since]
    return then[-1] if then else runs[0] if runs else None


def _compared(
    history: History, earlier: Run, before: Sequence[Kept], findings: Sequence[Finding]
) -> History:
    """Findings are the same by their fingerprints, and those of a container by their tags."""
    records = [each.record for each in before]
    numbers = {each.fingerprint: number for number, each in enumerate(records)}
    same = {
        number: numbers[each.fingerprint]
        for number, each in enumerate(findings)
        if each.fingerprint in numbers
    }
    known = again(findings, records, same)
    met = set(known.values())
    open_ones = [(number, each) for number, each in enumerate(findings) if each.is_open]
    return replace(
        history,
        since=earlier.day,
        new=frozenset(each.fingerprint for number, each in open_ones if number not in known),
        unchanged=frozenset(each.fingerprint for number, each in open_ones if number in known),
        accepted=frozenset(
            each.fingerprint
            for number, each in enumerate(findings)
            if number in known and not each.is_open
        ),
        gone=tuple(
            Gone(
                each.record.fingerprint,
                each.record.code,
                each.record.rule,
                each.severity,
                each.record.path,
                each.line,
                each.record.vendor,
            )
            for number, each in enumerate(before)
            if number not in met
        ),
    )
