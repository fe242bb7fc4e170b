"""One SQLite file of runs, in which everything that two runs share stands once.

Names and paths stand in `word`, and other tables have their numbers. A set of one page is that
page's number with a minus before it, other sets are rows of `pages`.

A run is a row that points to a state; runs between which nothing changed point to the same one. A
state lists findings and trackers, each with the sets of pages on which it runs; sets that are equal
are one row. So a run of thousands of pages and many trackers takes little, and one that found the
same as before takes a hundred bytes.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from analyzer.model import UserError

APPLICATION = 0x544C4831  # "TLH1": tells our files from those of others
PATIENCE = 10.0  # seconds to wait for another run that writes
ENDINGS = (".sqlite", ".sqlite3", ".db")


def _first_form(store: sqlite3.Connection) -> None:
    for statement in (
        """create table run (id integer primary key, at text not null, day text not null,
            version text not null, revision text not null, branch text not null,
            scope text not null, read integer not null, unread integer not null,
            errors integer not null, warnings integer not null, notes integer not null,
            trackers integer not null, sensitive integer not null, state integer not null)""",
        "create index run_by_day on run (day)",
        "create table state (id integer primary key, digest blob not null unique)",
        "create table word (id integer primary key, said text not null unique)",
        """create table page (id integer primary key, path integer not null,
            classes integer not null, unique (path, classes))""",
        """create table pages (id integer primary key, digest blob not null unique,
            said blob not null)""",
        """create table tracker (id integer primary key, digest blob not null unique,
            key text not null, vendor text not null, name text not null, ids text not null,
            "group" text not null, role text not null, status text not null, place text not null)
        """,
        """create table finding (id integer primary key, digest blob not null unique,
            fingerprint text not null, code integer not null, rule integer not null,
            severity integer not null, path integer not null, line integer not null,
            vendor integer not null, container integer not null, tag_id integer not null,
            tag_name integer not null, accepted integer not null, pages integer not null)""",
        """create table state_tracker (state integer not null, tracker integer not null,
            surely integer not null, maybe integer not null, primary key (state, tracker))
            without rowid""",
        """create table state_finding (state integer not null, finding integer not null,
            primary key (state, finding)) without rowid""",
    ):
        store.execute(statement)


# The steps from each form of the file to the next; a file tells its own by `user_version`.
STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first_form,)


@contextmanager
def opened(file: Path, *, make: bool = False) -> Iterator[sqlite3.Connection]:
    """The file for one piece of work, which is done wholly or not at all.

    Raises UserError where there is no such file, or none that can be used.
    """
    if not make and not file.exists():
        raise UserError(
            f"{file} does not exist, so no run was kept there; trackerlint scan --record keeps one"
        )
    try:
        if make and not file.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        if not file.is_file():
            raise UserError(f"{file} is no file; name one that ends with {ENDINGS[0]}")
        with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as store:
            store.execute("begin immediate" if make else "begin")
            try:
                _brought_up(store, file, make)
                yield store
            except BaseException:
                store.rollback()
                raise
            store.commit()
    except sqlite3.Error as trouble:
        raise UserError(_told(file, trouble)) from None
    except OSError as trouble:
        raise UserError(
            f"{file} cannot be used ({trouble.strerror or trouble}); name another file"
        ) from None


def check_name(file: Path) -> None:
    """Raises UserError for a name that is not that of a history: it might be a page."""
    if file.suffix not in ENDINGS:
        raise UserError(
            f"--record {file} names no history, which ends with {', '.join(ENDINGS)}; to keep the "
            "run in the usual file write --record behind the paths, or before another option"
        )


def _brought_up(store: sqlite3.Connection, file: Path, make: bool) -> None:
    """Bring the file to the form of today. Raises UserError for one that is not ours."""
    (form,) = store.execute("pragma user_version").fetchone()
    (owner,) = store.execute("pragma application_id").fetchone()
    (tables,) = store.execute("select count(*) from sqlite_master").fetchone()
    if tables and owner != APPLICATION:
        raise UserError(f"{file} is a database of something else; name another file")
    if form > len(STEPS):
        raise UserError(
            f"{file} was written by a newer trackerlint; update this one, or name another file"
        )
    if not tables and not make:
        raise UserError(f"{file} holds no run; trackerlint scan --record keeps one")
    if form == len(STEPS):
        return
    for step in STEPS[form:]:
        step(store)
    store.execute(f"pragma application_id = {APPLICATION}")
    store.execute(f"pragma user_version = {len(STEPS)}")


def _told(file: Path, trouble: sqlite3.Error) -> str:
    words = str(trouble).lower()
    if "locked" in words or "busy" in words:
        return f"{file} is in use by another run; try again when that has ended"
    if "readonly" in words or "unable to open" in words:
        return f"{file} cannot be written; check its permissions, or name another file"
    if "full" in words:
        return f"{file} cannot be written: the disk is full"
    if "not a database" in words:
        return f"{file} is no history; name another file"
    return f"{file} is damaged ({trouble}); move it away, and the next run begins a new one"
