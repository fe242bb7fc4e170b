"""A tracker runs on a page where a patient gives details or is seen by a doctor.

Why it matters: an intake form, a symptom checker and a video visit ask for what a patient tells a
doctor. A script on the page may read what is typed, and its requests carry the address of the step
that somebody has reached.
The HHS bulletin names symptom checkers among the pages without a login to which HIPAA may apply.
The order of 20 June 2024 in American Hospital Association v. Becerra vacated the bulletin only
where an IP address and the visit to a public page are all there is; answers are more than that.
Where no covered entity stands behind the page, the FTC has acted on intake answers that reached
advertising platforms (BetterHelp, Cerebral), and state consumer health laws apply.

What to do: keep trackers out of the steps of the form and of the visit; start none before the form
is left behind, and send no answer, step name or address to it.
Where a product must stay, ask whether a business associate agreement covers it, and switch
automatic form capture off.

References: HHS OCR, Use of Online Tracking Technologies (1 December 2022, revised 18 March 2024);
45 CFR 164.502(a) and (b), 164.514(b)(2)(i); FTC, BetterHelp (2 March 2023), Cerebral (April 2024);
RCW 19.373.030 (in force since 31 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._ladder import INTAKE, on_class

CODE = "TL107"
SEVERITY = "error"
SCORE = "7.2"
MESSAGE = "'{0}' runs where patients give details of their health, on '{1}'."
NEXT = "Keep the tracker out of the steps of the form, or ask whether an agreement covers it."
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet that runs on such pages."""
    yield from on_class(site, *INTAKE)
