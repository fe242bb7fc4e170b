"""Work in a process of its own, from the page's side: what it tells, and its end in any case."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import connection, get_context
from multiprocessing.process import BaseProcess
from typing import Any

LISTEN = 0.2  # seconds between two looks at whether the work is still wanted
PATIENCE = 2.0  # seconds that a process has to end by itself
DIED = (
    "the check ended before it was done, most often for want of memory; close other programs or "
    "give less at once"
)


def messages(
    job: Callable[[Any, connection.Connection], None],
    order: object,
    is_wanted: Callable[[], bool],
) -> Iterator[dict[str, Any]]:
    """What a job tells until it is done, or not wanted any more; its process ends with this."""
    # A fresh process: one that is forked from a server with threads may hold their locks for ever.
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=job, args=(order, there))
    process.start()
    there.close()
    try:
        while is_wanted():
            ready = connection.wait([here, process.sentinel], LISTEN)
            if here in ready:
                try:
                    said: dict[str, Any] = json.loads(here.recv_bytes())
                except (EOFError, OSError):
                    yield {"trouble": DIED}
                    return
                yield said
                if "result" in said or "trouble" in said:
                    return
            elif ready:
                yield {"trouble": DIED}
                return
    finally:
        with suppress(OSError):
            here.send_bytes(b"end")
        _end(process)
        here.close()  # not before: a process whose page is gone removes its folder


def _end(process: BaseProcess) -> None:
    connection.wait([process.sentinel], PATIENCE)
    if sys.platform != "win32" and process.pid is not None:
        # Before it is waited for: until then nobody else can have its number.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.is_alive():
        process.kill()
    process.join()
    process.close()
