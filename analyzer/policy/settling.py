"""Which findings somebody has accepted, by whose word, and which words settle nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Protocol, TypeVar

from analyzer.model import Finding, Home, Site, Suppression, Vendor
from analyzer.policy.patterns import covers

ORDER = ("comment", "tag-notes", "ignore", "allowed", "agreement")  # whose word is told
EVERY_CLASS = "*"


class Scoped(Protocol):
    """What stands in the configuration of one folder."""

    @property
    def home(self) -> Home: ...


Entry = TypeVar("Entry", bound=Scoped)


@dataclass(frozen=True, slots=True)
class Settled:
    """The findings with the word that settles each; how many each suppression covers, and the codes
    of their rules.
    """

    findings: tuple[Finding, ...]
    counts: tuple[int, ...]
    codes: tuple[frozenset[str], ...] = ()


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
    codes: list[set[str]] = [set() for _ in suppressions]
    today = site.policy.today
    words = [each for each in enumerate(suppressions) if _counts(each[1], today)]
    beside: dict[tuple[str, int], list[tuple[int, Suppression]]] = {}
    for each in words:
        for line in each[1].lines:  # asking every comment about every finding would take long
            beside.setdefault((each[1].place.path, line), []).append(each)
    others = sorted(
        (each for each in words if not each[1].lines), key=lambda each: ORDER.index(each[1].kind)
    )
    told: list[Finding] = []
    for finding in findings:
        first: Suppression | None = None
        vendor = site.vendors.get(finding.vendor)
        near = beside.get((finding.place.path, finding.place.line), ())
        for number, word in chain(near, others):
            if not _speaks_of(word, finding, vendor, yields_to.get(finding.code, ())):
                continue
            counts[number] += 1
            codes[number].add(finding.code)
            first = first or word
        told.append(replace(finding, suppressed=first))
    return Settled(tuple(told), tuple(counts), tuple(map(frozenset, codes)))


def named(code: str, name: str, wanted: Iterable[str]) -> bool:
    """Is a rule among those that are named by name, code or beginning of a code?"""
    return any(each == name or code.startswith(each) for each in wanted)


def nearest(entries: Iterable[Entry], path: str) -> tuple[Entry, ...]:
    """The entries of the configurations that a file lies below, the nearest first."""
    own = [each for each in entries if each.home.reaches(path)]
    return tuple(sorted(own, key=lambda each: (each.home.everywhere, -len(each.home.folder))))


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
            on = _is_on(each, finding)
            return "allowed" in yields_to and on and _in_reach(each, finding)
        case "agreement":
            named_itself = finding.vendor in each.vendors
            return (
                "agreement" in yields_to
                and (named_itself or is_offered(vendor))
                and _in_reach(each, finding)
            )
    if each.classes and not _is_on(each, finding):
        return False
    if each.tags and (finding.tag is None or finding.tag.tag_name not in each.tags):
        return False
    return _in_reach(each, finding)


def _is_on(suppression: Suppression, finding: Finding) -> bool:
    """Are all pages of a finding of the classes that are named? Whoever accepts it on public pages
    has said nothing about the portal.
    """
    if EVERY_CLASS in suppression.classes:
        return True
    return bool(finding.classes) and set(finding.classes) <= set(suppression.classes)


def is_offered(vendor: Vendor | None) -> bool:
    """May a company's agreement cover this product of its? Where the vendor says that it signs none
    for the product, somebody has to name the product itself.
    """
    return vendor is None or vendor.baa.offered != "no"


def _owned(suppression: Suppression, vendor: Vendor | None) -> bool:
    return vendor is not None and vendor.owner.lower() in {
        name.lower() for name in suppression.companies
    }


def _in_reach(suppression: Suppression, finding: Finding) -> bool:
    return covers(suppression.paths, suppression.home, finding.place.path)
