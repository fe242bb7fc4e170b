"""Express, Koa, Fastify and Hapi: views that routes render, in the layout of their view engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from analyzer.frameworks import Convention, Framework, PageAt, Part, Project, Wrap
from analyzer.frameworks._express_facts import read
from analyzer.frameworks._express_records import Served, Shows
from analyzer.frameworks._express_routes import Routes
from analyzer.frameworks._express_settings import ViewSetting
from analyzer.frameworks._express_views import PARTS, Views

SERVERS = (
    "npm:express",
    "npm:koa",
    "npm:fastify",
    "npm:@hapi/hapi",
    "npm:hapi",
    "npm:polka",
    "npm:restify",
)


@dataclass
class _Page:
    """What routes say of one view."""

    routes: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    layouts: dict[str | None, None] = field(default_factory=dict)
    open: bool = False  # one of its routes asks nothing


def conventions(project: Project) -> Iterator[Convention]:
    """The views of every server."""
    if any(True for kind in (Served, Shows, ViewSetting) for _ in project.facts(kind)) and (
        project.uses(*SERVERS)
    ):
        yield from _Servers(project).conventions()


class _Servers:
    """All servers of a repository, by package."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.views = Views(project)
        self.pages: dict[str, _Page] = {}
        self.packages: dict[str, None] = {}
        self.by_path: set[str] = set()  # packages that show the view at an address's own path

    def conventions(self) -> Iterator[Convention]:
        """The pages and parts of every package that shows views."""
        self._read_routes()
        for each in self.project.facts(ViewSetting):
            self.packages[self.views.package(each.place.path)] = None
        for package in self.packages:
            yield from self._package(package)

    def _read_routes(self) -> None:
        for script, view, address, needs in Routes(self.project).shown():
            package = self.views.package(script)
            if view.name == "*":
                self.by_path.add(package)
                self.packages[package] = None
                continue
            path = self.views.find(package, view.name)
            if not path:
                continue
            self.packages[package] = None
            page = self.pages.setdefault(path, _Page())
            page.routes.extend([address] if address else [])
            page.layouts[view.layout] = None
            page.needs.extend(needs or ())
            page.open |= needs == ()

    def _package(self, package: str) -> Iterator[Convention]:
        default = self.views.default_layout(package)
        named = {
            self.views.layout(package, layout)
            for page in self.pages.values()
            for layout in page.layouts
            if layout
        }
        layouts = {each for each in (default, *named) if each}
        templates = self.views.templates(package)
        templates.update((path, path) for path in self.pages if self.views.package(path) == package)
        for path, name in sorted(templates.items()):
            if path in self.project.spoken:
                continue
            page = self.pages.get(path)
            if page is None and (path in layouts or PARTS.search(name)):
                yield Part(path)
                continue
            yield self._page(path, name, package, page)
            yield from self._wraps(path, package, page, default)

    def _page(self, path: str, name: str, package: str, page: _Page | None) -> PageAt:
        if page is None:
            routes = (_address(name),) if package in self.by_path else ()
            return PageAt(path, routes, certain=False)
        # Who reaches the view without a login by one route sees it without a login.
        needs = () if page.open else tuple(dict.fromkeys(page.needs))
        return PageAt(path, tuple(dict.fromkeys(page.routes)), True, needs)

    def _wraps(
        self, path: str, package: str, page: _Page | None, default: str
    ) -> Iterator[Convention]:
        """The layouts of a view: the default one, and those that its renders name."""
        said = page.layouts if page is not None else {None: None}
        written = any(layout is not None for layout in said)
        for layout in said:
            if layout is None and default and _same_kind(path, default):
                if path != default:
                    yield Wrap(path, default, default=not written)
            elif layout:
                found = self.views.layout(package, layout)
                if found and found != path:
                    yield Wrap(path, found, default=False)
        if "" in said and len(said) == 1:
            yield Wrap(path, "", default=False)


def _same_kind(path: str, layout: str) -> bool:
    """Are both of one engine, by their suffix?"""
    return path.rpartition(".")[2] == layout.rpartition(".")[2]


def _address(name: str) -> str:
    """The address of a view that is found by its path."""
    bare = name.rpartition(".")[0]
    return "/" + (bare.removesuffix("index") if f"/{bare}".endswith("/index") else bare).rstrip("/")


FRAMEWORK = Framework(
    name="express",
    conventions=conventions,
    reads=r"\.(?:js|mjs|cjs|ts|mts|cts)$",
    read=read,
    order=1,
    about=r"\.(?:js|mjs|cjs|ts|mts|cts)$",
)
