"""What a reducer of React keeps: `const [state, dispatch] = useReducer(reducer, first)`.

An action that names its type reaches the branches for that type, and those that ask for none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Object, Value, options
from analyzer.parse.values.scope import FUNCTIONS, Function, Scope, unwrapped
from analyzer.parse.values.states import setter_of
from analyzer.parse.values.things import function_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

MOST_INSIDE = 1_000  # nodes of a reducer
MOST_RETURNS, MOST_ACTIONS, MOST_BOUND = 24, 16, 3
ASKS_TYPE = re.compile(r"\(?\s*[\w$.]*\btype\s*===?\s*[\"'`]([^\"'`]{1,100})[\"'`]\s*\)?")


def reduced(folder: Folder, call: Node, items: list[Node], scope: Scope) -> list[Value]:
    """The states that the actions of a script lead to."""
    setter = setter_of(folder, call, scope)
    owner = scope.owner(setter) if setter is not None else None
    sent = owner.functions.get(setter) if owner is not None and setter is not None else None
    reducer = folder.functions.get(unwrapped(items[0]).id) or function_of(folder, items[0], scope)
    if sent is None or reducer is None or reducer.inner is None:
        return []
    branches = [*_branches(folder, reducer)]
    found: list[Value] = []
    for given, where in sent.calls[:MOST_ACTIONS]:
        if given:
            found.extend(_after(folder, reducer, branches, [items[-1], given[0]], where))
    return found


def _after(
    folder: Folder,
    reducer: Function,
    branches: list[tuple[Node, str]],
    given: list[Node],
    scope: Scope,
) -> Iterator[Value]:
    """What a reducer makes of one action."""
    memory, inner = folder.memory, reducer.inner
    if inner is None or len(memory.bound) >= MOST_BOUND or reducer.node.id in memory.bound:
        return
    action = folder.value(given[1], scope)
    sorts = {each.get("type") for each in options(action) if isinstance(each, Object)}
    named = {each for each in sorts if isinstance(each, str)} if sorts else set()
    memory.bind(reducer.node, given, scope)
    try:
        for node, wanted in branches:
            if not wanted or not named or wanted in named:
                yield folder.value(node, inner)
    finally:
        memory.unbind(reducer.node)


def _branches(folder: Folder, reducer: Function) -> Iterator[tuple[Node, str]]:
    """What a reducer gives back, each with the type of action that it is for."""
    body = reducer.node.child_by_field_name("body")
    if body is not None and body.type != "statement_block":
        yield body, ""
        return
    todo = [(body, "")] if body is not None else []
    seen = told = 0
    while todo and seen < MOST_INSIDE and told < MOST_RETURNS:
        node, wanted = todo.pop()
        seen += 1
        if node.type in FUNCTIONS:
            continue
        if node.type == "return_statement":
            told += 1
            yield from ((each, wanted) for each in node.named_children[:1])
            continue
        value = node.child_by_field_name("value") if node.type == "switch_case" else None
        said = folder.value(value, reducer.inner or Scope()) if value is not None else None
        wanted = said if isinstance(said, str) else wanted
        consequence = node.child_by_field_name("consequence")
        condition = node.child_by_field_name("condition")
        asked = ASKS_TYPE.fullmatch(folder.head_of(condition)) if condition is not None else None
        for child in reversed(node.named_children):
            is_then = asked is not None and child == consequence
            todo.append((child, asked[1] if asked is not None and is_then else wanted))
