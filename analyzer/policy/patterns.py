"""Patterns of files as people know them from ignore files, and of addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from analyzer.model import Home, Place, Policy, Skip

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

EVERY_ADDRESS = "/**"


def covers(patterns: Sequence[str], home: Home, path: str) -> bool:
    """Does a configuration speak of a file, and mean it by one of the patterns? No pattern means
    every file.
    """
    if not home.reaches(path):
        return False
    return not patterns or _read(tuple(patterns)).match_file(home.inner(path))


def answers(patterns: Iterable[str], routes: Iterable[str]) -> bool:
    """Is one of a page's addresses meant by one of the patterns? A page whose address is not known
    is meant by the pattern for every address only.

    In both `*` is one segment and `**` any number of them.
    """
    wanted = [_address(pattern) for pattern in patterns]
    given = [urlsplit(route).path.rstrip("/") or "/" for route in routes] or [""]
    return any(each.fullmatch(route) for each in wanted for route in given)


def means(
    paths: Sequence[str], routes: Sequence[str], home: Home, path: str, own: Sequence[str]
) -> bool:
    """Is a page meant, by its file or by one of its own addresses?"""
    if not home.reaches(path):
        return False
    return (bool(paths) and covers(paths, home, path)) or (bool(routes) and answers(routes, own))


class Chosen:
    """The files that configurations leave out or read after all; it remembers which pattern met
    one.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.met: set[Place] = set()

    def left_out(self, name: str) -> Skip | None:
        """The skip of a file that a configuration leaves out, one a pattern."""
        for each in self.policy.exclude:
            if covers((each.pattern,), each.home, name):
                self.met.add(each.place)
                shown = f"{each.home.folder}/{each.pattern}" if each.home.folder else each.pattern
                reason = f"left out by exclude in {each.place.path}:{each.place.line}"
                return Skip(shown, reason, kind="left-out")
        return None

    def reads(self, name: str) -> bool:
        """Is a file read that would be left out by default?"""
        for each in self.policy.include:
            if covers((each.pattern,), each.home, name):
                self.met.add(each.place)
                return True
        return False

    def unmatched(self) -> tuple[tuple[Place, str], ...]:
        """The patterns that met no file, with what each is about."""
        both = (("exclude", self.policy.exclude), ("include", self.policy.include))
        return tuple(
            (each.place, f"the {word} pattern {each.pattern}")
            for word, listed in both
            for each in listed
            if each.place not in self.met
        )


@cache
def _read(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # here: most runs ask for no pattern

    return GitIgnoreSpec.from_lines(gitignore(pattern) for pattern in patterns)


def gitignore(pattern: str) -> str:
    """The pattern as ignore files write it.

    Brackets stand for themselves, since frameworks name pages with them: `pages/[id].tsx`.
    """
    taken_away = "!" if pattern.startswith("!") else ""
    pattern = pattern.removeprefix("!")
    if pattern in (".", "./"):
        pattern = "**"
    if pattern.startswith("./"):
        pattern = pattern.removeprefix(".")
    pattern = re.sub(r"([\[\]])", r"\\\1", pattern)
    return taken_away + (f"\\{pattern}" if pattern.startswith("#") else pattern)


@cache
def _address(pattern: str) -> re.Pattern[str]:
    if pattern == EVERY_ADDRESS:
        return re.compile(r".*", re.S)
    pieces = []
    for segment in pattern.rstrip("/").split("/")[1:]:
        if segment == "**":
            pieces.append(r"(?:/.*)?")
        else:
            pieces.append("/" + re.escape(segment).replace(r"\*", "[^/]*"))
    return re.compile("".join(pieces) or "/", re.S)
