"""Puts one report into the store: each page, set of pages, tracker and finding once."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analyzer.history.pagesets import packed
from analyzer.model import Finding, Report, Verdict
from analyzer.outputs._html_gathered import NOT_SENSITIVE, Gathered, named
from analyzer.outputs._inventory_items import Item, items

HEX = 12  # bytes of a digest that tell two rows apart


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a run, as every output has them: its open findings, known ones included."""

    errors: int
    warnings: int
    notes: int
    trackers: int
    sensitive: int


def counts_of(report: Report) -> Counts:
    """Open findings by severity; products that run; sensitive pages on which one surely runs."""
    found = [str(each.severity) for each in report.findings if each.is_open]
    gathered = Gathered(report)
    reached = {
        page
        for each in gathered.running
        for page, firing in each.firings.items()
        if page in gathered.sensitive and firing.verdict is Verdict.YES
    }
    return Counts(
        found.count("error"),
        found.count("warning"),
        found.count("note"),
        len(gathered.by_vendor),
        len(reached),
    )


def add(
    store: sqlite3.Connection, report: Report, now: datetime, scope: str, counts: Counts
) -> None:
    """Keep a run."""
    state = _Writer(store, report).state()
    checkout, coverage = report.checkout, report.coverage
    store.execute(
        """insert into run (at, day, version, revision, branch, scope, read, unread, errors,
            warnings, notes, trackers, sensitive, state)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            now.date().isoformat(),
            report.version,
            checkout.revision,
            _fit(checkout.branch),
            _fit(scope),
            coverage.read,
            len({skip.path for skip in coverage.skips if skip.kind == "unread"}),
            counts.errors,
            counts.warnings,
            counts.notes,
            counts.trackers,
            counts.sensitive,
            state,
        ),
    )


@dataclass
class _Writer:
    """The rows of one report; it remembers the numbers of those that it has met."""

    store: sqlite3.Connection
    report: Report
    pages: dict[str, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    sets: dict[tuple[str, ...], int] = field(default_factory=dict)

    def state(self) -> int:
        """The number of the state that the report shows."""
        ran = {(self._tracker(each), *self._runs_on(each)) for each in items(self.report)}
        found = {self._finding(each) for each in self.report.findings}
        trackers, findings = sorted(ran), sorted(found)
        digest = _digest(*map(str, trackers), "findings", *map(str, findings))
        known = self._known("state", digest)
        if known is not None:
            return known
        number = self._new("state", digest)
        self.store.executemany(
            "insert or ignore into state_tracker values (?, ?, ?, ?)",
            [(number, *each) for each in trackers],
        )
        self.store.executemany(
            "insert into state_finding values (?, ?)", [(number, each) for each in findings]
        )
        return number

    def _tracker(self, item: Item) -> int:
        snippet = item.snippet
        hit = snippet.head if snippet else None
        tag = item.told.tag.name if item.told else ""
        return self._row(
            "tracker",
            ("key", "vendor", "name", "ids", '"group"', "role", "status", "place"),
            (
                item.key,
                item.vendor,
                named(self.report.site, snippet) if snippet else tag,
                " ".join(snippet.ids) if snippet else "",
                snippet.group if snippet else "",
                str(hit.detection.role) if hit else "",
                item.waiting or (str(snippet.status) if snippet else ""),
                item.where,
            ),
        )

    def _runs_on(self, item: Item) -> tuple[int, int]:
        surely = (each.page for each in item.fires if each.verdict is Verdict.YES)
        maybe = (each.page for each in item.fires if each.verdict is not Verdict.YES)
        return self._set(surely), self._set(maybe)

    def _finding(self, each: Finding) -> int:
        tag = each.tag
        words = (
            each.code,
            each.rule,
            str(each.severity),
            each.place.path,
            each.vendor,
            tag.container_id if tag else "",
            (tag.tag_id or "") if tag else "",
            tag.tag_name if tag else "",
            each.suppressed.kind if each.suppressed else "",
        )
        code, rule, severity, path, *others = map(self._word, words)
        return self._row(
            "finding",
            (
                *("fingerprint", "code", "rule", "severity", "path", "line"),
                *("vendor", "container", "tag_id", "tag_name", "accepted", "pages"),
            ),
            (
                each.fingerprint,
                *(code, rule, severity, path, each.place.line),
                *others,
                self._set(each.pages),
            ),
        )

    def _set(self, paths: Iterable[str]) -> int:
        """A set of pages."""
        wanted = tuple(sorted(set(paths)))
        if len(wanted) == 1:
            return -self._page(wanted[0])
        if wanted not in self.sets:
            said = packed(self._page(path) for path in wanted)
            digest = hashlib.sha256(said).digest()[:HEX]
            known = self._known("pages", digest)
            if known is None:
                made = self.store.execute(
                    "insert into pages (digest, said) values (?, ?)", (digest, said)
                )
                known = int(made.lastrowid or 0)
            self.sets[wanted] = known
        return self.sets[wanted]

    def _page(self, path: str) -> int:
        if path not in self.pages:
            page = self.report.site.pages.get(path)
            names = sorted({each.id for each in page.classes} if page else ())
            classes = " ".join(name for name in names if name != NOT_SENSITIVE)
            row = (self._word(path), self._word(classes))
            self.store.execute("insert or ignore into page (path, classes) values (?, ?)", row)
            asked = "select id from page where path = ? and classes = ?"
            self.pages[path] = int(self.store.execute(asked, row).fetchone()[0])
        return self.pages[path]

    def _word(self, text: str) -> int:
        if text not in self.words:
            row = (_fit(text),)
            self.store.execute("insert or ignore into word (said) values (?)", row)
            asked = "select id from word where said = ?"
            self.words[text] = int(self.store.execute(asked, row).fetchone()[0])
        return self.words[text]

    def _row(self, table: str, names: Sequence[str], values: Sequence[str | int]) -> int:
        """The number of a row that says this."""
        fit = [_fit(each) if isinstance(each, str) else each for each in values]
        digest = _digest(*map(str, fit))
        known = self._known(table, digest)
        if known is not None:
            return known
        marks = ", ".join("?" * (len(fit) + 1))
        made = self.store.execute(
            f"insert into {table} (digest, {', '.join(names)}) values ({marks})", (digest, *fit)
        )
        return int(made.lastrowid or 0)

    def _known(self, table: str, digest: bytes) -> int | None:
        asked = f"select id from {table} where digest = ?"
        found = self.store.execute(asked, (digest,)).fetchone()
        return int(found[0]) if found else None

    def _new(self, table: str, digest: bytes) -> int:
        made = self.store.execute(f"insert into {table} (digest) values (?)", (digest,))
        return int(made.lastrowid or 0)


def _digest(*words: str) -> bytes:
    return hashlib.sha256("\0".join(words).encode()).digest()[:HEX]


def _fit(text: str) -> str:
    """Text that a database can hold: halves of characters are no text."""
    return text.encode("utf-8", "replace").decode()
