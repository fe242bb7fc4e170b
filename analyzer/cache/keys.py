"""The key of what a file says: its content, its path, and all that reading it depends on."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from analyzer import __version__
from analyzer.model import Vocabulary

# What a reading depends on besides our own code.
READERS = frozenset(
    {
        "beautifulsoup4",
        "esprima",
        "hyperscan",
        "lxml",
        "pyyaml",
        "tree-sitter",
        "tree-sitter-javascript",
        "tree-sitter-typescript",
        "turbohtml",
    }
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
        *code(),
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
def code() -> tuple[str, ...]:
    """Who reads: this version, our own files, the interpreter, and the packages we read with."""
    ours = sorted(files_of(Path(__file__).parent.parent, ".py"))
    return (__version__, sys.version, *sorted(_installed()), *ours)


def files_of(folder: Path, ending: str) -> Iterator[str]:
    """The files below a folder with their sizes and times: one that changes makes all new."""
    try:
        entries = list(os.scandir(folder))
    except OSError:  # inside an archive, the version has to do
        return
    for entry in entries:
        if entry.is_dir():
            yield from files_of(Path(entry.path), ending)
        elif entry.name.endswith(ending):
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"


def _installed() -> Iterator[str]:
    """The packages and their versions, as installers name the folders that describe them: to read
    those descriptions takes as long as reading a small site.
    """
    for place in sys.path:
        try:
            names = os.listdir(place or ".")
        except OSError:
            continue
        for name in names:
            package, _, rest = name.partition("-")
            if rest.endswith((".dist-info", ".egg-info")) and _plain(package) in READERS:
                yield name


def _plain(package: str) -> str:
    return package.lower().replace("_", "-").replace(".", "-")
