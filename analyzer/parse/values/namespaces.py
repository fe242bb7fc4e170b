"""What compilers put into the empty object of a namespace or an enumeration, behind another name:
`(function (n) { n.id = "1"; })(Ids || (Ids = {}))`, or `(n = Ids || (Ids = {})).id = "1"`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.scope import FUNCTIONS, Expression, Scope, items_of, unwrapped

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # the names of a script are noted in it

SETS = frozenset({"assignment_expression", "augmented_assignment_expression"})


def said_of_empty(folder: Folder, made: Node, scope: Scope, key: str) -> Iterator[Expression]:
    """What a property is of an empty object that is made where there is none yet."""
    if made.type != "object" or made.named_children:
        return
    first = _around(made)
    if first is None or first.type not in SETS:
        return
    whole, outer = first, _around(first)
    if outer is not None and outer.type == "binary_expression":
        whole, outer = outer, _around(outer)
    if outer is None:
        return
    if outer.type == "arguments":
        yield from _of_parameter(folder, whole, outer, key)
    elif outer.type in ("assignment_expression", "variable_declarator"):
        named = outer.child_by_field_name("left") or outer.child_by_field_name("name")
        if named is not None and named.type == "identifier":
            name = folder.text_of(named)
            for each in folder.set_later.get((name, key), ()):
                if each.scope.owner(name) is scope.owner(name):
                    yield each


def _of_parameter(folder: Folder, given: Node, listed: Node, key: str) -> Iterator[Expression]:
    """What a function that is called at once sets on its parameter."""
    call = listed.parent
    callee = call.child_by_field_name("function") if call is not None else None
    function = unwrapped(callee) if callee is not None else None
    if function is None or function.type not in FUNCTIONS:
        return
    for position, each in enumerate(items_of(listed)):
        if each.start_byte <= given.start_byte < each.end_byte:
            yield from folder.modules.offers.get((function.id, position, key), ())


def _around(node: Node) -> Node | None:
    """What a node stands in, apart from parentheses."""
    around = node.parent
    while around is not None and around.type == "parenthesized_expression":
        around = around.parent
    return around
