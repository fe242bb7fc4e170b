"""Components of Adobe Experience Manager: their types, what they inherit, and client libraries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.frameworks import Project, folder_of
from analyzer.model import Fact, Source

APPS = re.compile(r"^.*?jcr_root/apps/")
TYPE = re.compile(rb"jcr:primaryType\s*=\s*[\"'](cq:Component|cq:ClientLibraryFolder)[\"']")
SUPER = re.compile(rb"sling:resourceSuperType\s*=\s*[\"']([^\"']+)[\"']")
LIST = rb"\s*=\s*[\"'](?:\{String\})?\[?([^\"'\]]*)\]?[\"']"
CATEGORIES, EMBED = re.compile(rb"\bcategories" + LIST), re.compile(rb"\bembed" + LIST)
ASKED = re.compile(
    rb"(?:includeClientLib\b[^>]*?\b(?:categories|js)|\.(?:js|all|include)\s*@\s*categories)\s*=\s*"
    rb"(\[[^\]]{0,400}\]|\"[^\"]{0,400}\"|'[^']{0,400}')"
)
PAGES = re.compile(
    r"(?:^|/)(?:(?:wcm/)?foundation/components/(?:base)?page|wcm/foundation/components/basicpage/v\d"
    r"|core/wcm/components/page/v\d+/page|cq/(?:experience-fragments|personalization)/[\w/-]*page)$"
)
DEEPEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Component(Fact):
    """A component, and the type that it inherits from."""

    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLibrary(Fact):
    """A folder of scripts under names that pages ask for."""

    categories: tuple[str, ...]
    embeds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Fact):
    """A template asks for client libraries by their categories."""

    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Fact):
    """The scripts of a client library, as its js.txt lists them."""

    names: tuple[str, ...]


def read(source: Source) -> Iterator[Fact]:
    """What a file below jcr_root says of components and client libraries."""
    low = source.path.lower()
    if low.endswith("js.txt"):
        yield Listed(place=source.place(0, 0), names=tuple(_lines(source.data)))
    elif low.endswith(".xml"):
        kind = TYPE.search(source.data)
        if kind is None:
            return
        if kind[1] == b"cq:Component":
            said = SUPER.search(source.data)
            span = said.span(1) if said else (0, 0)
            parent = said[1].decode("utf-8", "replace") if said else ""
            yield Component(place=source.place(*span), parent=parent.removeprefix("/apps/"))
        else:
            yield ClientLibrary(
                place=source.place(*kind.span()),
                categories=_names(CATEGORIES.search(source.data)),
                embeds=_names(EMBED.search(source.data)),
            )
    else:
        for asked in ASKED.finditer(source.data):
            names = re.findall(r"[\w.-]+", asked[1].decode("utf-8", "replace"))
            yield Asked(place=source.place(*asked.span()), categories=tuple(names))


def _names(said: re.Match[bytes] | None) -> tuple[str, ...]:
    written = said[1].decode("utf-8", "replace") if said else ""
    return tuple(each.strip() for each in written.split(",") if each.strip())


def _lines(data: bytes) -> Iterator[str]:
    """The names of a js.txt, below the folder that it gives as the base."""
    base = ""
    for line in data.decode("utf-8", "replace").splitlines():
        line = line.strip()
        if line.startswith("#base="):
            base = line.removeprefix("#base=").strip("/") + "/"
        elif line and not line.startswith(("#", "//")):
            yield (base + line).removeprefix("./")


class Components:
    """All components of a project by their types: `clinic/components/page`."""

    def __init__(self, project: Project) -> None:
        self.known: Mapping[str, Component] = {
            _type(each.place.path): each for each in project.facts(Component)
        }
        self._files: dict[str, dict[str, str]] = {}
        for path in sorted(project.paths):
            if APPS.match(path) and path.endswith((".html", ".jsp")):
                self._files.setdefault(_type(path), {})[path.rpartition("/")[2]] = path

    def line(self, name: str) -> Iterator[str]:
        """A type and those that it inherits from, the nearest first."""
        for _ in range(DEEPEST):
            yield name
            known = self.known.get(name)
            if known is None or not known.parent:
                return
            name = known.parent

    def is_page(self, name: str) -> bool:
        """Does the component inherit from one of the platform's pages, or write a document?"""
        return any(PAGES.search(each) for each in self.line(name))

    def files(self, name: str) -> dict[str, str]:
        """The files in a component's own folder by their names."""
        return self._files.get(name, {})


def _type(path: str) -> str:
    """The resource type that a file of a component belongs to."""
    return APPS.sub("", folder_of(path)).rstrip("/")
