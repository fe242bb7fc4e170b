"""What a script offers to others, and what its functions do with what they are given.

The first reading of a script follows its own functions from the place where they are called. This
one leaves their parameters open: the calls may stand in other files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from analyzer.model import (
    FROM,
    FUNCTION,
    GIVEN,
    IN,
    ITSELF,
    NEW,
    OWN,
    REST,
    RESULT,
    SHOWN,
    Call,
    Fact,
    Function,
    Hole,
    Include,
    Maker,
    Object,
    Offers,
    Origin,
    OriginKind,
    Place,
    Result,
    Source,
    Value,
    Vocabulary,
    holes,
    options,
)
from analyzer.parse.mask import Masked
from analyzer.parse.scripts.components import Components
from analyzer.parse.scripts.exports import exports_of
from analyzer.parse.scripts.grammar import TooSlow, dialect_of, parsed
from analyzer.parse.scripts.javascript import MOST_ARGUMENTS, Script
from analyzer.parse.scripts.names import Context, Reader, top_of
from analyzer.parse.template import Structure
from analyzer.parse.values.document import Document, choice
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.scope import (
    FIELDS,
    FUNCTIONS,
    Meaning,
    Parameter,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.scope import Function as Own
from analyzer.parse.values.things import CLASSES, SAME, callee_of, function_of, returns_of

LARGEST = 200_000  # bytes of a script that people write
SMALL = 20_000
LONGEST_LINES = 300  # bytes of a line, on average, in scripts that people write
MOST_CALLS = 2_000  # of the site's own functions, in one file
KEEPERS = re.compile(
    r"(?:^|\.)(?:useCallback|useMemoizedFn|useEvent|useEventCallback|debounce|throttle|once|memo"
    r"|forwardRef|observer|cache|action)$"
)

CALLED_IN = "what is called in"  # names a stretch of a script whose calls another reading finds
SCRIPT = re.compile(rb"<script\b[^>]{0,500}>(.*?)</script\s{0,9}>", re.S | re.I)
FRONT = re.compile(rb"\A\s{0,99}---\r?\n(.*?)\n---", re.S)
TYPED = re.compile(rb"<script\b[^>]{0,300}\blang=[\"']?tsx?\b", re.I)
MARKUP = (".vue", ".svelte", ".astro", ".html", ".htm")


def offers_of(source: Source, vocabulary: Vocabulary) -> Offers:
    """What a script offers; of a component with markup, what its scripts do."""
    data = source.data.replace(b"\r\n", b" \n")
    low = source.path.lower()
    dialect = dialect_of(source.path)
    if low.endswith(MARKUP):
        dialect = "typescript" if TYPED.search(data) or low.endswith(".astro") else "javascript"
        data = scripts_only(data)
    if len(data) > LARGEST or _is_minified(data):
        return Offers(source.path)
    try:
        root = parsed(data, dialect)
    except TooSlow:
        return Offers(source.path)
    components = Components(source, data, root, vocabulary.packages, CALLED_IN)
    structure = Structure() if low.endswith(MARKUP) else components.structure
    document = Document(source, Masked(data), structure)
    try:
        offers = Tracer(document, vocabulary).offers(root)
    except TooSlow:
        return Offers(source.path)
    return replace(offers, links=tuple(components.regions()))


def _is_minified(data: bytes) -> bool:
    """Was the script made by a machine, so that nobody imports it by its names?"""
    return len(data) > SMALL and len(data) > LONGEST_LINES * (1 + data.count(b"\n"))


def scripts_only(data: bytes) -> bytes:
    """The document with blanks in place of all that is no script."""
    blank = bytearray(re.sub(rb"[^\n]", b" ", data))
    for found in (*SCRIPT.finditer(data), *FRONT.finditer(data)):
        blank[found.start(1) : found.end(1)] = data[found.start(1) : found.end(1)]
    return bytes(blank)


class Tracing(Folder):
    """Folds expressions, and lets what callers give and other files say stand as it is."""

    def __init__(self, document: Document, base: int) -> None:
        super().__init__(document, base)
        self.path = document.source.path
        self.results: dict[str, Result] = {}
        self.defaults: dict[str, dict[str, Value]] = {}
        self.makers: dict[str, Node] = {}

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

    def uid(self, node: Node) -> str:
        """The name of a function in this file, and the file."""
        return f"{key_of(node)}{FROM}{IN}{self.path}"

    def _value(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        if node.type in CLASSES:
            self.makers[key_of(node)] = node
            return self.own(node, key_of(node))
        if node.type in FUNCTIONS:
            return self.own(node, key_of(node))
        if node.type == "enum_declaration":
            return self._enumeration(node, scope)
        if node.type == "subscript_expression":
            return self._looked_up(node, scope, witnesses)
        if node.type not in ("call_expression", "new_expression"):
            return super()._value(node, scope, witnesses)
        callee, items = callee_of(node)
        if callee is not None and items:
            keeps = unwrapped(items[0]).type in FUNCTIONS and KEEPERS.search(
                self.tail_of(callee, 60)
            )
            if keeps or self.head_of(callee) in SAME:
                return self.value(items[0], scope)
        known = super()._value(node, scope, witnesses)
        what = self.meant(callee, scope) if callee is not None else None
        if not isinstance(what, Hole) or not _is_opaque(known, what):
            return known
        name = f"{RESULT}{node.start_byte}+{node.end_byte - node.start_byte}"
        if name not in self.results:
            self.results[name] = Result(what, ())  # it may be part of itself
            args = tuple(self.value(each, scope) for each in items[:MOST_ARGUMENTS])
            self.results[name] = Result(what, args, node.type == "new_expression")
        of = tuple(dict.fromkeys(hole.origin for hole in holes(known) if not _is_unknown(hole)))
        return self.hole(node, OriginKind.IMPORT, f"{name}{FROM}", of)

    def _looked_up(self, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
        """What stands in a list of the file under a name that a caller gives: `EVENTS[name]`."""
        holder, index = node.child_by_field_name("object"), node.child_by_field_name("index")
        if holder is None or index is None or self.key_of(node, scope) is not None:
            return super()._value(node, scope, witnesses)
        whole, key = self.value(holder, scope), self.value(index, scope)
        is_given = isinstance(key, Hole) and GIVEN in key.origin.name
        if not is_given or not (isinstance(whole, Object) or _is_imported(whole)):
            return super()._value(node, scope, witnesses)
        name = f"{RESULT}{node.start_byte}+{node.end_byte - node.start_byte}"
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
                return self.own(node, key_of(known.node))
        return super()._identifier(node, scope, witnesses)

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
        super().__init__(document, 0, vocabulary)
        self.folder = Tracing(document, 0)
        self.functions = self.folder.functions
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


class Tracer(Script):
    """Reads one script for what it offers."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        super().__init__(document, 0, vocabulary, links=False)
        self.tracing = TracingReader(document, vocabulary)
        self.reader = self.tracing
        self.folder: Tracing = self.tracing.folder  # type: ignore[assignment]

    def offers(self, root: Node) -> Offers:
        """What the script offers, and what each of its functions does."""
        self.reader.read(root)
        self._note_classes(root)
        self.reader.set_globals()
        does: dict[str, list[Fact]] = {}
        calls = 0
        for node, context in self.reader.actions:
            for fact in self._facts(node, context):
                calls += isinstance(fact, Call) and fact.callee.startswith(OWN)
                if calls > MOST_CALLS or isinstance(fact, Include):
                    continue
                around = self.document.around(fact, self.base + node.start_byte)
                does.setdefault(self.tracing.around(context.scope), []).append(around)
        top = next((top_of(context.scope) for _, context in self.reader.actions), Scope())
        exports, every = exports_of(self.folder, root, top, self.reader.actions)
        functions = dict(self._functions(does))
        self._join_unnamed(functions, does)
        return Offers(
            self.document.source.path,
            tuple(exports.items()),
            tuple(every),
            tuple(functions.items()),
            tuple(self._makers()),
            tuple(self.folder.results.items()),
        )

    def _note_classes(self, root: Node) -> None:
        """Note the classes at the top, whatever names lead to them."""
        for statement in root.named_children:
            declared = statement.child_by_field_name("declaration") or statement
            if declared.type in CLASSES:
                self.folder.makers[key_of(declared)] = declared

    def _functions(self, does: dict[str, list[Fact]]) -> Iterator[tuple[str, Function]]:
        yield ITSELF, Function("", self._at(0, 0), tuple(does.get(ITSELF, ())))
        for function in list(self.folder.functions.values()):
            node = function.node
            name = name_of_function(self.folder, node) if node.type in FUNCTIONS else ""
            if not name or is_called_at_once(node):
                continue
            gives: list[Value] = []
            if function.inner is not None:
                gives = [self.folder.value(each, function.inner) for each in returns_of(function)]
            given = [each for value in gives for each in options(value)]
            key = key_of(node)
            self._read_defaults(function)
            yield (
                key,
                Function(
                    name,
                    self._at(node.start_byte, min(node.end_byte, node.start_byte + 120)),
                    tuple(does.get(key, ())),
                    self.document.brief(choice(given)),
                    tuple(self.folder.defaults.get(key, {}).items()),
                ),
            )

    def _read_defaults(self, function: Own) -> None:
        """Read the parameters once, so that values they have by themselves are known."""
        for meanings in function.inner.names.values() if function.inner is not None else ():
            for each in meanings:
                if isinstance(each, Parameter) and each.default is not None:
                    list(self.folder._meaning(each, function.node, None))

    def _join_unnamed(self, functions: dict[str, Function], does: dict[str, list[Fact]]) -> None:
        """What a function does inside of which it is only handed on, is done by the outer one."""
        used = {
            hole.origin.name.partition(FROM)[0].partition(".")[0]
            for each in functions.values()
            for hole in _named_in(each)
        }
        used |= {
            hole.origin.name.partition(FROM)[0]
            for each in self.folder.results.values()
            for hole in holes(each.callee)
        }
        for function in list(self.folder.functions.values()):
            key = key_of(function.node)
            outer = self.tracing.around(function.scope) if function.scope is not None else ITSELF
            if key not in functions or key in used or outer == ITSELF or outer not in functions:
                continue
            if function.node.type in ("method_definition", *FIELDS):
                continue
            joined = (*functions[outer].does, *functions[key].does)
            functions[outer] = replace(functions[outer], does=joined)

    def _makers(self) -> Iterator[tuple[str, Maker]]:
        for key, node in self.folder.makers.items():
            name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
            methods: dict[str, str] = {}
            for each in items_of(body) if body is not None else ():
                named = each.child_by_field_name("property") or each.child_by_field_name("name")
                value = each.child_by_field_name("value")
                made = each if each.type == "method_definition" else value
                if named is not None and made is not None and unwrapped(made).type in FUNCTIONS:
                    methods[self.folder.text_of(named)] = key_of(unwrapped(made))
            constructor = methods.pop("constructor", "")
            text = self.folder.text_of(name) if name is not None else "class"
            yield key, Maker(text, tuple(methods.items()), constructor)

    def _call_facts(self, node: Node, context: Context) -> Iterator[Fact]:
        callee, items = callee_of(node)
        meant = self.folder.meant(callee, context.scope) if callee is not None else None
        if not isinstance(meant, Hole) or meant.origin.kind is not OriginKind.IMPORT:
            yield from super()._call_facts(node, context)
            return
        known = list(super()._call_facts(node, context))
        vendors = [each for each in known if isinstance(each, Call)]
        # A vendor's package, or the stub of its function; what only bears its name is neither.
        if any("npm:" in each.callee for each in vendors) or meant.origin.name.startswith(FUNCTION):
            yield from known
            if vendors:
                return
        else:
            yield from (each for each in known if not isinstance(each, Call))
        begin = OWN + (NEW if node.type == "new_expression" else "")
        args = tuple(self.document.brief(each) for each in self._handed(items, context.scope))
        yield self._called(node, f"{begin}{meant.origin.name}", args, context)

    def _handed(self, items: list[Node], scope: Scope) -> Iterator[Value]:
        from analyzer.parse.values.given import arguments_of

        yield from arguments_of(self.folder, items[:MOST_ARGUMENTS], scope)[0]

    def _own_call(
        self, node: Node, callee: Node, items: list[Node], context: Context
    ) -> Iterator[Fact]:
        return iter(())

    def _element_facts(self, node: Node, context: Context) -> Iterator[Fact]:
        known = list(super()._element_facts(node, context))
        yield from known
        tag = node.child_by_field_name("name")
        if known or tag is None or self.folder.text_of(tag)[:1].islower():
            return
        meant = self.folder.meant(tag, context.scope)
        if isinstance(meant, Hole) and meant.origin.kind is OriginKind.IMPORT:
            args = (self._properties(node, context.scope),)
            yield self._called(node, f"{OWN}{SHOWN}{meant.origin.name}", args, context)

    def _called(self, node: Node, callee: str, args: tuple[Value, ...], context: Context) -> Call:
        return Call(
            place=self._place(node),
            guards=context.guards,
            moment=context.moment,
            callee=callee,
            args=args,
        )

    def _at(self, start: int, end: int) -> Place:
        return self.document.place(self.base + start, self.base + end)


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


def _is_opaque(value: Value, callee: Hole) -> bool:
    """Can only the file of the callee tell what a call gives?"""
    if callee.origin.kind is not OriginKind.IMPORT or callee.origin.name.startswith(FUNCTION):
        is_new = isinstance(value, Hole) and value.text.startswith("new ")
        return _is_unknown(value) or (is_new and callee.origin.kind is OriginKind.IMPORT)
    return isinstance(value, Hole) and value.origin.kind is not OriginKind.HASH


def _is_imported(value: Value) -> bool:
    return isinstance(value, Hole) and value.origin.kind is OriginKind.IMPORT


def _is_unknown(value: Value) -> bool:
    if not isinstance(value, Hole) or value.origin.of:
        return False
    kind, name = value.origin.kind, value.origin.name
    return kind is OriginKind.UNKNOWN or (
        kind is OriginKind.GLOBAL and name.removeprefix("new ").startswith("npm:")
    )


def _named_in(function: Function) -> Iterator[Hole]:
    """The functions that a function calls or gives back."""
    yield from holes(function.gives)
    for fact in function.does:
        if isinstance(fact, Call) and fact.callee.startswith(OWN):
            name = fact.callee.removeprefix(OWN).removeprefix(SHOWN).removeprefix(NEW)
            yield Hole("", Origin(OriginKind.IMPORT, name))
