"""Data about a person's health or care is handed to a vendor.

What is found: a value that only a running page knows and that is named as, or read from, a
diagnosis, a symptom, a reason for a visit, a medication, a treatment, a test, a doctor or
speciality, an insurance, a measurement or sensitive demographics. A word that means many things,
such as `condition` or `department`, counts only where it is read from a form field or on a
sensitive page. Names of events and other constants are not read as health data.

Why it matters: with the IP address and the cookies that go along with every request, what somebody
chose or typed becomes information about an identifiable person. The HHS bulletin counts symptoms
and reasons for a visit that a visitor enters without signing in among protected health
information; the order of 20 June 2024 in American Hospital Association v. Becerra did not touch
what goes beyond an IP address and a visit. The FTC's cases against GoodRx (1 February 2023) and
others rest on events that carry such data, and Washington's My Health My Data Act asks for consent
before consumer health data is shared.

What to do: send an event without the value, or a coarse one that says nothing about health. Where
the vendor needs the value, ask whether a business associate agreement covers this product and this
plan; some vendors sign one and still forbid health information. What is sent must still be the
minimum necessary. An agreement in the configuration settles this finding; that the vendor is
allowed on a page does not.

References: 45 CFR 160.103, 164.502(a) and (b); HHS OCR, Use of Online Tracking Technologies (1
December 2022, revised 18 March 2024); FTC, GoodRx (1 February 2023); 16 CFR Part 318; RCW
19.373.030 (since 31 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._data import HEALTH, about_data, handed

CODE = "TL202"
SEVERITY = "error"
SCORE = "8.4"
MESSAGE = "'{0}' is handed data about health or care: '{1}'."
NEXT = "Send the event without this value, or with one that says nothing about health."
YIELDS_TO = ("agreement",)
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each call or tag with all the health data that it hands over."""
    for tracker, found in handed(site, HEALTH):
        yield about_data(site, tracker, found)
