"""A script as facts: which known functions it calls, what it loads, sends and pushes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from tree_sitter import Node

from analyzer.model import (
    OWN,
    Assign,
    Call,
    Fact,
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
from analyzer.parse.components import Components
from analyzer.parse.constants import settings_of
from analyzer.parse.document import Document
from analyzer.parse.grammar import TooSlow, broken, dialect_of, parsed
from analyzer.parse.loading import loads_of
from analyzer.parse.mask import Masked
from analyzer.parse.names import LAYER, TARGETS, Context, Reader
from analyzer.parse.scope import (
    FUNCTIONS,
    Scope,
    root_of,
    unwrapped,
)
from analyzer.parse.template import Structure
from analyzer.parse.windows import TREE_LIMIT, WHOLE_LIMIT, TooMuch, stretches, windows
from analyzer.parse.wrappers import CALLED, is_named_like_one, says_an_event, wrappers_of
from analyzer.parse.written import written_facts

MOST_ARGUMENTS = 12
TOO_MUCH = "it names vendors in more places than can be looked at; the first ones were read"
TOO_SLOW = "it is no JavaScript in too many places; only what stands around vendors' names was read"
TANGLED = "its names lead to each other without end; it was read, but not every value in it"


def facts_of(source: Source, vocabulary: Vocabulary) -> Iterator[Fact | Skip]:
    """The facts of a script file, and a skip for a stretch that cannot be read."""
    data = source.data.replace(b"\r\n", b" \n")
    if data.startswith(b"#!"):
        data = b"//" + data[2:]
    document = Document(source, Masked(data), Structure())
    dialect = dialect_of(source.path)
    if len(data) <= WHOLE_LIMIT:
        yield from _module_facts(document, vocabulary, dialect)
    else:
        yield from _bundle_facts(document, vocabulary, dialect)
    yield from document.skips


def uses_of(source: Source) -> Iterator[Fact | Skip]:
    """Only what a script takes from other files and how it uses that, for one without vendors."""
    data = source.data.replace(b"\r\n", b" \n")
    try:
        root = parsed(data, dialect_of(source.path))
    except TooSlow:
        return
    components = Components(source, data, root)
    yield from components.facts()
    if CALLED.search(data):
        document = Document(source, Masked(data), components.structure)
        for fact in Script(document, 0, Vocabulary(), links=False).read(root):
            if isinstance(fact, Call) and fact.callee.startswith(OWN):
                yield fact


def _module_facts(document: Document, vocabulary: Vocabulary, dialect: str) -> Iterator[Fact]:
    """The facts of a script that is a file of its own: its parts are told apart."""
    data = document.data
    try:
        root = parsed(data, dialect)
    except TooSlow:
        yield from _window_facts(document, 0, len(data), vocabulary, dialect)
        return
    if root.has_error:
        document.skips.append(broken(document.source, root, 0))
    components = Components(document.source, data, root, vocabulary.packages)
    document.structure = components.structure
    links: list[Fact] = []
    for fact in Script(document, 0, vocabulary, links=False).read(root):
        if isinstance(fact, Include):
            links.append(fact)
        else:
            yield fact
    yield from wrappers_of(document, root)
    yield from settings_of(document, root, 0, vocabulary)
    yield from sorted([*links, *components.facts()], key=_in_the_text)


def _in_the_text(fact: Fact) -> tuple[int, int]:
    return fact.place.region.line, fact.place.region.column


def script_facts(
    document: Document, start: int, end: int, vocabulary: Vocabulary, dialect: str = "javascript"
) -> Iterator[Fact]:
    """The facts of the script between two offsets of a document."""
    try:
        root = parsed(document.data[start:end], dialect)
    except TooSlow:
        yield from _window_facts(document, start, end, vocabulary, dialect)
        return
    if root.has_error:
        document.skips.append(broken(document.source, root, start))
    yield from Script(document, start, vocabulary).read(root)
    yield from wrappers_of(document, root, start)
    yield from settings_of(document, root, start, vocabulary)


def _bundle_facts(document: Document, vocabulary: Vocabulary, dialect: str) -> Iterator[Fact]:
    """The facts of a script that is too big to be read whole."""
    data = document.data
    try:
        root = parsed(data, dialect) if len(data) <= TREE_LIMIT else None
    except TooSlow:
        root = None
    if root is None:
        yield from _window_facts(document, 0, len(data), vocabulary, dialect)
        return
    try:
        for part in stretches(root, data, vocabulary):
            yield from Script(document, 0, vocabulary).read(part)
    except TooMuch:
        document.skips.append(Skip(document.source.path, TOO_MUCH, kind="partly"))


def _window_facts(
    document: Document, start: int, end: int, vocabulary: Vocabulary, dialect: str
) -> Iterator[Fact]:
    """The facts around the vendors' names in a script that cannot be parsed as one."""
    data = document.data[start:end]
    try:
        for first, last in windows(data, vocabulary, dialect):
            with suppress(TooSlow):
                root = parsed(data[first:last], dialect)
                yield from Script(document, start + first, vocabulary).read(root)
    except TooMuch:
        document.skips.append(Skip(document.source.path, TOO_MUCH, kind="partly"))
    if len(data) <= TREE_LIMIT:
        document.skips.append(Skip(document.source.path, TOO_SLOW, kind="partly"))


class Script:
    """Reads one script: first its names, then what it does with them.

    Without `links` the files that it asks for are left to another reader.
    """

    def __init__(
        self, document: Document, base: int, vocabulary: Vocabulary, links: bool = True
    ) -> None:
        self.document = document
        self.base = base
        self.vocabulary = vocabulary
        self.links = links
        self.reader = Reader(document, base, vocabulary)
        self.folder = self.reader.folder

    def read(self, root: Node) -> Iterator[Fact]:
        """The script's facts in the order of its text."""
        self.reader.read(root)
        self.reader.set_globals()
        for node, context in self.reader.actions:
            for fact in self._facts(node, context):
                yield self.document.around(fact, self.base + node.start_byte)
        if self.folder.gave_up:
            self.document.skips.append(Skip(self.document.source.path, TANGLED, kind="partly"))

    def _facts(self, node: Node, context: Context) -> Iterator[Fact]:
        for fact in loads_of(self.folder, node, context.scope):
            yield replace(fact, guards=context.guards, moment=context.moment)
        written = written_facts(
            self.folder, node, context.scope, self.vocabulary, context.conditions
        )
        for fact in written:
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
        items = [child for child in arguments.named_children if child.type != "comment"]
        if self._is_layer_named_later(callee, context):
            values = [self.folder.value(item, context.scope) for item in items]
            for value in values:
                if isinstance(value, Object) and value.get("event") is not None:
                    yield Push(
                        place=self._place(node),
                        guards=context.guards,
                        moment=context.moment,
                        layer=self.folder.source(callee, 100).rpartition(".")[0],
                        value=self.document.brief(value),
                    )
            return
        name = self.folder.name_of(callee, context.scope)
        if not is_new and items and (name is None or not self._is_wanted(name)):
            yield from self._own_call(node, callee, items, context)
        if name is None:
            return
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

    def _own_call(
        self, node: Node, callee: Node, items: list[Node], context: Context
    ) -> Iterator[Fact]:
        """A call of what may be a function of the site's own that pushes events."""
        name = self.folder.tail_of(callee, 60).rpartition(".")[2]
        if not is_named_like_one(name):
            return
        first = self.folder.value(items[0], context.scope)
        if says_an_event(first):
            args = (first, *(self.folder.value(each, context.scope) for each in items[1:4]))
            yield Call(
                place=self._place(node),
                guards=context.guards,
                moment=context.moment,
                callee=f"{OWN}{name}",
                args=tuple(map(self.document.brief, args)),
            )

    def _is_layer_named_later(self, callee: Node, context: Context) -> bool:
        """Is it the push of a list of the window whose name is put in later: `window[name].push`?
        What is pushed with an event is for a data layer.
        """
        layer, method = callee.child_by_field_name("object"), callee.child_by_field_name("property")
        if callee.type != "member_expression" or layer is None or method is None:
            return False
        holder = layer.child_by_field_name("object")
        if layer.type != "subscript_expression" or holder is None:
            return False
        if self.folder.text_of(method) != "push" or self.folder.text_of(holder) != "window":
            return False
        key = self.folder.key_of(layer, context.scope)
        return key is None or not key.isidentifier()

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
            if self.links:
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
