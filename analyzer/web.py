"""Requests to a service: patient with one that is busy, careful with the token, short in words."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from analyzer import __version__
from analyzer.model import UserError

if TYPE_CHECKING:
    import requests

CONNECTING = 10.0  # seconds until a connection stands
ATTEMPTS = 4  # after the first
PAUSE = 0.5  # seconds before the second attempt; each later pause is twice as long
LONGEST_PAUSE = 60.0  # seconds, whatever a service asks for
ANSWER = 200_000  # bytes of an answer that are read
SAID = 300  # characters of an answer that are shown
LOCAL = ("localhost", "127.0.0.1", "::1")
BUSY = (429, 503)
BROKEN = (500, 502, 504)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any  # the JSON; None for what is none
    text: str  # what a person may be shown of it


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a service gave: the status, the bytes, and what a person may be shown of them."""

    status: int
    data: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Service:
    """A service under its address; `scheme` is the word before the token in the request's header.

    `token` is never part of a text that somebody sees.
    """

    name: str
    url: str
    scheme: str
    token: str = field(repr=False)
    patience: float = 120.0  # seconds for one answer

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] = {},
        again: bool = True,
        **content: Any,
    ) -> Answer:
        """One request and its answer, whatever its status; `again` tells that a request which may
        have arrived can be sent a second time. Raises UserError where there is no answer.
        """
        status, body = self._asked(method, path, ANSWER, headers, again, content)
        return Answer(status, *self._understood(body))

    def load(self, path: str, most: int) -> Loaded:
        """What stands at an address, of at most so many bytes. Raises UserError where there is no
        answer, and for one that is larger.
        """
        status, data = self._asked("GET", path, most, {}, True, {})
        if len(data) > most:
            raise UserError(
                f"{self.host} sent more than {most // 1_000_000} MB, which no container has"
            )
        return Loaded(status, data, self._understood(data)[1])

    def _asked(
        self,
        method: str,
        path: str,
        most: int,
        headers: Mapping[str, str],
        again: bool,
        content: Mapping[str, Any],
    ) -> tuple[int, bytes]:
        # Here and not above: only the commands that a user means for the network load it.
        import requests

        where = f"{self.url}{path}"
        try:
            with (
                self._session(again) as session,
                session.request(
                    method,
                    where,
                    headers={"User-Agent": f"trackerlint/{__version__}", **headers},
                    auth=self._authorised,
                    timeout=(CONNECTING, self.patience),
                    allow_redirects=False,  # the token is for this host only
                    stream=True,
                    **content,
                ) as response,
            ):
                body = self._body(response, most)
                status, target = response.status_code, response.headers.get("Location", "")
        except requests.ReadTimeout:
            raise UserError(
                f"{self.name} at {self.host} did not answer within {self.patience:g} seconds; "
                "try again later, or give it longer with --timeout"
            ) from None
        except requests.exceptions.SSLError:
            raise UserError(
                f"{self.host} has no certificate that this machine trusts; check the address, or "
                "name your authority's file in REQUESTS_CA_BUNDLE"
            ) from None
        except requests.exceptions.ProxyError:
            raise UserError(
                f"the proxy on the way to {self.host} failed; check HTTPS_PROXY and NO_PROXY"
            ) from None
        except (requests.RequestException, OSError, UnicodeError):
            raise UserError(
                f"the connection to {self.host} failed or broke off; check the address and the "
                "network, then try again"
            ) from None
        if 300 <= status < 400:
            raise UserError(
                f"{self.name} at {self.host} sends its callers to another address"
                f"{self._elsewhere(target)}; the token goes to no address but yours, so give the "
                "right one with --url"
            )
        return status, body

    @property
    def host(self) -> str:
        return host_of(self.url)

    def cleaned(self, text: str) -> str:
        """Words of a service, fit to show: one line, without the token."""
        if self.token:
            text = text.replace(self.token, "…")
        text = " ".join("".join(one if one.isprintable() else " " for one in text).split())
        return text if len(text) <= SAID else text[: SAID - 1] + "…"

    def _authorised(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # As a function: a header of our own would give way to what a .netrc file says.
        if self.token:
            request.headers["Authorization"] = f"{self.scheme} {self.token}"
        return request

    def _session(self, again: bool) -> requests.Session:
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.exceptions import ReadTimeoutError
        from urllib3.util.retry import Retry

        class Patient(Retry):
            """Retries that no service can stretch: who was slow once is not waited for again."""

            def increment(
                self,
                method: str | None = None,
                url: str | None = None,
                response: Any = None,
                error: Exception | None = None,
                _pool: Any = None,
                _stacktrace: Any = None,
            ) -> Self:
                if isinstance(error, ReadTimeoutError):
                    raise error
                return super().increment(method, url, response, error, _pool, _stacktrace)

            def get_retry_after(self, response: Any) -> float | None:
                try:
                    asked = super().get_retry_after(response)
                except Exception:  # a header that is neither seconds nor a date
                    return None
                return None if asked is None else min(asked, LONGEST_PAUSE)

        retries = Patient(
            total=ATTEMPTS,
            read=ATTEMPTS if again else 0,
            redirect=0,
            status_forcelist=(*BUSY, *BROKEN) if again else BUSY,
            allowed_methods=None,
            backoff_factor=PAUSE,
            raise_on_status=False,
            respect_retry_after_header=True,
        )
        session = requests.Session()
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=retries))
        return session

    def _body(self, response: requests.Response, most: int) -> bytes:
        """The answer, unless it never ends."""
        import requests

        end = time.monotonic() + self.patience
        data = bytearray()
        for piece in response.iter_content(1):  # more at once would wait until it is complete
            data += piece
            if len(data) > most:
                break
            if time.monotonic() > end:
                raise requests.ReadTimeout
        return bytes(data)

    def _understood(self, data: bytes) -> tuple[Any, str]:
        text = data.decode("utf-8", "replace")
        try:
            body = json.loads(text) if len(data) <= ANSWER else None
        except (ValueError, RecursionError):
            body = None
        if body is None:
            # Somebody's page: its markup helps nobody.
            return None, "" if "<" in text else self.cleaned(text)
        return body, self.cleaned(_sentence(body))

    def _elsewhere(self, target: str) -> str:
        try:
            host = urlsplit(target).hostname or ""
        except ValueError:
            host = ""
        return f" ({self.cleaned(host)})" if host else ""


def checked(url: str, option: str) -> str:
    """An address that a token may be sent to. Raises UserError for one that it may not."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or not re.fullmatch(r"[\w.:-]+", host):
        raise UserError(f"{option} is no address; write it as in https://example.org")
    if parts.username is not None or parts.password is not None:
        raise UserError(
            f"{option} holds a user or a password; leave them out, the token is read from the "
            "environment"
        )
    if parts.query or parts.fragment:
        raise UserError(f"{option} has a question mark or a hash sign; give the address without it")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOCAL):
        raise UserError(
            f"{option} is not an https address; write it with https:// (without encryption a token "
            "goes to this machine only)"
        )
    return url.strip().rstrip("/")


def token_of(environment: Mapping[str, str], name: str, needs: str) -> str:
    """The token from the environment. Raises UserError where there is none that can be sent."""
    token = environment.get(name, "").strip()
    if not token:
        raise UserError(f"{name} is not set; put a token into the environment that {needs}")
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise UserError(f"{name} holds spaces or signs that no token has; set it anew")
    return token


def host_of(url: str) -> str:
    return urlsplit(url).netloc


def _sentence(body: Any) -> str:
    """What a JSON answer says to people."""
    match body:
        case {"message": str(message), "errors": list(errors)}:
            return ": ".join([message, *(_sentence(each) for each in errors[:3])])
        case {"message": str(message)} | {"detail": str(message)}:
            return message
        case dict():
            return "; ".join(f"{name}: {_sentence(value)}" for name, value in body.items())
        case list():
            return ", ".join(_sentence(each) for each in body[:5])
    return str(body)
