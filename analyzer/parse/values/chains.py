"""Optional chains as compilers write them for old browsers, with one name for all of their links.

`(a = form.email) === null || a === void 0 ? void 0 : (a = a.value) === null ? void 0 : a.trim()`:
which link the name stands for depends on where it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.scope import Expression, Scope, unwrapped

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

LINKS = frozenset({"member_expression", "subscript_expression", "call_expression"})
CONDITIONS = frozenset({"ternary_expression", "binary_expression"})
MOST_MEANINGS = 12
FURTHEST = 16  # nodes from where a name is read up to the condition that set it


def chained(folder: Folder, node: Node, name: str, owner: Scope) -> Node | None:
    """What a name was set to last by the condition under which it is read."""
    meanings = owner.names[name]
    if not 1 < len(meanings) <= MOST_MEANINGS or not _is_link(folder, name, owner):
        return None
    around = node.parent
    for _ in range(FURTHEST):
        if around is None:
            return None
        if around.type in CONDITIONS:
            condition = around.child_by_field_name("condition") or around
            before = [each for each in _set_in(condition, name, folder) if _is_before(each, node)]
            if before:
                return before[-1]
        around = around.parent
    return None


def _is_link(folder: Folder, name: str, owner: Scope) -> bool:
    """Is the name set to something of itself: `a = a.value`?"""
    for meaning in owner.names[name]:
        if isinstance(meaning, Expression) and meaning.node.type in LINKS:
            head = folder.head_of(meaning.node, len(name) + 1)
            if head.startswith(name) and head[len(name) :] in (".", "[", "("):
                return True
    return False


def _is_before(value: Node, node: Node) -> bool:
    return value.end_byte <= node.start_byte


def _set_in(condition: Node, name: str, folder: Folder) -> Iterator[Node]:
    """The values to which the parts of a condition set a name, in their order."""
    todo = [condition]
    while todo:
        node = unwrapped(todo.pop())
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            continue
        if node.type == "binary_expression":
            todo.extend((right, left))
        elif node.type == "assignment_expression" and folder.text_of(left) == name:
            yield right
