"""Every vendor of the site: where it runs, what it gets, and which agreements there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer import sentences
from analyzer.model import Agreement, Finding, Kind, Role, Status, Tracker, Vendor
from analyzer.outputs._html_gathered import STATES, Gathered, Received, apart, said, tells
from analyzer.outputs._styled import count

MOST_IDS = 12
MOST_DATA = 40
MOST_PLACES = 8
PRESENT = {Role.PACKAGE: ", a declared package", Role.LIBRARY: ", library present"}
KINDS = {
    Kind.TRACKER: "Trackers",
    Kind.TAG_MANAGER: "Tag managers",
    Kind.CONSENT: "Consent managers",
    Kind.PORTAL: "Patient portals",
    Kind.EMBED: "Embedded content",
    Kind.MONITORING: "Error and performance monitoring",
}


@dataclass(frozen=True, slots=True)
class AgreementTold:
    """An agreement of the organisation's own policy."""

    words: str
    in_force: bool
    where: str


@dataclass(frozen=True, slots=True)
class VendorTold:
    """A vendor, as the site has it and as its signature describes it."""

    id: str
    name: str
    kind: str
    about: str
    ids: tuple[str, ...]
    uses: tuple[str, ...]
    receives: tuple[str, ...]
    seen: tuple[Received, ...]
    states: tuple[str, ...]
    classes: tuple[tuple[str, str, str], ...]  # id, name, on how many pages
    everywhere: str
    places: tuple[str, ...]
    more_places: int
    statement: str
    note: str
    source: str
    retired: str
    agreements: tuple[AgreementTold, ...]
    owners: tuple[str, ...]
    open: int
    docs: str


def vendors(gathered: Gathered, findings: tuple[Finding, ...]) -> list[VendorTold]:
    """The vendors that the site has, those that run on most classes of pages first."""
    trackers: dict[str, list[Tracker]] = {}
    for each in sorted((*gathered.site.trackers, *gathered.site.others), key=_spot):
        trackers.setdefault(each.vendor, []).append(each)
    numbers: dict[str, int] = {}
    for finding in findings:
        numbers[finding.vendor] = numbers.get(finding.vendor, 0) + 1
    told = [
        _vendor(gathered, vendor, own, numbers.get(vendor, 0)) for vendor, own in trackers.items()
    ]
    kinds = list(KINDS.values())
    return sorted(
        told, key=lambda each: (kinds.index(each.kind), -len(each.classes), each.name.lower())
    )


def owners_of(gathered: Gathered, finding: Finding) -> tuple[str, ...]:
    """Who answers for a finding: who accepts it, or looks after an agreement with its vendor."""
    found = [finding.suppressed.owner] if finding.suppressed else []
    vendor = gathered.site.vendors.get(finding.vendor)
    if vendor is not None:
        found += [
            each.owner
            for each in gathered.site.policy.agreements
            if _speaks_of(each, vendor) and each.home.reaches(finding.place.path)
        ]
    return tuple(dict.fromkeys(each for each in found if each))


def _vendor(gathered: Gathered, name: str, trackers: list[Tracker], number: int) -> VendorTold:
    vendor = gathered.site.vendors.get(name) or Vendor(name, name, "", "", Kind.TRACKER)
    surely, maybe = apart(
        firing for each in trackers if each.status is not Status.DEAD for firing in each.fires
    )
    agreements = tuple(_agreements(gathered, vendor))
    places = list(dict.fromkeys(_where(each) for each in trackers))
    retired = vendor.retired
    about = " · ".join(part for part in (vendor.category, vendor.owner) if part)
    return VendorTold(
        name,
        vendor.name,
        KINDS[vendor.kind],
        about,
        tuple(dict.fromkeys(one for each in trackers for one in each.detection.ids))[:MOST_IDS],
        vendor.uses,
        vendor.receives,
        tuple(_seen(gathered, trackers))[:MOST_DATA],
        tuple(dict.fromkeys(STATES[each.status] for each in trackers if each.status in STATES)),
        tuple(
            (each.id, each.name, words)
            for each in gathered.classes
            if (words := _on(surely, maybe, frozenset(each.pages)))
        ),
        _on(surely, maybe, frozenset(gathered.site.pages)),
        tuple(places[:MOST_PLACES]),
        max(0, len(places) - MOST_PLACES),
        _statement(vendor),
        vendor.baa.note,
        vendor.baa.source,
        f"{retired.date}: {retired.what}" if retired else "",
        agreements,
        tuple(
            dict.fromkeys(
                each.owner
                for each in gathered.site.policy.agreements
                if each.owner and _speaks_of(each, vendor)
            )
        ),
        number,
        vendor.docs if vendor.docs.startswith("https://") else "",
    )


def _statement(vendor: Vendor) -> str:
    words = sentences.agreement(vendor)
    return words if words.startswith("it is") else f"{vendor.owner or vendor.name} {words}"


def _on(surely: frozenset[str], maybe: frozenset[str], pages: frozenset[str]) -> str:
    certain, possible = len(surely & pages), len(maybe & pages)
    if not certain and not possible:
        return ""
    if not certain:
        return f"maybe on {possible} of {count(len(pages), 'page')}"
    words = f"on {certain} of {count(len(pages), 'page')}"
    return f"{words}, maybe on {possible} more" if possible else words


def _seen(gathered: Gathered, trackers: list[Tracker]) -> list[Received]:
    found = {
        (gathered.category_of(datum), said(datum))
        for each in trackers
        if each.status is not Status.DEAD
        for datum in each.detection.data
        if tells(datum)
    }
    return [Received(*key) for key in sorted(found, key=lambda key: (not key[0], key))]


def _agreements(gathered: Gathered, vendor: Vendor) -> Iterator[AgreementTold]:
    policy = gathered.site.policy
    for each in policy.agreements:
        if not _speaks_of(each, vendor):
            continue
        in_force = each.in_force(policy.today)
        words = [each.document or "an agreement"]
        words += [f"signed {each.signed.isoformat()}"] if each.signed else []
        if each.expires:
            ends = "until" if policy.today <= each.expires else "ended"
            words.append(f"{ends} {each.expires.isoformat()}")
        words += [f"looked after by {each.owner}"] if each.owner else []
        words.append("in force" if in_force else "not in force")
        yield AgreementTold(", ".join(words), in_force, f"{each.place.path}:{each.place.line}")


def _speaks_of(agreement: Agreement, vendor: Vendor) -> bool:
    return vendor.id in agreement.vendors or vendor.owner.lower() in {
        company.lower() for company in agreement.companies
    }


def _where(tracker: Tracker) -> str:
    hit = tracker.detection
    if hit.tag is not None:
        return f"tag '{hit.tag.tag_name}' of container {hit.tag.container_id or hit.tag.path}"
    return f"{hit.place.path}:{hit.place.line}{PRESENT.get(hit.role, '')}"


def _spot(tracker: Tracker) -> tuple[str, int, int, str]:
    place = tracker.place
    return place.path, place.region.line, place.region.column, tracker.vendor
