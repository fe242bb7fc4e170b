"""A tracker may run on a sensitive page: a condition decides that the files do not settle.

Why it matters: the page is one where a patient's data is at hand, and nothing that was read keeps
the tracker away from it; whether it runs depends on the address, an event, an element or a state of
the page. Unknown is not clean.
Whether the product's own id is set is no such condition: where it is, the product runs on this page
as on all others, and the rule on the page's class tells it.

What to do: settle the condition where it can be settled: give the tag a blocking trigger for these
pages, or take the snippet out of their layout.

References: HHS OCR, Use of Online Tracking Technologies (1 December 2022, revised 18 March 2024);
45 CFR 164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import Finding, Firing, Site, Snippet, Verdict
from analyzer.rules._findings import SENSITIVE, about_pages, trackers
from analyzer.rules._products import products, with_beside
from analyzer.rules._sure import is_sure

CODE = "TL109"
SEVERITY = "warning"
SCORE = "5.2"
MESSAGE = "'{0}' may run on sensitive pages, under a condition: '{1}'."
NEXT = (
    "Make the condition certain: leave these pages out by name, or show that it never holds there."
)
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet with all the sensitive pages on which it may run."""
    found: list[tuple[Snippet, list[Firing]]] = []
    for snippet in trackers(site):
        firings = [
            each
            for each in snippet.fires
            if each.page in site.pages
            and each.verdict is Verdict.MAYBE
            and not is_sure(site, snippet, each)
            and any(site.pages[each.page].has_class(name) for name in SENSITIVE)
        ]
        if firings:
            found.append((snippet, firings))
    for each in products(found):
        finding = about_pages(site, each.snippet, each.firings, SENSITIVE)
        name, pages = finding.arguments
        said = (name, pages.removesuffix(", under a condition"))
        yield with_beside(site, replace(finding, arguments=said), each)
