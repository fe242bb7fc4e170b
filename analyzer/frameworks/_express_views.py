"""Where a Node server looks for its views and layouts."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property

from analyzer.frameworks import Project
from analyzer.frameworks._express_settings import ViewSetting

SUFFIXES = (
    ".pug",
    ".jade",
    ".ejs",
    ".hbs",
    ".handlebars",
    ".njk",
    ".nunjucks",
    ".html",
    ".mustache",
    ".twig",
    ".liquid",
    ".eta",
    ".hjs",
)
PARTS = re.compile(
    r"(?:^|/)(?:_[^/]*|(?:partials?|includes?|_includes|components?|snippets?|mixins?|macros?|layouts?"
    r"|emails?|mails?)(?:/.*)?)$",
    re.I,
)
ENGINES = {  # packages that wrap every view in a layout, and the layout's name where none is said
    "npm:express-handlebars": ("main", (".handlebars", ".hbs", ".html")),
    "npm:express-ejs-layouts": ("layout", (".ejs", ".html")),
    "npm:hbs": ("layout", (".hbs", ".html")),
}


class Views:
    """The folders of views of each package, and the templates in them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.settings = list(project.facts(ViewSetting))

    @cached_property
    def _packages(self) -> tuple[str, ...]:
        """The folders with a package.json, the deepest first."""
        found = {posixpath.dirname(path) for path in self.project.named("package.json")}
        return tuple(sorted(found, key=lambda folder: -len(folder)))

    def package(self, path: str) -> str:
        """The folder of the package that a file belongs to."""
        return next(
            (each for each in self._packages if not each or path.startswith(each + "/")), ""
        )

    def folders(self, package: str, what: str = "views") -> tuple[str, ...]:
        """The folders of views or of layouts that a package's scripts name."""
        found: dict[str, None] = {}
        for each in self.settings:
            if each.what != what or self.package(each.place.path) != package:
                continue
            start = posixpath.dirname(each.place.path) if each.value.startswith(".") else package
            found[posixpath.normpath(posixpath.join(start, each.value.lstrip("/")))] = None
        if what == "views":
            usual = [posixpath.join(package, each) for each in ("views", "src/views", "app/views")]
            found.update(dict.fromkeys([each for each in usual if self._holds(each)]))
        return tuple(found)

    def _holds(self, folder: str) -> bool:
        return any(path.startswith(folder + "/") for path in self.project.all_templates)

    def find(self, package: str, name: str) -> str:
        """The template that a view's name means."""
        name = name.lstrip("/")
        for folder in self.folders(package):
            base = posixpath.normpath(posixpath.join(folder, name))
            wanted = [base, *(base + suffix for suffix in self._suffixes(package))]
            wanted += [f"{base}/index{suffix}" for suffix in self._suffixes(package)]
            found = next((each for each in wanted if self.project.is_template(each)), "")
            if found:
                return found
        ends = tuple(f"/{name}{suffix}" for suffix in ("", *self._suffixes(package)))
        likely = [
            path
            for path in self.project.all_templates
            if f"/{path}".endswith(ends) and self.package(path) == package
        ]
        return likely[0] if len(likely) == 1 else ""

    def _suffixes(self, package: str) -> tuple[str, ...]:
        said = [
            "." + each.value.lstrip(".")
            for each in self.settings
            if each.what == "engine" and self.package(each.place.path) == package
        ]
        return tuple(dict.fromkeys((*said, *SUFFIXES)))

    def templates(self, package: str) -> dict[str, str]:
        """The templates below the folders of views, each with its name there."""
        found: dict[str, str] = {}
        for folder in self.folders(package):
            for path in self.project.all_templates:
                if path.startswith(folder + "/") and path.lower().endswith(SUFFIXES):
                    found.setdefault(path, path.removeprefix(folder + "/"))
        return found

    # ------------------------------------------------------------ layouts

    def default_layout(self, package: str) -> str:
        """The layout around every view of a package; empty where there is none."""
        said = [
            each.value
            for each in self.settings
            if each.what == "layout" and self.package(each.place.path) == package
        ]
        if said:
            return self.layout(package, said[-1])
        for name, (layout, _) in ENGINES.items():
            if self.project.uses(name):
                return self.layout(package, layout)
        return ""

    def layout(self, package: str, name: str) -> str:
        """The file of a layout, by its name."""
        if not name:
            return ""
        views = self.folders(package)
        folders = (
            *self.folders(package, "layouts"),
            *(f"{each}/layouts" for each in views),
            *views,
        )
        for folder in (*folders, package):
            base = posixpath.normpath(posixpath.join(folder, name.lstrip("./")))
            for suffix in ("", *self._suffixes(package)):
                if self.project.is_template(base + suffix):
                    return base + suffix
        return ""
