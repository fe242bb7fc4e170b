"""YAML and XML manifests, read by their real parsers, with the places of what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analyzer.model import Skip, Source

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text of a YAML file and its byte offsets."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """A part of a YAML file; a part that is no mapping has no items."""

    source: Source
    starts: tuple[int, ...]
    node: Any  # yaml.Node | None

    def items(self) -> Iterator[tuple[Scalar, Mapping]]:
        if type(self.node).__name__ != "MappingNode":
            return
        for key, value in self.node.value:
            if isinstance(key.value, str):
                yield self._scalar(key), Mapping(self.source, self.starts, value)

    def child(self, name: str) -> Mapping:
        found = next((value for key, value in self.items() if key.text == name), None)
        return found or Mapping(self.source, self.starts, None)

    def text(self, name: str) -> str:
        """What stands beside a key, where it is a text."""
        value = getattr(self.child(name).node, "value", None)
        return value if isinstance(value, str) else ""

    def listed(self) -> Iterator[Scalar]:
        """The texts of a list."""
        if type(self.node).__name__ == "SequenceNode":
            yield from (
                self._scalar(each) for each in self.node.value if isinstance(each.value, str)
            )

    def _scalar(self, node: Any) -> Scalar:
        return Scalar(node.value, self._offset(node.start_mark), self._offset(node.end_mark))

    def _offset(self, mark: Any) -> int:
        start: int = self.starts[min(int(mark.line), len(self.starts) - 1)]
        line = self.source.data[start : start + 4 * mark.column].decode("utf-8", "replace")
        return start + len(line[: mark.column].encode())


def yaml_mapping(source: Source) -> Mapping | Skip:
    """The outermost mapping of a YAML file; its keys and values are not interpreted."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(source.data.decode("utf-8-sig", "replace"), Loader=loader)
    except yaml.YAMLError as trouble:
        line = getattr(getattr(trouble, "problem_mark", None), "line", 0) + 1
        return Skip(source.path, "it is not valid YAML, so its dependencies were not read", line)
    except RecursionError:
        return Skip(source.path, "it is nested too deeply")
    starts = (0, *(found.end() for found in re.finditer(rb"\n", source.data)))
    return Mapping(source, starts, node)


def xml_root(source: Source) -> _Element | Skip:
    """The root of an XML manifest, read without entities and without the network."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(source.data, parser)
    except (etree.XMLSyntaxError, ValueError) as trouble:
        line = getattr(trouble, "lineno", 0) or 0
        return Skip(source.path, "it is not valid XML, so its dependencies were not read", line)


def local_name(element: _Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child_text(element: _Element, name: str) -> str:
    """What the child of this name holds."""
    return next(((each.text or "").strip() for each in element if local_name(each) == name), "")


def offset_of(source: Source, element: _Element, text: str) -> tuple[int, int]:
    """Where an element says a text: the first time at or after the line on which its tag ends."""
    line = max(1, int(getattr(element, "sourceline", None) or 1))
    start = 0
    for _ in range(line - 1):
        start = source.data.find(b"\n", start) + 1
    begin = max(0, source.data.rfind(b"<", 0, start + 1)) if start else 0
    found = source.data.find(text.encode(), begin)
    return (found, found + len(text.encode())) if found >= 0 else (start, start)
