"""Which files a PHP path means: beside the file that asks, below the web root, or further up.

PHP looks for a relative path from the folder of the script that was asked for, which an included
file cannot know; and a path may begin with a folder that exists on the server only.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from analyzer.frameworks import folder_of
from analyzer.frameworks._php_notes import Parts

Found: TypeAlias = list[tuple[str, float]]
Lookup: TypeAlias = Callable[[str, str], Iterable[tuple[str, Parts]]]  # a name, who asks: values

MOST_FILES = 60  # that a name made at run time may mean
MOST_CHOICES = 24
DEEPEST = 6  # constants that are made of other constants
SURE, NEAR, STRIPPED, GUESSED = 1.0, 0.95, 0.8, 0.4
ENDINGS = (".php", ".phtml", ".inc", ".html", ".htm", ".tpl")
ROOTS = ("", "public/", "public_html/", "htdocs/", "www/", "web/", "html/", "httpdocs/", "src/")
FOLDERS = {  # functions and constants for a folder, by what its path ends with
    "apppath": ("application/", "app/"),
    "viewpath": ("application/views/", "app/Views/"),
    "abspath": ("",),
    "basepath": ("system/",),
    "fcpath": ("public/", ""),
    "app_path": ("app/",),
    "base_path": ("",),
    "wp_content_dir": ("wp-content/", ""),
    "wp_plugin_dir": ("wp-content/plugins/", "plugins/"),
}
SPOT = "\0"  # stands for what only the running program knows


class Paths:
    """The files of a project by the ways in which PHP names them."""

    def __init__(self, paths: Iterable[str], constants: Lookup, folders: Lookup) -> None:
        self.paths = frozenset(paths)
        self._constants = constants
        self._folders = folders  # what a function such as get_template_directory() gives back

    def files(self, value: Parts, asked_by: str) -> Found:
        """The files that a value may mean, each with how sure that is."""
        found: dict[str, float] = {}
        for base, rest, confidence in list(self._written(value, asked_by, 0))[:MOST_CHOICES]:
            for path, sure in self._looked_up(base, rest, asked_by):
                found[path] = max(found.get(path, 0.0), min(sure, confidence))
        return sorted(found.items(), key=lambda each: (-each[1], each[0]))

    def shown(self, value: Parts) -> str:
        """The value as a reader would write it."""
        return "".join(words if kind == "text" else _gap(kind, words) for kind, words in value)

    # ------------------------------------------------------------ what is written

    def _written(
        self, value: Parts, asked_by: str, depth: int
    ) -> Iterator[tuple[str | None, str, float]]:
        """A value as a folder (None where it is relative) and the path below it."""
        if not value or depth > DEEPEST:
            return
        (kind, words), rest = value[0], _text_of(value[1:])
        match kind:
            case "text":
                yield None, words + rest, SURE
            case "dir":
                slash = "" if rest.startswith("/") else "/"  # many forget it, and mean it
                yield _up(folder_of(asked_by), int(words)), slash + rest, SURE
            case "root":
                for root in ROOTS:
                    yield root, rest, SURE if not root else NEAR
            case "call" | "name":
                yield from self._named(kind, words, rest, asked_by, depth)
            case _:
                yield None, SPOT + rest, GUESSED

    def _named(
        self, kind: str, name: str, rest: str, asked_by: str, depth: int
    ) -> Iterator[tuple[str | None, str, float]]:
        known = False
        for folder in FOLDERS.get(name.lower(), ()):
            for path in self._above(asked_by):
                yield path + folder, rest, NEAR
                known = True
        for defined_in, value in self._constants(name, asked_by) if kind == "name" else ():
            known = True
            for base, inner, sure in self._written(value, defined_in, depth + 1):
                yield base, inner + rest, sure
        for folder, _ in self._folders(name, asked_by):
            known = True
            yield folder.rstrip("/"), rest, SURE  # which ends without a slash
        if not known:
            yield None, SPOT + rest, GUESSED

    # ------------------------------------------------------------ where it is

    def _looked_up(self, base: str | None, rest: str, asked_by: str) -> Iterator[tuple[str, float]]:
        written = rest.replace("\\", "/")
        if SPOT in written:
            yield from self._matching(base, written, asked_by)
            return
        if base is not None:
            beside = base + written if base else written.lstrip("/")
            yield from self._at("", beside, SURE)
            return
        if written.startswith("/"):
            yield from self._relative(written.lstrip("/"), ROOTS, NEAR)
            return
        if found := list(self._at(folder_of(asked_by), written, SURE)):
            yield from found
            return
        yield from self._relative(written, self._above(asked_by), NEAR)

    def _relative(
        self, written: str, bases: Iterable[str], confidence: float
    ) -> Iterator[tuple[str, float]]:
        """From the folder of some script above, else without folders that are not in the files."""
        bare = re.sub(r"^(?:\.{1,2}/)+", "", posixpath.normpath(written))
        folders, bases = bare.split("/"), tuple(bases)
        for dropped in range(len(folders)):
            name = "/".join(folders[dropped:])
            gone = "/".join(folders[:dropped]) + "/"
            if dropped and any(base + gone in self._all_folders for base in bases):
                return
            for base in bases:
                if found := list(self._at(base, name, STRIPPED if dropped else confidence)):
                    yield from found
                    return

    def _at(self, base: str, rest: str, confidence: float) -> Iterator[tuple[str, float]]:
        path = posixpath.normpath(posixpath.join(base, rest))
        if path in self.paths:
            yield path, confidence

    def _matching(
        self, base: str | None, written: str, asked_by: str
    ) -> Iterator[tuple[str, float]]:
        """The files that a path with gaps may mean; one that is hardly written means none."""
        literal = written.replace(SPOT, "").strip("./")
        for ending in ENDINGS:
            literal = literal.removesuffix(ending.lstrip("."))
        if len(literal.strip("./")) < 3 and (base is None or "/" not in written.strip("/")):
            return
        starts = [base] if base is not None else [folder_of(asked_by), *self._above(asked_by)]
        if written.startswith(SPOT):
            end = _pattern(written.removeprefix(SPOT).lstrip("/"))
            found = [path for path in self._php if re.fullmatch(f"(?:.*/)?{end}", path)]
            if len(found) == 1:
                yield found[0], STRIPPED
            elif "/" in written.removeprefix(SPOT).strip("/"):
                yield from ((path, GUESSED) for path in found[:MOST_FILES])
            return
        for start in starts:
            wanted = re.compile(_pattern(posixpath.normpath(start + written.lstrip("/"))))
            if found := [path for path in self._php if wanted.fullmatch(path)]:
                yield from ((path, GUESSED) for path in found[:MOST_FILES])
                return

    @cached_property
    def _php(self) -> Sequence[str]:
        return sorted(path for path in self.paths if path.lower().endswith(ENDINGS))

    @cached_property
    def _all_folders(self) -> frozenset[str]:
        found: set[str] = set()
        for path in self.paths:
            folder = folder_of(path)
            while folder and folder not in found:
                found.add(folder)
                folder = folder_of(folder.rstrip("/"))
        return frozenset(found)

    def _above(self, path: str) -> tuple[str, ...]:
        """The folders above a file, the nearest first."""
        folders = posixpath.dirname(path).split("/") if "/" in path else []
        return tuple(
            "/".join(folders[:depth]) + "/" if depth else ""
            for depth in range(len(folders) - 1, -1, -1)
        ) or ("",)


def _pattern(path: str) -> str:
    """A path with gaps as an expression; a gap is one name."""
    return "[^/]+".join(re.escape(part) for part in path.split(SPOT))


def _text_of(parts: Parts) -> str:
    """The parts behind the first one, with a gap for each that is not known."""
    return "".join(words if kind == "text" else SPOT for kind, words in parts)


def _up(folder: str, steps: int) -> str:
    parts = folder.rstrip("/").split("/") if folder else []
    kept = parts[: max(0, len(parts) - steps)]
    return "/".join(kept) + "/" if kept else ""


def _gap(kind: str, words: str) -> str:
    match kind:
        case "dir":
            return "__DIR__" if words == "0" else f"dirname(__DIR__, {words})"
        case "root":
            return "DOCUMENT_ROOT"
        case "call":
            return f"{words}()"
        case "param":
            return "$" + "…"
    return words or "…"
