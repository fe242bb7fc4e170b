"""The places of names in manifests: real parsers say what is there, this says where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tree_sitter import Node, Parser

from analyzer.model import Fact, Package, Skip, Source
from analyzer.parse.manifests.names import canonical
from analyzer.parse.scripts.grammar import language


def package(source: Source, ecosystem: str, name: str, start: int, end: int) -> Fact:
    """A package under the name by which its ecosystem compares it."""
    return Package(
        place=source.place(start, end), ecosystem=ecosystem, name=canonical(ecosystem, name)
    )


class Members:
    """The members of a JSON document: the decoder says what is valid, the tree where it stands."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.value: Any = json.loads(source.data.decode("utf-8-sig", "replace"))
        self.data = b"(" + source.data.removeprefix(b"\xef\xbb\xbf") + b")"
        self.shift = len(source.data) + 2 - len(self.data) - 1
        root = Parser(language("javascript")).parse(self.data).root_node
        statement = root.named_children[0] if root.named_children else None
        inner = (
            statement.named_children[0]
            if statement is not None and statement.named_children
            else None
        )
        self.root = inner.named_children[0] if inner is not None and inner.named_children else None

    def of(self, *path: str) -> Iterator[tuple[str, int, int, Node]]:
        """The members of the object at a path: each key, its offsets, and its value's node."""
        node = self.root
        for step in path:
            node = next((value for key, _, _, value in self.inside(node) if key == step), None)
        yield from self.inside(node)

    def inside(self, node: Node | None) -> Iterator[tuple[str, int, int, Node]]:
        if node is None or node.type != "object":
            return
        for pair in node.named_children:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and value is not None:
                yield (
                    self.text(key),
                    key.start_byte + self.shift,
                    key.end_byte + self.shift,
                    value,
                )

    def text(self, node: Node) -> str:
        """The text that a JSON string holds; empty for another value."""
        try:
            value = json.loads(
                self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")
            )
        except ValueError:
            return ""
        return value if isinstance(value, str) else ""


def members(source: Source) -> Members | Skip:
    """The members of a JSON manifest, or why they cannot be read."""
    try:
        return Members(source)
    except RecursionError:
        return Skip(source.path, "it is nested too deeply")
    except ValueError as trouble:
        line = getattr(trouble, "lineno", 0)
        return Skip(source.path, f"it is not valid JSON ({str(trouble)[:100]})", line)


class Finder:
    """Finds names in the order in which they are asked for, at or behind a section of the file."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def section(self, header: str) -> int:
        """The offset of a line that says the header; the file's beginning where there is none."""
        found = re.search(rb"^[ \t]*" + header.encode(), self.source.data, re.M)
        return found.start() if found else 0

    def name(self, name: str, start: int = 0) -> tuple[int, int]:
        """The offsets of a name that stands as a word of its own."""
        pattern = re.compile(rb"(?<![\w./-])" + re.escape(name.encode()) + rb"(?![\w-])")
        found = pattern.search(self.source.data, start)
        return found.span() if found else (start, start)
