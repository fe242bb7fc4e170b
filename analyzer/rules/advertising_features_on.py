"""Advertising features of a product are on.

What is found: a setting that uses what is collected for audiences, personalised advertising or the
matching of visitors with accounts, such as Google signals or enhanced conversions, where the code
switches it on; and on sensitive pages, where the product is one for advertising, the feature is on
by default according to its documentation, and the code does not switch it off. What only the
vendor's account decides is not seen, such as automatic advanced matching of Meta, TikTok and
Pinterest.

Why it matters: with these features a visit to a page about care can put a person into an audience.
For a covered entity the use of protected health information for marketing needs an authorization
under 45 CFR 164.508(a)(3), and a disclosure for remuneration may be a sale under
164.502(a)(5)(ii); neither an agreement with the vendor nor a cookie banner is such an
authorization. The FTC's case against GoodRx (1 February 2023) was about health data that
advertising platforms received, and Google's own policies allow no personalised advertising about
health.

What to do: switch the feature off in code, so that no change in an account switches it on:
`allow_google_signals: false`, `allow_ad_personalization_signals: false`, no enhanced conversions;
and keep advertising off sensitive pages. An agreement does not settle this finding. A
configuration that allows the vendor on these pages does.

References: 45 CFR 164.501 (marketing), 164.508(a)(3), 164.502(a)(5)(ii); FTC, GoodRx (1 February
2023); HHS OCR, Use of Online Tracking Technologies (1 December 2022, revised 18 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Feature, Finding, Site, Snippet
from analyzer.rules._controls import switched_on

CODE = "TL403"
SEVERITY = "warning"
SCORE = "4.7"
MESSAGE = "'{0}' uses what it receives for advertising, on '{1}': '{2}'."
NEXT = "Switch the feature off in code, and keep advertising off sensitive pages."
YIELDS_TO = ("allowed",)
TAGS = ("privacy", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet with its features for advertising that are on."""

    def is_for_advertising(snippet: Snippet) -> bool:
        return site.vendors[snippet.vendor].category == "advertising"

    yield from switched_on(site, (Feature.ADVERTISING, Feature.MATCHING), is_for_advertising)
