"""The classes of pages that have a rule of their own, and the findings of these rules."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Page, Site, Snippet, Status, Verdict
from analyzer.rules._findings import SENSITIVE, about_pages, behind_servers, trackers
from analyzer.rules._products import products, with_beside
from analyzer.rules._sure import is_sure, surely

RECORD = ("results", "pharmacy", "billing")
INTAKE = ("intake-form", "telehealth", "symptom-checker")
CONDITION = (
    "condition",
    "mental-health",
    "reproductive-health",
    "substance-use",
    "hiv-sti",
    "minors",
    "provider-search",
    "pharmacy",
    "billing",
)
# The classes that have a rule of their own, the most serious first: a page counts in one of them.
LADDER = (
    ("patient-portal",),
    ("signed-in",),
    ("sign-in",),
    RECORD,
    ("scheduling",),
    INTAKE,
    CONDITION,
)


def on_class(site: Site, *classes: str) -> Iterator[Finding]:
    """A finding for each product that surely runs on pages of these classes and of none that is
    more serious: at the snippet, which is what one would change.

    A tag manager's own snippet is judged by what its container holds, or by the rule on unknown
    contents.
    """
    found = (
        (snippet, firings)
        for snippet in (*trackers(site), *behind_servers(site))
        if (
            firings := [
                each for each in surely(site, snippet) if _step_of(site.pages[each.page]) == classes
            ]
        )
    )
    for each in products(found):
        yield with_beside(site, about_pages(site, each.snippet, each.firings, classes), each)


def is_told(site: Site, snippet: Snippet) -> bool:
    """Does a rule on a class of pages, or the one on conditions, tell of the snippet already?"""
    return snippet.status is not Status.SERVER_SIDE and any(
        (_step_of(page) if is_sure(site, snippet, each) else _may_be_sensitive(each.verdict, page))
        for each in snippet.fires
        if (page := site.pages.get(each.page)) is not None
    )


def _may_be_sensitive(verdict: Verdict, page: Page) -> bool:
    return verdict is Verdict.MAYBE and any(page.has_class(each) for each in SENSITIVE)


def _step_of(page: Page) -> tuple[str, ...]:
    """The most serious classes of the ladder that a page has."""
    return next(
        (
            step
            for step in LADDER
            if any(page.has_class(each) for each in step)
            and (step is not RECORD or _is_about_one_person(page))
        ),
        (),
    )


def _is_about_one_person(page: Page) -> bool:
    """Does a page ask for somebody's data or show it? One about medicines or bills in general is
    a page about health.
    """
    told = [reason for each in page.classes if each.id in RECORD for reason in each.reasons]
    return page.has_class("results") or any(
        reason.startswith(("form field", "template variable")) for reason in told
    )
