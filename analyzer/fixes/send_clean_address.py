"""Lets Google Analytics send a page's address without its query and its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.fixes._desk import Desk, call_text, indentation, stands_alone
from analyzer.model import Call, Finding, Fix, Role

RULES = ("page-address-sent", "page-address-carries-data")
CLEAN = "location.origin + location.pathname.replace(/[^/]*\\d[^/]*/g, '_')"


def fixes(finding: Finding, desk: Desk) -> Iterator[Fix]:
    """One fix for a `gtag('config', ...)` that is given no settings."""
    for tracker in desk.trackers(finding):
        fact = tracker.detection.fact
        if not isinstance(fact, Call) or tracker.detection.role is not Role.SETUP:
            continue
        text = call_text(desk, tracker)
        if (
            text is None
            or fact.callee != "gtag"
            or fact.args[:1] != ("config",)
            or len(text.arguments) != 2
        ):
            continue
        data = text.source.data
        end = text.start + len(text.data)
        if data[end : end + 1] != b";" or not stands_alone(text):
            continue  # the call may be part of something else
        blanks = indentation(text.source, text.start)
        event = f"gtag('event', 'page_view', {{page_location: {CLEAN}}});"
        yield Fix(
            "Send no page view by itself, but one whose address has no query and no numbers.",
            (
                text.edit(text.arguments[-1].end_byte, ", {send_page_view: false}"),
                text.edit(len(text.data) + 1, f"\n{blanks}{event}"),
            ),
        )
        return
