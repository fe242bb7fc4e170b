"""The applications of ASP.NET in a repository: their controllers, and the views that these show."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from analyzer.frameworks import Project
from analyzer.frameworks._aspnet_facts import Action, Controller, Directive, Setting
from analyzer.frameworks._aspnet_routes import attribute_routes, conventional_routes

VIEWS = ("/Views/{1}/{0}.cshtml", "/Views/Shared/{0}.cshtml")
AREA_VIEWS = ("/Areas/{2}/Views/{1}/{0}.cshtml", "/Areas/{2}/Views/Shared/{0}.cshtml")
MARKS = ("Views", "Pages", "Areas", "Controllers", "Components", "wwwroot")
DEEPEST = 6  # controllers that inherit from each other


@dataclass
class Merged:
    """A controller with all of its parts and what it inherits."""

    routes: tuple[str, ...] = ()
    area: str = ""
    needs: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()


@dataclass
class Shown:
    """How a view is shown: its addresses, and what is asked before."""

    routes: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    public: list[str] = field(default_factory=list)


class Applications:
    """Everything that the repository holds of ASP.NET."""

    def __init__(self, project: Project, views: list[str]) -> None:
        self.project = project
        self.views = sorted(views)
        self.directives: dict[str, list[Directive]] = {}
        for each in project.facts(Directive):
            self.directives.setdefault(each.place.path, []).append(each)
        self.controllers = self._controllers()
        self.folders: dict[tuple[str, str], list[str]] = {}
        for path in self.views:
            folder, _, name = path.rpartition("/")
            key = posixpath.basename(folder).lower(), name.rpartition(".")[0].lower()
            self.folders.setdefault(key, []).append(path)

    # ------------------------------------------------------------ applications

    @cached_property
    def _roots(self) -> tuple[str, ...]:
        """The folders of applications, the deepest first."""
        found = {
            posixpath.dirname(path)
            for path in self.project.paths
            if path.endswith((".csproj", ".vbproj"))
        }
        return tuple(sorted(found, key=lambda folder: -len(folder)))

    def root(self, path: str) -> str:
        """The folder of the application that a file belongs to."""
        for folder in self._roots:
            if not folder or path.startswith(folder + "/"):
                return folder
        found = [f"/{path}".find(f"/{mark}/") for mark in MARKS]
        return path[: max(0, min((at for at in found if at >= 0), default=0) - 1)]

    def settings(self, root: str, *what: str) -> list[str]:
        return [
            each.value
            for each in self.project.facts(Setting)
            if each.what in what and self.root(each.place.path) == root
        ]

    def said(self, path: str, what: str) -> list[Directive]:
        return [each for each in self.directives.get(path, ()) if each.what == what]

    # ------------------------------------------------------------ controllers

    def _controllers(self) -> dict[tuple[str, str], Merged]:
        """The controllers by application and name; a partial class has several parts."""
        found: dict[tuple[str, str], Merged] = {}
        for each in self.project.facts(Controller):
            merged = found.setdefault((self.root(each.place.path), each.name), Merged())
            merged.routes += each.routes
            merged.area = merged.area or each.area
            merged.needs += each.needs
            merged.public += each.public
            merged.bases += each.bases
        return found

    def _inherited(self, root: str, name: str) -> Merged:
        """A controller together with what it inherits."""
        found = self.controllers.get((root, name), Merged())
        merged = Merged(found.routes, found.area, found.needs, found.public, found.bases)
        bases = found.bases
        for _ in range(DEEPEST):
            known = [
                self.controllers[root, base] for base in bases if (root, base) in self.controllers
            ]
            if not known:
                break
            for base in known:
                merged.routes = merged.routes or base.routes
                merged.area = merged.area or base.area
                merged.needs += base.needs
                merged.public += base.public
            bases = tuple(base for each in known for base in each.bases)
        return merged

    def shown(self) -> dict[str, Shown]:
        """The views that actions show."""
        found: dict[str, Shown] = {}
        for action in self.project.facts(Action):
            if not action.views:
                continue
            root = self.root(action.place.path)
            owner = self._inherited(root, action.controller)
            public = (*action.public, *owner.public)
            needs = () if public else (*owner.needs, *action.needs)
            if not needs and not public:
                needs = tuple(self.settings(root, "fallback")[:1])
            for name in action.views:
                path = self._view(root, owner.area, action.controller, name)
                if path:
                    shown = found.setdefault(path, Shown())
                    shown.needs.extend(needs)
                    shown.public.extend(public)
                    if action.answers:
                        shown.routes.extend(self._routes(root, owner, action))
        return found

    def _routes(self, root: str, owner: Merged, action: Action) -> Iterator[str]:
        names = {
            "controller": action.controller,
            "action": action.name.removesuffix("Async"),
            "area": owner.area,
        }
        if action.routes or owner.routes:
            yield from attribute_routes(owner.routes, action.routes, names)
        else:
            yield from conventional_routes(self.settings(root, "route"), names)

    def _view(self, root: str, area: str, controller: str, name: str) -> str:
        """The file of a view, in the folders in which the application looks for it."""
        base = f"{root}/" if root else ""
        if name.startswith(("~/", "/")):
            return self.project.first(base + name.lstrip("~/"))
        name = name.removesuffix(".cshtml")
        patterns = (*(AREA_VIEWS if area else ()), *VIEWS, *self.settings(root, "views"))
        wanted = (
            posixpath.normpath(
                base
                + each.lstrip("~/")
                .replace("{0}", name)
                .replace("{1}", controller)
                .replace("{2}", area)
            )
            for each in patterns
        )
        if found := self.project.first(*wanted):
            return found
        tail = f"{controller}/{name}".lower().rpartition("/")
        likely = self.folders.get((posixpath.basename(tail[0]), tail[2]), [])
        own = [path for path in likely if self.root(path) == root]
        return own[0] if len(own) == 1 else ""
