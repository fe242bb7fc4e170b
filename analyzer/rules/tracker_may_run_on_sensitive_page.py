"""A tracker may run on a sensitive page: a condition decides that the files do not settle.

Why it matters: the page is one where a patient's data is at hand, and nothing that was read keeps
the tracker away from it; whether it runs depends on the address, an event, an element or a setting.
Unknown is not clean.

What to do: settle the condition where it can be settled: give the tag a blocking trigger for these
pages, or take the snippet out of their layout.

References: HHS OCR, Use of Online Tracking Technologies (1 December 2022, revised 18 March 2024);
45 CFR 164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site, Verdict
from analyzer.rules._findings import SENSITIVE, about_pages, trackers

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
    for snippet in trackers(site):
        firings = [
            each
            for each in snippet.fires
            if each.page in site.pages
            and each.verdict is Verdict.MAYBE
            and any(site.pages[each.page].has_class(name) for name in SENSITIVE)
        ]
        if firings:
            yield about_pages(site, snippet, firings, SENSITIVE)
