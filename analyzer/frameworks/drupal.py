"""Drupal 8 and later: themes and their base themes, libraries, and what exported settings say.

Most of a Drupal site stands in a database. What is exported to `config/sync` says more than any
template: trackers with their ids, the addresses that they keep away from, the addresses of views
and forms. The addresses under `/user` are pages of every site.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from analyzer.frameworks import (
    Convention,
    Framework,
    Join,
    Missing,
    PageAt,
    Part,
    Project,
    Wrap,
    folder_of,
)
from analyzer.frameworks._drupal import (
    Address,
    Attached,
    DefaultTheme,
    Injects,
    Library,
    Theme,
    attached,
    of_libraries,
    of_routing,
    of_settings,
    of_theme,
)
from analyzer.model import FRAGMENT, Atom, Fact, Guard, Not, Place, ScriptLoad, Skip, Source

READS = (
    r"(?:^|/)[\w-]+\.(?:info|libraries|routing)\.yml$|(?:^|/)[\w-]+\.(?:module|theme)$"
    r"|(?:^|/)[\w.-]+\.html\.twig$"
    r"|(?:^|/)(?:google_analytics|google_tag|facebook_pixel|matomo|hotjar|ms_clarity"
    r"|linkedin_insights_tag|views\.view|webform\.webform|contact\.form|user|system)\.[\w.-]+\.yml$"
)
ADDRESSES = {"front": ("/",), "user": ("/user", "/user/**"), "user--login": ("/user/login",)}
CHOSEN = Guard(
    Atom("unknown", "the page shows what this template is for"),
    "if the page shows what this template is for",
)
SOMEWHERE = Guard(
    Atom("unknown", "the hook that attaches it runs for the page"),
    "if the hook that attaches it runs for the page",
)
VISITORS = Guard(  # the staff's pages have a theme of their own
    Not(Atom("path", test="starts-with", value="/admin")), "unless the path begins with /admin"
)


def read(source: Source) -> Iterator[Fact | Skip]:
    """What a theme, a library, a route file, a template or an exported setting says."""
    name = posixpath.basename(source.path)
    if name.endswith(".info.yml"):
        yield from of_theme(source)
    elif name.endswith(".libraries.yml"):
        yield from of_libraries(source)
    elif name.endswith(".routing.yml"):
        yield from of_routing(source)
    elif name.endswith((".module", ".theme", ".twig")):
        yield from attached(source)
    else:
        yield from of_settings(source)


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of a Drupal site: its document templates, and the addresses that it exports."""
    themes = {theme.name: theme for theme in project.facts(Theme)}
    addresses = list(project.facts(Address))
    injecting = list(project.facts(Injects))
    if not themes and not injecting and not any(_is_exported(each) for each in addresses):
        return
    shown = _shown_themes(project, themes)
    looks = [_Look(project, theme, themes) for theme in shown]
    for look in looks:
        yield from look.conventions()
    outer = looks[0] if looks else None
    visited: dict[str, list[str]] = {}
    staffed: dict[str, None] = {}
    for address in addresses:
        path = address.place.path
        yield PageAt(path, address.routes, needs=address.needs, public=address.public)
        if address.routes[0].startswith("/admin"):
            staffed[path] = None
        else:
            visited.setdefault(path, []).append(address.routes[0])
    for path, routes in visited.items():
        guards = (VISITORS,) if path in staffed else ()
        for layout in dict.fromkeys(outer.page_for(route) for route in routes) if outer else ():
            if layout:
                yield Wrap(path, layout, guards=guards)
    pages = [page for look in looks for page in look.pages()]
    pages = pages or list(dict.fromkeys(each.place.path for each in addresses))
    for inject in injecting:
        for page in dict.fromkeys((*pages, *staffed)):
            yield Join("injects", page, inject.place.path, inject.place, confidence=1.0)
    yield from _attachments(project, shown, pages)


def _is_exported(address: Address) -> bool:
    return not address.place.path.endswith(".routing.yml") or "/modules/" in address.place.path


def _shown_themes(project: Project, themes: Mapping[str, Theme]) -> list[Theme]:
    """The theme that visitors see: the one that the settings name, else those nobody builds on."""
    for fact in project.facts(DefaultTheme):
        if fact.name in themes:
            return [themes[fact.name]]
    bases = {theme.base for theme in themes.values()}
    return [theme for name, theme in sorted(themes.items()) if name not in bases]


class _Look:
    """The templates of a theme, with those of the themes that it builds on behind them."""

    def __init__(self, project: Project, theme: Theme, themes: Mapping[str, Theme]) -> None:
        self.theme = theme
        self.templates: dict[str, str] = {}
        self.last = theme
        seen: set[str] = set()
        current: Theme | None = theme
        while current is not None and current.name not in seen:
            seen.add(current.name)
            self.last = current
            folder = folder_of(current.place.path)
            for path in sorted(project.paths):
                if path.startswith(folder) and path.endswith(".html.twig"):
                    name = posixpath.basename(path).removesuffix(".html.twig")
                    self.templates.setdefault(name, path)
            current = themes.get(current.base)

    def conventions(self) -> Iterator[Convention]:
        """Documents and pages, what wraps them, and what stands in them."""
        pages = self.pages()
        if "html" not in self.templates:
            base = self.last.base or "the core's templates"
            yield Missing(self.theme.place, "package", f"html.html.twig of {base}")
        for name, path in self.templates.items():
            if path in pages:
                yield PageAt(path, _routes(name))
                document = self.templates.get(re.sub(r"^page", "html", name))
                document = document or self.templates.get("html", "")
                if document and document != path:
                    yield Wrap(path, document)
                continue
            yield Part(path)
            for page in pages if not name.startswith(("html", "page")) else ():
                yield Join("includes", page, path, guards=(CHOSEN,))

    def pages(self) -> list[str]:
        """The templates that a visitor is shown: pages, and documents that no page stands in."""
        found = [path for name, path in self.templates.items() if re.match(r"page(?:--|$)", name)]
        suffixes = {name.removeprefix("page") for name in self.templates if name.startswith("page")}
        found += [
            path
            for name, path in self.templates.items()
            if re.match(r"html(?:--|$)", name) and name.removeprefix("html") not in suffixes
        ]
        plain = self.templates.get("html")
        if plain in found and "page" in self.templates:
            found.remove(plain)
        return found

    def page_for(self, route: str) -> str:
        """The template of the page at an address, the most special one first."""
        words = [part for part in route.strip("/").replace("_", "-").split("/") if part]
        names = ["--".join(["page", *words[:depth]]) for depth in range(len(words), 0, -1)]
        if route == "/":
            names.insert(0, "page--front")
        wanted = (*names, "page", "html")
        return next((self.templates[name] for name in wanted if name in self.templates), "")


def _routes(name: str) -> tuple[str, ...]:
    """The addresses that a template's name tells; most names tell a kind of content instead."""
    _, _, suffix = name.partition("--")
    if suffix in ADDRESSES:
        return ADDRESSES[suffix]
    numbered = re.fullmatch(r"(node|taxonomy--term)--(\d+)", suffix)
    return (f"/{numbered[1].replace('--', '/')}/{numbered[2]}",) if numbered else ()


def _attachments(
    project: Project, themes: Sequence[Theme], pages: Sequence[str]
) -> Iterator[Convention]:
    """The scripts of libraries, joined with the templates and hooks that load them."""
    scripts: dict[str, list[str]] = {}
    for library in project.facts(Library):
        if library.script in project.paths:
            scripts.setdefault(library.name, []).append(library.script)
    outside: dict[str, list[str]] = {}
    for load in project.facts(ScriptLoad):
        if load.place.path.endswith(".libraries.yml") and load.blocks:
            name = load.blocks[0].removeprefix(FRAGMENT)
            outside.setdefault(name, []).append(load.place.path)
    wanted: list[tuple[Place, str, tuple[str, ...], tuple[Guard, ...]]] = [
        (theme.place, name, tuple(pages), ()) for theme in themes for name in theme.libraries
    ]
    for each in project.facts(Attached):
        if each.place.path.endswith(".twig"):
            wanted.append((each.place, each.library, (each.place.path,), ()))
        else:
            around = () if each.everywhere else (SOMEWHERE,)
            wanted.append((each.place, each.library, tuple(pages), around))
    for place, name, outers, guards in wanted:
        for outer in outers:
            for script in scripts.get(name, ()):
                yield Join("loads", outer, script, place, guards=guards, confidence=1.0)
            for path in dict.fromkeys(outside.get(name, ())):
                yield Join(
                    "injects", outer, path, place, fragment=name, guards=guards, confidence=1.0
                )


FRAMEWORK = Framework(
    name="drupal",
    conventions=conventions,
    reads=READS,
    read=read,
    about=READS,
)
