"""The life of a process that works for the page: it ends when it is not wanted, and says why it
failed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

from analyzer.model import UserError
from analyzer.serve import told
from analyzer.serve.limits import FULL

Tell = Callable[[dict[str, Any]], None]


@contextmanager
def alone(folder: Path | None, pipe: Connection) -> Iterator[Tell]:
    """Work, tell through the pipe, and tell trouble as a sentence.

    When the page says so, this process and those that it started end. When the page is no more,
    they end as well, and the folder goes with them, because nobody else would remove it.
    """
    if sys.platform != "win32":
        os.setsid()  # Ctrl-C in the terminal is for the page, which then ends this process
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_watch, args=(folder, pipe), daemon=True).start()

    def tell(said: dict[str, Any]) -> None:
        pipe.send_bytes(told.packed(said))

    try:
        yield tell
    except UserError as trouble:
        tell({"trouble": _shown(str(trouble), folder)})
    except MemoryError:
        tell({"trouble": "this needs more memory than there is; give less at once"})
    except OSError as trouble:
        tell({"trouble": of_the_disk(trouble)})
    except Exception as trouble:  # our own mistake must not end in silence
        at = traceback.extract_tb(trouble.__traceback__)[-1]
        where = f"{Path(at.filename).name} line {at.lineno}"
        tell(
            {
                "trouble": f"trackerlint made a mistake ({type(trouble).__name__} in {where}); "
                "please report it, with the kind of file that you gave"
            }
        )


def _watch(folder: Path | None, pipe: Connection) -> None:
    try:
        pipe.recv_bytes()
        is_orphan = False
    except (EOFError, OSError):  # nobody has said that it should end, and nobody will
        is_orphan = True
    for child in active_children():
        child.kill()
    if is_orphan and folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


def of_the_disk(trouble: OSError) -> str:
    """What a person can do when a file cannot be read or written."""
    if trouble.errno in FULL:
        return "the disk of this computer is full; make room and try again"
    return (
        f"this computer could not read or write a file ({trouble.strerror or trouble}); "
        "try again, and report it if that does not help"
    )


def _shown(words: str, folder: Path | None) -> str:
    """The sentence without the temporary folder, which says nothing to anybody."""
    if folder is None:
        return words
    for each in (folder.resolve(), folder):
        words = words.replace(f"{each}{os.sep}work{os.sep}", "")
    return words
