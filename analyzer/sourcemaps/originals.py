"""The source map of a bundle, found and read when somebody asks about a place in the bundle."""

from __future__ import annotations

import json
import posixpath
import re
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from analyzer.model import Bundled, Call, Fact, Original, Place, Skip, Source
from analyzer.sourcemaps import names
from analyzer.sourcemaps.mappings import Point, Spot, Unreadable, built, spots

WORD = b"sourceMappingURL="
COMMENT = re.compile(rb"/[/*][#@][ \t]*$")
ADDRESS = re.compile(rb"[^\s'\"*]*+")
TAIL = re.compile(rb"\s*(?:\*/)?(?:\s|//[^\n]*+(?:\n|$)|/\*[^*]*+\*/)*$")
LONGEST_TAIL = 2_000  # bytes behind the comment that may be comments themselves
MOST_COMMENTS = 20  # words of that name from the end of a script that are looked at
MOST_SOURCES = 100_000
LONGEST_SOURCE = 2_000_000  # characters of a source in a map that is read
MOST_SECTIONS = 10_000
DEEPEST = 3  # maps inside of maps
GUARD = re.compile(rb"^\)\]\}'[^\n]*\n")
REMOTE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", re.I)
FIRST = Point(0, 0)
SO = "so its trackers are told at their places in the bundle"

Opened = Callable[[str], bytes | Skip | None]
Reading = Callable[[Sequence[Source]], Mapping[str, Sequence[Fact]]]


class Originals:
    """Reads source maps. `files` are the paths of the repository, `read` gives the bytes of one,
    the reason why it has none, or None where it is not there; `facts` what scripts say that may
    import each other. `skips` are the maps that could not be read.
    """

    def __init__(
        self, files: Collection[str], read: Opened, facts: Reading = lambda sources: {}
    ) -> None:
        self.files = files
        self.read = read
        self.facts = facts
        self.skips: list[Skip] = []

    def of(self, path: str, places: Sequence[Place]) -> Bundled | None:
        """What the map of a script tells; None where it has none that can be read."""
        data = self.read(path)
        if not isinstance(data, bytes):
            return None
        address = address_in(data)
        beside = path + ".map"
        if not address and beside not in self.files:
            return None
        try:
            where, said = self._map(path, address)
            return self._told(Source(path, data), where, said, places)
        except Unreadable as trouble:
            self.skips.append(Skip(path, f"its source map cannot be used: {trouble}; {SO}"))
        except (RecursionError, MemoryError):
            self.skips.append(Skip(path, f"its source map nests too deep; {SO}"))
        self.skips[-1] = replace(self.skips[-1], kind="partly")
        return None

    def _map(self, path: str, address: str) -> tuple[str, dict[str, Any]]:
        """Where the map lies, and what it says."""
        if address.startswith("data:"):
            return path, _json(_inline(address))
        tried = list(dict.fromkeys(_candidates(path, address)))
        for name in tried:
            found = self.read(name) if name in self.files else None
            if isinstance(found, Skip):
                raise Unreadable(f"{name} was not read ({found.reason})")
            if found is not None:
                return name, _json(found)
        if REMOTE.match(address):
            raise Unreadable("it is kept elsewhere")
        raise Unreadable(f"{tried[0]} is not there")

    def _told(
        self, bundle: Source, where: str, said: dict[str, Any], places: Sequence[Place]
    ) -> Bundled:
        points = {place: _point(place) for place in places}
        originals: dict[Place, Original] = {}
        sources: dict[str, None] = {}
        facts: list[Fact] = []
        folder = posixpath.dirname(where)
        for start, end, part in _parts(said):
            files = [self._source(name, folder) for name in _sources(part)]
            sources.update((each.path, None) for each in files if each.is_here)
            own = {
                place: Point(
                    point.line - start.line,
                    point.column - (start.column if point.line == start.line else 0),
                )
                for place, point in points.items()
                if start <= point and (end is None or point < end)
            }
            mapped = spots(_text(part, "mappings"), own.values())
            for place, point in own.items():
                if (spot := mapped.get(point)) is None:
                    continue
                if spot.source >= len(files):
                    raise Unreadable("its mappings name a source that it does not list")
                if (file := files[spot.source]).path:
                    originals[place] = self._original(part, file, spot)
            for fact, original in self._inner(bundle, part, files, start):
                facts.append(fact)
                originals.setdefault(fact.place, original)
        return Bundled(tuple(sources), originals, tuple(facts))

    def _inner(
        self, bundle: Source, part: dict[str, Any], files: Sequence[_File], start: Point
    ) -> Iterator[tuple[Fact, Original]]:
        """What the sources whose text is in the map do with packages, at its places in the bundle.

        The others are read in the repository, and those of packages are not the site's.
        """
        sources = [*_own_sources(part, files)]
        first = {source.path: source for _, source in reversed(sources)}
        said = self.facts([*first.values()]) if first else {}
        for number, source in sources:
            told = said if first[source.path] is source else self.facts([source])
            facts = [fact for fact in told.get(source.path, ()) if _uses(fact)]
            points = {fact.place: _point(fact.place) for fact in facts}
            found = built(_text(part, "mappings"), number, points.values()) if facts else {}
            for fact in facts:
                if (at := found.get(points[fact.place])) is None:
                    continue  # the build left it out
                column = at.column + (start.column if at.line == 0 else 0)
                offset = _offset_in(bundle, Point(at.line + start.line, column))
                place = bundle.place(offset, offset, fact.place.text)
                region = fact.place.region
                original = Original(source.path, region.line, region.column)
                yield replace(fact, place=place, blocks=()), original

    def _source(self, name: str, folder: str) -> _File:
        bare = names.plain(name)
        if not bare:
            return _File()
        here = names.in_repository(bare, folder, self.files)
        return _File(here or names.shown(bare, folder), bool(here), names.package_of(bare))

    def _original(self, part: dict[str, Any], file: _File, spot: Spot) -> Original:
        contents = part.get("sourcesContent")
        holds = isinstance(contents, list) and spot.source < len(contents)
        held = contents[spot.source] if isinstance(contents, list) and holds else None
        text = held if isinstance(held, str) else None
        if text is None and file.is_here:
            data = self.read(file.path)
            text = data.decode("utf-8-sig", "replace") if isinstance(data, bytes) else None
        return Original(
            file.path,
            spot.line + 1,
            _code_points(text, spot) + 1,
            file.package,
            spot.source in _ignored(part),
        )


@dataclass(frozen=True, slots=True)
class _File:
    """A source of a map: its path for people, and whether that is a file of the repository."""

    path: str = ""
    is_here: bool = False
    package: str = ""


def address_in(data: bytes) -> str:
    """The address of the map in the comment at the end of a script; empty where there is none."""
    end = len(data)
    for _ in range(MOST_COMMENTS):
        at = data.rfind(WORD, 0, end)
        if at < 0:
            return ""
        end = at
        if COMMENT.search(data, max(0, at - 8), at) is None:
            continue
        found = ADDRESS.match(data, at + len(WORD))
        stop = found.end() if found is not None else at
        if len(data) - stop <= LONGEST_TAIL and TAIL.match(data, stop) is not None:
            return data[at + len(WORD) : stop].decode("utf-8", "replace")
    return ""


def _candidates(path: str, address: str) -> Iterator[str]:
    """The files that may be the map: where the comment says, else one of that name beside."""
    folder = posixpath.dirname(path)
    name = unquote(re.split(r"[?#]", address)[0])
    if name and not REMOTE.match(name):
        if not name.startswith("/"):
            yield posixpath.normpath(posixpath.join(folder, name))
        above = folder
        while name.startswith("/") and above:  # from the root of the site, wherever that is
            yield posixpath.join(above, name.lstrip("/"))
            above = posixpath.dirname(above)
        yield posixpath.normpath(name.lstrip("/"))
    if name:
        yield posixpath.join(folder, posixpath.basename(name))
    yield path + ".map"


def _inline(address: str) -> bytes:
    """The bytes of a map that stands in its bundle."""
    head, comma, body = address.partition(",")
    if not comma:
        raise Unreadable("it breaks off")
    data = unquote_to_bytes(body)
    if not head.endswith(";base64"):
        return data
    try:
        return b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except ValueError:
        raise Unreadable("it is no base64") from None


def _json(data: bytes) -> dict[str, Any]:
    text = GUARD.sub(b"", data.removeprefix(b"\xef\xbb\xbf"))
    try:
        said = json.loads(text.decode("utf-8", "replace"))
    except ValueError:
        raise Unreadable("it is no JSON, or breaks off") from None
    if not isinstance(said, dict):
        raise Unreadable("it is no source map")
    return said


def _parts(
    said: dict[str, Any], at: Point = FIRST, deep: int = 0
) -> Iterator[tuple[Point, Point | None, dict[str, Any]]]:
    """The maps that a map is made of, each with where it begins and ends in the bundle."""
    sections = said.get("sections")
    if sections is None:
        if said.get("version") != 3:
            raise Unreadable("it is of a version that is not known; version 3 is")
        yield at, None, said
        return
    if not isinstance(sections, list) or len(sections) > MOST_SECTIONS or deep >= DEEPEST:
        raise Unreadable("its sections are none that can be followed")
    begins = [_offset(each, at) for each in sections]
    for number, (start, section) in enumerate(zip(begins, sections, strict=True)):
        if not isinstance(inner := section.get("map"), dict):
            raise Unreadable("a section of it is kept elsewhere")
        end = begins[number + 1] if number + 1 < len(begins) else None
        for begin, own, part in _parts(inner, start, deep + 1):
            yield begin, own if own is not None and (end is None or own < end) else end, part


def _offset(section: Any, at: Point) -> Point:
    offset = section.get("offset") if isinstance(section, dict) else None
    line, column = (
        (offset.get("line"), offset.get("column")) if isinstance(offset, dict) else (None, None)
    )
    if not isinstance(line, int) or not isinstance(column, int) or min(line, column) < 0:
        raise Unreadable("a section of it says not where it begins")
    return Point(at.line + line, column + (at.column if line == 0 else 0))


def _sources(part: dict[str, Any]) -> list[str]:
    """The names of a map's sources, below the root that it tells."""
    listed, root = part.get("sources"), part.get("sourceRoot")
    if not isinstance(listed, list) or len(listed) > MOST_SOURCES:
        raise Unreadable("it lists no sources")
    before = root.rstrip("/") + "/" if isinstance(root, str) and root else ""
    if isinstance(root, str) and root.strip("/") == "":
        before = "/" if root else ""
    return [
        (name if _is_absolute(name) else before + name) if isinstance(name, str) else ""
        for name in listed
    ]


def _is_absolute(name: str) -> bool:
    return name.startswith(("/", "\\")) or re.match(r"[A-Za-z][\w+.-]*:", name) is not None


def _text(part: dict[str, Any], key: str) -> str:
    value = part.get(key)
    if not isinstance(value, str):
        raise Unreadable(f"it has no {key}")
    return value


def _ignored(part: dict[str, Any]) -> Sequence[Any]:
    """The numbers of the sources that a map marks as somebody else's."""
    ignored = part.get("ignoreList", part.get("x_google_ignoreList"))
    return ignored if isinstance(ignored, list) else ()


def _own_sources(part: dict[str, Any], files: Sequence[_File]) -> Iterator[tuple[int, Source]]:
    """The sources of the site's own whose text is in the map, with their numbers there."""
    contents, ignored = part.get("sourcesContent"), _ignored(part)
    listed = enumerate(zip(files, contents if isinstance(contents, list) else (), strict=False))
    for number, (file, text) in listed:
        own = file.path and not file.is_here and not file.package and number not in ignored
        if own and isinstance(text, str) and len(text) <= LONGEST_SOURCE:
            yield number, Source(file.path, text.encode("utf-8", "replace"))


def _uses(fact: Fact) -> bool:
    """Does a fact itself use a package by its name, which a bundle does not keep?"""
    return (
        isinstance(fact, Call)
        and fact.callee.removeprefix("new ").startswith("npm:")
        and not fact.through
    )


def _offset_in(bundle: Source, point: Point) -> int:
    """The offset of a place of the bundle."""
    start = 0
    for _ in range(point.line):
        start = bundle.data.find(b"\n", start) + 1
        if not start:
            return len(bundle.data)
    end = bundle.data.find(b"\n", start)
    line = bundle.data[start : end if end >= 0 else None]
    mark = 3 if not start and line.startswith(b"\xef\xbb\xbf") else 0
    before = line[mark:].decode("utf-8", "replace").encode("utf-16-le")[: 2 * point.column]
    return start + mark + len(before.decode("utf-16-le", "replace").encode())


def _point(place: Place) -> Point:
    region = place.region
    column = region.utf16[0] if all(region.utf16) else region.column
    return Point(region.line - 1, column - 1)


def _code_points(text: str | None, spot: Spot) -> int:
    """A column in code points, for one in UTF-16 units."""
    lines = text.split("\n", spot.line + 1) if text is not None else []
    if spot.line >= len(lines):
        return spot.column
    before = lines[spot.line].encode("utf-16-le", "surrogatepass")[: 2 * spot.column]
    return len(before.decode("utf-16-le", "replace"))
