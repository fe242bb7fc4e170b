"""Flask, FastAPI, aiohttp and Bottle: an address stands above the function that answers it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from analyzer.frameworks import Convention, Framework, Part, Project, joined
from analyzer.frameworks import _python as python
from analyzer.frameworks._decorated import Gate, Group, Mounted, Routed, facts_of
from analyzer.frameworks._modules import Modules
from analyzer.frameworks._pages import MAILS, Answer, pages
from analyzer.frameworks._views import View
from analyzer.model import Fact, Skip, Source

DEEPEST = 8  # groups in groups
MOST_PREFIXES = 20  # addresses at which one group is mounted


def read(source: Source) -> Iterator[Fact | Skip]:
    """The addresses and groups of one module; its views are read once for all frameworks."""
    module = python.module_of(source)
    if module is not None and not isinstance(module, Skip):
        yield from facts_of(module)


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of every application: what the functions below its addresses render."""
    if next(project.facts(Routed), None) is None:
        return
    site = Site(project)
    found = list(site.answers())
    yield from pages(project, found)
    rendered = {answer.template for answer in found}
    for path in project.all_templates:
        if MAILS.search(path) and path not in rendered:
            yield Part(path)


class Site:
    """The applications and groups of a project, with the prefixes at which groups are mounted."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.modules = Modules(project)
        self.groups: dict[tuple[str, str], Group] = {
            (each.place.path, each.name): each for each in project.facts(Group)
        }
        self.mounts: dict[tuple[str, str], list[tuple[tuple[str, str], Mounted]]] = {}
        for each in project.facts(Mounted):
            inner = self._home(each.inner, each.place.path)
            outer = self._home(each.outer, each.place.path)
            self.mounts.setdefault(inner, []).append((outer, each))

    def answers(self) -> Iterator[Answer]:
        """The templates of every function that has an address, and of those that handle errors."""
        routed: set[View] = set()
        for route in self.project.facts(Routed):
            view = self.modules.view(route.target, route.place.path)
            if view is None:
                continue
            routed.add(view)
            group = self._home(route.group, route.place.path)
            for address, gates in self._above(group):
                where = joined(address, route.pattern) if route.pattern is not None else ""
                yield from self._of_view(view, where, route, gates)
        for view in self.project.facts(View):
            if view not in routed and view.templates and self._is_near(view.place.path):
                yield from self._of_view(view, "", None, ())

    def _is_near(self, path: str) -> bool:
        """Is a function without an address part of a program that has some?"""
        return path in self._programs

    @cached_property
    def _programs(self) -> frozenset[str]:
        return frozenset(each.place.path for each in self.project.facts(Routed))

    def _of_view(
        self, view: View, address: str, route: Routed | None, gates: tuple[Gate, ...]
    ) -> Iterator[Answer]:
        family = list(self.modules.family(view))
        needs = [need for each in family for need in each.needs]
        public = tuple(word for each in family for word in each.public)
        if route is not None:
            needs.extend(route.needs)
        for gate in gates:
            endpoint = view.name
            excepted = any(
                each.rpartition(".")[2] == endpoint or (address and each == address)
                for each in gate.exceptions
            )
            if not excepted and not public:
                needs.append(gate.need)
        names = next((each.templates for each in family if each.templates), ())
        for name in names:
            found = self.project.templates(name, "jinja", view.place.path)
            for path in self.modules.nearest(found, view.place.path)[:1]:
                yield Answer(path, address, tuple(dict.fromkeys(needs)), public)

    def _above(self, group: tuple[str, str], depth: int = 0) -> list[tuple[str, tuple[Gate, ...]]]:
        """The addresses at which a group begins, and what is asked before it answers."""
        said = self.groups.get(group)
        own = said.prefix if said is not None else ""
        gates = tuple(self._gates.get(group, ()))
        if said is not None:
            gates += tuple(Gate(place=said.place, group="", need=each) for each in said.needs)
        mounts = self.mounts.get(group, [])
        if not mounts or depth > DEEPEST:
            everywhere = () if group in self._apps else self._of_app()
            return [(own, (*gates, *everywhere))]
        found: list[tuple[str, tuple[Gate, ...]]] = []
        for outer, mounted in mounts:
            prefix = own if mounted.prefix is None else mounted.prefix
            if mounted.adds and mounted.prefix is not None:
                prefix = joined(mounted.prefix, own)
            asked = tuple(Gate(place=mounted.place, group="", need=each) for each in mounted.needs)
            for address, above in self._above(outer, depth + 1):
                found.append((joined(address, prefix), (*gates, *asked, *above)))
        return list(dict.fromkeys(found))[:MOST_PREFIXES]

    @cached_property
    def _gates(self) -> dict[tuple[str, str], list[Gate]]:
        found: dict[tuple[str, str], list[Gate]] = {}
        for gate in self.project.facts(Gate):
            found.setdefault(self._home(gate.group, gate.place.path), []).append(gate)
        return found

    @cached_property
    def _apps(self) -> frozenset[tuple[str, str]]:
        """What is no group inside of another one: the applications themselves."""
        return frozenset(
            key for key, each in self.groups.items() if each.is_app and key not in self.mounts
        )

    def _of_app(self) -> tuple[Gate, ...]:
        """What the one application of the project asks, for a group that it mounts unseen."""
        gates = [gate for key, listed in self._gates.items() for gate in listed if gate.of_app]
        return tuple(gates) if len(self._apps) < 2 else ()

    def _home(self, dotted: str, asked_by: str) -> tuple[str, str]:
        return self.modules.home(dotted, asked_by) if dotted else ("", "")


FRAMEWORK = Framework(
    name="flask",
    conventions=conventions,
    reads=r"\.py$",
    read=read,
    about=r"\.py$",
)
