"""Python: requirements files, pyproject.toml, Pipfile, setup.cfg and setup.py."""

from __future__ import annotations

import ast
import configparser
import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from analyzer.model import Fact, Skip, Source
from analyzer.parse.manifests.located import Finder, package
from analyzer.parse.manifests.names import is_development

REQUIREMENT = re.compile(
    rb"^[ \t]*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)[ \t]*(?:\[[^\]\n]*\])?[ \t]*"
    rb"(?=[<>=!~;@#\\\r\n]|\Z|[ \t])",
    re.M,
)
EGG = re.compile(rb"^[ \t]*(?:-e[ \t]+|--editable[ =])?\S+#egg=([A-Za-z0-9._-]+)", re.M)
NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")


def requirements(source: Source) -> Iterator[Fact | Skip]:
    """The packages of a requirements file, but of one that is named for tests or developers."""
    if is_development("/".join(source.path.split("/")[-2:]).replace("requirements", "")):
        return
    for pattern in (REQUIREMENT, EGG):
        for found in pattern.finditer(source.data):
            yield package(source, "pypi", found[1].decode(), found.start(1), found.end(1))


def _toml(source: Source) -> dict[str, Any] | Skip:
    try:
        return tomllib.loads(source.data.decode("utf-8-sig", "replace"))
    except ValueError as trouble:  # a number that is too long is no TOMLDecodeError
        return Skip(source.path, f"it is not valid TOML ({str(trouble)[:100]})")


def pyproject(source: Source) -> Iterator[Fact | Skip]:
    """The dependencies in the standard's tables and in Poetry's, but those for developers."""
    found = _toml(source)
    if isinstance(found, Skip):
        yield found
        return
    finder = Finder(source)
    project = _table(found, "project")
    yield from _listed(
        source, finder, _list(project.get("dependencies")), r"(?:dependencies\s*=|\[project\])"
    )
    for group, listed in _table(project, "optional-dependencies").items():
        if not is_development(group):
            yield from _listed(source, finder, _list(listed), r"\[project\.optional-dependencies\]")
    poetry = _table(_table(found, "tool"), "poetry")
    yield from _keys(
        source, finder, _table(poetry, "dependencies"), r"\[tool\.poetry\.dependencies\]"
    )
    for group, table in _table(poetry, "group").items():
        if not is_development(group) and isinstance(table, dict):
            header = rf"\[tool\.poetry\.group\.{re.escape(group)}\.dependencies\]"
            yield from _keys(source, finder, _table(table, "dependencies"), header)


def pipfile(source: Source) -> Iterator[Fact | Skip]:
    """The packages of a Pipfile; those for developers are a section of their own."""
    found = _toml(source)
    if isinstance(found, Skip):
        yield found
        return
    yield from _keys(source, Finder(source), _table(found, "packages"), r"\[packages\]")


def pipfile_lock(source: Source) -> Iterator[Fact | Skip]:
    """The packages of a Pipfile.lock that are not only for developers; those that the project
    itself asks for say from which index they come.
    """
    try:
        found = json.loads(source.data)
    except ValueError as trouble:
        yield Skip(source.path, f"it is not valid JSON ({str(trouble)[:100]})")
        return
    finder = Finder(source)
    names = _table(found, "default") if isinstance(found, dict) else {}
    asked = {name: each for name, each in names.items() if _says_its_index(each)}
    yield from _keys(source, finder, asked or names, r'"default"')


def setup_cfg(source: Source) -> Iterator[Fact | Skip]:
    """What a setup.cfg says that the program must have."""
    reader = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        reader.read_string(source.data.decode("utf-8-sig", "replace"))
    except configparser.Error as trouble:
        yield Skip(source.path, f"it is not valid ({str(trouble).splitlines()[0][:100]})")
        return
    lines = reader.get("options", "install_requires", fallback="").splitlines()
    yield from _listed(source, Finder(source), lines, "install_requires")


def setup_py(source: Source) -> Iterator[Fact | Skip]:
    """The literal `install_requires` of a setup.py, which is read and never run."""
    from analyzer.parse.server.python import parse

    tree = parse(source.data)
    if tree is None:
        yield Skip(
            source.path, "it is not Python that can be parsed, so its dependencies were not read"
        )
        return
    given = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "install_requires":
            value = (
                given.get(node.value.id, node.value)
                if isinstance(node.value, ast.Name)
                else node.value
            )
            names = [
                each.value for each in getattr(value, "elts", ()) if isinstance(each, ast.Constant)
            ]
            yield from _listed(source, Finder(source), names, r"(?:.*install_requires|.*\[)")


def _says_its_index(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("index"))


def _table(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _listed(source: Source, finder: Finder, requirements: list[Any], header: str) -> Iterator[Fact]:
    start = finder.section(header)
    for each in requirements:
        if (
            isinstance(each, str)
            and (found := NAME.match(each))
            and not each.lstrip().startswith("#")
        ):
            yield package(source, "pypi", found[1], *finder.name(found[1], start))


def _keys(source: Source, finder: Finder, table: dict[str, Any], header: str) -> Iterator[Fact]:
    start = finder.section(header)
    for name in table:
        if name.lower() != "python":
            yield package(source, "pypi", name, *finder.name(name, start))
