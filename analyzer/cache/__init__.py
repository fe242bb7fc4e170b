"""What files say, kept by their content for the next run, in a folder of the user's own.

It lies outside of the repository: what a repository says of itself is read from its files only.
Whatever is wrong with the cache, a scan finds the same; it only takes longer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analyzer.cache.folder import folder
from analyzer.cache.kept import Kept
from analyzer.cache.keys import key, state_of
from analyzer.cache.records import packed, unpacked
from analyzer.cache.store import Store
from analyzer.model import Vocabulary

__all__ = ["Cache", "Kept", "folder", "key"]


class Cache:
    """What was read in this run, and in earlier ones where there is a folder for it."""

    def __init__(self, vocabulary: Vocabulary, thorough: bool, where: Path | None = None) -> None:
        self.state = state_of(vocabulary, thorough)
        self._store = Store(where) if where else None
        self._recent: dict[bytes, Any] = {}

    def known(self, wanted: Mapping[bytes, str]) -> dict[bytes, Any]:
        """What was kept under keys; `wanted` has the path of the file behind each."""
        found = {each: self._recent[each] for each in wanted if each in self._recent}
        if self._store:
            for each, said in self._store.read([each for each in wanted if each not in found]):
                path, record = unpacked(said)
                if path == wanted[each]:
                    found[each] = self._recent[each] = record
        return found

    def keep(self, records: Sequence[tuple[bytes, str, Any]]) -> None:
        """Keep records, each with its key and the path of its file."""
        self._recent.update((each, record) for each, _, record in records)
        if self._store and records:
            rows = [(each, packed(path, record)) for each, path, record in records]
            self._store.write([(each, said) for each, said in rows if said])
