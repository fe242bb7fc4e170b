"""Where the elements of a page stand: the tree of a reader keeps no offsets, the bytes do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup, Tag

SILENT = re.compile(
    rb"<!--.*?(?:-->|\Z)|"
    rb"(?P<open><(?P<name>script|style|textarea|title)\b[^<>]*>).*?(?=</(?P=name)\b|\Z)",
    re.I | re.S,
)
START = re.compile(rb"<(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])")


class Elements:
    """The elements of a page with the offsets of their start tags.

    The n-th element of a name is the n-th start tag of that name, as long as the tree has as many
    as the bytes: where a reader mended broken markup, the offset is not known.
    """

    def __init__(self, data: bytes, soup: BeautifulSoup) -> None:
        self.soup = soup
        self.starts: dict[str, list[int]] = {}
        for found in START.finditer(SILENT.sub(_blank, data)):
            self.starts.setdefault(found["name"].decode().lower(), []).append(found.start())

    def select(self, names: Sequence[str], needs: str = "") -> Iterator[tuple[Tag, int | None]]:
        """The elements of these names, of those with an attribute where one is asked for, each
        with the offset of its start tag.
        """
        offsets: dict[int, int] = {}
        for name in names:
            starts = self.starts.get(name, [])
            elements = self.soup.find_all(name)
            if len(elements) == len(starts):
                offsets |= {id(each): start for each, start in zip(elements, starts, strict=True)}
        for element in self.soup.find_all(list(names)):
            if isinstance(element, Tag) and (not needs or element.get(needs)):
                yield element, offsets.get(id(element))


def _blank(found: re.Match[bytes]) -> bytes:
    opened = len(found["open"]) if found["open"] else 0
    return found[0][:opened] + b" " * (len(found[0]) - opened)
