"""In which files the work tree differs from a commit, and under which names others lie now."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from analyzer.git import ask, unfiltered
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
ADD = ("add", "--intent-to-add", "--pathspec-from-file=-", "--pathspec-file-nul")
AS_IT_IS = {"GIT_LITERAL_PATHSPECS": "1"}  # a name with a star is a name


@dataclass(frozen=True, slots=True)
class Difference:
    """The files of a commit that are not in the work tree as they were, from its top; `renames` has
    the names of today by those of then.
    """

    changed: frozenset[str]
    renames: dict[str, str]


def difference(top: Path, commit: str, tracked_only: bool = False) -> Difference:
    """Raises UserError when git cannot tell.

    Unless only those count that are tracked, files that git does not know yet are looked at as if
    they had been added, in a copy of the index: the user's own stays as it is.
    """
    filters = unfiltered(top)
    with TemporaryDirectory(prefix="trackerlint-", ignore_cleanup_errors=True) as made:
        settings = {"GIT_INDEX_FILE": os.path.join(made, "index")}
        told = ask(top, "rev-parse", "--git-path", "index")
        own = top / os.fsdecode((told or b"index").strip(b"\r\n"))
        if own.is_file():
            shutil.copy2(own, settings["GIT_INDEX_FILE"])  # its time tells which files to look into
        if not tracked_only and (unknown := _unknown(top)):
            ask(top, *ADD, told=unknown, settings={**settings, **AS_IT_IS}, more=filters)
        told = ask(top, *WORDS, commit, "--", settings=settings, more=filters)
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


def _unknown(top: Path) -> bytes:
    """The files that git would add, but for repositories in them."""
    told = ask(top, "ls-files", "-z", "--others", "--exclude-standard") or b""
    return b"".join(name + b"\0" for name in told.split(b"\0") if name and name[-1:] != b"/")


def _lines(told: bytes) -> Iterator[tuple[str, str, str]]:
    """The status, the old name and the new one, which but for a renamed file are the same."""
    words = iter(told.decode("utf-8", "surrogateescape").split("\0"))
    for status in words:
        if status:
            old = next(words)
            yield status, old, next(words) if status[0] in "RC" else old
