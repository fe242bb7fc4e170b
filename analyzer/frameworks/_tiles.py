"""Tiles: definitions that put a layout and several pages of JSP together under one name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.frameworks import Project
from analyzer.frameworks._xml import directly, inside, place_of, root_of, value
from analyzer.model import Fact, Place, Source

DEEPEST = 20  # definitions that extend each other
MAIN = ("body", "content", "main", "page", "mainContent", "bodyContent")
PAGE = re.compile(r"\.(?:jspx?|jspf|html?|ftlh?|vm)$", re.I)
WEB_ROOTS = ("src/main/webapp", "WebContent", "WebRoot", "web", "webapp", "public_html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Fact):
    """A definition: its name, the layout, the definition it extends, and what it puts where."""

    name: str
    template: str
    extends: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A definition with everything that it inherits: the page, its layout and its other parts."""

    name: str
    page: str
    layout: str
    parts: tuple[tuple[str, str], ...]
    place: Place


@dataclass(slots=True)
class _Told:
    template: str = ""
    values: dict[str, str] = field(default_factory=dict)


def read(source: Source) -> Iterator[Fact]:
    """The definitions of a tiles.xml."""
    root = root_of(source, "tiles-definitions")
    if root is None:
        return
    for each in inside(root, "definition"):
        name = value(each, "name")
        values = tuple(
            (value(put, "name"), value(put, "value", "content", "definition"))
            for put in directly(each, "put-attribute", "put")
        )
        layout = value(each, "template", "page", "path")
        layout = layout or next(
            (value(one, "value", "expression") for one in directly(each, "template")), ""
        )
        if name:
            yield Definition(
                place=place_of(source, each, f'"{name}"'),
                name=name,
                template=layout,
                extends=value(each, "extends"),
                values=values,
            )


class Definitions:
    """All definitions of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.known: Mapping[str, Definition] = {
            each.name: each for each in project.facts(Definition)
        }

    def composed(self) -> Iterator[Composed]:
        """What every definition shows; one with wildcards for each file that fits."""
        for each in self.known.values():
            if "*" in each.name or "{" in "".join(value for _, value in each.values):
                yield from self._expanded(each)
            else:
                yield from self._compose(each, each.name, ())

    def pages(self, view: str) -> list[str]:
        """The pages that a view's name means as a definition."""
        if not self.known:
            return []
        if (each := self.known.get(view)) is not None:
            return [one.page for one in self._compose(each, view, ())]
        for each in self.known.values():
            shape = re.escape(each.name).replace(r"\*", "([^/]*)")
            if "*" in each.name and (found := re.fullmatch(shape, view)):
                return [one.page for one in self._compose(each, view, found.groups())]
        return []

    def file(self, name: str, asked_by: str) -> str:
        """The file that a path from the web root means."""
        found = self.project.templates(name, "jsp", asked_by) if name else []
        return found[0] if found else ""

    def _compose(
        self, definition: Definition, name: str, groups: tuple[str, ...]
    ) -> Iterator[Composed]:
        told = self._told(definition)
        asked_by = definition.place.path
        files: dict[str, str] = {}
        for key, written in told.values.items():
            said = _filled(written, groups)
            if said in self.known and said != definition.name:
                said = self._told(self.known[said]).template
            if PAGE.search(said) and (path := self.file(said, asked_by)):
                files[key] = path
        layout = self.file(_filled(told.template, groups), asked_by)
        extended = any(each.extends == definition.name for each in self.known.values())
        own = [key for key, _ in definition.values if key in files and not extended]
        main = next((key for key in MAIN if key in files), own[-1] if own else "")
        if main:
            parts = tuple((key, path) for key, path in files.items() if key != main)
            yield Composed(name, files[main], layout, parts, definition.place)
        elif layout and not extended:
            yield Composed(name, layout, "", tuple(files.items()), definition.place)

    def _told(self, definition: Definition) -> _Told:
        """A definition with what it inherits; what is nearer counts."""
        told = _Told()
        at: Definition | None = definition
        for _ in range(DEEPEST):
            if at is None:
                break
            told.template = told.template or at.template
            for key, said in at.values:
                told.values.setdefault(key, said)
            at = self.known.get(at.extends)
        return told

    def _expanded(self, definition: Definition) -> Iterator[Composed]:
        """A definition such as `*/*` for all files that its main value may mean."""
        told = self._told(definition)
        main = next(
            (told.values[key] for key in (*MAIN, *told.values) if "{" in told.values.get(key, "")),
            "",
        )
        if not main:
            return
        pieces = re.split(r"\{(\d)\}", main.lstrip("/"))
        shape = "".join(
            re.escape(piece) if number % 2 == 0 else f"(?P<g{piece}_{number}>[^/]+)"
            for number, piece in enumerate(pieces)
        )
        pattern = re.compile(rf"(?:^|/){shape}$")
        for path in sorted(self.project.paths):
            if found := pattern.search(path):
                groups = {key[1]: said for key, said in found.groupdict().items()}
                ordered = tuple(groups.get(str(number), "") for number in range(1, 10))
                yield from self._compose(definition, definition.name, ordered)


def _filled(written: str, groups: tuple[str, ...]) -> str:
    """`/WEB-INF/{1}.jsp` with what the wildcards stand for."""
    return re.sub(
        r"\{(\d)\}",
        lambda found: groups[int(found[1]) - 1] if 0 < int(found[1]) <= len(groups) else found[0],
        written,
    )
