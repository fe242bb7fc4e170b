"""A page's head that is described as data: `script: [{src: "..."}, {innerHTML: "..."}]`."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from analyzer.model import ScriptLoad
from analyzer.parse.scripts import attributes
from analyzer.parse.scripts.sending import Sent
from analyzer.parse.values.created import Kind
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.scope import FUNCTIONS, Expression, Scope, items_of, unwrapped
from analyzer.parse.values.things import member_of, returns_of
from analyzer.parse.values.witness import is_address, says_something, witness

SCRIPTS = frozenset({"script", "scripts", "headTags"})
INLINE = frozenset({"innerHTML", "children", "textContent"})
DEEPEST = 6  # conditions and lists around one script's description


def described(folder: Folder, kind: Kind | None, node: Node, scope: Scope) -> Iterator[Sent]:
    """What an element loads whose attributes are given as an object."""
    for key, value in _pairs(folder, node) if kind is not None else ():
        witnesses: list[Node] = []
        if key == "src" and says_something(url := folder.value(value, scope, witnesses)):
            told = attributes.of_description(folder, node, scope) if kind is ScriptLoad else ()
            yield Sent(kind or ScriptLoad, url, None, witness(folder, witnesses, value), told)


def scripts_in(folder: Folder, pair: Node, scope: Scope) -> Iterator[Sent]:
    """The scripts that a description of a head loads."""
    if _key(folder, pair) == "noscript":
        return
    for head in heads(folder, pair, scope):
        node = head.node
        if node.type == "object":
            yield from described(folder, ScriptLoad, _tagged(folder, node), head.scope)
        elif is_address(url := folder.value(node, head.scope)):
            yield Sent(ScriptLoad, url, None, node)
    for parts in _listed(folder, pair):
        yield from described(folder, ScriptLoad, parts[1], scope)


def texts_in(folder: Folder, pair: Node, scope: Scope) -> Iterator[tuple[Node, Scope, bool]]:
    """The texts that a description of a head holds, and whether each is a script."""
    is_script = _key(folder, pair) in SCRIPTS
    for head in heads(folder, pair, scope):
        for key, text in _pairs(folder, head.node):
            if key not in INLINE:
                continue
            text = unwrapped(text)
            made = folder.functions.get(text.id) if text.type in FUNCTIONS else None
            if made is not None and made.inner is not None:
                yield from ((each, made.inner, is_script) for each in returns_of(made))
            else:
                yield text, head.scope, is_script
    for parts in _listed(folder, pair):
        yield from ((text, scope, True) for text in parts[2:3])


def _listed(folder: Folder, pair: Node) -> Iterator[list[Node]]:
    """The scripts of a head that lists its elements: `["script", {src: "..."}, "..."]`."""
    value = pair.child_by_field_name("value") if _key(folder, pair) == "head" else None
    for item in items_of(value) if value is not None and value.type == "array" else ():
        parts = items_of(item) if item.type == "array" else []
        if len(parts) > 1 and folder.text_of(parts[0]).strip("\"'`") == "script":
            yield parts


def heads(folder: Folder, pair: Node, scope: Scope) -> Iterator[Expression]:
    """The descriptions of single elements: objects, or the address alone."""
    if pair.type == "jsx_attribute":
        parts = pair.named_children
        value = parts[1].named_children[0] if len(parts) > 1 and parts[1].named_children else None
    else:
        value = pair.child_by_field_name("value")
    if _key(folder, pair) in (*SCRIPTS, "noscript") and value is not None:
        yield from _items(folder, value, scope, 0)


def _items(folder: Folder, node: Node, scope: Scope, deep: int) -> Iterator[Expression]:
    node = unwrapped(node)
    if deep > DEEPEST:
        return
    match node.type:
        case "array":
            for item in items_of(node):
                yield from _items(folder, item, scope, deep + 1)
        case "object":
            yield Expression(node, scope)
        case "string" | "template_string" if deep:
            yield Expression(node, scope)
        case "spread_element":
            for inner in node.named_children[:1]:
                yield from _items(folder, inner, scope, deep + 1)
        case "ternary_expression" | "binary_expression":
            for part in ("consequence", "alternative", "right"):
                branch = node.child_by_field_name(part)
                if branch is not None:
                    yield from _items(folder, branch, scope, deep + 1)
        case "call_expression":  # [...].filter(Boolean)
            callee = node.child_by_field_name("function")
            holder = callee.child_by_field_name("object") if callee is not None else None
            if holder is not None and unwrapped(holder).type == "array":
                yield from _items(folder, holder, scope, deep + 1)
        case "identifier":
            owner = scope.owner(folder.text_of(node))
            for meaning in owner.names[folder.text_of(node)] if owner is not None else ():
                if isinstance(meaning, Expression):
                    yield from _items(folder, meaning.node, meaning.scope, deep + 1)
        case "member_expression":
            for each in member_of(folder, node, scope):
                yield from _items(folder, each.node, each.scope, deep + 1)


def _tagged(folder: Folder, node: Node) -> Node:
    """The attributes in `{tagName: "script", attributes: {...}}`, or the object itself."""
    parts = dict(_pairs(folder, node))
    if "tagName" in parts and "attributes" in parts:
        is_script = folder.text_of(parts["tagName"]).strip("\"'`") == "script"
        return parts["attributes"] if is_script else parts["tagName"]
    return node


def _key(folder: Folder, pair: Node) -> str:
    is_attribute = pair.type == "jsx_attribute"
    key = pair.named_children[0] if is_attribute else pair.child_by_field_name("key")
    return folder.text_of(key).strip("\"'") if key is not None else ""


def _pairs(folder: Folder, node: Node) -> Iterator[tuple[str, Node]]:
    for child in node.named_children if node.type == "object" else ():
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if child.type == "pair" and key is not None and value is not None:
            yield folder.text_of(key).strip("\"'"), value
        elif child.type == "method_definition":  # { textContent() { return "..." } }
            named = child.child_by_field_name("name")
            if named is not None:
                yield folder.text_of(named), child
