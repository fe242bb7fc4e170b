"""The attributes of scripts that a script loads: in them some vendors are told the account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from analyzer.model import Value
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.scope import FUNCTIONS, Scope, unwrapped
from analyzer.parse.values.things import callee_of

Attributes = tuple[tuple[str, Value], ...]
BLOCKS = frozenset({"program", "statement_block"})
LEFT_OUT = frozenset({"src", "innerHTML", "dangerouslySetInnerHTML", "children", "key", "ref"})
SETS = frozenset({"setAttribute", "attr"})
MOST, MOST_NODES = 40, 600  # attributes of one script; nodes that are looked at around it
CAPITAL = re.compile("[A-Z]")


def of_element(folder: Folder, node: Node, scope: Scope) -> Attributes:
    """Those of a JSX element."""
    found: list[tuple[str, Value]] = []
    for child in node.named_children[:MOST]:
        parts = child.named_children
        if child.type == "jsx_attribute" and parts:
            value = folder.value(parts[1], scope) if len(parts) > 1 else ""
            found.append((folder.text_of(parts[0]), value))
    return _kept(folder, found)


def of_description(folder: Folder, node: Node, scope: Scope) -> Attributes:
    """Those of an object that describes a script: `{src: url, "data-site": "1"}`."""
    found: list[tuple[str, Value]] = []
    for child in node.named_children[:MOST] if node.type == "object" else ():
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if child.type == "pair" and key is not None and value is not None:
            found.append((folder.text_of(key).strip("\"'"), folder.value(value, scope)))
    return _kept(folder, found)


def of_made(folder: Folder, holder: Node, scope: Scope) -> Attributes:
    """Those that an element is given around the place where it is given its address."""
    name = folder.text_of(holder)
    found = [
        (key, folder.value(value, scope))
        for node in _around(holder)
        for key, value in _set(folder, node, name, scope)
    ]
    return _kept(folder, found[:MOST])


def _around(node: Node) -> Iterator[Node]:
    """The calls and assignments of the block in which something stands."""
    block = node
    while block.parent is not None and block.type not in BLOCKS:
        block = block.parent
    stack, seen = list(reversed(block.named_children)), 0
    while stack and seen < MOST_NODES:
        inner = stack.pop()
        seen += 1
        if inner.type in ("call_expression", "assignment_expression"):
            yield inner
        elif inner.type not in FUNCTIONS:
            stack.extend(reversed(inner.named_children))


def _set(folder: Folder, node: Node, name: str, scope: Scope) -> Iterator[tuple[str, Node]]:
    """The attribute of the named element that a call or an assignment sets."""
    if node.type == "call_expression":
        callee, items = callee_of(node)
        if callee is None or callee.type != "member_expression" or not 2 <= len(items) <= 3:
            return
        holder, method = callee.child_by_field_name("object"), folder.key_of(callee, scope)
        if len(items) == 3:  # renderer.setAttribute(script, "data-site", "1")
            holder, *items = items
        if method in SETS and holder is not None and folder.text_of(holder) == name:
            key = folder.value(items[0], scope)
            if isinstance(key, str):
                yield key, items[1]
        return
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    holder = left.child_by_field_name("object") if left is not None else None
    if left is None or right is None or holder is None:
        return
    key = folder.key_of(left, scope)
    inner = unwrapped(holder)
    of = inner.child_by_field_name("object") if inner.type == "member_expression" else None
    if key and of is not None and folder.text_of(inner) == f"{name}.dataset":
        yield "data-" + CAPITAL.sub(lambda each: "-" + each[0].lower(), key), right


def _kept(folder: Folder, found: list[tuple[str, Value]]) -> Attributes:
    return tuple((key, folder.document.brief(value)) for key, value in found if key not in LEFT_OUT)
