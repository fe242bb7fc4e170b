"""What an expression was created as: a script, an image or a frame that a script made."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tree_sitter import Node

from analyzer.model import Frame, Link, Pixel, ScriptLoad, options
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.jquery import NAMES
from analyzer.parse.values.scope import Expression, Scope, unwrapped
from analyzer.parse.values.things import callee_of, function_of, member_of, returns_of

Kind = type[ScriptLoad] | type[Pixel] | type[Frame] | type[Link]
KINDS: dict[str, Kind] = {
    "script": ScriptLoad,
    "img": Pixel,
    "image": Pixel,
    "iframe": Frame,
    "frame": Frame,
    "embed": Frame,
    "form": Link,
}
DEEPEST = 8  # names and calls that lead from one to the next
MARKUP = re.compile(r"^\s*<\s*(\w+)[\s/>]")
WRITTEN = frozenset({"string", "template_string", "binary_expression"})
# They give back the element that they are given, or the one that they belong to.
TAKES = frozenset({"appendChild", "insertBefore", "append", "assign", "importNode", "adoptNode"})
STAYS = frozenset(
    {"attr", "prop", "appendTo", "prependTo", "insertAfter", "on", "css", "cloneNode", "get"}
)


def element_kind(folder: Folder, node: Node, scope: Scope, deep: int = 0) -> Kind | None:
    """What an expression was created as; None for what the page holds already."""
    node = unwrapped(node)
    if deep > DEEPEST:
        return None
    match node.type:
        case "identifier":
            return _named(folder, node, scope, deep)
        case "member_expression" | "subscript_expression":
            for each in member_of(folder, node, scope):
                if kind := element_kind(folder, each.node, each.scope, deep + 1):
                    return kind
            holder = node.child_by_field_name("object")  # $("<script>")[0]
            if node.type == "subscript_expression" and holder is not None:
                is_made = unwrapped(holder).type == "call_expression"
                return element_kind(folder, holder, scope, deep + 1) if is_made else None
        case "assignment_expression" | "binary_expression":
            right = node.child_by_field_name("right")
            return element_kind(folder, right, scope, deep + 1) if right is not None else None
        case "new_expression":
            maker, _ = callee_of(node)
            name = folder.name_of(maker, scope) if maker is not None else None
            return Pixel if name == "Image" else None
        case "call_expression":
            return _called(folder, node, scope, deep)
    return None


def _named(folder: Folder, node: Node, scope: Scope, deep: int) -> Kind | None:
    name = folder.text_of(node)
    owner = scope.owner(name)
    meanings = owner.names[name] if owner is not None else []
    for each in reversed(meanings):
        if isinstance(each, Expression):
            return element_kind(folder, each.node, each.scope, deep + 1)
    set_anyway = folder.undeclared.get(name) if owner is None else None
    if set_anyway is None:
        return None
    return element_kind(folder, set_anyway.node, set_anyway.scope, deep + 1)


def _called(folder: Folder, node: Node, scope: Scope, deep: int) -> Kind | None:
    callee, items = callee_of(node)
    if callee is None:
        return None
    method = folder.tail_of(callee, 60).rpartition(".")[2].rstrip(")")
    if method in ("createElement", "createElementNS") and items:
        named = items[-1] if method == "createElementNS" else items[0]
        return _kind_of_name(folder, named, scope)
    written = items[0].type in WRITTEN if items else False
    if written and (method in NAMES or callee.type == "identifier"):  # minified, $ is any letter
        markup = folder.value(items[0], scope)
        found = MARKUP.match(markup) if isinstance(markup, str) else None
        if found is not None or method in NAMES:
            return KINDS.get(found[1].lower()) if found else None
    elif method in NAMES and items:
        return element_kind(folder, items[0], scope, deep + 1)
    if method in TAKES and items:
        return element_kind(folder, items[0], scope, deep + 1)
    if method in STAYS and callee.type == "member_expression":
        holder = callee.child_by_field_name("object")
        return element_kind(folder, holder, scope, deep + 1) if holder is not None else None
    own = function_of(folder, callee, scope)
    if own is None or own.inner is None:
        return None
    for each in returns_of(own):
        if kind := element_kind(folder, each, own.inner, deep + 1):
            return kind
    return None


def _kind_of_name(folder: Folder, node: Node, scope: Scope) -> Kind | None:
    told = options(folder.value(node, scope))
    names = {each.lower() for each in told if isinstance(each, str)}
    return next((kind for name, kind in KINDS.items() if name in names), None)


def is_renderers(folder: Folder, method: str, items: Sequence[Node], scope: Scope) -> bool:
    """Is a method given the element, its attribute and the value of that, as Angular's are?"""
    if method not in ("setAttribute", "setProperty") or len(items) != 3:
        return False
    return element_kind(folder, items[0], scope) is not None
