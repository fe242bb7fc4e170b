"""Addresses and names as Rails makes one of the other."""

from __future__ import annotations

import re

OPTIONAL = re.compile(r"\(([^()]*)\)")
MOST_SPELLINGS = 4  # addresses that optional parts make of one


def underscored(name: str) -> str:
    """A class's name as a path: `Hub::ClientVisits` is `hub/client_visits`."""
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z\d])([A-Z])", r"\1_\2", text).replace("::", "/").lower()


def spelled(path: str) -> tuple[str, ...]:
    """An address with each optional part there and not there, and stars for what varies."""
    path = path.replace("(.:format)", "")
    found = [path]
    for _ in range(4):
        found = [
            spelling
            for each in found
            for spelling in (
                (OPTIONAL.sub("", each, 1), OPTIONAL.sub(r"\1", each, 1))
                if OPTIONAL.search(each)
                else (each,)
            )
        ][:MOST_SPELLINGS]
    return tuple(dict.fromkeys(_starred(each) for each in found))


def _starred(path: str) -> str:
    segments = []
    for segment in re.split(r"/+", path.strip("/")):
        if segment.startswith("*"):
            segments.append("**")
        elif ":" in segment or "*" in segment:
            segments.append("*")
        else:
            segments.append(segment)
    return "/" + "/".join(filter(None, segments))


def plural(name: str) -> str:
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    if re.search(r"(?:ss|x|ch|sh)$", name):
        return name + "es"
    return name if name.endswith("s") else name + "s"


def singular(name: str) -> str:
    return re.sub(r"s$", "", re.sub(r"ies$", "y", name))
