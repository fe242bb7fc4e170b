"""Patterns of paths as people know them from ignore files, relative to their configuration."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def is_below(path: str, folder: str) -> bool:
    """Does a file lie in a folder? The empty folder holds every file."""
    return not folder or path.startswith(f"{folder}/")


def covers(patterns: Sequence[str], folder: str, path: str) -> bool:
    """Is a file in a folder and meant by one of the patterns? No pattern means every file."""
    if not is_below(path, folder):
        return False
    inner = path.removeprefix(f"{folder}/") if folder else path
    return not patterns or _read(tuple(patterns)).match_file(inner)


@cache
def _read(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # here: most runs ask for no pattern

    return GitIgnoreSpec.from_lines(patterns)
