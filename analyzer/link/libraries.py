"""Vendors' libraries among a site's own files: what is in them, and the pages that load them.

What a library's own code calls, asks for and shows is how the product works, and no act of the
site. What names an account is the site's, wherever it stands. The same holds for the scripts of a
repository that makes a vendor's package; its pages, which show how to use it, count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from analyzer.frameworks.aliases import Alias
from analyzer.link.graph import Graph
from analyzer.match import Matcher
from analyzer.model import (
    Assign,
    Call,
    Choice,
    Detection,
    Fact,
    Frame,
    Hole,
    Library,
    Object,
    OriginKind,
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
    Text,
)

WORKS_WITH = frozenset({Role.LOADER, Role.PIXEL, Role.CONFIG, Role.GATE, Role.MARKER, Role.PACKAGE})
SCRIPTS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
NPM = "npm:"
UNREAD = frozenset({OriginKind.UNKNOWN, OriginKind.GLOBAL, OriginKind.PARAMETER, OriginKind.IMPORT})
ACTS = (Assign, Call, Frame, Package, Pixel, Push, Request, ScriptLoad, Setting, Style)


def apart(parsed: Sequence[Parsed], matcher: Matcher) -> list[Parsed]:
    """The files, without what only vendors' libraries do in them."""
    return [_apart(each, matcher) for each in _of_others(parsed, matcher)]


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


def _of_others(parsed: Sequence[Parsed], matcher: Matcher) -> Iterator[Parsed]:
    """The files, without the packages that the repository itself makes, and without what the
    scripts of a vendor's package do.
    """
    made = {
        fact.pattern: fact
        for each in parsed
        for fact in each.facts
        if isinstance(fact, Alias) and fact.kind == "package" and "*" not in fact.pattern
    }
    asked = [Package(place=each.place, ecosystem="npm", name=name) for name, each in made.items()]
    owners = {
        _owner(found, matcher)
        for each in asked
        for found in matcher.detect(each)
        if found.role is Role.PACKAGE
    }
    vendors = matcher.signatures.vendors
    owners.update(vendors[name].owner for name in made if name in vendors)

    def is_own(fact: Fact, in_script: bool) -> bool:
        if isinstance(fact, Package):
            return fact.ecosystem == "npm" and fact.name in made
        if not (in_script and isinstance(fact, ACTS)):
            return False
        found = list(matcher.detect(fact))
        known = any(each.ids and not each.placeholder for each in found)
        return not known and any(_owner(each, matcher) in owners for each in found)

    for each in parsed:
        in_script = bool(owners) and each.path.endswith(SCRIPTS)
        facts = tuple(fact for fact in each.facts if not is_own(fact, in_script))
        yield each if len(facts) == len(each.facts) else replace(each, facts=facts)


def _apart(parsed: Parsed, matcher: Matcher) -> Parsed:
    libraries = [fact for fact in parsed.facts if isinstance(fact, Library)]
    if not libraries:
        return parsed
    owners = {
        library: {_owner(found, matcher) for found in matcher.detect(library)}
        for library in libraries
    }
    asked = _asked(parsed.facts, matcher)
    kept = (
        fact
        for fact in parsed.facts
        if not isinstance(fact, ACTS)
        or not any(
            _is_inside(fact.place, library.extent)
            and _is_its_own(fact, library, owners[library], asked, matcher)
            for library in libraries
        )
    )
    if not asked:
        return replace(parsed, facts=tuple(kept))
    return replace(parsed, facts=tuple(_beside_page(fact) for fact in kept))


def _beside_page(fact: Fact) -> Fact:
    """The fact in a script that a bundler made of libraries and a page: no library is alone."""
    return replace(fact, alone=False) if isinstance(fact, Library) else fact


def _asked(facts: Sequence[Fact], matcher: Matcher) -> dict[str, set[str]]:
    """The packages that calls tell something, each with the accounts that they name."""
    found: dict[str, set[str]] = {}
    for fact in facts:
        package = _package_of(fact)
        if package is not None and _tells(fact):
            told = found.setdefault(package, set())
            told.update(name for each in matcher.detect(fact) for name in each.ids)
    return found


def _package_of(fact: Fact) -> str | None:
    """The package that a call asks for; in a bundle it may stand in the same script."""
    callee = fact.callee.removeprefix("new ") if isinstance(fact, Call) else ""
    scope, slash, rest = callee.rpartition("/")
    return scope + slash + rest.partition(".")[0] if callee.startswith(NPM) else None


def _tells(fact: Fact) -> bool:
    """Does a call hand over something that can be read? What starts a library by itself does not,
    for it is told later by a page what to do.
    """
    values = [*fact.args] if isinstance(fact, Call) else []
    while values:
        value = values.pop()
        match value:
            case Object(items=items):
                values.extend(each for _, each in items)
            case Choice(options=each) | tuple(each):
                values.extend(each)
            case Hole(origin=origin):
                if origin.kind not in UNREAD:
                    return True
            case str() | Text():
                return True
    return False


def _is_its_own(
    fact: Fact,
    library: Library,
    owners: set[str],
    asked: Mapping[str, set[str]],
    matcher: Matcher,
) -> bool:
    """Is it what the library does by itself? That is known of what its own vendor gets. Where it is
    alone, it may also load and ask what it works with. For an account that a page tells its package
    it loads what the package needs.
    """
    if (package := _package_of(fact)) is not None:
        return package not in asked  # the rest of such a bundle is told apart by who asks
    found = list(matcher.detect(fact))
    named = [each for each in found if each.ids and not each.placeholder]
    if named:
        told = {name for names in asked.values() for name in names}
        return all(each.role is Role.LOADER and told.issuperset(each.ids) for each in named)
    if any(_owner(each, matcher) in owners for each in found):
        return True
    return library.alone and not asked and all(each.role in WORKS_WITH for each in found)


def _owner(found: Detection, matcher: Matcher) -> str:
    return matcher.signatures.vendors[found.vendor].owner


def _is_inside(place: Place, extent: Region) -> bool:
    start = place.region.line, place.region.column
    return (extent.line, extent.column) <= start < (extent.end_line, extent.end_column)
