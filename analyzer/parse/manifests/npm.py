"""npm: package.json, and the lock files that stand without one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import Fact, Skip, Source
from analyzer.parse.manifests.located import members, package
from analyzer.parse.manifests.text import yaml_mapping

SECTIONS = (
    "dependencies",
    "optionalDependencies",
    "peerDependencies",
)  # devDependencies never reach a page


def manifest(source: Source) -> Iterator[Fact | Skip]:
    """The dependencies of a package.json."""
    found = members(source)
    if isinstance(found, Skip):
        yield found
        return
    seen: set[str] = set()
    for section in SECTIONS:
        for name, start, end, _ in found.of(section):
            if name not in seen:
                seen.add(name)
                yield package(source, "npm", name, start, end)


def package_lock(source: Source) -> Iterator[Fact | Skip]:
    """What the project itself asks for; in older files that is what no other package requires."""
    found = members(source)
    if isinstance(found, Skip):
        yield found
        return
    if "packages" in {key for key, _, _, _ in found.of()}:
        for section in SECTIONS:
            for name, start, end, _ in found.of("packages", "", section):
                yield package(source, "npm", name, start, end)
        return
    listed = found.value.get("dependencies") if isinstance(found.value, dict) else None
    if not isinstance(listed, dict):
        return
    needs = [each.get("requires") for each in listed.values() if isinstance(each, dict)]
    required = {name for each in needs if isinstance(each, dict) for name in each}
    for name, start, end, _ in found.of("dependencies"):
        each = listed.get(name)
        if name not in required and isinstance(each, dict) and not each.get("dev"):
            yield package(source, "npm", name, start, end)


def pnpm_lock(source: Source) -> Iterator[Fact | Skip]:
    """What the projects of a workspace ask for, which stands before the long list of packages."""
    head = re.split(rb"^packages:", source.data, maxsplit=1, flags=re.M)[0]
    root = yaml_mapping(Source(source.path, head))
    if isinstance(root, Skip):
        yield root
        return
    projects = [value for _, value in root.child("importers").items()] or [root]
    for project in projects:
        for section in ("dependencies", "optionalDependencies"):
            for key, _ in project.child(section).items():
                yield package(source, "npm", key.text, key.start, key.end)
