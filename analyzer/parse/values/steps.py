"""Async functions as compilers write them for old browsers: machines that run step by step.

The machine is a function with one `switch`: what it waits for is returned in one case and received
in another. Babel says where it goes on (`context.next = 4`), TypeScript goes on with the next case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Value
from analyzer.parse.values.document import WIDEST, choice
from analyzer.parse.values.scope import (
    FUNCTIONS,
    Expression,
    Function,
    Parameter,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.things import callee_of, returns_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

# How the function of a machine begins, and what stands in one that is handed to a helper.
MACHINE = re.compile(
    rb"[^{]{0,80}\{\s*(?:(?:var|let)\s[^;{}]{0,400};\s*)?"
    rb"(?:(?:while\s*\(\s*(?:1|true|!0)\s*\)|for\s*\(\s*;\s*;\s*\))\s*\{?\s*)?"
    rb"(?:switch\s*\(|return\s*\[\s*2\b)"
)
HOLDS_ONE = re.compile(rb"\bswitch\s*\(|\breturn\s*\[\s*2\b|\byield\b|[,;{]\s*\[\s*2\s*,")
WITHIN = 4_000  # bytes of a function in which its machine begins
RECEIVED = frozenset({"sent", "v"})
KEPT = re.compile(r"t\d{1,2}$")  # where a machine keeps what it needs later
NEXT = frozenset({"next", "n"})
ENDS = frozenset({"abrupt", "a"})
INDIRECT = frozenset({"apply", "call"})
MOST_NODES = 20_000  # of one machine
WAITS, RETURNS = ("4", "5"), "2"


@dataclass(slots=True)
class Machine:
    """The cases of a machine with their labels, what each label is given, and what all returns."""

    function: Function
    cases: list[tuple[int, int, str]] = field(default_factory=list)
    given: dict[str, list[Node]] = field(default_factory=dict)
    returned: list[Node] = field(default_factory=list)


# ---------------------------------------------------------------- what a step is given


def received(folder: Folder, holder: Node, key: str | None, node: Node, scope: Scope) -> Value:
    """What `context.sent` stands for where it is read: what the step before waited for."""
    if key not in RECEIVED and (key is None or not KEPT.match(key)):
        return None
    machine = _of_context(folder, holder, scope)
    if machine is None:
        return None
    inner = machine.function.inner
    if inner is None:
        return None
    if key in RECEIVED:
        at = node.start_byte
        label = next((name for start, end, name in machine.cases if start <= at < end), None)
        waited = machine.given.get(label, []) if label is not None else []
        found = [folder.value(each, inner) for each in waited[:WIDEST]]
    else:
        found = [
            folder.value(each.node, each.scope) for each in kept_in(folder, machine, key, node)
        ]
    return choice(found) if found else None


def kept_in(folder: Folder, machine: Machine, key: str, node: Node) -> list[Expression]:
    """What a machine has put last under a name of its own before it is asked for."""
    known = folder.modules.offers.get((machine.function.node.id, 0, key), [])
    before = [each for each in known if each.node.end_byte <= node.start_byte]
    return before[-1:]


def _of_context(folder: Folder, holder: Node, scope: Scope) -> Machine | None:
    """The machine whose context a name is: its only parameter."""
    if holder.type != "identifier":
        return None
    name = folder.text_of(holder)
    owner = scope.owner(name)
    for meaning in owner.names[name][:1] if owner is not None else ():
        if isinstance(meaning, Parameter) and meaning.position == 0:
            return machine_of(folder, meaning.function)
    return None


# ---------------------------------------------------------------- what all steps give back


def ran(folder: Folder, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
    """What a call gives that runs a machine: `__awaiter(...)`, `_get.apply(this, arguments)`."""
    callee, items = callee_of(node)
    if callee is None:
        return None
    found: list[Machine | None] = []
    if callee.type == "call_expression":
        found.append(_behind(folder, callee_of(callee)[1]))
    elif callee.type == "member_expression" and folder.key_of(callee, scope) in INDIRECT:
        holder = callee.child_by_field_name("object")
        for made in _calls_of(folder, holder, scope) if holder is not None else ():
            found.append(_behind(folder, callee_of(made)[1]))
    else:
        found.append(_behind(folder, items))
    for machine in found:
        if machine is not None and machine.function.inner is not None:
            inner = machine.function.inner
            values = [folder.value(each, inner, witnesses) for each in machine.returned[:WIDEST]]
            return choice(values) if values else None
    return None


def _calls_of(folder: Folder, node: Node, scope: Scope) -> Iterator[Node]:
    node = unwrapped(node)
    if node.type == "assignment_expression":
        right = node.child_by_field_name("right")
        if right is not None:
            yield from _calls_of(folder, right, scope)
    elif node.type == "call_expression":
        yield node
    elif node.type == "identifier":
        name = folder.text_of(node)
        owner = scope.owner(name)
        for meaning in owner.names[name][:WIDEST] if owner is not None else ():
            if isinstance(meaning, Expression) and meaning.node.type == "call_expression":
                yield meaning.node


def _behind(folder: Folder, items: list[Node]) -> Machine | None:
    """The machine in a function that a call is given, or in one that is marked first."""
    for item in items[:4]:
        function = unwrapped(item)
        if function.type == "call_expression":
            inner = callee_of(function)[1]
            function = unwrapped(inner[0]) if inner else function
        if function.type not in FUNCTIONS or not _may_hold(folder, function):
            continue
        known = folder.functions.get(function.id)
        if known is None:
            continue
        if function.type.startswith("generator_function"):
            return Machine(known, returned=returns_of(known))
        for each in returns_of(known):
            runs, given = callee_of(unwrapped(each))
            for inner_item in given if runs is not None else ():
                inner_function = folder.functions.get(unwrapped(inner_item).id)
                machine = machine_of(folder, inner_function) if inner_function else None
                if machine is not None:
                    return machine
    return None


def _may_hold(folder: Folder, function: Node) -> bool:
    start, end = folder.base + function.start_byte, folder.base + function.end_byte
    return HOLDS_ONE.search(folder.document.data, start, min(end, start + WITHIN)) is not None


# ---------------------------------------------------------------- the machine itself


def machine_of(folder: Folder, function: Function) -> Machine | None:
    """The machine that a function is, or None for another one."""
    if function.node.id not in folder.machines:
        folder.machines[function.node.id] = _read(folder, function)
    return folder.machines[function.node.id]


def _read(folder: Folder, function: Function) -> Machine | None:
    node = function.node
    start, end = folder.base + node.start_byte, folder.base + node.end_byte
    if node.type not in FUNCTIONS or not MACHINE.match(folder.document.data, start, end):
        return None
    listed = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
    body = node.child_by_field_name("body")
    named = [listed] if listed is not None and listed.type == "identifier" else []
    named = items_of(listed) if listed is not None and not named else named
    if body is None or len(named) != 1:
        return None
    machine = Machine(function)
    switch = _switch_in(body)
    cases = [body]
    if switch is not None and (inside := switch.child_by_field_name("body")) is not None:
        cases = items_of(inside)
    labels = [_label(folder, each) for each in cases]
    for position, case in enumerate(cases):
        following = labels[position + 1] if position + 1 < len(labels) else ""
        if labels[position]:
            machine.cases.append((case.start_byte, case.end_byte, labels[position]))
        _note_case(folder, machine, case, folder.text_of(named[0]), following)
    return machine


def _switch_in(body: Node) -> Node | None:
    for statement in body.named_children:
        inner = statement
        while inner.type in ("while_statement", "for_statement", "statement_block"):
            within = inner.child_by_field_name("body")
            if within is None:
                within = next(iter(inner.named_children), None)
            if within is None:
                break
            inner = within
        if inner.type == "switch_statement":
            return inner
    return None


def _label(folder: Folder, case: Node) -> str:
    value = case.child_by_field_name("value")
    return folder.text_of(value).strip("\"'") if value is not None else ""


def _note_case(folder: Folder, machine: Machine, case: Node, context: str, following: str) -> None:
    """Note what one case waits for and gives back."""
    returns: list[Node] = []
    goes_on: list[tuple[int, str]] = []
    stack, left = [case], MOST_NODES
    while stack and left:
        node = stack.pop()
        left -= 1
        if node.type in FUNCTIONS:
            continue
        if node.type == "return_statement" and node.named_children:
            returns.append(node.named_children[0])
        elif node.type == "assignment_expression":
            target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
            if target is not None and value is not None and value.type == "number":
                holder, _, key = folder.tail_of(target, 40).rpartition(".")
                if holder == context and key in NEXT:
                    goes_on.append((node.start_byte, folder.text_of(value)))
        stack.extend(reversed(node.named_children))
    for given in (each for one in returns for each in _branches(one)):
        _note_return(folder, machine, given, context, following, goes_on)


def _branches(node: Node) -> Iterator[Node]:
    """What a return statement gives: the last of what is done in it, either way of a condition."""
    node = unwrapped(node)
    if node.type == "sequence_expression" and node.named_children:
        yield from _branches(node.named_children[-1])
    elif node.type == "ternary_expression":
        for key in ("consequence", "alternative"):
            if (branch := node.child_by_field_name(key)) is not None:
                yield from _branches(branch)
    else:
        yield node


def _note_return(
    folder: Folder,
    machine: Machine,
    given: Node,
    context: str,
    following: str,
    goes_on: list[tuple[int, str]],
) -> None:
    if given.type == "array":  # [4, promise] waits, [2, value] returns
        items = items_of(given)
        code = folder.text_of(items[0]) if items else ""
        if len(items) == 2 and code in WAITS:
            machine.given.setdefault(following, []).append(items[1])
        elif len(items) == 2 and code == RETURNS:
            machine.returned.append(items[1])
        return
    callee, items = callee_of(given) if given.type == "call_expression" else (None, [])
    if callee is not None and callee.type == "member_expression":
        holder, _, key = folder.tail_of(callee, 40).rpartition(".")
        if holder == context:
            ends = key in ENDS and folder.text_of(items[0]).strip("\"'") in ("return", RETURNS)
            if ends and len(items) > 1:
                machine.returned.append(items[1])
            return
    before = [label for start, label in goes_on if start < given.start_byte]
    if before:
        machine.given.setdefault(before[-1], []).append(given)
