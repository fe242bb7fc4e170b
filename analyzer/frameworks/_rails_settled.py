"""The conditions of templates whose answer is the same wherever a Rails view is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from analyzer.frameworks import Convention, Project, Wrap
from analyzer.frameworks._rails_classes import Family
from analyzer.frameworks._rails_controllers import Controller
from analyzer.frameworks._rails_fills import Filled
from analyzer.frameworks._rails_shows import Show, Views, app_of
from analyzer.model import Atom, Guard, Hole, Include

ENGINES = frozenset({"erb", "haml", "slim"})


class Settled:
    """What the controllers and the texts for named places answer."""

    def __init__(
        self,
        project: Project,
        views: Views,
        families: Mapping[str, Family],
        controllers: Sequence[Controller],
    ) -> None:
        self.project = project
        self.views = views
        self.families = families
        self.controllers = controllers
        self.filled = Filled(project)
        self.by_name = self._parents_by_name()

    def on(
        self, path: str, shows: Sequence[Show], layouts: Sequence[str | None]
    ) -> Iterator[tuple[str, bool]]:
        """The conditions of templates whose answer is the same wherever the view is shown."""
        settled: dict[str, bool] | None = None
        for show in shows:
            own = dict(self._of_controller(show))
            settled = (
                own
                if settled is None
                else {name: said for name, said in settled.items() if own.get(name) is said}
            )
        yield from (settled or {}).items()
        files = [file for file in layouts if file]
        if None in layouts or len(set(files)) > 1:
            return
        yield from self.filled_on(path, files)

    def filled_on(self, path: str, layouts: Iterable[str]) -> Iterator[tuple[str, bool]]:
        """Which named places have text, on a view in these layouts."""
        yield from self.filled.known([path, *self._chain(layouts)])

    def _chain(self, files: Iterable[str]) -> Iterator[str]:
        """The layouts, and those that they stand in themselves."""
        todo, seen = list(files), set[str]()
        while todo:
            path = todo.pop()
            if path in seen:
                continue
            seen.add(path)
            yield path
            for fact in self.project.facts_in(path, Include):
                if fact.how == "extends":
                    todo.extend(self.project.templates(fact.target, fact.engine, path)[:1])

    def _of_controller(self, show: Show) -> Iterator[tuple[str, bool]]:
        """What the methods of a controller answer, in its templates."""
        family = self.families[app_of(show.controller.place.path)]
        done: set[str] = set()
        for each in family.ancestors(show.controller):
            for method in each.methods:
                if method.name in done:
                    continue
                done.add(method.name)
                if method.truth is not None:
                    yield method.name, method.truth
        for name, values in self.by_name.items():
            choices, closed = family.choices(show.controller, name, show.action)
            if closed and len(choices) == 1:
                for value in values:
                    yield f"{name} is '{value}'", value == choices[0].value

    def _parents_by_name(self) -> dict[str, tuple[str, ...]]:
        """The methods whose answer layouts extend, and all that they may answer."""
        found: dict[str, tuple[str, ...]] = {}
        for fact in self.project.facts(Include):
            if fact.how == "extends" and fact.engine in ENGINES and isinstance(fact.target, Hole):
                name = fact.target.text
                if name not in found:
                    values = [
                        choice.value
                        for each in self.controllers
                        for method in each.methods
                        if method.name == name
                        for choice in method.choices
                    ]
                    found[name] = tuple(dict.fromkeys(filter(None, values)))
        return found

    def chosen_parents(self) -> Iterator[Convention]:
        """Layouts that stand in another one which a controller names."""
        for fact in self.project.facts(Include):
            if fact.how != "extends" or fact.engine not in ENGINES:
                continue
            if not isinstance(fact.target, Hole):
                continue
            name = fact.target.text
            for value in self.by_name.get(name, ()):
                if file := self.views.layout(app_of(fact.place.path), value):
                    words = f"{name} is '{value}'"
                    guard = Guard(Atom("unknown", words), f"if {words}")
                    yield Wrap(fact.place.path, file, False, fact.place, (*fact.guards, guard))
