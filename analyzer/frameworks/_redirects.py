"""Server code that sends visitors to a login: which addresses it stands in front of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analyzer.model import Fact, Source

TO_LOGIN = re.compile(
    rb"""redirect\w*\s*\(\s*(?:30\d\s*,\s*)?[`"'](?P<to>[^`"'\n]{0,200})[`"']"""
    rb"""|Response\.redirect\s*\(\s*(?:new URL\(\s*)?[`"'](?P<other>[^`"'\n]{0,200})[`"']"""
)
LOGIN = re.compile(rb"(?:^|/)(?:log-?in|sign-?in|auth|sso|session)\b", re.I)
STARTS = re.compile(
    rb"""(?P<no>!\s*)?[\w.?$()]*\b(?:pathname|path|route\.id|routePattern)\??\.startsWith\(\s*[`"'](?P<prefix>/[^`"'\n]{0,200})[`"']"""
)
EQUALS = re.compile(
    rb"""\b(?:pathname|path|route\.id)\s*(?P<no>!)==?=?\s*[`"'](?P<prefix>/[^`"'\n]{0,200})[`"']"""
)
COMMENT = re.compile(rb"/\*.*?\*/|(?<![:\"'\w])//[^\n]*", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendsToLogin(Fact):
    """The file sends visitors to a login, at addresses that begin with one of `only`, or at all
    addresses but those that begin with one of `but`.
    """

    to: str
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def asks_at(self, routes: Iterable[str]) -> bool:
        """Does it stand in front of all these addresses?"""
        routes = tuple(routes)
        if any(_below(route, each) for route in routes for each in (self.to, *self.but)):
            return False
        return not self.only or all(
            any(_below(route, each) for each in self.only) for route in routes
        )


def sent_to_login(source: Source) -> Iterator[SendsToLogin]:
    """The first redirect to a login in a script, with the addresses that are asked about."""
    data = COMMENT.sub(lambda found: b" " * len(found[0]), source.data)
    for found in TO_LOGIN.finditer(data):
        to = found["to"] or found["other"] or b""
        if not LOGIN.search(to):
            continue
        only: list[str] = []
        but: list[str] = []
        for asked in (*STARTS.finditer(data), *EQUALS.finditer(data)):
            (but if asked["no"] else only).append(asked["prefix"].decode("utf-8", "replace"))
        address = re.split(r"[?#$]", to.decode("utf-8", "replace"))[0]
        yield SendsToLogin(
            place=source.place(found.start(), found.end()),
            to=address,
            only=tuple(dict.fromkeys(only)),
            but=tuple(dict.fromkeys(but)),
        )
        return


def _below(route: str, prefix: str) -> bool:
    return bool(prefix) and (route == prefix or route.startswith(prefix.rstrip("/") + "/"))
