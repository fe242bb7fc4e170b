"""Templates that a server renders in ways that no framework here knows: pages without address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.engines import engine_named
from analyzer.frameworks import LAST, Convention, Framework, PageAt, Part, Project
from analyzer.frameworks._go_sets import calls, layouts

FOLDERS = re.compile(r"(?:^|/)(?:templates|views|jinja2)/")
PARTS = re.compile(
    r"(?:^|/)(?:_[^/]*|(?:partials?|includes?|_includes|components?|snippets?|fragments?|macros?|layouts?"
    r"|_layouts|elements)/.*)$",
    re.I,
)


def conventions(project: Project) -> Iterator[Convention]:
    """Every template in a folder of templates that no framework has spoken of."""
    sets: list[str] = []  # Go's templates, which find each other by the names that they define
    for path in project.all_templates:
        if path in project.spoken or engine_named(project.engine(path)).content:
            continue
        if project.engine(path) == "go":
            sets.append(path)
        if FOLDERS.search(path):
            yield Part(path) if PARTS.search(path) else PageAt(path, certain=False)
    if sets:
        yield from calls(project, sets)
        for wrap in layouts(project, sets):
            yield PageAt(wrap.page, certain=False)
            yield wrap


FRAMEWORK = Framework(name="server-templates", conventions=conventions, order=LAST - 1)
