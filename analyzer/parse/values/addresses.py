"""An address whose parts are set one by one: `url.pathname = "/tr"`, `url.search = query`."""

from __future__ import annotations

import re

from analyzer.model import Hole, Value
from analyzer.parse.values.document import joined, pieces

PARTS = frozenset({"protocol", "host", "hostname", "pathname", "search"})
ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*:)?(//[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?", re.I | re.S)
FIRST = 0xE000  # letters for private use stand for holes while an address is taken apart
MOST_HOLES = 0xF000 - FIRST


def with_part(address: Value, part: str, new: Value) -> Value:
    """An address with another host, path or query; nothing where it is no address."""
    holes: list[Hole] = []
    found = ADDRESS.fullmatch(_lettered(address, holes))
    said = _lettered(new, holes)
    if found is None or not found[2] or len(holes) > MOST_HOLES:
        return None
    scheme, host, path, query, rest = (found[number] or "" for number in range(1, 6))
    match part:
        case "protocol":
            scheme = said.removesuffix(":") + ":"
        case "host" | "hostname":
            host = f"//{said}"
        case "pathname":
            path = f"/{said.removeprefix('/')}"
        case "search":
            query = f"?{said.removeprefix('?')}" if said else ""
    if query and not path:
        path = "/"
    return _unlettered(f"{scheme}{host}{path}{query}{rest}", holes)


def _lettered(value: Value, holes: list[Hole]) -> str:
    text = ""
    for each in pieces(value):
        if isinstance(each, str):
            text += each
        else:
            text += chr(FIRST + len(holes))
            holes.append(each)
    return text


def _unlettered(text: str, holes: list[Hole]) -> Value:
    parts: list[str | Hole] = []
    for each in re.split(f"([{chr(FIRST)}-{chr(FIRST + MOST_HOLES)}])", text):
        is_hole = len(each) == 1 and FIRST <= ord(each) < FIRST + len(holes)
        parts.append(holes[ord(each) - FIRST] if is_hole else each)
    return joined(parts)
