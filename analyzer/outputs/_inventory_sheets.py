"""The sheets beside the inventory: what its words mean, what was not read, who else is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.model import Report
from analyzer.outputs._cells import Cell
from analyzer.outputs._chosen import told
from analyzer.outputs._columns import (
    AGREEMENTS,
    COLUMNS,
    DECISIONS,
    MAYBE,
    MOMENTS,
    STATUSES,
    UNKNOWN_AGREEMENT,
    WAITING,
    Column,
)
from analyzer.outputs._html_gathered import NOT_SENSITIVE
from analyzer.outputs._inventory import MOST_PAGES
from analyzer.outputs._receipt import unread_containers
from analyzer.outputs._styled import listed

Rows = tuple[tuple[Cell, ...], ...]
SKIPPED = {
    "unread": "a file that was not read",
    "partly": "a file that was not read in full",
    "left-out": "a file that was left out because somebody asked for it",
}
KINDS = {
    "tracker": "tracker",
    "tag-manager": "tag manager",
    "consent": "consent manager",
    "portal": "patient portal or form service",
    "embed": "something that is shown in the page",
    "monitoring": "error monitoring",
}
WORDS = (
    (
        "business associate agreement (BAA)",
        "The contract that HIPAA asks for before a company receives health information on behalf "
        "of a clinic. The statement is what the company says of its product, with a date; ask for "
        "your own plan.",
    ),
    (
        "sensitive page",
        "A page behind a login, one where people sign in, or one that tells something of a "
        "visitor's health, such as a page where appointments are made.",
    ),
    (
        MAYBE.strip(),
        "A condition that only a running page can settle decides whether it runs there.",
    ),
    ("hash", "A value turned into a code. Whoever knows the value can make the same code."),
    ("accepted", "Somebody accepts the finding in the configuration or beside the code."),
    (
        "data layer",
        "What a page tells its tag manager; tags pass on parts of it.",
    ),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table beside the inventory."""

    title: str
    columns: tuple[Column, ...]
    rows: Rows


def beside(report: Report) -> tuple[Sheet, ...]:
    return (
        Sheet(
            "What it means",
            (Column("Part", 18, ""), Column("Word", 34, ""), Column("Meaning", 100, "")),
            tuple(_meanings(report)),
        ),
        Sheet(
            "Not read",
            (Column("What", 34, ""), Column("Where", 44, ""), Column("Why", 70, "")),
            tuple(_unread(report)),
        ),
        Sheet(
            "Unknown hosts",
            (
                Column("Host", 34, ""),
                Column("Company", 24, ""),
                Column("Sort", 24, ""),
                Column("Asked as", 12, ""),
                Column("Where", 44, ""),
                Column("Pages", 9, ""),
                Column("Page names", 50, ""),
            ),
            tuple(_hosts(report)),
        ),
        Sheet(
            "Other third parties",
            (
                Column("Product", 30, ""),
                Column("Company", 24, ""),
                Column("Sort", 30, ""),
                Column("Where", 44, ""),
                Column("Pages", 9, ""),
                Column("Page names", 50, ""),
            ),
            tuple(_others(report)),
        ),
    )


def _meanings(report: Report) -> Iterator[tuple[Cell, ...]]:
    for column in COLUMNS:
        yield "column", column.name, column.about
    for decision, about in DECISIONS.items():
        yield "Decision", decision.value, about
    for word, about in (*STATUSES.values(), *WAITING.values()):
        yield "Status", word, about
    for words in (*AGREEMENTS.values(), UNKNOWN_AGREEMENT):
        yield "BAA statement", words, "What the company says, on the day in BAA checked."
    for word in MOMENTS.values():
        yield "When and if", word, "The moment at which it runs or sends."
    classes = {
        each.name: each.id
        for page in report.site.pages.values()
        for each in page.classes
        if each.id != NOT_SENSITIVE
    }
    for name, identity in sorted(classes.items()):
        advice = f"A class of pages; trackerlint explain {identity} says what makes a page one."
        yield "page class", name, advice
    found = {each.code for each in told(report)}
    for rule in sorted(report.rules, key=lambda each: each.code):
        if rule.code in found:
            words = f"{rule.short} {rule.next}".strip()
            yield "Findings", f"{rule.name} ({rule.severity})", f"{words} ({rule.code})"
    for word, about in WORDS:
        yield "word", word, about


def _unread(report: Report) -> Iterator[tuple[Cell, ...]]:
    coverage = report.coverage
    for skip in sorted(coverage.skips, key=lambda each: (each.path, each.line, each.reason)):
        where = f"{skip.path}:{skip.line}" if skip.line else skip.path
        yield SKIPPED.get(skip.kind, skip.kind), where, " ".join(skip.reason.split())
    for container, place in unread_containers(report).items():
        yield "a container whose tags were not seen", str(place), container
    lost = sorted(
        coverage.unresolved,
        key=lambda each: (each.place.path, each.place.line, each.what, each.target),
    )
    for each in lost:
        yield "a link that could not be followed", str(each.place), f"{each.what} {each.target}"
    for kind, number in sorted(coverage.other_kinds.items()):
        yield "other kinds of files, left alone", kind, f"{number} of them"


def _hosts(report: Report) -> Iterator[tuple[Cell, ...]]:
    hosts = sorted(
        report.site.unknown_hosts,
        key=lambda each: (each.host, each.place.path, each.place.line, each.kind),
    )
    for each in hosts:
        pages = sorted(each.pages)
        yield (
            each.host,
            each.owner,
            each.category,
            each.kind,
            f"{each.place.path}:{each.place.line}",
            len(pages),
            listed(pages, MOST_PAGES),
        )


def _others(report: Report) -> Iterator[tuple[Cell, ...]]:
    """What contacts a third party and is no tracker, each product once a file."""
    site = report.site
    pages: dict[tuple[str, str], set[str]] = {}
    first: dict[tuple[str, str], int] = {}
    for each in site.others:
        key = (each.vendor, each.place.path)
        pages.setdefault(key, set()).update(firing.page for firing in each.fires)
        first[key] = min(first.get(key, each.place.line), each.place.line)
    for vendor, path in sorted(pages):
        known = site.vendors.get(vendor)
        own = sorted(pages[vendor, path])
        yield (
            known.name if known else vendor,
            known.owner if known else "",
            KINDS.get(known.kind, known.kind) if known else "",
            f"{path}:{first[vendor, path]}",
            len(own),
            listed(own, MOST_PAGES),
        )
