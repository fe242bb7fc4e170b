"""With what a function is called that is handed over: a listener with its event, `then` with the
answer, `forEach` with the items, a form's handler with its fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Choice, Hole, Object, Origin, OriginKind, Value, holes, options
from analyzer.model.parts import PATH
from analyzer.parse.values import routing
from analyzer.parse.values.document import WIDEST
from analyzer.parse.values.events import handed_by_event, note_told
from analyzer.parse.values.jquery import NAMES
from analyzer.parse.values.jsx import attributes, element_hole, is_compiled, tag_of
from analyzer.parse.values.origins import hole_of
from analyzer.parse.values.routing import address, is_called_with, is_told
from analyzer.parse.values.scope import FUNCTIONS, Function, Parameter, Scope, items_of
from analyzer.parse.values.stores import note_store, note_store_calls, selected_from
from analyzer.parse.values.things import function_of, returns_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

Site = tuple[Node, Scope]  # where a function is handed over: the function or its name
MOST_ITEMS = 24  # of a list that is gone through
MOST_SITES = 16  # of one name
MOST_NAMES = 2_000  # of one script of ordinary size
LISTENERS = frozenset(  # they name the event
    {"addEventListener", "attachEvent", "on", "one", "bind", "delegate", "addListener", "live"}
)
EVENT_METHODS = frozenset(  # they are called like it
    {
        "click",
        "submit",
        "change",
        "focus",
        "focusin",
        "focusout",
        "blur",
        "keyup",
        "keydown",
        "keypress",
        "mousedown",
        "mouseup",
        "hover",
        "input",
    }
)
HEARING = LISTENERS | EVENT_METHODS
ITEMS = frozenset(
    {"forEach", "map", "filter", "find", "some", "every", "flatMap", "findLast", "sort"}
)
PROMISED = frozenset({"then", "done", "success", "subscribe", "tap", "always"})
ASKED = re.compile(r"(?:^|\.)(?:get|post|getJSON|ajax|load)$")
LOCATED = frozenset({"getCurrentPosition", "watchPosition"})
KEPT = re.compile(
    r"(?:^|\.)(?:useCallback|useMemo|debounce|throttle|useEvent\w*|memo|once|action)$"
)
HEARERS = HEARING | {"once", "$on", "listen"}
HANDERS = HEARERS | ITEMS | PROMISED | LOCATED | routing.HEARING
HANDERS |= {"handleSubmit", "each", "getJSON", "get", "post", "watch"}
ROUTING = routing.HEARING | {"on"}
UNTOLD = frozenset({OriginKind.UNKNOWN, OriginKind.GLOBAL})
NAMING = {  # what gives a function its name, by the field that holds it
    "variable_declarator": "name",
    "public_field_definition": "name",
    "field_definition": "property",
    "pair": "key",
}
VALUES = re.compile(
    r"^on(?:Update:.+|ChangeText|ValueChange|DateChange|Select\w*|Search|ValueUpdate)$"
)
UPDATES = "onUpdate:"  # what Vue's compiler makes of v-model
HANDLES = re.compile(r"^on[A-Z]\w*$|^ref$|^value$|^(?:default)?[vV]alue$")
PAGES = re.compile(
    r"(?:[A-Z]\w*)?(?:Page|Layout|Route|View|Screen)$|load(?:er)?$|action$|generateMetadata$"
)
HELD_BY = {"variable_declarator": "name", "pair": "key", "assignment_expression": "left"}
OF_REQUESTS = frozenset({"success", "complete", "onSuccess", "onCompleted"})


def note_handed(folder: Folder, actions: Iterable[tuple[Node, Scope]]) -> None:
    """Note where functions, setters and references are handed over by their name."""
    calls: list[tuple[Node, Scope]] = []
    for node, scope in actions:
        match node.type:
            case "call_expression":
                _note_call(folder, node, scope)
                calls.append((node, scope))
            case "new_expression":
                maker = node.child_by_field_name("constructor")
                if maker is not None:
                    note_store(folder, node, maker, folder.tail_of(maker, 20)[-5:], scope)
            case "jsx_opening_element" | "jsx_self_closing_element":
                for name, value in attributes(folder, node):
                    if HANDLES.match(name) and value is not None:
                        _note(folder, value, scope)
    note_store_calls(folder, calls)


def _note_call(folder: Folder, node: Node, scope: Scope) -> None:
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee is None or arguments is None:
        return
    if is_compiled(folder, node, scope):
        for name, value in attributes(folder, node):
            if HANDLES.match(name) and value is not None:
                _note(folder, value, scope)
    method = folder.tail_of(callee, 60).rpartition(".")[2]
    note_told(folder, node, callee, method, scope)
    if method in HANDERS:
        for item in arguments.named_children[:4]:
            _note(folder, item, scope)


def _note(folder: Folder, node: Node, scope: Scope) -> None:
    """A name, or a method of `this`, that is handed over."""
    name = ""
    if node.type == "identifier":
        name = folder.text_of(node)
    elif node.type == "member_expression" and node.end_byte - node.start_byte < 60:
        holder, key = node.child_by_field_name("object"), node.child_by_field_name("property")
        if holder is not None and holder.type == "this" and key is not None:
            name = "this." + folder.text_of(key)
    if name and (name in folder.handed or len(folder.handed) < folder.most(MOST_NAMES)):
        sites = folder.handed.setdefault(name, [])
        if len(sites) < MOST_SITES:
            sites.append((node, scope))


def sites_of(folder: Folder, name: str, scope: Scope) -> Iterator[Site]:
    """Where the thing that a name means in a scope is handed over."""
    owner = scope.owner(name)
    for node, where in folder.handed.get(name, ()):
        if name.startswith("this.") or where.owner(name) is owner:
            yield node, where


# ---------------------------------------------------------------- what a parameter is


def handed_over(folder: Folder, parameter: Parameter) -> Iterator[Value]:
    """What a parameter is where the function is handed over to something that calls it."""
    if not parameter.rest:
        yield from called_with(folder, parameter.function, parameter.position)
        if parameter.position == 0:
            yield from _page(folder, parameter.function)
        if is_called_with(_held_as(folder, parameter.function.node), parameter.position):
            yield address("route")


def by_markup(folder: Folder, parameter: Parameter) -> Iterator[Value]:
    """What a parameter is where the markup of a component calls the function."""
    node, position = parameter.function.node, parameter.position
    name = node.child_by_field_name("name")
    around = node.parent
    if name is None and around is not None and around.type in NAMING:
        name = around.child_by_field_name(NAMING[around.type])
    is_method = node.type == "method_definition" or name is None or name.parent != node
    if name is None or not (is_method or parameter.function.scope.outermost):
        return
    for args in folder.document.handed.get(folder.text_of(name), ()):
        if position < len(args) and not parameter.rest and _is_told(args[position]):
            yield args[position]


def _is_told(value: Value) -> bool:
    """Does the markup say what a value is: is nothing in it a name of the script?"""
    return all(hole.origin.kind not in UNTOLD for hole in holes(value))


def _page(folder: Folder, function: Function) -> Iterator[Value]:
    """What frameworks give a page, a layout or a loader: the parts of the address."""
    name = function.node.child_by_field_name("name")
    named = folder.text_of(name) if name is not None else ""
    parameters = function.node.child_by_field_name("parameters")
    if (
        PAGES.match(named)
        and parameters is not None
        and folder.head_of(parameters, 3).startswith("({")
    ):
        yield Object(
            (
                ("params", Hole("params", Origin(OriginKind.ADDRESS, PATH))),
                ("searchParams", Hole("searchParams", Origin(OriginKind.QUERY))),
                ("url", Hole("url", Origin(OriginKind.ADDRESS, "location.href"))),
            )
        )


def _held_as(folder: Folder, function: Node) -> str:
    """The name by which a framework finds a function: a method's, a property's, an export's."""
    named = function.child_by_field_name("name")
    around = function.parent
    if named is None and around is not None and around.type in HELD_BY:
        named = around.child_by_field_name(HELD_BY[around.type])
    return folder.tail_of(named, 40).rpartition(".")[2].strip("\"'") if named is not None else ""


def called_with(folder: Folder, function: Function, position: int) -> Iterator[Value]:
    """What is given at a position by that to which a function is handed over."""
    key = (function.node.id, f"handed {position}")
    if key in folder.following:
        folder.reach = min(folder.reach, folder.following[key])
        return
    folder.following[key] = folder.depth
    try:
        for node, scope in _handings(folder, function):
            yield from given_at(folder, node, scope, position)
    finally:
        del folder.following[key]


def this_of(folder: Folder, function: Function) -> Hole | None:
    """What `this` is in a listener, and for each element of a collection: the element."""
    for node, scope in _handings(folder, function):
        call, _ = _call_around(node)
        callee = call.child_by_field_name("function") if call is not None else None
        if callee is None or call is None or callee.type != "member_expression":
            continue
        method = folder.key_of(callee, scope)
        if method in HEARING or method == "each":
            target = _listened_to(folder, call, callee, scope)
            if target is not None and target.origin.kind is OriginKind.ELEMENT:
                return target
    return None


def _handings(folder: Folder, function: Function) -> Iterator[Site]:
    node = function.node
    if node.type not in FUNCTIONS:
        return
    name = node.child_by_field_name("name")
    around = node.parent
    if name is not None and node.type != "method_definition":
        yield from sites_of(folder, folder.text_of(name), function.scope)
    elif node.type == "method_definition" and name is not None:
        yield from sites_of(folder, f"this.{folder.text_of(name)}", function.scope)
        yield node, function.scope
    while around is not None and around.type in ("parenthesized_expression", "arguments"):
        call = around.parent if around.type == "arguments" else around
        callee = call.child_by_field_name("function") if call is not None else None
        if around.type == "arguments" and (
            callee is None or not KEPT.search(folder.tail_of(callee, 40))
        ):
            break
        node, around = (call or node), (call.parent if call is not None else None)
    if around is None:
        return
    key = None if around.type == "pair" else NAMING.get(around.type)
    named = around.child_by_field_name(key) if key is not None else None
    if named is not None:
        prefix = "" if around.type == "variable_declarator" else "this."
        yield from sites_of(folder, prefix + folder.text_of(named), function.scope)
    elif name is None or node.type != "function_declaration":
        yield node, function.scope


def given_at(folder: Folder, node: Node, scope: Scope, position: int) -> Iterator[Value]:
    """What stands at a position where this node is called later."""
    around = node.parent
    while around is not None and around.type in ("parenthesized_expression", "as_expression"):
        around = around.parent
    if around is None:
        return
    call, index = _call_around(node)
    if call is not None:
        yield from _by_call(folder, call, index, scope, position)
    elif around.type == "jsx_expression" and around.parent is not None:
        yield from _by_element(folder, around.parent, scope, position)
    elif around.type == "pair" or node.type == "method_definition":
        yield from _by_option(folder, node, around, scope, position)
    elif (once := _made_once(around)) is not None:
        yield from given_at(folder, once, scope, position)
    elif around.type == "assignment_expression" and position == 0:
        left = around.child_by_field_name("left")
        holder = left.child_by_field_name("object") if left is not None else None
        key = folder.key_of(left, scope) if left is not None and holder is not None else ""
        if holder is not None and (key or "").startswith("on"):
            yield from _event(folder, folder.value(holder, scope))


def _made_once(assignment: Node) -> Node | None:
    """The whole of `cache[0] || (cache[0] = value => ...)`, as Vue's compiler keeps a handler."""
    left, chosen = assignment.child_by_field_name("left"), assignment.parent
    if left is None or left.type != "subscript_expression":
        return None
    while chosen is not None and chosen.type == "parenthesized_expression":
        chosen = chosen.parent
    if chosen is None or chosen.type != "binary_expression" or chosen.parent is None:
        return None
    return chosen if chosen.parent.type == "pair" else None


def _call_around(node: Node) -> tuple[Node | None, int]:
    """The call of which a node is an argument, and which one."""
    arguments = node.parent
    if arguments is None or arguments.type != "arguments":
        return None, 0
    for index, item in enumerate(items_of(arguments)):
        if item.id == node.id:
            return arguments.parent, index
    return None, 0


def _by_call(
    folder: Folder, call: Node, index: int, scope: Scope, position: int
) -> Iterator[Value]:
    callee, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if callee is None or arguments is None:
        return
    method = folder.tail_of(callee, 60).rpartition(".")[2]
    holder = None
    if callee.type == "member_expression":
        method = folder.key_of(callee, scope) or ""
        holder = callee.child_by_field_name("object")
    if method in ROUTING and _is_routed(folder, method, holder, arguments, position):
        yield address("route")
    elif method == "watch" and index == 1:
        yield from _watched(folder, items_of(arguments)[0], scope)
    elif method == "handleSubmit" and position == 0:
        yield folder.hole(call, OriginKind.FORM)
    elif holder is None:
        is_first = folder.stores and not index and not position
        taken = selected_from(folder, callee, scope) if is_first else None
        yield from () if taken is None else (taken,)
    elif (
        method in HEARERS
        and index
        and (told := [*handed_by_event(folder, items_of(arguments)[0], scope, position)])
    ):
        yield from told
    elif method in HEARING and position == 0:
        target = _listened_to(folder, call, callee, scope)
        yield from _event(folder, target) if target is not None else ()
    elif method in PROMISED and index == 0 and position == 0:
        yield folder.value(holder, scope)
    elif method == "each" and folder.name_of(holder, scope) in NAMES:
        listed = items_of(arguments)[:1]
        if position == 1 and index == 1 and listed:
            yield from items_in(folder.value(listed[0], scope))
    elif method == "forEach" and isinstance(whole := folder.value(holder, scope), Object):
        yield from (of_map(whole) if position == 0 else ())
    elif (method in ITEMS and position == 0) or (method in ("reduce", "each") and position == 1):
        yield from items_in(folder.value(holder, scope))
    elif method in LOCATED and position == 0 and index == 0:
        yield folder.hole(call, OriginKind.GLOBAL, "geolocation")
    elif ASKED.search(folder.tail_of(callee, 60)) and index > 0 and position == 0:
        answer = hole_of(folder, call, scope)
        if answer.origin.kind is OriginKind.RESPONSE:
            yield answer


def _is_routed(
    folder: Folder, method: str, holder: Node | None, arguments: Node, position: int
) -> bool:
    first = items_of(arguments)[0]
    event = folder.text_of(first).strip("\"'`") if first.type == "string" else ""
    return is_told(
        method, folder.tail_of(holder, 40) if holder is not None else "", event, position
    )


def _watched(folder: Folder, node: Node, scope: Scope) -> Iterator[Value]:
    """What Vue's `watch` gives its function: the value that is watched, now and before."""
    own = function_of(folder, node, scope)
    if own is None or own.inner is None:
        yield folder.value(node, scope)
    else:
        yield from (folder.value(each, own.inner) for each in returns_of(own))


def _listened_to(folder: Folder, call: Node, callee: Node, scope: Scope) -> Hole | None:
    """The element that a listener is put on; a selector between event and listener names it."""
    holder = callee.child_by_field_name("object")
    target = folder.value(holder, scope) if holder is not None else None
    arguments = call.child_by_field_name("arguments")
    items = items_of(arguments) if arguments is not None else []
    if len(items) > 2 and folder.key_of(callee, scope) in ("on", "one"):
        selector = folder.value(items[1], scope)
        if isinstance(selector, str):
            return folder.hole(call, OriginKind.ELEMENT, selector)
    found = next((each for each in options(target) if isinstance(each, Hole)), None)
    if found is not None and found.origin.kind is OriginKind.ELEMENT:
        return found
    return folder.hole(call, OriginKind.ELEMENT) if found is not None else None


def _event(folder: Folder, target: Value) -> Iterator[Value]:
    """What a listener gets: an event of the element."""
    for each in options(target):
        if isinstance(each, Hole) and each.origin.kind in (OriginKind.ELEMENT, OriginKind.FORM):
            yield Hole(f"event of {each.text}", Origin(OriginKind.EVENT, "", (each.origin,)))


def of_map(whole: Object) -> Iterator[Value]:
    """What a Map hands to a function one after the other."""
    yield from (value for _, value in whole.items[:MOST_ITEMS])


def items_in(value: Value) -> Iterator[Value]:
    """What a collection holds; of something that is read as a whole, its items come from there."""
    match value:
        case Choice(options=branches):
            for each in branches[:WIDEST]:
                yield from items_in(each)
        case tuple():
            yield from value[:MOST_ITEMS]
        case Object(items=pairs):  # of a Map
            yield from pairs[:MOST_ITEMS]
        case Hole(origin=origin) if origin.kind is not OriginKind.UNKNOWN:
            yield value


def _by_option(
    folder: Folder, node: Node, around: Node, scope: Scope, position: int
) -> Iterator[Value]:
    """A function among the options of a call: `$.ajax({url, success(data) {...}})`."""
    named = node.child_by_field_name("name") if node.type == "method_definition" else None
    named = around.child_by_field_name("key") if named is None else named
    given = around if node.type == "method_definition" else around.parent
    if named is None or given is None or given.type != "object" or position:
        return
    call, _ = _call_around(given)
    name = folder.text_of(named).strip("'\"")
    if call is None or call.type != "call_expression":
        return
    if name.startswith(UPDATES) or is_compiled(folder, call, scope):
        yield from _by_attribute(folder, call, name, scope)
        return
    if name in OF_REQUESTS:
        answer = hole_of(folder, call, scope)
        if answer.origin.kind is OriginKind.RESPONSE:
            yield answer
    elif name == "onSubmit":
        yield folder.hole(call, OriginKind.FORM)


# ---------------------------------------------------------------- elements written in JSX


def _by_element(folder: Folder, attribute: Node, scope: Scope, position: int) -> Iterator[Value]:
    """What a handler gets that is an attribute of a JSX element."""
    element = attribute.parent
    if element is None or position or not attribute.named_children:
        return
    yield from _by_attribute(folder, element, folder.text_of(attribute.named_children[0]), scope)


def _by_attribute(folder: Folder, element: Node, name: str, scope: Scope) -> Iterator[Value]:
    made = element_hole(folder, element, scope)
    is_own = tag_of(folder, element)[:1].isupper()
    if name == "onSubmit" and is_own:
        yield folder.hole(element, OriginKind.FORM, made.origin.name.replace("form", ""))
    elif VALUES.match(name):
        yield folder.hole(element, OriginKind.FIELD, made.origin.name)
    elif name.startswith("on"):
        yield from _event(folder, made)
