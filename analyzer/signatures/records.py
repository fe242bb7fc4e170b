"""What the folder of signatures says, as records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from analyzer.index import HOST, Key
from analyzer.model import Role
from analyzer.patterns import Pattern, read_pattern


class Signal(NamedTuple):  # thousands come with every start, and a tuple is there at once
    """One way to recognise one role of one vendor; `key` finds it in an index.

    Its pattern is read when it is first asked for.
    """

    vendor: str
    role: Role
    text: str
    weak: bool
    key: Key

    @property
    def pattern(self) -> Pattern:
        return read_pattern(self.text)

    @property
    def is_address(self) -> bool:
        return self.key[0] == HOST


@dataclass(frozen=True, slots=True)
class Shapes(Mapping[str, re.Pattern[str]]):
    """How ids of a vendor look, as regular expressions that are compiled when they are asked."""

    texts: Mapping[str, str]

    def __getitem__(self, name: str) -> re.Pattern[str]:
        return _compiled(self.texts[name])

    def __contains__(self, name: object) -> bool:
        return name in self.texts

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)


@cache
def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text)


@dataclass(frozen=True, slots=True)
class Example:
    """What a vendor's file shows: a small text, and what is found of the vendor in it.

    `switches` are those that the text turns, such as `autocapture off`.
    """

    vendor: str
    about: str
    path: str
    text: str
    finds: tuple[str, ...]
    switches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What tells that a page is of a class; one strong sign is enough, weak ones need another."""

    id: str
    name: str
    axis: str
    about: str
    strong: Mapping[str, tuple[str, ...]]
    weak: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DataWords:
    """A category of personal or health data and the words that name it."""

    id: str
    name: str
    hipaa: str
    words: tuple[str, ...]
    weak: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordsBeside:
    """Words beside a word of a category that change what it means: they make of it something about
    the thing (for identifiers some more do), or say which one it is, whose it is, who treats, or
    that it belongs to a test.
    """

    about: frozenset[str] = frozenset()
    about_identifiers: frozenset[str] = frozenset()
    naming: frozenset[str] = frozenset()
    treating: frozenset[str] = frozenset()
    organisation: frozenset[str] = frozenset()
    person: frozenset[str] = frozenset()
    experiment: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Host:
    """A well-known host that is no tracker's: who runs it, and what for."""

    owner: str
    category: str
