"""Which thing a name in a script means: a global, an import, a parameter, a value nearby."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from tree_sitter import Node

GLOBAL_OBJECTS = frozenset(
    {"window", "self", "globalThis", "top", "parent", "frames", "global", "document.defaultView"}
)
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


FIELDS = frozenset({"field_definition", "public_field_definition"})
WRAPPINGS = frozenset(
    {
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "await_expression",
        "yield_expression",
        "type_assertion",
    }
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A name stands for what this node says, read in this scope."""

    node: Node
    scope: Scope


@dataclass(frozen=True, slots=True)
class Imported:
    """A name stands for an export of a package or of another file: `npm:react-ga4.initialize`.

    `module` is how the script asks for it, `export` what it takes of it, `*` for all.
    """

    name: str
    module: str = ""
    export: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name stands for the argument at this position of a function's calls; `default` is its own
    value, and with `rest` it stands for all arguments from there on. `wanted` is the type or the
    token by which a framework hands it over.
    """

    function: Function
    position: int
    default: Expression | None = None
    rest: bool = False
    wanted: Expression | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A name stands for a property of what another one stands for: `const {a: b} = c`."""

    of: Meaning
    key: str
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """More is put behind what a name stood for: `url += "&id=1"`, perhaps, or again and again."""

    node: Node
    scope: Scope
    maybe: bool = False
    often: bool = False


Called: TypeAlias = "tuple[list[Node], Scope]"  # with what, and where
Meaning: TypeAlias = Expression | Imported | Parameter | Property | Added


@dataclass(slots=True, eq=False)
class Function:
    """A function of the script and the arguments that it is known to be called with: by its name,
    and where a property or another name leads to it; `inner` is the scope of its body.
    """

    node: Node
    scope: Scope
    calls: list[Called] = field(default_factory=list)
    led_to: list[Called] = field(default_factory=list)
    inner: Scope | None = None
    returns: list[Node] | None = None  # what it gives back, once that was asked
    # What is given at a position of which calls, once that was asked.
    given: dict[int, tuple[list[Called], tuple[Expression, ...]]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a function, or of the whole script where there is no `parent`.

    `at` is the function or the field whose `this` it has, and `body` the function whose `arguments`
    these are; arrow functions have none of their own.
    """

    parent: Scope | None = None
    names: dict[str, list[Meaning]] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    at: Node | None = None
    body: Function | None = None
    kept: Node | None = None
    depth: int = 0  # functions around it

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

    def holds(self, node: Node) -> bool:
        """Does the node stand in the function, or anywhere where this is the script's scope?"""
        if self.body is None:
            return self.parent is None
        function = self.body.node
        return function.start_byte <= node.start_byte < function.end_byte

    @property
    def this(self) -> Node | None:
        """The class, object or function whose properties `this` has; a tree is slow to say that."""
        if self.kept is None and self.at is not None:
            self.kept = owner_of(self.at)
        return self.kept

    def around(self) -> Scope:
        """The nearest scope that has a `this` of its own, or the script's."""
        scope = self
        while scope.at is None and scope.parent is not None:
            scope = scope.parent
        return scope

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
        return head + slash + rest.partition(".")[0].removesuffix("()")
    return name.partition(".")[0].removesuffix("()")


def unwrapped(node: Node) -> Node:
    """The node without parentheses, type annotations and the like around it."""
    while node.type in WRAPPINGS:
        inner = [child for child in node.named_children if child.type != "comment"]
        if not inner:
            return node
        node = inner[-1 if node.type == "type_assertion" else 0]  # <any>window
        if node.type == "sequence_expression" and node.named_child_count == 2:
            first, last = node.named_children
            node = last if first.type == "number" else node  # (0, a.b)() calls b without its this
    return node


def items_of(node: Node) -> list[Node]:
    """The items of a list, an object or a call's arguments, without comments and without end."""
    return [child for child in node.named_children[:MOST_ITEMS] if child.type != "comment"]


def owner_of(function: Node) -> Node:
    """Whose properties `this` has in a function: a class, an object, or what the function makes."""
    around = function.parent
    if function.type in ("method_definition", *FIELDS) and around is not None:
        return around.parent or around if around.type == "class_body" else around
    if around is not None and around.type == "pair" and around.parent is not None:
        return around.parent
    return function
