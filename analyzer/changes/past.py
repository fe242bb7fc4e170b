"""Where a change begins, and the files as they were there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from analyzer.changes.difference import difference
from analyzer.changes.tree import lay_out
from analyzer.git import ask
from analyzer.model import UserError


@dataclass(frozen=True, slots=True)
class Past:
    """The files of then: `folder` stands for the folder `today`, and `root` for the scan's root.

    `places` has all files, with where their bytes are; `renames` the names of today by those of
    then, as the report writes them.
    """

    root: Path
    folder: Path
    today: Path
    places: dict[str, str]
    renames: Mapping[str, str]

    def of(self, paths: Iterable[Path]) -> tuple[Path, ...]:
        """The counterparts of today's files and folders, as far as there were any."""
        return tuple(then for path in paths if self._was(then := self.then(path)))

    def then(self, path: Path) -> Path:
        """The counterpart of a path; itself for what lies elsewhere, the same on both sides."""
        path = path.resolve()
        if not path.is_relative_to(self.today):
            return path
        return self.folder / path.relative_to(self.today)

    def listed(self, path: Path) -> Iterator[tuple[str, str]]:
        """The files below a folder, or the one that is named, with where their bytes are."""
        name, below = str(path), os.path.join(path, "")
        if path.is_dir():
            yield from (each for each in self.places.items() if each[0].startswith(below))
        else:
            yield name, self.places.get(name, name)

    def _was(self, then: Path) -> bool:
        return str(then) in self.places or then.exists()


@dataclass(frozen=True, slots=True)
class Change:
    """What happened in the work tree at `top` since a commit; without a commit it is all new. With
    `tracked_only` files that git does not know are no part of it.
    """

    top: Path
    commit: str
    paths: tuple[Path, ...]
    tracked_only: bool = False

    @contextmanager
    def laid_out(self, root: Path, beside: Sequence[Path]) -> Iterator[Past]:
        """The files of then. Those `beside` the scanned ones may be of no repository."""
        today = root if self.top.is_relative_to(root) else self.top
        with TemporaryDirectory(prefix="trackerlint-", ignore_cleanup_errors=True) as made:
            folder = Path(made).resolve()
            top = folder / self.top.relative_to(today)
            then = folder / root.relative_to(today)
            top.mkdir(parents=True, exist_ok=True)
            then.mkdir(parents=True, exist_ok=True)
            named = [path.resolve() for path in beside]
            places: dict[str, str] = {}
            renames: dict[str, str] = {}
            if self.commit:
                apart = difference(self.top, self.commit, self.tracked_only)
                renames = {
                    self._name(old, root): self._name(new, root)
                    for old, new in apart.renames.items()
                }
                own = {self._inside(path) for path in (*self.paths, *named)}
                places = lay_out(self.top, self.commit, top, own, apart)
            past = Past(then, folder, today, places, renames)
            for path in self.paths:
                self._make(past.then(path), places)
            for path in named:
                self._bring(path, past.then(path), places)
            yield past

    def _name(self, path: str, root: Path) -> str:
        return os.path.relpath(self.top / path, root).replace(os.sep, "/")

    def _inside(self, path: Path) -> str:
        return path.relative_to(self.top).as_posix() if path.is_relative_to(self.top) else ""

    def _make(self, then: Path, places: Iterable[str]) -> None:
        """A scanned folder that there was."""
        below = os.path.join(then, "")
        if any(place.startswith(below) for place in places):
            then.mkdir(parents=True, exist_ok=True)

    def _bring(self, path: Path, then: Path, places: dict[str, str]) -> None:
        """A file that no commit is to hold is the same on both sides."""
        if then == path or str(then) in places or not path.is_file():
            return
        own = path.is_relative_to(self.top)
        if own and ask(self.top, "check-ignore", "-q", str(path)) is None:
            return  # a file that the change adds
        with suppress(OSError):
            then.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, then)
            places[str(then)] = str(then)


def since(base: str, paths: Sequence[Path], tracked_only: bool = False) -> Change:
    """What changed in the files since the work tree's HEAD and `base` parted.

    Raises UserError where git cannot tell.
    """
    every = tuple(path.resolve() for path in paths)
    tops = {_top(path): path for path in every}
    if len(tops) > 1:
        one, other, *_ = tops.values()
        raise UserError(
            f"--diff compares one git repository at a time, and {one} and {other} are of "
            "different ones; scan them one by one"
        )
    (top,) = tops
    return Change(top, _commit(top, base), every, tracked_only)


def _top(path: Path) -> Path:
    folder = path if path.is_dir() else path.parent
    told = ask(folder, "rev-parse", "--is-inside-work-tree", "--show-prefix")
    inside, _, prefix = (told or b"").decode("utf-8", "surrogateescape").partition("\n")
    if inside.strip() != "true":
        raise UserError(f"{path} is in no git work tree; --diff needs one to compare with")
    depth = len([part for part in prefix.strip("\r\n").split("/") if part])
    return (folder, *folder.parents)[depth]


def _commit(top: Path, base: str) -> str:
    """The commit to compare with: where HEAD and the base parted."""
    if ask(top, "rev-parse", "--verify", "-q", "HEAD") is None and base == "HEAD":
        return ""  # before the first commit everything is new
    shallow = (ask(top, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"
    given = base.strip() and not base.startswith("-") and "\0" not in base
    if ".." in base and not base.startswith((".", "/")):
        first = base.split("..")[0] or "main"
        raise UserError(
            f"--diff {base}: a range names two commits, and the other one is your work tree; "
            f"write --diff {first}"
        )
    told = ask(top, "rev-parse", "--verify", "-q", f"{base}^{{commit}}") if given else None
    if told is None:
        raise UserError(
            f"--diff {base}: this shallow clone has no such commit; fetch it first, "
            "for example with git fetch --unshallow (fetch-depth: 0 in GitHub Actions)"
            if shallow
            else f"--diff {base}: that is a file or folder; name a commit or a branch, as in "
            "--diff main"
            if given and os.path.lexists(base)
            else f"--diff {base}: git knows no such commit; check its name, or git fetch it first"
        )
    commit = told.decode("ascii").strip()
    parted = ask(top, "merge-base", commit, "HEAD")
    if parted is None and shallow:
        raise UserError(
            f"--diff {base}: this shallow clone does not reach back to where {base} and HEAD "
            "parted; fetch more, for example with git fetch --unshallow (fetch-depth: 0 in "
            "GitHub Actions)"
        )
    return (parted or told).decode("ascii").split()[0]
