"""The address or the title of a sensitive page is given to a vendor on purpose.

What is found: a call or a tag that hands over the page's address, its title or the page before,
read while the page runs, and that surely runs on sensitive pages. A constant in its place, such as
`page_path: "/portal"`, and an address from which the code cuts something out are left alone, and
so is the name of the host. What every tracker takes by itself is not reported here: that it runs
on the page is.

Why it matters: web addresses are identifiers under 45 CFR 164.514(b)(2)(i)(N), and on these pages
they tell what the visit is about: which appointment, which result, which message. Titles do so in
plain words. A tracker that takes the address by itself can be told to send another one; this call
says that it shall have it.

What to do: send a constant name of the page, or the address without its query and its varying
parts. Ask whether a business associate agreement covers this product and this plan; what is sent
must still be the minimum necessary. An agreement in the configuration settles this finding, and so
does an entry that allows the vendor on these pages.

References: 45 CFR 164.514(b)(2)(i)(N), 164.502(b); HHS OCR, Use of Online Tracking Technologies (1
December 2022, revised 18 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import (
    Category,
    Datum,
    Finding,
    Hole,
    OriginKind,
    Role,
    Site,
    Tracker,
    Verdict,
    holes,
    made_of,
)
from analyzer.rules._data import SENT, Handed, about_data
from analyzer.rules._findings import SENSITIVE
from analyzer.rules._uses import Additions

CODE = "TL204"
SEVERITY = "warning"
SCORE = "5.8"
MESSAGE = "'{0}' is given the address or title of sensitive pages: '{1}'."
NEXT = "Send a constant name of the page in the place of its address and title."
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")
TELLING = frozenset({OriginKind.ADDRESS, OriginKind.TITLE, OriginKind.REFERRER})
SPOKEN = frozenset({OriginKind.TEMPLATE, OriginKind.DATA_LAYER})
HOST = frozenset({"host", "hostname", "origin", "protocol"})
CLEANED = re.compile(
    r"\.replace\(|\.split\(|clean|redact|sanitiz|scrub|strip|anonym|normaliz", re.I
)


def check(site: Site) -> Iterator[Finding]:
    """A finding for each call or tag that hands over the address or title of sensitive pages."""
    seen: set[tuple[str, str]] = set()
    told: list[tuple[Tracker, list[Handed]]] = []
    additions = Additions()
    for tracker in site.sending:
        if tracker.status not in SENT or tracker.detection.role in (Role.PACKAGE, Role.LIBRARY):
            continue
        fires = tuple(
            each
            for each in tracker.fires
            if each.verdict is Verdict.YES
            and each.page in site.pages
            and any(site.pages[each.page].has_class(name) for name in SENSITIVE)
        )
        addresses = _addresses(tracker) if fires else ()
        found = [each for each in addresses if additions.are_new(tracker, each.datum)]
        if found and (tracker.vendor, str(tracker.place)) not in seen:
            seen.add((tracker.vendor, str(tracker.place)))
            told.append((replace(tracker, fires=fires), found))
    for tracker, found in told:
        again = additions.calls_like(tracker)
        yield about_data(site, tracker, [replace(each, again=again) for each in found])


def _addresses(tracker: Tracker) -> Iterator[Handed]:
    for datum in tracker.detection.data:
        found = next((what for hole in holes(datum.value) if (what := _what(datum, hole))), "")
        if found:
            yield Handed(datum, Category("page-address", found), "address")


def _what(datum: Datum, hole: Hole) -> str:
    """The page's address, title or referrer, where a value holds it uncut."""
    if CLEANED.search(hole.text):
        return ""
    for origin in made_of(hole.origin):
        if origin.kind in TELLING and origin.name.rpartition(".")[2] not in HOST:
            return str(origin.kind)
        if origin.kind is OriginKind.QUERY and not origin.name:
            return "query of the page address"
        if origin.kind in SPOKEN and datum.category == "page-address":
            return "page address"
    return ""
