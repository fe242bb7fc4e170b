"""A tracker runs on a page where appointments are made.

Why it matters: a scheduling page can tell a tracker who wants which appointment: the address, the
reason for the visit, the doctor, the time.
The HHS bulletin names appointment scheduling among the unauthenticated pages to which HIPAA may
apply.
The order of 20 June 2024 (American Hospital Association v. Becerra) vacated the bulletin only
where an IP address and the visit to a public page are all there is; a form that is filled in is
more than that.
State consumer health laws and the FTC Act apply on their own.

What to do: take the tracker out of the booking flow, or limit it to what an agreement covers,
without addresses that name doctors or reasons, and without form capture.

References: HHS OCR, Use of Online Tracking Technologies (1 December 2022, revised 18 March 2024);
45 CFR 164.502(a) and (b); RCW 19.373.030 (in force since 31 March 2024); FTC,
BetterHelp (2 March 2023).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._ladder import on_class

CODE = "TL103"
SEVERITY = "error"
SCORE = "7.1"
MESSAGE = "'{0}' runs where appointments are made, on '{1}'."
NEXT = (
    "Take the tracker off the pages where appointments are made, or ask whether an "
    "agreement covers it."
)
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet that runs on scheduling pages."""
    yield from on_class(site, "scheduling")
