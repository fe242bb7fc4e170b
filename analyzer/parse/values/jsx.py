"""Elements written in JSX: their attributes, and the page's element that each becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Hole, OriginKind
from analyzer.parse.values.models import TELLING_TYPES
from analyzer.parse.values.scope import Scope, items_of, unwrapped

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

MAKERS = re.compile(r"(?:^|[._])(?:createElement|cloneElement|jsxs?|jsxDEV|_?h)$")
OF_ELEMENT = ("id", "name", "type", "placeholder", "aria-label", "label")


def attributes(folder: Folder, element: Node) -> Iterator[tuple[str, Node | None]]:
    """The attributes of a JSX element, each with the node of its value; of a compiled one too."""
    if element.type == "call_expression":
        yield from _pairs(folder, element)
        return
    for child in element.named_children:
        parts = child.named_children
        if child.type != "jsx_attribute" or not parts:
            continue
        value = parts[1] if len(parts) > 1 else None
        if value is not None and value.type == "jsx_expression":
            value = unwrapped(value.named_children[0]) if value.named_children else None
        yield folder.text_of(parts[0]), value


def tag_of(folder: Folder, element: Node) -> str:
    """The name of an element: `input`, or that of a component."""
    if element.type == "call_expression":
        arguments = element.child_by_field_name("arguments")
        items = items_of(arguments)[:1] if arguments is not None else []
        return folder.text_of(items[0]).strip("\"'`") if items else ""
    tag = element.child_by_field_name("name")
    return folder.text_of(tag) if tag is not None else ""


def is_compiled(folder: Folder, call: Node, scope: Scope) -> bool:
    """Is it an element as a compiler writes it: `jsx("input", {onChange: change})`? An import may
    be called by another name.
    """
    callee, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    items = items_of(arguments) if arguments is not None else []
    if callee is None or len(items) < 2 or items[1].type != "object":
        return False
    if MAKERS.search(folder.tail_of(callee, 60).rstrip(")")):
        return True
    if callee.type != "identifier" or items[0].type not in ("string", "identifier"):
        return False
    name = folder.name_of(callee, scope) or ""
    return name.startswith("npm:") and MAKERS.search(name) is not None


def _pairs(folder: Folder, call: Node) -> Iterator[tuple[str, Node | None]]:
    arguments = call.child_by_field_name("arguments")
    items = items_of(arguments) if arguments is not None else []
    for pair in items_of(items[1]) if len(items) > 1 and items[1].type == "object" else ():
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and value is not None:
            yield folder.text_of(key).strip("\"'"), unwrapped(value)


def element_hole(folder: Folder, element: Node, scope: Scope) -> Hole:
    """A JSX element as the page's element that it becomes, named as a selector would."""
    given = dict(attributes(folder, element))
    name = tag_of(folder, element)
    for key in OF_ELEMENT:
        node = given.get(key)
        said = folder.value(node, scope) if node is not None else None
        if not isinstance(said, str) or not said:
            continue
        if key == "id":
            return folder.hole(element, OriginKind.ELEMENT, f"#{said}")
        if key in ("name", "type"):
            if key == "type" and said not in TELLING_TYPES:
                continue
            return folder.hole(element, OriginKind.ELEMENT, f"[{key}={said}]")
        return folder.hole(element, OriginKind.ELEMENT, f"'{said}'")
    shown_value = given.get("value")
    if shown_value is not None and shown_value.type in ("identifier", "member_expression"):
        last = folder.tail_of(shown_value, 60).rpartition(".")[2]
        return folder.hole(element, OriginKind.ELEMENT, f"[name={last}]")
    return folder.hole(element, OriginKind.ELEMENT, "form" if name.lower() == "form" else "")
