"""What is wrong with rows, each in a sentence that names the row and the column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from analyzer.decisions.reading import Row
from analyzer.model import Site
from analyzer.outputs._columns import (
    DECISION,
    DOCUMENT,
    EXPIRES,
    KEY,
    OWNER,
    REASON,
    SIGNED,
    UNTIL,
    Decision,
)
from analyzer.outputs._inventory_items import Item

FILLED = (OWNER, REASON, DOCUMENT)


@dataclass(frozen=True, slots=True)
class Decided:
    """A row that somebody filled in, and what it is about."""

    row: Row
    item: Item
    decision: Decision

    @property
    def name(self) -> str:
        return f"row {self.row.number}"


class Mistake(Exception):
    """What is wrong with a row, in one sentence."""


def left(row: Row, by_key: Mapping[str, Item]) -> str:
    """Why nothing is done for a row that is no mistake, or an empty text."""
    if row.says(DECISION):
        if row.key and row.key not in by_key:
            return (
                f"row {row.number}: '{row.says(DECISION)}' is about something that is no longer "
                "there; nothing is written for it"
            )
        return ""
    if any(row.says(name) for name in FILLED):
        return f'row {row.number}: the column "{DECISION}" is empty, so nothing is decided'
    return f"row {row.number}: the decision was taken out; nothing is written for it"


def decision(row: Row) -> Decision:
    """The word of the row. Raises Mistake for another one, and for a row without its key."""
    said = row.says(DECISION).lower()
    if not row.key:
        raise Mistake(
            f'row {row.number}, column "{KEY}": without the key of the inventory nobody can tell '
            "which tracker the row is about; copy the row from the inventory again"
        )
    try:
        return Decision(said)
    except ValueError:
        near = get_close_matches(said, list(Decision), 1, 0.5)
        advice = f'write "{near[0]}"' if near else f"write one of {', '.join(Decision)}"
        raise Mistake(
            f'row {row.number}, column "{DECISION}": "{row.says(DECISION)}" is no decision; '
            f"{advice}"
        ) from None


def check(each: Decided, site: Site) -> None:
    """Raises Mistake for the first thing that a decision lacks."""
    row, today = each.row, site.policy.today
    signed, expires, until = (day(row, name) for name in (SIGNED, EXPIRES, UNTIL))
    match each.decision:
        case Decision.KEEP:
            _asks(row, OWNER, "say who answers for keeping it")
            _asks(row, REASON, "say in one sentence why it is kept")
            if until and until < today:
                raise Mistake(
                    f'row {row.number}, column "{UNTIL}": {until} has passed, so the decision '
                    "would count for nothing; write a day to come, or leave it empty"
                )
        case Decision.AGREEMENT:
            _asks(row, OWNER, "say who looks after the agreement")
            _asks(row, DOCUMENT, "say how the signed paper is found")
            if not each.item.vendor:
                raise Mistake(
                    f'{each.name}, column "{DECISION}": no vendor is known for it, so no agreement '
                    "can be entered; find out who receives the data first"
                )
            if signed and signed > today + timedelta(days=1):  # days differ around the world
                raise Mistake(
                    f'row {row.number}, column "{SIGNED}": {signed} is a day to come; enter the '
                    "agreement when it is signed"
                )
            if signed and expires and expires < signed:
                raise Mistake(
                    f'row {row.number}, column "{EXPIRES}": {expires} lies before {signed}, the '
                    f'day in "{SIGNED}"; exchange or correct them'
                )


def _asks(row: Row, name: str, advice: str) -> None:
    if not row.says(name):
        raise Mistake(
            f'row {row.number}, column "{name}": it is empty, and "{row.says(DECISION)}" needs '
            f"it; {advice}"
        )


def day(row: Row, name: str) -> date | None:
    """The day in a column. Raises Mistake for what is none."""
    text = row.says(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Mistake(
            f'row {row.number}, column "{name}": "{text}" is no day that everybody reads alike; '
            "write it as 2027-01-31"
        ) from None


def contradictions(decided: Sequence[Decided]) -> Iterator[str]:
    """Rows that say different things of one tracker, or of the agreement of one product."""
    first: dict[str, Decided] = {}
    papers: dict[str, Decided] = {}
    for each in decided:
        known = first.setdefault(each.item.key, each)
        if known.row.cells != each.row.cells:
            yield (
                f"rows {known.row.number} and {each.row.number} decide differently about "
                f"{each.item.where}; keep one"
            )
        if each.decision is not Decision.AGREEMENT:
            continue
        other = papers.setdefault(each.item.vendor, each)
        names = (DOCUMENT, SIGNED, EXPIRES, OWNER)
        differing = next(
            (name for name in names if other.row.says(name) != each.row.says(name)), ""
        )
        if differing and known is each:
            yield (
                f'rows {other.row.number} and {each.row.number}, column "{differing}": they name '
                "different agreements for one product; write the same into both, or decide in one"
            )
