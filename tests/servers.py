"""Servers of our own: those that work, are busy, slow, wrong, or never come to an end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class Stub:
    """A server that gives its answers one after the other, the last one for ever."""

    answers: list[Callable[[BaseHTTPRequestHandler], None]]
    asked: list[Asked] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(*answers: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Stub]:
    stub = Stub(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            stub.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            answer = stub.answers.pop(0) if len(stub.answers) > 1 else stub.answers[0]
            try:
                answer(self)
            except OSError:  # who asked has gone
                self.close_connection = True

        do_GET = do_POST

        def log_message(self, *words: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        stub.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()


def says(
    status: int, body: object = None, **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def promises_more(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(202)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "half')
    handler.close_connection = True


def never_ends(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(202)
    handler.send_header("Content-Length", "999999999")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65_536)


def drips(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(202)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def sleeps(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1)
    says(202, {"id": "late"})(handler)
