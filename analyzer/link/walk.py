"""From a tracker upwards to its pages: every way that carries what a file says, with conditions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from analyzer.conditions import all_of, any_of, atoms, undecided, verdict
from analyzer.link.answers import answer_for
from analyzer.link.edges import EVERY_EXPORT, SURE, Edge
from analyzer.link.graph import DEEPEST, Graph
from analyzer.model import (
    EXPORT,
    FILL,
    FRAGMENT,
    Atom,
    Fact,
    Firing,
    Guard,
    Moment,
    Step,
    Verdict,
    firing_rank,
)

MOST_GUARDS = 12  # conditions that are carried along
MOST_STATES = 20_000  # ways from one place to its pages that are looked at, where pages are few
MOST_BRANCHES = 8  # ways to one page that may make it sure together
WAYS_A_FILE = 4  # or as many for each file of a large site
MOST_WAYS = 50  # ways to one file that are told apart by their conditions
DOUBTFUL = 0.3  # how sure it is that a page is served which looks like a copy or a backup
LEAST_SURE = 0.05  # a way that is less sure than this is no way
FRAGMENT_SHOWN = Guard(
    Atom("unknown", "the fragment is shown on a page"), "if this fragment is shown on a page"
)
STANDS_FOR_OTHERS = Guard(
    Atom("unknown", "a page that was not read uses this layout"),
    "if a page that was not read uses this layout",
)
MANY_WAYS = Guard(
    Atom("unknown", "one of many conditions holds"), "if one of many conditions holds"
)
UNSURE = Guard(
    Atom("unknown", "these files belong together"), "if these files belong together, as it seems"
)
Known: TypeAlias = tuple[tuple[str, bool], ...]  # conditions that are settled, by their words
# The bundles that hold a fact, each with the step of a trail that says so.
Copies: TypeAlias = Callable[[Fact], Sequence[tuple[str, Step]]]


@dataclass(frozen=True, slots=True)
class State:
    """What a file says has reached `path`: inside of which blocks, and under which conditions.

    `inherited` tells that it stands in a layout of this file and not in the file itself, `wrapped`
    that this layout is one which only whole pages get, not what is included in others;
    `confidence` is that of the weakest link on the way.
    """

    path: str
    blocks: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    moment: Moment = Moment.LOAD
    trail: tuple[Step, ...] = ()
    inherited: bool = False
    wrapped: bool = False
    confidence: float = 1.0


class Way:
    """Under which conditions, when and how surely a file is reached."""

    __slots__ = ("confidence", "guards", "moment")

    def __init__(self, state: State) -> None:
        self.guards = frozenset(state.guards)
        self.moment = state.moment
        self.confidence = state.confidence

    def tells_as_much(self, other: Way) -> bool:
        """Does the other way reach nothing that this one does not reach as early and as surely?"""
        return (
            self.guards <= other.guards
            and self.moment in (other.moment, Moment.LOAD)
            and self.confidence >= other.confidence
        )


class Walk:
    """Walks up the graph and remembers where each place of it leads."""

    def __init__(self, graph: Graph, copies: Copies = lambda fact: ()) -> None:
        self.graph = graph
        self.copies = copies
        self.cut: set[str] = set()  # files from which more ways lead than are looked at
        self._reached: dict[tuple[str, tuple[str, ...]], tuple[State, ...]] = {}
        self._decided: dict[
            tuple[tuple[Guard, ...], tuple[str, ...], Known], tuple[Verdict, tuple[str, ...]]
        ] = {}

    def firings(self, fact: Fact, path: str) -> tuple[Firing, ...]:
        """The pages that carry a fact of this file, each with its surest answer and the trail to
        it.
        """
        best: dict[str, Firing] = {}
        ways: dict[str, list[tuple[Guard, ...]]] = {}
        for state in (*self.reached(path, fact.blocks), *self._by_copies(fact, path)):
            firing = self._firing(state, fact)
            if firing is None:
                continue
            known = best.get(state.path)
            if known is None or firing_rank(firing) < firing_rank(known):
                best[state.path] = firing
            if firing.verdict is Verdict.MAYBE:
                ways.setdefault(state.path, []).append(_limited(state.guards, fact.guards))
        return tuple(self._together(best[page], ways.get(page, [])) for page in sorted(best))

    def _by_copies(self, fact: Fact, path: str) -> Iterator[State]:
        """The pages that load a bundle which holds the fact, where the files themselves do not tell
        how it came there.
        """
        copies = self.copies(fact)
        if not copies:
            return
        ways = [step for state in self.reached(path, fact.blocks) for step in state.trail]
        for bundle, step in copies:
            told = any(bundle == each.place.path or f"{bundle} " in each.text for each in ways)
            for state in self.reached(bundle, ()) if not told else ():
                yield replace(state, trail=(*state.trail, step))

    def _together(self, firing: Firing, ways: list[tuple[Guard, ...]]) -> Firing:
        """The firing, sure where one of several ways always holds: both branches of an if.

        What all ways ask is still asked.
        """
        if firing.verdict is not Verdict.MAYBE or not 1 < len(ways) <= MOST_BRANCHES:
            return firing
        if any(guard.kind == "consent" for way in ways for guard in way):
            return firing
        condition = any_of(*(all_of(*(guard.condition for guard in way)) for way in ways))
        both = Guard(condition, "")
        known = self.graph.known(firing.page)
        said, _ = self._decide((both,), firing.routes, known)
        if said is Verdict.YES:
            return replace(firing, verdict=said, conditions=())
        # Where the ways differ only in what always holds for one of them, the rest is asked.
        shared = tuple(guard for guard in ways[0] if all(guard in way for way in ways))
        apart = (all_of(*(each.condition for each in way if each not in shared)) for way in ways)
        differing = Guard(any_of(*apart), "")
        if not shared or self._decide((differing,), firing.routes, known)[0] is not Verdict.YES:
            return firing
        return replace(firing, conditions=self._decide(shared, firing.routes, known)[1])

    def reached(self, path: str, blocks: tuple[str, ...]) -> tuple[State, ...]:
        """The pages that show what stands in these blocks of a file, by every way."""
        key = (path, blocks)
        if key not in self._reached:
            self._reached[key] = tuple(self._upwards(State(path, blocks)))
        return self._reached[key]

    def _upwards(self, start: State) -> Iterator[State]:
        queue, count = deque([start]), 1
        ways: dict[tuple[str, tuple[str, ...], bool, bool], list[Way]] = {}
        most = max(MOST_STATES, WAYS_A_FILE * len(self.graph.files))
        while queue and count < most:
            state = queue.popleft()
            asked = self._printed(state)
            if asked is not None and self.graph.is_page(state.path):
                yield replace(state, guards=_limited(asked, state.guards)) if asked else state
            if len(state.trail) >= DEEPEST:
                continue
            for edge in self.graph.into.get(state.path, ()):
                following = self._follow(state, edge, asked)
                if following is None or following.confidence < LEAST_SURE:
                    continue
                place = (
                    following.path,
                    following.blocks,
                    following.inherited,
                    following.wrapped,
                )
                known = ways.setdefault(place, [])
                if len(known) >= MOST_WAYS:
                    # Each file doubles them: all the others are told as one.
                    following = replace(following, guards=(MANY_WAYS,))
                way = Way(following)
                if not any(other.tells_as_much(way) for other in known):
                    known.append(way)
                    count += 1
                    queue.append(following)
        if queue:
            self.cut.add(start.path)

    def _printed(self, state: State) -> tuple[Guard, ...] | None:
        """The conditions under which the text is shown when its own file is; None for never."""
        if state.inherited:
            return ()
        asked: tuple[Guard, ...] = ()
        for name in state.blocks:
            if name.startswith(FRAGMENT):
                return None
            if name.startswith(FILL):
                shown = self.graph.shown_by_layouts(state.path, name.removeprefix(FILL))
                if shown is None:
                    return None
                asked += shown
        if self.graph.discards(state.path) and not asked:
            if not state.blocks:
                return None
            first = state.blocks[0].removeprefix(FILL)
            if first and self.graph.shown_by_layouts(state.path, first) is None:
                return None
        return asked

    def _follow(self, state: State, edge: Edge, asked: tuple[Guard, ...] | None) -> State | None:
        inherits = edge.how in ("extends", "layout")
        if inherits:
            child = self.graph.files[edge.outer]
            if asked is None or any(child.replaces(name) for name in state.blocks):
                return None  # the child puts something else in the block's place
            blocks = state.blocks
        else:
            if state.wrapped or (state.inherited and edge.how == "imports"):
                return None  # who imports or includes a page does not get its layout with it
            if not edge.shows(state.blocks) or (asked is None and self._is_lost(state)):
                return None
            called = FILL + edge.fragment  # text for elsewhere that is asked for by its name
            kept = EXPORT if edge.fragment == EVERY_EXPORT else FILL
            blocks = edge.blocks + tuple(
                name
                for name in state.blocks
                if name.startswith(kept) and name not in (called, EXPORT + "default")
            )
        return State(
            edge.outer,
            blocks,
            _limited(_doubts(edge), edge.guards, asked if inherits and asked else (), state.guards),
            edge.moment if state.moment is Moment.LOAD else state.moment,
            self._trail(edge, state),
            inherits,
            inherits and (state.wrapped or edge.how == "layout"),
            min(state.confidence, edge.confidence),
        )

    def _trail(self, edge: Edge, state: State) -> tuple[Step, ...]:
        """The way so far; how the parts of one script use each other is told where they ask
        something.
        """
        inner = edge.how == "imports" and edge.outer == edge.inner and not edge.guards
        return state.trail if inner else (edge.step(), *state.trail)

    def _is_lost(self, state: State) -> bool:
        """Is the text outside of every block of a file that shows nothing but blocks?"""
        return not state.blocks and self.graph.discards(state.path)

    def _firing(self, state: State, fact: Fact) -> Firing | None:
        guards = _limited(state.guards, fact.guards)
        if not self._is_complete(state.path):
            guards = (*guards, FRAGMENT_SHOWN)
        if self.graph.stands_for_others(state.path):
            guards = (*guards, STANDS_FOR_OTHERS)
        routes = self.graph.routes(state.path)
        page = self.graph.pages.get(state.path)
        if page is not None and page.doubt:
            guards = (*guards, Guard(Atom("unknown", page.doubt), page.doubt))
        said, conditions = self._decide(guards, routes, self.graph.known(state.path))
        if said is Verdict.NO:
            return None
        moment = state.moment if fact.moment is Moment.LOAD else fact.moment
        confidence = min(state.confidence, DOUBTFUL if page is not None and page.doubt else 1.0)
        return Firing(
            state.path,
            said,
            moment,
            routes,
            conditions,
            (*state.trail, *fact.through),
            round(confidence, 2),
        )

    def _is_complete(self, path: str) -> bool:
        """Is the page a whole document, or made one by its layout or its framework?"""
        template = self.graph.files[path]
        said = self.graph.pages.get(path)
        return (
            template.whole
            or template.extends
            or (said is not None and said.certain)
            or any(self._completes(edge) for edge in self.graph.out.get(path, ()))
        )

    def _completes(self, edge: Edge) -> bool:
        """Does the edge put the page into a whole document: a layout, or a component?"""
        is_document = edge.how == "includes" and self.graph.files[edge.inner].whole
        return edge.how == "layout" or (is_document and not edge.guards)

    def _decide(
        self, guards: tuple[Guard, ...], routes: tuple[str, ...], known: Known
    ) -> tuple[Verdict, tuple[str, ...]]:
        """Do the conditions hold at these addresses, and which of them stay open?"""
        if not guards:
            return Verdict.YES, ()
        asks = any(
            atom.about in ("path", "url") for guard in guards for atom in atoms(guard.condition)
        )
        key = (guards, routes if asks else (), known)
        if key not in self._decided:
            self._decided[key] = _decided(*key)
        return self._decided[key]


def _decided(
    guards: tuple[Guard, ...], routes: tuple[str, ...], known: Known
) -> tuple[Verdict, tuple[str, ...]]:
    answer = answer_for(routes, dict(known))
    # Consent is told apart: a tracker that waits for it still runs on this page.
    asked = [guard for guard in guards if guard.kind != "consent"]
    said = verdict(all_of(*(guard.condition for guard in asked)), answer)
    conditions = dict.fromkeys(
        guard.text
        for guard in guards
        if guard.kind == "consent" or (said is Verdict.MAYBE and undecided(guard.condition, answer))
    )
    return said, tuple(conditions)


def _doubts(edge: Edge) -> tuple[Guard, ...]:
    """What a link that is not certain makes of everything that comes by it."""
    if edge.confidence >= SURE:
        return ()
    return (Guard(Atom("unknown", edge.doubt), edge.doubt),) if edge.doubt else (UNSURE,)


def _limited(*parts: tuple[Guard, ...]) -> tuple[Guard, ...]:
    """The conditions of the outer files around those of the inner ones, each once."""
    return tuple(dict.fromkeys(guard for part in parts for guard in part))[:MOST_GUARDS]
