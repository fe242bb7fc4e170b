"""From layouts over pages to trackers: pages that get the same by the same ways are one band."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analyzer.model import Firing, Page, Status, Verdict
from analyzer.outputs._html_gathered import STATES, Gathered, Running
from analyzer.outputs._html_tables import Tables

BANDS = 25  # of one layout; the rest becomes one band
SHOWN = 4  # pages of a band that stand there without unfolding
ALONE = ""  # no layout
WAYS = ("in the layout", "through container", "in ")  # in this order; the page's own come last


@dataclass(frozen=True, slots=True)
class Leaf:
    """A tracker as it stands at the end of a band."""

    vendor: str
    name: str
    badge: str  # after consent, or maybe


@dataclass(frozen=True, slots=True)
class Band:
    """Pages with the same trackers by the same ways."""

    pages: tuple[str, ...]
    names: tuple[str, ...]
    number: int  # of the set of its pages
    classes: tuple[tuple[str, str], ...]
    leaves: tuple[tuple[str, tuple[Leaf, ...]], ...]  # by the way on which they come
    mixed: int = 0  # how many different bands this one stands for

    @property
    def vendors(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(leaf.vendor for _, own in self.leaves for leaf in own))


@dataclass(frozen=True, slots=True)
class Trunk:
    """A layout that others stand in, with the pages below it."""

    layout: str
    pages: int
    bands: tuple[Band, ...]


def trunks(gathered: Gathered, tables: Tables) -> list[Trunk]:
    """The layouts that bring trackers first, by how many pages they reach."""
    reached: dict[str, list[tuple[Running, Firing]]] = {}
    for running in gathered.running:
        for page, firing in running.firings.items():
            reached.setdefault(page, []).append((running, firing))
    by_layout: dict[str, dict[tuple[tuple[str, Leaf], ...], list[str]]] = {}
    for each in sorted(gathered.site.pages.values(), key=lambda page: page.path):
        key = tuple(_surest(_ways(each, reached.get(each.path, ()))))
        by_layout.setdefault(_layout(each), {}).setdefault(key, []).append(each.path)
    found = [
        Trunk(
            layout,
            sum(map(len, bands.values())),
            tuple(_bands(gathered, tables, bands)),
        )
        for layout, bands in by_layout.items()
    ]
    return sorted(found, key=lambda each: (not _tracked(each), -each.pages, each.layout))


def _layout(page: Page) -> str:
    """The outermost layout: what stands in it reaches most pages."""
    return page.layouts[-1] if page.layouts else ALONE


def _ways(page: Page, running: Sequence[tuple[Running, Firing]]) -> Iterator[tuple[str, Leaf]]:
    for each, firing in running:
        maybe = "maybe" if firing.verdict is not Verdict.YES else ""
        gated = STATES[Status.CONSENT_GATED]
        badge = gated if each.snippet.status is Status.CONSENT_GATED else maybe
        yield _way(page, each), Leaf(each.vendor, each.name, badge)


def _surest(ways: Iterable[tuple[str, Leaf]]) -> list[tuple[str, Leaf]]:
    """Each tracker once a way, the way on which it surely comes before the one on which it may."""
    found: dict[tuple[str, str], tuple[str, Leaf]] = {}
    for way, leaf in sorted(ways, key=_way_order):
        found.setdefault((way, leaf.name), (way, leaf))
    return list(found.values())


def _way(page: Page, running: Running) -> str:
    hit = running.snippet.head.detection
    if hit.tag is not None:
        return f"through container {hit.tag.container_id or hit.tag.path}"
    if hit.place.path == page.path:
        return "on the page itself"
    if hit.place.path in page.layouts:
        return f"in the layout {hit.place.path}"
    return f"in {hit.place.path}"


def _bands(
    gathered: Gathered, tables: Tables, found: dict[tuple[tuple[str, Leaf], ...], list[str]]
) -> Iterator[Band]:
    ordered = sorted(
        found.items(),
        key=lambda each: (not each[0], -_weight(gathered, each[1]), -len(each[1]), each[1]),
    )
    for key, pages in ordered[:BANDS]:
        yield _band(gathered, tables, key, pages)
    rest = ordered[BANDS:]
    if rest:
        every = tuple(_surest({way for key, _ in rest for way in key}))
        pages = sorted(page for _, own in rest for page in own)
        yield _band(gathered, tables, every, pages, len(rest))


def _band(
    gathered: Gathered,
    tables: Tables,
    ways: Sequence[tuple[str, Leaf]],
    pages: Sequence[str],
    mixed: int = 0,
) -> Band:
    names = {each.id: each.name for each in gathered.classes}
    leaves: dict[str, dict[Leaf, None]] = {}
    for way, leaf in ways:
        leaves.setdefault(way, {})[leaf] = None
    first = sorted(pages, key=lambda page: (page not in gathered.sensitive, page))
    return Band(
        tuple(first),
        tuple(gathered.page_name(page) for page in first[:SHOWN]),
        tables.pages(first),
        tuple((each, names[each]) for each in gathered.classes_of(pages)),
        tuple((way, tuple(own)) for way, own in leaves.items()),
        mixed,
    )


def _weight(gathered: Gathered, pages: Sequence[str]) -> int:
    return sum(page in gathered.sensitive for page in pages)


def _way_order(way: tuple[str, Leaf]) -> tuple[int, str, str, str]:
    how, leaf = way
    first = next((place for place, word in enumerate(WAYS) if how.startswith(word)), len(WAYS))
    return first, how, leaf.name.lower(), leaf.badge


def _tracked(trunk: Trunk) -> bool:
    return any(band.leaves for band in trunk.bands)
