"""What a call gives back before the page runs: decoded, joined or hashed text, or a hole."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tree_sitter import Node

from analyzer.model import Choice, Hole, Object, OriginKind, Text, Value, holes
from analyzer.parse.document import choice, joined
from analyzer.parse.literals import DECODERS
from analyzer.parse.origins import origin_of
from analyzer.parse.scope import Scope, items_of

if TYPE_CHECKING:
    from analyzer.parse.fold import Folder  # it asks here while it reads a value

HASHES = re.compile(
    r"(?:^|[._])(?:sha_?256|sha_?1|sha_?512|md5|digest|hash\w*)$|hash(?:ed)?(?:email|phone|value)?$",
    re.I,
)
KEEPS = frozenset(
    {
        "toLowerCase",
        "toUpperCase",
        "trim",
        "toString",
        "replace",
        "replaceAll",
        "slice",
        "substring",
        "substr",
        "normalize",
        "split",
        "valueOf",
        "join",
    }
)
WRAPPERS = frozenset(
    {
        "String",
        "Number",
        "encodeURIComponent",
        "encodeURI",
        "escape",
        "JSON.stringify",
        "btoa",
        "parseInt",
        "parseFloat",
        "Boolean",
    }
)


def called(folder: Folder, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
    callee, arguments = (
        node.child_by_field_name("function"),
        node.child_by_field_name("arguments"),
    )
    if callee is None or arguments is None or arguments.type != "arguments":
        return folder.hole(node)
    items = items_of(arguments)
    name = folder.name_of(callee, scope) or folder.head_of(callee)
    decode = DECODERS.get(name.rpartition(".")[2]) if name.count(".") == 0 else None
    if decode and items:
        return _decoded(folder, node, folder.value(items[0], scope, witnesses), decode)
    if callee.type == "member_expression":
        holder, method = callee.child_by_field_name("object"), folder.key_of(callee, scope)
        if holder is not None and method == "join":
            return _join(folder, node, holder, items, scope, witnesses)
        if holder is not None and method == "concat":
            parts = [
                piece
                for part in (holder, *items)
                for piece in folder.pieces_of(folder.value(part, scope, witnesses), part)
            ]
            return joined(parts)
    if items and HASHES.search(name):
        inner = folder.value(items[0], scope, witnesses)
        return folder.hole(node, OriginKind.HASH, name, tuple(each.origin for each in holes(inner)))
    kind, origin_name, of = origin_of(folder, node, scope)
    if kind is OriginKind.UNKNOWN and name in WRAPPERS and items:
        inner = folder.value(items[0], scope, witnesses)
        return (
            inner
            if isinstance(inner, (str, Hole, Text, Object))
            else _derived(folder, node, (inner,))
        )
    if kind is OriginKind.UNKNOWN and callee.type == "member_expression":
        holder, method = callee.child_by_field_name("object"), folder.key_of(callee, scope)
        if holder is not None and method in KEEPS:
            inner = folder.value(holder, scope, witnesses)
            if isinstance(inner, (Hole, Text)):
                return _derived(folder, node, (inner,))
    return folder.hole(node, kind, origin_name, of)


def _decoded(folder: Folder, node: Node, value: Value, decode: Callable[[str], Value]) -> Value:
    """What a decoding function gives: each branch, and of a text with holes each readable
    part.
    """
    match value:
        case str():
            return decode(value)
        case Choice(options=branches):
            return choice(_decoded(folder, node, branch, decode) for branch in branches)
        case Text(parts=parts) if decode is unquote:
            return joined([decode(part) if isinstance(part, str) else part for part in parts])
    return _derived(folder, node, (value,))


def _derived(folder: Folder, node: Node, values: tuple[Value, ...]) -> Hole:
    found = tuple(dict.fromkeys(each.origin for value in values for each in holes(value)))
    if len(found) == 1:
        return Hole(folder.hole(node).text, found[0])
    return folder.hole(node, OriginKind.UNKNOWN, "", found)


def _join(
    folder: Folder,
    node: Node,
    holder: Node,
    items: list[Node],
    scope: Scope,
    witnesses: list[Node] | None,
) -> Value:
    parts, glue = (
        folder.value(holder, scope, witnesses),
        folder.value(items[0], scope) if items else ",",
    )
    if not isinstance(parts, tuple) or not isinstance(glue, str):
        return _derived(folder, node, (parts,))
    found: list[str | Hole] = []
    for number, part in enumerate(parts):
        found.extend([glue] if number and glue else [])
        found.extend(folder.pieces_of(part, node))
    return joined(found)
