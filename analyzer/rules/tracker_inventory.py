"""A tracker is here: an entry of the inventory.

Why it matters: a risk analysis begins with knowing which tracking technologies there are: nobody
can judge what nobody has listed.
This note says what the tracker is, in which state, and on how many pages it runs; the other rules
say what is risky.

What to do: check that somebody owns the tracker, and that it is meant to be here.

References: 45 CFR 164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import PASSIVE, Finding, Role, Site, Snippet, Status
from analyzer.rules._findings import anchor_of, name_of

CODE = "TL901"
SEVERITY = "note"
SCORE = "1.1"
MESSAGE = "'{0}' of '{1}' is here: '{2}'."
NEXT = "Check that somebody owns this tracker and that your inventory names it."
TAGS = ("privacy", "inventory")
STATES = {
    Status.LIVE: "it runs",
    Status.CONDITIONAL: "it runs under a condition",
    Status.CONSENT_GATED: "it waits for consent",
    Status.SERVER_SIDE: "the server sends to it",
    Status.PLACEHOLDER: "its id is a placeholder",
    Status.DEAD: "nothing runs it",
}

LIBRARY = "its library is present"


def check(site: Site) -> Iterator[Finding]:
    """A note for each snippet, whatever its state."""
    for snippet in site.snippets:
        yield Finding(
            place=snippet.head.place,
            arguments=(name_of(site, snippet), site.vendors[snippet.vendor].owner, _state(snippet)),
            anchor=anchor_of(snippet),
            vendor=snippet.vendor,
            pages=tuple(each.page for each in snippet.fires),
            tag=snippet.head.detection.tag,
        )


def _state(snippet: Snippet) -> str:
    roles = {each.detection.role for each in snippet.trackers}
    if roles == {Role.PACKAGE}:
        return "its package is asked for"
    if Role.LIBRARY in roles and roles <= PASSIVE:
        return f"{LIBRARY}, and nothing loads it" if snippet.status is Status.DEAD else LIBRARY
    if roles <= PASSIVE:
        return "it is configured"
    if snippet.status in (Status.DEAD, Status.SERVER_SIDE, Status.PLACEHOLDER):
        return STATES[snippet.status]
    count = len(snippet.fires)
    if not count:
        return f"{STATES[snippet.status]}; no page was found that has it"
    return (
        f"{STATES[snippet.status]}, on {snippet.fires[0].page if count == 1 else f'{count} pages'}"
    )
