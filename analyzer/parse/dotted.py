"""The dotted name of what an expression stands for outside its script: `npm:react-ga4.send`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.document import WIDEST
from analyzer.parse.scope import (
    GLOBAL_OBJECTS,
    Expression,
    Imported,
    Meaning,
    Parameter,
    Property,
    Scope,
    items_of,
)

if TYPE_CHECKING:
    from analyzer.parse.fold import Folder  # it asks here while it reads a name

GENERIC = frozenset(
    {
        "Object",
        "Array",
        "Map",
        "Set",
        "Date",
        "Promise",
        "Image",
        "URL",
        "URLSearchParams",
        "FormData",
        "XMLHttpRequest",
        "RegExp",
        "Error",
        "Function",
    }
)


def name_of(folder: Folder, node: Node, scope: Scope) -> str | None:
    match node.type:
        case "identifier":
            return _global_name(folder, folder.text_of(node), scope)
        case "this":
            return "window" if scope.outermost else None
        case "member_expression" | "subscript_expression":
            holder, key = node.child_by_field_name("object"), folder.key_of(node, scope)
            before = folder.name_of(holder, scope) if holder else None
            if before is None or key is None:
                return None
            if before in GLOBAL_OBJECTS or (key == "default" and before.startswith("npm:")):
                return key if before in GLOBAL_OBJECTS else before
            return f"{before}.{key}"
        case "assignment_expression" | "binary_expression":
            left = node.child_by_field_name("left")
            return folder.name_of(left, scope) if left else None
        case "ternary_expression":
            branches = (node.child_by_field_name(name) for name in ("consequence", "alternative"))
            return next(
                (
                    name
                    for each in branches
                    if each is not None and (name := folder.name_of(each, scope)) is not None
                ),
                None,
            )
        case "new_expression":
            constructor = node.child_by_field_name("constructor")
            name = folder.name_of(constructor, scope) if constructor is not None else None
            return f"new {name}()" if name is not None and name not in GENERIC else None
        case "meta_property":
            return folder.text_of(node)
        case "sequence_expression":
            return folder.name_of(node.named_children[-1], scope)
        case "call_expression":
            return _required(folder, node, scope) or _call_name(folder, node, scope)
    return None


def _global_name(folder: Folder, name: str, scope: Scope) -> str | None:
    owner = scope.owner(name)
    if owner is None:
        return name
    if not owner.names[name]:
        return name if owner.outermost or _is_queue(folder, name, owner) else None
    key = (id(owner), name)
    if key in folder.naming:
        folder.reach = min(folder.reach, folder.naming[key])
        return None
    folder.naming[key] = folder.depth
    try:
        alias = _alias(folder, owner.names[name])
    finally:
        del folder.naming[key]
    return alias or (name if owner.outermost or _is_queue(folder, name, owner) else None)


def _alias(folder: Folder, meanings: list[Meaning]) -> str | None:
    """The name outside the script that one of the meanings leads to."""
    for meaning in meanings[:WIDEST]:
        match meaning:
            case Imported(name=imported):
                return imported
            case Expression(node=inner, scope=where):
                if alias := folder.name_of(inner, where):
                    return alias
            case Property(of=of, key=key):
                if before := folder.name_of(of.node, of.scope):
                    return key if before in GLOBAL_OBJECTS else f"{before}.{key}"
            case Parameter(function=function, position=position):
                for arguments, where in function.calls[:1]:
                    if position < len(arguments) and (
                        alias := folder.name_of(arguments[position], where)
                    ):
                        return alias
    return None


def _is_queue(folder: Folder, name: str, owner: Scope) -> bool:
    """Is a local function the stub that vendors' snippets define, which passes its arguments
    on?
    """
    function = owner.functions.get(name)
    return function is not None and "arguments" in folder.head_of(function.node, 400)


def _call_name(folder: Folder, node: Node, scope: Scope) -> str | None:
    """What a call gives back, named by the call: `amplitude.getInstance()`."""
    callee = node.child_by_field_name("function")
    name = (
        folder.name_of(callee, scope)
        if callee is not None and callee.type == "member_expression"
        else None
    )
    return (
        f"{name}()"
        if name is not None and name.partition(".")[0] not in ("document", "Object", "Array")
        else None
    )


def _required(folder: Folder, node: Node, scope: Scope) -> str | None:
    callee, arguments = (
        node.child_by_field_name("function"),
        node.child_by_field_name("arguments"),
    )
    if (
        callee is None
        or arguments is None
        or callee.type != "identifier"
        or folder.text_of(callee) != "require"
    ):
        return None
    items = items_of(arguments)
    package = folder.value(items[0], scope) if items else None
    return f"npm:{package}" if isinstance(package, str) else None
