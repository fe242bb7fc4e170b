"""The folder of the cache: the user's own, and nobody else's to write into."""

from __future__ import annotations

import os
import stat
from pathlib import Path

OWN = "TRACKERLINT_CACHE_DIR"


def folder() -> Path | None:
    """The folder, made where it is not there yet; None where there is no safe one."""
    named = os.environ.get(OWN, "")
    try:
        path = Path(named) if named else _usual()
        if not named and not path.is_absolute():  # nobody's home: `~` would be a folder right here
            return None
        path = path.resolve()
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path if _is_ours(path) else None
    except OSError:
        return None


def _usual() -> Path:
    from platformdirs import user_cache_path  # here: only runs with a cache ask

    return user_cache_path("trackerlint", appauthor=False)


def _is_ours(path: Path) -> bool:
    """Is nobody else able to put something there?"""
    if not hasattr(os, "getuid"):  # the folders of a Windows user are that user's
        return True
    places = [path, *path.glob("*.sqlite3*")]
    return all(
        status.st_uid == os.getuid()
        and not status.st_mode & stat.S_IWOTH
        and not stat.S_ISLNK(status.st_mode)
        for status in map(os.lstat, places)
    )
