"""Apache Tiles: a definition wraps a page in a layout and puts further files beside it."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.frameworks import Convention, Framework, Join, PageAt, Part, Project, Wrap
from analyzer.frameworks._tiles import Definition, Definitions, read
from analyzer.model import FILL

NAMED = "tiles "  # before the names of attributes, which are places of the layout


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of all definitions, and what is put around and beside them."""
    if next(project.facts(Definition), None) is None:
        return
    said: set[str] = set()
    for each in Definitions(project).composed():
        yield PageAt(each.page)
        if each.layout and each.layout != each.page:
            yield Wrap(each.page, each.layout, default=False, place=each.place)
            said.add(each.layout)
        for name, path in each.parts:
            said.add(path)
            yield Join("includes", each.page, path, each.place, blocks=(f"{FILL}{NAMED}{name}",))
    for path in sorted(said):
        yield Part(path)


FRAMEWORK = Framework(
    name="tiles",
    conventions=conventions,
    reads=r"(?i:(?:^|/)[\w.-]*tiles[\w.-]*\.xml$)",
    read=read,
    about=r"(?i:tiles[\w.-]*\.xml$)",
)
