"""Ruby on Rails: actions show views in layouts, which controllers choose by name or inherit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from analyzer.conditions import all_of
from analyzer.frameworks import (
    Convention,
    Framework,
    Join,
    Missing,
    PageAt,
    Part,
    Project,
    Wrap,
)
from analyzer.frameworks._rails_addresses import addresses_of
from analyzer.frameworks._rails_classes import ROOT, Family, path_of
from analyzer.frameworks._rails_controllers import Controller, controllers_of
from analyzer.frameworks._rails_fills import fills_of
from analyzer.frameworks._rails_routes import DEVISE, routes_of
from analyzer.frameworks._rails_settled import ENGINES, Settled
from analyzer.frameworks._rails_shows import (
    FORMATS,
    VIEW,
    Chosen,
    Show,
    Shows,
    Views,
    app_of,
    are_related,
)
from analyzer.model import Atom, Condition, Fact, Guard, Hole, Include, Not, Route, Skip, Source
from analyzer.parse.front_matter import FrontMatter

READS = (
    r"(?:^|/)(?:config/routes(?:/.+)?\.rb|app/(?:controllers|mailers|helpers)/.+\.rb"
    r"|app/(?:views|components)/.+\.(?:erb|haml|slim))$"
)
TEMPLATES = (".erb", ".haml", ".slim", ".rhtml")
CLASSES = r"(?:^|/)app/(?:controllers|mailers|helpers)/.+\.rb$"
MOST_ROUTES = 12  # addresses of one page
MOST_KINDS = 6  # sets of layouts in which one view is shown


def read(source: Source) -> Iterator[Fact | Skip]:
    """The addresses, the classes, or the fills of one file."""
    if re.search(CLASSES, source.path):
        yield from controllers_of(source)
        if "/helpers/" in source.path:
            yield from fills_of(source)
    elif source.path.endswith(".rb"):
        yield from routes_of(source)
    else:
        yield from fills_of(source)


def conventions(project: Project) -> Iterator[Convention]:
    """The views of every application, what shows them, and their layouts."""
    templates = [path for path in project.all_templates if _is_ruby(path)]
    if not templates:
        return
    yield from Application(project, templates).conventions()


class Application:
    """Every Rails application of a repository, joined."""

    def __init__(self, project: Project, templates: Sequence[str]) -> None:
        self.project = project
        self.templates = templates
        views = [
            path for path in project.paths if "app/views/" in path and FORMATS.match(_base(path))
        ]
        self.views = Views(views)
        self.controllers = list(project.facts(Controller))
        self.addresses, self.needs = addresses_of(project)
        self.seen: dict[str, list[Show]] = {}  # all that is said of a view
        self.dynamic: dict[str, list[tuple[Controller, tuple[Chosen, ...]]]] = {}
        self.families: dict[str, Family] = {}
        self.settled = Settled(project, self.views, self.families, self.controllers)

    # ------------------------------------------------------------ views

    def conventions(self) -> Iterator[Convention]:
        """Pages and parts, layouts, and what no file holds."""
        yield from self._shows()
        mailers = {
            path_of(each.name) for each in self.controllers if "/mailers/" in f"/{each.place.path}"
        }
        for path in sorted(set(self.templates) | self.seen.keys() | set(self._written())):
            if is_part(path, mailers) and not self._is_rendered(path):
                yield Part(path)
            else:
                yield from self._page(path)
        yield from self.settled.chosen_parents()
        yield from self._collections()

    def _is_rendered(self, path: str) -> bool:
        """Is a file that is named as a partial rendered as the view of an action?"""
        return path in self.seen and _base(path).startswith("_")

    def _shows(self) -> Iterator[Convention]:
        apps: dict[str, list[Controller]] = {}
        for each in self.controllers:
            apps.setdefault(app_of(each.place.path), []).append(each)
        for app in dict.fromkeys((*apps, *self.views.apps, *self.addresses)):
            borrowed = (
                each for other, found in apps.items() if are_related(app, other) for each in found
            )
            family = Family.of(apps.get(app, ()), borrowed)
            self.families[app] = family
            routed = self.addresses.get(app, {})
            shows = Shows(self.views, family, routed)
            own = {
                path_of(each.name): family.classes[each.name]
                for each in apps.get(app, ())
                if each.name.endswith("Controller") and "/controllers/" in f"/{each.place.path}"
            }
            for path, controller in (own | _devise(family, routed, own)).items():
                for show in shows.of(controller, app, path):
                    self.seen.setdefault(show.view, []).append(show)
            self.dynamic[app] = shows.dynamic
            yield from self._packaged(app, own)

    def _packaged(self, app: str, own: Mapping[str, Controller]) -> Iterator[Convention]:
        """Views of Devise that have an address and are in no file."""
        shown = {(show.path, show.action) for each in self.seen.values() for show in each}
        for route in self.project.facts(Route):
            if route.kind != "view" or not route.place.path.startswith(app + "config/routes"):
                continue
            path, _, action = route.target.rpartition("#")
            devise = path.startswith("devise/") or (
                path in own and self.families[app].is_devise(own[path])
            )
            name = path.rpartition("/")[2]
            known = (path, action) in shown or action not in ("new", "edit")
            if devise and not known and name in ("sessions", "passwords"):  # others may be off
                yield Missing(route.place, "package", f"devise/{name}/{action}")

    def _written(self) -> Iterator[str]:
        """Views that are written in Markdown."""
        for paths in self.views.files.values():
            yield from (path for path in paths if path.endswith((".md", ".markdown")))

    def _page(self, path: str) -> Iterator[Convention]:
        seen = self.seen.get(path)
        if seen is None:
            yield from self._unclaimed(path)
            return
        addresses: dict[str, None] = {}
        asked: list[set[str]] = []
        public: dict[str, None] = {}
        for show in seen:
            target = f"{show.path}#{show.action}"
            own = app_of(show.controller.place.path)
            addresses.update(dict.fromkeys(self.addresses.get(own, {}).get(target, ())))
            needs, left_out = self.families[own].needs(show.controller, show.action)
            routed = self.needs.get(own, {}).get(target, ())
            asked.append({*needs, *routed})
            public.update(dict.fromkeys(left_out if not needs else ()))
        needs = [each for each in sorted(asked[0]) if all(each in one for one in asked)]
        layouts = list(self._layouts(seen))
        yield PageAt(
            path,
            tuple(addresses)[:MOST_ROUTES],
            certain=any(show.certain for show in seen),
            needs=tuple(needs),
            public=() if needs else tuple(public),
            known=tuple(self.settled.on(path, seen, [each.file for each, _ in layouts])),
        )
        written = any(each.written for each, _ in layouts)
        for chosen, guards in layouts:
            if chosen.file is None:
                if chosen.place is not None:
                    yield Missing(chosen.place, "layout", chosen.name or "chosen at run time")
                continue
            yield Wrap(path, chosen.file, not written, chosen.place, guards)

    def _layouts(self, shows: Sequence[Show]) -> Iterator[tuple[Chosen, tuple[Guard, ...]]]:
        """The layouts of a view; where actions differ, each under the condition of its action."""
        kinds: dict[tuple[tuple[str | None, tuple[Guard, ...]], ...], Show] = {}
        for show in shows:
            kinds.setdefault(tuple((each.file, each.guards) for each in show.layouts), show)
        different = list(kinds.values())[:MOST_KINDS]
        before: list[Condition] = []
        for number, show in enumerate(different):
            last = number == len(different) - 1
            around: tuple[Guard, ...] = ()
            if len(different) > 1:
                words = f"{show.path}#{show.action} shows it"
                atom = Atom("unknown", words)
                around = tuple(Guard(each, "") for each in before)
                around = (*around, Guard(atom if not last else Not(Not(atom)), f"if {words}"))
                if last:
                    around = (_otherwise(before, words),)
                before.append(Not(atom))
            for chosen in show.layouts:
                yield chosen, (*around, *chosen.guards)

    def _unclaimed(self, path: str) -> Iterator[Convention]:
        """A view that no action is known to show: of no controller, or rendered by a name that is
        made at run time.
        """
        app = app_of(path)
        view = VIEW.match(path)
        dynamic = self.dynamic.get(app, [])
        wanted = next(
            (
                value
                for fact in self.project.facts_in(path, FrontMatter)
                if isinstance(value := fact.values.get("layout"), str)
            ),
            "",
        )
        catch_all = [
            pattern
            for controller, _ in dynamic
            for target, patterns in self.addresses.get(app, {}).items()
            if target.startswith(path_of(controller.name) + "#")
            for pattern in patterns
            if "**" in pattern
        ]
        if wanted and (file := self.views.layout(app, wanted)):
            yield PageAt(path, tuple(catch_all), certain=bool(dynamic))
            yield Wrap(path, file, default=False, confidence=0.9)
            return
        if path.endswith((".md", ".markdown")):
            yield PageAt(path, tuple(catch_all), certain=bool(dynamic))
            for _, layouts in dynamic[:1]:
                named = [each for each in layouts if each.file]
                for each in named[-1:]:
                    yield Wrap(path, each.file or "", False, each.place, (), 0.8)
            return
        folders = view["folder"].split("/") if view is not None else []
        names = ["/".join(folders[:depth]) for depth in range(len(folders), 0, -1)]
        files = [file for name in (*names, "application") if (file := self.views.layout(app, name))]
        known = self.settled.filled_on(path, files[:1])
        yield PageAt(path, certain=False, known=tuple(known))
        if files:
            yield Wrap(path, files[0], confidence=0.7 if self.controllers else 0.95)

    # ------------------------------------------------------------ collections

    def _collections(self) -> Iterator[Convention]:
        """`render @visits` shows the partial of a visit, by its name."""
        for fact in self.project.facts(Include):
            if fact.engine not in ENGINES or not isinstance(fact.target, Hole):
                continue
            name = re.fullmatch(r"@?([a-z]\w*?)s?", fact.target.text)
            if name is None:
                continue
            app = app_of(fact.place.path)
            singular = re.sub(r"ie$", "y", name[1]) if fact.target.text.endswith("ies") else name[1]
            plural = re.sub(r"y$", "ie", singular) + "s"
            for file in self.views.find(app, plural, "_" + singular)[:1]:
                yield Join(
                    "includes",
                    fact.place.path,
                    file,
                    fact.place,
                    guards=fact.guards,
                    blocks=fact.blocks,
                    confidence=0.6,
                )


def is_part(path: str, mailers: Iterable[str] = ()) -> bool:
    """Partials begin with an underscore; layouts, components and mails are no pages."""
    folder, _, name = path.rpartition("/")
    view = VIEW.match(path)
    if view is None:
        return True
    return (
        name.startswith("_")
        or "/layouts" in folder
        or "mailer" in folder
        or view["folder"] in set(mailers)
        or not FORMATS.match(name)
    )


def _is_ruby(path: str) -> bool:
    return path.endswith(TEMPLATES)


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _otherwise(before: Sequence[Condition], words: str) -> Guard:
    return Guard(all_of(*before), f"if {words}")


def _devise(
    family: Family, routed: Mapping[str, object], own: Mapping[str, Controller]
) -> dict[str, Controller]:
    """The controllers of Devise that have addresses here: they inherit from the application's."""
    root = family.classes.get(ROOT)
    found: dict[str, Controller] = {}
    for target in routed:
        path = target.rpartition("#")[0]
        name = path.removeprefix("devise/")
        if path.startswith("devise/") and path not in own and root is not None and name in DEVISE:
            title = name.title()
            found[path] = Controller(
                place=root.place,
                name=f"Devise::{title}Controller",
                parent=f"Devise::{title}Controller",
            )
    return found


FRAMEWORK = Framework(
    name="rails",
    conventions=conventions,
    reads=READS,
    read=read,
    about=r"\.(?:erb|haml|slim|rhtml)$",
)
