"""Nuxt: files below pages are pages, in a layout, with what configuration and plugins add."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from analyzer.frameworks import Convention, Framework, Join, PageAt, Part, Project, Wrap, folder_of
from analyzer.frameworks._addresses import asks_for_login, file_routes
from analyzer.frameworks._auto_imports import components_shown
from analyzer.frameworks._objects import Script, script_of
from analyzer.frameworks._services import facts_of as service_facts
from analyzer.model import Fact, Moment, Place, Skip, Source, Use

CONFIG = re.compile(r"(?:^|/)nuxt\.config\.[cm]?[jt]s$")
READS = r"(?:^|/)nuxt\.config\.[cm]?[jt]s$|\.vue$"
SCRIPT = re.compile(rb"<script\b(?P<head>[^>]*)>(?P<text>.*?)</script", re.S | re.I)
META = re.compile(rb"\b(?:definePageMeta\s*\(|layout\b|middleware\b|auth\s*:)")
SHOWS_LAYOUT = re.compile(rb"<(?:NuxtLayout|nuxt-layout)\b(?P<head>[^>]*)>?")
LAYOUT_NAME = re.compile(rb"""(?<![:\w-])name=["']([\w/-]+)["']""")
OLD_ROUTE = re.compile(r"^_(?P<name>.*)$")
PLUGIN = re.compile(r"^plugins/(?:[^/]+|[^/]+/index)\.(?:[cm]?[jt]s|vue)$")
LAYOUT_USES = ("NuxtLayout", "nuxt-layout")
REGISTRIES = (("scripts", "registry"), ("runtimeConfig", "public", "scripts"), ())
NO_MODULES = frozenset({"scripts", "runtimeConfig", "head", "app", "build", "vite", "nitro", "pwa"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(Fact):
    """What the configuration says of the project: where its source lies, plugins, middleware."""

    source: str = ""
    plugins: tuple[tuple[str, bool], ...] = ()  # and whether each runs on the server only
    middleware: tuple[str, ...] = ()
    new: bool = False  # Nuxt 3 or later


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMeta(Fact):
    """What a page, a layout or the app says of itself: `layout` is empty where it says nothing.

    `off` tells that the layout is switched off, `asks` are its middleware, `opens` that it is
    exempt from signing in, `shows` the layout that its markup shows by name.
    """

    layout: str = ""
    off: bool = False
    asks: tuple[str, ...] = ()
    opens: bool = False
    shows: str = ""


# ---------------------------------------------------------------- one file


def read(source: Source) -> Iterator[Fact | Skip]:
    """The configuration, or what a component says of itself as a page."""
    if CONFIG.search(source.path):
        yield from _config(source)
    elif META.search(source.data) or SHOWS_LAYOUT.search(source.data):
        yield from _page_meta(source)


def _config(source: Source) -> Iterator[Fact]:
    script = script_of(source)
    top = script.exported() if script is not None else None
    if script is None or top is None:
        return
    plugins = []
    for item in script.items(script.get(top, "plugins")):
        told = script.get(item, "src") or item
        mode = script.string(script.get(item, "mode")) or ""
        if name := script.string(told):
            plugins.append((name, mode == "server" or ".server." in name))
    router = script.get(top, "router", "middleware")
    named = [script.string(router), *(script.string(each) for each in script.items(router))]
    yield Config(
        place=source.place(0, 0),
        source=script.string(script.get(top, "srcDir")) or "",
        plugins=tuple(plugins),
        middleware=tuple(filter(None, named)),
        new=b"defineNuxtConfig" in source.data or b"compatibilityDate" in source.data,
    )
    yield from _modules(script)


def _modules(script: Script) -> Iterator[Fact]:
    """The trackers that modules bring: options stand beside them or under a key of their own."""
    top = script.exported()
    told: set[Place] = set()

    def once(facts: Iterator[Fact]) -> Iterator[Fact]:
        for fact in facts:
            if fact.place not in told:
                told.add(fact.place)
                yield fact

    for name in ("modules", "buildModules"):
        for item in script.items(script.get(top, name)):
            pair = script.items(item)
            if len(pair) > 1 and (module := script.string(pair[0])):
                yield from once(service_facts(script, module, pair[1]))
    for keys in REGISTRIES:
        for key, value, _ in script.pairs(script.get(top, *keys) if keys else top):
            meant = script.meant(value)
            if meant is not None and (keys or (meant.type == "object" and key not in NO_MODULES)):
                yield from once(service_facts(script, key, value))


def _page_meta(source: Source) -> Iterator[Fact]:
    layout, off, opens = "", False, False
    asks: list[str] = []
    for found in SCRIPT.finditer(source.data):
        if not META.search(found["text"]):
            continue
        dialect = "typescript" if b"ts" in found["head"] else "javascript"
        script = script_of(source, found["text"], dialect)
        said = _meta_object(script) if script is not None else None
        if script is None or said is None:
            continue
        for key, value, _ in script.pairs(said):
            meant = script.meant(value)
            if key == "layout" and meant is not None:
                off = off or meant.type == "false"
                layout = (
                    layout or script.string(meant) or script.string(script.get(meant, "name")) or ""
                )
            elif key == "middleware":
                words = [
                    script.string(meant),
                    *(script.string(each) for each in script.items(meant)),
                ]
                asks.extend(filter(None, words))
            elif key == "auth" and meant is not None:
                opens = opens or meant.type == "false" or script.string(meant) == "guest"
    shown = SHOWS_LAYOUT.search(source.data)
    name = LAYOUT_NAME.search(shown["head"]) if shown else None
    yield PageMeta(
        place=source.place(0, 0),
        layout=layout,
        off=off,
        asks=tuple(dict.fromkeys(asks)),
        opens=opens,
        shows=name[1].decode() if name else "",
    )


def _meta_object(script: Script) -> Node | None:
    """What is handed to `definePageMeta`, else the options of the component."""
    for node in script.nodes("call_expression"):
        function, arguments = (node.child_by_field_name(name) for name in ("function", "arguments"))
        if function is not None and script.text(function) == "definePageMeta" and arguments:
            return script.object_in(next(iter(arguments.named_children), None))
    return script.exported()


# ---------------------------------------------------------------- the project


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of every Nuxt project of the repository."""
    for path in sorted(project.paths):
        if CONFIG.search(path):
            yield from Site(project, path).conventions()


class Site:
    """One Nuxt project."""

    def __init__(self, project: Project, config: str) -> None:
        self.project = project
        self.config = config
        self.said = next(project.facts_in(config, Config), None)
        root = folder_of(config)
        told = (
            posixpath.normpath(root + self.said.source) + "/"
            if self.said and self.said.source
            else ""
        )
        places = (told.removeprefix("./"), root + "app/", root)
        self.base = next((each for each in places if each and self._is_source(each)), root)
        self.files = sorted(path for path in project.paths if path.startswith(self.base))
        self.app = project.first(self.base + "app.vue")
        self.document = self.project.first(self.base + "app.html", root + "app.html")
        self.layouts = {
            _name(path.removeprefix(self.base + "layouts/")): path
            for path in self.files
            if path.startswith(self.base + "layouts/") and path.endswith(".vue")
        }
        self.pages = [
            path
            for path in self.files
            if path.startswith(self.base + "pages/") and path.endswith((".vue", ".tsx", ".jsx"))
        ]

    def _is_source(self, folder: str) -> bool:
        return any(
            path.startswith((folder + "pages/", folder + "app.vue", folder + "layouts/"))
            for path in self.project.paths
        )

    def conventions(self) -> Iterator[Convention]:
        """What the project's files are, and what stands around them."""
        yield from self._pages()
        if self.document:
            yield Part(self.document)
        for path in self.layouts.values():
            if not self._is_error(path):
                yield Part(path)
                yield from self._in_app(path)
        shown = [*self.pages, *self._shells()]
        for page in shown:
            yield from self._everywhere(page)
        for path in self.files:
            if path.endswith(".vue") and path not in shown and path not in self.layouts.values():
                yield Part(path)
        yield from components_shown(self.project, self.files, self.base)

    def _shells(self) -> list[str]:
        """The app where it has no pages, and what is shown for errors."""
        found = [] if self.pages else [self.app]
        errors = [self.base + "error.vue", self.base + "layouts/error.vue"]
        return [path for path in (*found, *errors) if path and path in self.project.paths]

    def _pages(self) -> Iterator[Convention]:
        for path in self._shells():
            yield PageAt(path, ("/",) if path == self.app else ())
            if self._is_error(path):
                yield from self._in_layout(path)
        named = {_name(path): path for path in self.pages}
        for path in self.pages:
            name = _name(path)
            if name + "/index" in named:
                yield Part(path)  # it stands around the pages in the folder of its name
            else:
                yield self._page(path)
            outer = self._around(name, named)
            if outer:
                yield Wrap(path, outer)
            else:
                yield from self._in_layout(path)

    def _page(self, path: str) -> PageAt:
        pieces = _name(path.removeprefix(self.base + "pages/")).split("/")
        routes = file_routes(_new_style(piece) for piece in pieces)
        needs = [word for word in self._asked(path) if asks_for_login(word)]
        meta = self._meta(path)
        opens = ("auth: false",) if meta is not None and meta.opens else ()
        return PageAt(
            path,
            routes,
            needs=() if opens else tuple(f"middleware {word}" for word in needs),
            public=opens,
        )

    def _asked(self, path: str) -> Iterator[str]:
        """The middleware before a page: the project's, its layout's, its parents', its own."""
        yield from self.said.middleware if self.said else ()
        for each in self.files:
            if re.search(r"/middleware/[^/]*\.global\.[jt]s$", each):
                yield posixpath.basename(each).partition(".")[0]
        named = {_name(page): page for page in self.pages}
        around: str | None = path
        layout = ""
        while around:
            meta = self._meta(around)
            if meta is not None:
                yield from meta.asks
                layout = layout or meta.layout
            around = self._around(_name(around), named)
        outer = self.layouts.get(layout or "default")
        if outer is not None and (meta := self._meta(outer)) is not None:
            yield from meta.asks

    def _around(self, name: str, named: dict[str, str]) -> str:
        """The page in whose folder another one lies."""
        folder = posixpath.dirname(name)
        while folder and len(folder) >= len(self.base + "pages"):
            if folder in named:
                return named[folder]
            folder = posixpath.dirname(folder)
        return ""

    def _in_layout(self, page: str) -> Iterator[Convention]:
        meta = self._meta(page)
        if meta is not None and meta.shows and meta.shows in self.layouts:
            yield Wrap(page, self.layouts[meta.shows], default=False)
        elif meta is not None and meta.off:
            yield Wrap(page, "", default=False)
            yield from self._in_app(page)
        elif meta is not None and meta.layout and meta.layout in self.layouts:
            yield Wrap(page, self.layouts[meta.layout], default=False)
        elif "default" in self.layouts and self._has_layouts(page):
            yield Wrap(page, self.layouts["default"])
        else:
            yield from self._in_app(page)

    def _has_layouts(self, page: str) -> bool:
        """Are layouts shown at all? An app of its own must show them."""
        if not self.app or page == self.base + "error.vue":
            return not self.app
        return any(use.name in LAYOUT_USES for use in self.project.facts_in(self.app, Use))

    def _in_app(self, path: str) -> Iterator[Convention]:
        shell = self.app or self.document
        if shell and path != shell and path != self.base + "error.vue":
            yield Wrap(path, shell, default=False)

    def _everywhere(self, page: str) -> Iterator[Convention]:
        """What the configuration and the plugins bring to a page."""
        yield Join("injects", page, self.config)
        for name, on_server in self.said.plugins if self.said else ():
            for path in self.project.scripts(name, self.config)[:1]:
                moment = Moment.SERVER if on_server else Moment.LOAD
                yield Join("loads", page, path, moment=moment)
        if self.app or (self.said is not None and self.said.new):
            for path in self.files:
                if PLUGIN.match(path.removeprefix(self.base)):
                    moment = Moment.SERVER if ".server." in path else Moment.LOAD
                    yield Join("loads", page, path, moment=moment)

    def _meta(self, path: str) -> PageMeta | None:
        return next(self.project.facts_in(path, PageMeta), None)

    def _is_error(self, path: str) -> bool:
        return path in (self.base + "error.vue", self.base + "layouts/error.vue")


def _name(path: str) -> str:
    """A path without its suffix."""
    return re.sub(r"\.(?:vue|tsx|jsx)$", "", path)


def _new_style(piece: str) -> str:
    """A folder or file of Nuxt 2 as Nuxt 3 writes it: `_id` is `[id]`, `_` is all that follows."""
    old = OLD_ROUTE.match(piece)
    if old is None:
        return piece
    return f"[{old['name']}]" if old["name"] else "[...rest]"


FRAMEWORK = Framework(
    name="nuxt",
    conventions=conventions,
    reads=READS,
    read=read,
    order=-2,
    about=CONFIG.pattern,
)
