"""Who may ask: the browser that was given the address, and no page of anybody else's."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from flask import Request, Response

COOKIE = "trackerlint"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
# A report is made from files of others: it runs apart from this page, without its cookie, and may
# do nothing but show itself. Its own policy names its script and its style by their hashes.
REPORT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
    "sandbox allow-scripts allow-modals allow-popups allow-popups-to-escape-sandbox"
)
SHUT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>trackerlint</title>
<p>This page opens only with the address that trackerlint serve has printed.</p>
</html>
"""
ENTER = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=./">
<title>trackerlint</title><link rel="icon" href="static/icon.svg">
<p><a href="./">Open trackerlint</a></p>
</html>
"""


@dataclass(frozen=True, slots=True)
class Guard:
    """The secrets of a session.

    `token` opens the page as often as it is given. `tickets` open it once each: the address that a
    browser is started with can be read by others in the list of processes. Cookies know no ports,
    so the page lies below a `room` of its own, and no other server of this computer gets its
    cookie.
    """

    port: int
    room: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    token: str = field(default_factory=secrets.token_urlsafe)
    session: str = field(default_factory=secrets.token_urlsafe)
    form: str = field(default_factory=secrets.token_urlsafe)
    tickets: set[str] = field(default_factory=set)

    @property
    def address(self) -> str:
        """The address to print."""
        return self._with(self.token)

    def once(self) -> str:
        """An address that opens the page one time."""
        ticket = secrets.token_urlsafe()
        self.tickets.add(ticket)
        return self._with(ticket)

    def refuses(self, request: Request) -> Response | None:
        """The answer to a request that may not come in; None for one that may."""
        if request.host not in (f"127.0.0.1:{self.port}", f"localhost:{self.port}"):
            return shut()  # a name of somebody else's that leads to this computer
        if request.method == "GET" and request.path == f"/{self.room}/" and "token" in request.args:
            return self._entered() if self._knows(request.args["token"]) else shut()
        if not _same(request.cookies.get(COOKIE, ""), self.session):
            return shut()
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            return shut()
        if request.method in ("GET", "HEAD"):
            return None
        if request.method != "POST" or request.headers.get("Origin") != f"http://{request.host}":
            return shut()
        return None

    def has_sent(self, form: str) -> bool:
        """Does a form come from a page of this session?"""
        return _same(form, self.form)

    def _entered(self) -> Response:
        # A page and no redirect: after a link on another site a browser keeps a strict cookie back
        # until a page of our own leads on.
        response = Response(ENTER, mimetype="text/html")
        response.set_cookie(
            COOKIE, self.session, path=f"/{self.room}/", httponly=True, samesite="Strict"
        )
        return guarded(response)

    def _knows(self, token: str) -> bool:
        if _same(token, self.token):
            return True
        for ticket in list(self.tickets):
            if _same(token, ticket):
                self.tickets.discard(ticket)
                return True
        return False

    def _with(self, token: str) -> str:
        return f"http://127.0.0.1:{self.port}/{self.room}/?token={token}"


def shut() -> Response:
    """The short page for those who may not come in."""
    return guarded(Response(SHUT, 403, mimetype="text/html"))


def guarded(response: Response) -> Response:
    """The answer with what browsers need to keep it to itself."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    # Not "no-referrer": browsers would then hide the origin of our own forms from us.
    headers["Referrer-Policy"] = "same-origin"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = "no-store"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    return response


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
