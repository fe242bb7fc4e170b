"""React without a server: the HTML file is the page of all routes, and routes name components."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.frameworks import (
    Convention,
    Framework,
    Join,
    PageAt,
    Project,
    Wrap,
    folder_of,
)
from analyzer.frameworks._exports import traced
from analyzer.model import EXPORT, Include, Package, ScriptLoad
from analyzer.parse.scripts.routes import ClientRoute, Part

DOCUMENTS = ("index.html", "public/index.html", "src/index.html", "client/index.html")
ENTRIES = tuple(
    f"{folder}{name}.{suffix}"
    for folder in ("src/", "client/", "app/", "")
    for name in ("main", "index")
    for suffix in ("tsx", "jsx", "ts", "js")
)
OTHERS = ("next", "gatsby", "@remix-run/react", "@remix-run/dev", "expo", "react-native")
SCRIPT = re.compile(r"\.[jt]sx?$")
COMPONENT = re.compile(r"\.(?:[jt]sx|js|mjs)$")
EVERYWHERE = "/**"
NOWHERE: tuple[str, tuple[str, ...]] = ("", ())
UNUSED = "if its routes are used: no script of the application that was read asks for them"
MOST_FILES = 5_000  # scripts that belong to one application
DEEPEST = 6  # routers that stand in routes of other routers


def conventions(project: Project) -> Iterator[Convention]:
    """The page, the routes and the components of every application."""
    routes: dict[str, list[ClientRoute]] = {}
    for route in project.facts(ClientRoute):
        routes.setdefault(route.place.path, []).append(route)
    homes: dict[str, list[str]] = {}  # the documents that run the script which declares routes
    roots = _roots(project)
    for root in roots:
        document = _document(project, root)
        if document in project.spoken:
            continue
        entries = _entries(project, root, document)
        files = _belonging(project, entries)
        declared = [path for path in routes if path in files]
        for path in declared:
            homes.setdefault(path, []).append(document)
        yield PageAt(document, (EVERYWHERE,) if declared else ("/",))
        for entry in entries:
            if entry not in _loaded(project, document):
                yield Join("loads", document, entry)
    prefixes = dict(_mounted(project, routes))
    for path, listed in routes.items():
        if path not in project.spoken:
            for route in listed:
                doubt = UNUSED if path not in homes and path.startswith(tuple(roots)) else ""
                mount = prefixes.get(path, NOWHERE)
                yield from _routed(project, route, mount, homes.get(path, []), doubt)


# ---------------------------------------------------------------- the document and its scripts


def _roots(project: Project) -> list[str]:
    """The folders of projects that use React and no framework with pages of its own."""
    named: dict[str, set[str]] = {}
    for package in project.facts(Package):
        if package.ecosystem == "npm" and package.place.path.endswith("package.json"):
            named.setdefault(folder_of(package.place.path), set()).add(package.name)
    return sorted(
        root
        for root, names in named.items()
        if names & {"react", "preact"}
        and not names & set(OTHERS)
        and _document(project, root)
        and _first_entry(project, root)
    )


def _document(project: Project, root: str) -> str:
    return next((root + each for each in DOCUMENTS if project.is_whole(root + each)), "")


def _first_entry(project: Project, root: str) -> str:
    return project.first(*(root + each for each in ENTRIES))


def _loaded(project: Project, document: str) -> list[str]:
    """The scripts of the project that the document loads itself, as Vite wants it."""
    return [
        path
        for load in project.facts_in(document, ScriptLoad)
        if isinstance(load, ScriptLoad)
        for path in project.scripts(load.url, document)
        if SCRIPT.search(path)
    ]


def _entries(project: Project, root: str, document: str) -> list[str]:
    """The scripts that start the application; without any in the document the usual one."""
    found = [path for path in _loaded(project, document) if path.startswith(root)]
    return found or [_first_entry(project, root)]


def _belonging(project: Project, entries: list[str]) -> set[str]:
    """The scripts that are reached from the first ones by imports."""
    found, queue = set(entries), list(entries)
    while queue and len(found) < MOST_FILES:
        for path in _asked(project, queue.pop()):
            if path not in found:
                found.add(path)
                queue.append(path)
    return found


def _asked(project: Project, path: str) -> Iterator[str]:
    """The files that a script imports, with those that its routes name."""
    targets = {
        each.target
        for each in project.facts_in(path, Include)
        if isinstance(each, Include) and each.how == "imports" and isinstance(each.target, str)
    }
    targets |= {
        part[0]
        for route in project.facts_in(path, ClientRoute)
        if isinstance(route, ClientRoute)
        for part in (route.component, *route.around)
    }
    for target in sorted(filter(None, targets)):
        yield from project.scripts(target, path)


# ---------------------------------------------------------------- routes


def _mounted(
    project: Project, routes: dict[str, list[ClientRoute]]
) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """The scripts whose routes stand below a route of another script: its address, its needs."""
    above: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for path, listed in routes.items():
        for route in listed:
            if not route.known or not route.pattern.endswith("/**"):
                continue
            inner, _ = _component(project, route.component, path)
            if inner in routes and inner != path:
                above[inner] = (path, route.pattern.removesuffix("/**"), route.needs)
    for path in above:
        prefix, needs = NOWHERE
        outer = path
        for _ in range(DEEPEST):
            if outer not in above:
                break
            outer, step, more = above[outer]
            prefix, needs = step + prefix, (*more, *needs)
        yield path, (prefix, needs)


def _routed(
    project: Project,
    route: ClientRoute,
    mount: tuple[str, tuple[str, ...]],
    documents: list[str],
    doubt: str,
) -> Iterator[Convention]:
    """A component that is shown at an address, in the components around it and in the document."""
    path, _ = _component(project, route.component, route.place.path)
    if not COMPONENT.search(path) or path == route.place.path:
        return
    prefix, needs = mount
    pattern = "/" + route.pattern.lstrip("/")
    if prefix and not pattern.startswith(prefix + "/"):
        pattern = (prefix + pattern).rstrip("/") or "/"
    if route.root:
        yield PageAt(path, (EVERYWHERE,), doubt=doubt)
    elif not route.nested:
        known = route.known and route.pattern != "**"
        addresses = (pattern,) if known else ()
        yield PageAt(path, addresses, needs=(*needs, *route.needs), doubt=doubt)
    for part in route.around:
        outer, name = _component(project, part, route.place.path)
        if not outer or outer == path:
            continue
        if name == "default":
            yield Wrap(path, outer, default=False, place=route.place)
        for fragment in () if name == "default" else (EXPORT + name, EXPORT):
            # Only the page shows it: who imports the page's component for itself does not.
            yield Join(
                "imports", path, outer, route.place, fragment, blocks=(EXPORT + "(as a route)",)
            )
    for document in documents:
        yield Wrap(path, document, default=False, place=route.place)
    if not documents and not route.root:
        yield Wrap(path, route.place.path, default=False, place=route.place)


def _component(project: Project, part: Part, asked_by: str) -> Part:
    """The file that holds a component, and its name there, through files that only hand it on."""
    target, export = part
    for path in project.scripts(target, asked_by)[:1]:
        return traced(project, path, export)
    return "", export


FRAMEWORK = Framework(
    name="react",
    conventions=conventions,
    about=r"(?:^|/)package\.json$|\.(?:[cm]?[jt]sx?|vue)$",
)
