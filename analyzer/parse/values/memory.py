"""What is known already of a script's expressions, and on what that depends.

Without this memory variables that double each other would cost 2 to the 40th. What is found out
while one very call of a function is followed serves the next calls too, as far as it has nothing to
do with what that call hands over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from tree_sitter import Node

from analyzer.model import Value

if TYPE_CHECKING:
    from analyzer.parse.values.bundled import Asked
    from analyzer.parse.values.document import Worded
    from analyzer.parse.values.packaged import Exported
    from analyzer.parse.values.scope import Expression, Function, Scope

# On what a thing that was found out may depend: bits, put together by `|`.
VALUES = 1  # on a value: it is another one when the globals are known
CALLS = 2  # on what functions are called with: it is more when all calls are known
LEVEL = 4  # on what is handed over by the outermost call that is followed; the next bit is the next
FUNCTION = 1 << 8  # on all calls of a function; which one, its node tells
KINDS = 251  # of functions: two may share a bit, and are read once more than needed

WITHIN = 1 << 30  # a depth that nothing reaches

Strings: TypeAlias = tuple[Node, ...]
Things: TypeAlias = "tuple[Expression, ...]"
FromAfar: TypeAlias = "tuple[int, Scope, int]"  # an expression's node, its scope, and how far away
OfName: TypeAlias = "tuple[Scope | None, str, str]"  # whose name it is, the name, and the property


@dataclass(slots=True, eq=False)
class Layer:
    """What is known of the script, or under one call that is followed.

    `mask` is what depends on that call, `hidden` what calls further inside tell otherwise. What
    ends with `now` holds only while one value is read.
    """

    mask: int = 0
    hidden: int = 0
    values: dict[int, tuple[Value, Strings, int]] = field(default_factory=dict)
    values_now: dict[int, tuple[Value, Strings, int]] = field(default_factory=dict)
    names: dict[int, tuple[str | None, int]] = field(default_factory=dict)
    names_now: dict[int, tuple[str | None, int]] = field(default_factory=dict)
    varying: dict[int, int] = field(default_factory=dict)  # names that are no single key: the ties
    varying_now: dict[int, int] = field(default_factory=dict)
    things: dict[int, tuple[Things, int]] = field(default_factory=dict)


class Shared:
    """What is the same wherever it is asked for: which function an expression means from so far
    away, and what a property of a name may be.

    It is kept once all names are known; what depends on the calls of functions is kept apart, to be
    forgotten with each call that is found.
    """

    def __init__(self) -> None:
        self.is_settled = False
        self.functions: dict[FromAfar, tuple[Function | None, int]] = {}
        self.functions_called: dict[FromAfar, tuple[Function | None, int]] = {}
        self.things: dict[OfName, tuple[Things, int]] = {}
        self.things_called: dict[OfName, tuple[Things, int]] = {}

    def keep_function(self, at: FromAfar, found: Function | None, ties: int) -> None:
        """Keep which function an expression means."""
        if self.is_settled and ties < LEVEL:
            (self.functions_called if ties & CALLS else self.functions)[at] = found, ties

    def keep_things(self, at: OfName, found: Things, ties: int) -> None:
        """Keep what a property of a name may be."""
        if self.is_settled and ties < LEVEL:
            (self.things_called if ties & CALLS else self.things)[at] = found, ties

    def forget_calls(self) -> None:
        """One more call of a function is known."""
        self.functions_called.clear()
        self.things_called.clear()

    def forget(self, is_settled: bool | None = None) -> None:
        """Find out everything anew."""
        self.is_settled = self.is_settled if is_settled is None else is_settled
        self.functions.clear()
        self.things.clear()
        self.forget_calls()


class Memory:
    """What is known by the expressions' nodes; `ties` is on what that depends which is being read
    just now.
    """

    def __init__(self) -> None:
        self.ties = 0
        self.layers = [Layer()]
        # What calls ask for and wrap of a bundle's modules, by their nodes: that names alone tell.
        self.asks: dict[int, tuple[Scope, Asked]] = {}
        self.wraps: dict[int, tuple[Scope, Node | None]] = {}
        self.exported: dict[tuple[int, str], Exported | None] = {}  # what a library is to a page
        self.worded: dict[int, Worded | None] = {}  # which exports some code is, by its node
        self.shared = Shared()
        self.opened: dict[int, int] = {}  # properties being looked for, each inside the one before
        self.cut = WITHIN  # the outermost of them that was asked for once more
        # With what a function is called whose value is being read, and the bit of that call.
        self.bound: dict[int, tuple[list[Node], Scope, int]] = {}

    def value(self, node: int) -> tuple[Value, Strings, int] | None:
        """A value, and the strings that it is made of."""
        for layer in self.layers:
            known = layer.values.get(node)
            if known is not None and not known[2] & layer.hidden:
                return known
        return layer.values_now.get(node)

    def varying(self, node: int) -> int | None:
        """On what it depends that a name is no single key, where that is known."""
        for layer in self.layers:
            known = layer.varying.get(node)
            if known is not None and not known & layer.hidden:
                return known
        return layer.varying_now.get(node)

    def name(self, node: int) -> tuple[str | None, int] | None:
        """A dotted name."""
        for layer in self.layers:
            known = layer.names.get(node)
            if known is not None and not known[1] & layer.hidden:
                return known
        return layer.names_now.get(node)

    def thing(self, node: int) -> Things | None:
        """What a property may be; where it leads back to itself there is nothing to tell."""
        for layer in self.layers:
            known = layer.things.get(node)
            if known is not None and not known[1] & layer.hidden:
                self.ties |= known[1]
                return known[0]
        if node in self.opened:
            self.ties |= VALUES
            self.cut = min(self.cut, self.opened[node])
            return ()
        return None

    def open(self, node: int) -> int:
        """Begin to look for a property; what `close` wants to know."""
        self.opened[node] = len(self.opened)
        cut, self.cut = self.cut, WITHIN
        return cut

    def close(self, node: int, cut: int) -> bool:
        """End it. Is what was found the same wherever one comes from?"""
        whole = self.cut >= self.opened.pop(node)
        self.cut = min(self.cut, cut)
        return whole

    def layer(self, ties: int, is_cut: bool = False) -> Layer:
        """Where to keep what depends on this: as far out as it holds. What was cut, for it leads
        too far, may be told better from elsewhere.
        """
        at = len(self.layers) - 1
        while at and not is_cut and not ties & self.layers[at].mask:
            at -= 1
        return self.layers[at]

    def bind(self, function: Node, items: list[Node], scope: Scope) -> None:
        """Follow one very call of a function."""
        level = LEVEL << len(self.bound)
        self.bound[function.id] = items, scope, level
        bit = function_bit(function)
        for layer in self.layers:
            layer.hidden |= bit
        self.layers.append(Layer(mask=level | bit))

    def unbind(self, function: Node) -> None:
        """Leave the call that was followed last."""
        _, _, level = self.bound.pop(function.id)
        self.layers.pop()
        self.ties &= ~level
        hidden = 0
        for layer in reversed(self.layers):
            layer.hidden = hidden
            hidden |= layer.mask & -FUNCTION

    def is_bound(self, function: Node) -> bool:
        """Is a call of the function being followed? What is found out depends on that."""
        bound = self.bound.get(function.id)
        self.ties |= bound[2] if bound is not None else function_bit(function)
        return bound is not None

    def refuse(self, function: Node) -> None:
        """Note that a call is not followed because of those that are."""
        bound = self.bound.get(function.id)
        self.ties |= bound[2] if bound is not None else FUNCTION - LEVEL

    def forget_all(self) -> None:
        """Find out everything anew."""
        self.layers[0] = Layer()
        self.shared.forget(is_settled=True)
        self.asks.clear()
        self.wraps.clear()
        self.exported.clear()
        self.worded.clear()

    def forget_now(self) -> None:
        """Begin with another value."""
        self.layers[0].values_now.clear()
        self.layers[0].varying_now.clear()
        self.layers[0].names_now.clear()

    def forget(self, ties: int) -> None:
        """Find out anew what depends on this, for it has changed."""
        self.forget_now()
        first = self.layers[0]
        self.exported.clear()
        self.worded.clear()
        if ties & VALUES:
            first.values.clear()
            first.varying.clear()
        self.shared.forget()
        first.names = {key: known for key, known in first.names.items() if not known[1] & ties}
        first.things = {key: known for key, known in first.things.items() if not known[1] & ties}


def function_bit(function: Node) -> int:
    """The bit of all calls of a function."""
    return FUNCTION << function.id // 16 % KINDS
