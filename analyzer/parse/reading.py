"""A page as a person reads it: its title, headings, fields, and whose data it names.

This is Beautiful Soup's part, over lxml: it copes with odd encodings and broken markup, and labels
are found by selectors. It runs only on pages that a tracker reaches.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from analyzer.engines import PLAIN, engine_of
from analyzer.model import Fact, Field, Frame, Heading, Link, Place, Region, Source
from analyzer.parse.mask import flattened, mask
from analyzer.parse.notices import notice_in

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

LONGEST = 2 * 1024 * 1024  # bytes of a page that are read for its meaning
TEXT_LIMIT = 300
NAME = re.compile(r"^[\s={(!]*(?:@|\$)?([a-zA-Z_]\w*)(?:\.|->|\[)")
SCHEMA_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([\w:/.#-]{1,100})"')
HEADINGS = ("title", "h1", "h2", "legend")  # the number of a name is the level of the heading
FIELD_TAGS = ("input", "select", "textarea")
WORDED = ("name", "id", "placeholder", "aria-label", "autocomplete", "title")


def read(source: Source) -> tuple[Fact, ...]:
    """The headings, fields, links and template variables of one page."""
    return tuple(_facts(source))


def _facts(source: Source) -> Iterator[Fact]:
    from analyzer.parse.elements import Elements  # here: it loads Beautiful Soup

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
    nowhere = Place(outer.path, Region(1, 1, 1, 1, (1, 1)))
    soup = _soup(bytes(readable))
    elements = Elements(bytes(readable), soup)

    def at(start: int | None) -> Place:
        return nowhere if start is None else source.place(start, start + 1, "")

    for level, heading in enumerate(HEADINGS):
        for element, start in islice(elements.select([heading]), 40):
            if text := _words(element.get_text(" ")):
                yield Heading(place=at(start), text=text, level=level)
    labels = {
        str(label.get("for")): _words(label.get_text(" "))
        for label in soup.select("label[for]")[:500]
    }
    for element, start in islice(elements.select(FIELD_TAGS), 500):
        kind = str(element.get("type") or element.name).lower()
        if kind in ("hidden", "submit", "button", "image", "reset"):
            continue
        around = element.find_parent("label")
        said = labels.get(str(element.get("id"))) or (
            _words(around.get_text(" ")) if around else ""
        )
        words = " ".join(str(element.get(name) or "") for name in WORDED)
        form = _form_of(element)
        yield Field(place=at(start), name=_words(words), type=kind, label=said, form=form)
    yield from _structured(soup, nowhere)
    for tagged, attribute in (("a", "href"), ("form", "action"), ("iframe", "src")):
        for element, start in islice(elements.select([tagged], attribute), 1000):
            url = str(element.get(attribute))
            if tagged == "iframe":
                yield Frame(place=at(start), url=url)
            else:
                yield Link(place=at(start), url=url, kind="form" if tagged == "form" else "link")
    yield from notice_in(outer, soup)


def _soup(data: bytes) -> BeautifulSoup:
    """The page's elements. A page may begin as XML does: browsers read it as HTML all the same, and
    nobody needs to hear that.
    """
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(data, "lxml")


def _form_of(element: Tag) -> str:
    """The form that a field belongs to, by its id or its name."""
    if named := element.get("form"):
        return _words(str(named))
    form = element.find_parent("form")
    return _words(str(form.get("id") or form.get("name") or "form")) if form is not None else ""


def _structured(soup: BeautifulSoup, place: Place) -> Iterator[Field]:
    """The types of things that the page describes for search engines, after schema.org."""
    types: dict[str, None] = {}
    for element in soup.select('script[type="application/ld+json"]')[:40]:
        types |= dict.fromkeys(SCHEMA_TYPE.findall(element.get_text())[:200])
    for element in soup.select("[itemtype]")[:200]:
        types |= dict.fromkeys(str(element.get("itemtype")).split())
    for name in types:
        bare = re.split(r"[/#:]", name.rstrip("/"))[-1]
        yield Field(place=place, name=bare[:TEXT_LIMIT], type="structured")


def _words(text: str) -> str:
    return " ".join(text.split())[:TEXT_LIMIT]
