"""Components that no file imports: a build tool finds them by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analyzer.frameworks import Join, Project
from analyzer.model import Use

COMPONENT = re.compile(r"(?:^|/)components/(?P<name>.+?)(?:\.(?:client|server|global))?\.vue$")


def components_shown(project: Project, files: Sequence[str], base: str) -> Iterator[Join]:
    """Where the files of a project show a component by the name of its file."""
    named: dict[str, list[str]] = {}
    for path in files:
        if found := COMPONENT.search(path):
            for name in dict.fromkeys(_names(found["name"])):
                named.setdefault(name, []).append(path)
    if not named:
        return
    for use in project.facts(Use):
        outer = use.place.path
        if not outer.startswith(base):
            continue
        known = named.get(use.name) or named.get(use.name.removeprefix("Lazy"), [])
        if len(known) == 1 and known[0] != outer:
            yield Join("includes", outer, known[0], use.place, guards=use.guards, blocks=use.blocks)


def _names(path: str) -> Iterator[str]:
    """The names of a component: with its folders, a repeated word once, or without them."""
    words: list[str] = []
    for piece in path.split("/"):
        for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", piece):
            if not words or words[-1].lower() != word.lower():
                words.append(word[:1].upper() + word[1:])
    name = "".join(words)
    yield name.removesuffix("Index")
    base = path.rpartition("/")[2]
    yield "".join(part[:1].upper() + part[1:] for part in re.split(r"[-_]", base))
