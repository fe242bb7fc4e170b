"""Functions that a function makes and gives back in an object: `const { track } = tracker("x")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.scope import (
    FUNCTIONS,
    Expression,
    Function,
    Meaning,
    Property,
    Scope,
    items_of,
    unwrapped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from analyzer.parse.values.fold import Folder  # it asks here while it reads a name

    FunctionOf = Callable[[Folder, Node, Scope, int], Function | None]
    ReturnsOf = Callable[[Function], Iterable[Node]]

DEEPEST = 4  # names between a factory's call and the one that uses what it makes
FEW = 8  # meanings of a name that are looked at


class Factories:
    """Finds what factories make; `function_of` finds a script's function, `returns_of` what one
    gives back.
    """

    def __init__(self, function_of: FunctionOf, returns_of: ReturnsOf) -> None:
        self.function_of = function_of
        self.returns_of = returns_of

    def named(self, folder: Folder, meanings: list[Meaning], deep: int) -> Function | None:
        """The function that a name stands for which is taken out of what a factory makes."""
        for meaning in meanings[:FEW]:
            if isinstance(meaning, Property) and isinstance(meaning.of, Expression):
                of = meaning.of
                found = self.held(folder, of.node, of.scope, meaning.key, deep + 1)
                if found is not None:
                    return found
        return None

    def held(
        self, folder: Folder, holder: Node, scope: Scope, key: str, deep: int, steps: int = 0
    ) -> Function | None:
        """The function that what a factory makes has under a name."""
        holder = unwrapped(holder)
        if steps > DEEPEST:
            return None
        if holder.type == "identifier":
            owner = scope.owner(folder.text_of(holder))
            for meaning in owner.names[folder.text_of(holder)][:FEW] if owner is not None else ():
                if isinstance(meaning, Expression):
                    found = self.held(folder, meaning.node, meaning.scope, key, deep + 1, steps + 1)
                    if found is not None:
                        return found
        callee = (
            holder.child_by_field_name("function") if holder.type == "call_expression" else None
        )
        factory = self.function_of(folder, callee, scope, deep + 1) if callee is not None else None
        if factory is None or factory.inner is None:
            return None
        for made in self.returns_of(factory):
            found = self._in_object(folder, unwrapped(made), factory.inner, key)
            if found is not None:
                return found
        return None

    def _in_object(self, folder: Folder, made: Node, inner: Scope, key: str) -> Function | None:
        for each in items_of(made) if made.type == "object" else ():
            named = each.child_by_field_name("key") or each.child_by_field_name("name") or each
            if folder.text_of(named).strip("\"'") != key:
                continue
            value = unwrapped(each.child_by_field_name("value") or each)
            if value.type in FUNCTIONS:
                return folder.functions.get(value.id)
            name = folder.text_of(value)
            owner = inner.owner(name) if value.type != "member_expression" else None
            known = owner.functions.get(name) if owner is not None else None
            return known if known is not None and known.node.type in FUNCTIONS else None
        return None
