"""Whether a site asks for consent, and which of its trackers wait for the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import (
    Guard,
    Kind,
    Moment,
    Role,
    ScriptLoad,
    Site,
    Snippet,
    Status,
    Tag,
    Tracker,
    Trigger,
    Verdict,
    shown,
)

GOOGLE = "google-consent-mode"  # tells Google's tags what a visitor said, and asks nobody itself
# What conditions, events and files are called that have to do with consent.
WORDS = re.compile(
    r"consent|cookie|gdpr|ccpa|optanon|onetrust|didomi|klaro|tarteaucitron|usercentrics|axeptio"
    r"|tcf(?:api)?\b|opt[-_ ]?(?:in|out)|accept|privacy|do[-_ ]?not[-_ ]?track|\bdnt\b",
    re.I,
)
BANNER = re.compile(
    r"(?:cookie|consent|gdpr|privacy)s?[-_./ ]?(?:consent|banner|notice|bar|law|popup|modal|manager"
    r"|control|message|settings|preferences|prompt)|consent|cookieconsent",
    re.I,
)


def managers(site: Site) -> list[Tracker]:
    """What shows that a product asks visitors for consent here."""
    return [
        each
        for each in site.others
        if site.vendors[each.vendor].kind is Kind.CONSENT
        and each.vendor != GOOGLE
        and each.status is not Status.DEAD
        and each.detection.role is not Role.MARKER
    ]


def holds_back_by_itself(site: Site, manager: Tracker) -> bool:
    """Does a manager stop scripts that nobody has marked, as far as its own snippet tells?"""
    words = site.vendors[manager.vendor].holds_back
    fact = manager.detection.fact
    if "*" in words:
        return True
    if not words or not isinstance(fact, ScriptLoad):
        return False
    told = [shown(fact.url), *(f"{name}={shown(value)}" for name, value in fact.attributes)]
    return any(word in text for word in words for text in told)


def asks_somehow(site: Site) -> bool:
    """Is there any sign that visitors are asked, by a product or by a banner of the site's own?"""
    return (
        any(
            site.vendors[each.vendor].kind is Kind.CONSENT or each.detection.role is Role.GATE
            for each in site.others
        )
        or any(is_asked(each) for each in site.snippets)
        or any(BANNER.search(path) for path in _files(site))
    )


def is_asked(snippet: Snippet) -> bool:
    """Does anything around a tracker have to do with consent?"""
    if any(each.status is Status.CONSENT_GATED for each in snippet.trackers):
        return True
    return any(WORDS.search(text) for each in snippet.trackers for text in _around(each))


def runs_at_once(snippet: Snippet) -> bool:
    """Does it surely run as soon as some page is there?"""
    return any(each.verdict is Verdict.YES and each.moment is Moment.LOAD for each in snippet.fires)


def _around(tracker: Tracker) -> Iterator[str]:
    """The words of the conditions that stand around a tracker, and of its tag's triggers."""
    fact = tracker.detection.fact
    yield from (text for guard in fact.guards for text in _said(guard))
    for firing in tracker.fires:
        yield from firing.conditions
    if isinstance(fact, Tag):
        for trigger in (*fact.triggers, *fact.blocking):
            yield from _heard(trigger)
    yield from (
        step.text for firing in tracker.fires for step in firing.trail if tracker.detection.tag
    )


def _said(guard: Guard) -> tuple[str, str]:
    return (guard.text, str(guard.condition))


def _heard(trigger: Trigger) -> tuple[str, str, str, str]:
    return (trigger.name, trigger.event, trigger.said, str(trigger.page))


def _files(site: Site) -> Iterator[str]:
    for page in site.pages.values():
        yield from (path.rpartition("/")[2] for path in (*page.parts, *page.layouts))
