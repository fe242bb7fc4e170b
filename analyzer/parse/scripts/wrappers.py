"""Functions of a site's own that hand what they are given to the data layer: `track(name, data)`.

Such a function and its calls often stand in different files. One file tells that the function is
one, the other with what it is called; who calls whom is told where files are linked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from analyzer.model import Object, Value, Wrapper
from analyzer.parse.values.document import Document
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.scope import FUNCTIONS, Scope, items_of, unwrapped

NAMED = re.compile(
    r"\w*(?:track|gtm|analytic|data_?layer|gtag|conver|pixel)\w*"
    r"|(?:push|send|log|report|fire|emit|record|capture|register)\w+|send|report|capture"
    r"|\w+event",
    re.I,
)
OTHERS = frozenset(  # functions of browsers and tests whose names look like it
    {"createEvent", "dispatchEvent", "fireEvent", "preventEvent", "sendBeacon", "trackBy", "event"}
)
CALLED = re.compile(
    rb"(?:(?i:track|gtm|analytic|data_?layer|conver|pixel)\w{0,40}"
    rb"|\b(?:push|send|log|report|fire|emit|record|capture|register)[A-Z_]\w{0,40}"
    rb"|\b(?:send|report|capture)|[a-z]Event)\s{0,4}\(\s{0,20}[\"'`{]"
)
LAYER_PUSH = re.compile(r"(?:^|[\w$)\]\s.(])\w*data_?layer\w*\)?\s*\.\s*push$", re.I)
MAY_PUSH = re.compile(rb"[DdGg](?i:ata_?layer|tag)")
MOST_NODES = 20_000  # of one script that are looked at
MOST_WRAPPERS = 40
MOST_INSIDE = 2_000  # nodes of one function
FARTHEST = 100  # nodes between a push and its function
MOST_NAMES = 3  # objects that stand for each other
DEEPEST = 12  # nodes between a push and the function around it that has a name


def is_named_like_one(name: str) -> bool:
    """May a function of this name be one that pushes events?"""
    return NAMED.fullmatch(name) is not None and name not in OTHERS


def says_an_event(value: Value) -> bool:
    """Can a first argument name an event: a text, or an object that has one?"""
    if isinstance(value, Object):
        return isinstance(value.get("event"), str)
    return isinstance(value, str) and 0 < len(value) <= 80


def wrappers_of(document: Document, root: Node, base: int = 0) -> Iterator[Wrapper]:
    """The functions of a script that push what they are given."""
    if MAY_PUSH.search(document.data, base + root.start_byte, base + root.end_byte) is None:
        return
    folder = Folder(document, base)
    todo, seen, found = [root], 0, 0
    while todo and seen < MOST_NODES and found < MOST_WRAPPERS:
        node = todo.pop()
        seen += 1
        document.budget.step()
        todo.extend(reversed(node.named_children))
        if node.type != "call_expression":
            continue
        wrapper = _wrapper(folder, node)
        if wrapper is not None:
            found += 1
            yield document.around(wrapper, base + node.start_byte)


def _wrapper(folder: Folder, call: Node) -> Wrapper | None:
    callee, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if callee is None or arguments is None:
        return None
    items = items_of(arguments)
    pushes = LAYER_PUSH.search(folder.tail_of(callee, 80)) is not None
    tells = folder.tail_of(callee, 20).rpartition(".")[2] == "gtag" and len(items) > 1
    if not items or not (pushes or (tells and folder.text_of(items[0]).strip("'\"`") == "event")):
        return None
    around = _function_around(folder, call)
    if around is None:
        return None
    name, parameters, function = around
    place = folder.document.place(folder.base + call.start_byte, folder.base + call.end_byte)
    event: int | None = None
    keys: dict[str, int] = {}
    rest: list[int] = []
    literals: list[tuple[str, Value]] = []
    if tells:
        event = parameters.get(folder.text_of(items[1]))
        parts = items[2:3]
    elif (whole := parameters.get(_word(folder, items[0]))) is not None:
        return Wrapper(place=place, name=name, rest=(whole,))
    else:
        parts = _parts(folder, items[0])
    for each in parts:
        _gather(folder, each, parameters, function, keys, rest, literals)
    if not tells:
        event = keys.pop("event", None)
    if event is None:
        return None
    return Wrapper(
        place=place,
        name=name,
        event=event,
        rest=tuple(dict.fromkeys(rest)),
        keys=tuple(keys.items()),
        always=Object(tuple(literals)),
    )


def _parts(folder: Folder, node: Node) -> list[Node]:
    """An object, or those that `Object.assign` puts together."""
    node = unwrapped(node)
    if node.type == "call_expression":
        callee, arguments = (node.child_by_field_name(key) for key in ("function", "arguments"))
        assigns = callee is not None and folder.text_of(callee) == "Object.assign"
        if assigns and arguments is not None:
            return [unwrapped(each) for each in items_of(arguments)]
    return [node]


def _gather(
    folder: Folder,
    node: Node,
    parameters: dict[str, int],
    function: Node,
    keys: dict[str, int],
    rest: list[int],
    literals: list[tuple[str, Value]],
    deep: int = 0,
) -> None:
    """Note what is pushed: parameters by key, parameters with all they hold, and constants.

    A name may stand for an object that the function makes before.
    """
    word = _word(folder, node)
    if word in parameters:
        rest.append(parameters[word])
        return
    made = _made(folder, function, word) if word and deep < MOST_NAMES else unwrapped(node)
    if made is None or made.type != "object":
        return
    for each in items_of(made):
        match each.type:
            case "shorthand_property_identifier":
                name = folder.text_of(each)
                if name in parameters:
                    keys[name] = parameters[name]
            case "pair":
                key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
                if key is None or value is None:
                    continue
                name = folder.text_of(key).strip("'\"`[]")
                if (inner := _word(folder, value)) in parameters:
                    keys[name] = parameters[inner]
                elif value.type in ("string", "number"):
                    literals.append((name, folder.value(value, Scope())))
            case "spread_element" if each.named_children:
                inside = each.named_children[0]
                _gather(folder, inside, parameters, function, keys, rest, literals, deep + 1)


def _made(folder: Folder, function: Node, name: str) -> Node | None:
    """The object that a function's own name stands for."""
    todo, seen = [function], 0
    while todo and seen < MOST_INSIDE:
        node = todo.pop()
        seen += 1
        todo.extend(reversed(node.named_children))
        if node.type != "variable_declarator":
            continue
        named, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if named is not None and value is not None and folder.text_of(named) == name:
            return unwrapped(value)
    return None


def _word(folder: Folder, node: Node) -> str:
    """A name as it is written, also where something stands in for it: `params || {}`."""
    node = unwrapped(node)
    if node.type == "binary_expression":
        node = unwrapped(node.child_by_field_name("left") or node)
    return folder.text_of(node) if node.type == "identifier" else ""


def _function_around(folder: Folder, node: Node) -> tuple[str, dict[str, int], Node] | None:
    """The nearest function that has a name, with its parameters by their positions."""
    function: Node | None = node
    for _ in range(FARTHEST):  # each step up is searched for from the top of the tree
        function = function.parent if function is not None else None
        if function is not None and function.type in FUNCTIONS:
            name = _name_of(folder, function)
            if name:
                return name, _parameters(folder, function), function
            if _parameters(folder, function):
                return None
    return None


def _name_of(folder: Folder, function: Node) -> str:
    name = function.child_by_field_name("name")
    if name is not None:
        return folder.text_of(name)
    holder = function.parent
    for _ in range(DEEPEST):  # useCallback((event) => ..., []) is what its variable is called
        if holder is None or holder.type not in (
            "arguments",
            "call_expression",
            "parenthesized_expression",
        ):
            break
        holder = holder.parent
    key = {"variable_declarator": "name", "pair": "key", "assignment_expression": "left"}
    if holder is None or holder.type not in key:
        return ""
    named = holder.child_by_field_name(key[holder.type])
    return folder.tail_of(named, 60).rpartition(".")[2].strip("'\"") if named is not None else ""


def _parameters(folder: Folder, function: Node) -> dict[str, int]:
    listed = function.child_by_field_name("parameters") or function.child_by_field_name("parameter")
    if listed is None:
        return {}
    found = {}
    for position, each in enumerate([listed] if listed.type == "identifier" else items_of(listed)):
        node = each
        if node.type in ("required_parameter", "optional_parameter"):
            node = node.child_by_field_name("pattern") or node
        if node.type == "assignment_pattern":
            node = node.child_by_field_name("left") or node
        if node.type == "identifier":
            found[folder.text_of(node)] = position
    return found
