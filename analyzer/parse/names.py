"""A script read for the first time: what its names mean, and what stands around what it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from tree_sitter import Node

from analyzer.conditions import CONSENT_WORDS, guard_kind, negation, opposite_words, read_condition
from analyzer.model import Atom, Guard, Moment, Vocabulary
from analyzer.parse.document import NOSCRIPT, Document
from analyzer.parse.fold import Folder
from analyzer.parse.scope import (
    FUNCTIONS,
    Expression,
    Function,
    Imported,
    Parameter,
    Property,
    Scope,
    unwrapped,
)
from analyzer.parse.written import jsx_name

LAYER = re.compile(r"^\w*data_?layer\w*$", re.I)
LISTENERS = frozenset(
    {"addEventListener", "attachEvent", "on", "one", "bind", "delegate", "addListener", "live"}
)
EVENT_METHODS = frozenset(
    {
        "click",
        "submit",
        "change",
        "focus",
        "blur",
        "keyup",
        "keydown",
        "keypress",
        "mousedown",
        "mouseup",
        "hover",
        "input",
    }
)
LOAD_EVENTS = re.compile(
    r"^(?:load|domcontentloaded|ready|readystatechange|pageshow|turbolinks:load|turbo:load|onload|gtm\.)",
    re.I,
)
HANDLER = re.compile(
    r"^(?:on|handle)[A-Z_]\w*$|^on(?:click|submit|change|focus|blur|input|key\w+|mouse\w+)$"
)
TARGETS = frozenset({"identifier", "member_expression", "subscript_expression"})
READABLE = frozenset(
    {"string", "template_string", "number", "object", "array", "binary_expression"}
)
MOST_GLOBALS = 2_000
MOST_GUARDS = 24
TIMERS = frozenset({"setTimeout", "setInterval"})
LEAVES = frozenset(
    {  # two nodes of three, and nothing in them is asked for
        "identifier",
        "property_identifier",
        "shorthand_property_identifier",
        "statement_identifier",
        "number",
        "string",
        "comment",
        "regex",
        "true",
        "false",
        "null",
        "undefined",
        "this",
        "super",
        "string_fragment",
        "escape_sequence",
        "type_identifier",
        "predefined_type",
        "jsx_text",
    }
)


class Branch:
    """A condition that is read when a fact stands under it, for most have none."""

    def __init__(self, read: Callable[[Node], Guard | None], node: Node, opposite: bool) -> None:
        self.read = read
        self.node = node
        self.opposite = opposite

    @cached_property
    def guard(self) -> Guard | None:
        guard = self.read(self.node)
        if guard is None or not self.opposite:
            return guard
        return Guard(negation(guard.condition), opposite_words(guard.text))


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a node: its scope, the conditions, and the moment at which it runs."""

    scope: Scope
    conditions: tuple[Guard | Branch, ...] = ()
    moment: Moment = Moment.LOAD

    @property
    def guards(self) -> tuple[Guard, ...]:
        read = (each.guard if isinstance(each, Branch) else each for each in self.conditions)
        return tuple(guard for guard in read if guard is not None)

    def under(self, condition: Guard | Branch) -> Context:
        """The same inside one more condition; so many of them are undecidable, one more changes
        nothing.
        """
        if len(self.conditions) >= MOST_GUARDS:
            return self
        return replace(self, conditions=(*self.conditions, condition))


class Reader:
    """Reads a script for the first time: its names, and the nodes that may be facts."""

    def __init__(self, document: Document, base: int, vocabulary: Vocabulary) -> None:
        self.document = document
        self.vocabulary = vocabulary
        self.folder = Folder(document, base)
        self.functions: dict[int, Function] = {}
        self.actions: list[tuple[Node, Context]] = []

    def read(self, root: Node) -> None:
        """Note what the names mean and what the script does, in the order of its text."""
        stack: list[tuple[Iterator[Node], Context]] = [(iter((root,)), Context(Scope()))]
        while stack:  # our own stack: bundles nest deeper than Python recurses
            children, context = stack[-1]
            node = next(children, None)
            if node is None:
                stack.pop()
                continue
            kind = node.type
            if kind in LEAVES:
                continue
            if kind in FUNCTIONS:
                context = self._enter(node, context)
            elif kind == "jsx_element" and jsx_name(self.folder, node) == "noscript":
                context = context.under(NOSCRIPT)
            elif kind in ACTIONS and (kind != "pair" or _is_list(node)):
                self.actions.append((node, context))
                ACTIONS[kind](self, node, context)
            if kind in BRANCHES and (kind != "binary_expression" or _sign(node) in ("&&", "||")):
                stack.extend(
                    (iter((child,)), inner)
                    for child, inner in reversed([*self._branches(node, context)])
                )
            elif kind == "call_expression":
                arguments = node.child_by_field_name("arguments")
                inner = node.named_children
                if arguments is not None:
                    stack.append((iter((arguments,)), self._inside_call(node, arguments, context)))
                    inner.pop()
                stack.append((iter(inner), context))
            else:
                stack.append((iter(node.named_children), context))

    def set_globals(self) -> None:
        """Note the global names that are set to something readable, for this script and the next
        ones.
        """
        known = self.document.globals
        for node, context in self.actions:
            if len(known) >= MOST_GLOBALS:
                break
            if node.type == "assignment_expression":
                left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            elif node.type == "variable_declarator" and context.scope.outermost:
                left, right = node.child_by_field_name("name"), node.child_by_field_name("value")
            else:
                continue
            if left is None or right is None or right.type not in READABLE:
                continue
            if left.type == "identifier" and context.scope.owner(self.folder.text_of(left)) not in (
                None,
                top_of(context.scope),
            ):
                continue
            name = self.folder.name_of(left, context.scope) if left.type in TARGETS else None
            if name is not None and name not in known:
                known[name] = self.folder.value(right, context.scope)
        self.folder.forget()

    def _enter(self, node: Node, context: Context) -> Context:
        function = self.functions.get(node.id) or Function(node, context.scope)
        self.functions[node.id] = function
        scope = Scope(context.scope)
        name = node.child_by_field_name("name")
        if name is not None and node.type != "method_definition":
            owner = context.scope if node.type.endswith("declaration") else scope
            owner.declare(self.folder.text_of(name))
            known = owner.functions.setdefault(self.folder.text_of(name), function)
            if known is not function:
                function.calls = known.calls
                owner.functions[self.folder.text_of(name)] = function
        moment = context.moment
        if name is not None and HANDLER.match(self.folder.text_of(name)):
            moment = Moment.INTERACTION
        parameters = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
        if parameters is not None:
            listed = [parameters] if parameters.type == "identifier" else parameters.named_children
            for position, each in enumerate(child for child in listed if child.type != "comment"):
                self._parameter(each, position, function, scope)
        return Context(scope, context.conditions, moment)

    def _parameter(self, node: Node, position: int, function: Function, scope: Scope) -> None:
        default: Expression | None = None
        if node.type in ("required_parameter", "optional_parameter"):
            value = node.child_by_field_name("value")
            default = Expression(value, scope) if value is not None else None
            node = node.child_by_field_name("pattern") or node
        if node.type == "assignment_pattern":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            default = Expression(right, scope) if right is not None else None
            node = left or node
        if node.type == "identifier":
            scope.declare(self.folder.text_of(node), Parameter(function, position, default))
        else:
            for name, _ in self._pattern_names(node):
                scope.declare(name)

    def _pattern_names(self, node: Node) -> Iterator[tuple[str, str]]:
        """The names that a destructuring pattern declares, each with the property it stands for."""
        for child in node.named_children:
            match child.type:
                case "shorthand_property_identifier_pattern" | "identifier":
                    yield self.folder.text_of(child), self.folder.text_of(child)
                case "pair_pattern":
                    key, value = (
                        child.child_by_field_name("key"),
                        child.child_by_field_name("value"),
                    )
                    if key is not None and value is not None and value.type == "identifier":
                        yield self.folder.text_of(value), self.folder.text_of(key)
                case "object_assignment_pattern" | "assignment_pattern":
                    left = child.child_by_field_name("left")
                    if left is not None:
                        yield self.folder.text_of(left), self.folder.text_of(left)

    def _inside_call(self, call: Node, child: Node, context: Context) -> Context:
        """The context of a call's arguments: a listener's function runs later, a timer's too."""
        callee = call.child_by_field_name("function")
        if callee is None:
            return context
        method = self.folder.tail_of(callee, 60).rpartition(".")[2]
        if method in TIMERS:
            return replace(context, moment=_later(context.moment, Moment.TIMER))
        if method in LISTENERS or method in EVENT_METHODS:
            first = child.named_children[0] if child.named_children else None
            event = (
                self.folder.text_of(first).strip("'\"`")
                if first is not None and first.type == "string"
                else ""
            )
            if method in EVENT_METHODS and (first is None or first.type == "string"):
                return context
            if method in LISTENERS and not event:
                return context
            if CONSENT_WORDS.search(event):
                return context.under(
                    Guard(Atom("consent", event), f"after the event {event}", "consent")
                )
            if not LOAD_EVENTS.match(event):
                return replace(context, moment=Moment.INTERACTION)
        return context

    def _branches(self, node: Node, context: Context) -> Iterator[tuple[Node, Context]]:
        """The parts of a condition, each with its context."""
        condition = node.child_by_field_name("condition")
        positive, negative = BRANCHES[node.type]
        if node.type == "binary_expression":
            condition = node.child_by_field_name("left")
            if _sign(node) == "||":
                positive, negative = "", "right"
        yes = node.child_by_field_name(positive) if positive else None
        no = node.child_by_field_name(negative) if negative else None
        for child in node.named_children:
            inner = context
            if condition is not None and child.type not in LEAVES and child in (yes, no):
                inner = context.under(Branch(self._guard, condition, opposite=child == no))
            yield child, inner

    def _guard(self, condition: Node | None) -> Guard | None:
        """The condition as a guard, unless it only asks whether a vendor's function is there
        yet.
        """
        if condition is None:
            return None
        text = " ".join(self.folder.source(condition, 300).split())
        if condition.type == "parenthesized_expression":
            text = text.removeprefix("(").removesuffix(")").strip()
        if re.fullmatch(
            r"!?\(?(?:typeof\s+)?(?:[\w$]+\.)*[\w$]+\)?(?:\s*[!=]==?\s*[\"']?(?:undefined|function|null)[\"']?)?",
            text,
        ):
            last = re.split(r"[^\w$]+", re.sub(r"[!=]==?.*", "", text).strip(" !()"))[-1]
            known = last in self.vocabulary.names or last.lstrip("_") in self.vocabulary.names
            if known or last in ("window", "document", "length") or LAYER.match(last):
                return None
        condition_read = read_condition(text)
        return Guard(condition_read, f"if {text}", guard_kind(condition_read))

    # ------------------------------------------------------------ names of each kind of action

    def _declare_variable(self, node: Node, context: Context) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None:
            return
        if name.type == "identifier":
            text = self.folder.text_of(name)
            context.scope.declare(
                text, Expression(value, context.scope) if value is not None else None
            )
            if value is not None and unwrapped(value).type in FUNCTIONS:
                self._name_function(text, unwrapped(value), context.scope)
        elif value is not None:
            for inner, key in self._pattern_names(name):
                context.scope.declare(inner, Property(Expression(value, context.scope), key))

    def _name_function(self, name: str, node: Node, scope: Scope) -> None:
        function = self.functions.setdefault(node.id, Function(node, scope))
        known = scope.functions.get(name)
        if known is not None:
            function.calls = known.calls
        scope.functions[name] = function

    def _note_assignment(self, node: Node, context: Context) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or left.type != "identifier":
            return
        name = self.folder.text_of(left)
        owner = context.scope.owner(name)
        if owner is None:
            self.folder.undeclared.setdefault(name, Expression(right, context.scope))
        else:
            owner.declare(name, Expression(right, context.scope))
            if unwrapped(right).type in FUNCTIONS:
                self._name_function(name, unwrapped(right), owner)

    def _note_call(self, node: Node, context: Context) -> None:
        callee, arguments = (
            node.child_by_field_name("function"),
            node.child_by_field_name("arguments"),
        )
        if callee is None or arguments is None:
            return
        items = [child for child in arguments.named_children if child.type != "comment"]
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
            self.functions.setdefault(target.id, Function(target, context.scope)).calls.append(
                (items, context.scope)
            )
        elif target.type == "identifier":
            name = self.folder.text_of(target)
            scope = context.scope.owner(name) or top_of(context.scope)
            function = scope.functions.get(name)
            if function is None:  # called above its declaration
                function = scope.functions[name] = Function(target, scope)
            if len(function.calls) < 64:
                function.calls.append((items, context.scope))

    def _note_import(self, node: Node, context: Context) -> None:
        source = node.child_by_field_name("source")
        if source is None:
            return
        package = self.folder.text_of(source).strip("'\"`")
        for clause in node.named_children:
            if clause.type != "import_clause":
                continue
            for child in clause.named_children:
                if child.type == "identifier":
                    context.scope.declare(self.folder.text_of(child), Imported(f"npm:{package}"))
                elif child.type == "namespace_import":
                    name = child.named_children[-1]
                    context.scope.declare(self.folder.text_of(name), Imported(f"npm:{package}"))
                elif child.type == "named_imports":
                    self._named_imports(child, package, context)

    def _named_imports(self, node: Node, package: str, context: Context) -> None:
        for child in node.named_children:
            name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if name is None:
                continue
            exported = self.folder.text_of(name).strip("'\"")
            meaning = f"npm:{package}" if exported == "default" else f"npm:{package}.{exported}"
            context.scope.declare(self.folder.text_of(alias or name), Imported(meaning))

    def _note_nothing(self, node: Node, context: Context) -> None:
        """A fact that declares no name."""


ACTIONS = {
    "variable_declarator": Reader._declare_variable,
    "assignment_expression": Reader._note_assignment,
    "call_expression": Reader._note_call,
    "new_expression": Reader._note_nothing,
    "import_statement": Reader._note_import,
    "export_statement": Reader._note_nothing,
    "pair": Reader._note_nothing,
    "jsx_element": Reader._note_nothing,
    "jsx_opening_element": Reader._note_nothing,
    "jsx_self_closing_element": Reader._note_nothing,
}
BRANCHES = {
    "if_statement": ("consequence", "alternative"),
    "ternary_expression": ("consequence", "alternative"),
    "binary_expression": ("right", ""),
}


def _is_list(pair: Node) -> bool:
    """Is the value a list? Bundles hold too many pairs to look closer at each."""
    value = pair.child_by_field_name("value")
    return value is not None and value.type == "array"


def _later(now: Moment, then: Moment) -> Moment:
    return then if now is Moment.LOAD else now


def top_of(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


def _sign(node: Node) -> str:
    """The operator of a binary expression; a sign is its own kind of node."""
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""
