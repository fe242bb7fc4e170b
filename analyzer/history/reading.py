"""What the store knows: its runs, and the findings and trackers of one of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from analyzer.history.pagesets import unpacked
from analyzer.model import Past
from analyzer.policy.tags import Record

RUN = """id, at, day, version, revision, branch, scope, read, unread, errors, warnings, notes,
    trackers, sensitive, state"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run that was kept."""

    id: int
    at: str
    day: date
    version: str
    revision: str
    branch: str
    scope: str
    read: int
    unread: int
    errors: int
    warnings: int
    notes: int
    trackers: int
    sensitive: int
    state: int

    @property
    def past(self) -> Past:
        return Past(
            self.day,
            self.errors,
            self.warnings,
            self.notes,
            self.trackers,
            self.sensitive,
            self.revision,
            self.scope,
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """A finding of a run that was kept, as far as comparing needs it."""

    record: Record
    severity: str
    line: int


@dataclass(frozen=True, slots=True)
class KeptPage:
    path: str
    classes: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class KeptTracker:
    """A tracker of a run that was kept, and its pages."""

    vendor: str
    name: str
    ids: str
    role: str
    status: str
    place: str
    pages: tuple[KeptPage, ...]


def runs(store: sqlite3.Connection, scope: str | None = None) -> list[Run]:
    """The runs in order, those of one scope where it is given."""
    where, values = ("", ()) if scope is None else ("where scope = ?", (scope,))
    return [
        Run(row[0], row[1], date.fromisoformat(row[2]), *row[3:])
        for row in store.execute(f"select {RUN} from run {where} order by at, id", values)
    ]


def open_findings(store: sqlite3.Connection, state: int) -> list[Kept]:
    """The findings of a state that nobody accepted."""
    words = dict(store.execute("select id, said from word"))
    asked = """select fingerprint, code, rule, severity, path, line, vendor, container, tag_id,
        tag_name, accepted from state_finding join finding on finding.id = finding
        where state = ? order by finding.id"""
    found = []
    for row in store.execute(asked, (state,)):
        code, rule, severity, path = (words[each] for each in row[1:5])
        vendor, container, tag_id, tag_name, accepted = (words[each] for each in row[6:])
        if not accepted:
            record = Record(
                row[0],
                code,
                rule,
                path,
                vendor=vendor,
                container=container,
                tag_id=tag_id,
                tag_name=tag_name,
            )
            found.append(Kept(record, severity, row[5]))
    return found


def trackers(store: sqlite3.Connection, state: int) -> Iterator[KeptTracker]:
    """The trackers of a state, without the tags in which no vendor is known."""
    pages = {
        number: (path, tuple(classes.split()))
        for number, path, classes in store.execute(
            """select page.id, own.said, classes.said from page join word as own on own.id = path
            join word as classes on classes.id = page.classes"""
        )
    }
    sets: dict[int, list[int]] = {}
    asked = """select vendor, name, ids, role, status, place, surely, maybe from state_tracker
        join tracker on tracker.id = tracker where state = ? and vendor != ''
        order by name, place"""
    for vendor, name, ids, role, status, place, surely, maybe in store.execute(asked, (state,)):
        found = []
        for number, sure in ((surely, True), (maybe, False)):
            if number not in sets:
                sets[number] = [-number] if number < 0 else _set(store, number)
            found += [KeptPage(*pages[each], sure) for each in sets[number] if each in pages]
        own = tuple(sorted(found, key=lambda each: each.path))
        yield KeptTracker(vendor, name, ids, role, status, place, own)


def _set(store: sqlite3.Connection, number: int) -> list[int]:
    said = store.execute("select said from pages where id = ?", (number,)).fetchone()
    return unpacked(said[0]) if said else []


def first_seen(store: sqlite3.Connection) -> Mapping[str, date]:
    """The day of the first run that found each tracker, by its key."""
    asked = """select key, min(day) from state_tracker
        join tracker on tracker.id = state_tracker.tracker
        join (select state, min(day) as day from run group by state) as runs
        on runs.state = state_tracker.state group by key"""
    return {key: date.fromisoformat(day) for key, day in store.execute(asked)}
