"""Exports that a converter wrote as YAML: the same keys, each value with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from analyzer.gtm.built import Built
from analyzer.gtm.export import Export, exports
from analyzer.gtm.positions import Node
from analyzer.model import Skip, Source

MOST_NODES = 200_000  # aliases can make a short file endless

_AS_IT_IS = re.compile(r"\s*[^'\"\\]+")


def read_yaml(source: Source) -> Iterator[Export | Skip]:
    """Every container version of the file."""
    import yaml  # not needed to tell whether a file is a container

    text = source.data.decode("utf-8", "replace")
    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        node = _Reader(text).read(root) if root is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = error.problem or "it cannot be read"
        reason = f"looks like a Tag Manager export but is not valid YAML: {what}"
        yield Skip(source.path, reason, line)
        return
    except (yaml.YAMLError, _TooMuch):
        yield Skip(source.path, "looks like a Tag Manager export in YAML but cannot be read", 1)
        return
    if node is not None:
        yield from exports(source, node)


class _TooMuch(Exception):
    """More nodes than any export has."""


class _Reader:
    """Nodes of a YAML text as nodes with bytes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.count = 0
        self.plain = text.isascii()

    def read(self, node: Any, label: int | None = None) -> Built:
        self.count += 1
        if self.count > MOST_NODES:
            raise _TooMuch
        start, end = node.start_mark.index, self._end(node)
        span = self._byte(start if label is None else label), self._byte(end)
        if node.id == "mapping":
            members: dict[str, Node] = {
                str(key.value): self.read(value, key.start_mark.index)
                for key, value in node.value
                if key.id == "scalar"
            }
            return Built({key: each.value for key, each in members.items()}, span, members)
        if node.id == "sequence":
            elements: list[Node] = [self.read(each) for each in node.value]
            return Built([each.value for each in elements], span, elements)
        value = _scalar(node)
        if isinstance(value, str):
            return Built(value, span, offsets=self._lift(value, start, end))
        return Built(value, span)

    def _end(self, node: Any) -> int:
        """A block's mark stands where the next thing begins: the blanks before it are not its."""
        start: int = node.start_mark.index
        return start + len(self.text[start : node.end_mark.index].rstrip())

    def _lift(self, value: str, start: int, end: int) -> list[int]:
        """Each line of the text is looked for where it is written; escapes only move a column."""
        offsets: list[int] = []
        at = start
        for line in value.splitlines(keepends=True):
            words = line.rstrip("\r\n")
            found = self.text.find(words, at, end) if words else at
            exact = found >= 0
            if not exact and (plain := _AS_IT_IS.match(words)):
                found = self.text.find(plain[0], at, end)
            at = max(at, found)
            for character in line:
                size = len(character.encode())
                offsets += [self._byte(at)] * size
                at += exact and at < end
        offsets.append(self._byte(end))
        return offsets

    def _byte(self, at: int) -> int:
        return at if self.plain else len(self.text[:at].encode())


def _scalar(node: Any) -> Any:
    """Only what exports write: texts, and switches and numbers as texts, which mean the same."""
    if node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:bool":
        return node.value.lower() in ("true", "yes", "on")
    return node.value
