"""Docusaurus: docs, blog and src/pages are pages, and its settings put trackers on all of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from analyzer.conditions import read_condition
from analyzer.frameworks import Convention, Framework, Join, PageAt, Part, Project, folder_of
from analyzer.frameworks._generators import DATED, built_copies, matter_of, text_of, tidy
from analyzer.frameworks._objects import Script, script_of
from analyzer.frameworks._told import tracker_of
from analyzer.model import Fact, Guard, ScriptLoad, Skip, Source

CONFIG = re.compile(r"(?:^|/)docusaurus\.config\.(?:[cm]?js|ts)$")
OPTIONS = {"gtag": "trackingID", "googleTagManager": "containerId", "googleAnalytics": "trackingID"}
PLUGINS = re.compile(r"plugin-(?:google-gtag|google-tag-manager|google-analytics)$")
LIVE = Guard(
    read_condition('process.env.NODE_ENV === "production"'), "if it is built for a live site"
)
TEXTS = (".md", ".mdx")
PAGES = (".md", ".mdx", ".js", ".jsx", ".ts", ".tsx")
WRITTEN = re.compile(r"""["'`]([^"'`\n]+)["'`]""")
NO_ROUTE = re.compile(r"(?:^|/)_|\.(?:test|spec)\.|\.d\.ts$|/__tests__/|\.module\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup(Fact):
    """The folders of a site, each with where its addresses begin; `scripts` run on every page."""

    base: str
    folders: tuple[tuple[str, str, str], ...]  # docs, blog or pages; the folder; the address
    scripts: tuple[str, ...] = ()


def read(source: Source) -> Iterator[Fact | Skip]:
    """The folders of texts, and the trackers that the settings name."""
    script = script_of(source)
    settings = script.exported() if script is not None else None
    if script is None or settings is None:
        yield Skip(source.path, "its settings cannot be read", kind="partly")
        yield Setup(place=source.place(0, 0), base="/", folders=DEFAULTS)
        return
    folders = tuple(_folders(script, settings))
    modules = (script.text(each) for each in script.items(script.get(settings, "clientModules")))
    targets = (found[1] for each in modules if (found := WRITTEN.search(each)))
    yield Setup(
        place=source.place(0, 0),
        base=script.string(script.get(settings, "baseUrl")) or "/",
        folders=folders or DEFAULTS,
        scripts=tuple(targets),
    )
    yield from _trackers(script, settings)


DEFAULTS = (("docs", "docs", "docs"), ("blog", "blog", "blog"), ("pages", "src/pages", ""))


def _options(script: Script, settings: Node) -> Iterator[tuple[str, Node | None]]:
    """The presets and plugins, each with its options."""
    for key in ("presets", "plugins"):
        for each in script.items(script.get(settings, key)):
            parts = script.items(each)
            name = script.string(parts[0] if parts else each)
            if name is None:
                name = script.target(parts[0] if parts else each)
            yield name or "", (parts[1] if len(parts) > 1 else None)


def _folders(script: Script, settings: Node) -> Iterator[tuple[str, str, str]]:
    for name, options in _options(script, settings):
        classic = name in ("classic", "@docusaurus/preset-classic")
        for kind, folder, address in DEFAULTS:
            alone = name.endswith(f"plugin-content-{kind}")
            if not classic and not alone:
                continue
            own = script.get(options, kind) if classic else script.meant(options)
            if own is not None and own.type == "false":
                continue
            base = script.string(script.get(own, "routeBasePath"))
            path = script.string(script.get(own, "path"))
            yield kind, path or folder, address if base is None else base


def _trackers(script: Script, settings: Node) -> Iterator[Fact]:
    for name, options in _options(script, settings):
        for kind, key in OPTIONS.items():
            own = script.get(options, kind)
            if own is None and PLUGINS.search(name):
                own = script.meant(options)
            yield from _ids(script, script.get(own, key)) if own is not None else ()
            if own is not None and PLUGINS.search(name):
                break
    theme = script.get(settings, "themeConfig")
    for kind, key in OPTIONS.items():  # where older versions had them
        yield from _ids(script, script.get(theme, kind, key))
    for each in script.items(script.get(settings, "scripts")):
        own = script.meant(each)
        named = script.get(own, "src") if own is not None and own.type == "object" else own
        url = script.string(named)
        if url and own is not None:
            yield ScriptLoad(place=script.place(own), url=url)


def _ids(script: Script, node: Node | None) -> Iterator[Fact]:
    for each in script.items(node) or ([node] if node is not None else []):
        own = script.meant(each)
        account = script.string(own)
        fact = tracker_of(account, script.place(own), (LIVE,)) if account and own else None
        if fact is not None:
            yield fact


def conventions(project: Project) -> Iterator[Convention]:
    """Every site: its pages, and what its settings put on them."""
    for fact in project.facts(Setup):
        if not CONFIG.search(fact.place.path):
            continue
        root = folder_of(fact.place.path)
        loaded = [path for each in fact.scripts for path in project.scripts(each, fact.place.path)]
        for kind, folder, address in fact.folders:
            base = posixpath.normpath(root + folder) + "/"
            for path in sorted(each for each in project.paths if each.startswith(base)):
                if path in project.spoken or not path.endswith(PAGES if kind == "pages" else TEXTS):
                    continue
                name = path.removeprefix(base)
                said = matter_of(project, path)
                values = said[0] if said else {}
                if NO_ROUTE.search("/" + name) or values.get("draft") is True:
                    if project.is_template(path):
                        yield Part(path)
                    continue
                own = _address(kind, name, text_of(values.get("slug")), text_of(values.get("id")))
                yield PageAt(path, (tidy(f"{fact.base}/{address}/{own}"),))
                yield Join("injects", path, fact.place.path)
                for script in loaded:
                    yield Join("loads", path, script)
        yield from built_copies(project, root + "build/")


def _address(kind: str, name: str, slug: str, named: str) -> str:
    folder, _, file = posixpath.splitext(name)[0].rpartition("/")
    if kind == "docs":
        pieces = [re.sub(r"^\d+\s*[-_.]+\s*", "", each) for each in (*folder.split("/"), file)]
        folder, file = "/".join(filter(None, pieces[:-1])), pieces[-1]
    if slug:
        return slug.lstrip("/") if slug.startswith("/") else f"{folder}/{slug}"
    if kind == "blog":
        dated = DATED.match(file if file != "index" else folder)
        if dated:
            day = f"{dated['year']}/{dated['month'].zfill(2)}/{dated['day'].zfill(2)}"
            return f"{day}/{dated['title']}"
    if kind == "docs" and named and "/" not in named:
        file = named
    is_index = file.lower() in ("index", "readme") or file == posixpath.basename(folder)
    return f"{folder}/" if is_index else f"{folder}/{file}"


FRAMEWORK = Framework(
    name="docusaurus",
    conventions=conventions,
    reads=CONFIG.pattern,
    read=read,
    order=-1,
    about=CONFIG.pattern,
)
