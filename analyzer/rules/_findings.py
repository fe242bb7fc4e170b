"""How rules build findings about a snippet and the pages that have it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from analyzer.model import (
    PASSIVE,
    Finding,
    Firing,
    Kind,
    Moment,
    Page,
    Role,
    Site,
    Snippet,
    Status,
    Step,
    Verdict,
)

SENSITIVE = (
    "patient-portal",
    "signed-in",
    "sign-in",
    "scheduling",
    "telehealth",
    "intake-form",
    "results",
    "pharmacy",
    "billing",
    "symptom-checker",
)
REPORTED = frozenset({Status.LIVE, Status.CONDITIONAL, Status.CONSENT_GATED})
MOST_RELATED = 20
LONGEST_SAID = 60  # characters of a condition


def running(site: Site) -> Iterator[Snippet]:
    """The snippets that run in browsers; a declared package, a library or a configured id alone
    runs nothing.
    """
    for snippet in site.snippets:
        roles = {tracker.detection.role for tracker in snippet.trackers}
        if snippet.status in REPORTED and not roles <= PASSIVE:
            yield snippet


def trackers(site: Site) -> Iterator[Snippet]:
    """The snippets that run and that are more than the way to load others."""
    return (
        each for each in running(site) if site.vendors[each.vendor].kind is not Kind.TAG_MANAGER
    )


def is_sensitive(page: Page) -> bool:
    """Is it a page on which a patient's data is at hand?"""
    return any(page.has_class(each) for each in SENSITIVE)


def behind_servers(site: Site) -> Iterator[Snippet]:
    """The snippets in server containers of which it is known from which pages they are fed: the
    browser does not show them, and the vendor gets the same.
    """
    for snippet in site.snippets:
        if snippet.status is Status.SERVER_SIDE and snippet.fires and snippet.head.detection.tag:
            yield snippet


def about_pages(
    site: Site, snippet: Snippet, firings: Sequence[Firing], classes: Collection[str] = ()
) -> Finding:
    """A finding about a snippet and some of its pages: its arguments are its name, and which
    pages.
    """
    first = min(
        firings,
        key=lambda each: (
            each.verdict is not Verdict.YES,
            each.moment is not Moment.LOAD,
            each.page,
        ),
    )
    related = tuple(
        Step(site.pages[each.page].place, reasons(site, each, classes))
        for each in firings[:MOST_RELATED]
    )
    place = snippet.head.place
    return Finding(
        place=place,
        arguments=(name_of(site, snippet), pages_said(snippet, firings)),
        anchor=anchor_of(snippet),
        vendor=snippet.vendor,
        pages=tuple(each.page for each in firings),
        classes=tuple(
            dict.fromkeys(
                each.id
                for firing in firings
                for each in site.pages[firing.page].classes
                if each.id in classes
            )
        ),
        trail=trail_of(site, snippet, first),
        related=related,
        tag=snippet.head.detection.tag,
    )


def trail_of(site: Site, snippet: Snippet, firing: Firing) -> tuple[Step, ...]:
    """The way from a page to the snippet, and what it does there."""
    place, does = snippet.head.place, what_it_does(site, snippet)
    before = firing.trail
    if (
        before and before[-1].place == place
    ):  # a tag that is the tracker itself is one step, not two
        return (*before[:-1], Step(place, f"{before[-1].text}: {does}"))
    return (*before, Step(place, does))


def name_of(site: Site, snippet: Snippet) -> str:
    """The product's name, with the id where it is known, and whether another host stands in for
    the vendor's.
    """
    name = site.vendors[snippet.vendor].name + (f" {snippet.ids[0]}" if snippet.ids else "")
    proxied = any(each.detection.proxied for each in snippet.trackers)
    return f"{name}, first-party proxied" if proxied else name


def anchor_of(snippet: Snippet) -> tuple[str, ...]:
    """What the finding is about, in words that survive moved lines and renamed exports."""
    tag = snippet.head.detection.tag
    if tag is not None:
        return ("tag", tag.container_id, tag.tag_name, snippet.vendor, *snippet.ids[:1])
    return ("snippet", snippet.head.place.path, snippet.vendor, *snippet.ids[:1])


def home_of(site: Site, path: str) -> str:
    """The container that a file holds, by its id, else the file: exports are renamed with every
    version.
    """
    held = [each.container for each in site.containers if each.container.place.path == path]
    return next((each.container_id for each in held if each.container_id), path)


def pages_said(snippet: Snippet, firings: Sequence[Firing]) -> str:
    """The page, or how many, and when the snippet runs there unless that is on loading."""
    number = firings[0].page if len(firings) == 1 else f"{len(firings)} pages"
    sure = sum(each.verdict is Verdict.YES for each in firings)
    doubt = f"{len(firings) - sure} of them under a condition" if 0 < sure < len(firings) else ""
    said = (number, doubt, _when(snippet, firings), _under(firings))
    return ", ".join(part for part in said if part)


def _under(firings: Sequence[Firing]) -> str:
    """The one condition that stands before all of the pages."""
    conditions = {each.conditions for each in firings}
    one = conditions.pop() if len(conditions) == 1 else ()
    all_open = all(each.verdict is Verdict.MAYBE for each in firings)
    if not all_open or not one:
        return ""
    plain = len(one) == 1 and len(one[0]) <= LONGEST_SAID and not set("'\"`") & set(one[0])
    return one[0] if plain else "under a condition"


def _when(snippet: Snippet, firings: Sequence[Firing]) -> str:
    if snippet.status is Status.CONSENT_GATED:
        return "after consent"
    moments = {each.moment for each in firings}
    said = {
        Moment.INTERACTION: "when somebody clicks or submits",
        Moment.EVENT: "on an event",
        Moment.TIMER: "after some time",
        Moment.HISTORY: "when the address changes",
        Moment.SERVER: "through the site's own server",
    }
    return "" if Moment.LOAD in moments else said[min(moments)]


def what_it_does(site: Site, snippet: Snippet) -> str:
    """The last step of a trail."""
    name = site.vendors[snippet.vendor].name
    roles = {tracker.detection.role for tracker in snippet.trackers}
    if Role.CONTAINER in roles or site.vendors[snippet.vendor].kind is Kind.TAG_MANAGER:
        return f"loads {name}, which runs what its container holds"
    if Role.SETUP in roles:
        return f"sets up {name}" + (" and sends events" if Role.EVENT in roles else "")
    if Role.EVENT in roles:
        return f"sends an event to {name}"
    return f"loads {name}"


def reasons(site: Site, firing: Firing, classes: Collection[str]) -> str:
    """The page with why it is of these classes, and the condition that decides."""
    page = site.pages[firing.page]
    said = (
        "; ".join(
            f"{each.name}: {', '.join(each.reasons[:3])}"
            for each in page.classes
            if each.id in classes
        )
        or "has it"
    )
    return said + (f" ({'; '.join(firing.conditions[:2])})" if firing.conditions else "")
