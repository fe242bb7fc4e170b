"""Questions to git about a repository that nobody has to trust: none of its programs is run.

A repository's own settings may name programs for almost anything: for watching files, for turning
their contents around, for reaching other machines, and the hooks of its folder.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from analyzer.model import UserError

PATIENCE = 300  # seconds
# What a hook of one repository sets and what misleads git in another, such as a submodule.
LOCAL = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
HARMLESS = (  # what is on the command line stands above what a repository says
    "safe.directory=*",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "diff.ignoreSubmodules=all",
)
ALONE = {
    # What a clone left out would be fetched by the program that its settings name.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
OWN_SCOPES = ("local", "worktree")  # settings that come with a repository
FILTER_KEYS = ("clean", "smudge", "process", "required")


def ask(
    folder: Path,
    *words: str,
    told: bytes | None = None,
    settings: Mapping[str, str] | None = None,
    more: Sequence[str] = (),
) -> bytes | None:
    """What git answers in a folder; None where it says no. `more` are settings of git's own, and
    `settings` those of its environment. Raises UserError without git.
    """
    try:
        done = subprocess.run(
            command(folder, words, more),
            input=told,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env=environment(settings),
        )
    except FileNotFoundError:
        raise UserError("--diff needs git, which is not installed here; install it") from None
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise UserError(
            f"git {words[0]} did not finish ({type(trouble).__name__}); try it in {folder} by hand"
        ) from None
    return done.stdout if done.returncode == 0 else None


def command(folder: Path, words: Sequence[str], more: Sequence[str] = ()) -> list[str]:
    """The command line of a question."""
    first = ["git", "--no-pager"]
    for each in (*HARMLESS, *more):
        first += ["-c", each]
    return [*first, "-C", str(folder), *words]


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our own environment without what a hook says of its repository: the folder tells that."""
    own = {name: value for name, value in os.environ.items() if name not in LOCAL}
    return {**own, **ALONE, **(settings or {})}


def unfiltered(top: Path) -> list[str]:
    """The settings under which git compares the files of a work tree as they are.

    A filter is a program. Those of the user's own settings, such as git-lfs, stay; those that come
    with the repository do not run. Raises UserError for a filter that cannot be switched off.
    """
    told = ask(top, "config", "--show-scope", "--name-only", "-z", "--get-regexp", r"^filter\.")
    words = (told or b"").decode("utf-8", "surrogateescape").split("\0")
    names = {
        key.split(".", 1)[1].rpartition(".")[0]
        for scope, key in zip(words[::2], words[1::2], strict=False)
        if scope in OWN_SCOPES
    }
    for name in sorted(names):
        if "=" in name:
            raise UserError(
                f"{top} has settings for a filter {name!r}, which cannot be switched off; "
                "take it out of its git configuration"
            )
    return [
        f"filter.{name}.{key}={'false' if key == 'required' else ''}"
        for name in sorted(names)
        for key in FILTER_KEYS
    ]
