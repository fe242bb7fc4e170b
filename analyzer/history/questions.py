"""Answers about the past: which trackers ran on which pages on a day, and how the numbers went."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from analyzer.history import reading
from analyzer.history.reading import KeptTracker, Run
from analyzer.history.store import opened
from analyzer.model import Status, UserError
from analyzer.outputs import _words
from analyzer.outputs._cells import guarded
from analyzer.outputs._columns import MAYBE, STATUSES
from analyzer.outputs._marked import table
from analyzer.outputs._styled import count
from analyzer.tables import aligned, written

RAN = (Status.LIVE, Status.CONDITIONAL, Status.CONSENT_GATED, Status.SERVER_SIDE)
HEAD = ("run", "vendor", "tracker", "ids", "where", "status", "page", "certainty", "classes")
TREND = ("at", "errors", "warnings", "notes", "trackers", "sensitive_pages", "revision", "scope")
SHORT = 10  # signs of a commit's name that people read


@dataclass(frozen=True, slots=True)
class Asked:
    """Which trackers are asked for: those of a day, on pages of a class, of a vendor."""

    on: date
    page_class: str = ""
    vendor: str = ""


def answered(file: Path, asked: Asked, form: str) -> str:
    """The trackers that ran in the last run on or before a day, as text, json, csv or markdown.

    Raises UserError where there is no such run, and for a vendor that was never seen.
    """
    with opened(file) as store:
        run = _run_of(reading.runs(store), asked.on, file)
        found = list(reading.trackers(store, run.state))
        vendors = {each for (each,) in store.execute("select distinct vendor from tracker")} - {""}
    if asked.vendor and asked.vendor not in vendors:
        near = get_close_matches(asked.vendor, vendors, 1, 0.5)
        advice = f"did you mean {near[0]}?" if near else f"it has {', '.join(sorted(vendors))}"
        raise UserError(f"no run that was kept has the vendor {asked.vendor!r}; {advice}")
    ran = [each for each in found if each.status in RAN]
    chosen = [one for each in ran if (one := _chosen(each, asked)) is not None]
    match form:
        case "json":
            return json.dumps(_record(run, asked, chosen), indent=2) + "\n"
        case "text":
            return "".join(f"{line}\n" for line in _text(run, asked, chosen, len(found) - len(ran)))
    rows = [row for each in chosen for row in _rows(run, each)]
    if form == "csv":
        return written(HEAD, [[guarded(_words.name(cell)) for cell in row] for row in rows], form)
    return f"{_words.name(_which(run, asked.on))}\n\n{table(HEAD, rows)}"


def trend_told(file: Path, form: str) -> str:
    """The numbers of every run, as text, json, csv or markdown."""
    with opened(file) as store:
        runs = reading.runs(store)
    if form == "json":
        return (
            json.dumps([dict(zip(TREND, _numbers(run), strict=True)) for run in runs], indent=2)
            + "\n"
        )
    rows = [[_words.name(str(cell)) for cell in _numbers(run)] for run in runs]
    match form:
        case "csv":
            return written(TREND, [[guarded(cell) for cell in row] for row in rows], form)
        case "markdown":
            return table(TREND, rows)
    heads = [name.replace("_", " ") for name in TREND]
    return aligned([heads, *rows])


def _numbers(run: Run) -> tuple[str | int, ...]:
    return (
        run.at,
        *(run.errors, run.warnings, run.notes, run.trackers, run.sensitive),
        run.revision[:SHORT],
        run.scope,
    )


def _run_of(runs: Sequence[Run], day: date, file: Path) -> Run:
    """The last run on or before a day; one that read and judged all stands above others."""
    then = [run for run in runs if run.day <= day]
    if not then:
        first = f"the first is of {runs[0].day}" if runs else "there is none at all"
        raise UserError(f"no run was kept on or before {day} in {file}; {first}")
    whole = [run for run in then if not run.scope]
    return (whole or then)[-1]


def _chosen(each: KeptTracker, asked: Asked) -> KeptTracker | None:
    """The tracker with the pages that are asked for, or None."""
    if asked.vendor and each.vendor != asked.vendor:
        return None
    if not asked.page_class:
        return each
    pages = tuple(page for page in each.pages if asked.page_class in page.classes)
    return replace(each, pages=pages) if pages else None


# ---------------------------------------------------------------- how it is told


def _which(run: Run, day: date) -> str:
    age = (day - run.day).days
    old = "on that day" if not age else f"{count(age, 'day')} before"
    details = [f"trackerlint {run.version}"]
    if run.revision:
        details.append(f"commit {run.revision[:SHORT]}")
    if run.scope:
        details.append(f"which was asked for {run.scope} only")
    return f"{day}: the run of {run.at}, {old} ({', '.join(details)})"


def _text(run: Run, asked: Asked, chosen: Sequence[KeptTracker], idle: int) -> Iterator[str]:
    yield _words.name(_which(run, asked.on))
    yield ""
    for each in chosen:
        status = STATUSES[Status(each.status)][0]
        on = "" if each.status == Status.SERVER_SIDE else f", {_pages_said(each)}"
        yield _words.name(f"{each.name} at {each.place}: {status}{on}")
        if asked.page_class or asked.vendor:
            for page in each.pages:
                yield _words.name(f"    {page.path}{'' if page.sure else MAYBE}")
    pages = {page.path for each in chosen for page in each.pages}
    of = f"{asked.page_class} " if asked.page_class else ""
    vendors = len({each.vendor for each in chosen})
    if chosen:
        yield ""
    line = f"{count(vendors, 'product')} in {count(len(chosen), 'place')} on "
    line += count(len(pages), f"{of}page")
    if idle and not asked.page_class and not asked.vendor:
        line += f"; {idle} more {'was' if idle == 1 else 'were'} there and did not run"
    if run.unread:
        line += f"; {count(run.unread, 'file')} not read"
    yield line


def _pages_said(each: KeptTracker) -> str:
    sure = sum(page.sure for page in each.pages)
    maybe = len(each.pages) - sure
    if not each.pages:
        return "no page was found that has it"
    words = [f"on {count(sure, 'page')}"] if sure else []
    words += [f"maybe on {count(maybe, 'page')}"] if maybe else []
    return ", ".join(words)


def _rows(run: Run, each: KeptTracker) -> Iterator[tuple[str, ...]]:
    start = (run.at, each.vendor, each.name, each.ids, each.place, each.status)
    for page in each.pages:
        yield (*start, page.path, "surely" if page.sure else "maybe", " ".join(page.classes))
    if not each.pages:
        yield (*start, "", "", "")


def _record(run: Run, asked: Asked, chosen: Sequence[KeptTracker]) -> dict[str, Any]:
    return {
        "asked": {
            "on": asked.on.isoformat(),
            "class": asked.page_class or None,
            "vendor": asked.vendor or None,
        },
        "run": {
            "at": run.at,
            "days_before": (asked.on - run.day).days,
            "version": run.version,
            "revision": run.revision,
            "branch": run.branch,
            "scope": run.scope,
            "read": run.read,
            "not_read": run.unread,
        },
        "trackers": [
            {
                "vendor": each.vendor,
                "name": each.name,
                "ids": each.ids.split(),
                "where": each.place,
                "role": each.role,
                "status": each.status,
                "pages": [
                    {
                        "page": page.path,
                        "verdict": "yes" if page.sure else "maybe",
                        "classes": page.classes,
                    }
                    for page in each.pages
                ],
            }
            for each in chosen
        ],
    }
