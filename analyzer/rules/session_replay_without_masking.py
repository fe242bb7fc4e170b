"""A product records sessions, and what it records is not surely masked.

What is found: a session replay product that surely runs on pages where data about people is typed
or shown. Where fields ask for such data, or a patient's data is at hand, what visitors type must
be masked; on the pages of a portal, behind a login and on pages with results, prescriptions or
bills the text of the page must be masked as well, because there the page itself is about the
patient. Whether it is masked is told by the code, or else by what the product does by default
according to its documentation, which the trail names. Where that is on and nothing switches it off
there is no finding. Settings of the vendor's account and attributes of single elements, such as
`data-hj-suppress` and `data-clarity-mask`, are not seen.

Why it matters: a recording shows the vendor what the visitor saw and did: names, results,
messages. The HHS bulletin names session replay scripts among tracking technologies. On signed-in
pages, and where more than an IP address and a visit is collected, the order of 20 June 2024 in
American Hospital Association v. Becerra changed nothing.

What to do: keep recordings off these pages. Elsewhere mask inputs and text for all elements and
show only what is known to be harmless: `maskAllInputs`, `maskTextSelector: "*"`,
`defaultPrivacyLevel: "mask"`, `dom.inputSanitizer` and the like. An agreement with the vendor does
not settle this finding: what is disclosed must be the minimum necessary, and some vendors that
sign one forbid health information in recordings. An ignore with a reason does, where the account's
settings mask what the code does not.

References: HHS OCR, Use of Online Tracking Technologies (1 December 2022, revised 18 March 2024);
45 CFR 164.502(b), 164.312(a)(1), 164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import Feature, Finding, Firing, Site, Snippet
from analyzer.rules._controls import Board, Stand, about_switches, sensitive, surely_on
from analyzer.rules._findings import pages_said

CODE = "TL206"
SEVERITY = "warning"
SCORE = "6.8"
MESSAGE = "'{0}' records '{1}', and '{2}' is not surely masked."
NEXT = "Keep recordings off these pages, or mask all inputs and all text by the product's settings."
TAGS = ("security", "privacy", "external/cwe/cwe-359")
SHOWS_RECORDS = ("patient-portal", "signed-in", "results", "pharmacy", "billing")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet with the pages on which masking is not surely on."""
    board = Board(site)
    for snippet in board.products():
        inputs = list(board.stands(snippet, Feature.INPUT_MASKING))
        texts = list(board.stands(snippet, Feature.TEXT_MASKING))
        if not _records(board, snippet, [*inputs, *texts]):
            continue
        firings = surely_on(site, snippet)
        shown = () if _surely(texts) else _with_class(site, firings)
        typed = () if _surely(inputs) else _with_fields(site, firings)
        pages = [each for each in firings if each in shown or each in typed]
        if not pages:
            continue
        what = [
            words
            for words, found in (("what visitors type", typed), ("the text of the page", shown))
            if found
        ]
        told = [*(inputs if typed else ()), *(texts if shown else ())]
        finding = about_switches(site, snippet, pages, told)
        said = (finding.arguments[0], pages_said(snippet, pages), " and ".join(what))
        yield replace(finding, arguments=said)


def _records(board: Board, snippet: Snippet, masking: list[Stand]) -> bool:
    """Is recording what the product does, or switched on, or meant by whoever unmasks?"""
    if board.site.vendors[snippet.vendor].category == "session-replay":
        return True
    replay = list(board.stands(snippet, Feature.SESSION_REPLAY))
    if any(each.on is True for each in replay):
        return True
    unmasked = any(each.on is False and each.switch is not None for each in masking)
    return unmasked and any(each.on is None for each in replay)


def _surely(found: list[Stand]) -> bool:
    return bool(found) and all(each.on is True for each in found)


def _with_class(site: Site, firings: tuple[Firing, ...]) -> tuple[Firing, ...]:
    return tuple(
        each
        for each in firings
        if any(site.pages[each.page].has_class(name) for name in SHOWS_RECORDS)
    )


def _with_fields(site: Site, firings: tuple[Firing, ...]) -> tuple[Firing, ...]:
    asked = tuple(each for each in firings if site.pages[each.page].fields)
    return (*asked, *(each for each in sensitive(site, firings) if each not in asked))
