"""A sensitive page gets trackers from its layout or from what it includes.

Why it matters: the page's author wrote no tracker, and a review of the page alone shows none.
This note stands at the line that brings them, so that a new page that begins to inherit a tracker
is seen in the change that adds it.
How serious the tracker is there, the rule on the page's class says at the tracker itself.

What to do: extend a layout without trackers, or empty the block that holds them.

References: HHS OCR, Use of Online Tracking Technologies (1 December 2022, revised 18 March 2024);
45 CFR 164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.model import Finding, Firing, Page, Site, Snippet, Step
from analyzer.rules._findings import MOST_RELATED, SENSITIVE, name_of, trackers, trail_of
from analyzer.rules._sure import is_sure

CODE = "TL110"
SEVERITY = "note"
SCORE = "3.1"
MESSAGE = "This page inherits '{0}' from '{1}'."
NEXT = "Let the page extend a layout without trackers, or leave the block that holds them empty."
TAGS = ("security", "privacy", "external/cwe/cwe-829")
MOST_NAMED = 3
# Of pages that merely ask for a login, the rule on those tells the number: an application has
# hundreds.
OPEN = tuple(each for each in SENSITIVE if each != "signed-in")


@dataclass(frozen=True, slots=True)
class Inherited:
    """A tracker that a page gets, and the file that brings it."""

    snippet: Snippet
    firing: Firing
    source: str


def check(site: Site) -> Iterator[Finding]:
    """A note for each sensitive page that does not hold all of its trackers itself."""
    found: dict[str, list[Inherited]] = {}
    for snippet in trackers(site):
        for firing in snippet.fires:
            page = site.pages.get(firing.page)
            if (
                page is None
                or not is_sure(site, snippet, firing)
                or not any(page.has_class(each) for each in OPEN)
            ):
                continue
            if source := _source(page, snippet, firing):
                found.setdefault(page.path, []).append(Inherited(snippet, firing, source))
    for path in sorted(found):
        yield _about(site, site.pages[path], found[path])


def _source(page: Page, snippet: Snippet, firing: Firing) -> str:
    """The last layout or included file on the way; none where the page itself has the tracker.

    A container's tag is inherited where its snippet is.
    """
    others = {*page.layouts, *page.parts}
    way = (*(step.place.path for step in firing.trail), snippet.head.place.path)
    return next((path for path in reversed(way) if path in others and path != page.path), "")


def _about(site: Site, page: Page, inherited: list[Inherited]) -> Finding:
    first = inherited[0]
    steps = (step.place for step in first.firing.trail if step.place.path == page.path)
    count = Counter(each.source for each in inherited)
    source = max(sorted(count), key=lambda each: count[each])
    return Finding(
        place=next(steps, page.place),
        arguments=(_said(site, inherited), source),
        anchor=("inherits", page.path),
        pages=(page.path,),
        classes=tuple(each.id for each in page.classes if each.id in OPEN),
        trail=trail_of(site, first.snippet, first.firing),
        related=tuple(
            Step(each.snippet.head.place, f"{name_of(site, each.snippet)} comes from here")
            for each in inherited
            if each is not first
        )[:MOST_RELATED],
    )


def _said(site: Site, inherited: list[Inherited]) -> str:
    names = list(dict.fromkeys(site.vendors[each.snippet.vendor].name for each in inherited))
    more = [f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    told = [*names[:MOST_NAMED], *more]
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))
