"""Phoenix: routers lead to controllers and live views, whose templates stand in two layouts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

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
from analyzer.frameworks._phoenix_programs import PhoenixModule, Plug, Shown, facts_of
from analyzer.frameworks._phoenix_router import LayoutName, PhoenixRoute, asks_login
from analyzer.frameworks._rails_names import underscored
from analyzer.model import FRAGMENT, Block, Include, ScriptLoad, shown

ENGINES = frozenset({"heex", "eex"})
TEMPLATE = re.compile(r"\.html\.(?:heex|eex|leex)$")
ENDINGS = (".html.heex", ".html.eex", ".html.leex")
BUILT = re.compile(r"/(?:assets|js)/(?P<name>[\w.-]+)\.js\b")
MOST_ROUTES = 12


def conventions(project: Project) -> Iterator[Convention]:
    """The templates of every application, and what shows them."""
    templates = [path for path in project.all_templates if project.engine(path) in ENGINES]
    if templates:
        yield from Application(project, templates).conventions()


class Application:
    """All Phoenix applications of a repository."""

    def __init__(self, project: Project, templates: Iterable[str]) -> None:
        self.project = project
        self.templates = sorted(templates)
        self.modules = {fact.name: fact for fact in project.facts(PhoenixModule)}
        self.routes = list(project.facts(PhoenixRoute))
        self.tails: dict[str, list[str]] = {}
        for path in self.templates:
            bare = path
            for ending in ENDINGS:
                bare = bare.removesuffix(ending)
            self.tails.setdefault(posixpath.basename(bare), []).append(path)
        self.pages: dict[str, list[tuple[PhoenixRoute, LayoutName | None]]] = {}
        self.loose: dict[str, tuple[PhoenixModule, LayoutName | None]] = {}

    def conventions(self) -> Iterator[Convention]:
        """Pages and parts, layouts, embedded templates and built scripts."""
        for route in self.routes:
            yield from self._routed(route)
        layouts = {
            path
            for route in self.routes
            for name in (route.root, route.layout)
            if name and (path := self._layout_file(name, route.place.path))
        }
        self._loose_ones()
        for path in self.templates:
            if path in self.pages:
                yield from self._page(path)
            elif not TEMPLATE.search(path) or path in layouts or _is_part(path):
                yield Part(path)
            elif path in self.loose:
                yield PageAt(path, certain=False)
                yield from self._wraps(path, self.routes[:1], self.loose[path][1])
            elif "/templates/" in path:
                yield PageAt(path, certain=False)
                if layout := self._default_layout(path):
                    yield Wrap(path, layout, confidence=0.7 if self.routes else 0.95)
            else:
                yield Part(path)
        yield from self._embedded()
        yield from self._scripts()

    # ------------------------------------------------------------ what a route shows

    def _routed(self, route: PhoenixRoute) -> Iterator[Convention]:
        module = self.modules.get(route.module)
        if module is None:
            return
        if route.live:
            files = self._live(module)
            layout = route.layout or module.layout or self._live_layout()
            for path in files:
                self.pages.setdefault(path, []).append((route, layout))
            return
        said = [each for each in module.shows if each.action == route.action]
        found = False
        for each in said or [Shown(route.action, route.action)]:
            for path in self._templates(module.name, each):
                found = True
                self.pages.setdefault(path, []).append((route, each.layout or module.layout))
        if (
            route.root
            and said
            and not found
            and any(not self._own_function(module, each) for each in said)
        ):
            names = ", ".join(dict.fromkeys(each.template for each in said))
            yield Missing(route.place, "template", f"{route.module} {names}")

    def _own_function(self, module: PhoenixModule, said: Shown) -> bool:
        """Is the template a function of the module's view?"""
        base = module.name.removesuffix("Controller")
        views = (said.view, base + "HTML", base + "View")
        return any(
            said.template in self.modules[name].functions for name in views if name in self.modules
        ) or said.template.endswith((".json", ".xml", ".txt"))

    def _live(self, module: PhoenixModule) -> list[str]:
        """The markup of a live view: beside its module, or in it."""
        path = module.place.path
        beside = [path.removesuffix(".ex") + ending for ending in ENDINGS]
        if file := self.project.first(*beside):
            return [file]
        return [path] if self.project.is_template(path) else []

    def _templates(self, controller: str, said: Shown) -> list[str]:
        """The files of a template, in the folder of its view."""
        view = said.view or controller
        name = re.sub(r"(?:Controller|View|HTML)$", "", view)
        folder = underscored("::".join(name.split(".")[1:]))
        if "/" in said.template:
            folder, _, base = said.template.rpartition("/")
        else:
            base = said.template
        home = posixpath.dirname(self.modules[controller].place.path)
        tails = (f"templates/{folder}/{base}", f"{folder}_html/{base}", f"{folder}/{base}")
        found = [
            path
            for tail in tails
            for path in self.tails.get(base, ())
            if any(("/" + path).endswith(f"/{tail}{ending}") for ending in ENDINGS)
        ]
        near = [path for path in found if path.startswith(_web_root(home))]
        return list(dict.fromkeys(near or found))[:1]

    def _loose_ones(self) -> None:
        """Templates that helpers of a controller render, whichever action calls them."""
        for module in self.modules.values():
            for each in module.shows:
                if not module.name.endswith("Controller"):
                    continue
                for path in self._templates(module.name, each):
                    if path not in self.pages:
                        self.loose.setdefault(path, (module, each.layout or module.layout))

    # ------------------------------------------------------------ pages and layouts

    def _page(self, path: str) -> Iterator[Convention]:
        said = self.pages[path]
        needs: list[set[str]] = []
        for route, _ in said:
            module = self.modules.get(route.module)
            own = {
                f"plug :{plug.name}"
                for plug in (module.plugs if module else ())
                if asks_login(plug.name) and _holds(plug, route.action)
            }
            needs.append({*route.needs, *own})
        yield PageAt(
            path,
            tuple(dict.fromkeys(route.pattern for route, _ in said))[:MOST_ROUTES],
            needs=tuple(need for need in sorted(needs[0]) if all(need in one for one in needs)),
        )
        layouts = {layout for _, layout in said}
        yield from self._wraps(
            path, [route for route, _ in said], layouts.pop() if len(layouts) == 1 else None
        )

    def _wraps(
        self, path: str, routes: list[PhoenixRoute], own: LayoutName | None
    ) -> Iterator[Convention]:
        """The layout around a page, and the root layout around that."""
        names: dict[LayoutName, PhoenixRoute] = {}
        for route in routes[:3]:
            inner = own if own is not None else route.layout
            for name in (inner, route.root):
                if name is not None and name.name:
                    names.setdefault(name, route)
        if not names and own is None and (file := self._default_layout(path)):
            yield Wrap(path, file, confidence=0.9)
        for name, route in names.items():
            if file := self._layout_file(name, path):
                yield Wrap(path, file, False, route.place)
            elif program := self._layout_program(name):
                yield Join("includes", path, program, route.place, name.name)
            else:
                yield Missing(route.place, "layout", f"{name.module} {name.name}")

    def _layout_file(self, name: LayoutName, asked_by: str) -> str:
        files = [
            path
            for path in self.tails.get(name.name, ())
            if re.search(r"(?:^|/)(?:layouts?|[\w]*_?layouts?_html)/[^/]+$", path)
        ]
        near = [path for path in files if path.startswith(_web_root(posixpath.dirname(asked_by)))]
        return next(iter(near or files), "")

    def _layout_program(self, name: LayoutName) -> str:
        """The module that holds a layout as a function."""
        wanted = FRAGMENT + name.name
        for fact in self.project.facts(Block):
            path = fact.place.path
            if fact.name == wanted and re.search(r"layouts?(?:_view|_html)?\.ex$", path):
                return path
        return ""

    def _default_layout(self, path: str) -> str:
        """The layout that older versions wrap every page in."""
        return self._layout_file(LayoutName("", "app"), path) if "/templates/" in path else ""

    def _live_layout(self) -> LayoutName | None:
        """The layout that the application's own `live_view` asks for."""
        return next(
            (each.layout for each in self.modules.values() if each.live and each.layout), None
        )

    # ------------------------------------------------------------ what no file spells out

    def _embedded(self) -> Iterator[Convention]:
        """Templates that a module takes in, shown where a component of their name is called."""
        folders: Mapping[str, list[str]] = {
            module.place.path: [
                posixpath.join(posixpath.dirname(module.place.path), posixpath.dirname(pattern))
                for pattern in module.embeds
            ]
            for module in self.modules.values()
            if module.embeds
        }
        for fact in self.project.facts(Include):
            if fact.engine != "heex" or not fact.fragment:
                continue
            path = fact.place.path
            owners = (
                [owner for owner in folders if owner.endswith("/" + str(fact.target))]
                if fact.target
                else [
                    owner
                    for owner in folders
                    if path == owner or posixpath.dirname(path) in folders[owner]
                ]
            )
            for owner in owners[:2]:
                for folder in folders[owner]:
                    for ending in ENDINGS:
                        file = posixpath.join(folder, fact.fragment + ending)
                        if file in self.project.paths:
                            yield Join(
                                "includes",
                                path,
                                file,
                                fact.place,
                                guards=fact.guards,
                                blocks=fact.blocks,
                            )

    def _scripts(self) -> Iterator[Convention]:
        """A script that is built from a source of the same name."""
        for fact in self.project.facts(ScriptLoad):
            path = fact.place.path
            if not path.endswith((".heex", ".eex", ".leex", ".ex")):
                continue
            said = BUILT.search(shown(fact.url))
            if said is None:
                continue
            root = path[: path.index("lib/")] if "lib/" in path else ""
            source = self.project.first(
                *(
                    f"{root}assets/js/{said['name']}{ending}"
                    for ending in (".js", ".ts", ".jsx", ".tsx")
                )
            )
            if source:
                yield Join(
                    "loads", path, source, fact.place, "", fact.guards, fact.blocks, confidence=0.9
                )


def _is_part(path: str) -> bool:
    """Layouts, partials, mails and components are parts."""
    folder, _, name = path.rpartition("/")
    return (
        name.startswith("_")
        or bool(re.search(r"(?:^|/)(?:layouts?|emails?|components?|shared)(?:/|$)", folder))
        or bool(re.search(r"_?(?:email|mailer|notifier)", folder))
    )


def _holds(plug: Plug, action: str) -> bool:
    if plug.only:
        return action in plug.only
    return action not in plug.but


def _web_root(folder: str) -> str:
    """The folder of a web application: everything up to lib/x_web."""
    found = re.match(r"(?:.*?/)?lib/\w+", folder)
    return found[0] if found else folder


FRAMEWORK = Framework(
    name="phoenix",
    conventions=conventions,
    reads=r"(?:^|/)lib/(?!mix/).+\.ex$",
    read=facts_of,
    about=r"\.(?:heex|eex|leex|ex|exs)$",
)
