"""A product sends events that nobody wrote down.

What is found: a product that captures clicks, the texts of buttons, changes and submits of fields
or facts about the page without a call for each, where the code switches that on; and on sensitive
pages also where it is on by default according to its documentation and the code does not switch it
off, as with the automatic events of the Meta Pixel. What only the vendor's account decides, such
as the enhanced measurement of Google Analytics, is not seen.

Why it matters: the text of a button or a link can name a doctor, a condition or a result. The
Markup (16 June 2022) found the Meta Pixel at the appointment buttons of hospitals, and words for
conditions among what it sent. Nobody reviews these events, and a new page sends them on its first
day.

What to do: switch them off, with `fbq('set', 'autoConfig', false, id)`, `autocapture: false` or
`clickCollectionEnabled: false`, and send the few events that are needed. An agreement with the
vendor does not settle this finding, because what is captured is not limited to the minimum
necessary. A configuration that allows the vendor on these pages does.

References: 45 CFR 164.502(b); HHS OCR, Use of Online Tracking Technologies (1 December 2022,
revised 18 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Feature, Finding, Site, Snippet
from analyzer.rules._controls import switched_on

CODE = "TL404"
SEVERITY = "warning"
SCORE = "4.6"
MESSAGE = "'{0}' sends events by itself, on '{1}': '{2}'."
NEXT = "Switch automatic events off, and send the few events that are needed."
YIELDS_TO = ("allowed",)
TAGS = ("privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet with its automatic events that are on."""

    def always(snippet: Snippet) -> bool:
        return True

    yield from switched_on(site, (Feature.AUTOMATIC_EVENTS, Feature.AUTOCAPTURE), always)
