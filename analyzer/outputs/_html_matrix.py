"""Vendors by classes of pages: on how many pages of a class each runs, and the worst finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.model import SEVERITY_ORDER, Finding, Severity
from analyzer.outputs._html_findings import classes_of
from analyzer.outputs._html_gathered import ELSEWHERE, Class, Gathered, Running, apart
from analyzer.outputs._html_tables import Tables
from analyzer.outputs._styled import count

DONE = "accepted"
MARKS = {"error": "▲", "warning": "■", "note": "●", DONE: "✓"}
WORDS = {"error": "to decide", "warning": "to look at", "note": "to know of", DONE: "accepted"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One vendor on one class of pages."""

    page_class: str
    sure: int
    maybe: int
    total: int
    worst: str  # the worst severity of the open findings, accepted, or nothing

    @property
    def number(self) -> str:
        """Surely and maybe, as it stands in the cell."""
        if not self.maybe:
            return str(self.sure)
        return f"{self.sure}–{self.sure + self.maybe}"

    @property
    def words(self) -> str:
        """The cell for those who do not see it."""
        pages = count(self.total, "page")
        maybe = f", maybe on {self.maybe} more" if self.maybe else ""
        worst = f"; {WORDS[self.worst]}" if self.worst else ""
        return f"on {self.sure} of {pages}{maybe}{worst}"

    @property
    def mark(self) -> str:
        return MARKS.get(self.worst, "")


@dataclass(frozen=True, slots=True)
class Line:
    vendor: str
    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    classes: tuple[Class, ...]
    lines: tuple[Line, ...]


def matrix(gathered: Gathered, findings: Iterable[Finding]) -> Matrix:
    classes = list(gathered.classes)
    if gathered.elsewhere:
        classes.append(Class(ELSEWHERE, "other pages", gathered.elsewhere))
    worst = _worst(gathered, findings)
    lines = [
        Line(
            vendor,
            gathered.vendor_name(vendor),
            tuple(_cell(own, each, worst.get((vendor, each.id), "")) for each in classes),
        )
        for vendor, own in gathered.by_vendor.items()
    ]
    shown = [line for line in lines if any(line.cells)]
    return Matrix(tuple(classes), tuple(sorted(shown, key=_order)))


def cells(gathered: Gathered, tables: Tables) -> Iterator[dict[str, Any]]:
    """What runs and where, for the lists that open from the cells."""
    for each in gathered.running:
        surely, maybe = apart(each.firings.values())
        yield {
            "vendor": tables.vendor(each.vendor),
            "name": each.name,
            "where": each.where(),
            "state": each.state,
            "sure": tables.pages(sorted(surely)),
            "maybe": tables.pages(sorted(maybe)),
            "data": [
                [
                    one.category,
                    one.said,
                    tables.pages(sorted(one.sure)),
                    tables.pages(sorted(one.maybe)),
                ]
                for one in each.received
            ],
        }


def _worst(gathered: Gathered, findings: Iterable[Finding]) -> dict[tuple[str, str], str]:
    ranks = [str(each) for each in SEVERITY_ORDER] + [DONE]
    found: dict[tuple[str, str], str] = {}
    for each in findings:
        if not each.vendor or each.severity is Severity.NOTE:
            continue
        rank = str(each.severity) if each.is_open else DONE
        for name in classes_of(gathered, each):
            known = found.get((each.vendor, name))
            if known is None or ranks.index(rank) < ranks.index(known):
                found[each.vendor, name] = rank
    return found


def _cell(running: Sequence[Running], page_class: Class, worst: str) -> Cell | None:
    surely, maybe = apart(firing for each in running for firing in each.on(page_class.pages))
    if not surely and not maybe:
        return None
    return Cell(page_class.id, len(surely), len(maybe), len(page_class.pages), worst)


def _order(line: Line) -> tuple[int, str]:
    """Those on most classes that matter first."""
    matter = sum(each is not None and each.page_class != ELSEWHERE for each in line.cells)
    return -matter, line.name.lower()
