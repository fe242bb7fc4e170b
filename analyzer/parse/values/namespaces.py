"""What compilers put into the empty object of a namespace, an enumeration or a module, behind
another name: `(function (n) { n.id = "1"; })(Ids || (Ids = {}))`,
`(n = Ids || (Ids = {})).id = "1"`, or `n = Ids, n.id = "1"` of `var Ids = {}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.scope import FUNCTIONS, Expression, Scope, items_of, unwrapped

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # the names of a script are noted in it

MOST_OTHERS = 40  # other names of one name
SETS = frozenset({"assignment_expression", "augmented_assignment_expression"})


def note_other_name(folder: Folder, name: str, right: Node, scope: Scope) -> None:
    """Note that a name stands for the empty object of another one, too."""
    if right.type != "identifier":
        return
    known = folder.word_of(right)
    owner = scope.owner(known)
    meanings = owner.names[known] if owner is not None else []
    first = meanings[0] if meanings else None
    if isinstance(first, Expression) and _is_empty(first.node):
        others = folder.other_names.setdefault(known, [])
        if len(others) < MOST_OTHERS:
            others.append((name, scope))


def said_of_empty(folder: Folder, made: Node, scope: Scope, key: str) -> Iterator[Expression]:
    """What a property is of an empty object that is made where there is none yet."""
    if not _is_empty(made):
        return
    first = _around(made)
    if first is not None and first.type == "variable_declarator" and folder.other_names:
        yield from _under_other_names(folder, first, scope, key)
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


def _is_empty(node: Node) -> bool:
    return node.type == "object" and not node.named_child_count


def _under_other_names(
    folder: Folder, declared: Node, scope: Scope, key: str
) -> Iterator[Expression]:
    named = declared.child_by_field_name("name")
    name = folder.text_of(named) if named is not None else ""
    owner = scope.owner(name)
    for other, where in folder.other_names.get(name, ()):
        if where.owner(name) is owner:
            for each in folder.set_later.get((other, key), ()):
                if each.scope.owner(other) is where.owner(other):
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
