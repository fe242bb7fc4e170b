"""Which of a script's own functions each of its calls reaches, once all its names are known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.scope import FUNCTIONS, Expression, Function, Scope, items_of, unwrapped
from analyzer.parse.values.things import elements_of, function_of, maker_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # its names are what is read here

MOST = 20_000  # calls of one script of ordinary size that are looked at closely
MOST_CALLS = 64  # calls of one function that are remembered
CALLS = frozenset({"call_expression", "new_expression"})
FOR_EACH = frozenset({"forEach", "map", "filter", "some", "every", "find", "flatMap"})
ALL = "arguments"
MOST_PASSED_ON = 2_000
CALLED_WITH = frozenset({"call", "apply"})


def note_callers(folder: Folder, actions: Iterable[tuple[Node, Scope]]) -> None:
    """Note with what the functions are called that a property, another name or a list leads to.

    A function that is called by its own name knows its calls by now.
    """
    methods = _named_methods(folder)
    passed_on: list[tuple[Node, Scope]] = []
    left = folder.most(MOST)
    calls = [each for each in actions if each[0].type in CALLS]
    # What is made first: a method that uses what its maker was given stands above `new`.
    for node, scope in sorted(calls, key=lambda each: each[0].type != "new_expression"):
        if _leads_nowhere(folder, node, scope, methods):
            continue
        callee, items = folder.callee_of(node)
        if callee is None or not left:
            continue
        if (base := _base_called(folder, callee, items, scope)) is not None:
            left -= 1
            _note(folder, *base)
            continue
        if node.type == "new_expression":
            left -= 1
            _note(folder, maker_of(folder, callee, scope), items, scope)
        elif callee.type == "identifier":
            owner = scope.owner(folder.text_of(callee))
            if owner is None or owner.names[folder.text_of(callee)]:
                left -= 1
                known = owner.functions.get(folder.text_of(callee)) if owner else None
                if known is None or known.node.type not in FUNCTIONS:
                    _note(folder, function_of(folder, callee, scope), items, scope)
        elif callee.type == "call_expression":
            left -= 1
            _note(folder, function_of(folder, callee, scope), items, scope)
        elif callee.type == "member_expression":
            method = folder.key_of(callee, scope) or ""
            if method in FOR_EACH and items:
                _note_each(folder, callee, items[0], scope)
            elif method == "apply" and [folder.text_of(each) for each in items[1:]] == [ALL]:
                passed_on.append((callee, scope))
            elif method in methods and method not in CALLED_WITH:
                left -= 1
                _note(folder, function_of(folder, callee, scope), items, scope)

    for callee, scope in passed_on[: folder.most(MOST_PASSED_ON)]:
        _pass_on(folder, callee, scope)


def _base_called(
    folder: Folder, callee: Node, items: list[Node], scope: Scope
) -> tuple[Function | None, list[Node], Scope] | None:
    """What `super(id)` calls; compilers write `_super.call(this, id)` for it, or hand the arguments
    to a helper as a list.
    """
    thing = scope.around().this
    if callee.type == "super":
        for each in thing.named_children if thing is not None else ():
            if each.type == "class_heritage" and each.named_children:
                base = each.named_children[0]
                return (
                    maker_of(folder, base.child_by_field_name("value") or base, scope),
                    items,
                    scope,
                )
        return None
    if len(items) < 2 or items[0].type != "this" or thing is None or not folder.bases:
        return None
    extended = folder.bases.get(thing.id)
    if extended is None:
        return None
    handed = items[1:]
    if callee.type != "member_expression":
        handed = items_of(items[2]) if len(items) == 3 and items[2].type == "array" else []
    if not handed:
        return None
    return maker_of(folder, extended.node, extended.scope), handed, scope


def _leads_nowhere(folder: Folder, call: Node, scope: Scope, methods: set[str]) -> bool:
    """Does a call certainly reach no function that does not know of it yet? Most calls do not."""
    callee = call.child_by_field_name("function")
    if callee is None or callee.type == "super":
        return False
    if folder.bases:  # it may be the class before that is called
        arguments = call.child_by_field_name("arguments")
        first = arguments.named_children[:1] if arguments is not None else []
        if first and first[0].type == "this":
            return False
    if callee.type == "identifier":
        name = folder.text_of(callee)
        owner = scope.owner(name)
        return name not in folder.undeclared if owner is None else not owner.names[name]
    if callee.type != "member_expression":
        return False
    method = folder.key_of(callee, scope) or ""
    if method in FOR_EACH or method == "apply":
        return False
    return method not in methods or method in CALLED_WITH


def _pass_on(folder: Folder, callee: Node, scope: Scope) -> None:
    """`inner.apply(this, arguments)`: what the function around is called with, the inner one is."""
    holder, around = callee.child_by_field_name("object"), scope.around().body
    if holder is None or around is None:
        return
    found = [function_of(folder, holder, scope)]
    owner = scope.owner(folder.text_of(holder)) if holder.type == "identifier" else None
    for meaning in owner.names[folder.text_of(holder)][:2] if owner is not None else ():
        if isinstance(meaning, Expression):  # function f() { f = steps(...); f.apply(...) }
            found.append(function_of(folder, meaning.node, meaning.scope))
    for function in found:
        if function is not None and function is not around:
            if (thing := folder.put_into.get(around.node.id)) is not None:
                folder.put_into.setdefault(function.node.id, thing)
            left = max(0, MOST_CALLS - len(function.calls))
            known = list(function.calls)
            handed = [*around.calls, *around.led_to][:left]
            function.calls.extend(each for each in handed if each not in known)
            folder.memory.shared.forget()


def _named_methods(folder: Folder) -> set[str]:
    """By which names the script's functions are properties of something."""
    names = {key for _, key in (*folder.members, *folder.set_later)}
    names.update(key for _, _, key in folder.modules.offers)
    names.update(folder.methods)
    names.update(folder.undeclared)
    return names


def _note_each(folder: Folder, callee: Node, given: Node, scope: Scope) -> None:
    """`["a", "b"].forEach(function (name) {...})`."""
    holder, function = callee.child_by_field_name("object"), unwrapped(given)
    called = folder.functions.get(function.id) if function.type in FUNCTIONS else None
    if holder is None or called is None:
        return
    for each in elements_of(folder, holder, scope):
        _note(folder, called, [each.node], each.scope)


def _note(folder: Folder, function: Function | None, items: list[Node], scope: Scope) -> None:
    if function is not None and len(function.led_to) < MOST_CALLS:
        function.led_to.append((items, scope))
        folder.memory.shared.forget_calls()
