"""NuGet: project files, packages.config, the central list of versions, and lock files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import Fact, Skip, Source
from analyzer.parse.manifests.located import members, package
from analyzer.parse.manifests.text import child_text, local_name, offset_of, xml_root

TESTS = re.compile(r"(?i)tests?\.\w+proj$")
SAID_BY = {"PackageReference": "Include", "PackageVersion": "Include", "package": "id"}


def manifest(source: Source) -> Iterator[Fact | Skip]:
    """The packages of a project, but those for development only; a project of tests has none."""
    if TESTS.search(source.path):
        return
    root = xml_root(source)
    if isinstance(root, Skip):
        yield root
        return
    if any(
        local_name(each) == "IsTestProject" and (each.text or "").strip().lower() == "true"
        for each in root.iter()
        if isinstance(each.tag, str)
    ):
        return
    for element in root.iter():
        if not isinstance(element.tag, str) or local_name(element) not in SAID_BY:
            continue
        name = str(element.get(SAID_BY[local_name(element)]) or "").strip()
        private = str(element.get("PrivateAssets") or child_text(element, "PrivateAssets"))
        if (
            name
            and private.lower() != "all"
            and str(element.get("developmentDependency")).lower() != "true"
        ):
            yield package(source, "nuget", name, *offset_of(source, element, name))


def lock(source: Source) -> Iterator[Fact | Skip]:
    """What a packages.lock.json calls direct, once for all its frameworks."""
    found = members(source)
    if isinstance(found, Skip):
        yield found
        return
    seen: set[str] = set()
    for framework, _, _, listed in found.of("dependencies"):
        for name, start, end, _ in found.inside(listed):
            kind = found.value["dependencies"][framework][name]
            if name not in seen and isinstance(kind, dict) and kind.get("type") == "Direct":
                seen.add(name)
                yield package(source, "nuget", name, start, end)
