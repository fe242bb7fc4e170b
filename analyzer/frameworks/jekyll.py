"""Jekyll: texts with front matter become pages in the layouts that they or the settings name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from analyzer.frameworks import Convention, Framework, Project, folder_of
from analyzer.frameworks._generators import page_values, settings_from, settings_of, site_values
from analyzer.frameworks._jekyll import Site
from analyzer.model import Fact, Skip, Source

CONFIG = re.compile(r"(?:^|/)_config\.(?:ya?ml|toml)$")
LAYOUTS = re.compile(r"^(?P<root>(?:.*/)?)_layouts/[^/]+$")
OTHERS = (  # generators that know the same folders
    ".eleventy.js",
    "eleventy.config.js",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
    "eleventy.config.ts",
    "hugo.toml",
    "gulpfile.ts",
)


def read(source: Source) -> Iterator[Fact | Skip]:
    """The settings of a site, and which of them a template prints."""
    if CONFIG.search(source.path):
        yield from settings_of(source, "jekyll")
    else:
        yield from site_values(source)
        yield from page_values(source)


def conventions(project: Project) -> Iterator[Convention]:
    """Every site, the innermost folders first."""
    for site in sorted(_sites(project), key=lambda each: -each.root.count("/")):
        for convention in site.conventions():
            path = getattr(convention, "path", "")
            if path not in project.spoken:
                yield convention


def _sites(project: Project) -> Iterator[Site]:
    found: set[str] = set()
    for fact in settings_from(project, "jekyll"):
        root = folder_of(fact.place.path)
        if _is_jekyll(project, root, fact.values.keys()) and root not in found:
            site = Site(project, root, fact.place.path, fact.values)
            found |= {root, site.source}
            yield site
    for path in sorted(project.all_templates):
        layout = LAYOUTS.match(path)
        root = layout["root"] if layout else ""
        if layout and root not in found and _is_jekyll(project, root, ()):
            found.add(root)
            yield Site(project, root, root + "_config.yml", {})


def _is_jekyll(project: Project, root: str, keys: Iterable[str]) -> bool:
    """Is it no other generator that has the same folders or the same settings file?"""
    if {"source_dir", "public_dir"} & {*keys} or project.uses("npm:hexo"):
        return False
    above = root
    while True:
        if any(above + name in project.paths for name in OTHERS):
            return False
        if not above or root + "_config.yml" in project.paths:
            return True
        above = folder_of(above.rstrip("/"))


FRAMEWORK = Framework(
    name="jekyll",
    conventions=conventions,
    reads=r"(?:^|/)_config\.(?:ya?ml|toml)$|\.(?:html?|liquid|md|markdown)$",
    read=read,
    about=CONFIG.pattern + r"|(?:^|/)_layouts/",
)
