"""What Thymeleaf shows only in a prototype: content beside th:replace, what is removed, and the
rest of a page that hands parts of itself to a layout.

Such stretches become fragments that nobody calls; fragments inside of them can still be called.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analyzer.engines._attributes import Attribute, Edits, Element, families, words_of
from analyzer.engines._thymeleaf_values import chosen, parameters

PROTOTYPE = "fragment (prototype)"
HEAD = "(head)"  # what a layout's head is given by the heads of its pages
HOSTS = ("th:replace", "th:insert", "th:include", "layout:replace", "layout:insert")
DECORATES = ("layout:decorate", "layout:decorator")
# What may carry a tracker, or bring one: other elements are not worth a name.
CARRIES = re.compile(
    rb"<(?:script|img|iframe|embed|object|link)\b|th:(?:re|in)|layout:[a-z]|\bon[a-z]+\s*="
)
SELECTOR = re.compile(r"^(?P<tag>[\w:-]+)?(?:#(?P<id>[\w-]+))?(?:\.(?P<class>[\w-]+))?$")
MOST_SELECTED = 100  # parts of itself that one file hands to fragments


def without_prototypes(data: bytes) -> bytes:
    """What the parser takes out, `<!--/* x */-->`, as blanks; of `<!--/*/ x /*/-->` the marks."""
    out, at = bytearray(data), 0
    while (start := data.find(b"<!--/*", at)) >= 0:
        kept = data[start + 6 : start + 7] == b"/"
        end = data.find(b"/*/-->" if kept else b"*/-->", start + 6)
        if end < 0:
            break
        spans = ((start, start + 7), (end, end + 6)) if kept else ((start, end + 5),)
        for first, last in spans:
            out[first:last] = re.sub(rb"[^\n]", b" ", data[first:last])
        at = spans[-1][1]
    return bytes(out)


def attributes_of(element: Element) -> dict[str, Attribute]:
    """The attributes by name: `data-th-if` is `th:if`."""
    return {
        re.sub(r"^data-(th|layout|sec)-", r"\1:", each.name): each for each in element.attributes
    }


@dataclass(slots=True)
class Prototype:
    """One file, and what of it is never shown where it stands."""

    data: bytes
    found: Sequence[Element]
    said: list[dict[str, Attribute]]
    edits: Edits = field(init=False)
    inside: dict[int, list[int]] = field(init=False)
    carrying: list[int] = field(init=False)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    fills: dict[int, list[str]] = field(default_factory=dict)
    fragments: set[str] = field(default_factory=set)  # those that can only be called
    named: dict[str, list[int]] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        self.edits = Edits(self.data)
        self.inside = families(self.found)
        self.carrying = [each.start() for each in CARRIES.finditer(self.data)]

    @property
    def root(self) -> int:
        """The one element that all others stand in, or -1."""
        top = self.inside.get(-1, [])
        return top[0] if len(top) == 1 else -1

    def words(self, number: int, *names: str) -> str:
        """The value of the first of these attributes that the element has."""
        said = self.said[number]
        attribute = next((said[each] for each in names if each in said), None)
        return words_of(self.data, attribute.value) if attribute is not None else ""

    # ------------------------------------------------------------ what is never shown in place

    def hide(self) -> None:
        """Find what is replaced or removed, and what a page hands to its layout."""
        for number, element in enumerate(self.found):
            names = self.said[number]
            if number == self.root and any(each in names for each in DECORATES):
                self._hide_content(number, self._given_to_layout())
                continue
            host = next((each for each in HOSTS if each in names), "")
            if host:
                given = self._given_to_fragment(number, self.words(number, host))
                self._hide_content(number, given)
            elif ("th:text" in names or "th:utext" in names) and (
                element.name == "script" or number in self.inside
            ):
                self._hide_content(number, [])
            removed = self.words(number, "th:remove")
            if removed == "all":
                self.hidden.append((element.start, element.end))
            elif removed == "body":
                self._hide_content(number, [])
            elif removed == "all-but-first":
                for child in self.inside.get(number, [])[1:]:
                    self.hidden.append((self.found[child].start, self.found[child].end))
        self.hidden = list(_outermost(self.hidden))
        for start, end in self.hidden:
            self.edits.around(start, end, PROTOTYPE)
        for number in range(len(self.found)):
            if "th:fragment" in self.said[number] and self.is_hidden(number):
                self.fragments.add(parameters(self.words(number, "th:fragment"))[0])

    def is_hidden(self, number: int) -> bool:
        start = self.found[number].start
        at = bisect_left(self.hidden, (start + 1, 0)) - 1
        return at >= 0 and start < self.hidden[at][1]

    def _hide_content(self, number: int, shown: list[int]) -> None:
        """Hide what stands in an element, but not the elements that are shown all the same."""
        starts = sorted(self.found[each].start for each in shown)
        keep = set(shown)
        todo = [number]
        while todo:
            element = self.found[todo[-1]]
            parent = todo.pop()
            if not any_between(starts, element.inside, element.close):
                if element.close > element.inside:
                    self.hidden.append((element.inside, element.close))
                continue
            for child in self.inside.get(parent, []):
                inner = self.found[child]
                if child in keep:
                    continue
                if any_between(starts, inner.start, inner.end):
                    todo.append(child)
                else:
                    self.hidden.append((inner.start, inner.end))

    def _given_to_layout(self) -> list[int]:
        """What a decorated page shows: its fragments, and its head."""
        shown = []
        for number, element in enumerate(self.found):
            if "layout:fragment" in self.said[number]:
                shown.append(number)
            elif element.name == "head":
                self.fills.setdefault(number, []).append(HEAD)
                shown.append(number)
        return shown

    def _given_to_fragment(self, number: int, written: str) -> list[int]:
        """The elements that a fragment is given as its arguments."""
        shown: list[int] = []
        for each in chosen(written):
            for name, argument in each.reference.arguments if each.reference else ():
                for inner in chosen(argument):
                    if inner.reference is None or inner.reference.template:
                        continue
                    found = self._selected(inner.reference.selector)
                    selected = [one for one in found if one != number]
                    shown.extend(selected)
                    if number == self.root and each.reference is not None:
                        for one in selected:
                            fill = f"{each.reference.selector}({name})"
                            self.fills.setdefault(one, []).append(fill)
        return shown

    def _selected(self, selector: str) -> list[int]:
        """The elements of this file that a selector means: `body`, `#main`, `div.text`, a name."""
        said = SELECTOR.match(selector.rpartition("/")[2])
        self.asked += 1
        if said is None or not said[0] or self.asked > MOST_SELECTED:
            return []
        if said["id"]:
            wanted = f"#{said['id']}"
        else:
            wanted = f".{said['class']}" if said["class"] else said["tag"]
        found = self._names.get(wanted, [])
        if wanted == said["tag"] or not said["tag"]:
            return found
        return [number for number in found if self.found[number].name == said["tag"]]

    @property
    def _names(self) -> dict[str, list[int]]:
        """The elements by their tag, their fragment's name, their id and their classes."""
        if not self.named:
            for number, element in enumerate(self.found):
                names = {element.name, parameters(self.words(number, "th:fragment"))[0]}
                names.add(f"#{self.words(number, 'id')}")
                names.update(f".{each}" for each in self.words(number, "class").split())
                for name in names:
                    self.named.setdefault(name, []).append(number)
        return self.named


def _outermost(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans that lie in no other one, in order."""
    last = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= last and end > start:
            last = end
            yield start, end


def any_between(offsets: list[int], start: int, end: int) -> bool:
    """Is one of the offsets, which are in order, in the stretch?"""
    at = bisect_left(offsets, start)
    return at < len(offsets) and offsets[at] < end
