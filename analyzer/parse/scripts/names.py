"""A script read for the first time: what its names mean, and what stands around what it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from tree_sitter import Node

from analyzer.conditions import CONSENT_WORDS, guard_kind, negation, opposite_words, read_condition
from analyzer.model import Atom, Guard, Moment, Value, Vocabulary
from analyzer.parse.scripts.calls import QUOTED, Calls, top_of
from analyzer.parse.scripts.taken import note_import
from analyzer.parse.scripts.written import jsx_name
from analyzer.parse.values.added import addition
from analyzer.parse.values.bundled import note_module, note_set
from analyzer.parse.values.callbacks import EVENT_METHODS, HEARING, LISTENERS, note_handed
from analyzer.parse.values.callers import note_callers
from analyzer.parse.values.changes import note_changes
from analyzer.parse.values.document import NOSCRIPT, Document
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.held import EACH
from analyzer.parse.values.injected import TYPED_FIELD, makes_field, named_for
from analyzer.parse.values.memory import CALLS, VALUES
from analyzer.parse.values.namespaces import note_other_name
from analyzer.parse.values.prototypes import note_classes, note_method
from analyzer.parse.values.scope import (
    FIELDS,
    FUNCTIONS,
    GLOBAL_OBJECTS,
    Expression,
    Function,
    Meaning,
    Parameter,
    Property,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.selves import prototype_behind, this_behind
from analyzer.parse.values.stores import note_store

LAYER = re.compile(r"^\w*data_?layer\w*$", re.I)
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
NAMES = frozenset({"identifier", "shorthand_property_identifier"})
HANDED_OUT = frozenset(
    {"return_statement", "parenthesized_expression", "assignment_expression", "variable_declarator"}
)
JQUERY_NAMES = frozenset({"$", "jQuery"})  # what its calls give is known by these names
MOST_OBJECTS = 4_000
MODULES = frozenset({"pair", "method_definition", "array"})  # where a bundle may hold one
HOISTED = re.compile(rb";var ([\w$]+(?:,[\w$]+)*);?\}\Z")
LONGEST_HOISTED = 60  # bytes
DEEPEST_SCOPE = 200  # functions inside each other; those further in share one scope
# `a?.b()` as compilers write it for older browsers: `(t = a) == null || t.b()`.
OPTIONAL = re.compile(
    r"(?:null\s?[!=]==?\s?\(\w+\s?=[^=;{}?:]{1,200}\)|\([\w$]+\s?=[^=;{}?:][^;{}?:]{0,200}\)\s?[!=]==?\s?null)"
    r"(?:\s?(?:\|\||&&)\s?(?:void 0\s?[!=]==?\s?[\w$]+|[\w$]+\s?[!=]==?\s?void 0))?"
)
MOST_GLOBALS = 2_000
MOST_GUARDS = 24
MOST_ITEMS_TOLD = 24  # items of a list that a loop's name stands for
MOST_MEMBERS = 20_000  # properties of names that a script sets
LONGEST_HOLDER = 60  # characters of such a name
MADE = re.compile(r"[\w$]+(?:\.(?:prototype|defaults))?")
MOST_INSIDE = 6  # patterns inside each other
TIMERS = frozenset({"setTimeout", "setInterval"})
LISTS = frozenset({"array", "ternary_expression", "identifier", "call_expression"})
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

    def __init__(
        self, document: Document, base: int, vocabulary: Vocabulary, folder: Folder | None = None
    ) -> None:
        self.document = document
        self.vocabulary = vocabulary
        self.folder = folder if folder is not None else Folder(document, base)
        self.functions = self.folder.functions
        self.calls = Calls(self.folder, vocabulary)
        self.fields: dict[int, Node] = {}  # the field that a function is the value of, by its node
        self.actions: list[tuple[Node, Context]] = []
        self.objects: list[tuple[Node, Scope]] = []  # what functions give back, or names stand for
        self.early: list[tuple[str, Expression]] = []  # what names are set to above their `var`

    def read(self, root: Node) -> None:
        """Note what the names mean and what the script does, in the order of its text."""
        step, most = self.document.budget.step, self.folder.most(MOST_OBJECTS)
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
            step()
            if kind in MODULES:
                note_module(self.folder, node)
            if kind == "pair" or kind in FIELDS:
                self._note_method(node)
                if kind == TYPED_FIELD:
                    self._note_wanted(node, context.scope)
            elif kind == "object" and len(self.objects) < most and _is_handed_out(node):
                self.objects.append((node, context.scope))
            if kind in FUNCTIONS:
                context = self._enter(node, context)
            elif kind == "class" and node.child_by_field_name("name") is not None:
                context = self._named_class(node, context)
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
        for name, meant in self.early:
            if (owner := meant.scope.owner(name)) is not None:
                owner.declare(name, meant)
                note_other_name(self.folder, name, meant.node, meant.scope)
                if unwrapped(meant.node).type in FUNCTIONS:
                    self._name_function(name, unwrapped(meant.node), owner)
        self.calls.place()
        self._name_methods()
        self.folder.memory.forget_all()  # some names were asked for while others were missing
        note_classes(self.folder)
        for made in self.calls.stores:
            note_store(self.folder, *made)
        note_callers(self.folder, ((node, context.scope) for node, context in self.actions))
        note_handed(self.folder, ((node, context.scope) for node, context in self.actions))
        note_changes(self.folder, ((node, context.scope) for node, context in self.actions))
        self.folder.memory.forget(CALLS | VALUES)

    def set_globals(self) -> None:
        """Note the global names that are set to something readable, for this script and the next
        ones.
        """
        known, looked_up = self.document.globals, self.folder.looked_up
        most = self.folder.most(MOST_GLOBALS)
        before = set(known)
        looked_up.clear()
        for node, context in self.actions:
            if len(known) >= most:
                break
            if node.type == "assignment_expression":
                left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            elif node.type == "variable_declarator" and context.scope.outermost:
                left, right = node.child_by_field_name("name"), node.child_by_field_name("value")
            else:
                continue
            if left is not None and right is not None and left.type == "object_pattern":
                self._set_globals_in(left, context.scope, known)
                continue
            if left is None or right is None or unwrapped(right).type not in READABLE:
                continue
            if left.type == "identifier" and context.scope.owner(self.folder.text_of(left)) not in (
                None,
                top_of(context.scope),
            ):
                continue
            name = self.folder.name_of(left, context.scope) if left.type in TARGETS else None
            if name is not None and name not in known:
                known[name] = self.folder.value(right, context.scope)
        if not looked_up.isdisjoint(known.keys() - before):
            self.folder.memory.forget(VALUES)  # what was told without these globals

    def _note_method(self, node: Node) -> None:
        """A property or a field that is a function."""
        value = node.child_by_field_name("value")
        if value is None or value.type not in FUNCTIONS:
            return
        named = node.child_by_field_name("key") or node.named_children[0]
        self.folder.methods.add(self.folder.text_of(named).strip("\"'"))
        if node.type in FIELDS:
            self.fields[value.id] = node

    def _set_globals_in(self, pattern: Node, scope: Scope, known: dict[str, Value]) -> None:
        """The names of `const { id = "1" } = props` that are known by their own value."""
        for each in pattern.named_children:
            if each.type == "object_assignment_pattern":
                name = each.child_by_field_name("left")
                if name is not None and name.type == "shorthand_property_identifier_pattern":
                    known.setdefault(self.folder.text_of(name), self.folder.value(name, scope))

    def _enter(self, node: Node, context: Context) -> Context:
        function = self.functions.get(node.id) or Function(node, context.scope)
        self.functions[node.id] = function
        outer = context.scope
        scope = Scope(outer, depth=outer.depth + 1) if outer.depth < DEEPEST_SCOPE else outer
        function.inner = scope
        if node.type != "arrow_function":
            scope.body = function
            scope.at = node if node.id not in self.calls.keeping else None
        elif node.id in self.fields:
            scope.at = self.fields[node.id]
        end = self.folder.base + node.end_byte
        if self.document.data.rfind(b"var ", end - LONGEST_HOISTED, end) >= 0:
            for hoisted in self._hoisted(node):
                scope.declare(hoisted)
        name = node.child_by_field_name("name")
        if name is not None and node.type == "method_definition":
            self.folder.methods.add(self.folder.text_of(name).strip("\"'"))
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

    def _named_class(self, node: Node, context: Context) -> Context:
        """Inside of a class that is an expression its own name means it: `var a = class b {}`."""
        scope = Scope(context.scope, depth=context.scope.depth)
        name = node.child_by_field_name("name")
        scope.declare(
            self.folder.text_of(name) if name is not None else "", Expression(node, scope)
        )
        return replace(context, scope=scope)

    def _hoisted(self, function: Node) -> list[str]:
        """The names that minifiers declare behind the `return` in which they are set."""
        start, end = self.folder.base + function.start_byte, self.folder.base + function.end_byte
        found = HOISTED.search(self.document.data, max(start, end - LONGEST_HOISTED), end)
        return found[1].decode().split(",") if found is not None else []

    def _parameter(self, node: Node, position: int, function: Function, scope: Scope) -> None:
        default: Expression | None = None
        wanted: Expression | None = None
        if node.type in ("required_parameter", "optional_parameter"):
            value = node.child_by_field_name("value")
            default = Expression(value, scope) if value is not None else None
            is_field = makes_field(node)
            if function.node.type == "method_definition" and self._constructs(function.node):
                wanted = self._wanted(node, function.scope)
            node = node.child_by_field_name("pattern") or node
            if is_field and scope.this is not None:  # constructor(private readonly id: string)
                key = (scope.this.id, self.folder.text_of(node))
                self.folder.members.setdefault(key, []).append(Expression(node, scope))
        if node.type == "assignment_pattern":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            default = Expression(right, scope) if right is not None else None
            node = left or node
        meant: Meaning = Parameter(function, position, default, wanted=wanted)
        handed = self.calls.handed.get(function.node.id, ())
        if position < len(handed):
            meant = handed[position] or meant
        if node.type == "identifier":
            scope.declare(self.folder.text_of(node), meant)
        elif node.type == "rest_pattern" and node.named_children:
            rest = node.named_children[0]
            if rest.type == "identifier":
                meaning = Parameter(function, position, rest=True)
                scope.declare(self.folder.text_of(rest), meaning)
        else:
            self._take_apart(node, meant, scope)

    def _constructs(self, method: Node) -> bool:
        name = method.child_by_field_name("name")
        return name is not None and self.folder.text_of(name) == "constructor"

    def _note_wanted(self, field: Node, scope: Scope) -> None:
        """A field without a value: `@Inject() private analytics: AnalyticsService`."""
        name, body = field.child_by_field_name("name"), field.parent
        if field.child_by_field_name("value") is not None or name is None or body is None:
            return
        wanted = self._wanted(field, scope)
        if wanted is not None and body.parent is not None:
            key = (body.parent.id, self.folder.text_of(name))
            self.folder.members.setdefault(key, []).append(wanted)

    def _wanted(self, node: Node, scope: Scope) -> Expression | None:
        """By what a framework hands a parameter or a field to a class."""
        named = named_for(node, self.folder)
        return Expression(named, scope) if named is not None else None

    def _take_apart(self, pattern: Node, whole: Meaning, scope: Scope, deep: int = 0) -> None:
        """Declare the names of a destructuring pattern, each with the property it stands for."""
        listed = pattern.type == "array_pattern"
        position = 0  # of an item: a hole between two commas counts too
        for child in pattern.children if deep < MOST_INSIDE else ():
            if child.type == ",":
                position += 1
                continue
            if not child.is_named or child.type == "comment":
                continue
            target, default = child, None
            if child.type in ("object_assignment_pattern", "assignment_pattern"):
                target = child.child_by_field_name("left") or child
                default = child.child_by_field_name("right")
            key = str(position) if listed else self.folder.text_of(target)
            if child.type == "pair_pattern":
                named, target = (
                    child.child_by_field_name("key"),
                    child.child_by_field_name("value") or child,
                )
                key = self.folder.text_of(named).strip("\"'") if named is not None else ""
                if target.type == "assignment_pattern":
                    default = target.child_by_field_name("right")
                    target = target.child_by_field_name("left") or target
            elif child.type == "rest_pattern":
                for rest in child.named_children[:1]:
                    scope.declare(self.folder.text_of(rest))
                continue
            instead = Expression(default, scope) if default is not None else None
            meaning = Property(whole, key, instead)
            if target.type in ("object_pattern", "array_pattern"):
                self._take_apart(target, meaning, scope, deep + 1)
            elif target.type in ("identifier", "shorthand_property_identifier_pattern"):
                scope.declare(self.folder.text_of(target), meaning)

    def _inside_call(self, call: Node, child: Node, context: Context) -> Context:
        """The context of a call's arguments: a listener's function runs later, a timer's too."""
        callee = call.child_by_field_name("function")
        if callee is None:
            return context
        method = self.folder.tail_of(callee, 60).rpartition(".")[2]
        if method in TIMERS:
            return replace(context, moment=_later(context.moment, Moment.TIMER))
        if method in HEARING:
            first = child.named_children[0] if child.named_children else None
            event = (
                self.folder.text_of(first).strip("'\"`")
                if first is not None and first.type in QUOTED
                else ""
            )
            if method in EVENT_METHODS and (first is None or first.type in QUOTED):
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
        if OPTIONAL.fullmatch(text):
            return None
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
            if value is not None and _is_parameter(context.scope, text):
                context.scope.names[text].clear()  # minifiers use a parameter's name again
            context.scope.declare(
                text, Expression(value, context.scope) if value is not None else None
            )
            if value is not None and unwrapped(value).type in FUNCTIONS:
                self._name_function(text, unwrapped(value), context.scope)
            elif value is not None:
                note_other_name(self.folder, text, value, context.scope)
        elif value is not None:
            self._take_apart(name, Expression(value, context.scope), context.scope)

    def _name_function(self, name: str, node: Node, scope: Scope) -> None:
        function = self.functions.setdefault(node.id, Function(node, scope))
        known = scope.functions.get(name)
        if known is not None:
            function.calls = known.calls
        scope.functions[name] = function

    def _note_assignment(self, node: Node, context: Context) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        if left.type in ("member_expression", "subscript_expression"):
            self._note_member(left, right, context.scope)
        if left.type != "identifier":
            return
        name = self.folder.text_of(left)
        owner = context.scope.owner(name)
        if owner is None:
            self.folder.undeclared.setdefault(name, Expression(right, context.scope))
            self.early.append((name, Expression(right, context.scope)))
        else:
            owner.declare(name, Expression(right, context.scope))
            note_other_name(self.folder, name, right, context.scope)
            if unwrapped(right).type in FUNCTIONS:
                self._name_function(name, unwrapped(right), owner)

    def _note_addition(self, node: Node, context: Context) -> None:
        """`url += "&id=1"`, or `id ??= "1"`."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        sign = node.child_by_field_name("operator")
        if left is None or right is None or sign is None or left.type != "identifier":
            return
        owner = context.scope.owner(self.folder.text_of(left))
        if owner is None:
            return
        if sign.type == "+=":
            owner.declare(self.folder.text_of(left), addition(right, node, context.scope))
        elif sign.type in ("??=", "||=", "&&="):
            owner.declare(self.folder.text_of(left), Expression(right, context.scope))

    def _note_member(self, left: Node, right: Node, scope: Scope) -> None:
        """A property of `this`, of a name, or of what a name makes is set."""
        holder, key = left.child_by_field_name("object"), left.child_by_field_name("property")
        if key is None:
            index = left.child_by_field_name("index")
            key = index if index is not None and index.type == "string" else None
        if holder is None or key is None:
            return
        holder = unwrapped(holder)
        if holder.type == "assignment_expression":  # (e = e || {}).key = value
            holder = holder.child_by_field_name("left") or holder
        meant, name = Expression(right, scope), self.folder.text_of(key).strip("\"'")
        thing = this_behind(self.folder, holder, scope)
        if thing is not None:
            self.folder.members.setdefault((thing.id, name), []).append(meant)
        elif holder.end_byte - holder.start_byte <= LONGEST_HOLDER:
            holder = prototype_behind(self.folder, holder, scope)
            if holder.type == "member_expression":
                note_method(self.folder, holder, right, scope)
            text = self.folder.text_of(holder)
            if text in GLOBAL_OBJECTS or self._is_window(text, scope):
                if name not in JQUERY_NAMES:
                    self.folder.undeclared.setdefault(name, meant)
                return
            if len(self.folder.set_later) >= self.folder.most(MOST_MEMBERS):
                return
            if note_set(self.folder, holder, name, meant, scope):
                return
            if MADE.fullmatch(text):
                self.folder.set_later.setdefault((text, name), []).append(meant)

    def _is_window(self, name: str, scope: Scope) -> bool:
        """Is it `w` of `(function (w) { w.track = ...; })(window)`?"""
        owner = scope.owner(name)
        for meaning in owner.names[name][:1] if owner is not None else ():
            if isinstance(meaning, Parameter):
                for items, _ in meaning.function.calls[:1]:
                    given = items[meaning.position : meaning.position + 1]
                    return bool(given) and self.folder.text_of(given[0]) in GLOBAL_OBJECTS
        return False

    def _note_call(self, node: Node, context: Context) -> None:
        self.calls.note(node, context.scope)

    def _name_methods(self) -> None:
        """Functions that an object holds by their names: `return {send: send, book}`."""
        for node, scope in self.objects:
            for each in node.named_children:
                value = each.child_by_field_name("value") if each.type == "pair" else each
                if value is None or value.type not in NAMES:
                    continue
                owner = scope.owner(self.folder.text_of(value))
                held = owner.functions.get(self.folder.text_of(value)) if owner else None
                if held is not None and held.node.type in FUNCTIONS:
                    named = each.child_by_field_name("key") or each
                    self.folder.methods.add(self.folder.text_of(named).strip("\"'"))
        self.objects.clear()

    def _note_import(self, node: Node, context: Context) -> None:
        note_import(self.folder, node, context.scope)

    def _note_thing(self, node: Node, context: Context) -> None:
        """A class, an enumeration or a namespace is declared."""
        name = node.child_by_field_name("name")
        if name is not None:
            context.scope.declare(self.folder.text_of(name), Expression(node, context.scope))

    def _note_each(self, node: Node, context: Context) -> None:
        """A loop over the items of a list."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None and left.type.endswith("_pattern"):
            item = Property(Expression(right, context.scope), EACH)
            self._take_apart(left, item, context.scope)
        if left is None or right is None or left.type != "identifier":
            return
        name, sign = self.folder.text_of(left), node.child_by_field_name("operator")
        listed = unwrapped(right)
        if sign is not None and sign.type == "of" and listed.type == "array":
            for each in items_of(listed)[:MOST_ITEMS_TOLD]:
                context.scope.declare(name, Expression(each, context.scope))
        elif sign is not None and sign.type == "of":
            item = Property(Expression(right, context.scope), EACH)
            context.scope.declare(name, item)
        else:
            context.scope.declare(name)

    def _note_nothing(self, node: Node, context: Context) -> None:
        """A fact that declares no name."""


ACTIONS = {
    "variable_declarator": Reader._declare_variable,
    "assignment_expression": Reader._note_assignment,
    "augmented_assignment_expression": Reader._note_addition,
    "call_expression": Reader._note_call,
    "new_expression": Reader._note_nothing,
    "class_declaration": Reader._note_thing,
    "abstract_class_declaration": Reader._note_thing,
    "enum_declaration": Reader._note_thing,
    "internal_module": Reader._note_thing,
    "for_in_statement": Reader._note_each,
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
    """May the value be a list? Bundles hold too many pairs to look closer at each."""
    value = pair.child_by_field_name("value")
    return value is not None and value.type in LISTS


def _is_parameter(scope: Scope, name: str) -> bool:
    known = scope.names.get(name)
    return bool(known) and all(isinstance(each, Parameter) for each in known or ())


def _later(now: Moment, then: Moment) -> Moment:
    return then if now is Moment.LOAD else now


def _sign(node: Node) -> str:
    """The operator of a binary expression; a sign is its own kind of node."""
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""


def _is_handed_out(node: Node) -> bool:
    return node.parent is not None and node.parent.type in HANDED_OUT
