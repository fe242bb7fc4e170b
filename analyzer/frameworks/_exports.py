"""Where an export comes from: through files that only hand on what others export."""

from __future__ import annotations

import posixpath

from analyzer.frameworks import Project
from analyzer.model import EXPORT, Block, Include

FARTHEST = 6  # files through which a name is handed on


def traced(project: Project, path: str, export: str) -> tuple[str, str]:
    """The file in which an export is written, and its name there."""
    seen = set()
    for _ in range(FARTHEST):
        step = _handed_on(project, path, export)
        if step is None or step in seen:
            break
        seen.add(step)
        path, export = step
    return path, export


def _handed_on(project: Project, path: str, export: str, depth: int = 0) -> tuple[str, str] | None:
    """The file and the name that a file takes an export from; None where it is its own."""
    if depth > FARTHEST:
        return None
    everything: list[str] = []
    for each in project.facts_in(path, Include):
        if not isinstance(each, Include) or not isinstance(each.target, str):
            continue
        name = each.fragment.removeprefix(EXPORT)
        passed = each.place.text.startswith(("from", "export"))
        if each.blocks == (EXPORT + export,) and name and passed:
            found = project.scripts(each.target, path)
            return (found[0], name) if found else None
        if each.fragment == EXPORT + "*":
            everything.extend(project.scripts(each.target, path)[:1])
    for inner in everything:
        own = (each.name for each in project.facts_in(inner, Block) if isinstance(each, Block))
        if EXPORT + export in own or _handed_on(project, inner, export, depth + 1) is not None:
            return inner, export
    # A script of which nothing had to be read tells its exports by its name alone.
    alike = (inner for inner in everything if posixpath.basename(inner).startswith(export + "."))
    named = next(alike, "")
    return (named, export) if named else None
