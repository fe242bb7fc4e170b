"""Takes an inherited snippet off one page: a block around it in the layout, an empty one here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analyzer.fixes._desk import Desk, edit, indentation, offset
from analyzer.model import Edit, Finding, Fix, Source

RULES = ("page-inherits-tracker",)
# Languages whose pages extend a layout and replace its blocks by name, written like this.
EXTENDS = re.compile(rb"\{%-?\s*extends\b[^%]*-?%\}")
BLOCK = "{{% block {name} %}}"
END = "{% endblock %}"
NAMES = ("trackers", "third_party_trackers", "trackers_of_the_layout")
ELEMENT = re.compile(
    rb"<(?P<name>script|noscript|iframe|img)\b[^<>]*>(?:.*?</(?P=name)\s*>)?", re.I | re.S
)


def fixes(finding: Finding, desk: Desk) -> Iterator[Fix]:
    """One fix, where the page extends the very file that holds the elements."""
    page = desk.source(finding.place.path)
    known = desk.site.pages.get(finding.place.path)
    layout_path = known.layouts[0] if known and known.layouts else ""
    layout = desk.source(layout_path) if layout_path else None
    if page is None or layout is None or layout is page:
        return
    extends = EXTENDS.search(page.data)
    if extends is None:
        return
    places = [
        tracker.place
        for tracker in desk.site.trackers
        if tracker.place.path == layout_path
        and any(firing.page == page.path for firing in tracker.fires)
    ]
    found = {_element(layout, offset(layout, place, False)) for place in places}
    groups = list(_together(layout, sorted(span for span in found if span is not None)))
    names = [each for each in NAMES if each.encode() not in layout.data + page.data]
    if not groups or None in found or len(groups) > len(names):
        return
    edits: list[Edit] = []
    for (start, end), name in zip(groups, names, strict=False):
        edits.extend(_wrapped(layout, start, end, name))
    empty = "".join(f"\n{BLOCK.format(name=name)}{END}" for name in names[: len(groups)])
    at = extends.end()
    yield Fix(
        f"Put the trackers of {layout_path} into a block, and leave it empty on this page.",
        (*edits, edit(page, at, at, empty)),
    )


def _together(layout: Source, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Elements with nothing between them are one stretch."""
    start, end = -1, -1
    for span in spans:
        if start >= 0 and not layout.data[end : span[0]].strip():
            end = span[1]
            continue
        if start >= 0:
            yield start, end
        start, end = span
    if start >= 0:
        yield start, end


def _wrapped(layout: Source, start: int, end: int, name: str) -> Iterator[Edit]:
    blanks = indentation(layout, start)
    yield edit(layout, start, start, f"{BLOCK.format(name=name)}\n{blanks}")
    yield edit(layout, end, end, f"\n{blanks}{END}")


def _element(source: Source, at: int) -> tuple[int, int] | None:
    """The element that an offset stands in."""
    for found in ELEMENT.finditer(source.data):
        if found.start() <= at < found.end():
            return found.start(), found.end()
    return None
