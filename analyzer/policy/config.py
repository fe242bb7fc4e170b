"""Finds trackerlint.toml and [tool.trackerlint]: what the organisation says of itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.model import Policy, UserError
from analyzer.policy.scope import MISTAKEN_NAMES, OWN_NAME, SHARED_NAME, Known, Scope, shown

if TYPE_CHECKING:
    from analyzer.policy.reading import Said

__all__ = ["Known", "Scope", "Wanted", "inner", "outer"]

JOINED = (  # what every file adds to
    "files",
    "agreements",
    "suppressions",
    "pages",
    "containers",
    "hosts",
    "selections",
    "exclude",
    "include",
    "unread",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the configuration comes from: one `file` that stands alone, or with `ignored` none."""

    file: Path | None = None
    ignored: bool = False
    today: date | None = None

    @property
    def day(self) -> date:
        """The day on which the scan judges what has expired."""
        return self.today or date.today()


def outer(scope: Scope, wanted: Wanted) -> Policy:
    """What the configuration at the folder of a scan and above it says: this decides what is read.

    Raises UserError for a file that is wrong, with its line.
    """
    policy = Policy(today=scope.today)
    if wanted.file is not None and wanted.ignored:
        raise UserError("--config and --no-config say the opposite of each other; give one")
    if wanted.ignored:
        return policy
    if wanted.file is not None:
        return _named(policy, scope, wanted.file)
    found: list[tuple[Path, Said]] = []
    for folder in _above(scope.start):
        said = _read(folder, scope, everywhere=True)
        if said is None:
            continue
        found.append((folder, said))
        if not said.inherits or not _is_in_git(folder):
            break
    for _, said in found[:-1]:
        said.refuse_severity(found[-1][1].sheet.shown)
    for folder, said in found:
        policy = _joined(policy, said.policy, scope.is_whole(folder))
    return policy


def inner(policy: Policy, scope: Scope, paths: Iterable[str], wanted: Wanted) -> Policy:
    """The policy with what the configuration files of the folders below add to it.

    Raises UserError for a file that is wrong, with its line.
    """
    if wanted.file is not None or wanted.ignored:
        return policy
    above = {scope.start, *scope.start.parents}
    outermost = shown(scope.root / policy.files[-1]) if policy.files else ""
    heads: dict[Path, str] = {}  # the outermost file by the folder from which it holds
    for folder in _folders(scope.root, paths):
        if folder in above or not any(_in(folder)):
            continue
        said = _read(folder, scope, everywhere=False)
        if said is None:
            continue
        head = next((heads[each] for each in folder.parents if each in heads), outermost)
        if not said.inherits:
            policy = _without(policy, said.sheet.home.folder)
        elif head:
            said.refuse_severity(head)
        heads[folder] = head if said.inherits and head else said.sheet.shown
        policy = _joined(policy, said.without_severity(), scope.is_whole(folder))
    return policy


# ---------------------------------------------------------------- which files


def _named(policy: Policy, scope: Scope, file: Path) -> Policy:
    """The configuration that the user names: it speaks from its own folder where that holds the
    scan, else from the folder of the scan.
    """
    from analyzer.policy.reading import read  # here: most runs have no configuration

    folder = file.resolve().parent
    base = folder if folder in (scope.start, *scope.start.parents) else scope.start
    said = read(file, scope, scope.home(base, everywhere=True), named=True)
    return _joined(policy, said.policy, scope.is_whole(base)) if said is not None else policy


def _read(folder: Path, scope: Scope, *, everywhere: bool) -> Said | None:
    from analyzer.policy.reading import read_folder  # here: most runs have no configuration

    return read_folder(folder, scope, scope.home(folder, everywhere=everywhere))


def _above(start: Path) -> Iterator[Path]:
    """The folders with a configuration, from a folder upwards to the root of the git work tree."""
    for folder in (start, *start.parents):
        _refuse_mistaken(folder)
        if any(_in(folder)):
            yield folder
        if (folder / ".git").exists():
            return


def _refuse_mistaken(folder: Path) -> None:
    """Raises UserError for a configuration under a name that nobody reads. Some file systems take
    two spellings for one name.
    """
    if os.path.lexists(folder / OWN_NAME):
        return
    for name in MISTAKEN_NAMES:
        if os.path.isfile(folder / name):
            raise UserError(f"{shown(folder / name)} is not read; call it {OWN_NAME}")


def _is_in_git(folder: Path) -> bool:
    return any((each / ".git").exists() for each in (folder, *folder.parents))


def _in(folder: Path) -> Iterator[Path]:
    """The files of a folder that may hold a configuration, which costs less than reading them."""
    if os.path.lexists(own := folder / OWN_NAME):
        yield own
    elif os.path.isfile(shared := folder / SHARED_NAME):
        try:
            held = b"trackerlint" in shared.read_bytes()
        except OSError:
            return
        if held:
            yield shared


def _folders(root: Path, paths: Iterable[str]) -> list[Path]:
    """The folders of files, outer ones first."""
    names: set[str] = set()
    for path in paths:
        folder = os.path.dirname(path)
        while folder and folder not in names and not folder.startswith(".."):
            names.add(folder)
            folder = os.path.dirname(folder)
    return [root / name for name in sorted(names, key=lambda each: (each.count("/"), each))]


# ---------------------------------------------------------------- what they say together


def _joined(policy: Policy, more: Policy, whole: bool) -> Policy:
    both: dict[str, Any] = {name: (*getattr(policy, name), *getattr(more, name)) for name in JOINED}
    partly = policy.partly if whole else (*policy.partly, *more.files)
    return replace(policy, **both, partly=partly)


def _without(policy: Policy, folder: str) -> Policy:
    """The policy, silent about the files of a folder that inherits nothing."""
    changed: dict[str, Any] = {}
    for field in fields(policy):
        listed = getattr(policy, field.name)
        if isinstance(listed, tuple) and listed and hasattr(listed[0], "home"):
            changed[field.name] = tuple(
                replace(each, home=replace(each.home, without=(*each.home.without, folder)))
                for each in listed
            )
    return replace(policy, **changed)
