"""MkDocs: the Markdown below docs/ is pages, and its settings put a tracker on all of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

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
from analyzer.frameworks._generators import (
    Settings,
    built_copies,
    folder_in,
    matter_of,
    place_of,
    settings_from,
    settings_of,
    table_of,
    text_of,
    texts_of,
    tidy,
)
from analyzer.frameworks._told import tracker_of
from analyzer.model import Fact, ScriptLoad, Skip, Source
from analyzer.parse.front_matter import Plain

CONFIG = re.compile(r"(?:^|/)(?:mkdocs|zensical)\.(?:ya?ml)$")
OVERRIDES = 0.7  # how sure it is that the theme shows an overridden part on every page


def read(source: Source) -> Iterator[Fact | Skip]:
    """The settings, the id in them, and the scripts that every page loads."""
    settings: Settings | None = None
    for each in settings_of(source, "mkdocs"):
        yield each
        settings = each if isinstance(each, Settings) else None
    values = settings.values if settings is not None else {}
    account = text_of(_analytics(values).get("property"))
    fact = tracker_of(account, place_of(source, account)) if account else None
    if fact is not None:
        yield fact
    listed = values.get("extra_javascript")
    for item in listed if isinstance(listed, list) else []:
        url = text_of(item) or text_of(table_of(item).get("path"))
        if url.startswith(("http:", "https:", "//")):
            yield ScriptLoad(place=place_of(source, url), url=url)


def _analytics(values: dict[str, Plain]) -> dict[str, Plain]:
    return table_of(table_of(values.get("extra")).get("analytics"))


@dataclass
class Site:
    """A folder with its settings."""

    project: Project
    config: str
    values: dict[str, Plain]

    @property
    def root(self) -> str:
        return folder_of(self.config)

    @property
    def docs(self) -> str:
        return folder_in(self.root, text_of(self.values.get("docs_dir")) or "docs")

    @property
    def overrides(self) -> str:
        theme = table_of(self.values.get("theme"))
        named = text_of(theme.get("custom_dir")) or text_of(self.values.get("theme_dir"))
        return folder_in(self.root, named) if named else ""

    def conventions(self) -> Iterator[Convention]:
        """The pages, and what the theme and the settings put on them."""
        pages = list(self._pages())
        for path, address in pages:
            yield PageAt(path, (address,))
            yield Join("injects", path, self.config)
            for script in self._scripts():
                yield Join("loads", path, script)
        if self.overrides:
            yield from self._overridden([path for path, _ in pages])
        theme = self.values.get("theme")
        name = text_of(theme) or text_of(table_of(theme).get("name"))
        if name and pages:
            fact = next(self.project.facts_in(self.config, Settings))
            yield Missing(fact.place, "package", f"theme {name}")
        yield from built_copies(
            self.project, folder_in(self.root, text_of(self.values.get("site_dir")) or "site")
        )

    def _pages(self) -> Iterator[tuple[str, str]]:
        base = re.sub(r"^https?://[^/]+", "", text_of(self.values.get("site_url")))
        pretty = self.values.get("use_directory_urls") is not False
        left_out = text_of(self.values.get("exclude_docs")).split()
        for path in sorted(each for each in self.project.paths if each.startswith(self.docs)):
            name = path.removeprefix(self.docs)
            if not path.lower().endswith((".md", ".markdown")) or path in self.project.spoken:
                continue
            if any(fnmatchcase(name, each.strip("/")) for each in left_out):
                continue
            bare = posixpath.splitext(name)[0]
            folder, _, file = bare.rpartition("/")
            if file.lower() in ("index", "readme"):
                address = f"{folder}/"
            else:
                address = f"{bare}/" if pretty else f"{bare}.html"
            yield path, tidy(f"{base}/{address}")

    def _scripts(self) -> list[str]:
        listed = self.values.get("extra_javascript")
        urls = [
            text_of(each) or text_of(table_of(each).get("path"))
            for each in (listed if isinstance(listed, list) else [])
        ]
        return [path for url in urls if (path := self.project.first(self.docs + url))]

    def _overridden(self, pages: list[str]) -> Iterator[Convention]:
        """Templates that take the place of the theme's: main.html is around every page."""
        main = self.project.first(f"{self.overrides}main.html")
        provider = text_of(_analytics(self.values).get("provider"))
        wanted = f"{self.overrides}partials/integrations/analytics/{provider}.html"
        parts = []
        for path in sorted(self.project.all_templates):
            if path.startswith(self.overrides) and not path.startswith(self.docs):
                yield Part(path)
                if "/partials/integrations/analytics/" in path and path != wanted:
                    continue
                if path.startswith(f"{self.overrides}partials/"):
                    parts.append(path)
        for page in pages:
            said = matter_of(self.project, page)
            named = text_of(said[0].get("template")) if said else ""
            layout = self.project.first(f"{self.overrides}{named}") if named else main
            if layout:
                yield Wrap(
                    page, layout, default=not named, place=said[1] if said and named else None
                )
            for part in parts:
                sure = 0.95 if part == wanted else OVERRIDES
                yield Join("includes", page, part, confidence=sure)


def conventions(project: Project) -> Iterator[Convention]:
    """Every folder with settings, the innermost first."""
    facts = settings_from(project, "mkdocs")
    for fact in sorted(facts, key=lambda each: -each.place.path.count("/")):
        values = fact.values
        if "site_name" in values or "docs_dir" in values or texts_of(values.get("nav")):
            yield from Site(project, fact.place.path, values).conventions()


FRAMEWORK = Framework(
    name="mkdocs",
    conventions=conventions,
    reads=CONFIG.pattern,
    read=read,
    order=-1,
    about=CONFIG.pattern,
)
