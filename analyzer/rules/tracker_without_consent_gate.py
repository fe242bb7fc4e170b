"""A tracker starts on a page without waiting for the visitor's consent.

Why it matters: state consumer health laws ask for consent before health data are collected or
shared beyond what a visitor asked for, and suits under wiretap statutes often turn on whether
somebody agreed before the data went out; on the latter courts are divided.
Where a consent manager is on the site, a tracker that does not wait for it makes the banner say
something that the page does not do.
A cookie banner is not a HIPAA authorization: where protected health information would reach a
vendor without an agreement, 45 CFR 164.508 asks for a signed authorization, and no banner is one.

What to do: let the consent manager start the tracker: mark its script for the manager, require
consent in the tag manager's tag, or tell the vendor's library at first that consent is denied.
Where there is no consent manager, decide first whether the tracker is needed at all.
The tags of a container have a rule of their own.

Where the site has no consent manager that is known, this is said once, at the advertising product
that reaches most pages. A manager that stops scripts by itself is trusted to do so.

References: RCW 19.373.030 and Nevada SB 370 (both in force since 31 March 2024); 45 CFR
164.508(a)(3) and (c).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import Finding, Kind, Site, Snippet, Status, Step, Verdict
from analyzer.rules._consent import (
    asks_somehow,
    holds_back_by_itself,
    is_asked,
    managers,
    runs_at_once,
)
from analyzer.rules._findings import MOST_RELATED, about_pages, trackers

CODE = "TL401"
SEVERITY = "warning"
SCORE = "4.4"
MESSAGE = "'{0}' runs before anybody is asked, on '{1}': '{2}'."
NEXT = "Let a consent manager start the tracker, or take it out."
TAGS = ("privacy", "external/cwe/cwe-359")
# What follows a person or records them; a count of visits without an id of a visitor does not.
FOLLOWS = frozenset(
    {"advertising", "audio-advertising", "session-replay", "social", "customer-data"}
)
SELLS = frozenset({"advertising", "audio-advertising"})


def check(site: Site) -> Iterator[Finding]:
    """A finding for each tracker beside a consent manager; without one, a single finding."""
    asking = managers(site)
    free = [
        each
        for each in trackers(site)
        if each.status in (Status.LIVE, Status.CONDITIONAL)
        and each.head.detection.tag is None
        and runs_at_once(each)
        and not is_asked(each)
    ]
    if not asking:
        yield from _without_manager(site, free)
        return
    if any(holds_back_by_itself(site, each) for each in asking):
        return
    reached = {firing.page for each in asking for firing in each.fires}
    first = asking[0]
    name = site.vendors[first.vendor].name
    for snippet in free:
        if not _follows(site, snippet):
            continue
        # Only pages that the manager is on: elsewhere another site of the repository may begin.
        firings = [
            each
            for each in snippet.fires
            if each.verdict is Verdict.YES and each.page in reached and each.page in site.pages
        ]
        if firings:
            finding = about_pages(site, snippet, firings)
            yield replace(
                finding,
                arguments=(*finding.arguments, f"{name} does not hold it back"),
                related=(Step(first.place, f"{name} asks visitors here"),),
            )


def _without_manager(site: Site, free: list[Snippet]) -> Iterator[Finding]:
    """One finding for the whole site, at the advertising product that reaches most pages."""
    selling = [each for each in free if site.vendors[each.vendor].category in SELLS]
    if not selling or asks_somehow(site):
        return
    snippet = max(selling, key=lambda each: len(each.fires))
    firings = [each for each in snippet.fires if each.verdict is Verdict.YES]
    finding = about_pages(site, snippet, firings)
    yield replace(
        finding,
        arguments=(*finding.arguments, "no consent manager was found"),
        anchor=("no consent manager",),
        related=tuple(
            Step(each.head.place, f"{site.vendors[each.vendor].name} does not wait either")
            for each in selling
            if each is not snippet
        )[:MOST_RELATED],
    )


def _follows(site: Site, snippet: Snippet) -> bool:
    """Does the product follow or record visitors? Analytics does where it keeps a cookie."""
    vendor = site.vendors[snippet.vendor]
    if vendor.kind is not Kind.TRACKER:
        return False
    keeps = any("cookie" in text for text in vendor.receives)
    return vendor.category in FOLLOWS or (vendor.category == "analytics" and keeps)
