"""Where a folder lies in its git work tree, read from git's own files: no process is started."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from analyzer.model import Checkout

LARGEST = 1_000_000  # bytes of a file of git's that is read
LINKS = 5  # references that lead to references

_REVISION = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SECTION = re.compile(r'\[remote "(?P<name>[^"]+)"\]')
_SHORT = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]{2,}):(?!//)(?P<path>[^\s\\]+)")


def of(folder: Path) -> Checkout:
    """What services need to find the files of this folder again.

    Without git the files are found from where the command runs, as people expect of a linter.
    """
    folder = folder.resolve()
    for top in (folder, *folder.parents):
        if (git := _git_folder(top)) is not None:
            common = _common_folder(git)
            head = _text(git / "HEAD").strip()
            branch = head.removeprefix("ref: refs/heads/") if head.startswith("ref: ") else ""
            return Checkout(
                _below(folder, top), _repository(common), _revision(git, common, head), branch
            )
    try:
        return Checkout(_below(folder, Path.cwd()))
    except OSError:  # the current folder is gone
        return Checkout()


def _git_folder(top: Path) -> Path | None:
    """The git folder of a work tree; where the tree is linked, a file tells where it is."""
    here = top / ".git"
    if here.is_dir():
        return here if (here / "HEAD").is_file() else None
    told = _text(here).strip()
    if not told.startswith("gitdir: "):
        return None
    there = top / told.removeprefix("gitdir: ")
    return there if (there / "HEAD").is_file() else None


def _common_folder(git: Path) -> Path:
    told = _text(git / "commondir").strip()
    return git / told if told else git


def _below(folder: Path, top: Path) -> str:
    if not folder.is_relative_to(top):
        return ""
    inside = folder.relative_to(top).as_posix()
    return "" if inside == "." else inside


def _revision(git: Path, common: Path, head: str) -> str:
    for _ in range(LINKS):
        if _REVISION.fullmatch(head):
            return head
        name = head.removeprefix("ref: ")
        if name == head or not re.fullmatch(r"refs/[^\\]+", name) or ".." in name:
            return ""
        head = (
            _text(git / name).strip() or _text(common / name).strip() or f"{_packed(common, name)}"
        )
    return ""


def _packed(common: Path, name: str) -> str:
    for line in _text(common / "packed-refs").splitlines():
        revision, _, found = line.partition(" ")
        if found == name:
            return revision
    return ""


def _repository(common: Path) -> str:
    """The address of the first remote, origin before others, without anybody's password."""
    remotes: dict[str, str] = {}
    section = ""
    for line in _text(common / "config").splitlines():
        line = line.strip()
        if line.startswith("["):
            match = _SECTION.fullmatch(line)
            section = match["name"] if match else ""
        elif section and re.match(r"url\s*=", line):
            remotes.setdefault(section, line.partition("=")[2].strip())
    return next(
        (
            address
            for name in sorted(remotes, key=lambda name: name != "origin")
            if (address := _public(remotes[name]))
        ),
        "",
    )


def _public(url: str) -> str:
    """The https address of a remote; empty for a folder on this machine."""
    if short := _SHORT.fullmatch(url):
        url = f"ssh://{short['host']}/{short['path']}"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https", "ssh", "git") or not host:
        return ""
    where = f"{host}:{port}" if port and parts.scheme in ("http", "https") else host
    scheme = "http" if parts.scheme == "http" else "https"
    path = quote(parts.path.removesuffix("/").removesuffix(".git"), safe="/-._~%")
    return urlunsplit((scheme, where, path, "", ""))


def _text(path: Path) -> str:
    try:
        if os.path.getsize(path) > LARGEST and path.name != "packed-refs":
            return ""
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
