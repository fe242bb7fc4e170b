"""Which thing a name in a script means: a global, an import, a parameter, a value nearby."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from tree_sitter import Node

GLOBAL_OBJECTS = frozenset({"window", "self", "globalThis", "top", "parent", "frames", "global"})
MOST_ITEMS = 500  # items of a list or an object that are read
FUNCTIONS = frozenset(
    {
        "function_declaration",
        "function_expression",
        "function",
        "arrow_function",
        "method_definition",
        "generator_function",
        "generator_function_declaration",
    }
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A name stands for what this node says, read in this scope."""

    node: Node
    scope: Scope


@dataclass(frozen=True, slots=True)
class Imported:
    """A name stands for an export of a package or of another file: `npm:react-ga4.initialize`."""

    name: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name stands for the argument at this position of a function's calls; `default` is its own
    value.
    """

    function: Function
    position: int
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A name stands for a property of what another one stands for: `const {a: b} = c`."""

    of: Expression
    key: str


Meaning: TypeAlias = Expression | Imported | Parameter | Property


@dataclass(slots=True, eq=False)
class Function:
    """A function of the script and the arguments that it is known to be called with."""

    node: Node
    scope: Scope
    calls: list[tuple[list[Node], Scope]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a function, or of the whole script where there is no `parent`."""

    parent: Scope | None = None
    names: dict[str, list[Meaning]] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)

    def declare(self, name: str, meaning: Meaning | None = None) -> None:
        known = self.names.setdefault(name, [])
        if meaning is not None:
            known.append(meaning)

    def owner(self, name: str) -> Scope | None:
        """The nearest scope that declares the name; None for a global."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope
            scope = scope.parent
        return None

    def function(self, name: str) -> Function | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.functions:
                return scope.functions[name]
            if name in scope.names and not scope.functions.get(name):
                return None
            scope = scope.parent
        return None

    @property
    def outermost(self) -> bool:
        return self.parent is None


def root_of(name: str) -> str:
    """What a dotted name begins with: `_kmq` of `_kmq.push`, `Api` of `new Api().init`, a package
    with its scope.
    """
    name = name.removeprefix("new ")
    if name.startswith("npm:"):
        head, slash, rest = name.rpartition("/")
        return head + slash + rest.partition(".")[0]
    return name.partition(".")[0].removesuffix("()")


def unwrapped(node: Node) -> Node:
    """The node without parentheses, type annotations and the like around it."""
    while node.type in (
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "await_expression",
        "type_assertion",
    ):
        inner = next((child for child in node.named_children if child.type != "comment"), None)
        if inner is None:
            return node
        node = inner
    return node


def items_of(node: Node) -> list[Node]:
    """The items of a list, an object or a call's arguments, without comments and without end."""
    return [child for child in node.named_children[:MOST_ITEMS] if child.type != "comment"]
