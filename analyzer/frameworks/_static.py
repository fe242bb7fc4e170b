"""Pages of a plain site that are copies, and pages that show other pages in themselves."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks import Convention, Join, Part, Project, folder_of
from analyzer.model import Fact, Frame, Source
from analyzer.parse.markup import comments

BACKUP = re.compile(
    r" - Copy(?: \(\d+\))?\.\w+$"
    r"|[-_. ](?:bak|backup|old|orig|original|copy\d*|zaloha|puvodni)\.\w+$"
    r"|\.(?:bak|old|orig)$|(?:^|/)(?:\.tmp|_?backups?|_?bak|_old)/",
    re.I,
)
SAVED = re.compile(r"(?:^|/)[^/]+_files/")
PAGES = (".html", ".htm", ".xhtml", ".shtml")
BY_ATTRIBUTE = re.compile(
    rb"""\b(?:w3-include-html|data-include(?:-html|-path)?|include-html)\s*=\s*["']([^"'?#<>]{1,300})"""
)
BY_LOAD = re.compile(rb"""\.load\(\s*["'`]([^"'`?#\s<>]{1,300}\.x?html?)[^"'`]{0,100}["'`]""")
BY_FETCH = re.compile(rb"""\bfetch\(\s*["'`]([^"'`?#\s<>]{1,300}\.x?html?)["'`]""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(Fact):
    """A page asks for a piece of markup after it has loaded; `runs` tells that its scripts run."""

    target: str
    runs: bool


def read(source: Source) -> Iterator[Fact]:
    """The pieces that a page asks for; what a comment says asks for nothing."""
    data = source.data
    hidden: list[tuple[int, int]] | None = None
    for pattern, runs in ((BY_ATTRIBUTE, False), (BY_LOAD, True), (BY_FETCH, False)):
        for found in pattern.finditer(data):
            if hidden is None:
                plain = data.replace(b"\r\n", b" \n").replace(b"\r", b"\n")
                hidden = list(comments(plain))
            if any(start <= found.start() < end for start, end in hidden):
                continue
            target = found[1].decode("utf-8", "replace").strip()
            place = source.place(found.start(), found.end())
            yield Fetched(place=place, target=target, runs=runs)


def saved_pages(project: Project) -> frozenset[str]:
    """The names, without suffix, of pages that a browser saved with a folder of their files."""
    return frozenset(path[: path.index("_files/")] for path in project.paths if "_files/" in path)


def doubt_of(path: str, saved: frozenset[str]) -> str:
    """Why a page may not be one that visitors are shown, or an empty text."""
    if BACKUP.search(path):
        return "if this file is served, which looks like a backup"
    if SAVED.search(path):
        return "if this part of a saved page is served"
    if posixpath.splitext(path)[0] in saved:
        return "if this page is served, which looks like a saved copy of another one"
    return ""


def shown_inside(project: Project, path: str) -> Iterator[Convention]:
    """What a page shows of other files: in frames, and by scripts that fetch them."""
    for frame in project.facts_in(path, Frame):
        url = frame.url if isinstance(frame.url, str) else ""
        inner = local_page(project, path, url)
        if inner and inner != path:
            yield Join(
                "loads",
                path,
                inner,
                place=frame.place,
                guards=frame.guards,
                blocks=frame.blocks,
                moment=frame.moment,
                confidence=1.0,
            )
    for fact in project.facts_in(path, Fetched):
        inner = local_page(project, path, fact.target)
        if not inner or inner == path or project.is_whole(inner):
            continue
        yield Part(inner)
        if fact.runs:
            yield Join("includes", path, inner, place=fact.place, confidence=0.9)


def local_page(project: Project, path: str, url: str) -> str:
    """The document of this site that an address means, or an empty text."""
    bare = re.split(r"[?#]", url.strip())[0]
    if not bare or re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", bare, re.I):
        return ""
    bases = [folder_of(path)] if not bare.startswith("/") else _roots(path)
    for base in bases:
        written = posixpath.normpath(base + bare.lstrip("/"))
        named = (written, f"{written}/index.html", f"{written}.html")
        found = project.first(*(named if not bare.endswith("/") else named[1:2]))
        if found.lower().endswith(PAGES):
            return found
    return ""


def _roots(path: str) -> list[str]:
    """The folders above a page, of which each may be the root of its site; the outermost first."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:depth]) + "/" if depth else "" for depth in range(len(parts) + 1)]
