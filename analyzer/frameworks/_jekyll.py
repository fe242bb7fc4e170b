"""One Jekyll site: which of its files are pages, in which layouts, and at which addresses."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property

from analyzer.conditions import read_condition
from analyzer.frameworks import Convention, Missing, PageAt, Part, Project, Wrap, start_of
from analyzer.frameworks._generators import (
    DATED,
    PageValues,
    below,
    configured,
    filled,
    matter_of,
    slug,
    table_of,
    text_of,
    texts_of,
    tidy,
    tracker_keys,
)
from analyzer.model import Guard, Place
from analyzer.parse.front_matter import Plain

TEXTS = (".md", ".markdown", ".mkd", ".html", ".htm", ".xhtml")
MARKDOWN = (".md", ".markdown", ".mkd")
NOWHERE = ("", "none", "null", "nil", "false")  # ways to write that a file has no layout
ADDRESSES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/*/:title:output_ext",
    "weekdate": "/:categories/:year/*/*/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
LEFT_OUT = (".sass-cache", ".jekyll-cache", "gemfiles", "Gemfile", "node_modules", "vendor/")
GIVEN = frozenset(  # what a page has without saying it
    (
        "url",
        "date",
        "content",
        "title",
        "id",
        "path",
        "name",
        "collection",
        "excerpt",
        "categories",
        "tags",
        "dir",
        "next",
        "previous",
        "layout",
        "slug",
        "permalink",
        "draft",
        "relative_path",
    )
)
SITE_VALUE = re.compile(r"\bsite\.[\w-]+(?:\.[\w-]+)*")
PRODUCTION = "jekyll.environment == 'production'"  # as the themes ask before they load analytics


@dataclass
class Site:
    """A folder with its settings."""

    project: Project
    root: str
    config: str
    settings: Mapping[str, Plain]
    external: dict[str, Place] = field(default_factory=dict)  # layouts that are in no file
    uncovered: list[str] = field(default_factory=list)  # pages that such a layout wraps

    @cached_property
    def source(self) -> str:
        return self._folder("source", "", self.root)

    @cached_property
    def layouts(self) -> str:
        return self._folder("layouts_dir", "_layouts", self.source)

    @cached_property
    def includes(self) -> str:
        return self._folder("includes_dir", "_includes", self.source)

    @cached_property
    def output(self) -> str:
        return self._folder("destination", "_site", self.root)

    @cached_property
    def theme(self) -> str:
        named = text_of(self.settings.get("theme")) or text_of(self.settings.get("remote_theme"))
        return named or ("minima" if self.project.uses("gem:minima") else "")

    @cached_property
    def on_github(self) -> bool:
        """Is it built with what GitHub Pages adds: default layouts, pages without front matter?"""
        listed = {*texts_of(self.settings.get("plugins")), *texts_of(self.settings.get("gems"))}
        if "jekyll-optional-front-matter" in listed or self.project.uses("gem:github-pages"):
            return True
        return bool(self.theme) and self.root + "Gemfile" not in self.project.paths

    def _folder(self, key: str, usual: str, base: str) -> str:
        named = text_of(self.settings.get(key)) or usual
        path = posixpath.normpath(posixpath.join(base, named.strip("/")) if named else base or ".")
        if path.startswith(".."):  # outside of what is scanned
            return base
        return "" if path == "." else path + "/"

    # ------------------------------------------------------------ what it says

    def conventions(self) -> Iterator[Convention]:
        """Its pages and parts, and what wraps them."""
        for path in sorted(below(self.project.paths, self.source)):
            if path.startswith(self.output) and self.output != self.source:
                continue
            if path.startswith((self.layouts, self.includes)):
                if self.project.is_template(path):
                    yield Part(path)
                    yield from self._layout_of_layout(path)
            elif path.lower().endswith(TEXTS):
                yield from self._text(path, path.removeprefix(self.source))
        for name, place in self.external.items():
            owner = f" of the theme {self.theme}" if self.theme else " of a theme"
            yield Missing(place, "package", f"layout {name}{owner}")
        yield from self._configured()

    def _text(self, path: str, name: str) -> Iterator[Convention]:
        """One file that may be a page."""
        said = matter_of(self.project, path)
        kind = self._kind(name)
        if kind == "part" or (said and said[0].get("published") is False):
            yield Part(path)
            return
        if said is None and not self._without_matter(name):
            if name.lower().endswith(TEXTS[3:]) and kind == "pages":  # it is copied as it stands
                yield PageAt(path, (self._based(tidy(name)),), certain=False)
            return
        values, place = said or ({}, start_of(path))
        defaults = self._defaults(name, kind)
        address = self._address(name, kind, {**defaults, **values})
        yield PageAt(path, (self._based(address),), known=self._known({**defaults, **values}))
        if "layout" in values:
            yield from self._wrapped(path, values["layout"], place, default=False)
        elif "layout" in defaults:
            yield from self._wrapped(path, defaults["layout"], start_of(path), default=True)
        elif self.on_github:
            yield from self._usual_layout(path, kind, name)

    def _known(self, values: Mapping[str, Plain]) -> tuple[tuple[str, bool], ...]:
        """The answers to what templates ask of a page: what its front matter says or leaves out."""
        asked = {*self._asked, *values} - GIVEN
        own = tuple((f"page.{key}", values.get(key) not in (None, False)) for key in sorted(asked))
        return own + self._set

    @cached_property
    def _set(self) -> tuple[tuple[str, bool], ...]:
        """The settings of the site that conditions ask for and that have a value.

        One that has none may get it from another configuration, and is left open.
        """
        asked = {
            name
            for path in below(self.project.all_templates, self.source)
            for fact in self.project.parsed[path].facts
            for guard in fact.guards
            for name in SITE_VALUE.findall(guard.text)
        }
        return tuple((name, True) for name in sorted(asked) if self._has(name))

    def _has(self, name: str) -> bool:
        value: Plain = dict(self.settings)
        for key in name.split(".")[1:]:
            value = table_of(value).get(key)
        return value not in (None, False)

    @cached_property
    def _asked(self) -> set[str]:
        """The settings of pages that the templates of this site ask for."""
        return {
            name.removeprefix("page.")
            for path in below(self.project.all_templates, self.source)
            for fact in self.project.facts_in(path, PageValues)
            for name in fact.names
        }

    def _kind(self, name: str) -> str:
        """What a file is: pages, posts, the name of a collection, or part."""
        parts = name.split("/")
        folders = parts[:-1]
        if self._is_left_out(name):
            return "part"
        if "_posts" in folders:
            return "posts" if DATED.match(parts[-1]) else "part"
        above = text_of(self.settings.get("collections_dir")).strip("/")
        inside = folders[len(above.split("/")) :] if above and name.startswith(above) else folders
        if inside and inside[0].startswith("_") and inside[0][1:] in self._collections:
            label = inside[0][1:]
            return label if self._collections[label].get("output") is True else "part"
        wanted = {each.strip("/") for each in texts_of(self.settings.get("include"))}
        hidden = [
            "/".join(parts[: depth + 1])
            for depth, part in enumerate(parts)
            if part[:1] in ("_", ".", "#")
        ]
        return (
            "pages"
            if all(each in wanted or each.split("/")[-1] in wanted for each in hidden)
            else "part"
        )

    @cached_property
    def _collections(self) -> dict[str, dict[str, Plain]]:
        told = self.settings.get("collections")
        if isinstance(told, list):
            return {each: {} for each in texts_of(told)}
        return {name: table_of(value) for name, value in table_of(told).items()}

    def _is_left_out(self, name: str) -> bool:
        for each in (*texts_of(self.settings.get("exclude")), *LEFT_OUT):
            bare = each.strip("/").removeprefix("./")
            if name == bare or name.startswith(bare + "/") or fnmatchcase(name, each.lstrip("/")):
                return True
        return False

    def _without_matter(self, name: str) -> bool:
        """Does a Markdown file without front matter become a page?"""
        low = posixpath.basename(name).lower()
        if not low.endswith(MARKDOWN) or not self.on_github:
            return False
        known = ("contributing", "code_of_conduct", "license", "copying", "changelog", "security")
        return not low.startswith(known) and not name.startswith(".")

    # ------------------------------------------------------------ layouts

    def _layout_of_layout(self, path: str) -> Iterator[Convention]:
        said = matter_of(self.project, path)
        if said and path.startswith(self.layouts) and "layout" in said[0]:
            yield from self._wrapped(path, said[0]["layout"], said[1], default=False)

    def _wrapped(
        self, path: str, named: Plain, place: Place, default: bool
    ) -> Iterator[Convention]:
        name = text_of(named)
        if name.lower() in NOWHERE:
            yield Wrap(path, "", default=default, place=place)
            return
        layout = self.project.first(*(self.layouts + name + ending for ending in ("", *TEXTS)))
        if layout:
            yield Wrap(path, layout, default=default, place=place)
        else:
            self.external.setdefault(name, place)
            self.uncovered.append(path)

    def _usual_layout(self, path: str, kind: str, name: str) -> Iterator[Convention]:
        """The layout that GitHub Pages gives a file that names none."""
        wanted = ["post"] if kind == "posts" else ["home"] if self._is_home(name) else ["page"]
        for each in (*wanted, "default"):
            if self.project.first(*(self.layouts + each + ending for ending in TEXTS)):
                yield from self._wrapped(path, each, start_of(path), default=True)
                return
        if self.theme:
            yield from self._wrapped(path, "default", start_of(path), default=True)

    def _is_home(self, name: str) -> bool:
        return posixpath.splitext(name)[0].lower() in ("index", "readme")

    def _defaults(self, name: str, kind: str) -> dict[str, Plain]:
        """The defaults of the settings for a file: those for a longer path win, then for a type."""
        found: list[tuple[int, bool, dict[str, Plain]]] = []
        told = self.settings.get("defaults")
        for each in told if isinstance(told, list) else []:
            rule = table_of(each)
            scope = table_of(rule.get("scope"))
            path, wanted = text_of(scope.get("path")).strip("/"), text_of(scope.get("type"))
            if wanted and wanted.rstrip("s") != kind.rstrip("s"):
                continue
            if _lies_in(name, path):
                found.append((len(path), bool(wanted), table_of(rule.get("values"))))
        merged: dict[str, Plain] = {}
        for _, _, values in sorted(found, key=lambda each: each[:2]):
            merged |= values
        return merged

    # ------------------------------------------------------------ addresses

    def _based(self, address: str) -> str:
        base = text_of(self.settings.get("baseurl")).strip("/")
        return tidy(f"{base}/{address.lstrip('/')}" if base else address)

    def _address(self, name: str, kind: str, values: Mapping[str, Plain]) -> str:
        folder, _, file = name.rpartition("/")
        base = posixpath.splitext(file)[0]
        dated = DATED.match(base)
        words = {
            "title": slug(text_of(values.get("slug"))) or (dated["title"] if dated else base),
            "basename": base,
            "name": base,
            "output_ext": ".html",
            "collection": kind,
            "path": (f"{folder}/" if folder else "") + base,
        }
        words["slug"] = words["title"]
        if dated:
            words |= {"year": dated["year"], "month": dated["month"].zfill(2)}
            words |= {"day": dated["day"].zfill(2), "short_year": dated["year"][2:]}
            words |= {"i_month": dated["month"].lstrip("0"), "i_day": dated["day"].lstrip("0")}
        above = [part for part in folder.split("/") if part and part != "_posts"]
        listed = [
            each
            for key in ("categories", "category")
            for text in texts_of(values.get(key))
            for each in (text.split() if isinstance(values.get(key), str) else [text])
        ]
        words["categories"] = "/".join(slug(each) for each in (*above, *listed))
        if kind not in ("pages", "posts"):
            words["path"] = words["path"].removeprefix(f"_{kind}/")
        pattern = text_of(values.get("permalink"))
        style = text_of(self.settings.get("permalink")) or "date"
        if kind == "posts":
            pattern = pattern or style
            return filled(ADDRESSES.get(pattern, pattern), words)
        pretty = style == "pretty" or style.endswith("/")
        if kind != "pages":
            own = text_of(self._collections.get(kind, {}).get("permalink"))
            usual = "/:collection/:path" + ("/" if pretty else ":output_ext")
            return filled(pattern or own or usual, words)
        if pattern and pattern not in ADDRESSES:
            return filled(pattern, words)
        if base.lower() == "index" or (self.on_github and base.lower() == "readme"):
            return tidy(f"{folder}/")
        return tidy(words["path"] + ("/" if pretty or pattern == "pretty" else ".html"))

    # ------------------------------------------------------------ trackers in the settings

    def _configured(self) -> Iterator[Convention]:
        """Ids in the settings, on the pages whose templates, or whose theme, print them."""
        keys = tracker_keys(self.project, self.config)
        own = [path for path in self.project.all_templates if path.startswith(self.source)]
        guard = Guard(read_condition(PRODUCTION), "if the theme of a live site loads it")
        uncovered = set(self.uncovered)
        for join in configured(self.project, self.config, keys, own, self.uncovered):
            by_theme = join.outer in uncovered and join.place is None
            yield replace(join, guards=(guard,)) if by_theme else join


def _lies_in(name: str, path: str) -> bool:
    """Does a default for this path hold for a file?"""
    if "*" in path:
        return fnmatchcase(name, path) or fnmatchcase(name, path + "/*")
    return not path or name == path or name.startswith(path + "/")
