"""What tests of the local page share: zips, a browser without a window, a page that is served."""

from __future__ import annotations

import http.client
import io
import json
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.serve.limits import ORDINARY, Limits
from analyzer.serve.listening import Serving, serving

ROOT = Path(__file__).parent.parent
CLINIC = ROOT / "fixtures" / "sites" / "clinic"
EXPORT = CLINIC / "gtm" / "GTM-CL1N1C7_workspace3.json"
PATIENCE = 60.0  # seconds that a check of a few files may take on a busy machine


def zipped(folder: Path, top: str = "") -> bytes:
    """A folder as a zip, below a top folder where one is named."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{top}{path.relative_to(folder).as_posix()}")
    return out.getvalue()


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """Files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def renewed_export() -> bytes:
    """The clinic's export a year later: one tag paused, one on every page, one with a new name."""
    whole = json.loads(EXPORT.read_bytes())
    whole["exportTime"] = "2039-01-01 08:00:00"
    tags = whole["containerVersion"]["tag"]
    tags[0]["name"] += " (new)"
    tags[1]["paused"] = True
    tags[-1]["firingTriggerId"] = ["2147479553"]
    return json.dumps(whole, indent=2).encode()


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Visitor:
    """A browser as far as a server can see one: its cookie, its origin, the forms that it fills."""

    served: Serving
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def room(self) -> str:
        return f"/{self.served.guard.room}/"

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.served.guard.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        own = {"Cookie": cookies} if cookies else {}
        connection.request(method, path, body, {**own, **(headers or {})})
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.headers), response.read())
        connection.close()
        if made := answer.headers.get("Set-Cookie"):
            name, _, value = made.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def enter(self) -> Visitor:
        answer = self.ask(f"{self.room}?token={self.served.guard.token}")
        assert answer.status == 200
        return self

    def get(self, path: str) -> Answer:
        return self.ask(self.room + path)

    def post(
        self,
        path: str,
        fields: Mapping[str, str | list[str]] | None = None,
        files: Mapping[str, bytes] | None = None,
        **headers: str,
    ) -> Answer:
        edge = "------------------------edge"
        parts: list[bytes] = []
        for name, values in {"form": self.served.guard.form, **(fields or {})}.items():
            for value in [values] if isinstance(values, str) else values:
                parts.append(
                    f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
                    f"{value}\r\n".encode()
                )
        for name, data in (files or {}).items():
            head = (
                f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n"
            )
            parts.append(head.encode() + data + b"\r\n")
        own = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Origin": f"http://127.0.0.1:{self.served.guard.port}",
        }
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self.ask(self.room + path, "POST", body, {**own, **headers})

    def check(self, **files: bytes) -> Answer:
        """The page of a check when it is over; a file's name is given with two _ for the dot."""
        begun = self.post("checks", files={name.replace("__", "."): files[name] for name in files})
        assert begun.status == 303, begun.text
        return self.over(begun.headers["Location"].removeprefix(self.room))

    def over(self, path: str) -> Answer:
        end = time.monotonic() + PATIENCE
        while not json.loads(self.get(f"{path}/progress").body)["over"]:
            assert time.monotonic() < end, "the check takes too long"
            time.sleep(0.05)
        return self.get(path)


@contextmanager
def visited(limits: Limits = ORDINARY) -> Iterator[Visitor]:
    """A page that is served, and a visitor who was let in."""
    with serving(limits=limits) as served:
        yield Visitor(served).enter()
