"""What rows of the web page's data share, told once and named by number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from analyzer.outputs._html_gathered import ELSEWHERE, Gathered

if TYPE_CHECKING:
    from analyzer.outputs._html_findings import Spot


class Tables:
    """Pages, sets of pages, places, vendors, classes and owners, each with its number."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        self._classes = {each.id: number for number, each in enumerate(gathered.classes)}
        self._class_names = {each.id: each.name for each in gathered.classes}
        self._pages: dict[str, int] = {}
        self._sets: dict[tuple[int, ...], int] = {}
        self._steps: dict[Spot, int] = {}
        self._vendors: dict[str, int] = {}
        self._owners: dict[str, int] = {}

    def page(self, path: str) -> int:
        return self._pages.setdefault(path, len(self._pages))

    def pages(self, paths: Iterable[str]) -> int:
        """The number of a set of pages: thousands of findings are about the same ones."""
        return self._sets.setdefault(tuple(map(self.page, paths)), len(self._sets))

    def page_class(self, name: str) -> int:
        self._class_names.setdefault(name, name)
        return self._classes.setdefault(name, len(self._classes))

    def step(self, spot: Spot) -> int:
        return self._steps.setdefault(spot, len(self._steps))

    def vendor(self, name: str) -> int:
        return self._vendors.setdefault(name, len(self._vendors))

    def owner(self, name: str) -> int:
        return self._owners.setdefault(name, len(self._owners))

    def told(self) -> dict[str, Any]:
        """The tables as the page's script reads them."""
        pages = [self._page(path) for path in self._pages]
        return {
            "classes": [[name, self._class_names[name]] for name in self._classes],
            "vendors": [[name, self.gathered.vendor_name(name)] for name in self._vendors],
            "owners": list(self._owners),
            "pages": pages,
            "sets": [list(each) for each in self._sets],
            "steps": [[each.where, each.text] for each in self._steps],
        }

    def _page(self, path: str) -> list[Any]:
        """Its file, its first address, and its classes."""
        page = self.gathered.site.pages.get(path)
        route = page.routes[0] if page and page.routes else ""
        classes = [self.page_class(each) for each in self.gathered.classes_of([path])]
        return [path, route, classes]

    @property
    def classes(self) -> Sequence[tuple[str, str]]:
        return [(name, self._class_names[name]) for name in self._classes if name != ELSEWHERE]
