"""A business associate agreement in the configuration has ended, and its vendor is still there.

Why it matters: a vendor that creates, receives, maintains or transmits protected health information
for a covered entity needs an agreement that is in force (45 CFR 164.502(e), 164.504(e)).
From the day after its end the agreement settles no finding any more, so the findings about the
vendor are shown again beside this one.

What to do: find the signed paper under the name that the configuration gives; enter the new end if
it was renewed, or take the product off these pages until it is.
Ask too whether the agreement covers this product and this plan.

References: 45 CFR 160.103, 164.308(b), 164.502(e), 164.504(e).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Agreement, Finding, Firing, Site, Snippet, Step
from analyzer.rules._agreements import has_expired_for, is_expired, speaks_of
from analyzer.rules._findings import (
    MOST_RELATED,
    SENSITIVE,
    is_sensitive,
    name_of,
    trackers,
    trail_of,
)
from analyzer.rules._sure import surely

CODE = "TL302"
SEVERITY = "error"
SCORE = "6.9"
MESSAGE = "The agreement '{0}' ended on '{1}', and '{2}' runs on sensitive pages: '{3}'."
NEXT = "Renew the agreement and enter its new end, or take the product off these pages."
YIELDS_TO = ("allowed",)
TAGS = ("privacy", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each agreement that is over, with what it no longer covers."""
    for agreement in site.policy.agreements:
        if not is_expired(agreement, site.policy.today):
            continue
        left = [
            (snippet, firings)
            for snippet in trackers(site)
            if _is_left(site, agreement, snippet) and (firings := _sensitive(site, snippet))
        ]
        if left:
            yield _about(site, agreement, left)


def _is_left(site: Site, agreement: Agreement, snippet: Snippet) -> bool:
    vendor, path = site.vendors[snippet.vendor], snippet.head.place.path
    return speaks_of(agreement, vendor, path) and has_expired_for(site, vendor, path)


def _sensitive(site: Site, snippet: Snippet) -> list[Firing]:
    return [each for each in surely(site, snippet) if is_sensitive(site.pages[each.page])]


def _about(site: Site, agreement: Agreement, left: list[tuple[Snippet, list[Firing]]]) -> Finding:
    vendors = list(dict.fromkeys(snippet.vendor for snippet, _ in left))
    pages = tuple(sorted({each.page for _, firings in left for each in firings}))
    snippet, firings = left[0]
    document = agreement.document or ", ".join((*agreement.vendors, *agreement.companies))
    return Finding(
        place=agreement.place,
        arguments=(
            document,
            str(agreement.expires),
            ", ".join(site.vendors[each].name for each in vendors),
            pages[0] if len(pages) == 1 else f"{len(pages)} pages",
        ),
        anchor=("agreement", agreement.folder, document),
        vendor=vendors[0] if len(vendors) == 1 else "",
        pages=pages,
        classes=tuple(
            dict.fromkeys(
                each.id
                for page in pages
                for each in site.pages[page].classes
                if each.id in SENSITIVE
            )
        ),
        trail=trail_of(site, snippet, firings[0]),
        related=tuple(
            Step(each.head.place, f"{name_of(site, each)} is here") for each, _ in left[1:]
        )[:MOST_RELATED],
    )
