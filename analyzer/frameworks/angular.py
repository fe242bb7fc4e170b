"""Angular: index.html is the page of all routes; components are known by their selectors."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace

from analyzer.frameworks import (
    Apart,
    Convention,
    Framework,
    Join,
    PageAt,
    Part,
    Project,
    Wrap,
    folder_of,
)
from analyzer.frameworks._angular_files import READS, Declared, Injected, Workspace, read
from analyzer.frameworks._client_routes import ClientRoute, page_at
from analyzer.model import EXPORT, Atom, Guard, Include, Use

EVERYWHERE = "/**"
DEEPEST = 6  # modules that load each other's routes


def conventions(project: Project) -> Iterator[Convention]:
    """Every application of the repository, and the components of all of them."""
    applications = [each for each in project.facts(Workspace) if each.index in project.paths]
    if not applications and not project.uses("npm:@angular/core"):
        return
    components = Components(project)
    for path, view in components.views.items():
        yield Part(view)
        yield Apart("", path)
        if view != path:
            yield Join("loads", view, path)
    yield from components.uses()
    for each in project.facts(Injected):
        outer = each.place.path
        for path in project.scripts(each.target, outer)[:1]:
            if path.endswith(".ts") and path != outer and path not in components.views:
                yield Join("imports", outer, path, each.place, fragment=EXPORT + each.name)
    for application in applications:
        yield from _of_application(project, application, components)


class Components:
    """The components of a repository, by their selectors and their files."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.declared = list(project.facts(Declared))
        self.by_selector: dict[str, list[str]] = {}
        self.views: dict[str, str] = {}  # the file that shows each component, by its script
        for each in self.declared:
            script = each.place.path
            near = posixpath.normpath(posixpath.join(folder_of(script), each.template))
            self.views.setdefault(
                script, near if each.template and near in project.paths else script
            )
            for selector in each.selectors:
                self.by_selector.setdefault(selector.strip("[]"), []).append(self.views[script])

    def uses(self) -> Iterator[Join]:
        """Where templates show components by their selectors."""
        for use in self.project.facts(Use):
            outer = use.place.path
            known = self.by_selector.get(use.name, [])
            if len(set(known)) == 1 and known[0] != outer:
                yield Join(
                    "includes", outer, known[0], use.place, guards=use.guards, blocks=use.blocks
                )

    def view(self, target: str, name: str, asked_by: str) -> str:
        """The file that shows a component that a route names."""
        for path in self.project.scripts(target, asked_by) if target else ():
            if path in self.views:
                return self.views[path]
        known = {each.place.path for each in self.declared if name and each.name == name}
        return self.views[known.pop()] if len(known) == 1 else ""


def _of_application(
    project: Project, application: Workspace, components: Components
) -> Iterator[Convention]:
    index = application.index
    routes = list(_routes(project, application))
    routed = bool(routes) or project.uses("npm:@angular/router")
    yield PageAt(index, (EVERYWHERE,) if routed else ("/",))
    if application.main in project.paths:
        yield Join("loads", index, application.main)
    for script in application.scripts:
        if script in project.paths:
            yield Join("loads", index, script)
    for root in _root_components(application, components):
        yield Join("includes", index, root)
    for name, path, other in application.replaced:
        if path in project.paths and other in project.paths:
            words = f"if the '{name}' configuration is built"
            guards = () if name.startswith("prod") else (Guard(Atom("environment", name), words),)
            yield Join("imports", path, other, application.place, guards=guards)
    for route in routes:
        yield from _routed(route, components, index)


def _root_components(application: Workspace, components: Components) -> Iterator[str]:
    """The components whose elements the page itself holds."""
    folder = posixpath.dirname(application.main) + "/"
    own = {
        components.views[each.place.path]
        for each in components.declared
        if "app-root" in each.selectors or each.name in ("AppComponent", "App")
        if each.place.path.startswith(folder)
    }
    yield from sorted(own) if len(own) == 1 else ()


def _routes(project: Project, application: Workspace) -> Iterator[ClientRoute]:
    """The routes of an application, those of modules that are loaded later under their prefix."""
    folder = posixpath.dirname(application.main) + "/"
    by_file: dict[str, list[ClientRoute]] = {}
    for route in project.facts(ClientRoute):
        by_file.setdefault(route.place.path, []).append(route)
    mounted = {
        path
        for routes in by_file.values()
        for route in routes
        if route.kind == "mount"
        for path in _mounted(project, route, by_file)
    }
    for path, routes in by_file.items():
        if path.startswith(folder) and path not in mounted:
            for route in routes:
                yield from _below(project, route, by_file, 0)


def _below(
    project: Project, route: ClientRoute, by_file: Mapping[str, list[ClientRoute]], depth: int
) -> Iterator[ClientRoute]:
    if route.kind != "mount":
        yield route
        return
    for path in _mounted(project, route, by_file) if depth < DEEPEST else ():
        for inner in by_file[path]:
            pattern = (route.pattern.rstrip("/") + inner.pattern).rstrip("/") or "/"
            needs = tuple(dict.fromkeys((*route.needs, *inner.needs)))
            yield from _below(
                project, replace(inner, pattern=pattern, needs=needs), by_file, depth + 1
            )


def _mounted(
    project: Project, route: ClientRoute, by_file: Mapping[str, list[ClientRoute]]
) -> list[str]:
    """The files whose routes stand below a route: the file that it loads, or one that this
    imports.
    """
    for path in project.scripts(route.target, route.place.path)[:1]:
        if path in by_file:
            return [path]
        found = [
            inner
            for include in project.facts_in(path, Include)
            if include.how == "imports"
            for inner in project.scripts(include.target, path)[:1]
        ]
        return [inner for inner in found if inner in by_file and "rout" in inner]
    return []


def _routed(route: ClientRoute, components: Components, index: str) -> Iterator[Convention]:
    asked_by = route.place.path
    view = components.view(route.target, route.name, asked_by)
    if not view:
        return
    parents = [components.view(each, each, asked_by) for each in route.parents]
    outer = next((each for each in reversed(parents) if each and each != view), index)
    if route.kind != "layout":
        yield page_at(view, route)
    yield Wrap(view, outer, default=False, place=route.place)


FRAMEWORK = Framework(
    name="angular",
    conventions=conventions,
    reads=READS,
    read=read,
    order=-1,
    about=READS,
)
