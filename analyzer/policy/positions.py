"""Where the tables and keys of a TOML text stand, which the standard reader does not tell."""

from __future__ import annotations

import re
from typing import TypeAlias

At: TypeAlias = tuple[str | int, ...]  # the way to a value: ("agreements", 0, "vendor")

GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
NAME = re.compile(r"[ \t]*(?:\"((?:[^\"\\\n]|\\.)*)\"|'([^'\n]*)'|([\w-]+))[ \t]*")
TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^\']|\'{1,2}(?!\'))*\'{3,5}'
    r'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.S,
)
OTHER = re.compile(r"[^,\]}#\n]+")


def positions(text: str) -> dict[At, int]:
    """The offset of every table, key and element of a text that the standard reader accepts."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[At, int] = {}
        self.counts: dict[At, int] = {}  # how many tables of an array there are so far

    def read(self) -> dict[At, int]:
        table: At = ()
        self._skip()
        while self.at < len(self.text):
            start = self.at
            if self.text.startswith("[", start):
                many = self.text.startswith("[[", start)
                self.at += 2 if many else 1
                table = self._table(self._names(), many)
                self.found.setdefault(table, start)
                self.at += 2 if many else 1
            else:
                self._pair(table)
            self._skip()
        return self.found

    def _table(self, names: list[str], many: bool) -> At:
        table: At = ()
        for number, name in enumerate(names):
            table = (*table, name)
            if many and number == len(names) - 1:
                self.found.setdefault(table, self.at)
                self.counts[table] = self.counts.get(table, 0) + 1
            if table in self.counts:
                table = (*table, self.counts[table] - 1)
        return table

    def _pair(self, table: At) -> None:
        start = self.at
        names = self._names()
        path = table
        for name in names:
            path = (*path, name)
            self.found.setdefault(path, start)
        self.at += 1  # the sign between name and value
        self._value(path)

    def _names(self) -> list[str]:
        names = []
        while (found := NAME.match(self.text, self.at)) is not None:
            names.append(next(part for part in found.groups() if part is not None))
            self.at = found.end()
            if not self.text.startswith(".", self.at):
                break
            self.at += 1
        return names

    def _value(self, path: At) -> None:
        self._skip()
        first = self.text[self.at : self.at + 1]
        if first == "[":
            self._list(path)
        elif first == "{":
            self._inner(path)
        elif (
            found := (TEXT if first in ("'", '"') else OTHER).match(self.text, self.at)
        ) is not None:
            self.at = found.end()

    def _list(self, path: At) -> None:
        self.at += 1
        number = 0
        while True:
            self._skip()
            if self.text[self.at : self.at + 1] in ("]", ""):
                self.at += 1
                return
            self.found[(*path, number)] = self.at
            self._value((*path, number))
            self._skip()
            if self.text.startswith(",", self.at):
                self.at += 1
            number += 1

    def _inner(self, path: At) -> None:
        self.at += 1
        while True:
            self._skip()
            if self.text[self.at : self.at + 1] in ("}", ""):
                self.at += 1
                return
            self._pair(path)
            self._skip()
            if self.text.startswith(",", self.at):
                self.at += 1

    def _skip(self) -> None:
        found = GAP.match(self.text, self.at)
        self.at = found.end() if found else self.at
