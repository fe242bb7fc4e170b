"""What a call gives back before the page runs: decoded, joined or hashed text, or a hole."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tree_sitter import Node

from analyzer.model import Choice, Hole, Object, OriginKind, Text, Value, holes, options
from analyzer.parse.values.document import choice, joined
from analyzer.parse.values.kept import kept, of_pairs, of_parts, query_of
from analyzer.parse.values.literals import DECODERS
from analyzer.parse.values.made import given_back
from analyzer.parse.values.origins import hole_of
from analyzer.parse.values.scope import Scope, items_of, unwrapped
from analyzer.parse.values.stores import of_store
from analyzer.parse.values.texts import resolved
from analyzer.parse.values.things import callee_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

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
        "padStart",
        "at",
        "match",
        "trimStart",
        "trimEnd",
    }
)
COLLECTIONS = frozenset({"Set", "Map"})
UNCHANGED = frozenset({"toString", "valueOf"})
MADE_OF = frozenset({"Blob", "File", "Uint8Array", "Array", "String", "Proxy"})
SERIALISES = re.compile(r"^(?:\$|jQuery)\.param$|^npm:(?:qs|query-string|querystring)\.stringify$")
LISTED = frozenset({"Object.keys", "Object.values", "Object.entries"})
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
        "JSON.parse",
        "Object.fromEntries",
        "Object.values",
        "Object.entries",
        "Array.from",
        "Promise.resolve",
        "$.param",
        "jQuery.param",
        "$.trim",
        "jQuery.trim",
        "decodeURIComponent",
        "npm:qs.stringify",
        "npm:query-string.stringify",
        "npm:querystring.stringify",
    }
)


def called(folder: Folder, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
    callee, arguments = (
        node.child_by_field_name("function"),
        node.child_by_field_name("arguments"),
    )
    if callee is None or arguments is None:
        return folder.hole(node)
    if arguments.type != "arguments":
        written = given_back(folder, node, scope, witnesses)
        return written if written is not None else folder.hole(node)
    items = items_of(arguments)
    if (whole := kept(folder, node, scope)) is not None:
        return whole
    if (made := given_back(folder, node, scope, witnesses)) is not None:
        return made
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
    found = hole_of(folder, node, scope)
    unknown = found.origin.kind is OriginKind.UNKNOWN
    if unknown and name in LISTED and items:
        listed = _listed(name, folder.value(items[0], scope, witnesses))
        if listed is not None:
            return listed
    if unknown and name in WRAPPERS and items:
        inner = folder.value(items[0], scope, witnesses)
        if name == "Object.fromEntries":
            inner = of_pairs(inner) or inner
        if SERIALISES.search(name) and isinstance(inner, Object):
            return query_of(folder, inner, node)
        return (
            inner
            if isinstance(inner, (str, Hole, Text, Object))
            else _derived(folder, node, (inner,))
        )
    if unknown and callee.type == "member_expression":
        holder, method = callee.child_by_field_name("object"), folder.key_of(callee, scope)
        if holder is not None and method in KEEPS:
            inner = folder.value(holder, scope, witnesses)
            if isinstance(inner, Choice):  # of what is only there sometimes
                inner = choice(each for each in options(inner) if each is not None)
            if method in UNCHANGED and isinstance(inner, (Text, Object)):
                return inner
            if isinstance(inner, (Hole, Text)):
                return _derived(folder, node, (inner,))
    return found


def _listed(name: str, value: Value) -> tuple[Value, ...] | None:
    """The names, the values or both of an object whose properties are all known."""
    if not isinstance(value, Object) or not value.items:
        return None
    if any(not key or key.startswith(("[", "...")) for key, _ in value.items):
        return None
    match name.rpartition(".")[2]:
        case "keys":
            return tuple(key for key, _ in value.items)
        case "values":
            return tuple(each for _, each in value.items)
    return value.items


def constructed(folder: Folder, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
    """What `new` makes of what it is given: a query, an address, the data of a form."""
    callee, arguments = (node.child_by_field_name(key) for key in ("constructor", "arguments"))
    name = folder.tail_of(callee, 40) if callee is not None else ""
    items = items_of(arguments) if arguments is not None else []
    held = of_store(folder, node, callee, items, scope) if folder.stores and callee else None
    if held is not None:
        return held
    if name == "FormData" and not items:
        return Object(())
    if name == "URLSearchParams":
        value = folder.value(items[0], scope, witnesses) if items else ""
        made = query_of(folder, value, node)
        if made is not None:
            return made
    if name == "URL" and items:
        value = folder.value(items[0], scope, witnesses)
        base = folder.value(items[1], scope, witnesses) if len(items) > 1 else ""
        if (whole := resolved(base, value)) is not None:
            return whole
    if name in COLLECTIONS and items:
        value = folder.value(items[0], scope, witnesses)
        if isinstance(value, tuple):
            return value if name == "Set" else of_pairs(value) or value
    found = hole_of(folder, node, scope)
    if found.origin.kind is OriginKind.UNKNOWN and name in MADE_OF:
        made = of_parts(folder, node, items, scope)
        return made if made is not None else found
    return found


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
    glue = folder.value(items[0], scope) if items else ","
    if glue == "&" and (query := _as_query(folder, node, holder, scope)) is not None:
        return query
    parts = folder.value(holder, scope, witnesses)
    if not isinstance(parts, tuple) or not isinstance(glue, str):
        return _derived(folder, node, (parts,))
    found: list[str | Hole] = []
    for number, part in enumerate(parts):
        found.extend([glue] if number and glue else [])
        found.extend(folder.pieces_of(part, node))
    return joined(found)


def _as_query(folder: Folder, node: Node, holder: Node, scope: Scope) -> Value:
    """The query that `Object.keys(p).map(k => k + "=" + p[k]).join("&")` makes of an object."""
    mapping, given = callee_of(unwrapped(holder))
    listing = mapping.child_by_field_name("object") if mapping is not None else None
    if mapping is None or listing is None or not given:
        return None
    if not folder.tail_of(mapping, 5).endswith(".map") or "=" not in folder.text_of(given[0]):
        return None
    source, inner = callee_of(unwrapped(listing))
    if source is None or not inner or folder.tail_of(source, 20) not in LISTED:
        return None
    return query_of(folder, folder.value(inner[0], scope), node)
