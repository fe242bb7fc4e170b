"""What a framework hands to a class: by the type of a parameter, by a token, or when it is asked.

Angular's `constructor(private gtm: GoogleTagManagerService)`, `@Inject(DOCUMENT) private page` and
`inject(AnalyticsService)` make no call that could be followed: what is handed over is what the
named class makes, and for a few types and tokens the browser's own window and document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.scope import items_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a name

TYPE = "type_identifier"
TYPED_FIELD = "public_field_definition"
FIELD_WORDS = frozenset({"accessibility_modifier", "override_modifier", "readonly"})
PARAMETERS = frozenset({"required_parameter", "optional_parameter"})
MOST_AROUND = 6  # nodes from a parameter to its type
ASKING = frozenset({"inject", "Inject"})
OF_BROWSERS = {"Window": "window", "Document": "document"}
TOKEN = re.compile(r"^(?:[A-Za-z]+_)?(WINDOW|DOCUMENT)(?:_(?:TOKEN|REF))?$")
MOST_TYPES = 4  # of an annotation that are looked at: `Window & typeof globalThis`


def makes_field(parameter: Node) -> bool:
    """Does a parameter of a constructor declare a field: `private readonly id: string`?"""
    return any(each.type in FIELD_WORDS for each in parameter.children)


def named_for(parameter: Node, folder: Folder) -> Node | None:
    """What a parameter or a field says that it wants: a decorator's token, else its type."""
    for each in parameter.named_children:
        if each.type != "decorator" or not each.named_children:
            continue
        call = each.named_children[0]
        if call.type == "call_expression" and asked_by(call, folder) is not None:
            return call
    annotation = parameter.child_by_field_name("type")
    return _type_in(annotation) if annotation is not None else None


def _type_in(annotation: Node) -> Node | None:
    for each in annotation.named_children[:MOST_TYPES]:
        if each.type == TYPE:
            return each
        if each.type == "generic_type":
            name = each.child_by_field_name("name")
            return name if name is not None and name.type == TYPE else None
        if each.type in ("intersection_type", "union_type"):
            return _type_in(each)
    return None


def may_hand_over(around: Node, inner: Node, data: bytes) -> bool:
    """May a class be named inside of a node that a framework makes and hands over: the parameters
    of a constructor and their types, a field with a decorator and its type?
    """
    if inner.type == "formal_parameters":
        named = around.child_by_field_name("name")
        return named is not None and data[named.start_byte : named.end_byte] == b"constructor"
    if inner.type != "type_annotation":
        return False
    return around.type in PARAMETERS or (
        around.type == TYPED_FIELD and any(each.type == "decorator" for each in around.children)
    )


def is_handed_over(path: Sequence[Node]) -> bool:
    """Is the last of these nodes, of which each holds the next one, a type or a token by which
    something is handed over? Only such nodes come from `may_hand_over`.
    """
    for node in reversed(path[-MOST_AROUND:]):
        if node.type == "decorator":
            return True
        if node.type in PARAMETERS or node.type == TYPED_FIELD:
            return path[-1].type == TYPE
    return False


def in_parameters(path: Sequence[Node]) -> bool:
    """Do these nodes end among a function's parameters?"""
    return any(node.type == "formal_parameters" for node in path[-MOST_AROUND - 1 :])


def asked_by(call: Node, folder: Folder) -> Node | None:
    """The class or the token that a call asks for: `inject(AnalyticsService)`."""
    callee = call.child_by_field_name("function") if folder.injects else None
    if callee is None or callee.type != "identifier" or folder.text_of(callee) not in ASKING:
        return None
    arguments = call.child_by_field_name("arguments")
    items = items_of(arguments) if arguments is not None else []
    return items[0] if items and items[0].type == "identifier" else None


def name_of_asked(text: str, is_type: bool, name: str | None) -> str | None:
    """The name of what is handed over for a type or a token: `window`, or what a package makes.
    `name` is what the type's or the token's own name stands for.
    """
    if is_type and name == text:
        return OF_BROWSERS.get(text)
    if not is_type and (found := TOKEN.match(text)):
        return found[1].lower()
    return f"new {name}()" if name is not None and name.startswith("npm:") else None
