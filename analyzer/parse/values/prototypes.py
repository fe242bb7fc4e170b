"""Classes as compilers write them for old browsers: functions, and helpers that give them methods.

`_createClass(Tracker, [{key: "send", value: function () {...}}])` says what `class Tracker` did,
`_inherits(Tracker, Base)` what it extends; `this` has other names where something extends a class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.document import WIDEST
from analyzer.parse.values.scope import (
    FUNCTIONS,
    Expression,
    Parameter,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.things import callee_of, function_of, returns_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # its names are what is read here

MOST = 20_000  # such calls of one script of ordinary size
INHERITS = "Super expression"  # stands in Babel's helper that makes one class extend another
LONGEST_HELPER = 900  # bytes


def note_class_call(
    folder: Folder, call: Node, callee: Node, items: list[Node], scope: Scope
) -> None:
    """Note a call that may give a class its methods, or another class to extend."""
    if len(folder.class_calls) >= folder.most(MOST) or not 2 <= len(items) <= 3:
        return
    first, second = unwrapped(items[0]), items[1]
    is_class = first.type == "identifier" or first.type in FUNCTIONS
    described = second if second.type != "null" else items[-1]
    if first.type == "member_expression":
        named = first.child_by_field_name("property")
        is_wanted = named is not None and folder.text_of(named) == "prototype"
    elif described.type == "array":
        inside = items_of(described)[:1]
        is_wanted = is_class and bool(inside) and _key(folder, inside[0]) is not None
    else:
        both = len(items) == 2 and first.type == second.type == "identifier"
        is_wanted = both and _is_extended(folder, callee, second, scope)
    if is_wanted:
        folder.class_calls[call.id] = items, scope


def _is_extended(folder: Folder, callee: Node, base: Node, scope: Scope) -> bool:
    meanings = scope.names.get(folder.text_of(base), ())
    if any(isinstance(each, Parameter) for each in meanings):
        return True
    callee = unwrapped(callee)
    return callee.type in FUNCTIONS and INHERITS in folder.head_of(callee, LONGEST_HELPER)


def note_classes(folder: Folder) -> None:
    """Tell the functions that are classes what such calls give them, once all names are known."""
    for items, scope in folder.class_calls.values():
        first = unwrapped(items[0])
        holder = first.child_by_field_name("object") if first.type == "member_expression" else first
        maker = _maker(folder, holder, scope) if holder is not None else None
        if maker is None:
            continue
        if items[1].type == "identifier" and len(items) == 2 and first.type == "identifier":
            folder.bases.setdefault(maker.id, Expression(items[1], scope))
        elif items[1].type == "string" and len(items) == 3:
            _give(folder, maker, folder.text_of(items[1]).strip("\"'"), items[2], scope)
        else:
            for each in _listed(folder, items[1], scope):
                key = _key(folder, each.node)
                if key is not None:
                    _give(folder, maker, key, each.node, each.scope)
    _note_statics(folder)
    moved = [key for key in folder.members if key[0] in folder.put_into] if folder.put_into else []
    for thing, name in moved:  # what methods set through `this` is the class's
        owner = folder.put_into[thing]
        folder.members.setdefault((owner.id, name), []).extend(folder.members[(thing, name)])


def _note_statics(folder: Folder) -> None:
    """What is set on the name that holds a class counts for the class's own name inside of it."""
    for (holder, key), found in folder.set_later.items() if folder.class_calls else ():
        for each in found[:WIDEST]:
            owner = each.scope.owner(holder) if holder.isidentifier() else None
            meant = owner.names[holder][0] if owner is not None and owner.names[holder] else None
            if not isinstance(meant, Expression) or meant.node.type != "call_expression":
                continue
            maker = _class_of(folder, meant.node)
            if maker is not None:
                folder.statics.setdefault((maker.id, key), []).append(each)


def _class_of(folder: Folder, call: Node) -> Node | None:
    """The class that a function called at once gives back."""
    callee, _ = callee_of(call)
    own = folder.functions.get(callee.id) if callee is not None else None
    for each in returns_of(own) if own is not None and own.inner is not None else ():
        node = unwrapped(each)
        if node.type == "sequence_expression" and node.named_children:
            node = unwrapped(node.named_children[-1])
        given = folder.class_calls.get(node.id)
        if given is not None:
            return _maker(folder, given[0][0], given[1])
        if node.type == "identifier" and own is not None and own.inner is not None:
            return _maker(folder, node, own.inner)
    return None


def note_method(folder: Folder, holder: Node, function: Node, scope: Scope) -> None:
    """Note `Tracker.prototype.send = function () {...}`: its `this` is what the class makes."""
    named, maker = holder.child_by_field_name("property"), holder.child_by_field_name("object")
    if named is None or maker is None or folder.text_of(named) != "prototype":
        return
    function = unwrapped(function)
    owner = _maker(folder, maker, scope) if function.type in FUNCTIONS else None
    if owner is not None:
        folder.put_into[function.id] = owner


def _maker(folder: Folder, node: Node, scope: Scope) -> Node | None:
    """The function that a class has become."""
    node = unwrapped(node)
    if node.type in FUNCTIONS:
        return node
    if node.type != "identifier":
        return None
    name = folder.text_of(node)
    owner = scope.owner(name)
    known = owner.functions.get(name) if owner is not None else None
    if known is not None and known.node.type in FUNCTIONS:
        return known.node
    for meaning in owner.names[name][:WIDEST] if owner is not None else ():
        if isinstance(meaning, Expression) and unwrapped(meaning.node).type in FUNCTIONS:
            return unwrapped(meaning.node)
    return None


def _listed(folder: Folder, node: Node, scope: Scope) -> list[Expression]:
    """The descriptions in a list that is written, or that a name stands for."""
    if node.type == "array":
        return [Expression(each, scope) for each in items_of(node)]
    name = folder.text_of(node) if node.type == "identifier" else ""
    owner = scope.owner(name) if name else None
    for meaning in owner.names[name][:WIDEST] if owner is not None else ():
        if isinstance(meaning, Expression) and unwrapped(meaning.node).type == "array":
            return [Expression(each, meaning.scope) for each in items_of(unwrapped(meaning.node))]
    return []


def _key(folder: Folder, described: Node) -> str | None:
    """The name in `{key: "send", value: ...}`."""
    for each in items_of(described)[:1] if described.type == "object" else ():
        named, value = each.child_by_field_name("key"), each.child_by_field_name("value")
        if named is not None and value is not None and value.type == "string":
            return folder.text_of(value).strip("\"'") if folder.text_of(named) == "key" else None
    return None


def _give(folder: Folder, maker: Node, key: str, described: Node, scope: Scope) -> None:
    if described.type != "object":
        return
    folder.put_into[described.id] = maker
    for each in items_of(described):
        named = each.child_by_field_name("key") or each.child_by_field_name("name")
        value = each.child_by_field_name("value")
        word = folder.text_of(named) if named is not None else ""
        if word == "value" and value is not None:
            folder.members.setdefault((maker.id, key), []).append(Expression(value, scope))
            own = function_of(folder, value, scope) if value.type not in FUNCTIONS else None
            if own is not None:  # an async method, or one that knows its own name
                folder.put_into[own.node.id] = maker
        elif word == "get":
            folder.getters.setdefault((maker.id, key), value if value is not None else each)
