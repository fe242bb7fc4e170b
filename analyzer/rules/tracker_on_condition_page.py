"""A tracker runs on a public page about a condition, a treatment, a doctor or a medicine.

Why it matters: who reads about a disease, a speciality or a doctor may be looking for themselves,
and an advertising product can make an audience of them.
This is the part of the HHS bulletin that no longer stands: on 20 June 2024 American Hospital
Association v. Becerra vacated it to the extent that HIPAA duties were said to follow merely from an
IP address together with a visit to a public page about specific conditions or providers.
So a visit alone is no HIPAA matter by itself here. It may become one where more joins it: a form
value, a search word, a login state, an identifier. And the order does not touch the FTC Act, state
consumer health laws, whose health data include inferences, nor suits under wiretap statutes, on
which courts are divided.

What to do: decide with counsel which states' laws fit, and keep advertising, audiences and session
replay off these pages; where numbers are needed, measure them without identifiers.
A cookie banner is not an authorization under 45 CFR 164.508.

References: American Hospital Association v. Becerra, No. 4:23-cv-01110-P (N.D. Tex., 20 June
2024; HHS dropped its appeal on 29 August 2024); FTC Act section 5; FTC, GoodRx (1 February 2023),
Monument (April 2024); RCW 19.373.030 and Nevada SB 370 (both in force since 31 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._ladder import CONDITION, on_class

CODE = "TL108"
SEVERITY = "warning"
SCORE = "4.8"
MESSAGE = "'{0}' runs on pages about health, on '{1}'."
NEXT = (
    "Keep advertising and session replay off the pages about health; ask counsel which state laws "
    "fit."
)
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet that runs on such pages, where nothing more serious is said."""
    yield from on_class(site, *CONDITION)
