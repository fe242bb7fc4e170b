"""A script as facts: which known functions it calls, what it loads, sends and pushes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from tree_sitter import Node

from analyzer.model import (
    FROM,
    OWN,
    Assign,
    Call,
    Fact,
    Hole,
    Include,
    Library,
    Moment,
    Object,
    OriginKind,
    Package,
    Place,
    Push,
    Skip,
    Source,
    Text,
    Value,
    Vocabulary,
    options,
    plain_reference,
    shown,
)
from analyzer.parse.budget import Spent
from analyzer.parse.mask import Masked
from analyzer.parse.scripts.agreements import Agreements
from analyzer.parse.scripts.cleared import cleared
from analyzer.parse.scripts.components import Components
from analyzer.parse.scripts.constants import settings_of
from analyzer.parse.scripts.evals import unpacked, without_map
from analyzer.parse.scripts.grammar import TooSlow, broken, dialect_of, parsed
from analyzer.parse.scripts.libraries import packaged_in, worded_in
from analyzer.parse.scripts.loading import loads_of
from analyzer.parse.scripts.names import LAYER, TARGETS, Context, Reader
from analyzer.parse.scripts.rescue import rescued
from analyzer.parse.scripts.windows import (
    LARGE,
    TREE_LIMIT,
    Parts,
    Settled,
    TooMuch,
    stretches,
    windows,
)
from analyzer.parse.scripts.wired import wired_by_template
from analyzer.parse.scripts.wrappers import CALLED, is_named_like_one, says_an_event, wrappers_of
from analyzer.parse.scripts.written import written_facts
from analyzer.parse.template import Structure
from analyzer.parse.values.arriving import modules_of
from analyzer.parse.values.document import Document
from analyzer.parse.values.invoked import invoked
from analyzer.parse.values.modules import required_by
from analyzer.parse.values.registries import package_at
from analyzer.parse.values.scope import (
    FUNCTIONS,
    Expression,
    Imported,
    Property,
    Scope,
    root_of,
    unwrapped,
)
from analyzer.parse.values.witness import may_be_address

MOST_ARGUMENTS = 12
ADDRESSED = frozenset(
    {"string", "template_string", "identifier", "binary_expression", "member_expression"}
)
NAMES_ADDRESS = re.compile(
    r"ur[li]|src|href|host|endpoint|script|pixel|beacon|tag|load|domain", re.I
)
HOST = re.compile(r"(?:https?:)?//[\w-]+\.")
ALIASES = frozenset({"identifier", "member_expression", "subscript_expression", "call_expression"})
TAKES = re.compile(r"\b(?:require|import)\b")
TOO_MUCH = "it names vendors in more places than can be looked at; the first ones were read"
TOO_SLOW = "it is no JavaScript in too many places; only what stands around vendors' names was read"
TOO_BIG = (
    f"it is larger than {TREE_LIMIT // 2**20} MB; only what stands around vendors' names was read"
)
TANGLED = "its names lead to each other without end; it was read, but not every value in it"


def facts_of(
    source: Source, vocabulary: Vocabulary, libraries: Sequence[Library] = ()
) -> Iterator[Fact | Skip]:
    """The facts of a script file, and a skip for a stretch that cannot be read; `libraries` are
    what is known of the vendors' own in it.
    """
    markup, source = source.markup, cleared(unpacked(source))
    source.markup = markup
    data = without_map(source.data).replace(b"\r\n", b" \n")
    if data.startswith(b"#!"):
        data = b"//" + data[2:]
    document = Document(source, Masked(data), Structure())
    if libraries:
        document.packaged = packaged_in(data, libraries, vocabulary)
        document.worded = worded_in(data, libraries, vocabulary)
    wired_by_template(document, vocabulary)
    dialect = dialect_of(source.path)
    with suppress(Spent):
        yield from _module_facts(document, vocabulary, dialect)
    document.note_spent()
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
        with suppress(Spent):
            for fact in Script(document, 0, Vocabulary(), links=False).read(root):
                if isinstance(fact, Call) and fact.callee.startswith(OWN):
                    yield fact


def _module_facts(document: Document, vocabulary: Vocabulary, dialect: str) -> Iterator[Fact]:
    """The facts of a script that is a file of its own: its parts are told apart."""
    data = document.data
    try:
        root = parsed(data, dialect) if len(data) <= TREE_LIMIT else None
    except TooSlow:
        root = None
    if root is None:
        yield from _window_facts(document, 0, len(data), vocabulary, dialect)
        return
    if root.has_error:
        document.skips.append(broken(document.source, root, 0))
    parts = _parts(document, root, vocabulary) if len(data) > LARGE else None
    components = Components(document.source, data, root, vocabulary.packages)
    document.structure = components.structure
    links: list[Fact] = []
    found = _with_broken(document, 0, root, vocabulary, dialect, links=False, parts=parts)
    for fact in found if parts is None else _in_order(found):
        if isinstance(fact, Include):
            links.append(fact)
        else:
            yield fact
    yield from wrappers_of(document, root)
    document.budget.look()
    yield from settings_of(document, root, 0, vocabulary)
    document.budget.look()
    yield from sorted([*links, *components.facts()], key=_in_the_text)


def _with_broken(
    document: Document,
    base: int,
    root: Node,
    vocabulary: Vocabulary,
    dialect: str,
    links: bool = True,
    parts: Parts | None = None,
) -> Iterator[Fact]:
    """The facts of a tree, and those that stand in its broken stretches, each read for itself."""
    told: set[tuple[int, int]] = set()
    for fact in Script(document, base, vocabulary, links).read(root, parts):
        told.add(_in_the_text(fact))
        yield fact
    data = document.data[base : base + root.end_byte]
    for start, part in rescued(data, root, vocabulary, dialect):
        for fact in Script(document, base + start, vocabulary, links).read(part):
            if _in_the_text(fact) not in told:
                yield fact


def _in_order(facts: Iterator[Fact]) -> Iterator[Fact]:
    """Facts in the order of the text, also where the script used up what it may cost."""
    found: list[Fact] = []
    spent: Spent | None = None
    try:
        found.extend(facts)
    except Spent as trouble:
        spent = trouble
    yield from sorted(found, key=_in_the_text)
    if spent is not None:
        raise spent


def _in_the_text(fact: Fact) -> tuple[int, int]:
    return fact.place.region.line, fact.place.region.column


def script_facts(
    document: Document, start: int, end: int, vocabulary: Vocabulary, dialect: str = "javascript"
) -> Iterator[Fact]:
    """The facts of the script between two offsets of a document."""
    with suppress(Spent):
        document.budget.look()
        yield from _script_facts(document, start, end, vocabulary, dialect)
    document.note_spent()


def _script_facts(
    document: Document, start: int, end: int, vocabulary: Vocabulary, dialect: str
) -> Iterator[Fact]:
    if (clear := _in_clear(document, start, end)) is not None:
        for fact in _script_facts(clear, 0, len(clear.data), vocabulary, dialect):
            yield document.around(fact, start)
        return
    try:
        root = parsed(document.data[start:end], dialect)
    except TooSlow:
        yield from _window_facts(document, start, end, vocabulary, dialect)
        return
    if root.has_error:
        document.skips.append(broken(document.source, root, start))
    yield from _with_broken(document, start, root, vocabulary, dialect)
    yield from wrappers_of(document, root, start)
    yield from settings_of(document, root, start, vocabulary)


def _in_clear(document: Document, start: int, end: int) -> Document | None:
    """An inline script that hides its words, as a document of its own; None for another one."""
    written = document.source.inner(document.data[start:end], range(start, end + 1))
    source = cleared(written)
    if source is written:
        return None
    return replace(document, source=source, masked=Masked(source.data), structure=Structure())


def _parts(document: Document, root: Node, vocabulary: Vocabulary) -> Parts:
    """Where a big script is looked at first, for the rest of it may use up what it may cost."""
    found: list[Node] = []
    try:
        found.extend(stretches(root, document.data, vocabulary))
    except TooMuch:
        document.skips.append(Skip(document.source.path, TOO_MUCH, kind="partly"))
    return Parts(found)


def _window_facts(
    document: Document, start: int, end: int, vocabulary: Vocabulary, dialect: str
) -> Iterator[Fact]:
    """The facts around the vendors' names in a script that cannot be parsed as one."""
    data = document.data[start:end]
    document = replace(document, globals=Settled(data))
    try:
        for first, last in windows(data, vocabulary, dialect):
            with suppress(TooSlow):
                root = parsed(data[first:last], dialect)
                yield from Script(document, start + first, vocabulary).read(root)
    except TooMuch:
        document.skips.append(Skip(document.source.path, TOO_MUCH, kind="partly"))
    reason = TOO_SLOW if len(data) <= TREE_LIMIT else TOO_BIG
    document.skips.append(Skip(document.source.path, reason, kind="partly"))


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
        self.folder.packages = vocabulary.packages

    def read(self, root: Node, parts: Parts | None = None) -> Iterator[Fact]:
        """The script's facts in the order of its text; those in some parts of it come first."""
        self.reader.read(root)
        self.reader.set_globals()
        script = self.document.data[self.base : self.base + root.end_byte]
        agreed = Agreements(script, root, self.folder.functions)
        actions = self.reader.actions
        if parts is not None:
            actions.sort(key=lambda each: not parts.holds(each[0]))
        for node, context in actions:
            self.document.budget.step()
            asked = agreed.guard(node)
            if asked is not None and all(each.kind != asked.kind for each in context.guards):
                context = context.under(asked)
            for fact in self._facts(node, context):
                yield self.document.around(fact, self.base + node.start_byte)
        if self.folder.gave_up:
            self.document.skips.append(Skip(self.document.source.path, TANGLED, kind="partly"))

    def _facts(self, node: Node, context: Context) -> Iterator[Fact]:
        for fact in loads_of(self.folder, node, context.scope):
            guards = context.guards + fact.guards
            yield replace(fact, guards=guards, moment=context.moment)
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
                required = required_by(node)
                source = required[1] if required else node.child_by_field_name("source")
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
                yield from self._asked(node, first, context)
            return
        items = [child for child in arguments.named_children if child.type != "comment"]
        if not is_new and items:
            yield from self._plugin_facts(node, callee, items, context)
            for module in modules_of(self.folder, callee, items):
                target = self.folder.value(module, context.scope)
                yield from self._import_facts(module, target, context)
        if self._is_layer_named_later(callee, context):
            values = [self.folder.value(item, context.scope) for item in items]
            for value in values:
                if isinstance(value, Object) and value.get("gtm.start") is not None:
                    # What starts a container is pushed to its layer, whatever its name.
                    yield self._call(node, context, "dataLayer.push", [self.document.brief(value)])
                if isinstance(value, Object) and value.get("event") is not None:
                    yield Push(
                        place=self._place(node),
                        guards=context.guards,
                        moment=context.moment,
                        layer=self.folder.source(callee, 100).rpartition(".")[0],
                        value=self.document.brief(value),
                    )
            return
        what = invoked(self.folder, node, context.scope)
        name = what.name
        if not is_new and items and (name is None or not self._is_wanted(name)):
            yield from self._own_call(node, callee, items, context)
        if name is None or name.endswith(".bind"):
            return
        name = self._meant_by(name, context.scope)
        if name == "require" and items:
            yield from self._asked(node, items[0], context)
            return
        holder, _, method = name.rpartition(".")
        is_push = method == "push" and LAYER.match(holder) is not None
        if not (is_push or self._is_wanted(name)):
            return
        place = self._place(node)
        for handed in what.handed(self.folder, context.scope):
            args = tuple(self.document.brief(each) for each in handed[:MOST_ARGUMENTS])
            if is_push and [self.folder.text_of(each) for each in what.items] == ["arguments"]:
                args = (self.folder.hole(what.items[0]),)  # each call of the function tells itself
            for each in args if is_push else ():
                yield Push(
                    place=place,
                    guards=context.guards,
                    moment=context.moment,
                    layer=holder,
                    value=each,
                )
            if self._is_wanted(name):
                yield self._call(node, context, f"new {name}" if is_new else name, args)

    def _call(self, node: Node, context: Context, callee: str, args: Iterable[Value]) -> Call:
        """A call as a fact."""
        return Call(
            place=self._place(node),
            guards=context.guards,
            moment=context.moment,
            callee=callee,
            args=tuple(args),
        )

    def _plugin_facts(
        self, node: Node, callee: Node, items: list[Node], context: Context
    ) -> Iterator[Fact]:
        """`app.use(Plugin, options)` is a call of what the plugin's package exports: its `use`."""
        if callee.type != "member_expression" or items[0].type != "identifier":
            return
        if self.folder.tail_of(callee, 60).rpartition(".")[2] != "use":
            return
        name = self.folder.name_of(items[0], context.scope)
        if name is None or not name.startswith("npm:") or not self._is_wanted(name):
            return
        values = (self.folder.value(each, context.scope) for each in items[1:MOST_ARGUMENTS])
        yield self._call(node, context, f"{name}.use", map(self.document.brief, values))

    def _own_call(
        self, node: Node, callee: Node, items: list[Node], context: Context
    ) -> Iterator[Fact]:
        """A call of what may be a function of the site's own that pushes events, or of one in
        another file that is given an address.
        """
        yield from self._handed_address(node, callee, items, context)
        name = self.folder.tail_of(callee, 60).rpartition(".")[2]
        if not is_named_like_one(name):
            return
        first = self.folder.value(items[0], context.scope)
        if says_an_event(first):
            args = (first, *(self.folder.value(each, context.scope) for each in items[1:4]))
            yield self._call(node, context, f"{OWN}{name}", map(self.document.brief, args))

    def _handed_address(
        self, node: Node, callee: Node, items: list[Node], context: Context
    ) -> Iterator[Fact]:
        """A call that hands the address of another host to a function of another file."""
        if not any(each.type in ADDRESSED for each in items[:4]):
            return
        if not self._may_be_imported(callee, context.scope):
            return
        meant = self.folder.value(callee, context.scope)
        if not isinstance(meant, Hole) or meant.origin.kind is not OriginKind.IMPORT:
            return
        args = tuple(self.folder.value(each, context.scope) for each in items[:4])
        name = self.folder.tail_of(callee, 60).rpartition(".")[2]
        if any(_may_lead_out(each, name) for arg in args for each in options(arg)):
            yield self._call(
                node, context, f"{OWN}{meant.origin.name}", map(self.document.brief, args)
            )

    def _may_be_imported(self, callee: Node, scope: Scope) -> bool:
        """Does a name begin with what the script takes from another file? In a bundle none does,
        and following them all would take long.
        """
        while callee.type in ("member_expression", "subscript_expression"):
            inner = callee.child_by_field_name("object")
            if inner is None:
                return False
            callee = unwrapped(inner)
        if callee.type != "identifier":
            return callee.type == "call_expression"
        name = self.folder.text_of(callee)
        owner = scope.owner(name)
        for meaning in owner.names[name] if owner is not None else ():
            while isinstance(meaning, Property):
                meaning = meaning.of
            if isinstance(meaning, Imported):
                return True
            if isinstance(meaning, Expression):
                return TAKES.search(self.folder.head_of(meaning.node, 300)) is not None
        return False

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
        if not (LAYER.match(name) or self._is_wanted(name)):
            return
        if unwrapped(right).type in ALIASES and self.folder.name_of(right, context.scope) == name:
            return  # it is only another name for it
        right = self._made_first(right, name, context)
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

    def _made_first(self, right: Node, name: str, context: Context) -> Node:
        """Of `var x = x || {}` what is made where there is none yet: what the script does to `x`
        later is told where it does that.
        """
        inner = unwrapped(right)
        left, other = inner.child_by_field_name("left"), inner.child_by_field_name("right")
        if inner.type != "binary_expression" or left is None or other is None:
            return right
        return other if self.folder.name_of(left, context.scope) == name else right

    def _asked(self, node: Node, asked: Node, context: Context) -> Iterator[Fact]:
        """What `import(...)` and `require(...)` ask for. A file whose name is put together is told
        here; one that is written out is told with the module's other imports.
        """
        target = self.folder.value(asked, context.scope)
        if asked.type == "string" or isinstance(target, Text):
            yield from self._import_facts(node, target, context)
            return
        for each in options(target):
            if isinstance(each, str) and each.startswith((".", "/", "@/", "~/", "#")):
                yield Include(
                    place=self._place(node), guards=context.guards, how="imports", target=each
                )
            else:
                yield from self._import_facts(node, each, context)

    def _import_facts(self, node: Node, target: Value, context: Context) -> Iterator[Fact]:
        place = self._place(node)
        if not isinstance(target, str):
            if isinstance(target, Text):
                yield Include(place=place, guards=context.guards, how="imports", target=target)
            return
        if target.startswith((".", "/", "@/", "~/", "#")):
            if self.links:
                yield Include(place=place, guards=context.guards, how="imports", target=target)
        elif package := package_at(target):
            yield Package(place=place, guards=context.guards, ecosystem="npm", name=package)
        elif not target.startswith(("http:", "https:", "//")):
            yield Package(place=place, guards=context.guards, ecosystem="npm", name=target)

    def _element_facts(self, node: Node, context: Context) -> Iterator[Fact]:
        """A JSX element of a vendor's package is a call with its properties."""
        tag = node.child_by_field_name("name")
        name = self.folder.name_of(tag, context.scope) if tag is not None else None
        if name is None or not name.startswith("npm:") or not self._is_wanted(name):
            return
        yield self._call(node, context, name, [self._properties(node, context.scope)])

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

    def _meant_by(self, name: str, scope: Scope) -> str:
        """What a global name that the script itself sets stands for: `window.track = fbq`."""
        root, dot, rest = name.partition(".")
        made = self.folder.undeclared.get(root)
        if made is None or self._is_wanted(name):
            return name
        meant = self.folder.name_of(made.node, made.scope)
        return f"{meant}{dot}{rest}" if meant is not None and self._is_wanted(meant) else name

    def _is_wanted(self, name: str) -> bool:
        root = root_of(name)
        if root.startswith("npm:"):
            return root.removeprefix("npm:") in self.vocabulary.packages
        return root in self.vocabulary.names or name in self.vocabulary.names

    def _place(self, node: Node) -> Place:
        return self.document.place(self.base + node.start_byte, self.base + node.end_byte)


def _may_lead_out(value: Value, callee: str) -> bool:
    """Is it the address of another host, or one that other files put together?"""
    if HOST.match(shown(value)):
        return True
    if not may_be_address(value):
        return False
    if isinstance(value, Text):
        return any(isinstance(part, str) and "/" in part for part in value.parts)
    named = plain_reference(value.origin.name) if isinstance(value, Hole) else ""
    return NAMES_ADDRESS.search(f"{named.partition(FROM)[0]} {callee}") is not None
