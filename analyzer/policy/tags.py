"""Findings about a container's tags, known again when a tag was renamed or all were renumbered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analyzer.model import Finding

NAMED = 3  # pages that a sentence names


@dataclass(frozen=True, slots=True)
class Record:
    """A finding of an earlier run, as far as it is needed to know it again.

    `pages` are those of a finding about classes of pages, where the report tells them.
    """

    fingerprint: str
    code: str
    rule: str = ""
    path: str = ""
    message: str = ""
    vendor: str = ""
    container: str = ""
    tag_id: str = ""
    tag_name: str = ""
    pages: tuple[str, ...] | None = None


def record_of(finding: Finding) -> Record:
    tag = finding.tag
    return Record(
        finding.fingerprint,
        finding.code,
        finding.rule,
        finding.place.path,
        finding.message,
        finding.vendor,
        tag.container_id if tag else "",
        (tag.tag_id or "") if tag else "",
        tag.tag_name if tag else "",
        tuple(sorted(finding.pages)) if finding.classes else None,
    )


def on_pages(pages: Sequence[str]) -> str:
    """The pages that a known finding has come to, for people."""
    named = ", ".join(pages[:NAMED])
    rest = len(pages) - NAMED
    return f"on {named} and {rest} more" if rest > 0 else f"on {named}"


def again(
    found: Sequence[Finding], before: Sequence[Record], same: Mapping[int, int]
) -> dict[int, int]:
    """The numbers of earlier records by those of the findings that are the same: those that are
    known to be (`same`), and of the others those about one tag.

    A tag is the same by its name, which survives another numbering, or by its number, which
    survives another name, unless the tags of the container were numbered anew.
    """
    known = dict(same)
    records = {number: record_of(each) for number, each in enumerate(found)}
    for told in (_by_name, _by_number):
        renumbered = _renumbered(records, before, known)
        left: dict[tuple[str, ...], list[int]] = {}
        taken = set(known.values())
        for number, record in enumerate(before):
            key = told(record, renumbered)
            if number not in taken and key is not None:
                left.setdefault(key, []).append(number)
        for number, record in records.items():
            key = told(record, renumbered)
            if number not in known and key is not None and left.get(key):
                known[number] = left[key].pop(0)
    return known


Told = Callable[[Record, "set[str]"], "tuple[str, ...] | None"]


def _by_name(record: Record, _: set[str]) -> tuple[str, ...] | None:
    if not record.container or not record.tag_name:
        return None
    return (record.code, record.container, record.vendor, record.tag_name)


def _by_number(record: Record, renumbered: set[str]) -> tuple[str, ...] | None:
    if not record.container or not record.tag_id or record.container in renumbered:
        return None
    return (record.code, record.container, record.vendor, record.tag_id)


def _renumbered(
    records: Mapping[int, Record], before: Sequence[Record], known: Mapping[int, int]
) -> set[str]:
    """The containers of which a tag that is surely the same has another number than before."""
    pairs: Iterable[tuple[Record, Record]] = (
        (records[number], before[other]) for number, other in known.items()
    )
    return {
        now.container
        for now, then in pairs
        if now.tag_name == then.tag_name and now.tag_id != then.tag_id and then.tag_id
    }
