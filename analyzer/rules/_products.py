"""A product once: code of one that is set up elsewhere on the same pages is told beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from analyzer.model import Finding, Firing, Role, Site, Snippet, Step
from analyzer.rules._findings import MOST_RELATED, what_it_does

Found = tuple[Snippet, Sequence[Firing]]
MOST_BESIDE = 5
STARTING = frozenset({Role.SETUP, Role.CONTAINER, Role.LOADER})


@dataclass(frozen=True, slots=True)
class Product:
    """A snippet with the pages that a finding is about, and other code of the same product that
    runs on none but these.
    """

    snippet: Snippet
    firings: Sequence[Firing]
    beside: tuple[Snippet, ...] = ()


def products(found: Iterable[Found]) -> Iterator[Product]:
    """The snippets of one rule, a product once: where it is set up, or else where it reaches most.

    The tags of a container stay apart: each is switched off by itself.
    """
    listed = list(found)
    kept: dict[int, list[int]] = {}
    for number in sorted(range(len(listed)), key=lambda each: _rank(listed[each])):
        host = next((each for each in kept if _holds(listed[each], listed[number])), None)
        if host is None:
            kept[number] = []
        else:
            kept[host].append(number)
    for number in sorted(kept):
        snippet, firings = listed[number]
        yield Product(snippet, firings, tuple(listed[each][0] for each in sorted(kept[number])))


def with_beside(site: Site, finding: Finding, product: Product) -> Finding:
    """The finding with the other code of the product, told first among what is related."""
    steps = tuple(
        Step(each.head.place, f"{what_it_does(site, each)}, too")
        for each in product.beside[:MOST_BESIDE]
    )
    return replace(finding, related=(*steps, *finding.related)[:MOST_RELATED]) if steps else finding


def _rank(found: Found) -> tuple[int, bool, bool, str]:
    snippet, firings = found
    starts = snippet.head.detection.role in STARTING
    return -len(firings), not starts, not snippet.ids, snippet.group


def _holds(wide: Found, narrow: Found) -> bool:
    """Is the second about the same product, and on no page that the first is not on?"""
    first, second = wide[0], narrow[0]
    return (
        first.vendor == second.vendor
        and first.head.detection.tag is None
        and second.head.detection.tag is None
        and (not second.ids or not first.ids or bool(set(first.ids) & set(second.ids)))
        and {each.page for each in narrow[1]} <= {each.page for each in wide[1]}
    )
