"""Lists whose items are written: what a function makes of each of them, and what stays of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Value
from analyzer.parse.values.made import given_for
from analyzer.parse.values.scope import Expression, Scope, items_of, unwrapped
from analyzer.parse.values.things import callee_of, elements_of, function_of, held_objects

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

MOST_ITEMS = 24
SAME_ITEMS = frozenset({"filter", "sort", "toSorted", "reverse", "toReversed"})
DEEPEST = 4  # lists that are made of each other


def mapped(folder: Folder, holder: Node, given: Node, scope: Scope) -> tuple[Value, ...] | None:
    """What a function makes of each item: `Object.values(ids).map(id => host + id)`."""
    made = folder.functions.get(unwrapped(given).id) or function_of(folder, given, scope)
    items = _items(folder, holder, scope) if made is not None else []
    if made is None or not items:
        return None
    found = tuple(given_for(folder, made, [each.node], each.scope) for each in items)
    return found if all(each is not None for each in found) else None


def _items(folder: Folder, node: Node, scope: Scope, deep: int = 0) -> list[Expression]:
    """The items of a list as they are written."""
    node = unwrapped(node)
    if node.type != "call_expression" or deep > DEEPEST:
        return elements_of(folder, node, scope)[:MOST_ITEMS]
    callee, items = callee_of(node)
    if callee is None:
        return []
    holder = callee.child_by_field_name("object")
    if folder.tail_of(callee, 20) == "Object.values" and items:
        return [
            Expression(value, whole.scope)
            for whole in held_objects(folder, items[0], scope)[:1]
            for pair in items_of(whole.node)[:MOST_ITEMS]
            if pair.type == "pair" and (value := pair.child_by_field_name("value")) is not None
        ]
    if holder is not None and folder.key_of(callee, scope) in SAME_ITEMS:
        return _items(folder, holder, scope, deep + 1)
    return []
