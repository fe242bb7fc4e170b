"""A tag for advertising, analytics or recordings does not wait for consent, and others do.

Why it matters: where a container asks for consent, a tag that does not wait makes the banner say
something that the page does not do.
State consumer health laws ask for consent before health data are collected or shared beyond what
a visitor asked for.
A cookie banner is not a HIPAA authorization: where protected health information would reach a
vendor without an agreement, 45 CFR 164.508 asks for a signed authorization, and no banner is one.

What to do: set the tag's consent settings (Advanced Settings, Consent Settings, Require additional
consent), or let a trigger that waits for consent fire it.
Google's own tags ask by themselves where a consent state is set, and are then left alone.

Where no tag has consent settings and nothing asks, this is said once for the container.

References: RCW 19.373.030 (in force since 31 March 2024); Nevada SB 370 (31 March 2024); 45 CFR
164.508(a)(3) and (c).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import (
    ContainerReport,
    Finding,
    Kind,
    Role,
    Site,
    Status,
    Step,
    TagReport,
    Trigger,
)
from analyzer.rules._consent import WORDS
from analyzer.rules._containers import (
    MOST_RELATED,
    listed,
    live,
    others_said,
    ref,
    tags_said,
    title_of,
)

CODE = "TL510"
SEVERITY = "warning"
SCORE = "4.2"
MESSAGE = "The tag '{0}' sends to '{1}' without waiting for consent: '{2}'."
NEXT = "Set the consent settings of the tag, or let a trigger that waits for consent fire it."
TAGS = ("privacy", "external/cwe/cwe-359")
FOLLOWS = frozenset(
    {"advertising", "audio-advertising", "analytics", "session-replay", "social", "customer-data"}
)
ASKS_BY_ITSELF = "Google"  # the owner whose tags heed the consent state without a setting


def check(site: Site) -> Iterator[Finding]:
    """A finding for each container and vendor; one for a container in which nothing asks."""
    for report in site.containers:
        if "SERVER" in report.container.context:
            continue
        free = [each for each in live(report) if _follows(site, each) and not _waits(each)]
        reason = _asking(site, report)
        if reason:
            yield from _beside_others(site, report, free, reason)
        elif free and not any(map(_waits, live(report))) and not _asks_elsewhere(site):
            yield _of_container(site, report, free)


def _beside_others(
    site: Site, report: ContainerReport, free: list[TagReport], reason: str
) -> Iterator[Finding]:
    by_vendor: dict[str, list[TagReport]] = {}
    for each in free:
        if each.vendor and site.vendors[each.vendor].owner != ASKS_BY_ITSELF:
            by_vendor.setdefault(each.vendor, []).append(each)
    for vendor, reports in by_vendor.items():
        tags = [each.tag for each in reports]
        yield Finding(
            place=tags[0].place,
            arguments=(tags_said(tags), site.vendors[vendor].name, reason),
            anchor=("container", title_of(report.container), vendor),
            vendor=vendor,
            pages=tuple(sorted({each.page for one in reports for each in one.fires})),
            related=others_said(tags, "does not wait, either"),
            tag=ref(report.container, tags[0]),
        )


def _of_container(site: Site, report: ContainerReport, free: list[TagReport]) -> Finding:
    tags = [each.tag for each in free]
    vendors = listed(site.vendors[each.vendor].name for each in free if each.vendor)
    steps = (Step(tag.place, f"tag '{tag.name}' does not wait") for tag in tags[:MOST_RELATED])
    return Finding(
        place=report.container.place,
        arguments=(
            tags_said(tags),
            vendors,
            f"no tag of container {title_of(report.container)} has consent settings",
        ),
        anchor=("container", title_of(report.container), "no consent settings"),
        related=tuple(steps),
    )


def _follows(site: Site, report: TagReport) -> bool:
    vendor = site.vendors.get(report.vendor or "")
    return vendor is not None and vendor.kind is Kind.TRACKER and vendor.category in FOLLOWS


def _waits(report: TagReport) -> bool:
    """Do its settings, its triggers or its own code ask for consent?"""
    tag = report.tag
    if tag.consent.status == "NEEDED":
        return True
    if any(WORDS.search(text) for each in (*tag.triggers, *tag.blocking) for text in _said(each)):
        return True
    return any(guard.kind == "consent" for fact in tag.facts for guard in fact.guards)


def _said(trigger: Trigger) -> tuple[str, ...]:
    return (trigger.name, trigger.event, trigger.said, str(trigger.page))


def _asks_elsewhere(site: Site) -> bool:
    """Does the site's own code ask, so that the container may well be told to wait?"""
    return any(
        each.detection.tag is None
        and (site.vendors[each.vendor].kind is Kind.CONSENT or each.detection.role is Role.GATE)
        for each in site.others
    )


def _asking(site: Site, report: ContainerReport) -> str:
    """Why one may expect that the container's tags wait."""
    container = report.container
    needing = [each for each in live(report) if each.tag.consent.status == "NEEDED"]
    if needing:
        some = "1 other tag" if len(needing) == 1 else f"{len(needing)} other tags"
        return f"{some} of the container must wait for it"
    for each in site.others:
        tag = each.detection.tag
        if (
            tag is not None
            and (tag.path, tag.container_id) == (container.place.path, container.container_id)
            and each.status is not Status.DEAD
            and each.detection.role is not Role.MARKER
            and site.vendors[each.vendor].kind is Kind.CONSENT
        ):
            return f"the tag {tag.tag_name} brings {site.vendors[each.vendor].name}"
    return ""
