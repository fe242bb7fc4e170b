"""The key of what a file says: its content, its path, and all that reading it depends on."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from analyzer import __version__
from analyzer.model import Vocabulary

# What a reading depends on besides our own code.
READERS = (
    "beautifulsoup4",
    "esprima",
    "hyperscan",
    "lxml",
    "PyYAML",
    "tree-sitter",
    "tree-sitter-javascript",
    "tree-sitter-typescript",
    "turbohtml",
)


def key(state: bytes, kind: str, path: str, data: bytes) -> bytes:
    """The key of one way (`kind`) of reading a file."""
    name = f"{kind}\0{path}\0".encode("utf-8", "surrogateescape")
    made = hashlib.sha256(state + name)
    made.update(data)
    return made.digest()


def state_of(vocabulary: Vocabulary, thorough: bool) -> bytes:
    """All that a reading depends on and that is no file of the scan."""
    told = (
        *_code(),
        repr(thorough),
        *sorted(vocabulary.names),
        "packages",
        *sorted(vocabulary.packages),
        "words",
        *map(repr, vocabulary.words),
        "settings",
        *vocabulary.settings,
    )
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogateescape")).digest()


@cache
def _code() -> tuple[str, ...]:
    packages = [f"{name} {_version(name)}" for name in READERS]
    ours = sorted(_sources(Path(__file__).parent.parent))
    return (__version__, sys.version, *packages, *ours)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _sources(folder: Path) -> Iterator[str]:
    """Our own files with their sizes and times: a changed reader makes everything new."""
    try:
        entries = list(os.scandir(folder))
    except OSError:  # inside an archive, the version has to do
        return
    for entry in entries:
        if entry.is_dir():
            yield from _sources(Path(entry.path))
        elif entry.name.endswith(".py"):
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"
