"""A vendor that offers no business associate agreement receives data from sensitive pages.

Why it matters: a vendor that creates, receives, maintains or transmits protected health
information for a covered entity is a business associate, and needs an agreement under 45 CFR
164.502(e) and 164.504(e).
Where the vendor says that it signs none for this product, the information may generally go there
only with an authorization of the individual (45 CFR 164.508), or not at all.
The statement about agreements is dated; ask the vendor about your product and plan.

What to do: take the product off these pages, or send it nothing that could identify a patient.

References: 45 CFR 160.103, 164.502(e), 164.504(e), 164.508.
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import Finding, Firing, Site, Snippet
from analyzer.rules._findings import SENSITIVE, about_pages, is_sensitive, trackers
from analyzer.rules._products import products, with_beside
from analyzer.rules._sure import surely

CODE = "TL301"
SEVERITY = "warning"
SCORE = "6.5"
MESSAGE = (
    "'{0}' receives data from sensitive pages, '{1}', "
    "and its vendor offers no business associate agreement for it, "
    "as of '{2}'."
)
NEXT = "Take the product off these pages, or send it nothing that could identify a patient."
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each such product on pages where a patient's data is at hand."""
    found: list[tuple[Snippet, list[Firing]]] = []
    for snippet in trackers(site):
        firings = [each for each in surely(site, snippet) if is_sensitive(site.pages[each.page])]
        if firings and site.vendors[snippet.vendor].baa.offered == "no":
            found.append((snippet, firings))
    for each in products(found):
        finding = about_pages(site, each.snippet, each.firings, SENSITIVE)
        checked = site.vendors[each.snippet.vendor].baa.checked or "an unknown date"
        dated = replace(finding, arguments=(*finding.arguments, checked))
        yield with_beside(site, dated, each)
