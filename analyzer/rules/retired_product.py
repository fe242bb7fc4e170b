"""The code of a product that has ended is still on the site.

Why it matters: nothing is measured any more, and browsers still ask the vendor's hosts, or hosts
that somebody else may take over, with the address of the page.
Leftovers also make an inventory of trackers longer than it is.

What to do: remove the code, and what feeds it in the tag manager; where a successor is wanted,
decide about it on its own, page class by page class.

References: 45 CFR 164.308(a)(1)(ii)(A) and (D).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site, Snippet, Step
from analyzer.rules._findings import MOST_RELATED, name_of, running, trail_of

CODE = "TL305"
SEVERITY = "note"
SCORE = "2.2"
MESSAGE = "'{0}' is still here, and the product has ended: '{1}'."
NEXT = "Remove the code of the product that has ended, and its tags in the tag manager."
TAGS = ("privacy", "maintainability")


def check(site: Site) -> Iterator[Finding]:
    """A note for each product that ended before today, in the code and in each container."""
    found: dict[tuple[str, str], list[Snippet]] = {}
    for snippet in running(site):
        retired = site.vendors[snippet.vendor].retired
        if retired is not None and retired.date < site.policy.today.isoformat():
            tag = snippet.head.detection.tag
            found.setdefault((snippet.vendor, tag.path if tag else ""), []).append(snippet)
    for listed in found.values():
        yield _about(site, listed)


def _about(site: Site, listed: list[Snippet]) -> Finding:
    """At the snippet that shows best what is left, which is where the product is set up."""
    snippet = min(listed, key=lambda each: (not each.ids, -len(each.fires)))
    retired, place, tag = (
        site.vendors[snippet.vendor].retired,
        snippet.head.place,
        snippet.head.detection.tag,
    )
    return Finding(
        place=place,
        arguments=(name_of(site, snippet), retired.what if retired else ""),
        anchor=("retired", snippet.vendor, tag.container_id if tag else ""),
        vendor=snippet.vendor,
        pages=tuple(sorted({firing.page for each in listed for firing in each.fires})),
        trail=trail_of(site, snippet, snippet.fires[0]) if snippet.fires else (),
        related=tuple(
            Step(each.head.place, "is left here too") for each in listed if each is not snippet
        )[:MOST_RELATED],
        tag=tag,
    )
