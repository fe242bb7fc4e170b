"""A tracker in a layout runs on every page that uses it.

Why it matters: a layout decides for pages that its author does not think of: the next page that is
added, the search
for doctors, the form that comes later, all carry the tracker without a line of their own.
The investigations behind the settlements found trackers that nobody had put on the page in
question.

What to do: load trackers on the pages that need them, or give sensitive pages a layout without any.
Keep an inventory of what each layout brings along (risk analysis, 45 CFR 164.308(a)(1)(ii)(A)).

This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site, Snippet
from analyzer.rules._findings import about_pages, trackers

CODE = "TL105"
SEVERITY = "warning"
SCORE = "5.5"
MESSAGE = "'{0}' runs on every page that uses the layout '{2}': '{1}'."
NEXT = "Load the tracker only on the pages that need it, not in a layout that all pages share."
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-829", "external/cwe/cwe-359")
FEWEST = 2  # pages that make a layout's tracker worth a word


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet that at least two pages get through a layout, at the snippet."""
    for snippet in trackers(site):
        layout = _layout_of(site, snippet)
        firings = [
            each
            for each in snippet.fires
            if each.page in site.pages and layout in site.pages[each.page].layouts
        ]
        if layout and len(firings) >= FEWEST:
            finding = about_pages(site, snippet, firings)
            yield Finding(
                place=finding.place,
                arguments=(*finding.arguments, layout),
                anchor=finding.anchor,
                vendor=finding.vendor,
                pages=finding.pages,
                trail=finding.trail,
                tag=finding.tag,
            )


def _layout_of(site: Site, snippet: Snippet) -> str:
    """The layout through which most of the snippet's pages get it; a container's tags come with
    its snippet.
    """
    if snippet.head.detection.tag is not None:
        return ""
    counts: dict[str, int] = {}
    for firing in snippet.fires:
        page = site.pages.get(firing.page)
        if page is None:
            continue
        on_trail = {step.place.path for step in firing.trail} | {snippet.head.place.path}
        for layout in page.layouts:
            if layout in on_trail:
                counts[layout] = counts.get(layout, 0) + 1
    return max(sorted(counts), key=lambda each: counts[each], default="")
