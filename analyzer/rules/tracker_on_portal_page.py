"""A tracker runs on a page of the patient portal.

Why it matters: on pages that patients see after signing in, a tracking technology generally has
access to protected health information: the address, the title and the contents of the page, and
who is signed in.
The part of the HHS bulletin that speaks of signed-in pages stands. The order of 20 June 2024 in
American Hospital Association v. Becerra vacated only what it says of an IP address together with a
visit to a public page about conditions or providers.

What to do: keep the tracker out of the portal's layout, or ask whether a business associate
agreement covers this product and this plan, and limit what it receives to what it needs.
A hash of an identifier is still an identifier.
A cookie banner is not an authorization under 45 CFR 164.508.

References: HHS OCR, Use of Online Tracking Technologies by HIPAA Covered Entities and Business
Associates (1 December 2022, revised 18 March 2024); 45 CFR 164.502(a), 164.308(a)(1)(ii)(A),
164.504(e).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._ladder import on_class

CODE = "TL101"
SEVERITY = "error"
SCORE = "8.6"
MESSAGE = "'{0}' runs in the patient portal, on '{1}'."
NEXT = (
    "Keep the tracker out of the portal's layout, or ask whether an agreement covers this "
    "product and plan."
)
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet that runs on portal pages."""
    yield from on_class(site, "patient-portal")
