"""A tracker runs on a page where people sign in or register.

Why it matters: whoever opens the sign-in or registration page of a patient portal is likely a
patient, and a tracker on it can receive what is typed: user names, e-mail addresses, registration
data.
The HHS bulletin names these pages; the order of 20 June 2024 in American Hospital Association v.
Becerra did not touch what is typed there. One of the suits that were settled was about the sign-in
page of a portal (Sutter Health, $21.5 million, logins of 2015 to 2020).

What to do: use a layout without trackers for these pages.
Where a product must stay, ask whether a business associate agreement covers it, and switch
automatic form capture off.

References: HHS OCR, Use of Online Tracking Technologies (1 December 2022, revised 18 March 2024);
45 CFR 164.502(a); Doe v. Sutter Health, No. 34-2019-00258072.
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._ladder import on_class

CODE = "TL102"
SEVERITY = "error"
SCORE = "7.6"
MESSAGE = "'{0}' runs where people sign in, on '{1}'."
NEXT = "Take the tracker off the pages where people sign in or register."
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet that runs on sign-in pages."""
    yield from on_class(site, "sign-in")
