"""What a script's calls hand to its own functions, noted while its names are read."""

from __future__ import annotations

import re

from tree_sitter import Node

from analyzer.model import Vocabulary
from analyzer.parse.values.arriving import ARRIVING, handed_modules, handed_to_setters
from analyzer.parse.values.bundled import note_offers
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.prototypes import note_class_call
from analyzer.parse.values.scope import (
    FUNCTIONS,
    GLOBAL_OBJECTS,
    Expression,
    Function,
    Imported,
    Meaning,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.stores import MAKERS

READY = frozenset({"$", "jQuery", "ready"})  # they hand jQuery to the function that they run
JQUERY = re.compile(r"^(?:\$|jQuery)\(")
KEEPERS = frozenset({"identifier", "member_expression"})  # __awaiter(this, ..., function () {})
QUOTED = frozenset({"string", "template_string"})  # minifiers write one for the other
MOST_CALLS = 64  # of one function that are kept
FEW_CALLS = 8  # the same of a function in a large script that is declared below them
LARGE = 200_000  # bytes: people do not write such scripts by hand


class Calls:
    """The calls of one script."""

    def __init__(self, folder: Folder, vocabulary: Vocabulary) -> None:
        self.folder = folder
        self.functions = folder.functions
        self.callbacks = dict(vocabulary.callbacks)
        self.handing = frozenset(each.rpartition(".")[2] for each in self.callbacks)
        # What a function's parameters stand for that is handed something, by the function's node.
        self.handed: dict[int, list[Meaning | None]] = {}
        self.keeping: set[int] = set()  # functions that are handed over together with `this`
        self.above: list[tuple[str, list[Node], Scope]] = []  # calls of what is not declared yet
        self.stores: list[tuple[Node, Node, str, Scope]] = []  # calls that may make one

    def note(self, node: Node, scope: Scope) -> None:
        """Note what a call hands over, and the function that it calls."""
        callee, arguments = (
            node.child_by_field_name("function"),
            node.child_by_field_name("arguments"),
        )
        if callee is None or arguments is None:
            return
        items = [child for child in arguments.named_children if child.type != "comment"]
        word = self.folder.tail_of(callee, 60).rpartition(".")[2]
        if word in self.handing:
            self._note_handed(callee, items, scope)
        if word in ARRIVING and (handed := handed_modules(self.folder, callee, items, scope)):
            self.handed[handed[0].id] = handed[1]
        if word in MAKERS:
            self.stores.append((node, callee, word, scope))
        elif word == "register" and items:
            setters = handed_to_setters(self.folder, callee, items)
            self.handed.update((setter.id, meant) for setter, meant in setters)
        elif word == "defineProperty":
            self._note_defined(items, scope)
        is_ready = word in READY and items and unwrapped(items[0]).type in FUNCTIONS
        if is_ready and (word != "ready" or JQUERY.search(self.folder.head_of(callee, 30))):
            self.handed[unwrapped(items[0]).id] = [Imported("jQuery")]
        if len(items) > 1 and any(each.type == "this" for each in items):
            self._note_kept(callee, items)
        note_class_call(self.folder, node, callee, items, scope)
        note_offers(self.folder, callee, items, scope)
        target = unwrapped(callee)
        if target.type == "member_expression":
            holder, key = (
                target.child_by_field_name("object"),
                target.child_by_field_name("property"),
            )
            method = self.folder.text_of(key) if key is not None else ""
            if holder is None or method not in ("call", "apply"):
                return
            target = unwrapped(holder)
            if method == "call":
                items = items[1:]
            else:
                listed = items[1] if len(items) > 1 else None
                items = (
                    list(listed.named_children)
                    if listed is not None and listed.type == "array"
                    else []
                )
        if target.type in FUNCTIONS:
            self.functions.setdefault(target.id, Function(target, scope)).calls.append(
                (items, scope)
            )
        elif target.type == "identifier":
            name = self.folder.text_of(target)
            owner = scope.owner(name) or top_of(scope)
            function = owner.functions.get(name)
            if function is None:  # called above its declaration
                function = owner.functions[name] = Function(target, owner)
            if owner.outermost and scope is not owner:
                self.above.append((name, items, scope))
            if len(function.calls) < MOST_CALLS:
                function.calls.append((items, scope))

    def place(self) -> None:
        """Give the calls that stand above the declaration of an inner function to that function."""
        most = MOST_CALLS if len(self.folder.data) < LARGE else FEW_CALLS
        for name, items, scope in self.above:
            owner = scope.owner(name)
            function = owner.functions.get(name) if owner is not None else None
            if owner is None or owner.outermost or function is None or len(function.calls) >= most:
                continue
            function.calls.append((items, scope))
        self.above.clear()

    def _note_kept(self, callee: Node, items: list[Node]) -> None:
        """`__awaiter(this, ..., function () {...})`: the function has the `this` around it."""
        callee = unwrapped(callee)
        is_call = items[0].type == "this" and self.folder.tail_of(callee, 6) in (".call", ".apply")
        if callee.type in KEEPERS and not is_call:
            found = (unwrapped(each) for each in items)
            self.keeping.update(each.id for each in found if each.type in FUNCTIONS)

    def _note_defined(self, items: list[Node], scope: Scope) -> None:
        """`Object.defineProperty(window, "track", {value: function () {...}})`."""
        if len(items) < 3 or items[2].type != "object" or items[1].type not in QUOTED:
            return
        if self.folder.text_of(items[0]) not in GLOBAL_OBJECTS:
            return
        for pair in items_of(items[2]):
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and value is not None and self.folder.text_of(key) == "value":
                name = self.folder.text_of(items[1])[1:-1]
                self.folder.undeclared.setdefault(name, Expression(value, scope))

    def _note_handed(self, callee: Node, items: list[Node], scope: Scope) -> None:
        """A queue that gives the vendor's own object to a function it is handed, as an argument or
        among its options.
        """
        name = self.folder.name_of(callee, scope)
        thing = self.callbacks.get(name or "")
        if thing is None:
            return
        for item in items:
            given = [item]
            if item.type == "object":
                values = (pair.child_by_field_name("value") for pair in item.named_children)
                given = [value for value in values if value is not None]
            for each in given:
                if each.type in FUNCTIONS:
                    self.handed[each.id] = [Imported(thing)]


def top_of(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope
