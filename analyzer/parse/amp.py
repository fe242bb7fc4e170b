"""AMP pages as facts: no script of the site runs there, elements say what is counted and loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import Atom, Call, Fact, Frame, Guard, Pixel, ScriptLoad, Skip, Value, shown
from analyzer.parse.markup import Element
from analyzer.parse.values.document import Document, under

ELEMENTS = frozenset({"amp-analytics", "amp-pixel", "amp-iframe"})
LONGEST = 20_000  # bytes of an element's settings that are read
GATE = "data-block-on-consent"
# What a vendor's settings amount to, in the words of its script, and where its id stands in them.
CALLS = {
    "gtag": (("gtag", "config"), rb'"gtag_id"\s*:\s*"([^"]{1,200})"'),
    "googleanalytics": (("ga", "create"), rb'"account"\s*:\s*"([^"]{1,200})"'),
    "facebookpixel": (("fbq", "init"), rb'"pixelId"\s*:\s*"([^"]{1,200})"'),
}
ADDRESS = re.compile(rb'"((?:https?:)?//[^"\s]{4,2000})"')


def facts_of(document: Document, element: Element) -> Iterator[Fact]:
    """What an element of AMP asks of others; what is not understood is told as a gap."""
    held = element.get(GATE) is not None
    gate = (Guard(Atom("consent", GATE), f"held back by {GATE}", "consent"),) if held else ()
    for fact in _facts_of(document, element):
        yield under(document.around(fact, element.start), *gate)


def _facts_of(document: Document, element: Element) -> Iterator[Fact]:
    place = document.place(element.start, element.end)
    source = _value(document, element, "src")
    if element.name == "amp-pixel":
        yield from (Pixel(place=place, url=each) for each in source)
    elif element.name == "amp-iframe":
        yield from (Frame(place=place, url=each) for each in source)
    else:
        yield from (
            ScriptLoad(place=place, url=each) for each in _value(document, element, "config")
        )
        yield from _settings(document, element)


def _settings(document: Document, element: Element) -> Iterator[Fact]:
    """What the settings inside of an element say, by the vendor that its type names."""
    end = document.data.find(b"</amp-analytics", element.end, element.end + LONGEST)
    if end < 0:
        return
    kind = shown(next(_value(document, element, "type"), "")).strip().lower()
    if kind in CALLS:
        (callee, first), pattern = CALLS[kind]
        for found in re.compile(pattern).finditer(document.source.data, element.end, end):
            yield Call(
                place=document.place(*found.span(1)),
                callee=callee,
                args=(first, document.text(*found.span(1))),
            )
    elif kind:
        line = document.place(element.start, element.end).line
        words = f"what AMP sends to '{kind[:40]}' is not read"
        document.skips.append(Skip(document.source.path, words, line, "partly"))
    for found in ADDRESS.finditer(document.source.data, element.end, end):
        yield Pixel(place=document.place(*found.span(1)), url=document.text(*found.span(1)))


def _value(document: Document, element: Element, name: str) -> Iterator[Value]:
    attribute = element.get(name)
    if attribute is not None and attribute.end > attribute.start:
        yield document.brief(document.attribute(attribute.start, attribute.end))
