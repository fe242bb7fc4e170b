"""Bundles and what they were made from: a tracker in both is one, that of the source.

A source map tells which line of which file a bundle's code comes from. Without one a bundle is
held against the scripts of its project that people wrote: where both do the same with the same id
or event, one is the build of the other.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analyzer.frameworks import start_of
from analyzer.link.alike import DOING, Doing, completed, kind_of, may_be
from analyzer.link.edges import Edge
from analyzer.link.graph import Graph
from analyzer.link.names import HASHED, PROJECT_FILE
from analyzer.match import Matcher
from analyzer.model import (
    Asset,
    Bundled,
    Detection,
    Fact,
    Library,
    Original,
    Package,
    Parsed,
    Place,
    Push,
    Role,
    Step,
    Unbundle,
)

SCRIPT = re.compile(r"\.[cm]?jsx?$", re.I)
WRITTEN = re.compile(r"\.(?:[cm]?[jt]sx?|vue|svelte|astro|coffee)$", re.I)
BUILT_IN = re.compile(
    r"(?:^|/)(?:dist|build|builds|out|output|bundles?|target|_site|\.next|_next|\.nuxt|_nuxt"
    r"|\.output|\.svelte-kit|packs|compiled|generated)/"
)
BUILT_NAME = re.compile(r"[.-](?:min|bundle|bundled|chunk|prod|production)\.[cm]?js$", re.I)
FAR = 250  # a column that people hardly write by hand
MOST_TWINS = 400  # scripts that one bundle is held against for one fact
MOST_OUTPUTS = 20  # files that a build may have written under one name
STALE = "that file does not show it as it is now"
ALIKE = "they do the same with the same id or event"
BY_BUILD = "as the build's settings say"


@dataclass(frozen=True, slots=True)
class Copy:
    """A bundle that holds a fact of a source, and the place there."""

    path: str
    place: Place
    doubt: str = ""

    def step(self, source: str) -> Step:
        words = f"holds the built code of {source}"
        return Step(self.place, f"{words} ({self.doubt})" if self.doubt else words)


@dataclass(slots=True)
class Bundles:
    """What is one thing in a source and its bundles.

    `parsed` are the files without what bundles only repeat, `originals` say of places in bundles
    where their code was written, `copies` are by the sort and place of a source's fact.
    """

    parsed: list[Parsed]
    originals: dict[Place, Original] = field(default_factory=dict)
    copies: dict[tuple[str, Place], list[Copy]] = field(default_factory=dict)
    libraries: set[tuple[str, str, str]] = field(default_factory=set)  # told already

    def of(self, fact: Fact) -> Sequence[tuple[str, Step]]:
        """The bundles that hold a fact, each with the step of a trail that says so."""
        copies = self.copies.get(_key(fact), ()) if self.copies else ()
        return [(copy.path, copy.step(fact.place.path)) for copy in copies]

    @property
    def held(self) -> dict[Place, tuple[Step, ...]]:
        """Where bundles hold what stands at a place of a source."""
        return {
            place: tuple(dict.fromkeys(copy.step(place.path) for copy in copies))
            for (_, place), copies in self.copies.items()
        }


def unbundled(
    parsed: Sequence[Parsed], matcher: Matcher, graph: Graph, unbundle: Unbundle
) -> Bundles:
    """The files with each bundle joined to its sources; the graph learns which bundle holds
    which source.
    """
    return _Joiner(parsed, matcher, graph, unbundle).joined()


def without_maps(path: str, places: Sequence[Place]) -> Bundled | None:
    """What a run without files knows of source maps."""
    return None


def as_libraries(
    detections: Sequence[Detection], bundles: Bundles, matcher: Matcher
) -> Iterator[Detection]:
    """The detections of one fact; what a vendor's own package does inside of a bundle is no call of
    the site, and shows that the library is there.
    """
    for each in detections:
        original = bundles.originals.get(each.place)
        own = original is not None and _is_own_library(original, each, matcher)
        passive = each.role in (Role.MARKER, Role.GATE, Role.LIBRARY, Role.PACKAGE)
        if original is None or not own or passive:
            yield each
            continue
        library = (each.place.path, each.vendor, original.package)
        if library not in bundles.libraries:
            bundles.libraries.add(library)
            yield replace(each, role=Role.LIBRARY, ids=(), data=(), switches=(), placeholder=False)


def _is_own_library(original: Original, detection: Detection, matcher: Matcher) -> bool:
    if not original.package:
        return False
    package = Package(place=detection.place, ecosystem="npm", name=original.package)
    return any(each.vendor == detection.vendor for each in matcher.detect(package))


def is_built(path: str) -> bool:
    """Does a script's name say that a build made it?"""
    base = path.rpartition("/")[2]
    return SCRIPT.search(path) is not None and (
        BUILT_IN.search(path) is not None
        or BUILT_NAME.search(base) is not None
        or HASHED.match(base) is not None
    )


class _Joiner:
    def __init__(
        self, parsed: Sequence[Parsed], matcher: Matcher, graph: Graph, unbundle: Unbundle
    ) -> None:
        self.parsed = parsed
        self.matcher = matcher
        self.graph = graph
        self.unbundle = unbundle
        self.found = Bundles([*parsed])
        self.facts = {each.path: _doing(each.facts) for each in parsed}
        self.detected: dict[int, tuple[Detection, ...]] = {}
        self.projects = frozenset(
            posixpath.dirname(path) for path in graph.names.paths if PROJECT_FILE.search(path)
        )
        self.with_library = frozenset(
            each.path for each in parsed for fact in each.facts if isinstance(fact, Library)
        )
        # by the identity of facts: two of them may stand at one place
        self.dropped: dict[str, set[int]] = {}
        self.filled: dict[str, dict[int, Doing]] = {}
        self.added: dict[str, list[Fact]] = {}

    def joined(self) -> Bundles:
        for outer, inner, place in self._declared():
            self._hold(Edge("bundles", outer, inner, place, doubt=BY_BUILD))
        bundles: list[str] = []
        for path in [each.path for each in self.parsed if SCRIPT.search(each.path)]:
            told = self._told(path)
            if not told and path not in self.with_library:
                continue
            places = [fact.place for fact in self.facts[path]]
            bundled = self.unbundle(path, list(dict.fromkeys(places)))
            if bundled is not None:
                self._follow(path, bundled, told)
            if is_built(path) or self._is_likely_built(path, told):
                bundles.append(path)
        if bundles:
            self._pair(bundles)
        if self.dropped or self.filled or self.added:
            self.found.parsed = [self._without(each) for each in self.parsed]
        return self.found

    def _is_likely_built(self, path: str, told: Sequence[Doing]) -> bool:
        """Does a script look like a build's, in one long line and taking nothing from others?"""
        alone = not any(edge.how == "imports" for edge in self.graph.out.get(path, ()))
        return alone and any(each.place.region.column > FAR for each in told)

    def _told(self, path: str) -> list[Doing]:
        """The facts of a script that say something of a vendor or to the data layer."""
        return [
            fact for fact in self.facts[path] if isinstance(fact, Push) or self._detections(fact)
        ]

    def _detections(self, fact: Doing) -> tuple[Detection, ...]:
        if id(fact) not in self.detected:
            self.detected[id(fact)] = tuple(self.matcher.detect(fact))
        return self.detected[id(fact)]

    def _without(self, parsed: Parsed) -> Parsed:
        dropped = self.dropped.get(parsed.path, set())
        filled = self.filled.get(parsed.path, {})
        added = self.added.get(parsed.path, ())
        if not dropped and not filled and not added:
            return parsed
        facts = (filled.get(id(fact), fact) for fact in parsed.facts if id(fact) not in dropped)
        return replace(parsed, facts=(*facts, *added))

    # ------------------------------------------------------------ with a map

    def _follow(self, path: str, bundled: Bundled, told: Sequence[Doing]) -> None:
        """Join a bundle to the files that its map names."""
        sources = {each for each in bundled.sources if each in self.facts and each != path}
        shown = {fact.place for fact in told}
        first: dict[str, Place] = {}
        for fact in self.facts[path]:
            original = bundled.originals.get(fact.place)
            if original is None or original.path == path:
                continue
            if original.path in sources:
                match = self._matching(original.path, fact, original.line)
                if match is not None:
                    first.setdefault(original.path, fact.place)
                    self._merge(path, fact, original.path, match, "")
                    continue
                original = replace(original, note=STALE)
            if fact.place in shown:
                self.found.originals[fact.place] = original
        for each in bundled.facts:
            if isinstance(each, DOING) and any(may_be(each, own) for own in self.facts[path]):
                continue  # the bundle shows it itself
            self.added.setdefault(path, []).append(each)
            self.found.originals[each.place] = bundled.originals[each.place]
        for source in sorted(self._entries(sources)):
            place = first.get(source) or next(iter(first.values()), start_of(path))
            self._hold(Edge("bundles", path, source, place))

    def _matching(self, source: str, fact: Doing, line: int) -> Doing | None:
        """The fact of the source that a build made this one of: of several the nearest line."""
        fitting = [each for each in self.facts[source] if may_be(each, fact)]
        return min(fitting, key=lambda each: abs(each.place.line - line), default=None)

    def _entries(self, sources: set[str]) -> set[str]:
        """The sources that no other one of the bundle asks for: all else follows from them."""
        inner = {
            edge.inner
            for source in sources
            for edge in self.graph.out.get(source, ())
            if edge.how in ("imports", "loads") and edge.inner != source
        }
        reached: set[str] = set()
        entries = sources - inner
        todo = [*entries]
        while todo:
            path = todo.pop()
            if path not in reached:
                reached.add(path)
                todo += [edge.inner for edge in self.graph.out.get(path, ())]
        return entries | (sources - reached)  # those that only ask for each other

    # ------------------------------------------------------------ without a map

    def _pair(self, bundles: Sequence[str]) -> None:
        """Join bundles to the scripts of their project that do the same."""
        built = set(bundles)
        written: dict[tuple[str, str], list[tuple[str, Doing]]] = {}
        for path, facts in self.facts.items():
            if WRITTEN.search(path) and path not in built and self._is_written(path):
                for fact in facts:
                    written.setdefault(kind_of(fact), []).append((path, fact))
        for path in bundles:
            project = self._project(path)
            pairs: dict[str, None] = {}
            gone = self.dropped.get(path, set())
            left = [
                fact
                for fact in self._told(path)
                if id(fact) not in gone and fact.place not in self.found.originals
            ]
            for fact in left:
                if self._tells_apart(fact):
                    for source, each in written.get(kind_of(fact), ())[:MOST_TWINS]:
                        if source.startswith(project) and may_be(each, fact, strictly=True):
                            pairs[source] = None
            ordered = sorted(pairs, key=lambda each: _distance(path, each))
            for fact in left:
                for source in ordered:
                    alike = (e for e in self.facts[source] if may_be(e, fact, strictly=True))
                    if (match := next(alike, None)) is not None:
                        self._merge(path, fact, source, match, ALIKE)
                        break

    def _is_written(self, path: str) -> bool:
        """May a script be what a build starts from? No page loads that as it is."""
        loads = (edge for edge in self.graph.into.get(path, ()) if edge.how == "loads")
        return not is_built(path) and not any(
            self.graph.files[edge.outer].is_markup for edge in loads
        )

    def _tells_apart(self, fact: Doing) -> bool:
        """Does the fact name an account or an event of the site's own?"""
        if isinstance(fact, Push):
            return False  # many sites push events of the same names
        return any(
            each.ids or any(datum.name == "event" and _is_own(datum.value) for datum in each.data)
            for each in self._detections(fact)
        )

    def _project(self, path: str) -> str:
        """The folder of the project that a file belongs to, with a slash behind it."""
        folder = posixpath.dirname(path)
        while folder:
            if folder in self.projects and not BUILT_IN.search(folder + "/"):
                return folder + "/"
            folder = posixpath.dirname(folder)
        return ""

    # ------------------------------------------------------------ what a build's settings say

    def _declared(self) -> Iterator[tuple[str, str, Place]]:
        """The scripts of which manifests and build settings say that one is made of the other."""
        outputs: dict[str, list[str]] = {}
        for path in filter(is_built, self.facts):
            base = path.rpartition("/")[2]
            hashed = HASHED.match(base)
            for name in {base, f"{hashed['stem']}.js" if hashed else base}:
                outputs.setdefault(name, []).append(path)
        for each in self.parsed:
            for fact in each.facts:
                if not isinstance(fact, Asset) or fact.page:
                    continue
                built = self._outputs(fact, outputs)
                for name in fact.files if built else ():
                    for inner in self._written(name, fact):
                        yield from ((outer, inner, fact.place) for outer in built)

    def _outputs(self, asset: Asset, outputs: Mapping[str, Sequence[str]]) -> list[str]:
        """The scripts that a build writes under a name."""
        folder = posixpath.dirname(asset.place.path)
        named = [posixpath.normpath(posixpath.join(folder, asset.logical.lstrip("/")))]
        if named[0] in self.facts and SCRIPT.search(named[0]):
            return named
        around = f"{folder}/" if folder else ""
        known = outputs.get(asset.logical.rpartition("/")[2], ())
        return [path for path in known if path.startswith(around)][:MOST_OUTPUTS]

    def _written(self, name: str, asset: Asset) -> list[str]:
        """The script that a build's settings name as what it starts from."""
        near = posixpath.normpath(
            posixpath.join(posixpath.dirname(asset.place.path), name.lstrip("/"))
        )
        found = [near] if near in self.facts else self.graph.names.scripts(near, "")[0]
        return [path for path in found[:1] if not is_built(path)]

    # ------------------------------------------------------------ joining

    def _hold(self, edge: Edge) -> None:
        known = self.graph.out.get(edge.outer, ())
        if edge.outer != edge.inner and not any(
            other.how == "bundles" and other.inner == edge.inner for other in known
        ):
            self.graph.join(edge)

    def _merge(self, path: str, fact: Doing, source: str, match: Doing, doubt: str) -> None:
        """Leave the fact of the bundle to its source."""
        self.dropped.setdefault(path, set()).add(id(fact))
        copies = self.found.copies.setdefault(_key(match), [])
        copies.append(Copy(path, fact.place, doubt))
        full = completed(match, fact)
        if full != match:
            self.filled.setdefault(source, {}).setdefault(id(match), full)


def _doing(facts: Sequence[Fact]) -> list[Doing]:
    return [fact for fact in facts if isinstance(fact, DOING)]


def _key(fact: Fact) -> tuple[str, Place]:
    return type(fact).__name__, fact.place


def _is_own(value: object) -> bool:
    """Is the name of an event one that a site gives, and not one that every site sends?"""
    return isinstance(value, str) and re.search(r"[a-z][_ -][a-z]", value, re.I) is not None


def _distance(path: str, other: str) -> tuple[int, str]:
    return -len(posixpath.commonprefix((path, other))), other
