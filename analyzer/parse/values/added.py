"""A text that is put together step by step: `url += "&email=" + email`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Value, options
from analyzer.parse.values.document import CUT, WIDEST, joined
from analyzer.parse.values.keyed import as_query, texts_for_each
from analyzer.parse.values.scope import FUNCTIONS, Added, Scope

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
BRANCHES = frozenset({"if_statement", "switch_case", "ternary_expression", "catch_clause"})
DEEPEST = 20  # nodes around a statement that are asked what they are


def addition(right: Node, statement: Node, scope: Scope) -> Added:
    """What a `+=` adds: for certain, under a condition, or again and again."""
    around, maybe = statement.parent, False
    for _ in range(DEEPEST):
        if around is None or around.type in FUNCTIONS:
            break
        if around.type in LOOPS:
            return Added(right, scope, often=True)
        maybe = maybe or around.type in BRANCHES
        around = around.parent
    return Added(right, scope, maybe)


def with_addition(
    folder: Folder, before: Sequence[Value], more: Added, node: Node, witnesses: list[Node] | None
) -> list[Value]:
    """What a name stands for after an addition; one below the place of reading comes too late."""
    owner = more.scope
    if more.node.start_byte > node.start_byte and owner.holds(node):
        return list(before)
    if (each_key := texts_for_each(folder, more.node, more.scope)) is not None:
        wholes = [option for value in before for option in options(value)] or [folder.hole(node)]
        return [joined(as_query(folder.pieces_of(each, node), each_key)) for each in wholes]
    value = folder.value(more.node, more.scope, witnesses)
    behind = [CUT] if more.often else []
    longer = [
        joined([*folder.pieces_of(each, node), *folder.pieces_of(added, more.node), *behind])
        for each in [option for value in before for option in options(value)] or [folder.hole(node)]
        for added in options(value)
    ]
    return ([*before, *longer] if more.maybe else longer)[:WIDEST]
