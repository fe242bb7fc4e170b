"""What was made of a folder of our own, kept until one of its files or of our code changes."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any

from analyzer.cache.keys import code, files_of
from analyzer.cache.records import packed, unpacked
from analyzer.cache.store import Store


class Kept:
    """One record by its name and by what it was made of."""

    def __init__(self, where: Path, name: str, made_of: Path) -> None:
        self._store = Store(where)
        self.name = name
        self.made_of = made_of

    @cached_property
    def key(self) -> bytes:
        told = (self.name, *code(), "files", *sorted(files_of(self.made_of, "")))
        return hashlib.sha256("\0".join(told).encode("utf-8", "surrogateescape")).digest()

    def record(self) -> Any:
        """The record as it was kept; None where there is none of this very folder."""
        for _, said in self._store.read([self.key]):
            name, record = unpacked(said)
            if name == self.name:
                return record
        return None

    def keep(self, record: Any) -> None:
        if said := packed(self.name, record):
            self._store.write([(self.key, said)])
