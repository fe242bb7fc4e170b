"""In which files the work tree differs from a commit, and under which names others lie now."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from analyzer.changes.git import ask
from analyzer.model import UserError

MOST = 2_000  # files that are compared with one another
WORDS = (
    "diff",
    f"-l{MOST}",
    "-M",
    "--name-status",
    "-z",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--ignore-submodules=all",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """The files of a commit that are not in the work tree as they were, from its top; `renames` has
    the names of today by those of then.
    """

    changed: frozenset[str]
    renames: dict[str, str]


def difference(top: Path, commit: str) -> Difference:
    """Raises UserError when git cannot tell.

    Files that git does not know yet are looked at as if they had been added, in a copy of the
    index: the user's own stays as it is.
    """
    with TemporaryDirectory(prefix="trackerlint-", ignore_cleanup_errors=True) as made:
        settings = {"GIT_INDEX_FILE": os.path.join(made, "index")}
        told = ask(top, "rev-parse", "--git-path", "index")
        own = top / os.fsdecode((told or b"index").strip(b"\r\n"))
        if own.is_file():
            shutil.copyfile(own, settings["GIT_INDEX_FILE"])
        ask(top, "add", "--intent-to-add", "--", ".", settings=settings)
        told = ask(top, *WORDS, commit, "--", settings=settings)
    if told is None:
        raise UserError(
            f"git cannot compare {top} with the commit {commit[:12]}; "
            f"git -C {top} diff {commit[:12]} may say why"
        )
    changed: set[str] = set()
    renames: dict[str, str] = {}
    for status, old, new in _lines(told):
        if status != "A":
            changed.add(old)
        if status.startswith("R"):
            renames[old] = new
    return Difference(frozenset(changed), renames)


def _lines(told: bytes) -> Iterator[tuple[str, str, str]]:
    """The status, the old name and the new one, which but for a renamed file are the same."""
    words = iter(told.decode("utf-8", "surrogateescape").split("\0"))
    for status in words:
        if status:
            old = next(words)
            yield status, old, next(words) if status[0] in "RC" else old
