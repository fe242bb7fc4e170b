"""Objects put together by a call: `Object.assign`, and the helpers that compilers write for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Choice, Hole, Object, Value, options
from analyzer.parse.values.changes import form_of
from analyzer.parse.values.scope import FUNCTIONS, Expression, Function, Scope, items_of, unwrapped

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

MERGES = frozenset(
    {
        "Object.assign",
        "Object.defineProperties",
        "$.extend",
        "jQuery.extend",
        "_.extend",
        "_.assign",
    }
    | {"_.merge", "_.defaults", "tslib.__assign", "npm:tslib.__assign"}
)
# A helper of a compiler, whatever it is called now: it copies all keys of what follows its target.
COPIES_ALL = re.compile(
    rb"Object\.assign\b|getOwnPropertySymbols|getOwnPropertyDescriptors|defineProperties"
    rb"|\barguments\.length\b[\s\S]{0,400}?(?:\bfor\s*\(\s*(?:var|let|const)?\s*[\w$]+\s+in\b|\.forEach\()"
    rb"|\(\s*(?:var|let|const)\s+([\w$]+)\s+in\b[^)]{0,40}\){1,2}\s*\{?\s*(?:if\s*\()?[\w$.]+\.call\("
    rb"[^)]{0,40}\b\1\s*\)"
)
GIVEN_ALL = re.compile(
    rb"\barguments\b|\.\.\.|getOwnPropertySymbols|getOwnPropertyDescriptors|for\s*\("
)
# A helper that sets one property, and looks first whether there is one.
DEFINES = re.compile(r"\bin\s+([\w$]+)\s*(?:\?|\)\s*\{)\s*Object\.defineProperty\(\s*\1\s*,")
DEFINES_BY_NAME = re.compile(r"(?:^|[._])define_?[pP]roperty$")
LONGEST_DEFINER = 700  # bytes
LONGEST_HELPER = 900  # bytes
MOST_ITEMS = 200  # keys of what is put together
SPREAD = "..."


def put_together(
    folder: Folder, callee: Node, items: list[Node], scope: Scope, witnesses: list[Node] | None
) -> Value:
    """The object that a call makes of several; nothing where it does something else."""
    if len(items) == 3 and _defines(folder, callee, scope):
        return _defined(folder, items, scope, witnesses)
    if len(items) < 2 or not _puts_together(folder, callee, scope):
        return None
    found: list[tuple[str, Value]] = []
    for item in items:
        inner = _described(folder, unwrapped(item), scope)
        if inner.type in ("true", "false"):  # $.extend(true, {}, a)
            continue
        value = folder.value(inner, scope, witnesses)
        found.extend(_entries(folder, value, item))
    last = dict(found[-MOST_ITEMS:])
    return Object(tuple(last.items()))


def _described(folder: Folder, node: Node, scope: Scope) -> Node:
    """The object whose properties a call describes: what is copied is the same."""
    if node.type != "call_expression":
        return node
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    items = items_of(arguments) if arguments is not None else []
    if callee is None or len(items) != 1:
        return node
    describes = (folder.name_of(callee, scope) or "") == "Object.getOwnPropertyDescriptors"
    return unwrapped(items[0]) if describes else node


def _entries(folder: Folder, value: Value, item: Node) -> list[tuple[str, Value]]:
    """The keys of one of the objects; of a choice, those of all its objects."""
    if isinstance(value, Object):
        return list(value.items)
    if isinstance(value, Choice) and any(isinstance(each, Object) for each in options(value)):
        objects = [each for each in options(value) if isinstance(each, Object)]
        return [entry for each in objects for entry in each.items]
    if value is None:
        return []
    return [(SPREAD, value if isinstance(value, Hole) else folder.hole(item))]


def _defines(folder: Folder, callee: Node, scope: Scope) -> bool:
    """Does a call set one property: `_defineProperty({}, name, value)`?"""
    if DEFINES_BY_NAME.search(folder.tail_of(callee, 40)):
        return True
    helper = _helper(folder, callee, scope)
    return (
        helper is not None and DEFINES.search(folder.head_of(helper, LONGEST_DEFINER)) is not None
    )


def _defined(
    folder: Folder, items: list[Node], scope: Scope, witnesses: list[Node] | None
) -> Value:
    whole = folder.value(items[0], scope, witnesses)
    if not isinstance(whole, Object):
        return None
    key, value = folder.value(items[1], scope), folder.value(items[2], scope, witnesses)
    if isinstance(key, str):
        return Object((*whole.items, (key, value)))
    name = folder.source(items[1])
    form = form_of(name, value)
    return Object((*whole.items, (f"[{name}]", value) if form is None else (SPREAD, form)))


def _puts_together(folder: Folder, callee: Node, scope: Scope) -> bool:
    if (folder.name_of(callee, scope) or "") in MERGES:
        return True
    helper = _helper(folder, callee, scope)
    if helper is None or helper.end_byte - helper.start_byte > LONGEST_HELPER:
        return False
    start, end = folder.base + helper.start_byte, folder.base + helper.end_byte
    data = folder.document.data
    if GIVEN_ALL.search(data, start, end) and COPIES_ALL.search(data, start, end):
        return True
    body = helper.child_by_field_name("body")
    if body is None or body.type != "call_expression":  # h = (e, t) => defineProperties(e, f(t))
        return False
    inner, known = body.child_by_field_name("function"), folder.functions.get(helper.id)
    if inner is None or known is None or known.inner is None:
        return False
    return (folder.name_of(inner, known.inner) or "") in MERGES


def _helper(folder: Folder, callee: Node, scope: Scope) -> Node | None:
    """What a helper is written as: a function, or one that is made once and kept."""
    callee = unwrapped(callee)
    if callee.type != "identifier":
        return None
    name = folder.text_of(callee)
    owner = scope.owner(name)
    if owner is None:
        return None
    known: Function | None = owner.functions.get(name)
    if known is not None and known.node.type in FUNCTIONS:
        return known.node
    for meaning in owner.names[name][:1]:
        if isinstance(meaning, Expression):
            return unwrapped(meaning.node)
    return None
