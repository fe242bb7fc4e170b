"""All PHP files of a project together: who includes, calls and prints what.

Every link is a `Way` between two spots (a file, or a function in it). Only those count that lead
to something that a page shows; the others would make every library a part of every page.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

from analyzer.frameworks import Join, Missing, Project
from analyzer.frameworks._php_notes import Parts, PhpNote
from analyzer.frameworks._php_paths import Found, Paths
from analyzer.model import (
    FRAGMENT,
    Assign,
    Block,
    Call,
    Frame,
    Guard,
    Include,
    Pixel,
    Place,
    Push,
    Request,
    ScriptLoad,
    Style,
)

SHOWN = (ScriptLoad, Pixel, Frame, Style, Call, Assign, Push, Request, Include)
MOST_NAMESAKES = 4  # functions or methods of one name that a call may mean
SAME_NAME = 0.7  # how sure a link by nothing but a name is
MOST_PARENTS = 12
VIEW_FOLDERS = frozenset({"views", "view", "templates", "template", "element", "partials"})
Spot: TypeAlias = tuple[str, str]  # a file, and a function in it or an empty text


@dataclass(frozen=True, slots=True)
class Way:
    """One spot shows another one."""

    outer: Spot
    inner: Spot
    place: Place
    guards: tuple[Guard, ...] = ()
    blocks: tuple[str, ...] = ()
    confidence: float = 1.0

    @property
    def join(self) -> Join:
        return Join(
            "includes",
            self.outer[0],
            self.inner[0],
            self.place,
            self.inner[1],
            self.guards,
            self.blocks,
            confidence=self.confidence,
        )


class PhpSite:
    """The PHP of one project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.notes: dict[str, list[PhpNote]] = {}
        for note in project.facts(PhpNote):
            self.notes.setdefault(note.place.path, []).append(note)
        # what frameworks that are written in PHP know: more ways, and ways that lead nowhere
        self.added: list[Way] = []
        self.lost: list[tuple[Spot, Missing]] = []
        self.folders: Callable[[str, str], Iterable[tuple[str, Parts]]] = _no_folders
        self.paths = Paths(project.paths, self._constant, self._folder)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files that were read as PHP."""
        return tuple(
            path
            for path in sorted(self.project.all_templates)
            if self.project.engine(path) == "php"
        )

    def all(self, kind: str, *names: str) -> Iterator[PhpNote]:
        """The notes of a kind, and of these names where some are given."""
        for note in self._by_kind.get(kind, ()):
            if not names or note.name in names:
                yield note

    @cached_property
    def _by_kind(self) -> dict[str, list[PhpNote]]:
        found: dict[str, list[PhpNote]] = {}
        for notes in self.notes.values():
            for note in notes:
                found.setdefault(note.kind, []).append(note)
        return found

    # ------------------------------------------------------------ names

    @cached_property
    def functions(self) -> dict[str, list[str]]:
        """The files that define each function; methods stand behind their class."""
        found: dict[str, list[str]] = {}
        for fact in self.project.facts(Block):
            if fact.name.startswith(FRAGMENT) and fact.place.path in self.notes:
                name = fact.name.removeprefix(FRAGMENT)
                files = found.setdefault(name, [])
                if fact.place.path not in files:
                    files.append(fact.place.path)
        return found

    @cached_property
    def _methods(self) -> dict[str, list[str]]:
        """The full names of the methods of each name."""
        found: dict[str, list[str]] = {}
        for name in self.functions:
            owner, colons, method = name.rpartition("::")
            if colons and owner:
                found.setdefault(method, []).append(name)
        return found

    @cached_property
    def _parents(self) -> dict[str, str]:
        return {note.name: note.text(0) for note in self.all("class")}

    @cached_property
    def _constants(self) -> dict[str, list[PhpNote]]:
        found: dict[str, list[PhpNote]] = {}
        for note in self.all("define"):
            found.setdefault(note.name, []).append(note)
        return found

    def _constant(self, name: str, asked_by: str) -> Iterator[tuple[str, Parts]]:
        """The values of a constant: of the file itself, else of all files that define it."""
        known = self._constants.get(name, [])
        own = [note for note in known if note.place.path == asked_by]
        yield from ((note.place.path, note.value) for note in own or known[:8])

    def _folder(self, name: str, asked_by: str) -> Iterable[tuple[str, Parts]]:
        return self.folders(name, asked_by)

    def meant(self, name: str, path: str, function: str = "") -> list[tuple[Spot, float]]:
        """The functions that a call in a file may mean."""
        owner, colons, method = name.rpartition("::")
        if owner == "parent":
            inside = function.rpartition("::")[0]
            owner = self._parents.get(inside, "")
            name = f"{owner}::{method}"
        for _ in range(MOST_PARENTS):
            if files := self.functions.get(name):
                own = [path] if path in files else files[:MOST_NAMESAKES]
                return [((each, name), 1.0 if len(own) == 1 else SAME_NAME) for each in own]
            if not colons or not (owner := self._parents.get(owner, "")):
                break
            name = f"{owner}::{method}"
        if colons and owner and not name.startswith("->"):
            return []
        bare = name.rpartition("->")[2].rpartition("::")[2]
        if not (name.startswith("->") or colons) or bare == "__construct":
            return []
        alike = self._methods.get(bare, [])
        if not 0 < len(alike) <= MOST_NAMESAKES:
            return []
        sure = SAME_NAME if len(alike) == 1 else 0.5
        return [((file, each), sure) for each in alike for file in self.functions[each][:1]]

    # ------------------------------------------------------------ ways

    @cached_property
    def plain_ways(self) -> list[Way]:
        """What the files say themselves: includes, views, and calls of their own functions."""
        return [way for notes in self.notes.values() for note in notes for way in self._ways(note)]

    def _ways(self, note: PhpNote) -> Iterator[Way]:
        outer = (note.place.path, note.function)
        match note.kind:
            case "include" if not _depends(note.value):
                for path, sure in self.included(note):
                    yield self.way(note, (path, ""), sure)
            case "call":
                for spot, sure in self.meant(note.name, *outer):
                    yield self.way(note, spot, sure)
                    for path, certain in self._loaded(note, spot):
                        yield self.way(note, (path, ""), min(sure, certain))

    def way(self, note: PhpNote, inner: Spot, confidence: float = 1.0) -> Way:
        """What a note leads to, under the conditions that stand around the note."""
        outer = (note.place.path, note.function)
        return Way(outer, inner, note.place, note.guards, note.blocks, confidence)

    def included(self, note: PhpNote) -> Found:
        """The files that an include means."""
        path = note.place.path
        found = self.paths.files(note.value, path)
        return [(each, sure) for each, sure in found if each != path]

    def viewed(self, value: Parts, asked_by: str) -> Found:
        """The files that the name of a view means: from the folder of views, without a suffix."""
        text = "".join(words for kind, words in value if kind == "text")
        if len(value) != 1 or value[0][0] != "text" or not text.strip("/"):
            return []
        name = text.strip("/").replace(".php", "")
        endings = (f"{name}.php", f"{name}.phtml", f"{name}.html.php", f"{name}.tpl")
        found = [
            folder + ending
            for folder in self._view_folders
            for ending in endings
            if folder + ending in self.project.paths
        ]
        near = [each for each in found if asked_by.startswith(_application(each))][:1] or found
        sure = 0.95 if len(near) == 1 else SAME_NAME
        return [(each, sure) for each in near[:MOST_NAMESAKES]]

    @cached_property
    def _view_folders(self) -> tuple[str, ...]:
        """The folders that views are kept in, and the elements inside of templates."""
        found: dict[str, None] = {}
        for path in sorted(self.notes):
            folders = path.split("/")[:-1]
            for depth, name in enumerate(folders, 1):
                if name.lower() in VIEW_FOLDERS:
                    found["/".join(folders[:depth]) + "/"] = None
        return tuple(found)

    # ------------------------------------------------------------ a project's own loaders

    @cached_property
    def loaders(self) -> dict[Spot, list[PhpNote]]:
        """The functions that include a file whose path holds one of their parameters."""
        found: dict[Spot, list[PhpNote]] = {}
        for kind in ("include", "view"):
            for note in self.all(kind):
                if note.function and _depends(note.value):
                    found.setdefault((note.place.path, note.function), []).append(note)
        return found

    def _loaded(self, call: PhpNote, spot: Spot) -> Found:
        """The files that a call of such a function includes."""
        found: dict[str, float] = {}
        for note in self.loaders.get(spot, ()):
            for value in _filled(note.value, call):
                where = note.place.path
                files = (
                    self.viewed(value, where)
                    if note.kind == "view"
                    else self.paths.files(value, where)
                )
                for path, sure in files:
                    found[path] = max(found.get(path, 0.0), sure)
        return list(found.items())

    # ------------------------------------------------------------ what leads to something shown

    @cached_property
    def telling(self) -> frozenset[Spot]:
        """The spots that say something that a page may show."""
        found: set[Spot] = set()
        for path in self.notes:
            for fact in self.project.parsed[path].facts:
                if isinstance(fact, SHOWN):
                    inside = [name for name in fact.blocks if name.startswith(FRAGMENT)]
                    found.add((path, inside[-1].removeprefix(FRAGMENT) if inside else ""))
        found.update((note.place.path, "") for note in self.all("prints"))
        found.update((path, "") for path in self.project.all_templates if path not in self.notes)
        return frozenset(found)

    def leading(self, ways: Iterable[Way]) -> list[Way]:
        """The ways that lead to something shown, each once."""
        into: dict[Spot, list[Way]] = {}
        for way in dict.fromkeys(ways):
            into.setdefault(way.inner, []).append(way)
        queue, seen, kept = deque(self.telling), set(self.telling), []
        while queue:
            for way in into.get(queue.popleft(), ()):
                kept.append(way)
                if way.outer not in seen:
                    seen.add(way.outer)
                    queue.append(way.outer)
        return kept


@lru_cache(maxsize=1)
def site_of(project: Project) -> PhpSite:
    """The project's PHP, read once for all frameworks that ask."""
    return PhpSite(project)


def _application(view: str) -> str:
    """The folder of the application that a view belongs to."""
    folders = view.split("/")
    depth = next(at for at, name in enumerate(folders) if name.lower() in VIEW_FOLDERS)
    return "".join(folder + "/" for folder in folders[:depth])


def _no_folders(name: str, asked_by: str) -> Iterable[tuple[str, Parts]]:
    return ()


def _depends(value: Parts) -> bool:
    return any(kind in ("param", "item") for kind, _ in value)


def _filled(value: Parts, call: PhpNote) -> Iterator[Parts]:
    """A loader's path with what a call gives for its parameters; several for a list."""
    made: list[Parts] = [()]
    for kind, words in value:
        if kind not in ("param", "item"):
            made = [(*each, (kind, words)) for each in made]
            continue
        number, _, default = words.partition(":")
        place = int(number) if number.isdigit() else 0
        texts = call.texts(place) if place < len(call.values) else ()
        if not texts and default and not (call.values[place : place + 1] or ((),))[0]:
            texts = (default,)
        if not texts:
            return
        made = [(*each, ("text", text)) for each in made for text in texts][:24]
    for each in made:
        yield _joined(each)


def _joined(value: Parts) -> Parts:
    """Neighbouring texts as one."""
    found: list[tuple[str, str]] = []
    for kind, words in value:
        if kind == "text" and found and found[-1][0] == "text":
            found[-1] = ("text", found[-1][1] + words)
        else:
            found.append((kind, words))
    return tuple(found)
