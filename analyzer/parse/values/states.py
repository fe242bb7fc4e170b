"""What components keep: the state that setters set, and the elements that references stand for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Choice, Hole, Object, Origin, OriginKind, Value, options
from analyzer.parse.values.callbacks import MOST_SITES, given_at, sites_of
from analyzer.parse.values.jsx import element_hole
from analyzer.parse.values.lists import is_same_list
from analyzer.parse.values.scope import FUNCTIONS, Expression, Scope, unwrapped
from analyzer.parse.values.things import callee_of, returns_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

MOST_NAMES = 3_000  # of one scope in which the name of a setter is looked for
WRAPPED = frozenset({"as_expression", "parenthesized_expression"})


def referred_to(folder: Folder, name: str, scope: Scope) -> Hole | None:
    """The element whose `ref` is a name."""
    for node, where in sites_of(folder, name, scope):
        if (made := _compiled(folder, node)) is not None:
            return element_hole(folder, made, where)
        around = node.parent.parent if node.parent is not None else None
        if around is None or around.type != "jsx_attribute" or around.parent is None:
            continue
        if folder.text_of(around.named_children[0]) == "ref":
            return element_hole(folder, around.parent, where)
    return None


def _compiled(folder: Folder, node: Node) -> Node | None:
    """The call that makes an element whose `ref` a name is: `jsx("input", {ref: field})`."""
    pair = node.parent
    key = pair.child_by_field_name("key") if pair is not None and pair.type == "pair" else None
    if pair is None or key is None or folder.text_of(key).strip("\"'") != "ref":
        return None
    arguments = pair.parent.parent if pair.parent is not None else None
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    return call if call is not None and call.type == "call_expression" else None


def state_of(folder: Folder, call: Node, scope: Scope) -> Value:
    """The state that `const [email, setEmail] = useState("")` keeps: all that it is set to."""
    setter = setter_of(folder, call, scope)
    if setter is None:
        return None
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


def setter_of(folder: Folder, call: Node, scope: Scope) -> str | None:
    """The name of what sets a state; compilers take the pair apart with helpers and positions:
    `pair = _slicedToArray(useState(""), 2), email = pair[0], setEmail = pair[1]`.
    """
    node = call
    while (around := node.parent) is not None:
        if around.type in WRAPPED:
            node = around
        elif around.type == "arguments" and (outer := around.parent) is not None:
            callee, items = callee_of(outer)
            is_first = callee is not None and bool(items) and unwrapped(items[0]).id == call.id
            if callee is None or not is_first or not is_same_list(folder, callee, items, scope):
                return None
            node = call = outer
        else:
            break
    if around is None:
        return None
    key = "name" if around.type == "variable_declarator" else "left"
    pattern = around.child_by_field_name(key)
    if pattern is not None and pattern.type == "array_pattern":
        names = [each for each in pattern.named_children if each.type == "identifier"]
        return folder.text_of(names[1]) if len(names) > 1 else None
    if pattern is not None and pattern.type == "identifier":
        return _second(folder, folder.text_of(pattern), scope)
    return None


def _second(folder: Folder, pair: str, scope: Scope, deep: int = 0) -> str | None:
    """The name that stands for the second item of a pair."""
    owner = scope.owner(pair)
    names = islice(owner.names.items(), MOST_NAMES) if owner is not None else ()
    for name, meanings in names:
        for meaning in meanings[:2]:
            if not isinstance(meaning, Expression):
                continue
            node = meaning.node
            if node.type == "subscript_expression":
                holder, index = (node.child_by_field_name(key) for key in ("object", "index"))
                if holder is None or index is None or folder.text_of(index) != "1":
                    continue
                if holder.type == "identifier" and folder.text_of(holder) == pair:
                    return name
            elif node.type == "call_expression" and not deep:
                callee, items = callee_of(node)
                if callee is None or not items or items[0].type != "identifier":
                    continue
                is_pair = folder.text_of(items[0]) == pair and name != pair
                if is_pair and is_same_list(folder, callee, items, meaning.scope):
                    return _second(folder, name, scope, deep + 1)
    return None


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
