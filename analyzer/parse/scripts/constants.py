"""Settings that a script holds as constants, such as `{analytics: {gtm: "GTM-ABC1234"}}`."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from analyzer.model import Fact, Setting, Vocabulary
from analyzer.parse.config import is_wanted, may_hold
from analyzer.parse.values.document import Document

DEEPEST = 8  # objects around a setting
LARGEST = 200_000  # bytes of a script that may be a project's own settings; bundles are larger
NAMED = {
    "pair": ("key", "value"),
    "variable_declarator": ("name", "value"),
    "object_assignment_pattern": ("left", "right"),
}
HANDED_ON = frozenset({"arguments", "jsx_expression"})
OWN = frozenset({"program", "statement_block", "variable_declarator"})


def settings_of(
    document: Document, root: Node, base: int, vocabulary: Vocabulary
) -> Iterator[Fact]:
    """The constants whose names hold one of the signatures' words.

    What is handed to a call is none: the call says itself what it does with it.
    """
    data = document.data[base + root.start_byte : base + root.end_byte]
    if len(data) > LARGEST or not may_hold(data, vocabulary):
        return
    stack = [(root, 0)]  # with each node, how far into a call's arguments it may still be
    while stack:
        node, handed_on = stack.pop()
        kind = node.type
        if kind in NAMED and not handed_on:
            yield from _setting(document, node, base, vocabulary)
        inside = DEEPEST if kind in HANDED_ON else 0 if kind in OWN else max(0, handed_on - 1)
        stack.extend((child, inside) for child in reversed(node.named_children))


def _setting(
    document: Document, node: Node, base: int, vocabulary: Vocabulary
) -> Iterator[Setting]:
    key, value = (node.child_by_field_name(field) for field in NAMED[node.type])
    if key is None or value is None or value.type != "string":
        return
    start, end = base + key.start_byte, base + value.end_byte
    name = document.data[start : base + key.end_byte].decode("utf-8", "replace").strip("\"'`[]")
    text = document.text(base + value.start_byte + 1, end - 1)
    if isinstance(text, str) and is_wanted(name, text, vocabulary):
        setting = Setting(place=document.place(start, end), key=name, value=text)
        yield document.around(setting, start)
