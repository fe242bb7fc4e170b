"""What an expression is worth before the page runs: a value, or text with holes.

Nothing is guessed: what cannot be decided stays a hole with its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tree_sitter import Node

from analyzer.model import (
    Hole,
    Object,
    Origin,
    OriginKind,
    Text,
    Value,
    holes,
    options,
)
from analyzer.parse.page_data import property_on_page
from analyzer.parse.values import dotted as outside
from analyzer.parse.values.added import with_addition
from analyzer.parse.values.bundled import Modules, wrapped
from analyzer.parse.values.callbacks import Site, by_markup, handed_over, this_of
from analyzer.parse.values.called import called, constructed
from analyzer.parse.values.chains import chained
from analyzer.parse.values.changes import Change, Key, changed, form_of
from analyzer.parse.values.document import (
    LONGEST_TEXT,
    MOST_IDS,
    WIDEST,
    Document,
    choice,
    joined,
    pieces,
)
from analyzer.parse.values.events import Told
from analyzer.parse.values.given import arguments_of, given, passed_on
from analyzer.parse.values.handlers import ELEMENTS, EVENTS
from analyzer.parse.values.held import EACH, held
from analyzer.parse.values.imported import asked_for, of_import
from analyzer.parse.values.lists import counted, each_item
from analyzer.parse.values.literals import LONGEST, number_of, unescaped
from analyzer.parse.values.memory import VALUES, WITHIN, Memory
from analyzer.parse.values.models import tied_to
from analyzer.parse.values.modules import DEFAULT
from analyzer.parse.values.origins import UNKNOWN, hole_of
from analyzer.parse.values.scope import (
    MOST_ITEMS,
    Added,
    Expression,
    Function,
    Imported,
    Meaning,
    Parameter,
    Property,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.steps import Machine, received
from analyzer.parse.values.stores import Store, handed_to_store
from analyzer.parse.values.things import callee_of, got_by, member_of, offered_under
from analyzer.parse.values.weights import Weights

DEEPEST = 40  # steps from one name to the next before a value is left as a hole
MOST_MEANINGS = 40  # times that a name is set, or something is put behind what it stood for
STEPS = 4_000  # names and operators followed for one value
MANY_STEPS = 100_000  # steps of one script from which on a value gets fewer
FEW_STEPS = 400
ALL_STEPS = 1_000_000  # the same for one script
LARGE = 1_000_000  # bytes of a script from which on it gets more steps by its size
ORDINARY = 500_000  # bytes of a script: of one that has more, more is remembered
MISSING = re.compile(r"([\w$]+)\s?===\s?(?:void 0|undefined)|(?:void 0|undefined)\s?===\s?([\w$]+)")
GIVEN = re.compile(r"arguments(?:\.length\s*>|\[\d+\]$)")
WITNESSES = 100  # strings that are remembered as what a value is made of

# Origins whose place is a step of the way that a value takes.
BORN = frozenset(
    {
        OriginKind.FIELD,
        OriginKind.ELEMENT,
        OriginKind.QUERY,
        OriginKind.COOKIE,
        OriginKind.STORAGE,
        OriginKind.HASH,
        OriginKind.FORM,
        OriginKind.RESPONSE,
    }
)


class Folder:
    """Folds the expressions of one script; `resolve` follows names, `name_of` tells what is
    called.
    """

    def __init__(self, document: Document, base: int) -> None:
        self.document = document
        self.budget = document.budget
        self.data = document.data
        self.base = base
        self.loads_later = document.holds(b"import(")  # packages, through functions of its own
        self.depth = 0
        self.steps = 0
        self.all_steps = 0
        times = max(1, len(document.data) // LARGE)
        self.many_steps, self.most_steps = times * MANY_STEPS, times * ALL_STEPS
        self.reach = (
            WITHIN  # the depth of the outermost name that the value being read leads back to
        )
        self.written: set[tuple[int, tuple[object, ...]]] = set()  # texts read as markup or script
        self.undeclared: dict[str, Expression] = {}  # what names were set to without a declaration
        self.functions: dict[int, Function] = {}  # the script's own, by their node
        self.members: dict[tuple[int, str], list[Expression]] = {}  # set through `this`, by thing
        self.set_later: dict[tuple[str, str], list[Expression]] = {}  # `thing.key = ...`, by both
        self.other_names: dict[str, list[tuple[str, Scope]]] = {}  # of empty objects, by the first
        self.modules = Modules()  # what bundlers put into functions
        self.handed: dict[str, list[Site]] = {}  # where functions are handed over, by their names
        self.stores: dict[int, Store] = {}  # what components share, by the calls that make it
        self.store_calls: dict[str, list[tuple[list[Node], Scope]]] = {}  # of functions of stores
        self.told: list[Told] = []  # events that the script tells of itself, and by their names
        self.told_as: dict[str, list[Told]] | None = None
        self.changes: dict[Key, list[Change]] = {}  # what is done to a thing after it is made
        self.asked: set[tuple[int, str]] = set()  # of which things a property is being looked for
        self.looks = 0  # steps, and looks into things: what was found without needs none of both
        self.methods: set[str] = set()  # names under which functions are held by something
        self.class_calls: dict[int, tuple[list[Node], Scope]] = {}  # they give classes methods
        self.put_into: dict[int, Node] = {}  # to which class's function a method or getter belongs
        self.getters: dict[tuple[int, str], Node] = {}  # of such classes
        self.statics: dict[tuple[int, str], list[Expression]] = {}  # set on them from outside
        self.bases: dict[int, Expression] = {}  # what such classes extend
        self.machines: dict[int, Machine | None] = {}  # async functions that run in steps
        self.own_calls = 0  # of the script's own functions whose value was followed
        self.packages: frozenset[str] | None = frozenset()  # those of vendors; None for any
        self.injects = document.holds(b"nject(")  # does a framework hand something over, if asked?
        self.looked_up: set[str] = set()  # global names whose values were asked for
        self.memory = Memory()
        self.weights = Weights()
        self.following: dict[tuple[int, str], int] = {}
        self.naming: dict[tuple[int, str], int] = {}
        # The same of every reading, by node.
        self.keys: dict[int, str] = {}  # what a member expression asks for
        self.shown: dict[int, str] = {}  # an expression as a hole's own words
        self.properties: dict[int, dict[str, list[Node]]] = {}  # what is written in a thing
        self.words: dict[int, str] = {}  # a name
        self.callees: dict[int, tuple[Node | None, list[Node]]] = {}  # what is called with what

    def most(self, of_ordinary: int) -> int:
        """How many things of a kind are remembered of a script of this size."""
        return of_ordinary * (1 + len(self.data) // ORDINARY)

    def exhausted(self) -> bool:
        """Has this value, or the whole script, used up its steps?"""
        if self.depth == 0:
            self.all_steps += self.steps
            self.steps = 0
            self.memory.forget_now()
        self.steps += 1
        self.looks += 1
        self.budget.step()
        most = STEPS if self.all_steps < self.many_steps else FEW_STEPS
        if self.steps > most or self.all_steps > self.most_steps:
            self.reach = -1
            return True
        if self.depth >= DEEPEST:
            self.reach = min(self.reach, 0)
            return True
        return False

    @property
    def gave_up(self) -> bool:
        """Was the script too tangled to be followed to its end?"""
        return self.all_steps > self.most_steps

    def _ended(self, outer: int) -> bool:
        """Go back one step. Is what was read the same wherever one comes from, so that it may be
        kept?
        """
        self.depth -= 1
        # What was cut far away is kept too, or calls inside each other would be followed again and
        # again.
        whole = self.reach > self.depth or (self.reach == 0 and self.depth < DEEPEST // 2)
        self.reach = outer if whole else min(outer, self.reach)
        return whole

    def source(self, node: Node, most: int = LONGEST_TEXT) -> str:
        """The node as it is written in the file, up to so many bytes."""
        start, end = self.base + node.start_byte, self.base + node.end_byte
        return self.document.source.data[start : min(end, start + most)].decode("utf-8", "replace")

    def text_of(self, node: Node) -> str:
        """The node's own text after masking."""
        start, end = self.base + node.start_byte, self.base + node.end_byte
        return self.data[start:end].decode("utf-8", "replace")

    def word_of(self, node: Node) -> str:
        """The same of a name, which is asked for again and again."""
        word = self.words.get(node.id)
        if word is None:
            word = self.words[node.id] = self.text_of(node)
        return word

    def callee_of(self, node: Node) -> tuple[Node | None, list[Node]]:
        """What is called, and with what."""
        known = self.callees.get(node.id)
        if known is None:
            known = self.callees[node.id] = callee_of(node)
        return known

    def head_of(self, node: Node, most: int = LONGEST) -> str:
        """The beginning of the node's own text; the whole of a long chain would be read for every
        link.
        """
        start, end = self.base + node.start_byte, self.base + node.end_byte
        return self.data[start : min(end, start + most)].decode("utf-8", "replace")

    def tail_of(self, node: Node, most: int = LONGEST) -> str:
        """The end of the node's own text."""
        start, end = self.base + node.start_byte, self.base + node.end_byte
        return self.data[max(start, end - most) : end].decode("utf-8", "replace")

    def value(self, node: Node, scope: Scope, witnesses: list[Node] | None = None) -> Value:
        """The node's value. Strings that it is made of are added to `witnesses`."""
        if self.exhausted():
            return self.hole(node)
        value, strings, ties = self.memory.value(node.id) or self._read(node, scope)
        self.memory.ties |= ties | VALUES
        if witnesses is not None and len(witnesses) < WITNESSES:
            witnesses.extend(strings)
        return value

    def _read(self, node: Node, scope: Scope) -> tuple[Value, tuple[Node, ...], int]:
        outer, strings, memory = self.reach, list[Node](), self.memory
        before, memory.ties = memory.ties, 0
        self.depth, self.reach = self.depth + 1, WITHIN
        try:
            value = self._value(unwrapped(node), scope, strings)
        finally:
            is_cut = self.reach <= 0
            whole = self._ended(outer)
        layer = memory.layer(memory.ties, is_cut or not whole)
        known = value, tuple(strings[:WITNESSES]), memory.ties
        (layer.values if whole else layer.values_now)[node.id] = known
        memory.ties = before
        return known

    def hole(
        self,
        node: Node,
        kind: OriginKind = OriginKind.UNKNOWN,
        name: str = "",
        of: tuple[Origin, ...] = (),
    ) -> Hole:
        text = self.shown.get(node.id)
        if text is None:
            text = " ".join(self.source(node, 4 * LONGEST).split())[:LONGEST]
            self.shown[node.id] = text
        place = None
        if kind in BORN:
            start, end = self.base + node.start_byte, self.base + node.end_byte
            place = self.document.place(start, end)
        return Hole(text, Origin(kind, name, of, place))

    def _value(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        match node.type:
            case "string":
                if witnesses is not None:
                    witnesses.append(node)
                return self._string(node)
            case "template_string":
                if witnesses is not None:
                    witnesses.append(node)
                return self._template(node, scope, witnesses)
            case "number":
                return number_of(self.text_of(node))
            case "true" | "false":
                return node.type == "true"
            case "null" | "undefined":
                return None
            case (
                "identifier"
                | "shorthand_property_identifier"
                | "shorthand_property_identifier_pattern"
            ):
                return self._identifier(node, scope, witnesses)
            case "member_expression" | "subscript_expression":
                return self._member(node, scope, witnesses)
            case "binary_expression":
                return self._binary(node, scope, witnesses)
            case "ternary_expression":
                found = [*self._both(node, ("consequence", "alternative"), scope, witnesses)]
                if self._is_missing(node, found):
                    return found[0]
                return choice(found[1:] if self._is_default(node, found) else found)
            case "assignment_expression":
                right = node.child_by_field_name("right")
                return self.value(right, scope, witnesses) if right else self.hole(node)
            case "array":
                items = items_of(node)
                listed: Value
                if any(each.type == "spread_element" for each in items):
                    listed = choice(arguments_of(self, items, scope, witnesses, MOST_ITEMS))
                else:
                    listed = tuple(self.value(child, scope, witnesses) for child in items)
                return listed if self.weights.is_light(listed) else self.hole(node)
            case "object":
                made = self._object(node, scope, witnesses)
                return made if self.weights.is_light(made) else self.hole(node)
            case "call_expression":
                module = asked_for(self, node, scope)
                return module if module is not None else called(self, node, scope, witnesses)
            case "new_expression":
                return constructed(self, node, scope, witnesses)
            case "this":
                return self._this(node, scope)
            case "unary_expression":
                return self._unary(node, scope)
            case "sequence_expression":
                return self.value(node.named_children[-1], scope, witnesses)
            case "jsx_expression":
                inner = node.named_children
                return self.value(inner[0], scope, witnesses) if inner else None
        return self.hole(node)

    def _is_default(self, node: Node, branches: list[Value]) -> bool:
        """Is it the default of an argument that no call gives, written for old browsers:
        `arguments.length > 0 ? arguments[0] : "x"`?
        """
        condition = node.child_by_field_name("condition")
        given = node.child_by_field_name("consequence")
        if condition is None or given is None or given.type != "subscript_expression":
            return False
        if len(branches) != 2 or not self._is_unread(branches[0]):
            return False
        return all(GIVEN.match(self.head_of(each)) for each in (condition, given))

    @staticmethod
    def _is_unread(value: Value) -> bool:
        if not isinstance(value, Hole):
            return False
        kind, name = value.origin.kind, value.origin.name
        return kind is OriginKind.UNKNOWN or (
            kind is OriginKind.GLOBAL and name.startswith("arguments.")
        )

    def _is_missing(self, node: Node, branches: list[Value]) -> bool:
        """Is the second branch what a property would be that is not there, beside its default:
        `id === void 0 ? "G-1" : id`?
        """
        if len(branches) != 2 or isinstance(branches[0], Hole) or not self._is_unread(branches[1]):
            return False
        condition, given = (node.child_by_field_name(each) for each in ("condition", "alternative"))
        if condition is None or given is None or given.type != "identifier":
            return False
        asked = MISSING.fullmatch(self.head_of(condition))
        return asked is not None and self.text_of(given) in (asked[1], asked[2])

    # ------------------------------------------------------------ texts

    def _string(self, node: Node) -> Value:
        start, end = self.base + node.start_byte + 1, self.base + node.end_byte - 1
        return self.document.text(start, max(start, end), unescaped)

    def _template(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        spread: list[list[str | Hole]] = [[]]
        at = node.start_byte + 1
        for child in node.named_children:
            if child.type != "template_substitution":
                continue
            written = pieces(
                self.document.text(self.base + at, self.base + child.start_byte, unescaped)
            )
            inner = child.named_children
            value = self.value(inner[0], scope, witnesses) if inner else ""
            for before in spread:
                before.extend(written)
            spread = self._with_each(spread, value, child)
            at = child.end_byte
        end = self.base + max(at, node.end_byte - 1)
        rest = pieces(self.document.text(self.base + at, end, unescaped))
        return choice(joined([*parts, *rest]) for parts in spread)

    def _with_each(
        self, spread: list[list[str | Hole]], value: Value, node: Node
    ) -> list[list[str | Hole]]:
        """Texts with more behind them: each of them with each branch, while they stay few."""
        branches = options(value)
        if len(spread) * len(branches) > (WIDEST if len(spread) > 1 else MOST_IDS):
            branches = (self.hole(node),)
        added = [self.pieces_of(branch, node) for branch in branches]
        if len(added) > 1:
            return [before + more for before in spread for more in added]
        for before in spread:
            before.extend(added[0] if added else [])
        return spread

    def pieces_of(self, value: Value, node: Node) -> list[str | Hole]:
        if isinstance(value, (str, Hole, Text, int, float)):
            return pieces(value)
        origins = tuple(hole.origin for hole in holes(value))
        return [
            Hole(
                self.hole(node).text.removeprefix("${").removesuffix("}"),
                Origin(OriginKind.UNKNOWN, "", origins) if origins else Origin(OriginKind.UNKNOWN),
            )
        ]

    def _binary(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        operator = node.child_by_field_name("operator")
        sign = self.text_of(operator) if operator else ""
        if sign == "+":
            return self._sum(node, scope, witnesses)
        if sign in ("||", "??"):
            return choice(self._both(node, ("left", "right"), scope, witnesses))
        if sign == "&&":
            right = node.child_by_field_name("right")
            return self.value(right, scope, witnesses) if right else self.hole(node)
        return self.hole(node)

    def _sum(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        terms: list[Node] = []
        left = node
        while left.type == "binary_expression":  # sums of a thousand strings lean left
            operator, right = (
                left.child_by_field_name("operator"),
                left.child_by_field_name("right"),
            )
            inner = left.child_by_field_name("left")
            if operator is None or operator.type != "+" or right is None or inner is None:
                break
            terms.append(right)
            left = unwrapped(inner)
        values = [self.value(term, scope, witnesses) for term in (left, *reversed(terms))]
        if len(values) > 1 and all(
            isinstance(value, (int, float)) and not isinstance(value, bool) for value in values
        ):
            return sum(value for value in values if isinstance(value, (int, float)))
        spread: list[list[str | Hole]] = [[]]
        for value, term in zip(values, (left, *reversed(terms)), strict=True):
            spread = self._with_each(spread, value, term)
        return choice(joined(parts) for parts in spread)

    # ------------------------------------------------------------ names

    def _identifier(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        start, end = self.base + node.start_byte, self.base + node.end_byte
        if outputs := self.document.masked.outputs(start, end):
            whole = (outputs[0].start, outputs[0].end) == (start, end)
            return self.document.filled(outputs[0]) if whole else self.document.text(start, end)
        name = self.text_of(node)
        if name == "undefined":
            return None
        owner = scope.owner(name)
        if owner is None and name == "arguments":
            return passed_on(self, node, scope, witnesses)
        if owner is None and (acted := self._of_handler(node, name)) is not None:
            return acted
        if owner is None:
            self.looked_up.add(name)
            known = self.document.globals.get(name, self.document.models.get(name))
            if known is not None:
                return known
            return tied_to(self, node, scope, self.hole(node, OriginKind.GLOBAL, name))
        if (link := chained(self, node, name, owner)) is not None:
            return self.value(link, scope, witnesses)
        key = (id(owner), name)
        if key in self.following:
            self.reach = min(self.reach, self.following[key])
            return self.hole(node)
        self.following[key] = self.depth
        try:
            found: list[Value] = []
            for meaning in owner.names[name][:MOST_MEANINGS]:
                if isinstance(meaning, Added):
                    found = with_addition(self, found, meaning, node, witnesses)
                elif len(found) < WIDEST:
                    found.extend(self._meaning(meaning, node, witnesses))
        finally:
            del self.following[key]
        value = choice(found) if found else self.hole(node)
        return tied_to(self, node, scope, changed(self, key, value))

    def _this(self, node: Node, scope: Scope) -> Value:
        """The element that a listener is put on, or whose attribute the script is; else an object
        that is read by its properties.
        """
        function = scope.around().body
        element = self._of_handler(node) if function is None else this_of(self, function)
        return element if element is not None else self.hole(node)

    def _of_handler(self, node: Node, name: str = "") -> Hole | None:
        """What `this`, or a name, is in the attribute of an element: the element, or its event."""
        handlers = self.document.handlers
        if handlers is None or (name and name not in EVENTS and name not in ELEMENTS):
            return None
        element = handlers.at(self.base + node.start_byte)
        if element is None or name not in EVENTS:
            return element
        return Hole(f"event of {element.text}", Origin(OriginKind.EVENT, "", (element.origin,)))

    def _meaning(
        self, meaning: Meaning, node: Node, witnesses: list[Node] | None
    ) -> Iterable[Value]:
        match meaning:
            case Expression(node=inner, scope=scope):
                yield self.value(inner, scope, witnesses)
            case Property(of=of, key=key, default=default):
                offered = [*offered_under(self, meaning)]
                for each in offered:
                    yield self.value(each.node, each.scope, witnesses)
                for whole in self._meaning(of, node, witnesses) if not offered else ():
                    for option in options(whole):
                        inner_value = held(self, option, key, node)
                        if inner_value is not None or default is None:
                            yield self.hole(node) if inner_value is None else inner_value
                if default is not None:
                    yield self.value(default.node, default.scope, witnesses)
            case Parameter():
                is_called = False
                for value in given(self, meaning, witnesses):
                    is_called = True
                    yield value
                if not is_called:
                    yield from handed_over(self, meaning)
                if self.stores:
                    yield from handed_to_store(self, meaning)
                if self.document.handed and not self.memory.is_bound(meaning.function.node):
                    yield from by_markup(self, meaning)
            case Imported():
                yield of_import(self, meaning, node)

    def _member(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        value = self._property(node, scope, witnesses)
        return tied_to(self, node, scope, value) if self.document.models else value

    def _property(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        key = self.key_of(node, scope)
        holder = node.child_by_field_name("object")
        dotted = self.name_of(node, scope)
        if dotted is not None and (
            environment := re.match(r"(?:process|import\.meta)\.env\.(\w+)$", dotted)
        ):
            return self.hole(node, OriginKind.ENVIRONMENT, environment[1])
        if dotted is not None:
            self.looked_up.add(dotted)
            if (known := self.document.globals.get(dotted)) is not None:
                return known
        if holder is not None and key is None:
            whole = self.value(holder, scope, witnesses)
            if isinstance(whole, Object) and 0 < len(whole.items) <= WIDEST:
                return choice(inner for _, inner in whole.items)
        if holder is not None and key == DEFAULT and wrapped(self, holder, scope) is not None:
            handed_on = [*member_of(self, node, scope)]  # what a module of a bundle is by default
            if handed_on:
                return choice(self.value(each.node, each.scope, witnesses) for each in handed_on)
        if holder is not None and key is not None:
            if (waited := received(self, holder, key, node, scope)) is not None:
                return waited
            if key == "value" and (listed := each_item(self, holder, scope)) is not None:
                item = held(self, self.value(listed.node, listed.scope, witnesses), EACH, node)
                if item is not None:
                    return item
            whole = self.value(holder, scope, witnesses)
            page = self.document.page
            if page is not None and (told := property_on_page(page, whole, key)) is not None:
                return told
            if isinstance(whole, tuple) and len(whole) > 1 and counted(self, node, scope):
                return choice(whole[:WIDEST])
            if (inner := held(self, whole, key, node)) is not None:
                return inner
            set_to = [*member_of(self, node, scope)]
            if set_to and all(each.node.id != node.id for each in set_to):
                value = choice(self.value(each.node, each.scope, witnesses) for each in set_to)
                return self._of_this(holder, key, value, scope)
        return hole_of(self, node, scope)

    def _of_this(self, holder: Node, key: str, value: Value, scope: Scope) -> Value:
        """A property of `this` with what is done to it later."""
        thing = scope.around().this if holder.type == "this" else None
        return changed(self, (thing.id, f"this.{key}"), value) if thing is not None else value

    def key_of(self, node: Node, scope: Scope) -> str | None:
        """The name of the property that a member expression asks for, where it can be read."""
        if node.type == "member_expression":
            if (known := self.keys.get(node.id)) is not None:
                return known
            key = node.child_by_field_name("property")
            if key is None:
                return None
            text = self.keys[node.id] = self.text_of(key)
            return text
        index = node.child_by_field_name("index")
        if index is None or (index.type == "identifier" and self._varies(index, scope)):
            return None
        value = self.value(index, scope)
        return str(value) if _is_key(value) else None

    def _varies(self, node: Node, scope: Scope) -> bool:
        """Does a name certainly stand for something else than one key? Most do, and the first of
        their meanings shows it: the others are not read.
        """
        name, memory = self.word_of(node), self.memory
        owner = scope.owner(name)
        if owner is None or memory.value(node.id) is not None or self.exhausted():
            return False
        meanings = owner.names[name][:MOST_MEANINGS]
        if any(isinstance(each, Added) for each in meanings):
            return False
        if (known := memory.varying(node.id)) is not None:
            memory.ties |= known | VALUES
            return True
        if self.document.masked.outputs(self.base + node.start_byte, self.base + node.end_byte):
            return False
        key = (id(owner), name)
        if key in self.following or chained(self, node, name, owner) is not None:
            return False
        outer, before, memory.ties = self.reach, memory.ties, 0
        self.depth, self.reach = self.depth + 1, WITHIN
        self.following[key] = self.depth
        try:
            varies = self._is_no_key(meanings, node)
        finally:
            del self.following[key]
            is_cut = self.reach <= 0
            whole = self._ended(outer)
        if varies:
            layer = memory.layer(memory.ties, is_cut or not whole)
            (layer.varying if whole else layer.varying_now)[node.id] = memory.ties
        memory.ties |= before | VALUES
        return varies

    def _is_no_key(self, meanings: list[Meaning], node: Node) -> bool:
        seen = 0
        for meaning in meanings:
            if seen >= WIDEST:
                break
            for value in self._meaning(meaning, node, None):
                seen += 1
                if not all(map(_is_key, options(value))):
                    return True
        return False

    def name_of(self, node: Node, scope: Scope) -> str | None:
        """The dotted name that an expression stands for outside the script, or None for a local
        thing.

        `window.` falls away, aliases, parameters of functions called at once and imports are
        followed.
        """
        if self.exhausted():
            plain = self.text_of(node) if node.type == "identifier" else ""
            return plain if plain and scope.owner(plain) is None else None
        memory = self.memory
        if (known := memory.name(node.id)) is not None:
            memory.ties |= known[1]
            return known[0]
        outer = self.reach
        before, memory.ties = memory.ties, 0
        self.depth, self.reach = self.depth + 1, WITHIN
        try:
            name = outside.name_of(self, unwrapped(node), scope)
        finally:
            is_cut = self.reach <= 0
            whole = self._ended(outer)
        layer = memory.layer(memory.ties, is_cut or not whole)
        (layer.names if whole else layer.names_now)[node.id] = name, memory.ties
        memory.ties |= before
        return name

    # ------------------------------------------------------------ objects and calls

    def _object(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        items: list[tuple[str, Value]] = []
        for child in items_of(node):
            match child.type:
                case "pair":
                    key, value = (
                        child.child_by_field_name("key"),
                        child.child_by_field_name("value"),
                    )
                    if key is not None and value is not None:
                        name = self._key(key, scope)
                        given_value = self.value(value, scope, witnesses)
                        form = form_of(name[1:-1], given_value) if name.startswith("[") else None
                        items.append(("...", form) if form is not None else (name, given_value))
                case "shorthand_property_identifier":
                    items.append((self.text_of(child), self.value(child, scope, witnesses)))
                case "spread_element":
                    inner = child.named_children
                    whole = self.value(inner[0], scope, witnesses) if inner else None
                    for option in options(whole):
                        known = isinstance(option, Hole) and option.origin != UNKNOWN
                        rest = option if known else self.hole(child)
                        inside = option.items if isinstance(option, Object) else (("...", rest),)
                        items.extend(inside)
                case "method_definition":
                    key = child.child_by_field_name("name")
                    got = [*got_by(self, child)]
                    told = choice(self.value(e.node, e.scope, witnesses) for e in got)
                    name = self.text_of(key) if key else ""
                    items.append((name, told if got else self.value(child, scope)))
        return Object(tuple(items))

    def _key(self, key: Node, scope: Scope) -> str:
        if key.type == "string":
            value = self._string(key)
            return value if isinstance(value, str) else self.source(key)
        if key.type == "computed_property_name" and key.named_children:
            value = self.value(key.named_children[0], scope)
            return value if isinstance(value, str) else f"[{self.source(key.named_children[0])}]"
        return self.text_of(key)

    def _unary(self, node: Node, scope: Scope) -> Value:
        operator, argument = (
            node.child_by_field_name("operator"),
            node.child_by_field_name("argument"),
        )
        sign = self.text_of(operator) if operator else ""
        value = self.value(argument, scope) if argument else None
        if sign == "!" and isinstance(value, (bool, int)):
            return not value
        if sign == "-" and isinstance(value, (int, float)):
            return -value
        return None if sign == "void" else self.hole(node)

    def _both(
        self, node: Node, fields: tuple[str, str], scope: Scope, witnesses: list[Node] | None
    ) -> Iterable[Value]:
        for name in fields:
            branch = node.child_by_field_name(name)
            if branch is not None:
                yield self.value(branch, scope, witnesses)


def _is_key(value: Value) -> bool:
    """Can it be the name of a property, or the position of an item?"""
    return isinstance(value, (str, int)) and not isinstance(value, bool)
