"""A tracker in a layout runs on every page that uses it.

Why it matters: a layout decides for pages that its author does not think of: the next page that is
added, the search for doctors, the form that comes later, all carry the tracker without a line of
their own. That nobody had to vet such tools is what the Attorney General of New York found at a
hospital whose site had carried them for years (NewYork-Presbyterian, 27 December 2023).

Where such a page is among those that were read, the rule on that page tells of the tracker, and
this one is silent.

What to do: load trackers on the pages that need them, or give sensitive pages a layout without any.
Keep an inventory of what each layout brings along, as a part of the risk analysis.

References: 45 CFR 164.308(a)(1)(ii)(A); NY AG, NewYork-Presbyterian (27 December 2023).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import Finding, Firing, Site, Snippet
from analyzer.rules._findings import about_pages, trackers
from analyzer.rules._ladder import is_told
from analyzer.rules._products import products, with_beside

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
    found: list[tuple[Snippet, list[Firing]]] = []
    layouts: dict[str, str] = {}
    for snippet in trackers(site):
        layout = _layout_of(site, snippet)
        firings = [
            each
            for each in snippet.fires
            if each.page in site.pages and layout in site.pages[each.page].layouts
        ]
        if layout and len(firings) >= FEWEST and not is_told(site, snippet):
            found.append((snippet, firings))
            layouts[snippet.group] = layout
    for each in products(found):
        finding = about_pages(site, each.snippet, each.firings)
        plain = replace(
            finding,
            arguments=(*finding.arguments, layouts[each.snippet.group]),
            related=(),
        )
        yield with_beside(site, plain, each)


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
