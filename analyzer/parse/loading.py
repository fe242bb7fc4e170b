"""How scripts load things: elements made by code, written markup, beacons and script helpers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from analyzer.model import (
    Choice,
    Fact,
    Frame,
    Object,
    Pixel,
    Request,
    ScriptLoad,
    Text,
    Value,
    options,
    shown,
)
from analyzer.parse.fold import Folder
from analyzer.parse.scope import Expression, Scope, unwrapped

ADDRESS = re.compile(r"^(?:https?:)?//[^\s/]", re.I)
LOADERS = re.compile(
    r"(?:^|\.)(?:load|inject|add|append|get|require|include|insert|use)_?(?:remote|external|third_?party)?_?scripts?"
    r"(?:async|tag|once)?$|(?:^|\.)(?:loadjs|\$script|importScripts|scriptjs|loadJS|head\.js|head\.load|getScript)$",
    re.I,
)
SENDERS = re.compile(
    r"(?:^|\.)(?:fetch|sendBeacon|axios|ajax|got|request|superagent|ky)$"
    r"|(?:^|\.)(?:axios|\$|jQuery|http|https|client|ky|got|needle|superagent|request|api)\.(?:get|post|put|request|send)$"
)
MAKERS = re.compile(r"(?:^|[._])(?:createElement|jsxs?|jsxDEV|_?h)$")
JSX_ELEMENTS = {
    "script": ScriptLoad,
    "Script": ScriptLoad,
    "img": Pixel,
    "Image": Pixel,
    "iframe": Frame,
}


def loads_of(folder: Folder, node: Node, scope: Scope) -> Iterator[Fact]:
    """What this call, assignment or element loads or sends, if it does."""
    match node.type:
        case "assignment_expression":
            found = _assigned(folder, node, scope)
        case "call_expression":
            found = _called(folder, node, scope)
        case "jsx_opening_element" | "jsx_self_closing_element":
            found = _shown(folder, node, scope)
        case "pair":
            found = (
                load
                for head in heads(folder, node)
                for load in _described(folder, ScriptLoad, head, scope)
            )
        case _:
            return
    for kind, url, body, spot in found:
        place = folder.document.place(folder.base + spot.start_byte, folder.base + spot.end_byte)
        if kind is Request:
            yield Request(place=place, url=url, body=body)
        else:
            yield kind(place=place, url=url)


Kind = type[ScriptLoad] | type[Pixel] | type[Frame]
Load = tuple[Kind | type[Request], Value, Value, Node]


def _assigned(folder: Folder, node: Node, scope: Scope) -> Iterator[Load]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if (
        left is None
        or right is None
        or left.type not in ("member_expression", "subscript_expression")
    ):
        return
    key, holder = folder.key_of(left, scope), left.child_by_field_name("object")
    if key != "src" or holder is None:
        return
    witnesses: list[Node] = []
    url = folder.value(right, scope, witnesses)
    kind = element_kind(folder, holder, scope)
    if kind is None and not _is_address(url):
        return
    if _says_something(url):
        yield kind or ScriptLoad, url, None, _witness(folder, witnesses, right)


def _called(folder: Folder, node: Node, scope: Scope) -> Iterator[Load]:
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee is None or arguments is None or arguments.type != "arguments":
        return
    items = [child for child in arguments.named_children if child.type != "comment"]
    if not items:
        return
    text = folder.tail_of(callee, 120)
    method = text.rpartition(".")[2]
    if method == "setAttribute" and len(items) > 1 and callee.type == "member_expression":
        holder = callee.child_by_field_name("object")
        witnesses: list[Node] = []
        if holder is not None and folder.value(items[0], scope) == "src":
            url = folder.value(items[1], scope, witnesses)
            kind = element_kind(folder, holder, scope)
            if (kind is not None or _is_address(url)) and _says_something(url):
                yield kind or ScriptLoad, url, None, _witness(folder, witnesses, items[1])
        return
    if MAKERS.search(text.rstrip(")")) and len(items) > 1 and items[1].type == "object":
        kind = JSX_ELEMENTS.get(folder.text_of(items[0]).strip("\"'`"))
        yield from _described(folder, kind, items[1], scope)
        return
    name = folder.name_of(callee, scope) or text
    if not (LOADERS.search(name) or SENDERS.search(name) or method in ("open", "get", "post")):
        return
    yield from _helped(folder, name, method, items, scope)


def _helped(
    folder: Folder, name: str, method: str, items: list[Node], scope: Scope
) -> Iterator[Load]:
    witnesses: list[Node] = []
    first = folder.value(items[0], scope, witnesses)
    if LOADERS.search(name):
        found = first.get("src") if isinstance(first, Object) else first
        url = found if found is not None else first
        for address in url if isinstance(url, tuple) else (url,):
            if _is_address(address):
                yield ScriptLoad, address, None, _witness(folder, witnesses, items[0])
        return
    if method == "open" and len(items) > 1:
        url = folder.value(items[1], scope, witnesses)
        if (
            isinstance(first, str)
            and first.upper() in ("GET", "POST", "PUT", "HEAD")
            and _is_address(url)
        ):
            yield Request, url, None, _witness(folder, witnesses, items[1])
        return
    body = folder.value(items[1], scope) if len(items) > 1 else None
    if isinstance(first, Object):
        body = first.get("data") or first.get("body") or first.get("json")
        first = first.get("url") or first.get("uri")
    if (
        isinstance(body, Object)
        and (inner := body.get("body") or body.get("json") or body.get("data")) is not None
    ):
        body = inner
    if _is_address(first):
        yield Request, first, body, _witness(folder, witnesses, items[0])


def _shown(folder: Folder, node: Node, scope: Scope) -> Iterator[Load]:
    tag = node.child_by_field_name("name")
    kind = JSX_ELEMENTS.get(folder.text_of(tag)) if tag is not None else None
    if kind is None:
        return
    for child in node.named_children:
        parts = child.named_children
        if child.type == "jsx_attribute" and len(parts) > 1 and folder.text_of(parts[0]) == "src":
            witnesses: list[Node] = []
            url = folder.value(parts[1], scope, witnesses)
            if _says_something(url):
                yield kind, url, None, _witness(folder, witnesses, parts[1])


def _described(folder: Folder, kind: Kind | None, node: Node, scope: Scope) -> Iterator[Load]:
    """What an element loads whose attributes are given as an object."""
    for key, value in pairs(folder, node) if kind is not None else ():
        witnesses: list[Node] = []
        if key == "src" and _says_something(url := folder.value(value, scope, witnesses)):
            yield kind or ScriptLoad, url, None, _witness(folder, witnesses, value)


def heads(folder: Folder, pair: Node) -> Iterator[Node]:
    """The objects in `script: [{src: ...}, {innerHTML: ...}]`, as a page's head is described."""
    key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    if (
        key is not None
        and value is not None
        and value.type == "array"
        and folder.text_of(key).strip("\"'") == "script"
    ):
        yield from (child for child in value.named_children if child.type == "object")


def pairs(folder: Folder, node: Node) -> Iterator[tuple[str, Node]]:
    """The keys and values of an object."""
    for child in node.named_children if node.type == "object" else ():
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if child.type == "pair" and key is not None and value is not None:
            yield folder.text_of(key).strip("\"'"), value


def element_kind(
    folder: Folder, node: Node, scope: Scope
) -> type[ScriptLoad] | type[Pixel] | type[Frame] | None:
    """What an expression was created as: a script, an image or a frame."""
    node = unwrapped(node)
    for _ in range(4):
        if node.type == "identifier":
            owner = scope.owner(folder.text_of(node))
            meanings = owner.names[folder.text_of(node)] if owner is not None else []
            made = next((each for each in reversed(meanings) if isinstance(each, Expression)), None)
            made = made or (folder.undeclared.get(folder.text_of(node)) if owner is None else None)
            if made is None:
                return None
            node, scope = unwrapped(made.node), made.scope
            continue
        if node.type in ("assignment_expression", "binary_expression"):
            right = node.child_by_field_name("right")
            if right is None:
                return None
            node = unwrapped(right)
            continue
        break
    if node.type == "new_expression":
        name = node.child_by_field_name("constructor")
        return (
            Pixel
            if name is not None and folder.text_of(name) in ("Image", "window.Image")
            else None
        )
    if node.type != "call_expression":
        return None
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee is None or arguments is None or not arguments.named_children:
        return None
    if not folder.text_of(callee).endswith("createElement"):
        return None
    name_value = folder.value(
        arguments.named_children[-1 if len(arguments.named_children) > 1 else 0], scope
    )
    names = {str(option).lower() for option in options(name_value) if isinstance(option, str)}
    if "script" in names:
        return ScriptLoad
    return Pixel if "img" in names else Frame if "iframe" in names else None


def _is_address(value: Value) -> bool:
    """Does the value begin like an address of another host, in one of its branches?"""
    if isinstance(value, Choice):
        return any(_is_address(option) for option in value.options)
    text = shown(value) if isinstance(value, (str, Text)) else ""
    return bool(ADDRESS.match(text)) or bool(re.match(r"\$\{[^}]*\}(?::?//)", text))


def _says_something(value: Value) -> bool:
    """Is there any text in the value, apart from holes?"""
    return any(
        (isinstance(option, str) and option != "") or isinstance(option, Text)
        for option in options(value)
    )


def _witness(folder: Folder, witnesses: list[Node], otherwise: Node) -> Node:
    """The string that shows best what is loaded: the one with the host in it."""
    for node in witnesses:
        if re.search(r"//|\w\.\w{2,}/", folder.text_of(node)):
            return node
    return otherwise
