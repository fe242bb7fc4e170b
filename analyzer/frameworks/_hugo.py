"""One Hugo site: its pages and their addresses, the template of each, and the base around it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analyzer.conditions import read_condition
from analyzer.frameworks import Convention, Join, Missing, PageAt, Part, Project, Wrap
from analyzer.frameworks._generators import (
    below,
    built_copies,
    configured,
    filled,
    matter_of,
    table_of,
    text_of,
    texts_of,
    tidy,
    tracker_keys,
)
from analyzer.frameworks._go_sets import calls
from analyzer.frameworks._hugo_lookup import Templates, Wanted
from analyzer.model import Fact, Guard, Include, Outside, Place
from analyzer.parse.front_matter import Plain

TEXTS = (".md", ".markdown", ".mdown", ".html", ".htm", ".adoc", ".asciidoc", ".rst", ".org")
DATED = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:T[\d:-]+)?[-_](?P<rest>.+)$")
LANGUAGE = re.compile(r"^(?P<name>.+)\.(?P<language>[a-z]{2,3}(?:-[a-zA-Z]{2,4})?)$")
BUILT_IN = ("google_analytics.html", "google_analytics_async.html", "disqus.html", "schema.html")
GOOGLE = "google_analytics"
SHORTCODES = frozenset(  # those that Hugo brings along and that show nothing of others
    ("figure", "gist", "highlight", "param", "ref", "relref", "details", "qr", "comment")
)
EMBEDS = frozenset(
    (
        "youtube",
        "vimeo",
        "vimeo_simple",
        "tweet",
        "x",
        "x_simple",
        "twitter",
        "twitter_simple",
        "instagram",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcode(Fact):
    """A text asks for these short codes by their names."""

    names: tuple[str, ...]


@dataclass
class Site:
    """A folder with its settings, and the folders of layouts that it uses, the first wins."""

    project: Project
    root: str
    config: Place
    settings: Mapping[str, Plain]
    themes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    used: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @cached_property
    def layers(self) -> tuple[str, ...]:
        own = text_of(self.settings.get("layoutdir")) or "layouts"
        return (f"{self.root}{own.strip('/')}/", *(f"{theme}layouts/" for theme in self.themes))

    @cached_property
    def templates(self) -> Templates:
        return Templates(self.project, self.layers)

    @cached_property
    def output(self) -> str:
        named = text_of(self.settings.get("publishdir")) or "public"
        path = posixpath.normpath(posixpath.join(self.root, named))
        return "" if path == "." or path.startswith("..") else path + "/"

    def conventions(self) -> Iterator[Convention]:
        """Its pages, its parts, and what wraps them."""
        for path in self.templates.files:
            yield Part(path)
        pages = list(self._pages())
        for page in pages:
            yield from self._page(page)
        told = {page.path for page in pages}
        content = f"{self.root}{text_of(self.settings.get('contentdir')) or 'content'}/"
        for path in below(self.project.all_templates, content):
            if path not in told:
                yield Part(path)
        yield from self._without_content(pages) if pages else self._alone()
        yield from self._bases()
        yield from calls(
            self.project,
            [path for path in self.templates.files if self.project.is_template(path)],
            [path for layer in self.layers[1:] for path in below(self.templates.files, layer)],
        )
        if self.output:
            yield from built_copies(self.project, self.output)
        for name in self.missing:
            yield Missing(self.config, "package", f"theme {name}")
        yield from self._built_in()
        yield from self._configured()

    # ------------------------------------------------------------ pages

    def _pages(self) -> Iterator[Content]:
        """The texts that become pages. What lies beside an index file belongs to its page."""
        for folder, prefix in self._folders():
            listed = list(below(self.project.paths, folder))
            bundles = {
                posixpath.dirname(path)
                for path in listed
                if re.fullmatch(
                    r"index(?:\.[\w-]+)?\.(?:md|markdown|html?)", path.rpartition("/")[2]
                )
            }
            cascades = self._cascades(folder, listed)
            for path in sorted(listed):
                if not path.lower().endswith(TEXTS):
                    continue
                file = path.rpartition("/")[2]
                own = posixpath.dirname(path)
                inside = own in bundles and not file.startswith(("index.", "_index."))
                above = any(each in bundles for each in _parents(posixpath.dirname(own)))
                if inside or (above and not file.startswith("_index.")):
                    continue
                said = matter_of(self.project, path)
                if said is None and path.lower().endswith((".html", ".htm")):
                    continue
                values, place = said or ({}, None)
                given = _inherited(cascades, path.removeprefix(folder))
                yield Content(self, path, folder, prefix, {**given, **_lower(values)}, place)

    def _folders(self) -> Iterator[tuple[str, str]]:
        """The folders of content, each with what its addresses begin with."""
        usual = text_of(self.settings.get("contentdir")) or "content"
        languages = table_of(self.settings.get("languages"))
        first = text_of(self.settings.get("defaultcontentlanguage")) or "en"
        own: dict[str, str] = {}
        below_it = self.settings.get("defaultcontentlanguageinsubdir") is True
        told = [
            (name, text_of(_lower(table_of(value)).get("contentdir")))
            for name, value in languages.items()
        ]
        mounts = table_of(self.settings.get("module")).get("mounts")
        for each in mounts if isinstance(mounts, list) else []:
            mount = _lower(table_of(each))
            if text_of(mount.get("target")) == "content":
                matrix = table_of(table_of(mount.get("sites")).get("matrix"))
                spoken = texts_of(matrix.get("languages")) or texts_of(mount.get("lang"))
                told.append(((spoken or [first])[0], text_of(mount.get("source"))))
        for name, folder in told:
            if folder and not folder.startswith(".."):
                own[folder.strip("/")] = "" if name == first and not below_it else name
        for folder, prefix in own.items() or {usual.strip("/"): ""}.items():
            yield posixpath.normpath(f"{self.root}{folder}") + "/", prefix

    def _cascades(self, folder: str, listed: Sequence[str]) -> dict[str, dict[str, Plain]]:
        """What the sections pass on to the pages below them."""
        found: dict[str, dict[str, Plain]] = {}
        for path in listed:
            if not path.rpartition("/")[2].startswith("_index."):
                continue
            said = matter_of(self.project, path)
            told = _lower(said[0]).get("cascade") if said else None
            for each in told if isinstance(told, list) else [told]:
                rule = _lower(table_of(each))
                if rule and not rule.get("_target") and not rule.get("target"):
                    name = posixpath.dirname(path.removeprefix(folder))
                    found.setdefault(name, {}).update(rule)
        return found

    def _page(self, page: Content) -> Iterator[Convention]:
        if page.is_hidden:
            yield Part(page.path)
            return
        yield PageAt(page.path, (page.address,))
        yield from self._shortcodes(page)
        template = self.templates.template(page.wanted)
        if template:
            base = self.templates.base(page.wanted, template)
            self.used.setdefault(template, {}).setdefault(base, []).append(page.path)

    def _without_content(self, pages: Sequence[Content]) -> Iterator[Convention]:
        """Pages that the generator makes from templates alone: home, sections, terms, 404."""
        told = {page.address for page in pages}
        sections = {page.section for page in pages if page.section}
        wanted: list[tuple[str, Wanted]] = [("/", Wanted("home")), ("/404.html", Wanted("404"))]
        wanted += [
            (f"/{each.lower()}/", Wanted("section", (each,), each)) for each in sorted(sections)
        ]
        for name in self._taxonomies:
            wanted.append((f"/{name}/", Wanted("taxonomy", (name,), name)))
            if any(page.values.get(name) for page in pages):
                wanted.append((f"/{name}/*/", Wanted("term", (name,), name)))
        left_out = {each.lower() for each in texts_of(self.settings.get("disablekinds"))}
        for address, each in wanted:
            template = self.templates.template(each)
            if template and address not in told and each.kind not in left_out:
                base = self.templates.base(each, template)
                self.used.setdefault(template, {}).setdefault(base, [])
                yield PageAt(template, (address,))

    @cached_property
    def _taxonomies(self) -> list[str]:
        told = self.settings.get("taxonomies")
        return texts_of(list(told.values())) if isinstance(told, dict) else ["categories", "tags"]

    def _alone(self) -> Iterator[Convention]:
        """A theme without a site: its templates are the pages."""
        home, lost = (self.templates.template(Wanted(kind)) for kind in ("home", "404"))
        for template in self.templates.pages:
            routes = ("/",) if template == home else ("/404.html",) if template == lost else ()
            yield PageAt(template, routes)
            folders = self.templates.name_of(template).split("/")[:-1]
            asked = Wanted("page", tuple(each for each in folders if each != "_default"))
            base = self.templates.base(asked, template)
            if base:
                yield Wrap(template, base)

    def _bases(self) -> Iterator[Convention]:
        """What wraps each page: its template, and the base around that.

        A template that stands in several bases is shown by its pages, each in its own base.
        """
        for template, bases in self.used.items():
            for base, pages in bases.items():
                if len(bases) == 1:
                    yield from (Wrap(page, template, default=False) for page in pages)
                    if base:
                        yield Wrap(template, base)
                    continue
                for page in pages:
                    yield Join("includes", page, template)
                    yield from [Wrap(page, base)] if base else []

    # ------------------------------------------------------------ parts

    def _shortcodes(self, page: Content) -> Iterator[Convention]:
        for fact in self.project.facts_in(page.path, Shortcode):
            for name in fact.names:
                found = self.templates.shortcode(name)
                if found:
                    yield Join("includes", page.path, found, place=fact.place, confidence=1.0)
                elif name in EMBEDS:
                    yield Missing(
                        fact.place, "package", f"shortcode {name}, which Hugo brings along"
                    )
                elif name not in SHORTCODES and not self.missing:
                    yield Missing(fact.place, "includes", f"shortcode {name}")

    def _built_in(self) -> Iterator[Convention]:
        """Templates that Hugo brings along, asked for as if they were the site's own."""
        for path in self.templates.files:
            for fact in self.project.facts_in(path, Include):
                name = fact.target if isinstance(fact.target, str) else ""
                if name in BUILT_IN and not self.templates.partial(name):
                    yield Missing(fact.place, "package", f"{name}, which Hugo brings along")

    def _configured(self) -> Iterator[Convention]:
        """Ids in the settings, on what prints them."""
        keys = tracker_keys(self.project, self.config.path)
        google = [key for key in keys if "google" in key.lower() or key.lower() == "id"]
        if google:
            for path, fact in self._google():
                yield Join(
                    "injects",
                    path,
                    self.config.path,
                    place=fact.place,
                    guards=(*fact.guards, LIVE),
                    blocks=fact.blocks,
                )
        own = [path for path in self.templates.files if self.project.is_template(path)]
        others = [key for key in keys if "." in key or key.lower() != "id"]
        yield from configured(self.project, self.config.path, others, own)

    def _google(self) -> Iterator[tuple[str, Include | Outside]]:
        """Where the templates ask for the analytics that Hugo brings along."""
        for path in self.templates.files:
            for said in self.project.facts_in(path, Outside):
                if GOOGLE in said.name:
                    yield path, said
            for fact in self.project.facts_in(path, Include):
                name = fact.target if isinstance(fact.target, str) else ""
                if name.startswith(GOOGLE) and not self.templates.partial(name):
                    yield path, fact


LIVE = Guard(read_condition('hugo.Environment == "production"'), "if it is built for a live site")


@dataclass
class Content:
    """A text that becomes a page."""

    site: Site
    path: str
    folder: str
    prefix: str
    values: Mapping[str, Plain]
    place: Place | None

    @cached_property
    def name(self) -> str:
        """Its path in the folder of content, without suffix and language."""
        name = posixpath.splitext(self.path.removeprefix(self.folder))[0]
        said = LANGUAGE.match(name)
        return said["name"] if said and self._is_language(said["language"]) else name

    def _is_language(self, name: str) -> bool:
        known = table_of(self.site.settings.get("languages"))
        return name in known if known else len(name) == 2 and name.islower()

    @cached_property
    def language(self) -> str:
        said = LANGUAGE.match(posixpath.splitext(self.path.removeprefix(self.folder))[0])
        if said is None or not self._is_language(said["language"]):
            return self.prefix
        first = text_of(self.site.settings.get("defaultcontentlanguage")) or "en"
        return "" if said["language"] == first else said["language"]

    @property
    def section(self) -> str:
        first, _, rest = self.name.partition("/")
        return first if rest else ""

    @property
    def is_hidden(self) -> bool:
        """Is it never written as a page of its own?"""
        build = _lower(table_of(self.values.get("build") or self.values.get("_build")))
        return (
            self.values.get("draft") is True
            or self.values.get("headless") is True
            or build.get("render") in (False, "never")
        )

    @property
    def kind(self) -> str:
        if self.name == "_index":
            return "home"
        return "section" if self.name.endswith("/_index") else "page"

    @property
    def wanted(self) -> Wanted:
        folders = tuple(self.name.split("/")[:-1])
        kind = self.kind
        if kind == "section" and len(folders) == 1 and folders[0] in ("tags", "categories"):
            kind = "taxonomy"
        return Wanted(
            kind,
            folders,
            text_of(self.values.get("type")) or self.section,
            text_of(self.values.get("layout")),
        )

    @property
    def address(self) -> str:
        own = text_of(self.values.get("url"))
        if own:
            return tidy(f"{self.language}/{own.lstrip('/')}" if own[:1] != "/" else own)
        folder, _, base = self.name.rpartition("/")
        if base in ("index", "_index"):
            folder, _, base = folder.rpartition("/")
        slugged = text_of(self.values.get("slug")) if self.kind == "page" else ""
        dated = DATED.match(base)
        patterns = _lower(table_of(self.site.settings.get("permalinks")))
        pages = table_of(patterns.get("page")) or patterns
        pattern = text_of(pages.get(self.section.lower())) if self.kind == "page" else ""
        if pattern:
            title = re.sub(r"[^\w]+", "-", text_of(self.values.get("title")).lower()).strip("-")
            words = {"section": self.section, "sections": folder, "filename": base}
            words |= {"contentbasename": base, "slug": slugged or title or base, "title": title}
            words |= {"slugorfilename": slugged or base, "slugorcontentbasename": slugged or base}
            date = re.match(r"(\d{4})-(\d{2})-(\d{2})", text_of(self.values.get("date")))
            if date:
                words |= {"year": date[1], "month": date[2], "day": date[3]}
            return self._spelled(filled(pattern, words))
        name = slugged or (dated["rest"] if dated and self._drops_dates else base)
        ugly = self.site.settings.get("uglyurls") is True and self.kind == "page"
        end = ".html" if ugly else "/"
        return self._spelled(f"{folder}/{name}{end if name or folder else ''}")

    @property
    def _drops_dates(self) -> bool:
        told = _lower(table_of(self.site.settings.get("frontmatter"))).get("date")
        return isinstance(told, list) and ":filename" in told

    def _spelled(self, address: str) -> str:
        written = tidy(f"{self.language}/{address.lstrip('/')}" if self.language else address)
        if self.site.settings.get("disablepathtolower") is not True:
            written = written.lower()
        return written.replace(" ", "-")


def _parents(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)


def _lower(values: Mapping[str, Plain]) -> dict[str, Plain]:
    """The same with the first level of keys in lower case: Hugo does not tell them apart."""
    return {key.lower(): value for key, value in values.items()}


def _inherited(cascades: Mapping[str, dict[str, Plain]], name: str) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    own = posixpath.dirname(name)
    for folder in reversed([*_parents(own), ""]):
        found |= cascades.get(folder, {})
    return {key: value for key, value in found.items() if key in ("type", "layout", "draft")}
