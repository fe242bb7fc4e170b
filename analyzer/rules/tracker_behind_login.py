"""A tracker runs on a page that asks for a login.

Why it matters: the code shows this page only to people who have signed in, so whoever is tracked
there can be told apart, and what the page shows is often about a patient, also where staff read it.
The part of the HHS bulletin that speaks of signed-in pages stands. The order of 20 June 2024 in
American Hospital Association v. Becerra vacated only what it says of an IP address together with a
visit to a public page about conditions or providers.

What to do: keep the tracker out of the layouts of signed-in pages, or ask whether a business
associate agreement covers this product and this plan. A guard around a page's contents does not
keep its layout's scripts away.

References: HHS OCR, Use of Online Tracking Technologies by HIPAA Covered Entities and Business
Associates (1 December 2022, revised 18 March 2024); 45 CFR 164.502(a), 164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._ladder import on_class

CODE = "TL104"
SEVERITY = "error"
SCORE = "7.8"
MESSAGE = "'{0}' runs behind a login, on '{1}'."
NEXT = (
    "Take the tracker out of what signed-in people are shown, or ask whether an agreement "
    "covers it."
)
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet that surely runs on signed-in pages other than the portal's."""
    yield from on_class(site, "signed-in")
