"""A script's names and values with all left open that callers give and other files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from analyzer.model import (
    FROM,
    FUNCTION,
    GIVEN,
    IN,
    ITSELF,
    REST,
    RESULT,
    Hole,
    Object,
    Origin,
    OriginKind,
    Result,
    Value,
    Vocabulary,
    holes,
    options,
)
from analyzer.parse.scripts.javascript import MOST_ARGUMENTS
from analyzer.parse.scripts.names import Context, Reader
from analyzer.parse.values.callbacks import handed_over
from analyzer.parse.values.document import Document, choice
from analyzer.parse.values.dotted import COMMAND, COMMANDS
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.injected import TYPE, asked_by
from analyzer.parse.values.scope import (
    FUNCTIONS,
    Expression,
    Meaning,
    Parameter,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.scope import Function as Own
from analyzer.parse.values.things import CLASSES, SAME, callee_of, function_of, member_of

KEEPERS = re.compile(
    r"(?:^|\.)(?:useCallback|useMemoizedFn|useEvent|useEventCallback|debounce|throttle|once|memo"
    r"|forwardRef|observer|cache|action)$"
)
DEFINES = re.compile(r"define\w{0,20}Config$")  # it gives back the settings that it is given
PROTOTYPE = ".prototype"
WAITING = frozenset(
    {OriginKind.UNKNOWN, OriginKind.IMPORT, OriginKind.PARAMETER, OriginKind.GLOBAL}
)
TOLD_HERE = frozenset({OriginKind.FIELD, OriginKind.FORM, OriginKind.ELEMENT, OriginKind.QUERY})


class Tracing(Folder):
    """Folds expressions, and lets what callers give and other files say stand as it is."""

    def __init__(self, document: Document, base: int) -> None:
        super().__init__(document, base)
        self.path = document.source.path
        self.results: dict[str, Result] = {}
        self.defaults: dict[str, dict[str, Value]] = {}
        self.makers: dict[str, Node] = {}
        self.top = Scope()
        # The functions that names at the top are given later: by the name, then by the key.
        self.put_on: dict[str, dict[str, Node]] = {}

    def note_top(self, top: Scope) -> None:
        """Note what the names at the top are given: `api.send = function () {...}`."""
        for (holder, key), found in self.set_later.items():
            root = holder.partition(".")[0]
            for each in found[:1]:
                if each.scope.owner(root) is not top:
                    continue
                node = unwrapped(each.node)
                if node.type in FUNCTIONS:
                    self.put_on.setdefault(holder, {})[key] = node
                elif node.type == "object" and f".{key}" == PROTOTYPE:
                    self.put_on.setdefault(holder + PROTOTYPE, {}).update(methods_in(self, node))
        self.top = top
        self.memory.forget_all()

    def hole(
        self,
        node: Node,
        kind: OriginKind = OriginKind.UNKNOWN,
        name: str = "",
        of: tuple[Origin, ...] = (),
    ) -> Hole:
        if kind is OriginKind.IMPORT and IN not in name:
            name = f"{name}{IN}{self.path}"
        return super().hole(node, kind, name, of)

    def own(self, node: Node, name: str) -> Hole:
        """A hole that stands for a function, a class or a call of this file."""
        return self.hole(node, OriginKind.IMPORT, f"{name}{FROM}")

    def _function(self, node: Node, function: Node) -> Hole:
        """What stands for a function of this file: its name, or the global one that it is."""
        if COMMANDS.search(self.head_of(function, 400)):
            return self.hole(node, OriginKind.GLOBAL, COMMAND)
        return self.own(node, key_of(function))

    def result_name(self, node: Node) -> str:
        """The name of what a call gives back; its length as it is shown tells it from what is made
        of it.
        """
        length = len(self.hole(node).text)
        return f"{RESULT}{node.start_byte}+{node.end_byte - node.start_byte}+{length}"

    def uid(self, node: Node) -> str:
        """The name of a function in this file, and the file."""
        return f"{key_of(node)}{FROM}{IN}{self.path}"

    def _value(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        if node.type in CLASSES:
            self.makers[key_of(node)] = node
            return self.own(node, key_of(node))
        if node.type in FUNCTIONS:
            return self._function(node, node)
        if node.type == "enum_declaration":
            return self._enumeration(node, scope)
        if node.type in ("internal_module", "module"):
            return self._namespace(node, scope)
        if node.type == "subscript_expression":
            return self._looked_up(node, scope, witnesses)
        if (wanted := node if node.type == TYPE else asked_by(node, self)) is not None:
            return self._handed_over(node, wanted, scope)
        if node.type not in ("call_expression", "new_expression"):
            return super()._value(node, scope, witnesses)
        callee, items = callee_of(node)
        if callee is not None and items:
            keeps = unwrapped(items[0]).type in FUNCTIONS and KEEPERS.search(
                self.tail_of(callee, 60)
            )
            if keeps or self.head_of(callee) in SAME or DEFINES.match(self.head_of(callee)):
                return self.value(items[0], scope)
        known = super()._value(node, scope, witnesses)
        what = self.meant(callee, scope) if callee is not None else None
        if not isinstance(what, Hole) or not _is_opaque(known, what):
            return known
        name = self.result_name(node)
        if name not in self.results:
            self.results[name] = Result(what, ())  # it may be part of itself
            args = tuple(self.value(each, scope) for each in items[:MOST_ARGUMENTS])
            self.results[name] = Result(what, args, node.type == "new_expression")
        of = tuple(dict.fromkeys(hole.origin for hole in holes(known) if not _is_unknown(hole)))
        return self.hole(node, OriginKind.IMPORT, f"{name}{FROM}", of)

    def _handed_over(self, node: Node, wanted: Node, scope: Scope) -> Value:
        """What a framework makes of a class that is wanted by its name."""
        what = self._identifier(wanted, scope, None)
        if not _is_imported(what):
            return self.hole(node)
        name = self.result_name(node)
        self.results.setdefault(name, Result(what, (), True))
        return self.own(node, name)

    def _property(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        """What a script puts into something that another file made is known here: `form.email`."""
        value = super()._property(node, scope, witnesses)
        if not isinstance(value, Hole) or not value.origin.name.startswith(RESULT):
            return value
        put = [each for each in member_of(self, node, scope) if each.node.id != node.id]
        known = choice(self.value(each.node, each.scope, witnesses) for each in put)
        return known if any(hole.origin.kind in TOLD_HERE for hole in holes(known)) else value

    def _looked_up(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        """What stands in a list of the file under a name that a caller gives: `EVENTS[name]`."""
        holder, index = node.child_by_field_name("object"), node.child_by_field_name("index")
        if holder is None or index is None or self.key_of(node, scope) is not None:
            return super()._value(node, scope, witnesses)
        whole, key = self.value(holder, scope), self.value(index, scope)
        is_given = isinstance(key, Hole) and GIVEN in key.origin.name
        if not is_given or not (isinstance(whole, Object) or _is_imported(whole)):
            return super()._value(node, scope, witnesses)
        name = self.result_name(node)
        self.results[name] = Result(whole, (key,), looked_up=True)
        return self.own(node, name)

    def _enumeration(self, node: Node, scope: Scope) -> Value:
        """The members of an enumeration that have a value of their own."""
        body = node.child_by_field_name("body")
        items: list[tuple[str, Value]] = []
        for each in items_of(body) if body is not None else ():
            name, value = each.child_by_field_name("name"), each.child_by_field_name("value")
            if name is not None and value is not None:
                items.append((self.text_of(name).strip("'\""), self.value(value, scope)))
        return Object(tuple(items))

    def _namespace(self, node: Node, scope: Scope) -> Value:
        """What a namespace exports."""
        body = node.child_by_field_name("body")
        items: list[tuple[str, Value]] = []
        for each in items_of(body) if body is not None else ():
            declared = each.child_by_field_name("declaration")
            if each.type != "export_statement" or declared is None:
                continue
            for named in declared_in(declared):
                name, value = named.child_by_field_name("name"), named.child_by_field_name("value")
                if name is not None:
                    items.append((self.text_of(name), self.value(value or named, scope)))
        return Object(tuple(items))

    def meant(self, callee: Node, scope: Scope) -> Value:
        """The function that is called, as a hole that names it; None where nothing is known."""
        own = function_of(self, callee, scope)
        if own is not None and not is_called_at_once(own.node):
            return self.own(callee, key_of(own.node))
        found = self.value(callee, scope)
        named = [
            each
            for each in options(found)
            if isinstance(each, Hole) and each.origin.kind in (OriginKind.IMPORT, OriginKind.GLOBAL)
        ]
        return named[0] if named else None

    def _identifier(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        name = self.text_of(node)
        owner = scope.owner(name)
        if owner is None and name == "arguments" and (around := scope.around().body) is not None:
            return self._given(node, around, f"0{REST}")
        if owner is not None and not owner.names[name]:
            known = owner.functions.get(name)
            if known is not None and known.node.type in FUNCTIONS:
                return self._function(node, known.node)
        value = super()._identifier(node, scope, witnesses)
        return self._given_later(name, value) if owner is self.top else value

    def with_methods(self, name: str, what: Expression) -> Value:
        """What a name at the top stands for, with the functions that it is given later."""
        return self._given_later(name, self.value(what.node, what.scope))

    def _given_later(self, name: str, value: Value) -> Value:
        given = self.put_on.get(name)
        held = next((each for each in options(value) if isinstance(each, Object)), None)
        if given is None or held is None:
            return value
        later = ((key, self.own(each, key_of(each))) for key, each in given.items())
        return Object((*held.items, *later))

    def _meaning(
        self, meaning: Meaning, node: Node, witnesses: list[Node] | None
    ) -> Iterator[Value]:
        if not isinstance(meaning, Parameter):
            yield from super()._meaning(meaning, node, witnesses)
            return
        function = meaning.function
        if self.memory.is_bound(function.node) or is_called_at_once(function.node):
            yield from super()._meaning(meaning, node, witnesses)
            return
        if not name_of_function(self, function.node):
            yield from (each for each in handed_over(self, meaning) if not _is_waiting(each))
            return
        if (wanted := meaning.wanted) is not None:
            made = self.value(wanted.node, wanted.scope)
            if _is_imported(made):  # or a caller hands over what has the type
                yield made
        if handed := [*handed_over(self, meaning)]:  # form.onsubmit = (event) => ...
            yield from handed
            return
        position = f"{meaning.position}{REST if meaning.rest else ''}"
        if meaning.default is not None:
            known = self.defaults.setdefault(key_of(function.node), {})
            if position not in known:
                known[position] = None
                known[position] = self.value(meaning.default.node, meaning.default.scope)
        yield self._given(node, function, position)

    def _given(self, node: Node, function: Own, position: str) -> Hole:
        name = f"{position}{GIVEN}{self.uid(function.node)}"
        return self.hole(node, OriginKind.PARAMETER, name)


class TracingReader(Reader):
    """Reads names for a folder that traces, and remembers which functions have which scope."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        super().__init__(document, 0, vocabulary, Tracing(document, 0))
        self.folder.packages = vocabulary.packages
        self.named: dict[int, str] = {}  # the functions that have names, by their scopes

    def _enter(self, node: Node, context: Context) -> Context:
        inner = super()._enter(node, context)
        if name_of_function(self.folder, node) and not is_called_at_once(node):
            self.named[id(inner.scope)] = key_of(node)
        return inner

    def around(self, scope: Scope) -> str:
        """The nearest function around that has a name, or the module itself."""
        found: Scope | None = scope
        while found is not None:
            if (name := self.named.get(id(found))) is not None:
                return name
            found = found.parent
        return ITSELF


def key_of(node: Node) -> str:
    """The name of a function or a class in its file."""
    return f"{FUNCTION}{node.start_byte}"


def is_called_at_once(function: Node) -> bool:
    """Is the function called where it is written?"""
    node = function
    while node.parent is not None and node.parent.type == "parenthesized_expression":
        node = node.parent
    around = node.parent
    if around is not None and around.type == "member_expression":  # .call(this), .apply()
        held = around.child_by_field_name("object")
        if held is not None and held.id == node.id:
            node, around = around, around.parent
    if around is None or around.type != "call_expression":
        return False
    callee = around.child_by_field_name("function")
    return callee is not None and callee.id == node.id


def name_of_function(folder: Folder, function: Node) -> str:
    """What a function is called by; empty for one that is only handed on."""
    name = function.child_by_field_name("name")
    if name is not None:
        return folder.text_of(name)
    holder = function.parent
    while holder is not None and holder.type in (
        "arguments",
        "call_expression",
        "parenthesized_expression",
    ):
        if holder.type == "call_expression":
            callee = holder.child_by_field_name("function")
            if callee is None or not KEEPERS.search(folder.tail_of(callee, 60)):
                return ""
        holder = holder.parent
    if holder is None:
        return ""
    if holder.type == "export_statement":
        return "default"
    key = {
        "variable_declarator": "name",
        "pair": "key",
        "assignment_expression": "left",
        "field_definition": "property",
        "public_field_definition": "name",
    }.get(holder.type)
    named = holder.child_by_field_name(key) if key is not None else None
    return folder.tail_of(named, 60).rpartition(".")[2].strip("'\"") if named is not None else ""


def methods_in(folder: Folder, node: Node) -> Iterator[tuple[str, Node]]:
    """The functions that an object holds, by their names."""
    for each in items_of(node):
        if each.type == "method_definition":
            named, made = each.child_by_field_name("name"), each
        else:
            named, value = each.child_by_field_name("key"), each.child_by_field_name("value")
            made = unwrapped(value) if value is not None else each
        if named is not None and made.type in FUNCTIONS:
            yield folder.text_of(named).strip("\"'"), made


def declared_in(node: Node) -> list[Node]:
    """The variables of a declaration, or the function or class that it is."""
    variables = [each for each in node.named_children if each.type == "variable_declarator"]
    return variables or [node]


def _is_opaque(value: Value, callee: Hole) -> bool:
    """Can only the file of the callee tell what a call gives?"""
    if callee.origin.kind is not OriginKind.IMPORT or callee.origin.name.startswith(FUNCTION):
        is_new = isinstance(value, Hole) and value.text.startswith("new ")
        return _is_unknown(value) or (is_new and callee.origin.kind is OriginKind.IMPORT)
    return isinstance(value, Hole) and value.origin.kind is not OriginKind.HASH


def _is_waiting(value: Value) -> bool:
    """Does a value only say that it is not known here?"""
    return isinstance(value, Hole) and value.origin.kind in WAITING


def _is_imported(value: Value) -> bool:
    return isinstance(value, Hole) and value.origin.kind is OriginKind.IMPORT


def _is_unknown(value: Value) -> bool:
    if not isinstance(value, Hole) or value.origin.of:
        return False
    kind, name = value.origin.kind, value.origin.name
    return kind is OriginKind.UNKNOWN or (
        kind is OriginKind.GLOBAL and name.removeprefix("new ").startswith("npm:")
    )
