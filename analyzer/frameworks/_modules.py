"""Python modules by their dotted names, and what a name that one of them offers means."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import takewhile

from analyzer.frameworks import Project
from analyzer.frameworks._python import Imports
from analyzer.frameworks._views import View

FARTHEST = 6  # modules through which a name is handed on


class Modules:
    """All Python modules of a project that were read."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._files: dict[tuple[str, str], str] = {}

    @cached_property
    def _by_base(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self.project.paths):
            if path.endswith(".py"):
                bare = path.removesuffix(".py").removesuffix("/__init__")
                found.setdefault(bare.rpartition("/")[2], []).append(path)
        return found

    @cached_property
    def _views(self) -> dict[tuple[str, str], View]:
        return {(each.place.path, each.name): each for each in self.project.facts(View)}

    @cached_property
    def _imports(self) -> dict[str, Imports]:
        return {each.place.path: each for each in self.project.facts(Imports)}

    def file(self, dotted: str, asked_by: str) -> str:
        """The file of a module; of several the one that lies nearest to the one that asks."""
        key = (dotted, asked_by)
        if key not in self._files:
            tail = dotted.replace(".", "/")
            fitting = [
                path
                for path in self._by_base.get(tail.rpartition("/")[2], ())
                if f"/{path}".endswith((f"/{tail}.py", f"/{tail}/__init__.py"))
            ]
            self._files[key] = min(
                fitting, key=lambda path: (-_shared(path, asked_by), len(path)), default=""
            )
        return self._files[key]

    def home(self, dotted: str, asked_by: str) -> tuple[str, str]:
        """The file and the name in it that a dotted name leads to, through imports and packages."""
        for _ in range(FARTHEST):
            module, _, name = dotted.rpartition(".")
            path = self.file(module, asked_by) if module else asked_by
            if not path:  # a name inside of a class or of an object
                module, _, name = module.rpartition(".")
                path = self.file(module, asked_by) if module else ""
                return (path, name) if path else ("", "")
            handed = self._imports.get(path)
            following = next((to for own, to in handed.names if own == name), "") if handed else ""
            if (path, name) in self._views or not handed:
                return path, name
            if following and following != dotted:
                dotted, asked_by = following, path
                continue
            for star in handed.stars:
                inner = self.file(star, path)
                if inner and (inner, name) in self._views:
                    return inner, name
            return path, name
        return "", ""

    def view(self, dotted: str, asked_by: str) -> View | None:
        """The view that a dotted name means."""
        return self._views.get(self.home(dotted, asked_by))

    def nearest(self, found: list[str], asked_by: str) -> list[str]:
        """Files in the order of how near they lie to the one that asks."""
        return sorted(found, key=lambda path: -_shared(path, asked_by))

    def family(self, view: View) -> Iterator[View]:
        """A view, its classes and what it hands over to, each once."""
        seen = {view}
        queue = [view]
        while queue and len(seen) < 40:
            each = queue.pop(0)
            yield each
            for name in (*each.bases, *each.calls):
                following = self.view(name, each.place.path)
                if following is not None and following not in seen:
                    seen.add(following)
                    queue.append(following)


def _shared(path: str, other: str) -> int:
    """How many folders two paths have in common from the top."""
    pairs = zip(path.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
