"""SvelteKit: app.html around all routes, and in each folder a page, its layout and its guards."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from analyzer.frameworks import Convention, Framework, PageAt, Part, Project, Wrap, folder_of
from analyzer.frameworks._addresses import file_routes
from analyzer.frameworks._redirects import SendsToLogin, sent_to_login
from analyzer.frameworks.aliases import Alias
from analyzer.model import Fact, Skip, Source

ROUTE = re.compile(
    r"^(?P<root>(?:.*/)?)src/routes/(?P<folder>(?:.*/)?)\+(?P<kind>page|layout|error)(?:@(?P<to>[^.]*))?\.svelte$"
)
READS = (
    r"(?:^|/)src/(?:routes/.*\+(?:page|layout)(?:\.server)?\.[jt]s|hooks\.server\.[jt]s)$"
    r"|(?:^|/)svelte\.config\.[cm]?[jt]s$"
)
CONFIG = re.compile(r"(?:^|/)svelte\.config\.[cm]?[jt]s$")
MARK = b"redirect"
EVERYWHERE = "/**"


def read(source: Source) -> Iterator[Fact | Skip]:
    """What `$lib` means, and whether a load function or a hook sends visitors to a login."""
    if CONFIG.search(source.path):
        folder = folder_of(source.path)
        for pattern, target in (("$lib/*", "src/lib/*"), ("$lib", "src/lib/index")):
            yield Alias(place=source.place(0, 0), pattern=pattern, targets=(folder + target,))
    if MARK in source.data:
        yield from sent_to_login(source)


def conventions(project: Project) -> Iterator[Convention]:
    """Every application of the repository: its document, its pages and their layouts."""
    found: dict[str, list[re.Match[str]]] = {}
    for path in sorted(project.paths):
        if "/+" in path and (route := ROUTE.match(path)):
            found.setdefault(route["root"], []).append(route)
    for root, routes in found.items():
        yield from _application(project, root, routes)


def _application(project: Project, root: str, routes: list[re.Match[str]]) -> Iterator[Convention]:
    document = project.first(root + "src/app.html")
    layouts = {each["folder"]: each for each in routes if each["kind"] == "layout"}
    if document:
        yield PageAt(document, (EVERYWHERE,))
    if error := project.first(root + "src/error.html"):
        yield PageAt(error)
    for route in routes:
        path, folder = route[0], route["folder"]
        around = _around(route, layouts)
        if route["kind"] == "layout":
            # The outermost layout stands, as the document does, for what no file names.
            yield PageAt(path, (EVERYWHERE,)) if not folder else Part(path)
        elif route["kind"] == "error":
            yield PageAt(path)
        else:
            addresses = file_routes(folder.split("/"))
            yield PageAt(path, addresses, needs=tuple(_needs(project, route, addresses)))
        if outer := around[0] if around else document:
            yield Wrap(path, outer)
    for path in project.all_templates:
        if path.startswith(root + "src/") and path.endswith(".svelte") and not ROUTE.match(path):
            yield Part(path)


def _around(route: re.Match[str], layouts: dict[str, re.Match[str]]) -> list[str]:
    """The layouts around a page or a layout, the nearest first."""
    own = route["folder"]
    folders = _above(own) if route["kind"] != "layout" else _above(own)[1:]
    if (to := route["to"]) is not None:  # `+page@(group).svelte` leaves the layouts in between out
        folders = [each for each in folders if each == "" or (to and _ends(each, to))]
        if to:
            folders = [each for each in folders if _ends(each, to)][:1] or folders
            folders = _above(folders[0]) if folders else []
    return [layouts[folder][0] for folder in folders if folder in layouts]


def _above(folder: str) -> list[str]:
    """A folder and those above it, each with a slash behind, the top as an empty text."""
    found = [folder]
    while folder:
        outer = posixpath.dirname(folder.rstrip("/"))
        folder = outer + "/" if outer else ""
        found.append(folder)
    return found


def _ends(folder: str, name: str) -> bool:
    return folder.rstrip("/").rpartition("/")[2] == name


def _needs(project: Project, route: re.Match[str], addresses: tuple[str, ...]) -> Iterator[str]:
    """What the hooks, the layouts' and the page's own load functions ask first."""
    routes = route["root"] + "src/routes/"
    places = [
        f"{routes}{folder}+{kind}{server}.{suffix}"
        for folder in _above(route["folder"])
        for kind in (("page", "layout") if folder == route["folder"] else ("layout",))
        for server in (".server", "")
        for suffix in ("ts", "js")
    ]
    hooks = [f"{route['root']}src/hooks.server.{suffix}" for suffix in ("ts", "js")]
    for path in (*places, *hooks):
        for sends in project.facts_in(path, SendsToLogin):
            by_group = any(each.startswith("/(") for each in sends.only)
            own = ("/" + route["folder"].rstrip("/"),) if by_group else addresses
            if sends.asks_at(own) and not (path in hooks and not sends.only and not sends.but):
                yield f"redirect to {sends.to}"


FRAMEWORK = Framework(
    name="sveltekit",
    conventions=conventions,
    reads=READS,
    read=read,
    order=-1,
    about=r"(?:^|/)src/routes/",
)
