"""Which findings somebody has accepted, by whose word, and which words settle nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from analyzer.model import Finding, Site, Step, Suppression, Vendor
from analyzer.policy.patterns import covers, is_below

ORDER = ("comment", "tag-notes", "ignore", "allowed", "agreement")  # whose word is told
EVERY_CLASS = "*"


class Scoped(Protocol):
    """What stands in the configuration of one folder."""

    @property
    def folder(self) -> str: ...


Entry = TypeVar("Entry", bound=Scoped)


@dataclass(frozen=True, slots=True)
class Settled:
    """The findings with the word that settles each, and how many each suppression covers."""

    findings: tuple[Finding, ...]
    counts: tuple[int, ...]


def settled(
    findings: Iterable[Finding],
    suppressions: Sequence[Suppression],
    site: Site,
    yields_to: Mapping[str, Sequence[str]],
) -> Settled:
    """Hold findings against suppressions; `yields_to` tells by a rule's code whether agreements and
    allowed vendors settle its findings.
    """
    counts = [0] * len(suppressions)
    numbered = sorted(enumerate(suppressions), key=lambda each: ORDER.index(each[1].kind))
    today = site.policy.today
    told: list[Finding] = []
    for finding in findings:
        first: Suppression | None = None
        vendor = site.vendors.get(finding.vendor)
        for number, each in numbered:
            if not _counts(each, today) or not _speaks_of(
                each, finding, vendor, yields_to.get(finding.code, ())
            ):
                continue
            counts[number] += 1
            first = first or each
        told.append(replace(finding, suppressed=first))
    return Settled(tuple(told), tuple(counts))


def named(code: str, name: str, wanted: Iterable[str]) -> bool:
    """Is a rule among those that are named by name, code or beginning of a code?"""
    return any(each == name or code.startswith(each) for each in wanted)


def nearest(entries: Iterable[Entry], path: str) -> tuple[Entry, ...]:
    """The entries of the configurations that a file lies below, the nearest first."""
    own = [each for each in entries if is_below(path, each.folder)]
    return tuple(sorted(own, key=lambda each: -len(each.folder)))


def idle(site: Site) -> tuple[Step, ...]:
    """The entries of the configuration, other than suppressions, that nothing on the site answers
    to, with what each is about.
    """
    return tuple(_idle(site))


def _idle(site: Site) -> Iterator[Step]:
    yield from ()


def _counts(suppression: Suppression, today: date) -> bool:
    return not suppression.wrong and (suppression.until is None or today <= suppression.until)


def _speaks_of(
    suppression: Suppression, finding: Finding, vendor: Vendor | None, yields_to: Sequence[str]
) -> bool:
    """Does a suppression cover a finding? What it leaves empty it does not ask for."""
    each = suppression
    if each.rules and not named(finding.code, finding.rule, each.rules):
        return False
    if each.vendors and finding.vendor not in each.vendors and not _owned(each, vendor):
        return False
    if not each.vendors and each.companies and not _owned(each, vendor):
        return False
    match each.kind:
        case "comment":
            return finding.place.path == each.place.path and finding.place.line in each.lines
        case "tag-notes":
            return (
                finding.tag is not None
                and finding.tag.container_id == each.container
                and finding.tag.path == each.place.path
                and finding.tag.tag_name in each.tags
            )
        case "allowed":
            if "allowed" not in yields_to or not set(finding.classes) <= set(each.classes):
                return EVERY_CLASS in each.classes and "allowed" in yields_to
            return bool(finding.classes) and _in_reach(each, finding)
        case "agreement":
            return "agreement" in yields_to and _in_reach(each, finding)
    if each.classes and not set(finding.classes) & set(each.classes):
        return False
    if each.tags and (finding.tag is None or finding.tag.tag_name not in each.tags):
        return False
    return _in_reach(each, finding)


def _owned(suppression: Suppression, vendor: Vendor | None) -> bool:
    return vendor is not None and vendor.owner.lower() in {
        name.lower() for name in suppression.companies
    }


def _in_reach(suppression: Suppression, finding: Finding) -> bool:
    return covers(suppression.paths, suppression.folder, finding.place.path)
