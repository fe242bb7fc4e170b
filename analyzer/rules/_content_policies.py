"""What a content-security policy lets a page load, by the rules that browsers follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from analyzer.model import ContentPolicy

SOURCE = re.compile(
    r"(?:(?P<scheme>https?|wss?)://)?(?P<host>\*|(?:\*\.)?[\w.-]+)(?::(?P<port>\d+|\*))?(?P<path>/.*)?$",
    re.I,
)
FOR_SCRIPTS = ("script-src-elem", "script-src", "default-src")


def sources_for_scripts(policy: ContentPolicy) -> tuple[str, ...] | None:
    """The sources of the directive that decides about scripts; None where none does."""
    for name in FOR_SCRIPTS:
        if name in policy.directives:
            return tuple(each.source for each in policy.allowed if each.directive == name)
    return None


def trusts_by_other_means(sources: tuple[str, ...]) -> bool:
    """Do a nonce, a hash or what trusted scripts load decide, so that hosts tell nothing?"""
    return any(
        each.startswith(("'nonce", "'sha")) or each == "'strict-dynamic'" for each in sources
    )


def allows(sources: tuple[str, ...], address: str) -> bool:
    """Does one of the sources fit an address?"""
    parts = urlsplit(address if "//" in address else f"https://{address}")
    return any(
        _fits(each, parts.scheme or "https", parts.hostname or "", parts.path) for each in sources
    )


def _fits(source: str, scheme: str, host: str, path: str) -> bool:
    if source in ("*", f"{scheme}:") or (source == "http:" and scheme == "https"):
        return True
    found = SOURCE.match(source)
    if found is None or source.startswith("'"):
        return False
    wanted = found["host"].lower()
    fits = host.endswith(wanted[1:]) if wanted.startswith("*.") else wanted in ("*", host)
    if not fits or (found["scheme"] == "https" and scheme == "http"):
        return False
    below = found["path"] or "/"
    return below == "/" or (path.startswith(below) if below.endswith("/") else path == below)


def told(hosts: list[str], most: int = 4) -> str:
    """Some hosts in a row, and how many more."""
    listed = list(dict.fromkeys(hosts))
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def plain_host(source: str) -> Iterator[str]:
    """The host of a source, with its asterisk."""
    if found := SOURCE.match(source):
        yield found["host"].lower()
