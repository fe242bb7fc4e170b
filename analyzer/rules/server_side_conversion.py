"""A server sends what visitors do to an advertising or analytics vendor.

Why it matters: what goes from server to server is seen by no browser, no consent banner and no
scanner of pages, and it often carries what a browser would not have: the person's e-mail address,
telephone number, account or appointment.
The same duties apply as to a pixel on the page: it makes no difference which computer sends.
A hash of an e-mail address or telephone number is still an identifier (45 CFR 164.514(b)(2)(i)(R)
and (c)).
Where no covered entity is behind the server, the FTC has named uploads of hashed addresses for
advertising in its cases.

What to do: find out what sets these requests off, and drop those that come from sign-in,
scheduling, intake, results, prescription or billing; ask whether a business associate agreement
covers this product and plan; send no contact details, page addresses or event names that tell of a
condition.

References: 45 CFR 164.502(a) and (b), 164.508(a)(3), 164.514(b)(2)(i) and (c); HHS OCR, Use of
Online Tracking Technologies (1 December 2022, revised 18 March 2024); FTC, GoodRx (1 February
2023), BetterHelp (2 March 2023).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import (
    PASSIVE,
    Datum,
    Fact,
    Finding,
    Object,
    Place,
    Request,
    Site,
    Snippet,
    Status,
    Step,
    Value,
    Verdict,
)
from analyzer.rules._findings import anchor_of, name_of

CODE = "TL601"
SEVERITY = "warning"
SCORE = "5.6"
MESSAGE = "The server sends to '{0}': '{1}'."
NEXT = (
    "Find out which visits set these requests off and what they carry; leave out those about "
    "patients, or ask whether an agreement covers it."
)
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")
MEASURES = frozenset(
    {
        "advertising",
        "audio-advertising",
        "analytics",
        "app-analytics",
        "customer-data",
        "email-marketing",
        "server-api",
        "session-replay",
        "social",
    }
)
MOST_NAMED = 6


def check(site: Site) -> Iterator[Finding]:
    """A finding for each vendor and account in each program or tag that sends from a server."""
    for snippet in site.snippets:
        sending = [
            each
            for each in snippet.trackers
            if each.status is Status.SERVER_SIDE
            and each.detection.role not in PASSIVE
            and not each.detection.placeholder
        ]
        if not sending or site.vendors[snippet.vendor].category not in MEASURES:
            continue
        place = snippet.head.place if snippet.head in sending else sending[0].place
        data = [datum for each in sending for datum in each.detection.data]
        bodies = [name for each in sending for name in _names_in(each.detection.fact)]
        yield Finding(
            place=place,
            arguments=(name_of(site, snippet), _said(data, bodies)),
            anchor=anchor_of(snippet),
            vendor=snippet.vendor,
            pages=tuple(each.page for each in snippet.fires),
            trail=tuple(_way(snippet, place)),
            related=tuple(_carried(data)),
            tag=snippet.head.detection.tag,
        )


def _way(snippet: Snippet, place: Place) -> Iterator[Step]:
    """From a page to what sends, where it is known what feeds the server."""
    first = min(snippet.fires, key=lambda each: each.verdict is not Verdict.YES, default=None)
    if first is not None:
        yield from (step for step in first.trail if step.place != place)
    yield Step(place, _does(snippet))


def _names_in(fact: Fact) -> Iterator[str]:
    """The names in the body of a request, down to what holds a value."""
    left: list[Value] = [fact.body] if isinstance(fact, Request) else []
    while left:
        value = left.pop(0)
        if isinstance(value, tuple):
            left.extend(value)
        elif isinstance(value, Object):
            for name, inner in value.items:
                if isinstance(inner, Object) or (
                    isinstance(inner, tuple) and any(isinstance(each, Object) for each in inner)
                ):
                    left.append(inner)
                else:
                    yield name


def _said(data: list[Datum], bodies: list[str]) -> str:
    """The names of what is sent, those of personal and health data first."""
    told = sorted(data, key=lambda each: not each.category)
    names = list(dict.fromkeys((*(each.name for each in told), *bodies)))
    if not names:
        return "what it carries could not be read"
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _carried(data: list[Datum]) -> Iterator[Step]:
    seen = set()
    for each in data:
        if each.category and each.place is not None and each.name not in seen:
            seen.add(each.name)
            yield Step(each.place, f"'{each.name}' is sent: {each.category.replace('-', ' ')}")


def _does(snippet: Snippet) -> str:
    tag = snippet.head.detection.tag
    return f"tag '{tag.tag_name}' of a server container sends" if tag else "the program sends"
