"""Findings of today against those from before a change: what of each is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from analyzer.model import SEVERITY_ORDER, Finding, Site, State, Step
from analyzer.policy.tags import again, on_pages, record_of

MOST_TOLD = 20  # new pages that a finding shows


def compared(
    findings: Sequence[Finding], before: Sequence[Finding], renames: Mapping[str, str], site: Site
) -> tuple[Finding, ...]:
    """The findings, each with its state; one that is new in part says in which."""
    known = _known(findings, before, renames)
    return tuple(
        _judged(each, before[known[number]], renames, site)
        if number in known
        else replace(each, state=State.NEW)
        for number, each in enumerate(findings)
    )


def _known(
    findings: Sequence[Finding], before: Sequence[Finding], renames: Mapping[str, str]
) -> dict[int, int]:
    """The numbers of the findings of before by those of today's that are the same.

    They are about the same by the names that the files have today. What is there several times is
    paired in the order of its places.
    """
    left: dict[tuple[str, ...], list[int]] = {}
    for number in sorted(range(len(before)), key=lambda each: _spot(before[each])):
        left.setdefault(_about(before[number], renames), []).append(number)
    same: dict[int, int] = {}
    for number in sorted(range(len(findings)), key=lambda each: _spot(findings[each])):
        if others := left.get(_about(findings[number], {})):
            same[number] = others.pop(0)
    return again(findings, [record_of(each) for each in before], same)


def _about(finding: Finding, renames: Mapping[str, str]) -> tuple[str, ...]:
    return (finding.code, *(renames.get(word, word) for word in finding.anchor))


def _spot(finding: Finding) -> tuple[str, int, int]:
    return finding.place.path, finding.place.line, finding.place.region.column


def _judged(finding: Finding, before: Finding, renames: Mapping[str, str], site: Site) -> Finding:
    had = {renames.get(page, page) for page in before.pages}
    pages = tuple(page for page in finding.pages if page not in had)
    news = "; ".join(_news(finding, before, pages))
    if not news:
        return replace(finding, state=State.KNOWN)
    return replace(
        finding,
        state=State.NEW,
        new_pages=pages,
        news=news,
        related=_with_pages(finding, pages, site),
    )


def _news(finding: Finding, before: Finding, pages: Sequence[str]) -> Iterator[str]:
    if pages:
        yield on_pages(pages)
    if finding.is_open and not before.is_open:
        yield "accepted before, and no longer"
    if SEVERITY_ORDER.index(finding.severity) < SEVERITY_ORDER.index(before.severity):
        yield f"counted as {before.severity} before, and as {finding.severity} now"


def _with_pages(finding: Finding, pages: Sequence[str], site: Site) -> tuple[Step, ...]:
    """The related places with the new pages first: those are what the change is about."""
    told = {step.place.path: step for step in finding.related}
    first = []
    for page in pages[:MOST_TOLD]:
        step = told.pop(page, None)
        if step is not None:
            first.append(replace(step, text=f"new here: {step.text}"))
        elif page in site.pages:
            first.append(Step(site.pages[page].place, "new here"))
    return (*first, *(step for step in finding.related if step.place.path not in pages))
