"""The content-security policy does not allow the host that a tracker's script comes from.

Why it matters: a browser that is given this policy refuses the script. Either the tracker does not
work and is a leftover, or the policy is not what visitors get, because a proxy or another
configuration sends a different one.
Both are worth knowing before somebody relies on the policy, or on the numbers.

What to do: look at the header that the running site sends. Take the tracker out if it is not
needed; allow its host only for pages on which it may run.

A policy that only reports stops nothing and is not counted here. Nothing is said where a nonce, a
hash or strict-dynamic decides, where several policies may apply, or where part of the policy is
made at run time.

References: W3C, Content Security Policy Level 3; 45 CFR 164.308(a)(1)(ii)(D).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import (
    Finding,
    Moment,
    PolicyRead,
    ScriptLoad,
    Site,
    Status,
    Step,
    Tracker,
    Verdict,
    shown,
)
from analyzer.rules._content_policies import (
    allows,
    sources_for_scripts,
    trusts_by_other_means,
)
from analyzer.rules._findings import about_pages, name_of, running

CODE = "TL703"
SEVERITY = "note"
SCORE = "1.6"
MESSAGE = "'{0}' is loaded on '{1}' from '{2}', which the content-security policy does not allow."
NEXT = "Look at the policy that the running site sends; take out the tracker if nobody needs it."
TAGS = ("security", "privacy", "maintainability")


def check(site: Site) -> Iterator[Finding]:
    """A note for each snippet whose script the only policy of its pages stops."""
    strict = [each for each in site.content_policies if not each.policy.reports_only]
    for snippet in running(site):
        for tracker in snippet.trackers:
            address = _address(tracker)
            stopped = _stopped(strict, tracker, address) if address else None
            if stopped is None:
                continue
            policy, pages = stopped
            firings = [each for each in tracker.fires if each.page in pages]
            finding = about_pages(site, snippet, firings)
            yield replace(
                finding,
                place=tracker.place,
                arguments=(
                    name_of(site, snippet),
                    _said(pages),
                    address.partition("//")[2].partition("/")[0],
                ),
                related=(Step(policy.policy.place, "this policy decides about its script"),),
            )
            break


def _address(tracker: Tracker) -> str:
    """Where a script surely comes from, if its address is written out."""
    fact = tracker.detection.fact
    if not isinstance(fact, ScriptLoad) or tracker.status is not Status.LIVE:
        return ""
    address = shown(fact.url).strip()
    host = address.partition("//")[2].partition("/")[0].partition("?")[0]
    if not address.startswith(("https://", "http://", "//")) or "${" in host or "." not in host:
        return ""
    return f"https:{address}" if address.startswith("//") else address


def _stopped(
    strict: list[PolicyRead], tracker: Tracker, address: str
) -> tuple[PolicyRead, list[str]] | None:
    """The policy that stops a script, and the pages; None where that is not certain."""
    sure = [
        each.page
        for each in tracker.fires
        if each.verdict is Verdict.YES and each.moment is Moment.LOAD
    ]
    headers = [each for each in strict if each.policy.told == "header"]
    if headers:
        policy, pages = headers[0], sure
    else:
        told = [each for each in strict if set(each.pages) & set(sure)]
        if not told:
            return None
        policy = told[0]
        pages = [
            page for page in sure if [each for each in strict if page in each.pages] == [policy]
        ]
    # With headers any other policy may hold on some of the pages: then nothing is certain.
    if not pages or (headers and len(strict) > 1) or not policy.policy.complete:
        return None
    sources = sources_for_scripts(policy.policy)
    if sources is None or trusts_by_other_means(sources) or allows(sources, address):
        return None
    return policy, pages


def _said(pages: list[str]) -> str:
    return pages[0] if len(pages) == 1 else f"{len(pages)} pages"
