"""What the web page tells of in several places, gathered once: what runs, where, and which pages
matter most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from analyzer import sentences
from analyzer.model import (
    PASSIVE,
    Datum,
    Firing,
    Kind,
    OriginKind,
    Report,
    Site,
    Snippet,
    Status,
    Verdict,
    holes,
)
from analyzer.outputs._styled import count

# Pages behind a login first, then what tells most of a person; other classes follow by name.
CLASS_ORDER = (
    "patient-portal",
    "signed-in",
    "sign-in",
    "results",
    "pharmacy",
    "billing",
    "scheduling",
    "intake-form",
    "telehealth",
    "symptom-checker",
)
NOT_SENSITIVE = "public"
ELSEWHERE = "elsewhere"  # stands for the pages without a class
RUNS = frozenset({Status.LIVE, Status.CONDITIONAL, Status.CONSENT_GATED, Status.SERVER_SIDE})
STATES = {
    Status.CONDITIONAL: "under a condition",
    Status.CONSENT_GATED: "after consent",
    Status.SERVER_SIDE: "from the server",
    Status.PLACEHOLDER: "with a placeholder for its id",
    Status.DEAD: "switched off",
}
KNOWN_KINDS = frozenset({OriginKind.CONSTANT, OriginKind.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Class:
    """A page class that the site has, with its pages in order."""

    id: str
    name: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """A piece of data that a vendor is handed: what it is, the console's words, and on which
    pages it surely is and may be.
    """

    category: str
    said: str
    sure: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Running:
    """A snippet that runs in browsers, with its pages."""

    snippet: Snippet
    name: str
    firings: Mapping[str, Firing]
    received: tuple[Received, ...]

    @property
    def vendor(self) -> str:
        return self.snippet.vendor

    @property
    def state(self) -> str:
        return STATES.get(self.snippet.status, "")

    def on(self, pages: Iterable[str]) -> tuple[Firing, ...]:
        return tuple(self.firings[page] for page in pages if page in self.firings)

    def where(self) -> str:
        """Where somebody would change it."""
        hit = self.snippet.head.detection
        if hit.tag is not None:
            return f"tag '{hit.tag.tag_name}' of container {hit.tag.container_id or hit.tag.path}"
        return f"{hit.place.path}:{hit.place.line}"


class Gathered:
    """The report with its records in an order of its own, and each answer computed once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.site: Site = report.site

    @cached_property
    def running(self) -> tuple[Running, ...]:
        """What runs in browsers and is more than the way to load others."""
        found = [
            Running(
                each,
                named(self.site, each),
                {firing.page: firing for firing in each.fires},
                tuple(self._received(each)),
            )
            for each in self.site.snippets
            if is_running(self.site, each)
        ]
        return tuple(sorted(found, key=lambda each: (each.name.lower(), each.where())))

    @cached_property
    def by_vendor(self) -> Mapping[str, tuple[Running, ...]]:
        found: dict[str, list[Running]] = {}
        for each in self.running:
            found.setdefault(each.vendor, []).append(each)
        return {vendor: tuple(own) for vendor, own in found.items()}

    @cached_property
    def classes(self) -> tuple[Class, ...]:
        """The classes of pages that matter, the most telling first."""
        names: dict[str, str] = {}
        pages: dict[str, list[str]] = {}
        for path in sorted(self.site.pages):
            for each in self.site.pages[path].classes:
                if each.id != NOT_SENSITIVE:
                    names.setdefault(each.id, each.name)
                    pages.setdefault(each.id, []).append(path)
        return tuple(Class(name, names[name], tuple(pages[name])) for name in in_order(names))

    @cached_property
    def sensitive(self) -> frozenset[str]:
        return frozenset(path for each in self.classes for path in each.pages)

    @cached_property
    def elsewhere(self) -> tuple[str, ...]:
        """The pages without a class that matters."""
        return tuple(path for path in sorted(self.site.pages) if path not in self.sensitive)

    def classes_of(self, pages: Iterable[str]) -> tuple[str, ...]:
        """The classes of these pages, in order."""
        found = {
            each.id
            for path in pages
            if path in self.site.pages
            for each in self.site.pages[path].classes
            if each.id != NOT_SENSITIVE
        }
        return tuple(in_order(found))

    def vendor_name(self, vendor: str) -> str:
        known = self.site.vendors.get(vendor)
        return known.name if known else vendor

    def page_name(self, path: str) -> str:
        """The address that a visitor knows, else the file."""
        page = self.site.pages.get(path)
        return page.routes[0] if page and page.routes else path

    def _received(self, snippet: Snippet) -> Iterator[Received]:
        firings: dict[tuple[str, str], list[Firing]] = {}
        for tracker in snippet.trackers:
            for datum in tracker.detection.data:
                if tells(datum):
                    key = (self.category_of(datum), said(datum))
                    firings.setdefault(key, []).extend(tracker.fires)
        for (category, words), own in sorted(firings.items(), key=_by_weight):
            surely, maybe = apart(own)
            yield Received(category, words, surely, maybe)

    def category_of(self, datum: Datum) -> str:
        known = self.site.categories.get(datum.category)
        return known.name if known else datum.category


def is_running(site: Site, snippet: Snippet) -> bool:
    """Does it run in browsers, or does a server send to it?"""
    vendor = site.vendors.get(snippet.vendor)
    roles = {tracker.detection.role for tracker in snippet.trackers}
    return (
        snippet.status in RUNS
        and not roles <= PASSIVE
        and (vendor is None or vendor.kind is not Kind.TAG_MANAGER)
    )


def named(site: Site, snippet: Snippet) -> str:
    """The product's name, with the id where it is known, as findings have it."""
    vendor = site.vendors.get(snippet.vendor)
    name = vendor.name if vendor else snippet.vendor
    name += f" {snippet.ids[0]}" if snippet.ids else ""
    proxied = any(each.detection.proxied for each in snippet.trackers)
    return f"{name}, first-party proxied" if proxied else name


def in_order(classes: Iterable[str]) -> list[str]:
    last = len(CLASS_ORDER)
    return sorted(
        classes,
        key=lambda name: (CLASS_ORDER.index(name) if name in CLASS_ORDER else last, name),
    )


def tells(datum: Datum) -> bool:
    """Is it of a known category, or does a running page decide it?"""
    return bool(datum.category) or any(
        hole.origin.kind not in KNOWN_KINDS for hole in holes(datum.value)
    )


def said(datum: Datum) -> str:
    """The piece of data in the console's words."""
    return sentences.sends((datum,))[0]


def apart(firings: Iterable[Firing]) -> tuple[frozenset[str], frozenset[str]]:
    """The pages where something surely runs, and those where it only may."""
    pages: dict[bool, set[str]] = {True: set(), False: set()}
    for each in firings:
        pages[each.verdict is Verdict.YES].add(each.page)
    return frozenset(pages[True]), frozenset(pages[False] - pages[True])


def pages_said(firings: Iterable[Firing]) -> str:
    """On how many pages, and on how many only maybe."""
    surely, maybe = apart(firings)
    words = [f"on {count(len(surely), 'page')}"] if surely else []
    if maybe:
        more = f"{len(maybe)} more" if surely else count(len(maybe), "page")
        words.append(f"maybe on {more}")
    return ", ".join(words)


def _by_weight(item: tuple[tuple[str, str], list[Firing]]) -> tuple[bool, str, str]:
    (category, words), _ = item
    return not category, category, words
