"""What a page hands to its scripts through its own markup: `data-*` attributes and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analyzer.model import Hole, Object, OriginKind, Value
from analyzer.parse.gates import is_data
from analyzer.parse.markup import Element, elements
from analyzer.parse.values.texts import of_function

if TYPE_CHECKING:
    from analyzer.parse.values.document import Document  # it holds what is read here

ASKED = re.compile(
    rb"dataset|textContent|innerHTML|innerText|getAttribute|\.data\(|\.attr\(|\.content\b|\.text\b"
    rb"|currentScript|drupalSettings|__NEXT_DATA__"
)
LARGEST = 4 * 1024 * 1024  # bytes of a page whose elements are all looked at
LARGEST_TEXT = 512 * 1024  # bytes of data in one script
MOST = 5_000  # elements that are kept
SELECTOR = re.compile(
    r"""^(?P<tag>[a-zA-Z][\w-]*)?(?:\#(?P<id>[\w:-]+))?"""
    r"""(?:\[(?P<name>[\w:-]+)(?:=["']?(?P<value>[^"'\]]*)["']?)?\])?$"""
)
TEXTS = frozenset({"textContent", "innerHTML", "innerText", "text", "outerText"})
READS = frozenset({"getAttribute", "data", "attr"})  # methods that are given an attribute's name
CURRENT = "document.currentScript"
# JSON on the page that a library gives to all scripts under a name of its own.
GIVEN = {
    "__NEXT_DATA__": ("id", "__NEXT_DATA__"),
    "drupalSettings": ("data-drupal-selector", "drupal-settings-json"),
}


@dataclass(slots=True)
class PageData:
    """The elements of one page that its scripts may ask; `current` is the script being read."""

    document: Document
    found: list[Element] = field(default_factory=list)
    current: Element | None = None

    def element(self, selector: str) -> Element | None:
        """The element that a selector means, where it is a simple one."""
        if selector == CURRENT:
            return self.current
        asked = SELECTOR.match(selector)
        if asked is None or not selector:
            return None
        wanted = {"id": asked["id"]} if asked["id"] else {}
        if asked["name"]:
            wanted[asked["name"].lower()] = asked["value"]
        tag = (asked["tag"] or "").lower()
        if not wanted:
            return None
        return next((each for each in self.found if self._fits(each, tag, wanted)), None)

    def _fits(self, element: Element, tag: str, wanted: dict[str, str | None]) -> bool:
        if tag and element.name != tag:
            return False
        return all(
            self.attribute(element, name) is not None
            and (value is None or self.attribute(element, name) == value)
            for name, value in wanted.items()
        )

    def attribute(self, element: Element, name: str) -> Value:
        found = element.get(name.lower())
        return self.document.attribute(found.start, found.end) if found is not None else None

    def dataset(self, element: Element) -> Object:
        """The `data-*` attributes by the names that scripts use: `data-gtm-id` is `gtmId`."""
        return Object(
            tuple(
                (_camel(each.name.removeprefix("data-")), self.attribute(element, each.name))
                for each in element.attributes
                if each.name.startswith("data-")
            )
        )

    def text(self, element: Element) -> Value:
        if element.content is None or element.content[1] - element.content[0] > LARGEST_TEXT:
            return None
        return self.document.text(*element.content)


def page_data(document: Document) -> PageData | None:
    """The elements of a page, where its scripts may ask for them."""
    data = document.data
    if len(data) > LARGEST or ASKED.search(data) is None:
        return None
    page = PageData(document)
    for element in elements(data):
        if len(page.found) >= MOST:
            break
        if element.attributes and any(_is_asked(each.name) for each in element.attributes):
            page.found.append(element)
    return page


def given_names(page: PageData) -> Iterator[tuple[str, Value]]:
    """The global names under which libraries give such data to all scripts."""
    for name, (attribute, value) in GIVEN.items():
        element = page.element(f"script[{attribute}={value}]")
        if re.search(rf"\b{name}\s*=[^=]".encode(), page.document.data) is not None:
            continue  # the page says itself what it is
        if element is None or not is_data(str(page.attribute(element, "type") or "")):
            continue
        text = page.text(element)
        whole = of_function("JSON.parse", (text,)) if isinstance(text, str) else None
        if whole is not None:
            yield name, whole


def property_on_page(page: PageData, holder: Value, key: str) -> Value:
    """A property of an element that is written on the page: its text, its data, its attributes."""
    element = _element_of(page, holder)
    if element is None:
        return None
    if key in TEXTS:
        return page.text(element)
    if key == "dataset":
        return page.dataset(element)
    return page.attribute(element, key) if key == "content" else None


def read_on_page(page: PageData, holder: Value, method: str, name: Value) -> Value:
    """An attribute of an element that is written on the page, asked for by a method."""
    element = _element_of(page, holder) if isinstance(name, str) and method in READS else None
    if element is None or not isinstance(name, str):
        return None
    if method == "data":
        told = page.dataset(element).get(_camel(name))
        if isinstance(told, str) and told[:1] in "{[":  # jQuery reads JSON there by itself
            return of_function("JSON.parse", (told,)) or told
        return told
    return page.attribute(element, name)


def _element_of(page: PageData, holder: Value) -> Element | None:
    if not isinstance(holder, Hole):
        return None
    origin = holder.origin
    if origin.kind is OriginKind.ELEMENT or origin.name == CURRENT:
        return page.element(origin.name)
    return None


def _is_asked(name: str) -> bool:
    return name in ("id", "content") or name.startswith("data-")


def _camel(name: str) -> str:
    return re.sub(r"-([a-z])", lambda found: found[1].upper(), name.lower())
