"""Other names of `this` and of a class's methods, as compilers write them for old browsers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.document import WIDEST
from analyzer.parse.values.scope import Expression, Scope, items_of, unwrapped

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # its names are what is read here

PROTOTYPE = re.compile(r"[\w$]+\.prototype")
GIVES = frozenset({"call", "apply"})


def this_behind(folder: Folder, node: Node, scope: Scope) -> Node | None:
    """Whose properties a thing has that is `this` by another name: `_this = _super.call(this)`."""
    if node.type == "this":
        return scope.around().this
    if node.type != "identifier":
        return None
    name = folder.text_of(node)
    owner = scope.owner(name)
    for meaning in owner.names[name][:WIDEST] if owner is not None else ():
        if isinstance(meaning, Expression) and is_this(folder, meaning.node):
            return meaning.scope.around().this
    return None


def is_this(folder: Folder, node: Node) -> bool:
    """Is it `this`, or what the constructor of the class before makes of it?"""
    node = unwrapped(node)
    if node.type == "binary_expression":  # _super.call(this, id) || this
        right = node.child_by_field_name("right")
        return right is not None and right.type == "this"
    if node.type != "call_expression":
        return node.type == "this"
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    items = items_of(arguments) if arguments is not None else []
    if callee is None or len(items) < 2 or items[0].type != "this":
        return False
    callee = unwrapped(callee)
    if callee.type != "member_expression":  # _callSuper(this, Tracker, [id])
        return len(items) == 3 and items[2].type == "array"
    named = callee.child_by_field_name("property")
    return named is not None and folder.text_of(named) in GIVES


def prototype_behind(folder: Folder, node: Node, scope: Scope) -> Node:
    """What `_proto` stands for in `var _proto = Tracker.prototype`; another node is itself."""
    if node.type != "identifier":
        return node
    name = folder.text_of(node)
    owner = scope.owner(name)
    for meaning in owner.names[name][:1] if owner is not None else ():
        given = meaning.node if isinstance(meaning, Expression) else node
        is_member = given.type == "member_expression"
        if is_member and PROTOTYPE.fullmatch(folder.head_of(given, 40)):
            return given
    return node
