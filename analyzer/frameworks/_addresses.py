"""Addresses of client routes and of files in a folder of pages, with `*` for what varies."""

from __future__ import annotations

import re
from collections.abc import Iterable

AUTH = re.compile(
    r"auth|log(?:ged)?_?-?in|sign(?:ed)?_?-?in|session|role|permission|user|member|account|token"
    r"|protected|private|admin|jwt|keycloak|msal|oidc|okta",
    re.I,
)
OPEN = re.compile(
    r"guest|anonym|public|no_?-?auth|un_?-?auth|not_?-?(?:log|auth|sign)|logged_?-?out"
    r"|redirect_?-?if|already",
    re.I,
)
MOST = 16  # addresses of one file


def asks_for_login(word: str) -> bool:
    """Does the name of a guard or a middleware say that somebody must have signed in?"""
    return bool(AUTH.search(word)) and not OPEN.search(word)


def client_route(path: str) -> tuple[str, ...]:
    """The addresses of a path in a client's router: `/doctors/:id?`, `:pathMatch(.*)*`, `**`."""
    found = [""]
    for piece in path.strip("/").split("/"):
        if not piece:
            continue
        if piece in ("*", "**") or re.search(r"\(\.\*\)|^:[\w]+(?:\([^)]*\))?[*+]$|^\*", piece):
            step = "/**"
        elif ":" in piece:
            step = "/" + re.sub(r":\w+(?:\([^)]*\))?\??", "*", piece)
        else:
            step = "/" + piece
        if re.fullmatch(r":\w+(?:\([^)]*\))?\?", piece) and len(found) < MOST:
            found = [*(each + step for each in found), *found]
        else:
            found = [each + step for each in found]
    return tuple(each or "/" for each in found)


def file_routes(pieces: Iterable[str]) -> tuple[str, ...]:
    """The addresses of folders and a name: `[id]`, `[[lang]]`, `[...rest]`, `(group)`."""
    found = [""]
    for piece in pieces:
        if re.fullmatch(r"\(.*\)", piece) or piece in ("", "index"):
            continue
        if re.fullmatch(r"\[{1,2}\.\.\..*\]{1,2}", piece):
            found = [each + "/**" for each in found]
        elif re.fullmatch(r"\[\[.*\]\]", piece):
            found = [*(each + "/*" for each in found), *found][:MOST]
        else:
            step = "/" + re.sub(r"\[{1,2}[^\]]*\]{1,2}", "*", piece)
            found = [each + step for each in found]
    return tuple(each or "/" for each in found)
