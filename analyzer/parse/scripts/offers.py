"""What a script offers to others, and what its functions do with what they are given.

The first reading of a script follows its own functions from the place where they are called. This
one leaves their parameters open: the calls may stand in other files.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from tree_sitter import Node

from analyzer.engines import PLAIN, engine_of
from analyzer.model import (
    FROM,
    FUNCTION,
    IN,
    ITSELF,
    NEW,
    OWN,
    PAGE,
    SHOWN,
    Call,
    Fact,
    Function,
    Hole,
    Include,
    Maker,
    Moment,
    Offers,
    Origin,
    OriginKind,
    Place,
    Source,
    Value,
    Vocabulary,
    holes,
    options,
)
from analyzer.parse.mask import Masked, flattened, mask
from analyzer.parse.scripts.calls import top_of
from analyzer.parse.scripts.chunks import chunk_of
from analyzer.parse.scripts.components import Components
from analyzer.parse.scripts.exports import exports_of
from analyzer.parse.scripts.grammar import TooSlow, dialect_of, parsed
from analyzer.parse.scripts.javascript import MOST_ARGUMENTS, Script
from analyzer.parse.scripts.names import Context
from analyzer.parse.scripts.thinning import is_part, thinned
from analyzer.parse.scripts.tracing import (
    PROTOTYPE,
    Tracing,
    TracingReader,
    is_called_at_once,
    key_of,
    name_of_function,
)
from analyzer.parse.template import Structure, structure_of
from analyzer.parse.values.document import Document, choice
from analyzer.parse.values.handlers import Acting, Handlers, acting, handlers_of
from analyzer.parse.values.models import models_of
from analyzer.parse.values.scope import (
    FIELDS,
    FUNCTIONS,
    Expression,
    Parameter,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.scope import Function as Own
from analyzer.parse.values.things import CLASSES, callee_of, returns_of

LARGEST = 200_000  # bytes of a script that people write
SMALL = 20_000
LONGEST_LINES = 300  # bytes of a line, on average, in scripts that people write
MOST_CALLS = 2_000  # of the site's own functions, in one file
MOST_IN_CHUNK = 50_000  # the same where most are not kept
MOST_GLOBALS = 500  # names of one script that others of its page see
OF_MODULES = frozenset({"import_statement", "export_statement"})
GIVING = FUNCTIONS | {"object", "identifier", "assignment_expression", "binary_expression"}
DOTTED = re.compile(r"[A-Za-z_$][\w$]{2,60}(?:\.[A-Za-z_$][\w$]{0,60}){0,3}")
BUILT_IN = frozenset(
    {
        "Array",
        "Boolean",
        "Date",
        "Error",
        "JSON",
        "Math",
        "Number",
        "Object",
        "Promise",
        "RegExp",
        "String",
        "URL",
        "alert",
        "clearInterval",
        "clearTimeout",
        "confirm",
        "console",
        "decodeURIComponent",
        "define",
        "document",
        "encodeURIComponent",
        "fetch",
        "history",
        "jQuery",
        "localStorage",
        "location",
        "navigator",
        "parseFloat",
        "parseInt",
        "require",
        "sessionStorage",
        "setInterval",
        "setTimeout",
    }
)
CALLED_IN = "what is called in"  # names a stretch of a script whose calls another reading finds
SCRIPT = re.compile(rb"<script\b[^>]{0,500}>(.*?)</script\s{0,9}>", re.S | re.I)
FRONT = re.compile(rb"\A\s{0,99}---\r?\n(.*?)\n---", re.S)
TYPED = re.compile(rb"<script\b[^>]{0,300}\blang=[\"']?tsx?\b", re.I)
MARKUP = (".vue", ".svelte", ".astro")
DECLARED = re.compile(re.escape(FUNCTION) + r"(\d+)\b")  # a function by where it begins
SCRIPT_SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".es6")


def offers_of(source: Source, vocabulary: Vocabulary) -> Offers:
    """What a script offers; of a page or a component with markup, what its scripts do."""
    data = source.data
    is_built = len(data) > LARGEST or _is_minified(data)
    is_script = source.path.lower().endswith(SCRIPT_SUFFIXES)
    is_shared = is_built and is_script and is_part(data)
    offers = Offers(source.path)
    if is_shared or not is_built:
        offers = _offers_of(source, vocabulary, is_built)
    if not is_script:
        return offers
    chunk = chunk_of(source, vocabulary, is_built)
    # What is read for its functions tells its calls of other parts with them.
    return _with(offers, replace(chunk, functions=()) if is_shared else chunk)


def _with(offers: Offers, chunk: Offers) -> Offers:
    """What a script offers, and what is known of it as a chunk of a build."""
    functions = dict(offers.functions)
    for key, each in chunk.functions:
        known = functions.setdefault(key, each)
        new = tuple(fact for fact in each.does if fact not in known.does)
        functions[key] = replace(known, does=(*known.does, *new))
    return replace(
        offers,
        exports=tuple({**dict(offers.exports), **dict(chunk.exports)}.items()),
        functions=tuple(functions.items()),
        globals=(*offers.globals, *chunk.globals),
    )


def _offers_of(source: Source, vocabulary: Vocabulary, is_built: bool) -> Offers:
    data = source.data.replace(b"\r\n", b" \n")
    low = source.path.lower()
    dialect = dialect_of(source.path)
    masked, structure, scripts = Masked(data), Structure(), _Scripts()
    is_script = low.endswith(SCRIPT_SUFFIXES)
    models: dict[str, Hole] = {}
    if low.endswith(MARKUP):
        dialect = "typescript" if TYPED.search(data) or low.endswith(".astro") else "javascript"
        masked, models = Masked(scripts_only(data)), models_of(source)
    elif not is_script:
        engine = engine_of(source.path, data) or PLAIN
        source = flattened(source, engine)
        masked = mask(source.data, engine)
        structure = structure_of(masked, engine)
        scripts = _scripts_of(Document(source, masked, structure))
        masked = Masked(scripts.data, masked.tags)
        source = scripts.decoded(source)
    data = masked.data
    try:
        root = parsed(data, dialect)
    except TooSlow:
        return Offers(source.path)
    components = Components(source, data, root, vocabulary.packages, CALLED_IN)
    document = Document(
        source,
        masked,
        components.structure if is_script else structure,
        models=models,
        handlers=scripts.handlers,
    )
    try:
        offers = Tracer(document, vocabulary, scripts.ends, is_built).offers(root)
    except TooSlow:
        return Offers(source.path)
    offers = thinned(offers) if is_built else offers
    return replace(offers, links=tuple(components.regions()) if is_script else ())


def _is_minified(data: bytes) -> bool:
    """Was the script made by a machine, so that nobody imports it by its names?"""
    return len(data) > SMALL and len(data) > LONGEST_LINES * (1 + data.count(b"\n"))


def scripts_only(data: bytes) -> bytes:
    """The document with blanks in place of all that is no script."""
    blank = bytearray(re.sub(rb"[^\n]", b" ", data))
    for found in (*SCRIPT.finditer(data), *FRONT.finditer(data)):
        blank[found.start(1) : found.end(1)] = data[found.start(1) : found.end(1)]
    return bytes(blank)


@dataclass(frozen=True, slots=True)
class _Scripts:
    """The scripts of a page without all that is none, and where each of them ends."""

    data: bytes = b""
    ends: tuple[int, ...] = ()
    handlers: Handlers | None = None
    written: tuple[Acting, ...] = ()  # those in attributes that are written with references

    def decoded(self, source: Source) -> Source:
        """The page with the references in the attributes decoded, each byte at its place."""
        if not self.written:
            return source
        data = bytearray(source.data)
        for each in self.written:
            data[each.start : each.end] = each.code
        return source.inner(bytes(data), range(len(data) + 1))


def _scripts_of(document: Document) -> _Scripts:
    """The scripts of a page, and those in the attributes of its elements, which call the others."""
    data = document.data
    only = bytearray(scripts_only(data))
    ends = [found.end() for found in SCRIPT.finditer(data)]
    handlers = []
    for each in acting(document):
        with suppress(TooSlow):
            if not parsed(each.code, "javascript").has_error:
                only[each.start : each.end] = each.code
                only[each.start - 1] = only[each.end] = ord(";")
                handlers.append(each)
    ends.extend(each.end for each in handlers)
    written = tuple(each for each in handlers if b"&" in data[each.start : each.end])
    return _Scripts(bytes(only), tuple(sorted(ends)), handlers_of(handlers), written)


class Tracer(Script):
    """Reads one script for what it offers."""

    def __init__(
        self,
        document: Document,
        vocabulary: Vocabulary,
        ends: Sequence[int] = (),
        is_chunk: bool = False,
    ) -> None:
        super().__init__(document, 0, vocabulary, links=False)
        self.is_chunk = is_chunk
        self.ends = ends  # where the scripts of a page end
        self.beside: list[Place] = []  # calls of what another script of the same page declares
        self.tracing = TracingReader(document, vocabulary)
        self.reader = self.tracing
        self.folder: Tracing = self.tracing.folder  # type: ignore[assignment]

    def offers(self, root: Node) -> Offers:
        """What the script offers, and what each of its functions does."""
        self.reader.read(root)
        top = next((top_of(context.scope) for _, context in self.reader.actions), Scope())
        self.folder.note_top(top)
        self._note_classes(root)
        self.reader.set_globals()
        does: dict[str, list[Fact]] = {}
        calls, most = 0, MOST_IN_CHUNK if self.is_chunk else MOST_CALLS
        handlers = self.document.handlers
        for node, context in self.reader.actions:
            if handlers is not None and handlers.at(node.start_byte) is not None:
                context = replace(context, moment=Moment.INTERACTION)
            for fact in self._facts(node, context):
                calls += isinstance(fact, Call) and fact.callee.startswith(OWN)
                if calls > most or isinstance(fact, Include):
                    continue
                around = self.document.around(fact, self.base + node.start_byte)
                does.setdefault(self.tracing.around(context.scope), []).append(around)
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
            globals=tuple(self._globals(root, top)),
            beside=tuple(self.beside),
        )

    def _globals(self, root: Node, top: Scope) -> Iterator[tuple[str, Value]]:
        """The functions, and the objects with functions, that the other scripts of a page see."""
        if not self.document.source.path.lower().endswith(SCRIPT_SUFFIXES):
            return
        found = dict(self.folder.undeclared)
        if not any(each.type in OF_MODULES for each in root.named_children):
            for name, function in top.functions.items():
                if function.node.type in FUNCTIONS:
                    found[name] = Expression(function.node, top)
            for name, meanings in top.names.items():
                for each in meanings[:1]:
                    if isinstance(each, Expression):
                        found.setdefault(name, each)
        for name, each in list(found.items())[:MOST_GLOBALS]:
            if unwrapped(each.node).type in GIVING:
                yield name, self.document.brief(self.folder.with_methods(name, each))

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
            base = self._base(node)
            yield key, Maker(text, tuple(methods.items()), constructor, base)
        yield from self._functions_as_makers()

    def _base(self, node: Node) -> Value:
        """The class that a class extends."""
        for each in node.named_children:
            if each.type == "class_heritage" and each.named_children:
                base = each.named_children[0]
                found = self.folder.value(
                    base.child_by_field_name("value") or base, self.folder.top
                )
                return found if isinstance(found, Hole) else None
        return None

    def _functions_as_makers(self) -> Iterator[tuple[str, Maker]]:
        """The functions that are given methods: `Tracker.prototype.send = function () {...}`."""
        found: dict[str, dict[str, str]] = {}
        for holder, methods in self.folder.put_on.items():
            name = holder.removesuffix(PROTOTYPE)
            function = self.folder.top.functions.get(name)
            if function is not None and function.node.type in FUNCTIONS:
                keys = {key: key_of(node) for key, node in methods.items()}
                found.setdefault(name, {}).update(keys)
        for name, keys in found.items():
            key = key_of(self.folder.top.functions[name].node)
            yield key, Maker(name, tuple(keys.items()), key)

    def _call_facts(self, node: Node, context: Context) -> Iterator[Fact]:
        callee, items = callee_of(node)
        meant = self.folder.meant(callee, context.scope) if callee is not None else None
        if isinstance(meant, Hole) and meant.origin.kind is OriginKind.GLOBAL:
            yield from self._global_call(node, meant.origin.name, items, context)
            return
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
        call = self._called(node, f"{begin}{meant.origin.name}", args, context)
        declared = DECLARED.match(meant.origin.name) if self.ends else None
        if declared and bisect(self.ends, int(declared[1])) != bisect(self.ends, node.start_byte):
            self.beside.append(call.place)
        yield call

    def _global_call(
        self, node: Node, name: str, items: list[Node], context: Context
    ) -> Iterator[Fact]:
        """A call of what another script of the page may have."""
        known = list(super()._call_facts(node, context))
        yield from known
        root = name.partition(".")[0]
        if known or not items or not DOTTED.fullmatch(name) or root in BUILT_IN:
            return
        args = tuple(self.document.brief(each) for each in self._handed(items, context.scope))
        callee = f"{OWN}{name}{FROM}{PAGE}{IN}{self.document.source.path}"
        yield self._called(node, callee, args, context)

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


def _named_in(function: Function) -> Iterator[Hole]:
    """The functions that a function calls or gives back."""
    yield from holes(function.gives)
    for fact in function.does:
        if isinstance(fact, Call) and fact.callee.startswith(OWN):
            name = fact.callee.removeprefix(OWN).removeprefix(SHOWN).removeprefix(NEW)
            yield Hole("", Origin(OriginKind.IMPORT, name))
