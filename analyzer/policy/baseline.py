"""What an earlier run found: the findings of today are new, or were known."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from analyzer.model import Finding, State
from analyzer.policy.reports import SCHEMA, read_records
from analyzer.policy.tags import Record, again, on_pages, record_of

Runs = Callable[[str, str], bool]  # would a rule find this again in this file?


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings of an earlier run."""

    records: tuple[Record, ...]


def read(path: Path) -> Baseline:
    """Raises UserError for a file that is no report of ours."""
    return Baseline(tuple(read_records(path)))


def compared(
    findings: Sequence[Finding], before: Baseline, runs: Runs
) -> tuple[tuple[Finding, ...], int]:
    """The findings, each with its state, and how many of before are found no more.

    What is known already stays known. One that has come to further pages of the classes that it is
    about is new again. What rules that did not run would find is not missed.
    """
    known = _matched(findings, before.records)
    told = tuple(
        _told(each, before.records[known[number]] if number in known else None)
        for number, each in enumerate(findings)
    )
    met = set(known.values())
    gone = sum(
        number not in met and runs(each.code, each.path)
        for number, each in enumerate(before.records)
    )
    return told, gone


def _told(finding: Finding, record: Record | None) -> Finding:
    if finding.state is State.KNOWN:
        return finding
    if record is None:
        return replace(finding, state=State.NEW)
    had = finding.pages if record.pages is None or not finding.classes else record.pages
    more = tuple(sorted(set(finding.pages) - set(had)))
    if not more:
        return replace(finding, state=State.KNOWN, news="", new_pages=())
    return replace(finding, state=State.NEW, news=on_pages(more), new_pages=more)


def of(findings: Iterable[Finding]) -> Baseline:
    """The baseline that knows these findings.

    Those that somebody accepted are not in it: when that word ends they are to come back.
    """
    records = {record_of(each) for each in findings if each.is_open}
    return Baseline(tuple(sorted(records, key=_order)))


def difference(now: Baseline, before: Baseline) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """What a new baseline has more than the one before, and what it has no longer."""
    names = {each.fingerprint for each in now.records}
    old = {each.fingerprint for each in before.records}
    return (
        tuple(each for each in now.records if each.fingerprint not in old),
        tuple(each for each in before.records if each.fingerprint not in names),
    )


def write(baseline: Baseline, out: TextIO) -> None:
    """One record a line, so that a review shows what is accepted anew."""
    out.write(f'{{\n"schema": "{SCHEMA}",\n"findings": [')
    before = "\n"
    for record in baseline.records:
        out.write(before + json.dumps(_row(record)))
        before = ",\n"
    out.write("\n]\n}\n" if baseline.records else "]\n}\n")


def _row(record: Record) -> dict[str, Any]:
    row: dict[str, Any] = {
        "path": record.path,
        "rule": record.rule,
        "code": record.code,
        "message": record.message,
        "vendor": record.vendor,
        "container": record.container,
        "tag_id": record.tag_id,
        "tag_name": record.tag_name,
        "fingerprint": record.fingerprint,
        "pages": record.pages,
    }
    return {name: value for name, value in row.items() if value}


def _order(record: Record) -> tuple[str, str, str, str]:
    return record.path, record.code, record.message, record.fingerprint


def _matched(findings: Sequence[Finding], records: Sequence[Record]) -> dict[int, int]:
    """The numbers of the records by those of the findings that they are: by fingerprints first,
    which are told once each, then by tags.
    """
    numbers = {each.fingerprint: number for number, each in enumerate(records)}
    same = {
        number: numbers[each.fingerprint]
        for number, each in enumerate(findings)
        if each.fingerprint in numbers
    }
    return again(findings, records, same)
