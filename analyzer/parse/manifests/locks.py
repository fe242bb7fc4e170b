"""Lock files that list everything and mark nothing: what the project itself asks for is what no
other package of the list needs, unless the file says more.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analyzer.model import Fact, Skip, Source
from analyzer.parse.manifests.located import Finder, members, package
from analyzer.parse.manifests.names import canonical, is_development
from analyzer.parse.manifests.text import yaml_mapping

HEADER = re.compile(rb"^(?=[^\s#])(.+):[ \t]*\r?$", re.M)
WANTED = re.compile(rb"^[ \t]{4}\"?((?:@[\w.~-]+/)?[\w.~-]+)\"?[ \t]", re.M)
SECTION = re.compile(
    rb"^  (?:dependencies|optionalDependencies):[ \t]*\r?\n((?:    .*(?:\n|\Z))+)", re.M
)
TRAILING_COMMA = re.compile(rb",(?=\s*[}\]])")
OWN_SOURCES = ("virtual", "editable", "directory")
BUN_SECTIONS = ("dependencies", "optionalDependencies", "peerDependencies")


def yarn(source: Source) -> Iterator[Fact | Skip]:
    """The packages of a yarn.lock, of either of its two forms, that no other package asks for."""
    if re.search(rb"^__metadata:", source.data, re.M):
        yield from _berry(source)
        return
    found: dict[str, tuple[int, int]] = {}
    needed: set[str] = set()
    entries = list(HEADER.finditer(source.data))
    for number, entry in enumerate(entries):
        name = _yarn_name(entry[1].split(b",")[0])
        start = source.data.find(name.encode(), entry.start())
        found.setdefault(name, (start, start + len(name.encode())))
        end = entries[number + 1].start() if number + 1 < len(entries) else len(source.data)
        for section in SECTION.finditer(source.data, entry.end(), end):
            needed |= {each[1].decode("utf-8", "replace") for each in WANTED.finditer(section[1])}
    for name, (start, end) in found.items():
        if name and name not in needed:
            yield package(source, "npm", name, start, end)


def _berry(source: Source) -> Iterator[Fact | Skip]:
    """The dependencies of the workspaces, which the newer form lists among the packages."""
    root = yaml_mapping(source)
    if isinstance(root, Skip):
        yield root
        return
    own = {_yarn_name(key.text.encode()) for key, _ in root.items() if "@workspace:" in key.text}
    seen: set[str] = set()
    for key, entry in root.items():
        if "@workspace:" not in key.text:
            continue
        for name, _ in entry.child("dependencies").items():
            if name.text not in seen | own:
                seen.add(name.text)
                yield package(source, "npm", name.text, name.start, name.end)


def _yarn_name(written: bytes) -> str:
    """The name in `"@scope/name@^1.0.0"`."""
    text = written.decode("utf-8", "replace").strip().strip("\"'")
    at = text.find("@", 1)
    return text[:at] if at > 0 else text


def bun(source: Source) -> Iterator[Fact | Skip]:
    """What the workspaces of a bun.lock ask for; it is JSON with commas before closing brackets."""
    found = members(Source(source.path, TRAILING_COMMA.sub(b" ", source.data)))
    if isinstance(found, Skip):
        yield found
        return
    seen: set[str] = set()
    for _, _, _, workspace in found.of("workspaces"):
        for section, _, _, listed in found.inside(workspace):
            if section not in BUN_SECTIONS:
                continue
            for name, start, end, _ in found.inside(listed):
                if name not in seen:
                    seen.add(name)
                    yield package(source, "npm", name, start, end)


def python(source: Source) -> Iterator[Fact | Skip]:
    """The packages of a poetry.lock, uv.lock or pdm.lock that the project itself asks for."""
    try:
        found = tomllib.loads(source.data.decode("utf-8-sig", "replace"))
    except ValueError as trouble:  # a number that is too long is no TOMLDecodeError
        yield Skip(source.path, f"it is not valid TOML ({str(trouble)[:100]})")
        return
    listed = found.get("package")
    packages = (
        [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    )
    own = [each for each in packages if _is_own(each)]
    asked = {name for each in own for name in _needs(each)}
    needed = {name for each in packages for name in _needs(each)}
    finder = Finder(source)
    for each in packages:
        name = each.get("name")
        if not isinstance(name, str) or not name:
            continue
        wanted = canonical("pypi", name) in asked if own else canonical("pypi", name) not in needed
        if wanted and each not in own and not _is_for_developers(each):
            start = finder.section(rf'name\s*=\s*"{re.escape(name)}"')
            yield package(source, "pypi", name, *finder.name(name, start))


def _is_own(entry: Mapping[str, Any]) -> bool:
    """Is it the project, which uv lists among the packages?"""
    where = entry.get("source")
    return isinstance(where, dict) and any(each in where for each in OWN_SOURCES)


def _needs(entry: Mapping[str, Any]) -> Iterator[str]:
    """The names of the packages that one asks for."""
    given = entry.get("dependencies")
    names: Iterable[object] = ()
    if isinstance(given, dict):
        names = given
    elif isinstance(given, list):
        names = (each.get("name") if isinstance(each, dict) else each for each in given)
    for name in names:
        if isinstance(name, str) and (found := re.match(r"[\w.-]+", name)):
            yield canonical("pypi", found[0])


def _is_for_developers(entry: Mapping[str, Any]) -> bool:
    groups = entry.get("groups")
    named = groups if isinstance(groups, list) else [entry.get("category")]
    told = [str(each) for each in named if each]
    return bool(told) and all(is_development(each) for each in told)


def pubspec(source: Source) -> Iterator[Fact | Skip]:
    """The packages of a pubspec.lock that it calls direct and of the program itself."""
    root = yaml_mapping(source)
    if isinstance(root, Skip):
        yield root
        return
    for key, entry in root.child("packages").items():
        if entry.text("dependency") == "direct main":
            yield package(source, "pub", key.text, key.start, key.end)
