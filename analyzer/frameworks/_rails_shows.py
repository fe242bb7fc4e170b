"""Which action of a Rails application shows which view, in which layouts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analyzer.conditions import all_of
from analyzer.frameworks._rails_classes import Family
from analyzer.frameworks._rails_controllers import Controller
from analyzer.frameworks._rails_methods import Layout, Method, Render
from analyzer.model import Atom, Condition, Guard, Not, Place

VIEW = re.compile(r"^(?P<app>.*?)app/views/(?P<folder>.+)/(?P<name>[^/]+)$")
FORMATS = re.compile(
    r"^[^.]+(?:\.(?!js\.)[a-z]{2}(?:-[A-Z]{2})?)?(?:\.x?html?(?:\+\w+)?)?\.(?:erb|haml|slim|md|markdown|rhtml)$"
)
DEEPEST = 4  # methods that call each other until something is rendered


@dataclass(frozen=True, slots=True)
class Chosen:
    """A layout of a view: its file, empty for none, and when; None where it cannot be told."""

    file: str | None
    guards: tuple[Guard, ...] = ()
    place: Place | None = None
    written: bool = False  # somebody asks for it by name
    name: str = ""


@dataclass(frozen=True, slots=True)
class Show:
    """An action shows a view."""

    view: str
    controller: Controller
    path: str
    action: str
    layouts: tuple[Chosen, ...]
    certain: bool


class Views:
    """The views and layouts of all applications, by folder and name."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.files: dict[tuple[str, str, str], list[str]] = {}
        self.apps: dict[str, None] = {}
        for path in sorted(paths):
            view = VIEW.match(path)
            if view is None or not FORMATS.match(view["name"]):
                continue
            self.apps[view["app"]] = None
            name = view["name"].split(".")[0]
            self.files.setdefault((view["app"], view["folder"], name), []).append(path)

    def find(self, app: str, folder: str, name: str) -> list[str]:
        """The files of a view, in its own application, else in another one."""
        if own := self.files.get((app, folder, name)):
            return own
        others = [
            self.files.get((each, folder, name), []) for each in self.apps if are_related(app, each)
        ]
        found = [files for files in others if files]
        return found[0] if len(found) == 1 else []

    def layout(self, app: str, name: str) -> str:
        """The file of a layout, or an empty text."""
        name = name.removeprefix("/").removeprefix("layouts/")
        folder, _, base = f"layouts/{name}".rpartition("/")
        return next(iter(self.find(app, folder, base.split(".")[0])), "")


class Shows:
    """Finds what every action of one application shows."""

    def __init__(self, views: Views, family: Family, routed: Mapping[str, object]) -> None:
        self.views = views
        self.family = family
        self.routed = routed  # the actions that have an address, as controller#action
        self.dynamic: list[tuple[Controller, tuple[Chosen, ...]]] = []

    def of(self, controller: Controller, app: str, path: str) -> Iterator[Show]:
        """The views that a controller shows."""
        actions = self.family.actions(controller)
        prefix = f"{path}#"
        routed = {name[len(prefix) :] for name in self.routed if name.startswith(prefix)}
        implied = {name for own, folder, name in self.views.files if (own, folder) == (app, path)}
        reached: set[str] = set()
        for action in dict.fromkeys((*actions, *sorted(routed), *sorted(implied))):
            if action.startswith("_") and action not in routed:
                continue
            method = actions.get(action)
            own = any(each.name == action for each in controller.methods)
            if not own and action not in routed and action not in implied:
                continue  # an action that is only inherited counts where an address leads to it
            renders = list(self._renders(controller, method, reached)) if method else []
            certain = action in routed or (method is not None)
            yield from self._shown(controller, app, path, action, renders, certain)
        for method in controller.methods:
            if method.name not in reached and not method.public:
                for render in method.renders:
                    if render.template:
                        yield from self._explicit(controller, app, path, "", render)

    def _shown(
        self,
        controller: Controller,
        app: str,
        path: str,
        action: str,
        renders: Sequence[Render],
        certain: bool,
    ) -> Iterator[Show]:
        own = _told([render for render in renders if not render.template and not render.dynamic])
        for render in renders:
            if render.dynamic:
                chosen = self.layouts(controller, app, path, action, render.layout)
                self.dynamic.append((controller, chosen))
            elif render.template:
                yield from self._explicit(controller, app, path, action, render)
        for view in self._view(controller, app, action):
            for render in own or [Render()]:
                chosen = self.layouts(controller, app, path, action, render.layout)
                yield Show(view, controller, path, action, chosen, certain)

    def _explicit(
        self, controller: Controller, app: str, path: str, action: str, render: Render
    ) -> Iterator[Show]:
        chosen = self.layouts(controller, app, path, action, render.layout)
        name = render.template.removeprefix("/")
        name = re.sub(r"\.(?:html|erb|haml|slim)\b.*$", "", name)
        folder, _, base = name.rpartition("/")
        files = self.views.find(app, folder, base) if folder else self._view(controller, app, base)
        for view in files:
            yield Show(view, controller, path, action, chosen, True)

    def _view(self, controller: Controller, app: str, name: str) -> list[str]:
        """The view of an action: of the controller, else of those it is made from."""
        for folder in (*self.family.paths(controller), *self._devise(controller)):
            if found := self.views.find(app, folder, name):
                return found
        return []

    def _devise(self, controller: Controller) -> tuple[str, ...]:
        """The folder of Devise's own views, where the class is made from one of Devise's."""
        for each in self.family.ancestors(controller):
            if each.parent.startswith("Devise::"):
                name = each.parent.removeprefix("Devise::").removesuffix("Controller")
                return (f"devise/{name.lower()}",)
        return ()

    def _renders(
        self, controller: Controller, method: Method, reached: set[str], depth: int = 0
    ) -> Iterator[Render]:
        """What a method renders, by itself or in methods that it calls."""
        reached.add(method.name)
        yield from method.renders
        if depth >= DEEPEST:
            return
        seen = {method.name}
        for name in method.calls:
            inner = (
                self.family.above(controller, method.name)
                if name == "super"
                else self.family.method(controller, name)
                if name not in seen
                else None
            )
            seen.add(name)
            if inner is not None and (inner.renders or inner.calls):
                yield from self._renders(controller, inner, reached, depth + 1)

    # ------------------------------------------------------------ layouts

    def layouts(
        self, controller: Controller, app: str, path: str, action: str, asked: Layout | None
    ) -> tuple[Chosen, ...]:
        """The layouts in which a controller shows a view for an action."""
        layout = asked or self.family.layout(controller, action)
        if layout is None or layout.how == "default":
            return (self._implied(controller, app, path),)
        if layout.how == "method":
            return tuple(self._by_method(controller, app, action, layout))
        if layout.how == "off":
            chosen = Chosen("", (), layout.place, True)
        elif layout.how == "name":
            chosen = self._named(app, layout.given, (), layout.place)
        else:
            chosen = Chosen(None, (), layout.place, True, layout.given)
        if layout.condition:
            words = layout.condition
            atom = Atom("unknown", words)
            word, _, asks = words.partition(" ")
            opposite = {"if": f"unless {asks}", "unless": f"if {asks}"}.get(word, f"not: {words}")
            otherwise = Guard(Not(atom), opposite)
            others = (
                (self._implied(controller, app, path),)
                if asked is None
                else self.layouts(controller, app, path, action, None)
            )
            return (
                Chosen(chosen.file, (Guard(atom, words),), chosen.place, True, chosen.name),
                *(replace(each, guards=(otherwise, *each.guards)) for each in others),
            )
        return (chosen,)

    def _named(self, app: str, name: str, guards: tuple[Guard, ...], place: Place | None) -> Chosen:
        file = self.views.layout(app, name)
        return Chosen(file or None, guards, place, True, name)

    def _implied(self, controller: Controller, app: str, path: str) -> Chosen:
        """The layout that is called like the controller, or like one it is made from."""
        for name in (
            path,
            *self.family.paths(controller),
            *self._devise(controller),
            "application",
        ):
            if file := self.views.layout(app, name):
                return Chosen(file)
        if self._devise(controller) and (file := self.views.layout(app, "devise")):
            return Chosen(file)
        return Chosen("")

    def _by_method(
        self, controller: Controller, app: str, action: str, layout: Layout
    ) -> Iterator[Chosen]:
        """The layouts that a method may choose, each where those before it are not chosen."""
        choices, closed = self.family.choices(controller, layout.given, action)
        before: list[Condition] = []
        for number, choice in enumerate(choices):
            last = closed and number == len(choices) - 1
            words = f"{layout.given} gives '{choice.value}'"
            atom = Atom("unknown", words)
            asked: Condition = all_of(*before) if last else all_of(*before, atom)
            guards = (Guard(asked, f"if {words}"),) if before or not last else ()
            before.append(Not(atom))
            if choice.value:
                yield self._named(app, choice.value, guards, layout.place)
            else:
                yield Chosen("", guards, layout.place, True)
        if not closed:
            yield Chosen(None, (), layout.place, True, layout.given)


def _told(renders: list[Render]) -> list[Render]:
    """What an action renders by itself; a layout is asked for under a condition only where nothing
    else is rendered when the condition does not hold.
    """
    conditions = {render.condition for render in renders}
    if any(not each or f"not: {each}" in conditions for each in conditions):
        return renders
    return [
        replace(render, layout=replace(render.layout, condition=render.condition))
        if render.layout is not None
        else render
        for render in renders
    ]


def are_related(app: str, other: str) -> bool:
    """Is one of two applications an engine inside of the other?"""
    return app != other and (app.startswith(other) or other.startswith(app))


def app_of(path: str) -> str:
    """The folder of the application that a file of it lies in, with a slash behind it."""
    found = re.match(r"^(.*?)(?:app|config|lib)/", path)
    return found[1] if found else (posixpath.dirname(path) + "/" if "/" in path else "")
