"""A vendor on sensitive pages may or may not sign a business associate agreement.

Why it matters: some vendors sign an agreement on certain plans or for certain products only, and of
others no statement was found. Whether one covers this product and this plan, no code can tell.
Where the vendor receives protected health information for a covered entity, it needs one.
An agreement does not allow every use: several vendors sign one and still forbid health information
in some of their products.

What to do: ask whoever keeps the contracts. Where there is an agreement, enter it in the
configuration with its document and its end: it settles this note, and brings it back when it ends.
Where there is none, take the product off these pages or send it nothing about patients.

References: 45 CFR 160.103, 164.308(b), 164.502(e), 164.504(e).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import Baa, Finding, Firing, Site, Snippet, Step
from analyzer.rules._agreements import has_expired_for
from analyzer.rules._findings import (
    MOST_RELATED,
    SENSITIVE,
    about_pages,
    is_sensitive,
    name_of,
    trackers,
)
from analyzer.rules._sure import surely

CODE = "TL304"
SEVERITY = "note"
SCORE = "3.9"
MESSAGE = (
    "'{0}' receives data from sensitive pages, '{1}', and no agreement is confirmed; what its "
    "vendor says, as of '{3}': '{2}'."
)
NEXT = (
    "Ask whether a signed agreement covers this product and plan, and enter it in the "
    "configuration under [[agreements]]."
)
YIELDS_TO = ("agreement", "allowed")
TAGS = ("privacy", "external/cwe/cwe-359")
STATEMENTS = {
    "unknown": "nothing that was found",
    "plan-dependent": "it depends on the plan",
    "yes": "it offers one",
}


def check(site: Site) -> Iterator[Finding]:
    """A note for each such vendor, at the snippet that reaches most of the sensitive pages."""
    found: dict[str, list[tuple[Snippet, list[Firing]]]] = {}
    for snippet in trackers(site):
        vendor = site.vendors[snippet.vendor]
        firings = [each for each in surely(site, snippet) if is_sensitive(site.pages[each.page])]
        known = vendor.baa.offered == "no" or has_expired_for(site, vendor, snippet.head.place.path)
        if firings and not known:
            found.setdefault(vendor.id, []).append((snippet, firings))
    for name, listed in found.items():
        yield _about(site, site.vendors[name].baa, listed)


def _about(site: Site, baa: Baa, listed: list[tuple[Snippet, list[Firing]]]) -> Finding:
    snippet, firings = max(listed, key=lambda each: len(each[1]))
    finding = about_pages(site, snippet, firings, SENSITIVE)
    others = tuple(
        Step(each.head.place, f"{name_of(site, each)} is here too")
        for each, _ in listed
        if each is not snippet
    )
    return replace(
        finding,
        arguments=(*finding.arguments, STATEMENTS[baa.offered], baa.checked or "an unknown date"),
        anchor=("vendor", snippet.vendor),
        related=(*finding.related, *others)[:MOST_RELATED],
    )
