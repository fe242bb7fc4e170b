"""Vendors' libraries among a site's own files: what is in them, and the pages that load them.

What a library's own code calls, asks for and shows is how the product works, and no act of the
site. What names an account is the site's, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analyzer.link.graph import Graph
from analyzer.match import Matcher
from analyzer.model import (
    Assign,
    Call,
    Detection,
    Fact,
    Frame,
    Library,
    Package,
    Parsed,
    Pixel,
    Place,
    Push,
    Region,
    Request,
    Role,
    ScriptLoad,
    Setting,
    Style,
)

WORKS_WITH = frozenset({Role.LOADER, Role.PIXEL, Role.CONFIG, Role.GATE, Role.MARKER, Role.PACKAGE})
ACTS = (Assign, Call, Frame, Package, Pixel, Push, Request, ScriptLoad, Setting, Style)


def apart(parsed: Sequence[Parsed], matcher: Matcher) -> list[Parsed]:
    """The files, without what only vendors' libraries do in them."""
    return [_apart(each, matcher) for each in parsed]


def loaders(
    parsed: Sequence[Parsed], graph: Graph, matcher: Matcher
) -> Iterator[tuple[str, Detection]]:
    """The scripts of the site's own that load a vendor's library from it, each with its file."""
    alone = {
        each.path: fact
        for each in parsed
        for fact in each.facts
        if isinstance(fact, Library) and fact.alone
    }
    loading = {
        edge.place: edge.inner
        for path in alone
        for edge in graph.into.get(path, ())
        if edge.how == "loads"
    }
    for each in parsed if loading else ():
        for fact in each.facts:
            if isinstance(fact, ScriptLoad) and fact.place in loading:
                known = {found.vendor for found in matcher.detect(fact)}
                for found in matcher.detect(alone[loading[fact.place]]):
                    if found.vendor not in known:
                        yield (
                            each.path,
                            Detection(found.vendor, Role.LOADER, fact.place, fact, proxied=True),
                        )


def _apart(parsed: Parsed, matcher: Matcher) -> Parsed:
    libraries = [fact for fact in parsed.facts if isinstance(fact, Library)]
    if not libraries:
        return parsed
    owners = {
        library: {_owner(found, matcher) for found in matcher.detect(library)}
        for library in libraries
    }
    kept = tuple(
        fact
        for fact in parsed.facts
        if not isinstance(fact, ACTS)
        or not any(
            _is_inside(fact.place, library.extent)
            and _is_its_own(fact, library, owners[library], matcher)
            for library in libraries
        )
    )
    return replace(parsed, facts=kept)


def _is_its_own(fact: Fact, library: Library, owners: set[str], matcher: Matcher) -> bool:
    """Is it what the library does by itself? That is known of what its own vendor gets. Where it is
    alone, it may also load and ask what it works with.
    """
    found = list(matcher.detect(fact))
    if any(each.ids and not each.placeholder for each in found):
        return False
    if any(_owner(each, matcher) in owners for each in found):
        return True
    return library.alone and all(each.role in WORKS_WITH for each in found)


def _owner(found: Detection, matcher: Matcher) -> str:
    return matcher.signatures.vendors[found.vendor].owner


def _is_inside(place: Place, extent: Region) -> bool:
    start = place.region.line, place.region.column
    return (extent.line, extent.column) <= start < (extent.end_line, extent.end_column)
