"""A product collects the contents of forms by itself, on a page whose form asks for personal data.

What is found: a product whose documentation says that it collects the fields of a site's own
forms, where the code switches that on, or does not switch off what is on by default, on pages with
fields that ask for personal or health data. Products that capture clicks and submits without what
is typed are reported by automatic-events-on, those that record the screen by
session-replay-without-masking. Whether the vendor's account collects forms is not seen where no
code tells it.

Why it matters: nobody decides which field goes where. The form that is made tomorrow, with the
reason for a visit or an insurance number, is collected as well. The HHS bulletin counts what
somebody types into appointment and registration forms among protected health information, also
without a login; the order of 20 June 2024 in American Hospital Association v. Becerra did not
touch that.

What to do: switch the collection off, or leave these pages out, and send what is needed on
purpose. An agreement with the vendor does not settle this finding, because what is collected is
not limited to the minimum necessary (45 CFR 164.502(b)).

References: HHS OCR, Use of Online Tracking Technologies (1 December 2022, revised 18 March 2024);
45 CFR 164.502(a) and (b).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import Feature, Finding, Site
from analyzer.rules._controls import Board, about_switches, surely_on
from analyzer.rules._data import listed
from analyzer.rules._findings import pages_said

CODE = "TL205"
SEVERITY = "warning"
SCORE = "6.1"
MESSAGE = "'{0}' collects forms by itself on '{1}', where fields ask for '{2}'."
NEXT = "Switch the collection of forms off, or take the script off pages with such fields."
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet that collects forms, with the pages whose forms ask for data."""
    board = Board(site)
    for snippet in board.products():
        on = [each for each in board.stands(snippet, Feature.FORM_CAPTURE) if each.on is True]
        pages = [each for each in surely_on(site, snippet) if site.pages[each.page].fields]
        if not on or not pages:
            continue
        finding = about_switches(site, snippet, pages, on)
        asked = [
            site.categories[field.category].name
            if field.category in site.categories
            else field.name
            for each in pages
            for field in site.pages[each.page].fields
        ]
        said = (finding.arguments[0], pages_said(snippet, pages), listed(asked))
        yield replace(finding, arguments=said)
