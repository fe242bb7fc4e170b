"""Events of a script's own: what is handed to those who hear them, where the script tells them.

`document.dispatchEvent(new CustomEvent("booked", {detail}))`, `bus.emit("booked", data)`,
`$(document).trigger("booked", [data])`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Object, Value, options
from analyzer.parse.values.scope import Expression, Scope, items_of, unwrapped
from analyzer.parse.values.things import callee_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

EMITS = frozenset({"emit", "$emit", "fire"})
TRIGGERS = frozenset({"trigger", "triggerHandler"})
DISPATCHES = frozenset({"dispatchEvent"})
TELLS = EMITS | TRIGGERS | DISPATCHES
CUSTOM = "CustomEvent"
# Names that browsers and their libraries give events: who hears them hears others too.
COMMON = frozenset(
    {
        "abort",
        "blur",
        "change",
        "click",
        "close",
        "connect",
        "data",
        "disconnect",
        "end",
        "error",
        "focus",
        "hashchange",
        "input",
        "keydown",
        "keyup",
        "load",
        "message",
        "mousedown",
        "mouseup",
        "open",
        "popstate",
        "reset",
        "resize",
        "scroll",
        "submit",
        "update",
    }
)
SOCKETS = ("socket", "io", "ws", "channel")  # what they hear is what the other side says
MOST_TOLD = 400  # events of one script
MOST_OF_ONE = 4  # times that one is told

Told = tuple[Node, str, Scope]


def note_told(folder: Folder, call: Node, callee: Node, method: str, scope: Scope) -> None:
    """Note where a script tells of an event."""
    if method not in TELLS or len(folder.told) >= MOST_TOLD:
        return
    holder = callee.child_by_field_name("object")
    if holder is not None and not folder.tail_of(holder, 40).lower().endswith(SOCKETS):
        folder.told.append((call, method, scope))


def handed_by_event(folder: Folder, heard: Node, scope: Scope, position: int) -> Iterator[Value]:
    """What those get at a position who hear an event that the script tells of itself."""
    if not folder.told:
        return
    name = folder.value(heard, scope)
    if not isinstance(name, str) or name in COMMON:
        return
    for call, method, where in _told_as(folder, name)[:MOST_OF_ONE]:
        given = [*_given(folder, call, method, where)]
        if position < len(given) and given[position] is not None:
            yield given[position]


def _told_as(folder: Folder, name: str) -> list[Told]:
    """Where an event of a name is told of."""
    if folder.told_as is None:
        folder.told_as = {}
        for call, method, scope in folder.told:
            if isinstance(said := _name(folder, call, method, scope), str):
                folder.told_as.setdefault(said, []).append((call, method, scope))
    return folder.told_as.get(name, [])


def _name(folder: Folder, call: Node, method: str, scope: Scope) -> Value:
    _, items = callee_of(call)
    if method not in DISPATCHES:
        return folder.value(items[0], scope) if items else None
    made = _made(folder, items[0], scope) if items else None
    return folder.value(items_of(made[0])[0], made[1]) if made is not None else None


def _given(folder: Folder, call: Node, method: str, scope: Scope) -> Iterator[Value]:
    """What is handed to those who hear an event, in order."""
    _, items = callee_of(call)
    if method in EMITS:
        yield from (folder.value(each, scope) for each in items[1:])
    elif method in TRIGGERS:
        yield None  # the event itself
        more = folder.value(items[1], scope) if len(items) > 1 else None
        yield from more if isinstance(more, tuple) else (more,)
    elif items and (made := _made(folder, items[0], scope)) is not None:
        arguments, where = made
        settings = folder.value(items_of(arguments)[1], where)
        for each in options(settings):
            if isinstance(each, Object) and (detail := each.get("detail")) is not None:
                yield Object((("detail", detail),))


def _made(folder: Folder, node: Node, scope: Scope) -> tuple[Node, Scope] | None:
    """The arguments of the `new CustomEvent(...)` that an expression stands for."""
    node = unwrapped(node)
    if node.type == "identifier":
        name = folder.word_of(node)
        owner = scope.owner(name)
        for meaning in owner.names[name][:2] if owner is not None else ():
            if isinstance(meaning, Expression) and meaning.node.type == "new_expression":
                return _made(folder, meaning.node, meaning.scope)
        return None
    maker, arguments = (node.child_by_field_name(each) for each in ("constructor", "arguments"))
    if maker is None or arguments is None or not folder.tail_of(maker, 20).endswith(CUSTOM):
        return None
    return (arguments, scope) if len(items_of(arguments)) > 1 else None
