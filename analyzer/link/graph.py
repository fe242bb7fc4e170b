"""From a tracker upwards to its pages: templates, layouts, scripts and imports as one graph."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from analyzer.conditions import all_of, undecided, verdict
from analyzer.engines import UNFOLLOWED, engine_named
from analyzer.frameworks import first_that_exists, framework_of
from analyzer.link.answers import answer_for
from analyzer.link.names import Names
from analyzer.model import (
    Atom,
    Block,
    Condition,
    Document,
    Fact,
    Firing,
    Guard,
    Hole,
    Include,
    Moment,
    Parsed,
    Place,
    Region,
    ScriptLoad,
    Step,
    Text,
    Unresolved,
    Value,
    Verdict,
    options,
    shown,
)

DEEPEST = 40  # files between a tracker and a page
MOST_GUARDS = 12  # conditions that are carried along
MOST_STATES = 20_000  # ways from one tracker to its pages that are looked at
MOST_WAYS = 50  # ways to one file that are told apart by their conditions
MANY_WAYS = Guard(
    Atom("unknown", "one of many conditions holds"), "if one of many conditions holds"
)
ASSET = re.compile(
    r"\.(?:css|s[ac]ss|less|styl|svg|png|jpe?g|gif|webp|woff2?|json|md|txt|wasm)$", re.I
)
FRAGMENT = Guard(
    Atom("unknown", "the fragment is shown on a page"), "if this fragment is shown on a page"
)
AMBIGUOUS = "several files have this name"


@dataclass(frozen=True, slots=True)
class Edge:
    """`outer` shows or runs what `inner` holds."""

    how: str  # extends, includes, layout, loads, imports
    outer: str
    inner: str
    place: Place
    guards: tuple[Guard, ...] = ()
    blocks: tuple[str, ...] = ()
    moment: Moment = Moment.LOAD
    sure: bool = True

    def said(self) -> str:
        """The edge as a step of a trail, told from the outer file."""
        words = {
            "extends": f"extends {self.inner}",
            "includes": f"includes {self.inner}",
            "layout": f"is wrapped in {self.inner}",
            "loads": f"loads {self.inner}",
            "imports": f"imports {self.inner}",
        }
        return words[self.how] + ("" if self.sure else f" ({AMBIGUOUS})")


@dataclass(slots=True)
class Template:
    """What the graph has to know of a file."""

    path: str
    engine: str = ""
    whole: bool = False
    blocks: dict[str, bool] = field(default_factory=dict)
    extends: bool = False

    @property
    def is_markup(self) -> bool:
        return bool(self.engine)


@dataclass(frozen=True, slots=True)
class _State:
    path: str
    blocks: tuple[str, ...]
    guards: tuple[Guard, ...]
    moment: Moment
    trail: tuple[Edge, ...]


class Graph:
    """All files of a site and how they are put together."""

    def __init__(self, parsed: Sequence[Parsed]) -> None:
        self.names = Names(each.path for each in parsed)
        self.files: dict[str, Template] = {}
        self.into: dict[str, list[Edge]] = {}
        self.out: dict[str, list[Edge]] = {}
        self.unresolved: list[Unresolved] = []
        for each in parsed:
            self.files[each.path] = _template(each)
        for each in parsed:
            for fact in each.facts:
                self._link(fact)
        for template in self.files.values():
            self._wrap(template)

    # ------------------------------------------------------------ edges

    def _link(self, fact: Fact) -> None:
        match fact:
            case Include(how="imports", target=target):
                found, name = self.names.scripts(target, fact.place.path)
                self._add("imports", fact, found, name or shown(target))
            case Include(how=how, target=target, engine=engine):
                self._add(
                    how, fact, self.names.templates(target, engine, fact.place.path), shown(target)
                )
            case ScriptLoad():
                urls = options(fact.url)
                for url in urls:
                    words = f"if {shown(url)} is chosen"
                    guards = (Guard(Atom("unknown", words), words),) if len(urls) > 1 else ()
                    self._load(replace(fact, guards=fact.guards + guards), url)

    def _load(self, fact: ScriptLoad, url: Value) -> None:
        found, name = self.names.scripts(url, fact.place.path)
        if found or (name and not name.startswith(("http:", "https:", "//", "data:"))):
            self._add("loads", fact, found, name)
        elif isinstance(url, (Hole, Text)) and not name and not _has_host(shown(url)):
            self._miss("loads", fact.place, shown(url))

    def _add(self, how: str, fact: Fact, found: Sequence[str], name: str) -> None:
        if not found and not ASSET.search(name):
            self._miss(how, fact.place, name)
        winners = found if how == "includes" else found[:1] if how == "extends" else found
        for inner in winners:
            if inner == fact.place.path:
                continue
            self._join(
                Edge(
                    how,
                    fact.place.path,
                    inner,
                    fact.place,
                    fact.guards,
                    fact.blocks,
                    fact.moment,
                    len(found) == 1,
                )
            )

    def _wrap(self, template: Template) -> None:
        """The layout that the framework puts around a page that names none."""
        if not template.is_markup or template.extends:
            return
        framework = framework_of(template.path)
        wanted = framework.layouts(template.path)
        layout = first_that_exists(wanted, self.names.paths)
        if layout:
            start = Place(template.path, Region(1, 1, 1, 1, (1, 1)))
            self._join(Edge("layout", template.path, layout, start))

    def _join(self, edge: Edge) -> None:
        self.into.setdefault(edge.inner, []).append(edge)
        self.out.setdefault(edge.outer, []).append(edge)

    def _miss(self, how: str, place: Place, target: str) -> None:
        what = {
            "extends": "extends",
            "includes": "includes",
            "loads": "script",
            "imports": "import",
        }[how]
        self.unresolved.append(Unresolved(place, what, target[:200]))

    # ------------------------------------------------------------ pages

    def is_page(self, path: str) -> bool:
        """Can a visitor be shown this file, with everything that belongs to it?"""
        template = self.files.get(path)
        if template is None or not template.is_markup:
            return False
        if template.engine == UNFOLLOWED:
            return template.whole
        used = [edge.how for edge in self.into.get(path, ())]
        if any(how in ("extends", "layout", "includes") for how in used):
            return (
                template.whole
                and not any(how in ("extends", "layout") for how in used)
                and "includes" not in used
            )
        return not framework_of(path).is_part(path) or (
            template.whole
            and not template.extends
            and not engine_named(template.engine).opens_block
        )

    def route(self, path: str) -> str:
        """The address of a page, or an empty text where no file tells it."""
        return framework_of(path).route(path)

    def layouts(self, path: str) -> tuple[str, ...]:
        """What wraps a page, from the inside out."""
        found: list[str] = []
        while len(found) < DEEPEST:
            outer = next(
                (
                    edge.inner
                    for edge in self.out.get(path, ())
                    if edge.how in ("extends", "layout")
                ),
                None,
            )
            if outer is None or outer in found:
                break
            found.append(outer)
            path = outer
        return tuple(found)

    def parts(self, path: str) -> tuple[str, ...]:
        """The files whose text a page shows as its own: itself and what it includes."""
        found, queue = {path: None}, deque([path])
        while queue and len(found) < 200:
            for edge in self.out.get(queue.popleft(), ()):
                if edge.how == "includes" and edge.inner not in found:
                    found[edge.inner] = None
                    queue.append(edge.inner)
        return tuple(found)

    # ------------------------------------------------------------ the walk upwards

    def firings(self, fact: Fact, path: str) -> tuple[Firing, ...]:
        """The pages that carry a fact of this file, each with its surest answer and the trail to
        it.
        """
        best: dict[str, tuple[tuple[bool, bool, int], Firing]] = {}
        for state in self._upwards(fact, path):
            if not self.is_page(state.path):
                continue
            firing = self._firing(state)
            if firing is None:
                continue
            rank = (
                firing.verdict is not Verdict.YES,
                firing.moment is not Moment.LOAD,
                len(firing.trail),
            )
            if state.path not in best or rank < best[state.path][0]:
                best[state.path] = (rank, firing)
        return tuple(best[page][1] for page in sorted(best))

    def _upwards(self, fact: Fact, path: str) -> Iterator[_State]:
        start = _State(path, fact.blocks, fact.guards, fact.moment, ())
        queue, seen = deque([start]), {(path, fact.blocks, fact.guards)}
        ways: Counter[tuple[str, tuple[str, ...]]] = Counter()
        while queue and len(seen) < MOST_STATES:
            state = queue.popleft()
            if self._is_printed(state):
                yield state
            if len(state.trail) >= DEEPEST:
                continue
            for edge in self.into.get(state.path, ()):
                following = self._follow(state, edge)
                if following is None:
                    continue
                spot = (following.path, following.blocks)
                if (
                    ways[spot] >= MOST_WAYS
                ):  # each file doubles them: all the others are told as one
                    following = replace(following, guards=(MANY_WAYS,))
                if (*spot, following.guards) not in seen:
                    seen.add((*spot, following.guards))
                    ways[spot] += 1
                    queue.append(following)

    def _is_printed(self, state: _State) -> bool:
        """Is the text shown when its own file is, or lost because it lies outside every block?"""
        template = self.files[state.path]
        if not template.extends or not engine_named(template.engine).layout_discards:
            return True
        return bool(state.blocks)

    def _follow(self, state: _State, edge: Edge) -> _State | None:
        if edge.how in ("extends", "layout"):
            if not self._is_printed(state):
                return None
            child = self.files[edge.outer]
            if any(name in child.blocks and not child.blocks[name] for name in state.blocks):
                return None  # the child puts something else in the block's place
            blocks = state.blocks if edge.how == "extends" else ()
            return _State(
                edge.outer,
                blocks or (("",) if edge.how == "extends" else ()),
                _guards(edge, state),
                state.moment,
                (*state.trail, edge),
            )
        if not self._is_printed(state):
            return None
        moment = edge.moment if state.moment is Moment.LOAD else state.moment
        return _State(edge.outer, edge.blocks, _guards(edge, state), moment, (*state.trail, edge))

    def _firing(self, state: _State) -> Firing | None:
        guards = state.guards
        template = self.files[state.path]
        complete = (
            template.whole
            or template.extends
            or any(edge.how == "layout" for edge in self.out.get(state.path, ()))
        )
        if not complete:
            guards = (*guards, FRAGMENT)
        if any(not edge.sure for edge in state.trail):
            guards = (*guards, Guard(Atom("unknown", AMBIGUOUS), AMBIGUOUS))
        route = self.route(state.path)
        # Consent is told apart: a tracker that waits for it still runs on this page.
        asked = [guard for guard in guards if guard.kind != "consent"]
        said = verdict(all_of(*(guard.condition for guard in asked)), answer_for(route))
        if said is Verdict.NO:
            return None
        conditions = tuple(
            dict.fromkeys(
                guard.text
                for guard in guards
                if guard.kind == "consent"
                or (said is Verdict.MAYBE and _is_open(guard.condition, route))
            )
        )
        trail = tuple(Step(edge.place, edge.said()) for edge in reversed(state.trail))
        return Firing(state.path, said, state.moment, route, conditions, trail)


def _guards(edge: Edge, state: _State) -> tuple[Guard, ...]:
    """The conditions of the outer file around those of the inner one, each once."""
    return tuple(dict.fromkeys((*edge.guards, *state.guards)))[:MOST_GUARDS]


def _is_open(condition: Condition, route: str) -> bool:
    """Does the condition still depend on something that the address does not tell?"""
    return bool(undecided(condition, answer_for(route)))


def _template(parsed: Parsed) -> Template:
    template = Template(parsed.path)
    for fact in parsed.facts:
        match fact:
            case Document(engine=engine, whole=whole):
                template.engine, template.whole = engine, whole
            case Block(name=name, keeps_parent=keeps):
                template.blocks[name] = keeps
            case Include(how="extends"):
                template.extends = True
    return template


def _has_host(text: str) -> bool:
    return text.startswith(("http:", "https:", "//"))
