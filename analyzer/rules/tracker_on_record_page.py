"""A tracker runs on a page about results, prescriptions or medical bills.

Why it matters: such a page says by its address and its title alone that somebody had a test, takes
a medicine or owes a clinic money, and its contents say more.
Where a covered entity or its business associate runs the page and it collects or shows what belongs
to a patient, this can be protected health information also without a login.
The order of 20 June 2024 in American Hospital Association v. Becerra vacated the HHS bulletin only
where an IP address and the visit to a public page about a condition or a provider are all there is;
a form or a record is more than that.
A site of neither kind, such as a discount card for medicines, answers to the FTC and to state
consumer health laws instead.

What to do: give these pages a layout without trackers, or ask whether a business associate
agreement covers this product and this plan, and send it no address, title or form value.

References: HHS OCR, Use of Online Tracking Technologies by HIPAA Covered Entities and Business
Associates (1 December 2022, revised 18 March 2024); 45 CFR 164.502(a) and (b), 164.514(b)(2)(i);
FTC, GoodRx (1 February 2023); RCW 19.373.030 (in force since 31 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._ladder import RECORD, on_class

CODE = "TL106"
SEVERITY = "error"
SCORE = "7.4"
MESSAGE = "'{0}' runs where results, prescriptions or bills are shown, on '{1}'."
NEXT = (
    "Take the tracker off the pages about results, prescriptions and bills, or ask whether an "
    "agreement covers it."
)
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet that runs on such pages outside of the portal."""
    yield from on_class(site, *RECORD)
