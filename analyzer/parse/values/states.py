"""What components keep: the state that setters set, and the elements that references stand for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Choice, Hole, Object, Origin, OriginKind, Value, options
from analyzer.parse.values.callbacks import MOST_SITES, given_at, sites_of
from analyzer.parse.values.jsx import element_hole
from analyzer.parse.values.scope import FUNCTIONS, Scope
from analyzer.parse.values.things import returns_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value


def referred_to(folder: Folder, name: str, scope: Scope) -> Hole | None:
    """The element whose `ref` is a name."""
    for node, where in sites_of(folder, name, scope):
        around = node.parent.parent if node.parent is not None else None
        if around is None or around.type != "jsx_attribute" or around.parent is None:
            continue
        if folder.text_of(around.named_children[0]) == "ref":
            return element_hole(folder, around.parent, where)
    return None


def state_of(folder: Folder, call: Node, scope: Scope) -> Value:
    """The state that `const [email, setEmail] = useState("")` keeps: all that it is set to."""
    declared = call.parent
    while declared is not None and declared.type in ("as_expression", "parenthesized_expression"):
        declared = declared.parent
    pattern = declared.child_by_field_name("name") if declared is not None else None
    if declared is None or pattern is None or pattern.type != "array_pattern":
        return None
    names = [each for each in pattern.named_children if each.type == "identifier"]
    if len(names) < 2:
        return None
    setter = folder.text_of(names[1])
    owner = scope.owner(setter)
    function = owner.functions.get(setter) if owner is not None else None
    found: list[Value] = []
    for items, where in function.calls[:MOST_SITES] if function is not None else ():
        if items:
            found.append(set_to(folder, items[0], where))
    for node, where in sites_of(folder, setter, scope):
        for value in given_at(folder, node, where, 0):
            found.extend(_typed(value))
    return tuple(found)


def set_to(folder: Folder, node: Node, scope: Scope) -> Value:
    """What a setter is given: a value, or a function that makes one of the value before."""
    made = folder.functions.get(node.id) if node.type in FUNCTIONS else None
    if made is None or made.inner is None:
        return folder.value(node, scope)
    found = [folder.value(each, made.inner) for each in returns_of(made)]
    return Choice(tuple(found)) if len(found) > 1 else found[0] if found else None


def _typed(value: Value) -> Iterator[Value]:
    """A component that hands over what is typed, where an element would hand over an event."""
    for each in options(value):
        if isinstance(each, Hole) and each.origin.kind is OriginKind.EVENT and each.origin.of:
            element = each.origin.of[0]
            yield Hole(each.text, Origin(OriginKind.FIELD, element.name, (), element.place))
        else:
            yield each


def unused(value: Value) -> bool:
    """Does a value say nothing beside others: an empty text, null, an empty object?"""
    return value in ("", None) or value == () or (isinstance(value, Object) and not value.items)
