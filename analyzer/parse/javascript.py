"""A script as facts: which known functions it calls, what it loads, sends and pushes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from analyzer.conditions import (
    CONSENT_WORDS,
    guard_kind,
    negation,
    opposite_words,
    read_condition,
)
from analyzer.model import (
    Assign,
    Atom,
    Call,
    Fact,
    Guard,
    Include,
    Moment,
    Object,
    Package,
    Place,
    Push,
    Skip,
    Source,
    Text,
    Value,
    Vocabulary,
)
from analyzer.parse.constants import settings_of
from analyzer.parse.document import NOSCRIPT, Document
from analyzer.parse.fold import Folder
from analyzer.parse.loading import loads_of
from analyzer.parse.mask import Masked
from analyzer.parse.scope import (
    FUNCTIONS,
    Expression,
    Function,
    Imported,
    Parameter,
    Property,
    Scope,
    root_of,
    unwrapped,
)
from analyzer.parse.template import Structure
from analyzer.parse.windows import TREE_LIMIT, WHOLE_LIMIT, TooMuch, stretches, windows
from analyzer.parse.written import jsx_name, written_facts

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
MOST_ARGUMENTS = 12
TANGLED = "its names lead to each other without end; it was read, but not every value in it"
AMPERSAND = re.compile(rb"(?<!&)&(?![&=]|#?\w+;)")
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


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a node: its scope, the conditions, and the moment at which it runs."""

    scope: Scope
    guards: tuple[Guard, ...] = ()
    moment: Moment = Moment.LOAD

    def under(self, guard: Guard) -> Context:
        """The same inside one more condition; so many of them are undecidable, one more changes
        nothing.
        """
        if len(self.guards) >= MOST_GUARDS:
            return self
        return Context(self.scope, (*self.guards, guard), self.moment)


def facts_of(source: Source, vocabulary: Vocabulary) -> Iterator[Fact | Skip]:
    """The facts of a script file, and a skip for a stretch that cannot be read."""
    data = source.data.replace(b"\r\n", b" \n")
    if data.startswith(b"#!"):
        data = b"//" + data[2:]
    document = Document(source, Masked(data), Structure())
    dialect = dialect_of(source.path)
    if len(data) <= WHOLE_LIMIT:
        yield from script_facts(document, 0, len(data), vocabulary, dialect)
    else:
        yield from _bundle_facts(document, vocabulary, dialect)
    yield from document.skips


def _bundle_facts(
    document: Document, vocabulary: Vocabulary, dialect: str
) -> Iterator[Fact | Skip]:
    """The facts of a script that is too big to be read whole."""
    data = document.data
    try:
        if len(data) <= TREE_LIMIT:
            for part in stretches(_parsed(data, dialect), data, vocabulary):
                yield from Script(document, 0, vocabulary).read(part)
        else:
            for start, end in windows(data, vocabulary):
                yield from Script(document, start, vocabulary).read(
                    _parsed(data[start:end], dialect)
                )
    except TooMuch:
        yield Skip(
            document.source.path,
            "it names vendors in more places than can be looked at; the first ones were read",
            kind="partly",
        )


def script_facts(
    document: Document, start: int, end: int, vocabulary: Vocabulary, dialect: str = "javascript"
) -> Iterator[Fact]:
    """The facts of the script between two offsets of a document."""
    root = _parsed(document.data[start:end], dialect)
    if root.has_error:
        _name_broken(document, root, start)
    yield from Script(document, start, vocabulary).read(root)
    yield from settings_of(document, root, start, language(dialect), vocabulary)


def _parsed(data: bytes, dialect: str) -> Node:
    """The script's tree. The grammar takes `Terms & Conditions` between tags for an error, which
    may cost it the whole page: where there are errors, it is tried without such signs."""
    parser = Parser(language(dialect))
    root = parser.parse(data).root_node
    if (
        root.has_error
        and dialect != "typescript"
        and b"&" in data
        and (b"</" in data or b"/>" in data)
    ):
        other = parser.parse(AMPERSAND.sub(b"_", data)).root_node
        if _broken(other) < _broken(root):
            return other
    return root


def _broken(root: Node) -> int:
    """How many bytes lie in stretches that are no JavaScript."""
    count, stack = 0, [root]
    while stack:
        node = stack.pop()
        if node.type == "ERROR" or node.is_missing:
            count += 1 + node.end_byte - node.start_byte
        elif node.has_error:
            stack.extend(node.children)
    return count


@cache
def language(dialect: str) -> Language:
    """The grammar of a dialect: javascript (with JSX), typescript or tsx."""
    if dialect == "typescript":
        return Language(tree_sitter_typescript.language_typescript())
    if dialect == "tsx":
        return Language(tree_sitter_typescript.language_tsx())
    return Language(tree_sitter_javascript.language())


def dialect_of(path: str) -> str:
    """The dialect by the file's name."""
    low = path.lower()
    if low.endswith((".ts", ".mts", ".cts")):
        return "typescript"
    return "tsx" if low.endswith(".tsx") else "javascript"


class Script:
    """Reads one script: first its names, then what it does with them."""

    def __init__(self, document: Document, base: int, vocabulary: Vocabulary) -> None:
        self.document = document
        self.base = base
        self.vocabulary = vocabulary
        self.folder = Folder(document, base)
        self.functions: dict[int, Function] = {}
        self.actions: list[tuple[Node, Context]] = []

    def read(self, root: Node) -> Iterator[Fact]:
        """The script's facts in the order of its text."""
        self._walk(root)
        self._set_globals()
        for node, context in self.actions:
            for fact in self._facts(node, context):
                yield self.document.around(fact, self.base + node.start_byte)
        if self.folder.gave_up:
            self.document.skips.append(Skip(self.document.source.path, TANGLED))

    # ------------------------------------------------------------ first: names and actions

    def _walk(self, root: Node) -> None:
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
            if kind in BRANCHES:
                stack.extend(
                    (iter((child,)), inner)
                    for child, inner in reversed([*self._branches(node, context)])
                )
            elif kind == "call_expression":
                stack.extend(
                    (iter((child,)), self._inside_call(node, child, context))
                    for child in reversed(node.named_children)
                )
            else:
                stack.append((iter(node.named_children), context))

    def _set_globals(self) -> None:
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
                _top(context.scope),
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
        return Context(scope, context.guards, moment)

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
        if child.type != "arguments":
            return context
        callee = call.child_by_field_name("function")
        if callee is None:
            return context
        method = self.folder.tail_of(callee, 60).rpartition(".")[2]
        if method in TIMERS:
            return Context(context.scope, context.guards, _later(context.moment, Moment.TIMER))
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
                return Context(context.scope, context.guards, Moment.INTERACTION)
        return context

    def _branches(self, node: Node, context: Context) -> Iterator[tuple[Node, Context]]:
        condition = node.child_by_field_name("condition") or (
            node.child_by_field_name("left") if node.type == "binary_expression" else None
        )
        positive, negative = BRANCHES[node.type]
        if node.type == "binary_expression":
            operator = node.child_by_field_name("operator")
            sign = self.folder.text_of(operator) if operator else ""
            if sign not in ("&&", "||") or condition is None:
                yield from ((child, context) for child in node.named_children)
                return
            positive, negative = ("right", "") if sign == "&&" else ("", "right")
        yes = node.child_by_field_name(positive) if positive else None
        no = node.child_by_field_name(negative) if negative else None
        says_nothing = all(branch is None or branch.type in LEAVES for branch in (yes, no))
        guard = None if says_nothing else self._guard(condition)
        for child in node.named_children:
            inner = context
            if guard is not None and child == yes:
                inner = context.under(guard)
            elif guard is not None and child == no:
                inner = context.under(Guard(negation(guard.condition), opposite_words(guard.text)))
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
            scope = context.scope.owner(name) or _top(context.scope)
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

    # ------------------------------------------------------------ then: facts

    def _facts(self, node: Node, context: Context) -> Iterator[Fact]:
        yield from loads_of(self.folder, node, context.scope, context.guards, context.moment)
        for fact in written_facts(
            self.folder, node, context.scope, self.vocabulary, context.guards
        ):
            later = context.moment if fact.moment is Moment.LOAD else fact.moment
            yield replace(fact, guards=context.guards + fact.guards, moment=later)
        match node.type:
            case "call_expression" | "new_expression":
                yield from self._call_facts(node, context)
            case "assignment_expression":
                yield from self._assign_facts(
                    node,
                    node.child_by_field_name("left"),
                    node.child_by_field_name("right"),
                    context,
                )
            case "variable_declarator":
                if context.scope.outermost:
                    yield from self._assign_facts(
                        node,
                        node.child_by_field_name("name"),
                        node.child_by_field_name("value"),
                        context,
                    )
            case "import_statement" | "export_statement":
                source = node.child_by_field_name("source")
                if source is not None:
                    yield from self._import_facts(
                        node, self.folder.value(source, context.scope), context
                    )
            case "jsx_opening_element" | "jsx_self_closing_element":
                yield from self._element_facts(node, context)

    def _call_facts(self, node: Node, context: Context) -> Iterator[Fact]:
        is_new = node.type == "new_expression"
        callee = node.child_by_field_name("constructor" if is_new else "function")
        arguments = node.child_by_field_name("arguments")
        if callee is None or arguments is None:
            return
        if callee.type == "import":
            for first in [child for child in arguments.named_children if child.type != "comment"][
                :1
            ]:
                yield from self._import_facts(
                    node, self.folder.value(first, context.scope), context
                )
            return
        name = self.folder.name_of(callee, context.scope)
        if name is None:
            return
        items = [child for child in arguments.named_children if child.type != "comment"]
        if name == "require" and items:
            yield from self._import_facts(node, self.folder.value(items[0], context.scope), context)
            return
        name = (
            name.removesuffix(".call").removesuffix(".apply")
            if name.endswith((".call", ".apply"))
            else name
        )
        holder, _, method = name.rpartition(".")
        place = self._place(node)
        if method == "push" and LAYER.match(holder):
            for item in items:
                yield Push(
                    place=place,
                    guards=context.guards,
                    moment=context.moment,
                    layer=holder,
                    value=self.document.brief(self.folder.value(item, context.scope)),
                )
        if self._is_wanted(name):
            args = tuple(
                self.document.brief(self.folder.value(item, context.scope))
                for item in items[:MOST_ARGUMENTS]
            )
            yield Call(
                place=place,
                guards=context.guards,
                moment=context.moment,
                callee=f"new {name}" if is_new else name,
                args=args,
            )

    def _assign_facts(
        self, node: Node, left: Node | None, right: Node | None, context: Context
    ) -> Iterator[Fact]:
        if left is None or right is None:
            return
        if left.type not in TARGETS:
            return
        name = self.folder.name_of(left, context.scope)
        if name is None or ("." not in name and unwrapped(right).type in FUNCTIONS):
            return
        if LAYER.match(name):
            value = self.folder.value(right, context.scope)
            for item in value if isinstance(value, tuple) else ():
                yield Push(
                    place=self._place(node),
                    guards=context.guards,
                    moment=context.moment,
                    layer=name,
                    value=self.document.brief(item),
                )
        if self._is_wanted(name):
            yield Assign(
                place=self._place(node),
                guards=context.guards,
                moment=context.moment,
                target=name,
                value=self.document.brief(self.folder.value(right, context.scope)),
            )

    def _import_facts(self, node: Node, target: Value, context: Context) -> Iterator[Fact]:
        place = self._place(node)
        if not isinstance(target, str):
            if isinstance(target, Text):
                yield Include(place=place, guards=context.guards, how="imports", target=target)
            return
        if target.startswith((".", "/", "@/", "~/", "#")):
            yield Include(place=place, guards=context.guards, how="imports", target=target)
        elif not target.startswith(("http:", "https:", "//")):
            yield Package(place=place, guards=context.guards, ecosystem="npm", name=target)

    def _element_facts(self, node: Node, context: Context) -> Iterator[Fact]:
        """A JSX element of a vendor's package is a call with its properties."""
        tag = node.child_by_field_name("name")
        name = self.folder.name_of(tag, context.scope) if tag is not None else None
        if name is None or not name.startswith("npm:") or not self._is_wanted(name):
            return
        yield Call(
            place=self._place(node),
            guards=context.guards,
            moment=context.moment,
            callee=name,
            args=(self._properties(node, context.scope),),
        )

    def _properties(self, node: Node, scope: Scope) -> Object:
        items: list[tuple[str, Value]] = []
        for child in node.named_children:
            if child.type != "jsx_attribute" or not child.named_children:
                continue
            value: Value = True
            if len(child.named_children) > 1:
                value = self.folder.value(child.named_children[1], scope)
            items.append((self.folder.text_of(child.named_children[0]), value))
        return Object(tuple((key, self.document.brief(value)) for key, value in items))

    def _is_wanted(self, name: str) -> bool:
        root = root_of(name)
        if root.startswith("npm:"):
            return root.removeprefix("npm:") in self.vocabulary.packages
        return root in self.vocabulary.names or name in self.vocabulary.names

    def _place(self, node: Node) -> Place:
        return self.document.place(self.base + node.start_byte, self.base + node.end_byte)


ACTIONS = {
    "variable_declarator": Script._declare_variable,
    "assignment_expression": Script._note_assignment,
    "call_expression": Script._note_call,
    "new_expression": Script._note_nothing,
    "import_statement": Script._note_import,
    "export_statement": Script._note_nothing,
    "pair": Script._note_nothing,
    "jsx_element": Script._note_nothing,
    "jsx_opening_element": Script._note_nothing,
    "jsx_self_closing_element": Script._note_nothing,
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


def _top(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


def _name_broken(document: Document, root: Node, base: int) -> None:
    """Name the first stretch that is no JavaScript, so that nobody takes the file for wholly
    read.
    """
    node = root
    while True:
        inner = next(
            (
                child
                for child in node.children
                if child.type == "ERROR" or child.is_missing or child.has_error
            ),
            None,
        )
        if inner is None or node.type == "ERROR":
            break
        node = inner
    place = document.place(base + node.start_byte, base + node.end_byte)
    last = place.region.end_line
    lines = f"line {place.line}" if last == place.line else f"lines {place.line} to {last}"
    reason = f"{lines} cannot be read as JavaScript; the rest was read"
    document.skips.append(Skip(place.path, reason, place.line, kind="partly"))
