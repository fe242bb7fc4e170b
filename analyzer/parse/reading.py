"""A page as a person reads it: its title, headings, fields, and whose data it names.

This is Beautiful Soup's part, over lxml: it copes with odd encodings and broken markup, and labels
are found by selectors. It runs only on pages that a tracker reaches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzer.engines import PLAIN, engine_of
from analyzer.model import Fact, Field, Frame, Heading, Link, Place, Region, Source
from analyzer.parse.mask import flattened, mask

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

LONGEST = 2 * 1024 * 1024  # bytes of a page that are read for its meaning
TEXT_LIMIT = 300
NAME = re.compile(r"^[\s={(!]*(?:@|\$)?([a-zA-Z_]\w*)(?:\.|->|\[)")
SCHEMA_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([\w:/.#-]{1,100})"')
FIELD_TAGS = ("input", "select", "textarea")
WORDED = ("name", "id", "placeholder", "aria-label", "autocomplete", "title")


def read(source: Source) -> tuple[Fact, ...]:
    """The headings, fields, links and template variables of one page."""
    return tuple(_facts(source))


def _facts(source: Source) -> Iterator[Fact]:
    from bs4 import BeautifulSoup

    engine = engine_of(source.path, source.data) or PLAIN
    outer, source = source, flattened(source, engine)
    data = source.data[:LONGEST]
    masked = mask(data, engine)
    readable = bytearray(masked.data)
    for tag in masked.tags:
        if (
            tag.kind == "output"
        ):  # words such as {% trans "Your appointment" %} are read, variables are not
            quoted = re.search(rb"""["']([^"'<>]{3,})["']""", data[tag.start : tag.end])
            filler = quoted[1].replace(b"\n", b" ") if quoted else b""
            readable[tag.start : tag.end] = filler.ljust(tag.end - tag.start)[: tag.end - tag.start]
            if name := NAME.match(tag.text):
                yield Field(place=source.place(tag.start, tag.end), name=name[1], type="expression")
    place = Place(outer.path, Region(1, 1, 1, 1, (1, 1)))
    soup = BeautifulSoup(bytes(readable), "lxml")
    for level, selector in ((0, "title"), (1, "h1"), (2, "h2"), (3, "legend")):
        for element in soup.select(selector)[:40]:
            if text := _words(element.get_text(" ")):
                yield Heading(place=_at(place, element.sourceline), text=text, level=level)
    labels = {
        str(label.get("for")): _words(label.get_text(" "))
        for label in soup.select("label[for]")[:500]
    }
    for element in soup.select(", ".join(FIELD_TAGS))[:500]:
        kind = str(element.get("type") or element.name).lower()
        if kind in ("hidden", "submit", "button", "image", "reset"):
            continue
        around = element.find_parent("label")
        said = labels.get(str(element.get("id"))) or (
            _words(around.get_text(" ")) if around else ""
        )
        words = " ".join(str(element.get(name) or "") for name in WORDED)
        yield Field(place=_at(place, element.sourceline), name=_words(words), type=kind, label=said)
    yield from _structured(soup, place)
    for selector, attribute in (
        ("a[href]", "href"),
        ("form[action]", "action"),
        ("iframe[src]", "src"),
    ):
        for element in soup.select(selector)[:1000]:
            where, url = _at(place, element.sourceline), str(element.get(attribute))
            if element.name == "iframe":
                yield Frame(place=where, url=url)
            else:
                yield Link(place=where, url=url, kind="form" if element.name == "form" else "link")


def _structured(soup: BeautifulSoup, place: Place) -> Iterator[Field]:
    """The types of things that the page describes for search engines, after schema.org."""
    types: dict[str, int] = {}
    for element in soup.select('script[type="application/ld+json"]')[:40]:
        for name in SCHEMA_TYPE.findall(element.get_text())[:200]:
            types.setdefault(name, element.sourceline or 1)
    for element in soup.select("[itemtype]")[:200]:
        for name in str(element.get("itemtype")).split():
            types.setdefault(name, element.sourceline or 1)
    for name, line in types.items():
        bare = re.split(r"[/#:]", name.rstrip("/"))[-1]
        yield Field(place=_at(place, line), name=bare[:TEXT_LIMIT], type="structured")


def _words(text: str) -> str:
    return " ".join(text.split())[:TEXT_LIMIT]


def _at(place: Place, line: int | None) -> Place:
    return Place(place.path, Region(line or 1, 1, line or 1, 1, (1, 1)))
