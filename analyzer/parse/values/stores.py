"""State that components share: what the functions of a store put into it, and who reads it.

Reducers of React, slices of Redux Toolkit, stores of zustand, Pinia and Vuex, in one script.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Object, Value, options
from analyzer.parse.values.document import choice
from analyzer.parse.values.scope import (
    FUNCTIONS,
    Expression,
    Function,
    Meaning,
    Parameter,
    Property,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.things import callee_of, returns_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

SLICE, PINIA, ZUSTAND, VUEX = "createSlice", "defineStore", "create", "createStore"
MAKERS = frozenset({SLICE, PINIA, ZUSTAND, VUEX, "Store"})
HOLDING = {SLICE: "reducers", PINIA: "actions", VUEX: "mutations"}  # what holds the functions
STATE = {SLICE: "initialState", PINIA: "state", VUEX: "state"}
SELECTS = frozenset({"useSelector", "useAppSelector"})
COMMITS = frozenset({"commit", "dispatch"})
MOST_STORES, MOST_FUNCTIONS, MOST_INSIDE, MOST_CALLS = 20, 40, 400, 8
BLANK: tuple[Value, ...] = ("", None, (), Object(()))  # what a state begins with that is not set
DEEPEST = 4  # functions that wrap the one that makes a store


@dataclass(slots=True, eq=False)
class Store:
    """A store: its name where it has one, its first state, and the functions that set it."""

    kind: str
    call: Node
    scope: Scope
    name: str = ""
    first: Node | None = None
    functions: dict[str, Function] = field(default_factory=dict)
    setter: str = ""  # what sets the state of a store of zustand


def note_store(folder: Folder, call: Node, callee: Node, method: str, scope: Scope) -> None:
    """Note where a script makes a store, and the calls that may put something into one."""
    if method not in MAKERS or len(folder.stores) >= MOST_STORES:
        return
    _, items = callee_of(call)
    kind = VUEX if method == "Store" else method
    store = Store(kind, call, scope)
    described = next((each for each in items if each.type == "object"), None)
    if kind == ZUSTAND:
        if "zustand" not in (folder.name_of(callee, scope) or ""):
            return
        _read_creator(folder, store, items)
    elif described is not None:
        _read_description(folder, store, described, items)
    if store.functions or store.first is not None:
        folder.stores[call.id] = store


def _read_creator(folder: Folder, store: Store, items: list[Node]) -> None:
    """`create((set) => ({email: "", setEmail: (email) => set({email})}))`, perhaps wrapped."""
    node = unwrapped(items[0]) if items else None
    for _ in range(DEEPEST):
        if node is None or node.type != "call_expression":
            break
        inner = callee_of(node)[1]
        node = unwrapped(inner[0]) if inner else None
    made = folder.functions.get(node.id) if node is not None else None
    if made is None or made.inner is None:
        return
    store.scope = made.inner
    store.setter = next(iter(made.inner.names), "")
    for each in returns_of(made)[:1]:
        described = unwrapped(each)
        if described.type == "object":
            store.first = described
            store.functions = dict(_functions_in(folder, described))


def _read_description(folder: Folder, store: Store, described: Node, items: list[Node]) -> None:
    parts = dict(_parts(folder, described))
    first = parts.get(STATE[store.kind])
    store.first = first
    named = parts.get("name") or next((each for each in items if each.type == "string"), None)
    store.name = folder.text_of(named).strip("\"'`") if named is not None else ""
    holding = parts.get(HOLDING[store.kind])
    if holding is not None and holding.type == "object":
        store.functions = dict(_functions_in(folder, holding))


def _parts(folder: Folder, described: Node) -> Iterator[tuple[str, Node]]:
    for each in items_of(described):
        key = each.child_by_field_name("key") or each.child_by_field_name("name")
        value = each.child_by_field_name("value") if each.type == "pair" else each
        if key is not None and value is not None:
            yield folder.text_of(key).strip("\"'`"), unwrapped(value)


def _functions_in(folder: Folder, described: Node) -> Iterator[tuple[str, Function]]:
    for name, node in list(_parts(folder, described))[:MOST_FUNCTIONS]:
        if node.type in FUNCTIONS and (made := folder.functions.get(node.id)) is not None:
            yield name, made


# ---------------------------------------------------------------- what the functions are given


def handed_to_store(folder: Folder, parameter: Parameter) -> Iterator[Value]:
    """What a parameter of a function of a store is where the script calls it by its name."""
    for store in folder.stores.values():
        for name, function in store.functions.items():
            if function is parameter.function:
                yield from _handed(folder, store, name, parameter.position)
                return


def _handed(folder: Folder, store: Store, name: str, position: int) -> Iterator[Value]:
    for items, scope in _calls_of(folder, name)[:MOST_CALLS]:
        if store.kind == SLICE and position == 1 and items:
            yield Object((("payload", folder.value(items[0], scope)),))
        elif store.kind in (PINIA, ZUSTAND) and position < len(items):
            yield folder.value(items[position], scope)
    if store.kind != VUEX or position != 1:
        return
    for items, scope in [each for word in COMMITS for each in _calls_of(folder, word)]:
        if len(items) > 1 and folder.value(items[0], scope) == name:
            yield folder.value(items[1], scope)


def _calls_of(folder: Folder, name: str) -> list[tuple[list[Node], Scope]]:
    """The calls of something of a name: `setEmail(mail)`, `store.setEmail(mail)`."""
    return folder.store_calls.get(name, [])


def note_store_calls(folder: Folder, calls: list[tuple[Node, Scope]]) -> None:
    """Note the calls of functions of stores, under the names that the stores know them by."""
    wanted = {name for store in folder.stores.values() for name in store.functions} | COMMITS
    for call, scope in calls if folder.stores else ():
        callee, items = callee_of(call)
        if callee is None or not items:
            continue
        name = folder.tail_of(callee, 60).rpartition(".")[2]
        if callee.type == "identifier" and (owner := scope.owner(name)) is not None:
            for meaning in owner.names[name][:1]:  # const { setEmail: a } = booking.actions
                if isinstance(meaning, Property):
                    name = meaning.key
                elif isinstance(meaning, Expression):
                    name = _selected(folder, meaning.node) or name
        if name in wanted:
            folder.store_calls.setdefault(name, []).append((items, scope))


def _selected(folder: Folder, node: Node) -> str:
    """What `useStore(state => state.setEmail)` and `slice.actions.setEmail` end with."""
    if node.type == "call_expression":
        _, items = callee_of(node)
        body = items[0].child_by_field_name("body") if items else None
        node = body if body is not None else node
    return folder.tail_of(node, 60).rpartition(".")[2] if node.type == "member_expression" else ""


# ---------------------------------------------------------------- what is in a store


def of_store(folder: Folder, call: Node, callee: Node, items: list[Node], scope: Scope) -> Value:
    """What a call that reads a store gives: all of its state, or what a function takes of it."""
    store = store_of(folder, callee, scope)
    if store is not None and store.kind in (PINIA, ZUSTAND):
        if not items:
            return state_in(folder, store)
    elif folder.tail_of(callee, 30) not in SELECTS:
        made = folder.stores.get(call.id)
        return Object((("state", state_in(folder, made)),)) if made and made.kind == VUEX else None
    selects = folder.functions.get(unwrapped(items[0]).id) if items else None
    if selects is None or selects.inner is None:
        return None
    return choice(folder.value(each, selects.inner) for each in returns_of(selects)) or None


def selected_from(folder: Folder, callee: Node, scope: Scope) -> Value:
    """What a function is handed that takes something of a store: `useSelector(state => …)`."""
    store = store_of(folder, callee, scope)
    if store is not None:
        return state_in(folder, store)
    if folder.tail_of(callee, 30) not in SELECTS:
        return None
    slices = [each for each in folder.stores.values() if each.kind == SLICE and each.name]
    return Object(tuple((each.name, state_in(folder, each)) for each in slices)) or None


def store_of(folder: Folder, node: Node, scope: Scope) -> Store | None:
    """The store that a name stands for."""
    if node.type != "identifier":
        return None
    name = folder.text_of(node)
    owner = scope.owner(name)
    meanings: list[Meaning] = owner.names[name][:2] if owner is not None else []
    for meaning in meanings:
        if isinstance(meaning, Expression):
            found = folder.stores.get(unwrapped(meaning.node).id)
            if found is not None:
                return found
    return None


def state_in(folder: Folder, store: Store) -> Object:
    """All that a store may hold."""
    key = (store.call.id, "a store")
    if key in folder.following:
        folder.reach = min(folder.reach, folder.following[key])
        return Object(())
    folder.following[key] = folder.depth
    try:
        first = _first(folder, store)
        held: dict[str, list[Value]] = {name: [value] for name, value in first.items}
        for function in store.functions.values():
            for name, value in _set_by(folder, store, function):
                held.setdefault(name, []).append(value)
    finally:
        del folder.following[key]
    return Object(tuple((name, _told(values)) for name, values in held.items()))


def _told(values: list[Value]) -> Value:
    telling = [each for each in values if each not in BLANK]
    return choice(telling or values)


def _first(folder: Folder, store: Store) -> Object:
    """The state that a store begins with."""
    node = store.first
    if node is None:
        return Object(())
    made = folder.functions.get(node.id) if node.type in FUNCTIONS else None
    if made is not None and made.inner is not None:
        inner = made.inner
        value = choice(folder.value(each, inner) for each in returns_of(made))
    else:
        value = folder.value(node, store.scope)
    whole = next((each for each in options(value) if isinstance(each, Object)), Object(()))
    return Object(tuple(each for each in whole.items if each[0] not in store.functions))


def _set_by(folder: Folder, store: Store, function: Function) -> Iterator[tuple[str, Value]]:
    """The properties that a function of a store sets."""
    inner, body = function.inner, function.node.child_by_field_name("body")
    if inner is None or body is None:
        return
    state = "this" if store.kind == PINIA else next(iter(inner.names), "")
    todo, seen = [body], 0
    while todo and seen < MOST_INSIDE:
        node = todo.pop()
        seen += 1
        if node.type == "assignment_expression" and store.kind != ZUSTAND:
            yield from _assigned(folder, node, state, inner)
        elif node.type == "call_expression" and store.setter:
            callee, items = callee_of(node)
            if callee is not None and items and folder.text_of(callee) == store.setter:
                yield from _merged(folder, items[0], inner)
        todo.extend(reversed(node.named_children))


def _assigned(folder: Folder, node: Node, state: str, scope: Scope) -> Iterator[tuple[str, Value]]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    holder = left.child_by_field_name("object") if left is not None else None
    key = left.child_by_field_name("property") if left is not None else None
    if right is None or holder is None or key is None:
        return
    if folder.text_of(holder) == state:
        yield folder.text_of(key), folder.value(right, scope)


def _merged(folder: Folder, node: Node, scope: Scope) -> Iterator[tuple[str, Value]]:
    """What `set({email})` and `set(state => ({email}))` put into a store."""
    made = folder.functions.get(unwrapped(node).id)
    given = [(node, scope)]
    if made is not None and made.inner is not None:
        given = [(each, made.inner) for each in returns_of(made)]
    for each, where in given:
        for option in options(folder.value(each, where)):
            yield from option.items if isinstance(option, Object) else ()
