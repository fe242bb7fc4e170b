"""Personal data other than a direct identifier is handed to a vendor.

What is found: a value that only a running page knows and that is named as, or read from, an
address below the state, a date about a person, a device or customer number, an IP address or
another of the eighteen identifiers of 45 CFR 164.514(b)(2)(i). Names, e-mail addresses, telephone
and record numbers are reported by plain-identifier-to-vendor, health data by
health-data-to-vendor, calls that say who the visitor is by visitor-identified, the page's address
by page-address-sent. What trackers make themselves, such as the number of a click on an
advertisement or of a cookie, is left alone: every tracker has it.

Why it matters: each of these is an identifier under the safe harbor, and together they single a
person out: a postal code, a date of birth and a sex are often enough. What joins them with a visit
to a page about care may hold protected health information.

What to do: leave the value out, or make it coarse: the state in the place of the postal code, the
year in the place of the date. Where the vendor needs it, ask whether a business associate
agreement covers this product and this plan; what is sent must still be the minimum necessary. An
agreement in the configuration settles this finding; that the vendor is allowed on a page does not.

References: 45 CFR 164.514(b)(2)(i), 164.502(a) and (b); HHS OCR, Use of Online Tracking
Technologies (1 December 2022, revised 18 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._data import PERSONAL, about_data, handed

CODE = "TL201"
SEVERITY = "error"
SCORE = "8.1"
MESSAGE = "'{0}' is handed personal data: '{1}'."
NEXT = "Leave the value out of this call, or make it coarse: a state for a postal code, a year."
YIELDS_TO = ("agreement",)
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each call or tag with all the other personal data that it hands over."""
    for tracker, found in handed(site, PERSONAL):
        yield about_data(site, tracker, found)
