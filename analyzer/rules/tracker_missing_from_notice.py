"""The site's privacy notice does not name a vendor whose tracker runs on it.

Why it matters: a notice that says less than the site does is what the FTC has held against health
companies that promised one thing and sent another, and state consumer health laws ask for a notice
that says with whom health data are shared.
Naming a vendor in a notice permits nothing by itself: for protected health information a privacy
policy is no authorization under 45 CFR 164.508, and no business associate agreement.

What to do: take out what should not run; for what stays, name it in the notice, with what it
receives and why, and keep that list with the inventory of trackers.

A vendor counts as named where the text has its name, the product's, one of its hosts or one of its
cookies. Text that is kept outside of the files cannot be read, and then nothing is said.

References: FTC Act section 5; FTC, GoodRx (1 February 2023), BetterHelp (2 March 2023); RCW
19.373.020 and .030 (in force since 31 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Firing, Kind, NoticeRead, Page, Site, Snippet, Step, Verdict
from analyzer.rules._findings import MOST_RELATED, name_of, trackers

CODE = "TL701"
SEVERITY = "warning"
SCORE = "3.6"
MESSAGE = "The notice '{0}' does not name what runs on the site: '{1}'."
NEXT = "Take the tracker out, or name it in the notice with what it receives and why."
TAGS = ("privacy", "external/cwe/cwe-359")
WHERE = ("privacy", "cookies")  # a notice of privacy practices speaks of other things
MOST_NAMED = 6


def check(site: Site) -> Iterator[Finding]:
    """One finding a site, at its main notice, with the vendors that none of its notices names."""
    main = min(
        (each for each in site.notices if each.kind in WHERE and each.complete),
        key=lambda each: (WHERE.index(each.kind), len(each.page), each.page),
        default=None,
    )
    if main is None or any(
        not each.complete and each.kind in WHERE and each.kind != main.kind for each in site.notices
    ):
        return  # another notice may name them, and its text is not here
    named = frozenset().union(*(each.names for each in site.notices))
    missing: dict[str, Snippet] = {}
    for snippet in trackers(site):
        if (
            site.vendors[snippet.vendor].kind is Kind.TRACKER
            and snippet.vendor not in named
            and any(_is_beside(site, main, each.page) for each in _sure(snippet))
        ):
            missing.setdefault(snippet.vendor, snippet)
    if missing:
        yield _about(site, main, missing)


def _sure(snippet: Snippet) -> Iterator[Firing]:
    return (each for each in snippet.fires if each.verdict is Verdict.YES)


def _is_beside(site: Site, notice: NoticeRead, path: str) -> bool:
    """Is a page of the same site as the notice, as far as layouts and folders tell?"""
    own, page = site.pages.get(notice.page), site.pages.get(path)
    if own is None or page is None:
        return False
    return bool(set(own.layouts) & set(page.layouts)) or _root(own) == _root(page)


def _root(page: Page) -> str:
    return page.path.partition("/")[0] if "/" in page.path else ""


def _about(site: Site, main: NoticeRead, missing: dict[str, Snippet]) -> Finding:
    names = [site.vendors[each].name for each in missing]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    others = [
        each for each in site.notices if each is not main and each.complete and each.kind in WHERE
    ]
    return Finding(
        place=main.place,
        arguments=(main.title or main.page, ", ".join(names[:MOST_NAMED]) + more),
        anchor=("notice", main.page),
        vendor=next(iter(missing)) if len(missing) == 1 else "",
        pages=(main.page,),
        related=(
            *(Step(each.head.place, f"{name_of(site, each)} is here") for each in missing.values()),
            *(Step(each.place, "does not name it either") for each in others),
        )[:MOST_RELATED],
    )
