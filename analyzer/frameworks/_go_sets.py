"""Go templates that call each other by the names that they define."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzer.frameworks import Join, Project, Wrap
from analyzer.model import CHILDREN, FILL, PLACE, Block

SHARED = 0.7  # how sure it is that a page which defines what a layout calls stands in that layout


def calls(project: Project, paths: Iterable[str], hidden: Iterable[str] = ()) -> Iterator[Join]:
    """What the files show by the names that other files, or they themselves, define.

    A definition in a `hidden` file counts only while no other file has one.
    """
    for outer, name, inner, fact in _resolved(project, paths, hidden):
        if len(inner) == 1:
            yield Join(
                "includes",
                outer,
                inner[0],
                place=fact.place,
                fragment=name,
                guards=fact.guards,
                blocks=fact.blocks,
                confidence=1.0,
            )


def layouts(project: Project, paths: Iterable[str]) -> Iterator[Wrap]:
    """Pages that define what one file calls: each of them may stand in that file."""
    for outer, _, inner, _ in _resolved(project, paths, ()):
        if len(inner) > 1:
            yield from (Wrap(path, outer, confidence=SHARED) for path in inner)


def _resolved(
    project: Project, paths: Iterable[str], hidden: Iterable[str]
) -> Iterator[tuple[str, str, list[str], Block]]:
    """Each call: the file that calls, the name, the files that define it, and the call itself."""
    listed, late = list(paths), set(hidden)
    defined: dict[str, list[str]] = {}
    called: list[tuple[str, str, Block]] = []
    for path in listed:
        for fact in project.facts_in(path, Block):
            if fact.name.startswith(FILL):
                defined.setdefault(fact.name.removeprefix(FILL), []).append(path)
            elif fact.name.startswith(PLACE) and fact.name != PLACE + CHILDREN:
                called.append((path, fact.name.removeprefix(PLACE), fact))
    for outer, name, fact in called:
        known = list(dict.fromkeys(defined.get(name, ())))
        if outer in known:
            yield outer, name, [outer], fact
        elif known:
            yield outer, name, [path for path in known if path not in late] or known, fact
