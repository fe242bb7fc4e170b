"""XML configuration of Java's web frameworks, read without entities and without the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzer.model import Place, Skip, Source
from analyzer.parse.manifests.text import local_name, offset_of, xml_root

if TYPE_CHECKING:
    from lxml.etree import _Element


def root_of(source: Source, *names: str) -> _Element | None:
    """The root, where it is one of these elements; nothing where the file is something else."""
    if not any(name.encode() in source.data for name in names):
        return None
    root = xml_root(source)
    return None if isinstance(root, Skip) or local_name(root) not in names else root


def inside(element: _Element, *names: str) -> Iterator[_Element]:
    """The elements of these names anywhere inside, in order."""
    for each in element.iter():
        if isinstance(each.tag, str) and local_name(each) in names:
            yield each


def directly(element: _Element, *names: str) -> Iterator[_Element]:
    """The elements of these names that stand directly in one."""
    for each in element:
        if isinstance(each.tag, str) and local_name(each) in names:
            yield each


def value(element: _Element, *names: str) -> str:
    """The first of these attributes or child elements that says something."""
    for name in names:
        said = (element.get(name) or "").strip()
        said = said or next(((each.text or "").strip() for each in directly(element, name)), "")
        if said:
            return said
    return ""


def place_of(source: Source, element: _Element, text: str = "") -> Place:
    """Where an element stands, or a text that it says."""
    start, end = offset_of(source, element, text or f"<{element.tag}")
    return source.place(start, max(start, end))
