"""One SQLite file of keys and bytes, of a bounded size, that several runs may use at once."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

NAME = "facts-1.sqlite3"  # the number is that of the table's form
LARGEST = 256 * 1024 * 1024  # bytes; above it what was not used for longest goes
PORTION = 500  # keys that are asked for at once
PATIENCE = 1.0  # seconds to wait for another run that writes
DAY = 86_400  # seconds; when a row was used is known to the day, so that most runs write nothing
TABLE = """create table if not exists kept
    (key blob primary key, used integer not null, said blob not null) without rowid"""


class Store:
    """The rows of the cache. What fails is left alone for the rest of the run.

    Nothing stays open between two calls: processes are forked meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self._file: Path | None = folder / NAME

    def read(self, keys: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
        """The rows that there are of these keys."""
        found: list[tuple[bytes, bytes]] = []
        if self._file is None or not self._file.exists():
            return found
        idle: list[bytes] = []
        try:
            with closing(_opened(self._file)) as store:
                for at in range(0, len(keys), PORTION):
                    portion = keys[at : at + PORTION]
                    marks = ",".join("?" * len(portion))
                    rows = store.execute(
                        f"select key, used, said from kept where key in ({marks})", portion
                    ).fetchall()
                    found.extend((bytes(key), bytes(said)) for key, _, said in rows)
                    idle.extend(key for key, used, _ in rows if used != _today())
        except (sqlite3.Error, OSError, TypeError) as trouble:
            self._give_up(trouble)
        self._used(idle)
        return found

    def write(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep rows, and let the oldest go where there are too many."""
        if self._file is None:
            return
        try:
            with closing(_opened(self._file)) as store, store:
                store.execute("begin immediate")
                store.executemany(
                    "insert or replace into kept values (?, ?, ?)",
                    [(key, _today(), said) for key, said in rows],
                )
                _shrink(store)
        except (sqlite3.Error, OSError) as trouble:
            self._give_up(trouble)

    def _used(self, keys: Sequence[bytes]) -> None:
        if self._file is None or not keys:
            return
        with suppress(sqlite3.Error, OSError), closing(_opened(self._file)) as store, store:
            store.execute("begin immediate")
            store.executemany(
                "update kept set used = ? where key = ?", [(_today(), key) for key in keys]
            )

    def _give_up(self, trouble: Exception) -> None:
        """A locked or unreachable file is another run's or another user's; a broken one is no
        use to anybody.
        """
        if self._file and type(trouble) is sqlite3.DatabaseError:
            for end in ("", "-wal", "-shm"):
                with suppress(OSError):
                    os.unlink(f"{self._file}{end}")
        self._file = None


def _opened(file: Path) -> sqlite3.Connection:
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    store = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
    try:
        store.execute("pragma journal_mode = wal")
        store.execute("pragma synchronous = normal")
        store.execute(TABLE)
    except BaseException:
        store.close()
        raise
    return store


def _shrink(store: sqlite3.Connection) -> None:
    while _size(store) > LARGEST:
        count = store.execute("select count(*) from kept").fetchone()[0]
        store.execute(
            "delete from kept where key in (select key from kept order by used limit ?)",
            (count // 4 + 1,),
        )


def _size(store: sqlite3.Connection) -> int:
    pages, free, each = (
        store.execute(f"pragma {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * each)


def _today() -> int:
    return int(time.time() // DAY)
