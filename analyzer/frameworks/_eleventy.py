"""One Eleventy site: which files are pages, in which layouts, and at which addresses."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property

from analyzer.frameworks import Convention, Missing, PageAt, Part, Project, Wrap, start_of
from analyzer.frameworks._generators import (
    DATED,
    below,
    built_copies,
    configured,
    folder_in,
    matter_of,
    text_of,
    tidy,
    tracker_keys,
)
from analyzer.model import Fact, Place

TEXTS = (".md", ".markdown", ".html", ".htm", ".njk", ".liquid", ".webc", ".hbs", ".ejs", ".pug")
SCRIPTS = re.compile(r"\.11ty\.(?:[cm]?js|jsx|tsx?)$")
LAYOUT_ENDINGS = (
    "",
    ".njk",
    ".liquid",
    ".html",
    ".webc",
    ".11ty.js",
    ".hbs",
    ".ejs",
    ".pug",
    ".md",
)
NOT_TEXTS = re.compile(r"(?:^|/)(?:node_modules|\.git|\.github|\.cache|_site)/|\.11tydata\.")
NO_PAGE = re.compile(r"\.(?:xml|txt|json|webmanifest|ics|css|js)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup(Fact):
    """What a configuration script says: `said` are its folders and aliases of layouts by name."""

    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderData(Fact):
    """Data for all texts of a folder, or for the one of this name: its layout and address."""

    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignores(Fact):
    """The patterns of files that are no texts of the site."""

    patterns: tuple[str, ...]


@dataclass
class Site:
    """A folder with a configuration script."""

    project: Project
    root: str
    said: Mapping[str, str]
    ignored: tuple[str, ...] = ()
    external: dict[str, Place] = field(default_factory=dict)

    @cached_property
    def input(self) -> str:
        return folder_in(self.root, self.said.get("input", "."))

    @cached_property
    def includes(self) -> str:
        return folder_in(self.input, self.said.get("includes", "_includes"))

    @cached_property
    def layouts(self) -> str:
        named = self.said.get("layouts")
        return folder_in(self.input, named) if named else self.includes

    @cached_property
    def data(self) -> str:
        return folder_in(self.input, self.said.get("data", "_data"))

    @cached_property
    def output(self) -> str:
        return folder_in(self.root, self.said.get("output", "_site"))

    # ------------------------------------------------------------ what it says

    def conventions(self) -> Iterator[Convention]:
        """Its pages and parts, and what wraps them."""
        parts = tuple(each for each in (self.includes, self.layouts) if each != self.input)
        for path in sorted(below(self.project.paths, self.input)):
            low = path.lower()
            if path.startswith((self.output, self.data)) and self.output != self.input:
                continue
            if not low.endswith(TEXTS) and not SCRIPTS.search(low):
                continue
            name = path.removeprefix(self.input)
            if parts and path.startswith(parts):
                yield Part(path)
                yield from self._wrapped(path, default=False)
            elif NOT_TEXTS.search(name) or self._is_ignored(path):
                continue
            else:
                yield from self._text(path, name)
        for layout, place in self.external.items():
            yield Missing(place, "extends", f"layout {layout}")
        if self.output != self.input:
            yield from built_copies(self.project, self.output)
        yield from self._configured()

    def _text(self, path: str, name: str) -> Iterator[Convention]:
        said = matter_of(self.project, path)
        values = said[0] if said else {}
        given = self._given(path)
        written = values.get("permalink", given.get("permalink"))
        if written is False or text_of(written) == "false" or values.get("draft") is True:
            yield Part(path)
            return
        address = self._address(name, text_of(written))
        if NO_PAGE.search(address) or NO_PAGE.search(posixpath.splitext(name)[0]):
            yield Part(path)
            return
        if "pagination" in values and not text_of(written):
            address = address.rstrip("/") + "/**"
        yield PageAt(path, (self._prefixed(address),))
        yield from self._wrapped(path, default=False)

    def _wrapped(self, path: str, default: bool) -> Iterator[Convention]:
        """The layout that a text names, or that the data of its folders give it."""
        said = matter_of(self.project, path)
        own = said is not None and "layout" in said[0]
        if own and said is not None:
            named, place = text_of(said[0]["layout"]), said[1]
        else:
            inside = path.startswith((self.includes, self.layouts)) and self.includes != self.input
            named = "" if inside else self._given(path).get("layout", "")
            place = start_of(path)
        if not named:
            return
        named = self.said.get(f"alias {named}", named)
        bases = dict.fromkeys((self.layouts, self.includes))
        layout = self.project.first(
            *(base + named.lstrip("./") + end for base in bases for end in LAYOUT_ENDINGS)
        )
        if layout and layout != path:
            yield Wrap(path, layout, default=default and not own, place=place)
        elif not layout:
            self.external.setdefault(named, place)

    def _given(self, path: str) -> dict[str, str]:
        """The data of a text's folders and of its own data file; the nearest wins."""
        found: dict[str, str] = {}
        for key in ("layout", "permalink"):
            if value := self.said.get(f"global {key}"):
                found[key] = value
        folders = [self.input.rstrip("/")]
        for part in posixpath.dirname(path.removeprefix(self.input)).split("/"):
            folders += [posixpath.join(folders[-1], part)] if part else []
        stem = posixpath.splitext(path)[0]
        names = [posixpath.join(each, posixpath.basename(each)) for each in folders if each]
        for name in (*names, stem):
            for ending in (
                ".json",
                ".11tydata.json",
                ".11tydata.js",
                ".11tydata.cjs",
                ".11tydata.mjs",
            ):
                for fact in self.project.facts_in(name + ending, FolderData):
                    found |= dict(fact.values)
        return found

    def _is_ignored(self, path: str) -> bool:
        name = path.removeprefix(self.root)
        return any(
            name == each or name.startswith(each.rstrip("*/") + "/") or fnmatchcase(name, each)
            for pattern in self.ignored
            for each in (pattern.removeprefix("./").strip("/"),)
            if each
        )

    # ------------------------------------------------------------ addresses and settings

    def _prefixed(self, address: str) -> str:
        prefix = self.said.get("pathPrefix", "").strip("/")
        return tidy(f"{prefix}/{address.lstrip('/')}" if prefix else address)

    def _address(self, name: str, permalink: str) -> str:
        folder, _, file = name.rpartition("/")
        base = re.sub(r"\.11ty\.\w+$|\.\w+$", "", file)
        base = re.sub(r"\.html$", "", base)
        dated = DATED.match(base)
        slugged = dated["title"] if dated else base
        if slugged == "index":
            slugged = ""
        if permalink:
            known = re.sub(r"\{\{-?\s*page\.fileSlug\b[^}]*\}\}", slugged or "*", permalink)
            return tidy(known)
        if not slugged:
            return tidy(f"{folder}/")
        if slugged == posixpath.basename(folder):
            return tidy(f"{folder}/")
        return tidy(f"{folder}/{slugged}" + ("" if NO_PAGE.search(slugged) else "/"))

    def _configured(self) -> Iterator[Convention]:
        """Ids in the site's data, on the templates that print them."""
        own = list(below(self.project.all_templates, self.input))
        for path in sorted(below(self.project.paths, self.data)):
            if path.lower().endswith((".yaml", ".yml", ".toml")):
                keys = tracker_keys(self.project, path)
                if posixpath.splitext(posixpath.basename(path))[0] == "site":
                    yield from configured(self.project, path, keys, own)
