"""Questions to git, each answered or turned into one sentence."""

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
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)


def ask(
    folder: Path,
    *words: str,
    told: bytes | None = None,
    settings: Mapping[str, str] | None = None,
) -> bytes | None:
    """What git answers in a folder; None where it says no. Raises UserError without git."""
    try:
        done = subprocess.run(
            command(folder, words),
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


def command(folder: Path, words: Sequence[str]) -> list[str]:
    """The command line; nothing that a repository's own settings name is run."""
    first = ["git", "-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-C", str(folder)]
    return [*first, *words]


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our own environment without what a hook says of its repository: the folder tells that."""
    own = {name: value for name, value in os.environ.items() if name not in LOCAL}
    return {**own, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", **(settings or {})}
