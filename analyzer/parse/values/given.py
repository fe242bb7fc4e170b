"""What a function is given where it is called: its parameters, the rest of them, `arguments`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Hole, Object, OriginKind, Value, options
from analyzer.parse.values.document import MOST_IDS, WIDEST, choice
from analyzer.parse.values.imported import deeper, spread_out
from analyzer.parse.values.scope import Function, Parameter, Scope

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

Call = tuple[list[Node], Scope]
WHOLES = frozenset({OriginKind.HASH, OriginKind.FORM, OriginKind.RESPONSE, OriginKind.ELEMENT})
MOST = 24  # arguments of one call that are told apart


def given(folder: Folder, parameter: Parameter, witnesses: list[Node] | None) -> Iterator[Value]:
    """What a parameter may be, by the calls of its function."""
    position, default = parameter.position, parameter.default
    is_missing = False
    for items, scope in calls_of(folder, parameter.function):
        if parameter.rest or any(each.type == "spread_element" for each in items[: position + 1]):
            for listed in arguments_of(folder, items, scope, witnesses):
                if parameter.rest:
                    yield listed[position:]
                elif position < len(listed):
                    yield listed[position]
                else:
                    is_missing = True
        elif position < len(items):
            yield folder.value(items[position], scope, witnesses)
        else:
            is_missing = True
    if default is not None and (is_missing or not folder.memory.is_bound(parameter.function.node)):
        yield folder.value(default.node, default.scope, witnesses)


def passed_on(
    folder: Folder, node: Node, scope: Scope, witnesses: list[Node] | None = None
) -> Value:
    """All that a function is given: its `arguments`."""
    around: Scope | None = scope
    while around is not None and around.body is None:
        around = around.parent
    if around is None or around.body is None:
        return folder.hole(node)
    key = (around.body.node.id, "arguments")
    if key in folder.following:
        folder.reach = min(folder.reach, folder.following[key])
        return folder.hole(node)
    folder.following[key] = folder.depth
    try:
        found = [
            listed
            for items, where in calls_of(folder, around.body)
            for listed in arguments_of(folder, items, where, witnesses)
        ]
    finally:
        del folder.following[key]
    return choice(found) if found else folder.hole(node)


def calls_of(folder: Folder, function: Function) -> Sequence[Call]:
    """The calls that count: the one whose value is being read, else all."""
    memory = folder.memory
    if memory.is_bound(function.node):
        items, scope, _ = memory.bound[function.node.id]
        return ((items, scope),)
    led_to = function.led_to[:MOST_IDS]
    if len(led_to) > WIDEST and all(each.type == "string" for items, _ in led_to for each in items):
        return led_to  # each of a list of accounts
    return [*function.calls[:WIDEST], *led_to[:WIDEST]][:WIDEST]


def arguments_of(
    folder: Folder,
    items: Sequence[Node],
    scope: Scope,
    witnesses: list[Node] | None = None,
    most: int = MOST,
) -> list[tuple[Value, ...]]:
    """What a call hands over, spread lists put in; once for each list that may be spread."""
    if not any(each.type == "spread_element" for each in items):
        return [tuple(folder.value(each, scope, witnesses) for each in items[:most])]
    found: list[tuple[Value, ...]] = [()]
    for item in items[:most]:
        if item.type != "spread_element" or not item.named_children:
            value = folder.value(item, scope, witnesses)
            found = [(*before, value) for before in found]
            continue
        spread = folder.value(item.named_children[0], scope, witnesses)
        lists = [
            tuple(each)
            if isinstance(each, (tuple, str))
            else (_read_as_one(each) or spread_out(each) or folder.hole(item),)
            for each in options(spread)
        ]
        if len(found) * len(lists) > WIDEST:
            lists = lists[:1]
        found = [(*before, *each) for before in found for each in lists]
    return found


def _read_as_one(value: Value) -> Hole | None:
    """What is read as a whole stays one thing when it is spread: the bytes of a hash, a form."""
    known = isinstance(value, Hole) and value.origin.kind in WHOLES
    return value if isinstance(value, Hole) and known else None


def taken_apart(whole: Value, key: str) -> Value:
    """What a value holds under a key or at a position; nothing where that cannot be told."""
    if isinstance(whole, Object):
        return whole.get(key)
    if isinstance(whole, tuple) and key.isdigit() and int(key) < len(whole):
        return whole[int(key)]
    return deeper(whole, key) if isinstance(whole, Hole) else None
