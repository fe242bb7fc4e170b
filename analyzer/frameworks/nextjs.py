"""Next.js: pages by their folders, in the layouts of all folders around them, or in _app."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks import (
    Convention,
    Framework,
    Join,
    PageAt,
    Part,
    Project,
    Wrap,
    folder_of,
    joined,
)
from analyzer.frameworks._addresses import file_routes
from analyzer.frameworks._asks import Asks, of_component, of_middleware
from analyzer.frameworks._next_components import Answered, Asked, Given, of_page
from analyzer.model import Fact, Package, Skip, Source

CODE = r"\.(?:[jt]sx?|mdx?)$"
CONFIG = re.compile(r"(?:^|/)next\.config\.(?:[cm]?js|[cm]?ts)$")
MIDDLEWARE = re.compile(r"(?:^|/)(?:middleware|proxy)\.[jt]s$")
SPECIAL = re.compile(
    r"(?P<name>page|layout|template|error|global-error|not-found|forbidden|unauthorized|loading|default)"
    + CODE
)
COMPONENT = re.compile(r"\.(?:[jt]sx|js|mdx?)$")
READS = (
    r"(?:^|/)next\.config\.[\w.]+$|(?:^|/)(?:middleware|proxy)\.[jt]s$"
    r"|(?:^|/)app/(?:.+/)?(?:page|layout|template)\.[jt]sx?$|(?:^|/)pages/.+\.[jt]sx?$"
)
PAGES = re.compile(r"(?:^|/)pages/")
BASE = re.compile(r"\bbasePath\s*:\s*[\"'`](?P<path>/[^\"'`]{1,200})[\"'`]")
INTERCEPTS = re.compile(r"^(?P<up>\(\.\)|(?:\(\.\.\))+|\(\.\.\.\))(?P<name>.+)$")
ALONE = {"_error": "/_error", "404": "/404", "500": "/500"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Below(Fact):
    """All addresses of the site begin with this path."""

    path: str


def read(source: Source) -> Iterator[Fact | Skip]:
    """The base path of a configuration, and what pages and middleware ask of visitors."""
    if CONFIG.search(source.path):
        found = BASE.search(source.data.decode("utf-8", "replace"))
        if found:
            yield Below(place=source.place(found.start(), found.end()), path=found["path"])
    elif MIDDLEWARE.search(source.path):
        yield from of_middleware(source)
    else:
        yield from of_component(source)
        if PAGES.search(source.path):
            yield from of_page(source)


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of every Next.js application in the repository."""
    for root in roots(project):
        site = _Site(project, root)
        for source in ("src/", ""):
            yield from _app_pages(site, root + source + "app/")
            yield from _old_pages(site, root + source + "pages/")


def roots(project: Project) -> list[str]:
    """The folders of the applications: with a configuration, or with the package."""
    found = {folder_of(path) for path in project.paths if CONFIG.search(path)}
    for package in project.facts(Package):
        if package.name == "next" and package.place.path.endswith("package.json"):
            found.add(folder_of(package.place.path))
    return sorted(found)


class _Site:
    """One application: its files, and what its middleware asks."""

    def __init__(self, project: Project, root: str) -> None:
        self.project = project
        self.root = root
        self.asks = {fact.place.path: fact for fact in project.facts(Asks) if not fact.middleware}
        folders = (root, root + "src/")
        self.given = {fact.place.path: fact.names for fact in project.facts(Given)}
        self.answered = {fact.place.path for fact in project.facts(Answered)}
        self.middleware = [
            fact
            for fact in project.facts(Asks)
            if fact.middleware and folder_of(fact.place.path) in folders
        ]
        below = [fact.path for fact in project.facts(Below) if folder_of(fact.place.path) == root]
        self.base = below[0] if below else ""

    def below(self, folder: str) -> list[str]:
        """The files of a folder, those in folders of other applications too."""
        return sorted(path for path in self.project.paths if path.startswith(folder))

    def page(
        self,
        path: str,
        routes: tuple[str, ...],
        around: list[str],
        known: tuple[tuple[str, bool], ...] = (),
    ) -> PageAt:
        """A page with its addresses and with everything that asks for a login."""
        asking = [self.asks[each] for each in (path, *around) if each in self.asks]
        needs = [word for each in asking for word in each.words]
        needs += [
            word
            for fact in self.middleware
            if routes and all(fact.about(route) for route in routes)
            for word in fact.words
        ]
        if self.base:
            routes = tuple(joined(self.base, route).rstrip("/") for route in routes)
        return PageAt(path, routes, needs=tuple(dict.fromkeys(needs)), known=known)


# ---------------------------------------------------------------- the app folder


def _app_pages(site: _Site, folder: str) -> Iterator[Convention]:
    """Pages are called page; every layout from the top down to them stands around them."""
    files: dict[str, dict[str, str]] = {}
    for path in site.below(folder):
        found = SPECIAL.fullmatch(posixpath.basename(path))
        if found and not _is_private(path.removeprefix(folder)):
            files.setdefault(posixpath.dirname(path), {}).setdefault(found["name"], path)
    if not any("page" in named for named in files.values()):
        return
    top = folder.rstrip("/")
    yield from _layouts(files, top)
    for place, named in files.items():
        inside = place.removeprefix(top).strip("/")
        if "page" in named:
            yield from _app_page(site, files, top, place, inside)
        for name in ("error", "not-found", "forbidden", "unauthorized", "global-error"):
            if name not in named:
                continue
            around = _around(files, top, place, behind=name) if name != "global-error" else []
            routes = app_routes(inside)
            below = tuple(joined(route, "**") for route in routes)
            missing = name == "not-found" and not inside
            yield site.page(named[name], ("/404",) if missing else below, [])
            yield from (Wrap(named[name], layout) for layout in around[:1])
        for name in ("layout", "template", "loading", "default"):
            if name in named:
                yield Part(named[name])


def _app_page(
    site: _Site, files: dict[str, dict[str, str]], top: str, place: str, inside: str
) -> Iterator[Convention]:
    page = files[place]["page"]
    around = _around(files, top, place)
    routes = app_routes(inside)
    slot = next((piece for piece in inside.split("/") if piece.startswith("@")), "")
    if slot:  # a part of the page that its layout shows beside it
        whole = "/".join(piece for piece in place.split("/") if piece != slot)
        if shown := files.get(whole, {}).get("page"):
            yield Part(page)
            yield Join("imports", shown, page)
            return
    yield site.page(page, routes, around)
    yield from (Wrap(page, layout) for layout in around[:1])


def _layouts(files: dict[str, dict[str, str]], top: str) -> Iterator[Convention]:
    """What stands around each layout: the template of its own folder, the layout above."""
    for place, named in files.items():
        if "template" in named:
            yield from (
                Wrap(named["template"], each)
                for each in _around(files, top, place, behind="template")[:1]
            )
        if "layout" in named and place != top:
            above = _around(files, top, posixpath.dirname(place))
            yield from (Wrap(named["layout"], each) for each in above[:1])


def _around(files: dict[str, dict[str, str]], top: str, place: str, behind: str = "") -> list[str]:
    """The templates and layouts around what lies in a folder, the nearest first."""
    found: list[str] = []
    while True:
        named = files.get(place, {})
        names = ("layout",) if behind else ("template", "layout")
        found.extend(named[name] for name in names if name in named)
        behind = ""
        if place == top or not place:
            return found
        place = posixpath.dirname(place)


def app_routes(inside: str) -> tuple[str, ...]:
    """The addresses of a folder below app: groups and slots are dropped."""
    pieces: list[str] = []
    for piece in inside.split("/"):
        if piece.startswith("@"):
            continue
        if intercepted := INTERCEPTS.match(piece):
            up = intercepted["up"]
            keep = 0 if up == "(...)" else len(pieces) - up.count("(..)")
            pieces = pieces[: max(0, keep)]
            piece = intercepted["name"]
        pieces.append(piece.replace("%5F", "_"))
    return file_routes("_index_" if piece == "index" else piece for piece in pieces)


def _is_private(inside: str) -> bool:
    pieces = inside.split("/")[:-1]
    return any(piece.startswith("_") for piece in pieces)


# ---------------------------------------------------------------- the pages folder


def _old_pages(site: _Site, folder: str) -> Iterator[Convention]:
    """Every file is a page, in _app and in _document."""
    files = [path for path in site.below(folder) if COMPONENT.search(path)]
    top = {posixpath.splitext(path.removeprefix(folder))[0]: path for path in files}
    app, document = top.get("_app", ""), top.get("_document", "")
    outer = app or document
    if app and document:
        yield Wrap(app, document)
    for name, path in top.items():
        if name in ("_app", "_document") or path in site.answered:
            yield Part(path)
        elif not name.startswith("api/") and "/_" not in f"/{name}".replace("/_error", ""):
            address = ALONE.get(name)
            routes = (address,) if address else file_routes(name.split("/"))
            yield site.page(path, routes, [app] if app else [], _settled(site, app, path))
            if outer:
                yield Wrap(path, outer)


def _settled(site: _Site, app: str, path: str) -> tuple[tuple[str, bool], ...]:
    """What _app asks the page's component for, and whether it has it: `Component.getLayout`."""
    given = site.given.get(path)
    if given is None:  # the component is written elsewhere
        return ()
    asked = (fact for fact in site.project.facts_in(app, Asked) if isinstance(fact, Asked))
    return tuple((f"Component.{name}", name in given) for fact in asked for name in fact.names)


FRAMEWORK = Framework(
    name="nextjs",
    conventions=conventions,
    reads=READS,
    read=read,
    order=-2,
    about=CONFIG.pattern + r"|(?:^|/)package\.json$",
)
