"""The server: it hears this computer only."""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from analyzer import __version__
from analyzer.model import UserError
from analyzer.serve.app import app_of
from analyzer.serve.checks import Checks
from analyzer.serve.guard import Guard
from analyzer.serve.limits import ORDINARY, Limits

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers: its addresses, and the folder that goes with it."""

    guard: Guard
    folder: Path
    thread: Thread


class Quiet(WSGIRequestHandler):
    """A request is nothing to print: addresses hold the token."""

    def log(self, type: str, message: str, *args: Any) -> None:
        return

    def version_string(self) -> str:
        return f"trackerlint/{__version__}"


class Server(ThreadedWSGIServer):
    """Werkzeug's server, which warns of use in public.

    Here it serves the one person before this computer: it takes large uploads without holding them
    in memory, and it is there wherever Flask is.
    """

    def handle_error(self, request: Any, client_address: Any) -> None:
        return  # a browser that went away in the middle: nobody is there to be told


@contextmanager
def serving(port: int = 0, limits: Limits = ORDINARY) -> Iterator[Serving]:
    """Serve the page on a port of this computer, 0 for any that is free, until the block ends.

    Raises UserError where the port is taken.
    """
    ear = _ear(port)
    guard = Guard(ear.getsockname()[1])
    folder = Path(tempfile.mkdtemp(prefix="trackerlint-")).resolve()
    checks = Checks(folder, limits)
    try:
        app = app_of(checks, guard)
        server = Server(HOST, guard.port, app, Quiet, fd=ear.fileno())
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Serving(guard, folder, thread)
        finally:
            _stop(server, thread)
    finally:
        ear.close()
        checks.close()
        shutil.rmtree(folder, ignore_errors=True)


def _ear(port: int) -> socket.socket:
    ear = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.bind((HOST, port))
        ear.listen(128)
    except OSError as trouble:
        ear.close()
        raise UserError(
            f"port {port} cannot be used ({trouble.strerror}); choose another with --port, or "
            "leave --port away"
        ) from None
    return ear


def _stop(server: Server, thread: Thread) -> None:
    server.shutdown()
    thread.join()
    server.server_close()
