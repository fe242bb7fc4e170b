"""jQuery under whatever name a script asks for it, or its bundle gives it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.scope import FUNCTIONS, Function, items_of, unwrapped

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a name

NAME = "jQuery"
NAMES = frozenset({"$", NAME})
PACKAGE = re.compile(
    r"^npm:jquery(?:-slim)?(?:/(?:dist|src|slim|module)[\w./-]*)?(?:\.(?:\$|jQuery))?$"
)
# All that is left of its words in a minified bundle, at the head of what makes it.
SAYS = "jQuery requires a window with a document"
SELF = re.compile(r"\{\s*return new [\w$]+\.fn\.init\(")
LONGEST_HEAD = 600  # bytes


def plain(name: str) -> str:
    """The name of an import as the rest knows it."""
    return NAME if name.startswith("npm:jquery") and PACKAGE.match(name) else name


def is_jquery(folder: Folder, function: Function) -> bool:
    """Is it jQuery's own function: `t = function (e, n) { return new t.fn.init(e, n) }`?"""
    return SELF.search(folder.head_of(function.node, 200)) is not None


def makes_jquery(folder: Folder, node: Node) -> bool:
    """Is it what makes jQuery in a window, or the choice of how?"""
    long_enough = node.end_byte - node.start_byte > len(SAYS)
    return long_enough and SAYS in folder.head_of(node, LONGEST_HEAD)


def handed_by(folder: Folder, function: Function) -> Node | None:
    """What runs a function when the page is ready, and hands jQuery to it: `t` of `t(e => ...)`."""
    around = function.node.parent
    call = around.parent if around is not None and around.type == "arguments" else None
    if around is None or call is None or function.node.type not in FUNCTIONS:
        return None
    items = items_of(around)
    if call.type != "call_expression" or not items or items[0].id != function.node.id:
        return None
    callee = call.child_by_field_name("function")
    return unwrapped(callee) if callee is not None and len(items) == 1 else None
