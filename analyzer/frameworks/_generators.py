"""What site generators share: settings files, front matter, addresses, and who prints a setting."""

from __future__ import annotations

import json
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from analyzer.engines import engine_of
from analyzer.frameworks import Join, PageAt, Project
from analyzer.model import Fact, Place, Setting, Skip, Source
from analyzer.parse import front_matter
from analyzer.parse.front_matter import FrontMatter, Plain
from analyzer.parse.mask import flattened, mask
from analyzer.parse.template import structure_of

KINDS = {".toml": "toml", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}
SITE_VALUE = re.compile(
    r"(?:\b|\.|\$\.)[sS]ite\.(?:Params\.|params\.|data\.)?([A-Za-z_][\w-]*(?:\.[\w-]+){0,4})"
)
PAGE_VALUE = re.compile(rb"\bpage\.([A-Za-z_][\w-]*)(?![\w.\[-])")
MOST_TAGS = 3_000  # tags of a template that are looked at
DATED = re.compile(r"^(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})-(?P<title>.+)$")
COPY = "if this built copy is what the server shows"
SURE = 0.95
HALF_SURE = 0.5  # the way by which a theme that is not here would use a setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Fact):
    """A generator's settings file as JSON; `generator` says whose it is."""

    generator: str
    written: str

    @property
    def values(self) -> dict[str, Plain]:
        told = json.loads(self.written)
        return told if isinstance(told, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteValues(Fact):
    """A template prints or asks for these settings of the site, by their dotted names."""

    names: tuple[str, ...]
    printed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageValues(Fact):
    """A template asks for these settings of the page that it shows, by their first names."""

    names: tuple[str, ...]


def settings_of(source: Source, generator: str) -> Iterator[Fact | Skip]:
    """The settings of a YAML, TOML or JSON file."""
    kind = KINDS.get(posixpath.splitext(source.path.lower())[1], "yaml")
    try:
        values = front_matter.read(source.data, kind)
    except ValueError:
        yield Skip(source.path, f"its {generator} settings cannot be read", kind="partly")
        return
    if isinstance(values, dict):
        yield Settings(place=source.place(0, 0), generator=generator, written=json.dumps(values))


def site_values(source: Source) -> Iterator[Fact]:
    """The settings of the site that a template names, under the conditions that it names them."""
    if b"ite." not in source.data:
        return
    engine = engine_of(source.path, source.data)
    if engine is None or not engine.marks:
        return
    flat = flattened(source, engine)
    masked = mask(flat.data, engine)
    structure = structure_of(masked, engine)
    for tag in masked.tags[:MOST_TAGS]:
        found = SITE_VALUE.findall(tag.text) if tag.kind != "comment" else []
        if found:
            names = tuple(dict.fromkeys(each.lower() for each in found))
            printed = tag.kind == "output"
            place = flat.place(tag.start, tag.end)
            fact = SiteValues(place=place, names=names, printed=printed)
            yield structure.around(fact, tag.start if printed else tag.end)


def page_values(source: Source) -> Iterator[Fact]:
    """The settings of a page that a template asks for."""
    names = dict.fromkeys(found[1].decode() for found in PAGE_VALUE.finditer(source.data))
    if names:
        yield PageValues(place=source.place(0, 0), names=tuple(names))


def matter_of(project: Project, path: str) -> tuple[Mapping[str, Plain], Place] | None:
    """The front matter of a file with its place; None where it has none."""
    fact = next(project.facts_in(path, FrontMatter), None)
    return (fact.values, fact.place) if fact is not None else None


def settings_from(project: Project, generator: str) -> Iterator[Settings]:
    """The settings files of a generator."""
    return (each for each in project.facts(Settings) if each.generator == generator)


def text_of(value: Plain) -> str:
    """A value that should be a text, or an empty one."""
    return value.strip() if isinstance(value, str) else ""


def texts_of(value: Plain) -> list[str]:
    """A value that should be a text or a list of them."""
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, str) and each]


def table_of(value: Plain) -> dict[str, Plain]:
    """A value that should be a mapping, or an empty one."""
    return value if isinstance(value, dict) else {}


def place_of(source: Source, text: str) -> Place:
    """Where a file holds a text first, or its beginning."""
    at = source.data.find(text.encode())
    return source.place(at, at + len(text.encode())) if at >= 0 else source.place(0, 0)


def folder_in(base: str, name: str) -> str:
    """A folder that settings name; the base where it lies outside of what is scanned."""
    path = posixpath.normpath(posixpath.join(base, name.strip("/") or "."))
    if path.startswith(".."):
        return base
    return "" if path == "." else path + "/"


def below(paths: Iterable[str], folder: str) -> Iterator[str]:
    """The paths in a folder, which has a slash behind it or is empty."""
    return (path for path in paths if path.startswith(folder))


def slug(text: str) -> str:
    """A title as generators write it in an address."""
    plain = unicodedata.normalize("NFC", text).lower()
    return re.sub(r"[^\w]+", "-", plain, flags=re.A if plain.isascii() else 0).strip("-_")


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """An address with its `:words` put in; one that is not known varies."""
    written = re.sub(r":(\w+)", lambda found: values.get(found[1], "*"), pattern)
    return tidy(written)


def tidy(address: str) -> str:
    """An address with one slash before it and none doubled, and without index files."""
    written = re.sub(r"\{%.*", "**", address, flags=re.S)  # a condition: the rest may be anything
    written = re.sub(r"/{2,}", "/", "/" + re.sub(r"\{\{.*?\}\}", "*", written))
    written = re.sub(r"\*{3,}", "**", re.sub(r"\*(?:[^/*]+\*)+", "*", written))
    return re.sub(r"(?<=/)index\.html?$", "", written)


def configured(
    project: Project,
    config: str,
    keys: Iterable[str],
    templates: Iterable[str],
    pages: Iterable[str] = (),
) -> Iterator[Join]:
    """What a settings file configures is on the pages of the templates that print it.

    `keys` are where the trackers' settings stand in the file. Where no template here prints them,
    a theme that is not here may: then it is on the `pages` that such a theme wraps.
    """
    wanted = {each.lower() for each in keys}
    if not wanted:
        return
    users: list[tuple[str, SiteValues, set[str]]] = []
    for path in templates:
        told = [
            (path, fact, used)
            for fact in project.facts_in(path, SiteValues)
            if (used := {key for key in wanted if any(_names(name, key) for name in fact.names)})
        ]
        users += [each for each in told if each[1].printed] or told
    together = {key for *_, used in users for key in used}
    sure = SURE if together == wanted else HALF_SURE
    for path, fact, _ in users:
        yield Join(
            "injects",
            path,
            config,
            place=fact.place,
            guards=fact.guards,
            blocks=fact.blocks,
            confidence=sure,
        )
    if not users:
        for page in pages:
            yield Join("injects", page, config, confidence=HALF_SURE)


def tracker_keys(project: Project, config: str) -> list[str]:
    """The names of the settings in which a file seems to hold an account's id."""
    return [each.key for each in project.facts_in(config, Setting)]


def _names(name: str, key: str) -> bool:
    """Does a template's name mean this setting, or one that stands below it or above it?"""
    bare = re.sub(r"^(?:params|data)\.", "", key)
    return name == bare or bare.startswith(name + ".") or name.startswith(bare + ".")


def built_copies(project: Project, folder: str) -> Iterator[PageAt]:
    """The pages in a folder that the generator writes: copies of what its sources say."""
    for path in below(project.all_templates, folder):
        if path.lower().endswith((".html", ".htm")):
            yield PageAt(path, (tidy(path.removeprefix(folder)),), certain=False, doubt=COPY)
