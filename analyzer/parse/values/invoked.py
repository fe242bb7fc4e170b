"""What a call calls and hands over, in whichever way it is written: `f.apply(this, [a, b])`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tree_sitter import Node

from analyzer.model import Value, options
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.given import arguments_of
from analyzer.parse.values.scope import Expression, Scope, unwrapped

BORROWED = re.compile(r"(?:\[\s*\]|\bArray\.prototype)\.push\.(?:call|apply)$")
INDIRECT = ("call", "apply")


@dataclass(frozen=True, slots=True)
class Invoked:
    """The dotted name of what is called, and the nodes that it is given.

    `spread` is the list whose items come behind them, `bound` what a `bind` gave before.
    """

    name: str | None
    items: tuple[Node, ...]
    spread: Node | None = None
    bound: tuple[Expression, ...] = ()

    def handed(self, folder: Folder, scope: Scope) -> list[tuple[Value, ...]]:
        """The arguments; several times where a list of them is one of several."""
        found = arguments_of(folder, self.items, scope)
        if self.bound:
            before = tuple(folder.value(each.node, each.scope) for each in self.bound)
            found = [(*before, *each) for each in found]
        if self.spread is not None:
            whole = options(folder.value(self.spread, scope))
            lists = [each if isinstance(each, tuple) else (each,) for each in whole]
            found = [(*each, *more) for each in found for more in lists]
        return found


def invoked(folder: Folder, node: Node, scope: Scope) -> Invoked:
    """What a call or `new` stands for."""
    callee, items = folder.callee_of(node)
    if callee is None:
        return Invoked(None, ())
    name = folder.name_of(callee, scope)
    if name == "Reflect.apply" and len(items) > 2:
        return Invoked(folder.name_of(items[0], scope), (), items[2])
    method = folder.key_of(callee, scope) if callee.type == "member_expression" else None
    if method in INDIRECT and items and BORROWED.search(folder.tail_of(callee, 40)):
        layer = folder.name_of(items[0], scope)
        name = f"{layer}.push" if layer is not None else None
    elif method in INDIRECT and name is not None:
        name = name.removesuffix(f".{method}")
    else:
        return Invoked(name, tuple(items), None, _bound(folder, callee, scope))
    if method == "call":
        own = items[0].type in (
            "string",
            "template_string",
        )  # a method of the vendor's of that name
        return Invoked(name, tuple(items if own else items[1:]))
    return Invoked(name, (), items[1] if len(items) > 1 else None)


def _bound(folder: Folder, callee: Node, scope: Scope) -> tuple[Expression, ...]:
    """What was bound to a function when its name was made: `const track = fbq.bind(null, "x")`."""
    for _ in range(4):
        if callee.type == "call_expression":
            maker, items = folder.callee_of(callee)
            if maker is None or maker.type != "member_expression":
                return ()
            if folder.key_of(maker, scope) != "bind":
                return ()
            return tuple(Expression(each, scope) for each in items[1:])
        if callee.type != "identifier":
            return ()
        owner = scope.owner(folder.text_of(callee))
        meanings = owner.names[folder.text_of(callee)] if owner is not None else []
        if len(meanings) != 1 or not isinstance(meaning := meanings[0], Expression):
            return ()
        callee, scope = unwrapped(meaning.node), meaning.scope
    return ()
