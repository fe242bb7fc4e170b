"""Of which request an XMLHttpRequest holds the answer: `xhr.open("GET", url)` says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Origin, OriginKind
from analyzer.parse.values.readers import asked_at
from analyzer.parse.values.scope import FUNCTIONS, Scope, items_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

ANSWERS = frozenset({"responseText", "responseXML"})  # `response` belongs to many things
LONGEST_NAME = 60  # bytes of what the request is held by
FARTHEST = 20_000  # bytes before and behind within which a request is opened
OUTERMOST = 40  # nodes around an expression, outwards
MOST_STATEMENTS = 200  # of one block in which the request is looked for


def answer_of(folder: Folder, node: Node, key: str | None, scope: Scope) -> Origin | None:
    """The origin of what a request gave back; None where the expression is no such thing."""
    holder = node.child_by_field_name("object")
    if holder is None or (key not in ANSWERS and key != "response"):
        return None
    address = None
    at = folder.base + node.start_byte
    is_near = folder.data.find(b".open(", max(0, at - FARTHEST), at + FARTHEST) >= 0
    if is_near and holder.end_byte - holder.start_byte <= LONGEST_NAME:
        address = _asked(folder, node, folder.text_of(holder), scope)
    if address is None:
        return Origin(OriginKind.RESPONSE) if key in ANSWERS else None
    return Origin(OriginKind.RESPONSE, address)


def _asked(folder: Folder, node: Node, name: str, scope: Scope) -> str | None:
    """The address that the request of this name is opened with, in a block around."""
    around = node.parent
    for _ in range(OUTERMOST):
        if around is None:
            return None
        if name == "this" and around.type in FUNCTIONS:
            name = _listens(folder, around) or name
        if around.type in ("statement_block", "program"):
            for opened in _opened(folder, around, name):
                return asked_at(folder.value(opened, scope))
        around = around.parent
    return None


def _opened(folder: Folder, block: Node, name: str) -> Iterator[Node]:
    """The addresses that a block's own statements open it with."""
    for statement in block.named_children[:MOST_STATEMENTS]:
        call = statement.named_children[0] if statement.type == "expression_statement" else None
        for each in call.named_children if call and call.type == "sequence_expression" else (call,):
            if each is None or each.type != "call_expression":
                continue
            callee = each.child_by_field_name("function")
            arguments = each.child_by_field_name("arguments")
            if callee is None or arguments is None or callee.type != "member_expression":
                continue
            if folder.tail_of(callee, LONGEST_NAME + 5) == f"{name}.open":
                yield from items_of(arguments)[1:2]


def _listens(folder: Folder, function: Node) -> str:
    """What a function is the listener of: `xhr.onload = function () {...}`."""
    around = function.parent
    if around is not None and around.type == "arguments":
        around = around.parent
    part = "left" if around is not None and around.type == "assignment_expression" else "function"
    member = around.child_by_field_name(part) if around is not None else None
    holder = member.child_by_field_name("object") if member is not None else None
    if holder is None or holder.end_byte - holder.start_byte > LONGEST_NAME:
        return ""
    return folder.text_of(holder)
