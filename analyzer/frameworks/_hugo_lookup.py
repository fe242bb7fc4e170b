"""Which of a Hugo site's templates shows a page, and which base stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks import Project
from analyzer.frameworks._generators import below
from analyzer.model import FILL, Block

PARTS = re.compile(
    r"^(?:_?partials|_?shortcodes|_markup|_default/_markup)/|/_markup/|(?:^|/)baseof[.\w-]*$"
)
OTHER_OUTPUTS = re.compile(r"\.(?:xml|json|txt|ics|csv|amp\.html|print\.html|rss\.xml|ansible)$")
NAMES = {  # the names of a kind's templates, the most fitting first
    "home": ("index", "home", "list", "all"),
    "page": ("single", "page", "all"),
    "section": ("section", "list", "all"),
    "taxonomy": ("terms", "taxonomy", "list", "all"),
    "term": ("term", "taxonomy", "list", "all"),
    "404": ("404",),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to find a template for: its kind, its folders, its type, and the layout it names."""

    kind: str
    folders: tuple[str, ...] = ()
    type: str = ""
    layout: str = ""


class Templates:
    """The templates of all layers as one: a name means the first layer's file."""

    def __init__(self, project: Project, layers: tuple[str, ...]) -> None:
        self.project = project
        self.layers = layers
        self.by_name: dict[str, str] = {}
        self.files: list[str] = []
        for layer in layers:
            for path in sorted(below(project.paths, layer)):
                if path.lower().endswith((".html", ".htm")):
                    self.files.append(path)
                    self.by_name.setdefault(path.removeprefix(layer), path)

    def name_of(self, path: str) -> str:
        """The template's path in its folder of layouts."""
        return next(
            (path.removeprefix(each) for each in self.layers if path.startswith(each)), path
        )

    @property
    def pages(self) -> Iterator[str]:
        """The templates that show a page by themselves, as far as their names tell."""
        for name, path in self.by_name.items():
            if not PARTS.search(name) and not OTHER_OUTPUTS.search(name) and self._shows(path):
                yield path

    def _shows(self, path: str) -> bool:
        return self.project.is_whole(path) or self._defines(path)

    def template(self, wanted: Wanted) -> str:
        """The template of a page, or an empty text where none is here."""
        names = ((wanted.layout,) if wanted.layout else ()) + NAMES[wanted.kind]
        for folder in self._folders(wanted):
            for name in names:
                if name == "index" and folder:
                    continue
                if found := self.by_name.get(f"{folder}{name}.html"):
                    return found
        return ""

    def base(self, wanted: Wanted, template: str) -> str:
        """The base around a page's template; none where the template is no set of definitions."""
        if not self._defines(template):
            return ""
        own = self.name_of(template).removesuffix(".html").rpartition("/")[2]
        for folder in self._folders(wanted):
            for name in (f"{own}-baseof", f"baseof.{wanted.kind}", "baseof"):
                if found := self.by_name.get(f"{folder}{name}.html"):
                    return found
        return ""

    def partial(self, name: str) -> str:
        """The site's or a theme's own part of this name."""
        return self.by_name.get(f"partials/{name}") or self.by_name.get(f"_partials/{name}") or ""

    def shortcode(self, name: str) -> str:
        """The template of a shortcode."""
        for folder in ("shortcodes/", "_shortcodes/"):
            if found := self.by_name.get(f"{folder}{name}.html"):
                return found
        return ""

    def _folders(self, wanted: Wanted) -> Iterator[str]:
        """The folders in which templates are looked up, the nearest first."""
        found = [wanted.type] if wanted.type else []
        if not wanted.type or wanted.folders[:1] == (wanted.type,):
            found = [
                "/".join(wanted.folders[:depth]) for depth in range(len(wanted.folders), 0, -1)
            ]
        if wanted.kind in ("taxonomy", "term"):
            found += [wanted.kind, "taxonomy"]
        elif wanted.folders:
            found.append(wanted.folders[0])
            if wanted.kind == "section":
                found.append("section")
        for folder in dict.fromkeys(found):
            yield folder + "/"
        if wanted.kind in ("home", "404"):
            yield ""
        yield "_default/"
        yield ""

    def _defines(self, path: str) -> bool:
        return any(each.name.startswith(FILL) for each in self.project.facts_in(path, Block))
