"""Scripts in the attributes of a page's elements: where they stand, and what `this` is in them."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzer.model import Hole, Origin, OriginKind
from analyzer.parse.markup import Attribute, Element, elements
from analyzer.parse.values.models import TELLING_TYPES

if TYPE_CHECKING:
    from analyzer.parse.values.document import Document  # it keeps what is found here

# Scripts in attributes: those of browsers, of Alpine.js and of htmx.
HANDLERS = re.compile(r"^(?:on[a-z]|@[a-z]|x-on:|hx-on[:-])")
AT_ONCE = frozenset({"onload", "onerror", "onpageshow"})
EVENTS = frozenset({"event", "$event"})
ELEMENTS = frozenset({"$el"})
OF_ELEMENT = ("id", "name", "type", "placeholder", "aria-label")
QUOTED = re.compile(rb"&(quot|#34|#0?39);([^&]{0,200})&\1;")
OTHER_REFERENCE = re.compile(rb"&[A-Za-z#]")
MAY_ACT = re.compile(rb"\s(?:on[a-z]|@[a-z]|x-on:|hx-on[:-])", re.I)
MOST = 400  # such attributes of one page


@dataclass(frozen=True, slots=True)
class Handlers:
    """Where such scripts begin and end, in order, each with the element whose attribute it is."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    elements: tuple[Hole, ...]

    def at(self, offset: int) -> Hole | None:
        """The element in whose attribute an offset is."""
        number = bisect(self.starts, offset) - 1
        return self.elements[number] if number >= 0 and offset < self.ends[number] else None


@dataclass(frozen=True, slots=True)
class Acting:
    """One such script: its bytes in place of those of the attribute, and its element."""

    start: int
    code: bytes
    element: Hole

    @property
    def end(self) -> int:
        return self.start + len(self.code)


def handlers_of(scripts: list[Acting]) -> Handlers:
    """What is known of several such scripts, by their places."""
    return Handlers(
        tuple(each.start for each in scripts),
        tuple(each.end for each in scripts),
        tuple(each.element for each in scripts),
    )


def acting(document: Document) -> Iterator[Acting]:
    """The scripts in the attributes of a page that run when somebody acts, in order."""
    if MAY_ACT.search(document.data) is None:
        return
    left = MOST
    for element in elements(document.data, wanted=frozenset()):
        for attribute in element.attributes:
            code = document.data[attribute.start : attribute.end].replace(b"\n", b" ")
            if not code.strip() or not HANDLERS.match(attribute.name) or attribute.name in AT_ONCE:
                continue
            code = QUOTED.sub(_quoted, code)
            if OTHER_REFERENCE.search(code) is None:
                yield Acting(attribute.start, code, element_of(document, element))
                left -= 1
        if left <= 0:
            return


def _quoted(found: re.Match[bytes]) -> bytes:
    """A text between references to quotes as one between quotes, with each byte at its place."""
    quote = b'"' if found[1] in (b"quot", b"#34") else b"'"
    blank = b" " * (len(found[1]) + 1)
    return blank + quote + found[2] + quote + blank


def acted_on(document: Document, element: Element, start: int, end: int) -> Handlers:
    """The same for one script that stands between two offsets."""
    return Handlers((start,), (end,), (element_of(document, element),))


def element_of(document: Document, element: Element) -> Hole:
    """An element named as a selector would name it."""
    return Hole(
        f"<{element.name}>",
        Origin(
            OriginKind.ELEMENT,
            _called(document, element),
            (),
            document.place(element.start, element.end),
        ),
    )


def _called(document: Document, element: Element) -> str:
    for key in OF_ELEMENT:
        attribute = element.get(key)
        said = _said(document, attribute) if attribute is not None else ""
        if not said or (key == "type" and said not in TELLING_TYPES):
            continue
        if key == "id":
            return f"#{said}"
        return f"[{key}={said}]" if key in ("name", "type") else f"'{said}'"
    return "form" if element.name == "form" else ""


def _said(document: Document, attribute: Attribute) -> str:
    value = document.attribute(attribute.start, attribute.end)
    return value if isinstance(value, str) and len(value) <= 100 else ""
