"""What a scan tells those who read its configuration: where it is, and which names there are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from analyzer.model import Home

OWN_NAME = "trackerlint.toml"
SHARED_NAME = "pyproject.toml"
MISTAKEN_NAMES = (
    ".trackerlint.toml",
    "Trackerlint.toml",
    "TRACKERLINT.toml",
    "trackerlint.tml",
    "tracker-lint.toml",
    "trackerlint.yaml",
    "trackerlint.yml",
    ".trackerlint.yaml",
    ".trackerlint.yml",
    ".trackerlintrc",
    "trackerlint.ini",
    "trackerlint.cfg",
)


def shown(file: Path) -> str:
    """The file as a person at the terminal would name it."""
    try:
        near = os.path.relpath(file)
    except ValueError:  # another drive
        return str(file)
    return os.path.abspath(file) if near.startswith(os.path.join("..", "..")) else near


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a configuration may use: products with their names, companies, rules with
    their codes, and page classes.
    """

    vendors: Mapping[str, str]
    companies: tuple[str, ...]
    rules: Mapping[str, str]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """What a scan reads: the folder that its reports are relative to, and the paths that were
    asked for.
    """

    root: Path
    paths: tuple[Path, ...]
    known: Known
    today: date

    @cached_property
    def resolved(self) -> tuple[Path, ...]:
        return tuple(each.resolve() for each in self.paths)

    @cached_property
    def start(self) -> Path:
        """The folder that holds all that was asked for."""
        folders = [str(each if each.is_dir() else each.parent) for each in self.resolved]
        return Path(os.path.commonpath(folders)) if folders else self.root

    def is_whole(self, folder: Path) -> bool:
        """Was everything below a folder asked for?"""
        return any(each == folder or each in folder.parents for each in self.resolved)

    def home(self, folder: Path, *, everywhere: bool) -> Home:
        """What a folder is to the paths of the report."""
        if folder in self.root.parents:
            return Home(above=self.root.relative_to(folder).as_posix(), everywhere=everywhere)
        way = folder.relative_to(self.root).as_posix() if folder != self.root else ""
        return Home(folder=way, everywhere=everywhere)

    def name(self, file: Path) -> str:
        """A file as reports name it."""
        try:
            return os.path.relpath(file, self.root).replace(os.sep, "/")
        except ValueError:  # another drive
            return file.name
