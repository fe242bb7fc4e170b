"""The files of a commit: those that are as they were where they lie, the others written anew."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from analyzer.changes.difference import Difference, difference
from analyzer.files import BUILD_FILES
from analyzer.git import ask, command, environment
from analyzer.model import UserError
from analyzer.policy.scope import OWN_NAME, SHARED_NAME

MARK = ".git"  # an empty folder of this name says where the work tree ends
FILES = ("100644", "100755")  # links are left out, as they are on the other side
SUBMODULE = "160000"
AT_ONCE = 1 << 20  # bytes
# What is asked for by its place: configurations, and what tells that a folder is built.
BY_PLACE = frozenset({OWN_NAME, SHARED_NAME, *BUILD_FILES})
# A name that leads elsewhere, or that means something of its own to a file system.
UNSAFE = re.compile(r"(?i)(?:^|/)(?:|\.|\.\.|\.git|git~1)(?:/|$)|[\\:]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a commit's tree."""

    mode: str
    object: str
    path: str


def lay_out(
    top: Path, commit: str, into: Path, named: Collection[str], apart: Difference
) -> dict[str, str]:
    """The files of a commit as if they lay in a folder, and where their bytes are; those that are
    `named` are there in any case. Raises UserError when git has not got a file.
    """
    (into / MARK).mkdir(parents=True, exist_ok=True)
    found: dict[str, str] = {}
    for tree in _trees(top, commit, "", apart):
        unlike: list[Entry] = []
        for entry in tree.entries:
            path = f"{tree.prefix}{entry.path}"
            then, now = str(into / path), str(tree.top / entry.path)
            if entry.mode not in FILES:
                continue
            moved = entry.path in tree.apart.changed or not os.path.isfile(now)
            if moved or path in named or entry.path.rpartition("/")[2] in BY_PLACE:
                unlike.append(entry)
                now = then
            found[then] = now
        _write(tree.top, unlike, into / tree.prefix)
    return found


@dataclass(frozen=True, slots=True)
class _Tree:
    """The work tree of a repository or submodule, the way to it, and what a commit has of it."""

    top: Path
    prefix: str
    entries: tuple[Entry, ...]
    apart: Difference


def _trees(top: Path, commit: str, prefix: str, apart: Difference) -> Iterator[_Tree]:
    """The tree of a commit, and those of the submodules that are checked out."""
    told = ask(top, "ls-tree", "-r", "-z", "--full-tree", commit)
    if told is None:
        raise _missing(top, commit)
    entries = tuple(_entries(told))
    yield _Tree(top, prefix, entries, apart)
    for each in entries:
        inner = top / each.path
        if each.mode == SUBMODULE and not inner.is_symlink() and (inner / MARK).exists():
            if ask(inner, "rev-parse", "--verify", "-q", f"{each.object}^{{commit}}") is None:
                raise _missing(inner, each.object)
            own = difference(inner, each.object)
            yield from _trees(inner, each.object, f"{prefix}{each.path}/", own)


def _missing(top: Path, commit: str) -> UserError:
    return UserError(
        f"{top} has not got the commit {commit[:12]} to compare with; "
        f"fetch it first: git -C {top} fetch origin {commit}"
    )


def _entries(told: bytes) -> Iterator[Entry]:
    for line in filter(None, told.decode("utf-8", "surrogateescape").split("\0")):
        about, _, path = line.partition("\t")
        mode, _, name = about.split(" ")
        if not UNSAFE.search(path):
            yield Entry(mode, name, path)


def _write(repository: Path, entries: Sequence[Entry], into: Path) -> None:
    if not entries:
        return
    with TemporaryFile() as asked:
        asked.write("".join(f"{each.object}\n" for each in entries).encode("ascii"))
        asked.seek(0)
        with subprocess.Popen(
            command(repository, ["cat-file", "--batch"]),
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        ) as git:
            assert git.stdout is not None
            for entry in entries:
                size = _size(git.stdout.readline(), entry, repository)
                _copy(_parts(git.stdout, size), into / entry.path)
                git.stdout.read(1)  # the line break after it


def _size(told: bytes, entry: Entry, repository: Path) -> int:
    words = told.split()
    if len(words) != 3 or words[1] != b"blob":
        raise UserError(
            f"git has not got {entry.path} as it was; "
            f"fetch it first: git -C {repository} fetch --refetch"
        )
    return int(words[2])


def _parts(source: IO[bytes], size: int) -> Iterator[bytes]:
    while size and (part := source.read(min(size, AT_ONCE))):
        size -= len(part)
        yield part


def _copy(parts: Iterator[bytes], path: Path) -> None:
    """Write a file; one that this file system cannot hold was not checked out here either."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "xb") as out:
            for part in parts:
                out.write(part)
    for _ in parts:  # what is left of it stands before the next one
        pass
