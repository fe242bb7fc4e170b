"""Functions, objects and classes of a script's own: which one an expression means, and what it
holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.bundled import asked_for, offered, set_inside, whole, wrapped
from analyzer.parse.values.document import WIDEST
from analyzer.parse.values.factories import Factories
from analyzer.parse.values.injected import TYPE, asked_by
from analyzer.parse.values.memory import CALLS, WITHIN, OfName
from analyzer.parse.values.modules import DEFAULT
from analyzer.parse.values.namespaces import said_of_empty
from analyzer.parse.values.scope import (
    FUNCTIONS,
    GLOBAL_OBJECTS,
    WRAPPINGS,
    Expression,
    Function,
    Meaning,
    Parameter,
    Property,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.selves import is_this

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

DEEPEST = 8  # steps from one expression to the next
MOST_CALLS = 3  # calls of a function whose arguments are followed
MOST_RETURNS = 4  # values that a function may give back
MOST_INSIDE = 400  # nodes of a function in which its returns are looked for
CLASSES = frozenset({"class", "class_declaration", "abstract_class_declaration"})
SAME = frozenset(  # they give back what they are given
    {"Object.freeze", "Object.seal", "Object.preventExtensions", "Object.create", "structuredClone"}
)
THINGS = CLASSES | {"object", "enum_declaration", "internal_module", "function_declaration"}
# What may hold something: nothing else is looked into.
HOLDERS = (
    THINGS
    | WRAPPINGS
    | {
        "this",
        "identifier",
        "member_expression",
        "subscript_expression",
        "sequence_expression",
        "new_expression",
        "call_expression",
        "binary_expression",
        "array",
        TYPE,
    }
)
LEADING = frozenset(  # what may lead to a function
    {
        "identifier",
        "shorthand_property_identifier",
        "member_expression",
        "subscript_expression",
        "call_expression",
        "ternary_expression",
        "binary_expression",
        "sequence_expression",
        "assignment_expression",
    }
)
MOST_LISTED = 24  # items of a list that is gone through
EXPORTS = "export {}"  # no property is called like that
RUNS = FUNCTIONS | {"identifier"}  # what is called that runs a module of a bundle
MADE = frozenset({"object", "array", "identifier"})
LARGEST_MAKER = 8_000  # bytes of a function that makes objects of what it is given
LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})


def function_of(folder: Folder, node: Node, scope: Scope, deep: int = 0) -> Function | None:
    """The function of the script that an expression means."""
    node = unwrapped(node)
    if deep > DEEPEST:
        return None
    kind = node.type
    if kind in FUNCTIONS:
        return folder.functions.get(node.id)
    if kind not in LEADING:
        return None
    memory, at = folder.memory, (node.id, scope, deep)
    known = memory.shared.functions.get(at) or memory.shared.functions_called.get(at)
    if known is not None:
        memory.ties |= known[1]
        return known[0]
    outer, memory.ties, before = memory.ties, 0, folder.looks
    found = _function_of(folder, node, kind, scope, deep)
    if before == folder.looks:  # else it may depend on what was asked on the way here
        memory.shared.keep_function(at, found, memory.ties)
    memory.ties |= outer
    return found


def _function_of(folder: Folder, node: Node, kind: str, scope: Scope, deep: int) -> Function | None:
    match kind:
        case "identifier" | "shorthand_property_identifier":
            name = folder.word_of(node)
            owner = scope.owner(name)
            if owner is None:
                made = folder.undeclared.get(name)
                return function_of(folder, made.node, made.scope, deep + 1) if made else None
            known = owner.functions.get(name)
            if known is not None and known.node.type in FUNCTIONS:
                return known
            found = _first_function(folder, owner.names[name], deep)
            return found or FACTORIES.named(folder, owner.names[name], deep)
        case "member_expression" | "subscript_expression":
            found = _first_function(folder, list(member_of(folder, node, scope, deep)), deep)
            holder, key = node.child_by_field_name("object"), folder.key_of(node, scope)
            if found is not None or holder is None or key is None:
                return found
            return FACTORIES.held(folder, holder, scope, key, deep)
        case "call_expression":
            return _function_given_back(folder, node, scope, deep)
        case "ternary_expression" | "binary_expression":
            parts = ("consequence", "alternative", "left", "right")
            for each in (node.child_by_field_name(part) for part in parts):
                found = function_of(folder, each, scope, deep + 1) if each is not None else None
                if found is not None:
                    return found
        case "sequence_expression" if node.named_children:
            return function_of(folder, node.named_children[-1], scope, deep + 1)
        case "assignment_expression":
            right = node.child_by_field_name("right")
            return function_of(folder, right, scope, deep + 1) if right is not None else None
    return None


def _first_function(folder: Folder, meanings: list[Meaning], deep: int) -> Function | None:
    for meaning in meanings[:WIDEST]:
        for each in _expressions(folder, meaning, deep):
            found = function_of(folder, each.node, each.scope, deep + 1)
            if found is not None:
                return found
    return None


def _expressions(folder: Folder, meaning: Meaning, deep: int) -> Iterator[Expression]:
    """What a name may stand for, as expressions."""
    match meaning:
        case Expression():
            yield meaning
        case Parameter(function=function, position=position, default=default, rest=False):
            folder.memory.ties |= CALLS
            yield from given_to(function, position)
            yield from (each for each in (default, meaning.wanted) if each is not None)
        case Property(of=of, key=key) if deep <= DEEPEST:
            for whole in _expressions(folder, of, deep + 1):
                yield from _held(folder, whole.node, whole.scope, key, deep + 1)


def given_to(function: Function, position: int) -> tuple[Expression, ...]:
    """The arguments at a position of the first calls of a function."""
    calls = function.calls[:MOST_CALLS]
    calls += function.led_to[: MOST_CALLS - len(calls)]
    known = function.given.get(position)
    if known is None or known[0] != calls:
        given = (Expression(items[position], at) for items, at in calls if position < len(items))
        known = function.given[position] = calls, tuple(given)
    return known[1]


def offered_under(folder: Folder, meaning: Property) -> Iterator[Expression]:
    """What a module of a bundle offers under a name: `const { id } = requireSettings()`."""
    of = meaning.of
    if not isinstance(of, Expression) or unwrapped(of.node).type != "call_expression":
        return
    callee, items = callee_of(unwrapped(of.node))
    waits = bool(items) and unwrapped(items[0]).type in FUNCTIONS
    if callee is not None and callee.type in RUNS and (waits or len(items) < 2):
        folder.asked.clear()
        yield from _held(folder, of.node, of.scope, meaning.key, 1)


def _function_given_back(folder: Folder, node: Node, scope: Scope, deep: int) -> Function | None:
    """The function that a call gives back: bound, kept for later, looked up, or made by another."""
    callee, items = callee_of(node)
    if callee is None or node.id in folder.stores:
        return None
    if callee.type == "member_expression":
        holder, method = callee.child_by_field_name("object"), folder.key_of(callee, scope)
        if holder is not None and method == "bind":
            return function_of(folder, holder, scope, deep + 1)
        if holder is not None and method == "get" and items:
            key = folder.value(items[0], scope)
            for entry in _entries(folder, holder, scope, key if isinstance(key, str) else ""):
                return function_of(folder, entry.node, entry.scope, deep + 1)
    own = function_of(folder, callee, scope, deep + 1)
    if (kept := _run_in_steps(folder, own, items)) is not None:
        return kept
    if own is not None and own.inner is not None:
        for each in returns_of(own):
            found = function_of(folder, each, own.inner, deep + 1)
            if found is not None:
                return found
        return None
    first = unwrapped(items[0]) if items else None  # useCallback, debounce, memo, once
    return folder.functions.get(first.id) if first is not None and first.type in FUNCTIONS else None


def _run_in_steps(folder: Folder, helper: Function | None, items: list[Node]) -> Function | None:
    """The function that a compiler's helper runs step by step, as an async one is in old browsers:
    `_asyncToGenerator(regenerator.mark(function (mail) {...}))`.
    """
    first = unwrapped(items[0]) if items else None
    if first is not None and first.type == "call_expression":
        inner = callee_of(first)[1]
        first = unwrapped(inner[0]) if inner else None
    if first is None or first.type not in FUNCTIONS or helper is None:
        return None
    runs = "Promise" in folder.head_of(helper.node, 600) and "apply" in folder.head_of(
        helper.node, 600
    )
    return folder.functions.get(first.id) if runs else None


def callee_of(node: Node) -> tuple[Node | None, list[Node]]:
    """What is called, and with what."""
    is_new = node.type == "new_expression"
    callee = node.child_by_field_name("constructor" if is_new else "function")
    arguments = node.child_by_field_name("arguments")
    if arguments is None or arguments.type != "arguments":
        return (callee, []) if is_new or arguments is not None else (None, [])
    return (unwrapped(callee) if callee is not None else None), items_of(arguments)


def returns_of(function: Function) -> list[Node]:
    """What a function gives back: the value of an arrow, or of its return statements."""
    if function.returns is None:
        function.returns = _returns_of(function)
    return function.returns


def _returns_of(function: Function) -> list[Node]:
    body = function.node.child_by_field_name("body")
    if body is None:
        return []
    if body.type != "statement_block":
        return [body]
    found: list[Node] = []
    todo, seen = [body], 0
    while todo and seen < MOST_INSIDE and len(found) < MOST_RETURNS:
        node = todo.pop()
        seen += 1
        if node.type == "return_statement":
            found.extend(node.named_children[:1])
        elif node.type not in FUNCTIONS and node.type not in CLASSES:
            todo.extend(reversed(node.named_children))
    return found


# ---------------------------------------------------------------- what objects and classes hold


def member_of(folder: Folder, node: Node, scope: Scope, deep: int = 0) -> Iterator[Expression]:
    """What a property of one of the script's own things may be, as expressions."""
    if deep:
        holder, key = node.child_by_field_name("object"), folder.key_of(node, scope)
        if holder is not None and key is not None and deep <= DEEPEST:
            yield from _held(folder, holder, scope, key, deep)
        return
    memory = folder.memory
    if (known := memory.thing(node.id)) is not None:
        yield from known
        return
    outer, memory.ties = memory.ties, 0
    holder, key = node.child_by_field_name("object"), folder.key_of(node, scope)
    if holder is None or key is None:
        memory.ties |= outer
        return
    shared, at = memory.shared, _of_name(folder, holder, scope, key)
    alike = (shared.things.get(at) or shared.things_called.get(at)) if at is not None else None
    if alike is not None:
        memory.ties |= outer | alike[1]
        yield from alike[0]
        return
    cut, reach, folder.reach = memory.open(node.id), folder.reach, WITHIN
    found = tuple(_held(folder, holder, scope, key, deep))
    memory.layer(memory.ties).things[node.id] = found, memory.ties
    if memory.close(node.id, cut) and folder.reach == WITHIN and at is not None:
        shared.keep_things(at, found, memory.ties)
    folder.reach = min(reach, folder.reach)
    memory.ties |= outer
    yield from found


def _of_name(folder: Folder, holder: Node, scope: Scope, key: str) -> OfName | None:
    """What is asked for where it is a property of a name: the same wherever that is written."""
    holder = unwrapped(holder)
    if holder.type != "identifier":
        return None
    name = folder.word_of(holder)
    return scope.owner(name), name, key


def held_by(folder: Folder, node: Node, scope: Scope, key: str) -> list[Expression]:
    """What a thing holds under a name, asked for while another thing may be looked at."""
    before, folder.asked = folder.asked, set()
    try:
        return [*_held(folder, node, scope, key, 0)]
    finally:
        folder.asked = before


def made_by(folder: Folder, maker: Expression, key: str) -> list[Expression]:
    """The same for what a class or a function makes with `new`."""
    before, folder.asked = folder.asked, set()
    try:
        return [*_made(folder, maker.node, maker.scope, key, 1)]
    finally:
        folder.asked = before


def _held(folder: Folder, node: Node, scope: Scope, key: str, deep: int) -> Iterator[Expression]:
    folder.looks += 1
    if deep == 0:
        folder.asked.clear()
    node = unwrapped(node)
    at = node.id, key
    if deep > DEEPEST or at in folder.asked:
        return  # names of a bundle lead to each other in more ways than can be gone
    folder.asked.add(at)
    match node.type:
        case "this":
            thing = scope.around().this
            if thing is not None:
                owner_of_method = folder.put_into.get(thing.id)
                if owner_of_method is not None:
                    yield from _of_function(folder, owner_of_method, key, deep + 1)
                    return
                yield from _of_thing(folder, thing, scope, key, deep + 1)
                yield from _of_holder(folder, thing, scope, key, deep + 1)
        case "identifier":
            name = folder.word_of(node)
            owner = scope.owner(name)
            is_set = (name, key) in folder.set_later
            if is_set:
                yield from _set_later(folder, name, key, owner)
            if owner is None:
                yield from _of_global(folder, name, key, deep)
                return
            if not is_set:
                yield from _set_on_class(folder, name, key, owner)
            if name in folder.modules.given:
                yield from set_inside(folder, node, scope, key)
            for meaning in owner.names[name][:WIDEST] if deep < DEEPEST else ():
                plain = (meaning,) if isinstance(meaning, Expression) else None
                for each in plain or _expressions(folder, meaning, deep):
                    inner = each.node
                    if inner.type in HOLDERS and (inner.id, key) not in folder.asked:
                        yield from _held(folder, inner, each.scope, key, deep + 1)
            function = owner.functions.get(name)
            if function is not None and function.node.type in FUNCTIONS:
                if is_set:
                    yield from _set_later(folder, name, key, owner)
                yield from folder.statics.get((function.node.id, key), ())[:WIDEST]
        case "member_expression" | "subscript_expression":
            if folder.modules.given:
                yield from set_inside(folder, node, scope, key)
            for each in member_of(folder, node, scope, deep + 1) if deep < DEEPEST else ():
                inner = each.node
                if inner.type in HOLDERS and (inner.id, key) not in folder.asked:
                    yield from _held(folder, inner, each.scope, key, deep + 1)
        case "sequence_expression" if node.named_children:
            yield from _held(folder, node.named_children[-1], scope, key, deep + 1)
        case "array" if key.isdecimal():  # const [track] = useTracking()
            yield from (Expression(each, scope) for each in items_of(node)[int(key) :][:1])
        case "new_expression":
            maker, _ = folder.callee_of(node)
            if maker is not None:
                yield from _made(folder, maker, scope, key, deep + 1)
        case kind if kind == TYPE:
            yield from _made(folder, node, scope, key, deep + 1)
        case "call_expression" | "binary_expression" if _is_this(folder, node):
            thing = scope.around().this
            if thing is not None:
                yield from _of_thing(folder, thing, scope, key, deep + 1)
        case "call_expression":
            callee, items = folder.callee_of(node)
            if (wanted := asked_by(node, folder)) is not None:
                yield from _made(folder, wanted, scope, key, deep + 1)
            named = callee if deep < DEEPEST and items else None
            if named is not None and folder.name_of(named, scope) in SAME:
                yield from _held(folder, items[0], scope, key, deep + 1)
            yield from _of_module(folder, node, scope, key, deep)
            for each in (*arrived(folder, node, scope), *_kept_by(folder, callee, items, scope)):
                yield from _held(folder, each.node, each.scope, key, deep + 1)
        case kind if kind in THINGS:
            if kind == "object":
                yield from said_of_empty(folder, node, scope, key)
            yield from _of_thing(folder, node, scope, key, deep + 1)


def _is_this(folder: Folder, node: Node) -> bool:
    """The same as `is_this`; most calls are given something else first."""
    if node.type == "call_expression":
        _, items = folder.callee_of(node)
        if len(items) < 2 or items[0].type != "this":
            return False
    return is_this(folder, node)


def _of_global(folder: Folder, name: str, key: str, deep: int) -> Iterator[Expression]:
    """What a name holds that is set without a declaration: `window.Clinic = {send: ...}`."""
    made = folder.undeclared.get(key if name in GLOBAL_OBJECTS else name)
    if made is not None and name in GLOBAL_OBJECTS:
        yield made
    elif made is not None and deep < DEEPEST and unwrapped(made.node).type in HOLDERS:
        yield from _held(folder, made.node, made.scope, key, deep + 1)


def _kept_by(
    folder: Folder, callee: Node | None, items: list[Node], scope: Scope
) -> Iterator[Expression]:
    """What a function gives back that runs a module once, or that makes an object of functions."""
    if callee is None or callee.type not in RUNS:
        return
    own = function_of(folder, callee, scope, DEEPEST - 1)
    if own is None or own.inner is None or own.node.type.startswith("gener"):
        return
    is_small = own.node.end_byte - own.node.start_byte <= LARGEST_MAKER
    if items and not (is_small and callee.type == "identifier"):
        return
    for each in returns_of(own):
        if not items or unwrapped(each).type in MADE:
            yield Expression(each, own.inner)


def arrived(folder: Folder, call: Node, scope: Scope) -> Iterator[Expression]:
    """What a bundle waits for: `Promise.resolve().then(() => tools)`, where it is there already, or
    a module that is loaded together with its styles.
    """
    callee, items = folder.callee_of(call)
    if callee is None or not items or unwrapped(items[0]).type not in FUNCTIONS:
        return
    waits = folder.tail_of(callee, 22) == "Promise.resolve().then"
    if not waits and callee.type == "identifier":
        helper = function_of(folder, callee, scope, DEEPEST - 1)
        waits = helper is not None and "vite:preloadError" in folder.head_of(helper.node, 3_000)
    if not waits:
        return
    given = folder.functions.get(unwrapped(items[0]).id)
    if given is not None and given.inner is not None:
        yield from (Expression(each, given.inner) for each in returns_of(given))


def _of_module(
    folder: Folder, call: Node, scope: Scope, key: str, deep: int
) -> Iterator[Expression]:
    """A property of what a module inside a bundle offers, asked for by its number or name."""
    if asked_for(folder, call, scope) is not None:
        found = [*offered(folder, call, scope, key)]
        for each in whole(folder, call, scope):
            found.extend(_held(folder, each.node, each.scope, key, deep + 1))
        yield from found or _of_default(folder, call, scope, key, deep + 1)
    inner = wrapped(folder, call, scope)
    if inner is not None:
        found = [*_held(folder, inner, scope, key, deep + 1)]
        if key == DEFAULT and not found:  # a module of the older kind is its own default
            found = [Expression(inner, scope)]
        yield from found or _of_default(folder, inner, scope, key, deep + 1)


def _of_default(
    folder: Folder, module: Node, scope: Scope, key: str, deep: int
) -> Iterator[Expression]:
    """A property of what a module is by default: some helpers give back that, and no module."""
    if key != DEFAULT and deep <= DEEPEST:
        for each in _held(folder, module, scope, DEFAULT, deep):
            yield from _held(folder, each.node, each.scope, key, deep + 1)


def _of_holder(
    folder: Folder, function: Node, scope: Scope, key: str, deep: int
) -> Iterator[Expression]:
    """A property of what a function was put into: `Tracker.prototype.send = function () {...}`."""
    around = function.parent
    left = around.child_by_field_name("left") if around is not None else None
    holder = left.child_by_field_name("object") if left is not None else None
    if function.type not in FUNCTIONS or holder is None:
        return
    maker = holder.child_by_field_name("object")
    if maker is not None and folder.text_of(holder).endswith(".prototype"):
        yield from _made(folder, maker, scope, key, deep)
    else:
        yield from _held(folder, holder, scope, key, deep)


def _made(folder: Folder, maker: Node, scope: Scope, key: str, deep: int) -> Iterator[Expression]:
    """A property of what a class or a function makes with `new`."""
    maker = unwrapped(maker)
    if maker.type in CLASSES:
        yield from _of_thing(folder, maker, scope, key, deep)
        return
    if maker.type == "sequence_expression" and maker.named_children:
        maker = unwrapped(maker.named_children[-1])
    if maker.type == "assignment_expression":  # new (exports.Tracker = t)
        maker = unwrapped(maker.child_by_field_name("right") or maker)
    if maker.type == "call_expression" and deep <= DEEPEST:
        yield from _called_for(folder, maker, scope, key, deep + 1)
    elif maker.type in FUNCTIONS:
        yield from _of_function(folder, maker, key, deep + 1)
    if maker.type == "member_expression" and deep <= DEEPEST:  # new tools.Tracker()
        for each in member_of(folder, maker, scope, deep):
            yield from _made(folder, each.node, each.scope, key, deep + 1)
    if maker.type not in ("identifier", TYPE) or deep > DEEPEST:
        return
    name = folder.text_of(maker)
    owner = scope.owner(name)
    if owner is None:
        return
    function = owner.functions.get(name)
    if function is not None and function.node.type in FUNCTIONS and function.inner is not None:
        yield from _of_thing(folder, function.node, function.inner, key, deep + 1)
        if function.node.type != "function_declaration":  # var Tracker = function () {...}
            yield from _set_later(folder, f"{name}.prototype", key, owner)
    for meaning in owner.names[name][:WIDEST]:
        for each in _expressions(folder, meaning, deep):
            yield from _made(folder, each.node, each.scope, key, deep + 1)


def _called_for(
    folder: Folder, call: Node, scope: Scope, key: str, deep: int
) -> Iterator[Expression]:
    """A property of what a class makes that a function gives back: `(function () {...})()`."""
    if (given := folder.class_calls.get(call.id)) is not None:
        yield from _made(folder, given[0][0], given[1], key, deep)
        return
    callee, _ = callee_of(call)
    own = function_of(folder, callee, scope, deep) if callee is not None else None
    if own is not None and own.inner is not None:
        for each in returns_of(own):
            yield from _made(folder, each, own.inner, key, deep)


def _of_function(folder: Folder, node: Node, key: str, deep: int) -> Iterator[Expression]:
    """A property of what a function makes with `new`."""
    known = folder.functions.get(node.id)
    if known is not None and known.inner is not None and deep <= DEEPEST:
        yield from _of_thing(folder, node, known.inner, key, deep)


def _of_thing(
    folder: Folder, thing: Node, scope: Scope, key: str, deep: int
) -> Iterator[Expression]:
    """A property that a class, an object or an enumeration says itself, or sets through `this`."""
    yield from folder.members.get((thing.id, key), ())[:WIDEST]
    getter = folder.functions.get(_getter(folder, thing, key))
    inner = getter.inner if getter is not None else None
    if getter is not None and inner is not None:
        yield from (Expression(each, inner) for each in returns_of(getter))
    if (extended := folder.bases.get(thing.id)) is not None and deep <= DEEPEST:
        yield from _made(folder, extended.node, extended.scope, key, deep + 1)
    known = folder.properties.get(thing.id)
    if known is None:
        known = folder.properties[thing.id] = _properties(folder, thing)
    for each in known.get(EXPORTS, ()):
        yield from _exported(folder, each, scope, key)
    for each in known.get(key, ()) if key != EXPORTS else ():
        if each.type == "shorthand_property_identifier":
            yield Expression(each, scope)
        elif each.type == "method_definition":
            got = [*got_by(folder, each)]
            yield from got or (Expression(each, scope),)
        elif (value := each.child_by_field_name("value")) is not None:
            yield Expression(value, scope)
    if thing.type in FUNCTIONS and (name := thing.child_by_field_name("name")) is not None:
        text = folder.text_of(name)
        yield from _set_later(folder, f"{text}.prototype", key, scope.owner(text))
    elif thing.type in CLASSES and deep <= DEEPEST:
        for each in thing.named_children:
            if each.type == "class_heritage" and each.named_children:
                base = each.named_children[0]
                base = base.child_by_field_name("value") or base
                yield from _made(folder, base, scope, key, deep + 1)


def _getter(folder: Folder, thing: Node, key: str) -> int:
    getter = folder.getters.get((thing.id, key))
    return getter.id if getter is not None else 0


def _properties(folder: Folder, thing: Node) -> dict[str, list[Node]]:
    """What a class, an object or an enumeration says of each of its properties, and what it
    exports.
    """
    found: dict[str, list[Node]] = {}
    body = thing.child_by_field_name("body") if thing.type != "object" else thing
    for each in items_of(body) if body is not None and thing.type not in FUNCTIONS else ():
        match each.type:
            case "pair":
                named = each.child_by_field_name("key")
            case "field_definition":
                named = each.child_by_field_name("property")
            case "export_statement":
                found.setdefault(EXPORTS, []).append(each)
                continue
            case "shorthand_property_identifier":
                named = each
            case _:
                named = each.child_by_field_name("name")
        if named is not None:
            found.setdefault(folder.text_of(named).strip("\"'`[]"), []).append(each)
    return found


def _exported(folder: Folder, statement: Node, scope: Scope, key: str) -> Iterator[Expression]:
    """What a namespace exports under a name."""
    declared = statement.child_by_field_name("declaration")
    if declared is not None and declared.type == "internal_module":  # a namespace in a namespace
        name = declared.child_by_field_name("name")
        if name is not None and folder.text_of(name) == key:
            yield Expression(declared, scope)
    for each in declared.named_children if declared is not None else ():
        name, value = each.child_by_field_name("name"), each.child_by_field_name("value")
        if name is not None and value is not None and folder.text_of(name) == key:
            yield Expression(value, scope)


def got_by(folder: Folder, method: Node) -> Iterator[Expression]:
    """What a getter gives back; nothing for another method."""
    if not any(child.type == "get" for child in method.children):
        return
    getter = folder.functions.get(method.id)
    if getter is not None and getter.inner is not None:
        yield from (Expression(each, getter.inner) for each in returns_of(getter))


def _set_later(folder: Folder, name: str, key: str, owner: Scope | None) -> Iterator[Expression]:
    """What a property of a name is set to somewhere in the script."""
    for each in folder.set_later.get((name, key), ())[:WIDEST]:
        if each.scope.owner(name.partition(".")[0]) is owner:
            yield each
    if owner is not None:
        yield from _set_on_class(folder, name, key, owner)


def _set_on_class(folder: Folder, name: str, key: str, owner: Scope) -> Iterator[Expression]:
    """What is set on a class from outside, asked for by the name that it has for itself:
    `a = class b {...}; a.url = "..."`, as compilers write static fields.
    """
    if len(owner.names) != 1 or owner.functions:
        return
    for meaning in owner.names.get(name, ())[:1]:
        node = meaning.node if isinstance(meaning, Expression) else None
        around = node.parent if node is not None and node.type == "class" else None
        named = around.child_by_field_name("name") if around is not None else None
        if named is None or named.type != "identifier" or owner.parent is None:
            continue
        outer = folder.text_of(named)
        if (where := owner.parent.owner(outer)) is not None:
            yield from _set_later(folder, outer, key, where)


def _entries(folder: Folder, holder: Node, scope: Scope, key: str) -> Iterator[Expression]:
    """What a Map that is made of a list of pairs holds under a key."""
    for made in _expressions_of(holder, scope, folder):
        maker, items = callee_of(made.node)
        if made.node.type != "new_expression" or maker is None or not items:
            continue
        if folder.text_of(maker) not in ("Map", "WeakMap") or items[0].type != "array":
            continue
        for pair in items_of(items[0]):
            parts = items_of(pair) if pair.type == "array" else []
            if len(parts) > 1 and folder.value(parts[0], made.scope) == key:
                yield Expression(parts[1], made.scope)


def entry_of(folder: Folder, node: Node, scope: Scope) -> Expression | None:
    """What `map.get("key")` gives, where the map's entries are written."""
    callee, items = callee_of(node)
    holder = callee.child_by_field_name("object") if callee is not None else None
    if callee is None or holder is None or not items or folder.key_of(callee, scope) != "get":
        return None
    key = folder.value(items[0], scope)
    return next(_entries(folder, holder, scope, key), None) if isinstance(key, str) else None


def _expressions_of(node: Node, scope: Scope, folder: Folder) -> Iterator[Expression]:
    node = unwrapped(node)
    if node.type != "identifier":
        yield Expression(node, scope)
        return
    owner = scope.owner(folder.text_of(node))
    for meaning in owner.names[folder.text_of(node)][:WIDEST] if owner is not None else ():
        if isinstance(meaning, Expression):
            yield Expression(unwrapped(meaning.node), meaning.scope)


def elements_of(folder: Folder, node: Node, scope: Scope) -> list[Expression]:
    """The items of a list that is written, or that a name stands for."""
    for each in _expressions_of(node, scope, folder):
        if each.node.type == "array":
            return [Expression(item, each.scope) for item in items_of(each.node)[:MOST_LISTED]]
    return []


def held_objects(folder: Folder, node: Node, scope: Scope) -> list[Expression]:
    """The objects that are written, or that a name stands for."""
    found = []
    for each in _expressions_of(node, scope, folder):
        inner = each.node
        if inner.type == "call_expression":  # Object.freeze({...})
            callee, items = callee_of(inner)
            same = callee is not None and folder.name_of(callee, each.scope) in SAME
            inner = unwrapped(items[0]) if same and items else inner
        if inner.type == "object":
            found.append(Expression(inner, each.scope))
    return found


def is_repeated(node: Node) -> bool:
    """Does a loop stand around a node, in the same function?"""
    around = node.parent
    for _ in range(DEEPEST):
        if around is None or around.type in FUNCTIONS:
            return False
        if around.type in LOOPS:
            return True
        around = around.parent
    return False


def maker_of(folder: Folder, maker: Node, scope: Scope, deep: int = 0) -> Function | None:
    """The function that runs when something is made with `new`: a constructor."""
    maker = unwrapped(maker)
    if deep > DEEPEST:
        return None
    if maker.type == "sequence_expression" and maker.named_children:
        maker = unwrapped(maker.named_children[-1])
    if maker.type in FUNCTIONS:
        return folder.functions.get(maker.id)
    if maker.type == "call_expression":
        if (given := folder.class_calls.get(maker.id)) is not None:
            return maker_of(folder, given[0][0], given[1], deep + 1)
        callee, _ = callee_of(maker)
        own = folder.functions.get(callee.id) if callee is not None else None
        for each in returns_of(own) if own is not None and own.inner is not None else ():
            return maker_of(folder, each, own.inner, deep + 1)  # type: ignore[union-attr,arg-type]
        return None
    if maker.type in CLASSES:
        body = maker.child_by_field_name("body")
        for each in items_of(body) if body is not None else ():
            named = each.child_by_field_name("name")
            is_method = each.type == "method_definition" and named is not None
            if is_method and named is not None and folder.text_of(named) == "constructor":
                return folder.functions.get(each.id)
        return None
    if maker.type == "member_expression":
        held = next(member_of(folder, maker, scope, deep + 1), None)
        return maker_of(folder, held.node, held.scope, deep + 1) if held is not None else None
    if maker.type == "identifier" and (owner := scope.owner(folder.text_of(maker))) is not None:
        name = folder.text_of(maker)
        known = owner.functions.get(name)
        if known is not None and known.node.type in FUNCTIONS:
            return known
        for meaning in owner.names[name][:WIDEST]:
            for made in _expressions(folder, meaning, deep):
                return maker_of(folder, made.node, made.scope, deep + 1)
    return None


FACTORIES = Factories(function_of, returns_of)
