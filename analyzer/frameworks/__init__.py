"""Conventions of frameworks: which file is a page, what wraps it unasked, and its address.

A module in this folder that holds a `FRAMEWORK` is a framework; nothing else has to know. It works
in two steps. `read` turns one file of its own (routes, controllers, configuration) into facts; it
sees nothing but that file. `conventions` looks at all files and facts together and says which
files are pages, and how they hang together in ways that no file spells out.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeAlias, TypeVar

from analyzer.model import (
    Document,
    Fact,
    Guard,
    Moment,
    Package,
    Parsed,
    Place,
    Region,
    Skip,
    Source,
    Value,
)
from analyzer.plugins import names, one, remembered

Told = TypeVar("Told", bound=Fact)
MANY = 300  # files of a site for which it is quicker to ask every framework than each path
LAST = 100  # the order of a framework that takes what no other one has spoken of


@dataclass(frozen=True, slots=True)
class PageAt:
    """A file that visitors are shown, at these addresses.

    A page that is not `certain` counts only while no other file includes, wraps or extends it.
    `needs` are what a visitor must pass first, in words for a reader (`login_required`), `public`
    the words that say that nothing is asked. `known` are conditions of templates, by their words,
    whose answer is settled on this page. Said twice of a file, the addresses are joined.
    `doubt` are words for why the file may not be served at all: a backup, a copy that was saved.
    """

    path: str
    routes: tuple[str, ...] = ()
    certain: bool = True
    needs: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    doubt: str = ""
    known: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A file that is only a part of pages: a layout, a partial, a component, a mail.

    `unused` tells that it lies in a place from which the site takes nothing.
    """

    path: str
    unused: bool = False


@dataclass(frozen=True, slots=True)
class Wrap:
    """A page stands in a layout that it does not name itself.

    A `default` wrap gives way where the file extends another one, or where another wrap of the
    file is no default. An empty `layout` says that the layout is switched off. `place` is where
    this is written, if anywhere.
    """

    page: str
    layout: str
    default: bool = True
    place: Place | None = None
    guards: tuple[Guard, ...] = ()
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Join:
    """Two files hang together by a convention: `outer` shows or runs what `inner` holds.

    `how` is includes, loads, imports or injects (a configuration puts a tracker on a page).
    `fragment` is the one part of `inner` that is meant, `blocks` the blocks of `outer` in which it
    stands.
    """

    how: str
    outer: str
    inner: str
    place: Place | None = None
    fragment: str = ""
    guards: tuple[Guard, ...] = ()
    blocks: tuple[str, ...] = ()
    moment: Moment = Moment.LOAD
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Apart:
    """A file imports another one only to show it at an address of its own, or by its name: the
    import carries nothing. An empty `outer` stands for every script that imports it.
    """

    outer: str
    inner: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a convention leads to and that is in no file: `what` it is, and its name."""

    place: Place
    what: str
    name: str


Convention: TypeAlias = PageAt | Part | Wrap | Join | Apart | Missing


class Project:
    """All files of a site, as the frameworks may ask for them.

    `paths` are all files that were found, also those that no reader knows. `spoken` are the files
    that an earlier framework has called a page or a part.
    """

    def __init__(
        self,
        paths: Iterable[str],
        parsed: Iterable[Parsed],
        templates: Callable[[Value, str, str], list[str]],
        scripts: Callable[[Value, str], tuple[list[str], str]],
    ) -> None:
        self.parsed: Mapping[str, Parsed] = {each.path: each for each in parsed}
        self.paths = frozenset(paths).union(self.parsed)
        self.spoken: set[str] = set()
        self._templates = templates
        self._scripts = scripts

    @cached_property
    def _by_kind(self) -> dict[type[Fact], list[Fact]]:
        found: dict[type[Fact], list[Fact]] = {}
        for each in self.parsed.values():
            for fact in each.facts:
                found.setdefault(type(fact), []).append(fact)
        return found

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {fact.place.path: fact for fact in self.facts(Document)}

    @cached_property
    def _packages(self) -> frozenset[str]:
        return frozenset(f"{each.ecosystem}:{each.name}" for each in self.facts(Package))

    @cached_property
    def _by_base(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            found.setdefault(posixpath.basename(path), []).append(path)
        return found

    def facts(self, kind: type[Told]) -> Iterator[Told]:
        """Every fact of exactly this kind, file by file."""
        yield from self._by_kind.get(kind, ())  # type: ignore[misc]

    def facts_in(self, path: str, kind: type[Told]) -> Iterator[Told]:
        """The facts of this kind in one file."""
        known = self.parsed.get(path)
        yield from (each for each in (known.facts if known else ()) if isinstance(each, kind))

    def uses(self, *packages: str) -> bool:
        """Is one of the packages declared or imported anywhere: `npm:next`, `pypi:django`?"""
        return any(each in self._packages for each in packages)

    def is_template(self, path: str) -> bool:
        """Was the file read as markup?"""
        return path in self._documents

    def is_whole(self, path: str) -> bool:
        """Does the file hold an html element of its own?"""
        return path in self._documents and self._documents[path].whole

    def engine(self, path: str) -> str:
        """The name of the template language that the file was read in, or an empty text."""
        return self._documents[path].engine if path in self._documents else ""

    @property
    def all_templates(self) -> Iterator[str]:
        """The files that were read as markup."""
        yield from self._documents

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.paths)

    def inside(self, folder: str) -> Iterator[str]:
        """The files below a folder, which is written with a slash behind it."""
        ordered = self._sorted
        for number in range(bisect_left(ordered, folder), len(ordered)):
            if not ordered[number].startswith(folder):
                return
            yield ordered[number]

    def named(self, *names: str) -> list[str]:
        """The files with one of these names, wherever they lie."""
        return sorted(path for name in names for path in self._by_base.get(name, ()))

    def first(self, *candidates: str) -> str:
        """The first of these paths that exists, or an empty text."""
        return next((each for each in candidates if each in self.paths), "")

    def templates(self, target: Value, engine: str, asked_by: str) -> list[str]:
        """The templates that a name may mean in the file that asks, the likeliest first."""
        return self._templates(target, engine, asked_by)

    def scripts(self, url: Value, asked_by: str) -> list[str]:
        """The scripts that an address or an import may mean in the file that asks."""
        return self._scripts(url, asked_by)[0]


def _nothing_read(source: Source) -> Iterator[Fact | Skip]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Framework:
    """One framework's conventions.

    `reads` is a regular expression, searched in paths, of the files that `read` turns into facts.
    `about` is one of the paths without which there is nothing to say about a site; an empty one
    stands for any site. Frameworks speak in the order of `order`, then of their names.
    """

    name: str
    conventions: Callable[[Project], Iterator[Convention]]
    reads: str = ""
    read: Callable[[Source], Iterator[Fact | Skip]] = _nothing_read
    order: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """What must be known of a framework before a site needs its module."""

    module: str
    name: str
    order: int
    reads: str
    about: str

    @property
    def framework(self) -> Framework:
        found: Framework = one("frameworks", self.module).FRAMEWORK
        return found


@cache
def faces() -> tuple[Face, ...]:
    """The frameworks of the folder, in the order in which they speak."""
    found: Sequence[Face] = remembered("frameworks") or [
        Face(name, each.name, each.order, each.reads, each.about)
        for name in names("frameworks")
        for each in (one("frameworks", name).FRAMEWORK,)
    ]
    return tuple(sorted(found, key=lambda each: (each.order, each.name)))


def speaking(paths: Collection[str]) -> Iterator[Framework]:
    """The frameworks that may have something to say of a site with these files, in their order."""
    for face in faces():
        asks = face.about and len(paths) < MANY
        if not asks or any(map(_compiled(face.about).search, paths)):
            yield face.framework


def is_read(path: str) -> bool:
    """Is there a framework that reads this file?"""
    return _any_reads().search(path) is not None


def facts_of(source: Source) -> Iterator[Fact | Skip]:
    """What the frameworks read in one file."""
    if not is_read(source.path):
        return
    for face in faces():
        if face.reads and _compiled(face.reads).search(source.path):
            yield from face.framework.read(source)


def site_settings(fact: Fact) -> tuple[str, Mapping[str, object]] | None:
    """The generator whose settings file a fact is, and what that file sets."""
    from analyzer.frameworks._generators import Settings  # here: it asks this room

    return (fact.generator, fact.values) if isinstance(fact, Settings) else None


def start_of(path: str) -> Place:
    """The first character of a file, for what the file says by being there."""
    return Place(path, Region(1, 1, 1, 1, (1, 1)))


def folder_of(path: str) -> str:
    """The folder of a file with a slash behind it, or an empty text at the top."""
    folder = posixpath.dirname(path)
    return folder + "/" if folder else ""


def joined(*parts: str) -> str:
    """Pieces of an address as one address: `/a/`, `b` is `/a/b`."""
    pieces = [piece.strip("/") for piece in parts if piece.strip("/")]
    end = "/" if pieces and parts[-1].endswith("/") else ""
    return "/" + "/".join(pieces) + end


@cache
def _any_reads() -> re.Pattern[str]:
    written: Sequence[str] = [each.reads for each in faces() if each.reads]
    # One expression for all: flags at the start of one must not reach the others.
    apart = (f"(?i:{each[4:]})" if each.startswith("(?i)") else f"(?:{each})" for each in written)
    return re.compile("|".join(apart) or r"(?!)")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
