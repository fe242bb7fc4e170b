"""Rust: the crates that a Cargo.toml asks for, and the Cargo.lock that stands without one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from analyzer.model import Fact, Skip, Source
from analyzer.parse.manifests.located import Finder, package


def manifest(source: Source) -> Iterator[Fact | Skip]:
    """The crates of a program; those for its tests and for building it never run in it."""
    found = _toml(source)
    if isinstance(found, Skip):
        yield found
        return
    finder = Finder(source)
    start = finder.section(r"\[dependencies")
    yield from _asked(source, finder, start, found.get("dependencies"))
    start = finder.section(r"\[target\..*dependencies")
    targets = found.get("target")
    for each in targets.values() if isinstance(targets, dict) else ():
        if isinstance(each, dict):
            yield from _asked(source, finder, start, each.get("dependencies"))


def _asked(source: Source, finder: Finder, start: int, listed: object) -> Iterator[Fact]:
    for alias, said in listed.items() if isinstance(listed, dict) else ():
        real = said.get("package") if isinstance(said, dict) else None
        name = real if isinstance(real, str) else alias
        yield package(source, "cargo", name, *finder.name(alias, start))


def lock(source: Source) -> Iterator[Fact | Skip]:
    """The crates that the program's own crates ask for; those are the ones without a source."""
    found = _toml(source)
    if isinstance(found, Skip):
        yield found
        return
    listed = found.get("package")
    crates = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    own = [each for each in crates if "source" not in each]
    names = {str(each.get("name")) for each in own}
    asked = {name for each in own for name in _needs(each)} - names
    finder = Finder(source)
    for name in sorted(asked):
        start = finder.section(rf'name\s*=\s*"{re.escape(name)}"')
        yield package(source, "cargo", name, *finder.name(name, start))


def _needs(crate: dict[str, Any]) -> Iterator[str]:
    """The names in `dependencies = ["sentry", "serde 1.0.2"]`."""
    needs = crate.get("dependencies")
    for each in needs if isinstance(needs, list) else ():
        if isinstance(each, str) and each:
            yield each.partition(" ")[0]


def _toml(source: Source) -> dict[str, Any] | Skip:
    try:
        return tomllib.loads(source.data.decode("utf-8-sig", "replace"))
    except ValueError as trouble:  # a number that is too long is no TOMLDecodeError
        return Skip(source.path, f"it is not valid TOML ({str(trouble)[:100]})")
