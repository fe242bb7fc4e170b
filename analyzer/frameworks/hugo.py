"""Hugo: texts below content/ are pages, shown by a template that a base stands around."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from analyzer.frameworks import Convention, Framework, Part, Project, folder_of, start_of
from analyzer.frameworks._generators import (
    Settings,
    settings_from,
    settings_of,
    site_values,
    table_of,
    text_of,
    texts_of,
)
from analyzer.frameworks._hugo import Shortcode, Site
from analyzer.model import Fact, Place, Skip, Source
from analyzer.parse.front_matter import Plain

CONFIG = re.compile(
    r"(?:^|/)(?:hugo|config/_default/(?:hugo|config|params|languages(?:\.[\w-]+)?|module|permalinks|services)"
    r"|config)\.(?:toml|ya?ml|json)$"
)
IN_FOLDER = re.compile(r"^(?P<root>(?:.*/)?)config/_default/(?P<name>[\w.-]+)\.\w+$")
GO_MODULE = re.compile(r"(?:^|/)go\.mod$")
MODULE = re.compile(rb"^module\s+(\S+)", re.M)
SHORTCODE = re.compile(rb"\{\{[<%]\s*([A-Za-z][\w./-]*)")
FOLDERS = ("content/", "layouts/", "themes/")
WORDS = frozenset(  # settings by which a file named config.toml shows that it is Hugo's
    (
        "baseurl",
        "theme",
        "languagecode",
        "contentdir",
        "permalinks",
        "taxonomies",
        "markup",
        "params",
        "menu",
        "module",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoModule(Fact):
    """A folder is a Go module of this name, as themes are."""

    name: str


def read(source: Source) -> Iterator[Fact | Skip]:
    """Settings, the short codes of a text, the values that a template prints, a module's name."""
    path = source.path.lower()
    if CONFIG.search(source.path):
        certain = posixpath.basename(path).startswith("hugo.") or "config/_default/" in path
        yield from (
            each
            for each in settings_of(source, "hugo")
            if certain or not isinstance(each, Skip)  # many a program has a config.json
        )
    elif GO_MODULE.search(path):
        found = MODULE.search(source.data)
        if found:
            name = found[1].decode("utf-8", "replace")
            yield GoModule(place=source.place(found.start(), found.end()), name=name)
    elif path.endswith(".html"):
        yield from site_values(source)
    else:
        names = dict.fromkeys(each[1].decode() for each in SHORTCODE.finditer(source.data))
        if names:
            first = SHORTCODE.search(source.data)
            start, end = first.span() if first else (0, 0)
            yield Shortcode(place=source.place(start, end), names=tuple(names))


def conventions(project: Project) -> Iterator[Convention]:
    """Every site, then the themes that no site here uses."""
    used: set[str] = set()
    sites = list(_sites(project))
    for site in sites:
        used |= {site.root, *site.themes}
        yield from _unspoken(project, site)
    for site in sites:
        for theme in _left_aside(project, site):
            if theme not in used:
                used.add(theme)
                yield from (Part(path, unused=True) for path in _layouts(project, theme))
    for path in project.named("theme.toml"):
        root = folder_of(path)
        if root not in used and f"{root}layouts/" in _folders(project):
            used.add(root)
            yield from _unspoken(project, Site(project, root, start_of(path), {}))


def _unspoken(project: Project, site: Site) -> Iterator[Convention]:
    for convention in site.conventions():
        if getattr(convention, "path", "") not in project.spoken:
            yield convention


def _sites(project: Project) -> Iterator[Site]:
    """A site has settings, and layouts, content or a theme."""
    found: dict[str, tuple[Place, dict[str, Plain]]] = {}
    for fact in settings_from(project, "hugo"):
        inside = IN_FOLDER.match(fact.place.path)
        root = inside["root"] if inside else folder_of(fact.place.path)
        values = _read(fact, inside["name"] if inside else "")
        if not inside and not _is_hugo(project, root, fact.place.path, values):
            continue
        place, known = found.get(root, (fact.place, {}))
        known.update(_joined(known, values))
        main = posixpath.basename(fact.place.path).split(".")[0] in ("hugo", "config")
        found[root] = (fact.place if main else place, known)
    modules = {each.name: folder_of(each.place.path) for each in project.facts(GoModule)}
    for root, (place, values) in sorted(found.items()):
        folders = ("content/",) if root + "theme.toml" in project.paths else FOLDERS
        lies_here = any(root + each in _folders(project) for each in folders)
        if not lies_here and not text_of(values.get("contentdir")):
            continue
        here, missing = _themes(project, root, values, modules)
        yield Site(project, root, place, values, here, missing)


def _left_aside(project: Project, site: Site) -> Iterator[str]:
    """The themes that lie beside the one that a site names, for example last year's."""
    if site.themes:
        above = text_of(site.settings.get("themesdir")) or "themes"
        yield from _themes_in(project, posixpath.normpath(f"{site.root}{above}") + "/")


def _layouts(project: Project, theme: str) -> Iterator[str]:
    yield from (path for path in project.inside(f"{theme}layouts/") if project.is_template(path))


def _read(fact: Settings, name: str) -> dict[str, Plain]:
    """The settings with their first level in lower case; a file of config/_default is one of
    them.
    """
    values: dict[str, Plain] = {key.lower(): value for key, value in fact.values.items()}
    if name in ("", "hugo", "config"):
        return values
    for part in reversed(name.split(".")):  # languages.es holds what stands below both words
        values = {part: values}
    return values


def _joined(known: Mapping[str, Plain], values: Mapping[str, Plain]) -> dict[str, Plain]:
    """Settings of two files as one; tables of one name are put together."""
    told: dict[str, Plain] = {}
    for key, value in values.items():
        before = known.get(key)
        both = isinstance(before, dict) and isinstance(value, dict)
        told[key] = {**table_of(before), **table_of(value)} if both else value
    return told


def _is_hugo(project: Project, root: str, path: str, values: Mapping[str, Plain]) -> bool:
    if posixpath.basename(path).startswith("hugo."):
        return True
    folders = _folders(project)
    has_site = any(root + each in folders for each in ("content/", "archetypes/", "themes/"))
    return has_site and bool(WORDS & values.keys())


def _themes(
    project: Project, root: str, values: Mapping[str, Plain], modules: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The folders of the themes that a site names, and the names of those that are not here."""
    named = texts_of(values.get("theme"))
    module = table_of(values.get("module"))
    imports = module.get("imports")
    for each in imports if isinstance(imports, list) else []:
        named += texts_of(table_of(each).get("path"))
    above = text_of(values.get("themesdir")) or "themes"
    here: list[str] = []
    missing: list[str] = []
    for name in named:
        base = name.strip("/")
        last = re.sub(r"/v\d+$", "", base).rpartition("/")[2]
        folders = [
            posixpath.normpath(f"{root}{above}/{base}") + "/",
            posixpath.normpath(f"{root}{above}/{last}") + "/",
            modules.get(base, ""),
            *_named(project, last),
        ]
        known = next(
            (each for each in folders if each and f"{each}layouts/" in _folders(project)), ""
        )
        (here if known else missing).append(known or name)
    if not named:
        here = _themes_in(project, f"{root}{above.strip('/')}/")
    return tuple(dict.fromkeys(here)), tuple(dict.fromkeys(missing))


def _themes_in(project: Project, prefix: str) -> list[str]:
    """The folders with layouts in a folder of themes."""
    return sorted(
        {
            prefix + each.removeprefix(prefix).split("/")[0] + "/"
            for each in _folders(project)
            if each.startswith(prefix) and each.endswith("/layouts/")
        }
    )


def _named(project: Project, name: str) -> list[str]:
    """The one folder of this name that looks like a theme, wherever it lies."""
    found = [
        folder_of(path)
        for path in project.named("theme.toml")
        if posixpath.basename(posixpath.dirname(path)) == name
    ]
    return found if len(found) == 1 else []


def _folders(project: Project) -> frozenset[str]:
    """Every folder, with a slash behind it."""
    return _above(project.paths)


@lru_cache(maxsize=2)
def _above(paths: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for path in paths:
        folder = folder_of(path)
        while folder and folder not in found:
            found.add(folder)
            folder = folder_of(folder.rstrip("/"))
    return frozenset(found)


FRAMEWORK = Framework(
    name="hugo",
    conventions=conventions,
    reads=CONFIG.pattern + r"|(?:^|/)go\.mod$|(?:^|/)layouts/.+\.html$|\.(?:md|markdown)$",
    read=read,
    about=CONFIG.pattern + r"|(?:^|/)theme\.toml$",
)
