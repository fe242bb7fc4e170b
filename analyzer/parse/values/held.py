"""What a value holds under a key: in an object, in a list, in what is read as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Hole, Object, OriginKind, Text, Value, options, shown
from analyzer.model.parts import part_of
from analyzer.parse.values.callbacks import items_in
from analyzer.parse.values.document import choice
from analyzer.parse.values.given import taken_apart
from analyzer.parse.values.states import unused

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

EACH = "[]"  # the key under which a loop finds one item after the other
SPREAD = "..."
BY_NAME = "["  # begins a key that is only known when the page runs
READ = frozenset(  # origins whose parts come from there too
    {
        OriginKind.FORM,
        OriginKind.RESPONSE,
        OriginKind.STORAGE,
        OriginKind.COOKIE,
        OriginKind.QUERY,
        OriginKind.ADDRESS,
        OriginKind.ELEMENT,
        OriginKind.FIELD,
        OriginKind.EVENT,
        OriginKind.TEMPLATE,
        OriginKind.HASH,
    }
)
OF_REQUESTS = frozenset({"response", "responseText", "responseXML"})  # `this` of their listeners


def held(folder: Folder, whole: Value, key: str, node: Node) -> Value:
    """All that a value may hold under a key; nothing where that cannot be told."""
    found = [each for option in options(whole) for each in _in(folder, option, key, node)]
    telling = [each for each in found if not unused(each)]
    return choice(telling or found) if found else None


def _in(folder: Folder, value: Value, key: str, node: Node) -> Iterator[Value]:
    if key == EACH:
        yield from items_in(value)
        return
    if key == "href" and isinstance(value, (str, Text)) and "//" in shown(value):  # new URL(...)
        yield value
        return
    inner = taken_apart(value, key)
    if inner is not None:
        yield inner
    elif isinstance(value, Object):
        for name, each in value.items:
            if name.startswith(BY_NAME):
                yield from _by_name(each, key)
            elif name == SPREAD and isinstance(each, Hole):
                yield from _of_hole(folder, each, key, node)
    elif isinstance(value, Hole):
        yield from _of_hole(folder, value, key, node)


def _by_name(value: Value, key: str) -> Iterator[Value]:
    """What is typed is put under the name of its field: `{[event.target.name]: value}`."""
    for each in options(value):
        if isinstance(each, Hole) and each.origin.kind is OriginKind.FIELD:
            field = replace(each.origin, name=f"[name={key}]")
            yield replace(each, origin=field)
        elif isinstance(each, Hole):
            yield each


def _of_hole(folder: Folder, whole: Hole, key: str, node: Node) -> Iterator[Value]:
    if whole.origin.kind not in READ or (
        whole.origin.kind is OriginKind.ELEMENT and key in OF_REQUESTS
    ):
        return
    origin = part_of(whole.origin, key)
    made = folder.hole(node, origin.kind, origin.name, origin.of)
    yield made if origin.place is None else replace(made, origin=origin)
