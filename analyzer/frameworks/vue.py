"""Vue without Nuxt: the HTML file is the page of all routes, the router names components."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

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
from analyzer.frameworks._auto_imports import components_shown
from analyzer.frameworks._client_routes import ClientRoute, page_at, routes_of
from analyzer.frameworks._objects import script_of
from analyzer.model import Fact, ScriptLoad, Skip, Source

READS = r"(?:^|/)(?:[\w.-]*rout(?:er|es?|ing)[\w.-]*(?:/[\w./-]+)?|src/main|src/app)\.[cm]?[jt]s$"
ROUTES = re.compile(rb"\bpath\s*:")
ENTRIES = tuple(
    f"{folder}{name}.{suffix}"
    for folder in ("src/", "")
    for name in ("main", "index", "app")
    for suffix in ("ts", "js", "mts", "mjs")
)
DOCUMENTS = ("index.html", "public/index.html", "src/index.html")
ROUTER = ("npm:vue-router", "npm:unplugin-vue-router")
EVERYWHERE = "/**"


def read(source: Source) -> Iterator[Fact | Skip]:
    """The routes that a script lists."""
    if not ROUTES.search(source.data) or b"@angular/" in source.data:
        return
    if script := script_of(source):
        yield from routes_of(script)


def conventions(project: Project) -> Iterator[Convention]:
    """The page, the routes and the components of every project that holds Vue components."""
    components = sorted(
        path
        for path in project.all_templates
        if path.endswith(".vue") and path not in project.spoken
    )
    if not components:
        return
    for root in _roots(project, components):
        yield from _site(project, root, [path for path in components if path.startswith(root)])


def _roots(project: Project, components: list[str]) -> list[str]:
    """The folders of projects: those with a page and a script that starts the application."""
    found = []
    for path in sorted(project.paths):
        if posixpath.basename(path) != "package.json":
            continue
        root = folder_of(path)
        if _document(project, root) and any(each.startswith(root) for each in components):
            found.append(root)
    if not found and _document(project, ""):
        found.append("")
    return found


def _document(project: Project, root: str) -> str:
    return next((root + each for each in DOCUMENTS if project.is_whole(root + each)), "")


def _site(project: Project, root: str, components: list[str]) -> Iterator[Convention]:
    document = _document(project, root)
    entry = project.first(*(root + each for each in ENTRIES))
    routes = [
        each
        for each in project.facts(ClientRoute)
        if each.place.path.startswith(root) and each.kind != "mount"
    ]
    routed = bool(routes) or project.uses(*ROUTER)
    yield PageAt(document, (EVERYWHERE,) if routed else ("/",))
    if entry and not _loads(project, document):
        yield Join("loads", document, entry)
    shown = set()
    for route in routes:
        for convention in _routed(project, route, document):
            if isinstance(convention, (PageAt, Part)):
                shown.add(convention.path)
            yield convention
    for path in components:
        if path not in shown:
            yield Part(path)
    if project.uses("npm:unplugin-vue-components"):
        yield from components_shown(project, components, root)


def _loads(project: Project, document: str) -> bool:
    """Does the page load a script of the project itself, as Vite wants it?"""
    return any(
        isinstance(each.url, str) and project.scripts(each.url, document)
        for each in project.facts_in(document, ScriptLoad)
    )


def _routed(project: Project, route: ClientRoute, document: str) -> Iterator[Convention]:
    """A component that is shown at an address, inside of the components around it."""
    path = _component(project, route.target, route.place.path)
    if not path:
        return
    parents = [_component(project, each, route.place.path) for each in route.parents]
    outer = next((each for each in reversed(parents) if each), document)
    yield Apart("", path)
    if route.kind == "layout":
        yield Part(path)
    else:
        yield page_at(path, route)
    if outer != path:
        yield Wrap(path, outer, default=False, place=route.place)


def _component(project: Project, target: str, asked_by: str) -> str:
    found = project.scripts(target, asked_by) if target else []
    return next((path for path in found if path.endswith((".vue", ".tsx", ".jsx"))), "")


FRAMEWORK = Framework(
    name="vue",
    conventions=conventions,
    reads=READS,
    read=read,
    order=-1,
    about=r"\.vue$",
)
