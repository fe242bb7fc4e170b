"""A tracker runs on pages whose addresses carry the number of a person or of their care.

What is found: a tracker that takes the page's address by itself, and surely runs on a page whose
address has a varying part after a word for a person or their care, such as `/patients/*/results`
or `/appointments/*`. Words that mean other things as well, such as results, orders, members or
conditions, count only on pages that are sensitive for another reason; the public page about a
condition is none. A tracker whose automatic page view is switched off is left alone. A value that
a script reads from the address's query, such as `?email=`, is reported as what it is by
plain-identifier-to-vendor, health-data-to-vendor or personal-data-to-vendor.

Why it matters: the varying part names one patient, one appointment, one result. The vendor
receives it with every request from the page, keeps it in its logs and reports, and can join it
with all that it has of the same browser. Web addresses and record numbers are identifiers under 45
CFR 164.514(b)(2)(i)(N) and (H).

What to do: keep such numbers out of addresses (in the session, or in the body of a request), or
keep trackers off these pages; at least switch the automatic page view off and send a cleaned
address. An agreement in the configuration settles this finding; that the vendor is allowed on a
page does not.

References: 45 CFR 164.514(b)(2)(i)(H) and (N), 164.502(b); HHS OCR, Use of Online Tracking
Technologies (1 December 2022, revised 18 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from analyzer.model import Feature, Finding, Kind, Page, Site
from analyzer.rules._controls import Board, sensitive, surely_on
from analyzer.rules._data import listed
from analyzer.rules._findings import SENSITIVE, about_pages, pages_said

CODE = "TL209"
SEVERITY = "warning"
SCORE = "6.0"
MESSAGE = "'{0}' receives addresses that carry data about a person or their care, '{1}', on '{2}'."
NEXT = "Keep these numbers out of addresses, or switch the automatic page view off here."
YIELDS_TO = ("agreement",)
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-598")
TAKES = "page address"  # the words of a vendor's file for what the product takes by itself
PLAIN = frozenset(
    [
        "patient",
        "patients",
        "appointment",
        "appointments",
        "encounter",
        "encounters",
        "prescription",
        "prescriptions",
        "mrn",
        "paciente",
        "pacientes",
        "cita",
        "citas",
        "receta",
        "recetas",
        "expediente",
        "expedientes",
    ]
)
WITH_A_CLASS = frozenset(
    [
        "chart",
        "charts",
        "member",
        "members",
        "result",
        "results",
        "lab",
        "labs",
        "visit",
        "visits",
        "claim",
        "claims",
        "bill",
        "bills",
        "invoice",
        "invoices",
        "statement",
        "statements",
        "referral",
        "referrals",
        "record",
        "records",
        "case",
        "cases",
        "order",
        "orders",
        "message",
        "messages",
        "condition",
        "conditions",
        "treatment",
        "treatments",
        "medication",
        "medications",
        "diagnosis",
        "document",
        "documents",
        "resultado",
        "resultados",
        "factura",
        "facturas",
        "mensaje",
        "mensajes",
    ]
)


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet with the pages that have such an address."""
    board = Board(site)
    for snippet in board.products():
        vendor = site.vendors[snippet.vendor]
        if vendor.kind is not Kind.TRACKER or not any(TAKES in each for each in vendor.receives):
            continue
        page_views = board.stands(snippet, Feature.PAGE_VIEWS)
        if any(each.on is False and each.switch for each in page_views):
            continue
        firings = surely_on(site, snippet)
        worse = sensitive(site, firings)
        carrying = {
            each.page: found
            for each in firings
            if (found := _carrying(site.pages[each.page], each in worse))
        }
        if not carrying:
            continue
        pages = [each for each in firings if each.page in carrying]
        finding = about_pages(site, snippet, pages, SENSITIVE)
        addresses = listed([carrying[each.page] for each in pages])
        said = (finding.arguments[0], addresses, pages_said(snippet, pages))
        yield replace(finding, arguments=said)


def _carrying(page: Page, is_sensitive: bool) -> str:
    """The first address of the page with a varying part after such a word."""
    words = PLAIN | WITH_A_CLASS if is_sensitive else PLAIN
    for route in page.routes:
        parts = route.strip("/").split("/")
        for before, part in pairwise(parts):
            last = re.split(r"[^a-z]+", before.lower())[-1]
            if part == "*" and last in words:
                return route
    return ""
