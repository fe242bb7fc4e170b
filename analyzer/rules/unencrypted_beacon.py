"""A tracker's script or request goes over plain http.

Why it matters: whoever is on the way can read the address of the page and what the tracker sends
about a visitor, and can put another script in the place of the vendor's.
On a page that itself came over https, browsers refuse such a script and raise or refuse such an
image, so that the tracker may not even work.
The Security Rule speaks of guarding electronic protected health information against access while it
is transmitted, where a covered entity or its business associate sends it.

What to do: write https:// in the address, or take the tracker out if nobody misses it.

References: 45 CFR 164.312(e)(1) and (e)(2)(ii); CWE-319, Cleartext Transmission of Sensitive
Information; W3C, Mixed Content.
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import (
    Detection,
    Finding,
    Frame,
    Pixel,
    Request,
    ScriptLoad,
    Site,
    Snippet,
    Status,
    Step,
    Style,
    options,
    shown,
)
from analyzer.rules._findings import anchor_of, name_of, pages_said, running

CODE = "TL402"
SEVERITY = "warning"
SCORE = "5.0"
MESSAGE = "'{0}' is asked over plain http on '{1}': '{2}'."
NEXT = "Write https:// in the address."
TAGS = ("security", "privacy", "external/cwe/cwe-319")
LONGEST = 120  # characters of an address that are told


def check(site: Site) -> Iterator[Finding]:
    """A finding for each place that asks a vendor's host over http and nothing else."""
    server = (each for each in site.snippets if each.status is Status.SERVER_SIDE)
    seen = set()
    for snippet in (*running(site), *server):
        for tracker in snippet.trackers:
            address = _plain(tracker.detection)
            if not address or tracker.place in seen or tracker.status is Status.DEAD:
                continue
            seen.add(tracker.place)
            pages = tuple(each.page for each in tracker.fires)
            yield Finding(
                place=tracker.place,
                arguments=(name_of(site, snippet), _where(snippet), address[:LONGEST]),
                anchor=(*anchor_of(snippet), address.partition("?")[0]),
                vendor=snippet.vendor,
                pages=pages,
                trail=(
                    *(tracker.fires[0].trail if tracker.fires else ()),
                    Step(tracker.place, "asks over plain http"),
                ),
                tag=tracker.detection.tag,
            )


def _plain(detection: Detection) -> str:
    """The address where each of those that it may be begins with http:, else an empty text."""
    fact = detection.fact
    if not isinstance(fact, (ScriptLoad, Pixel, Frame, Request, Style)):
        return ""
    told = [shown(each).strip() for each in options(fact.url)]
    return told[0] if told and all(each.lower().startswith("http://") for each in told) else ""


def _where(snippet: Snippet) -> str:
    if snippet.status is Status.SERVER_SIDE:
        return "the server"
    return pages_said(snippet, snippet.fires) if snippet.fires else "pages that were not found"
