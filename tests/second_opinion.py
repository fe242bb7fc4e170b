"""What esprima's tree says of a script, and whether our facts say the same.

esprima shares no code with our reader. Of what it reads, those calls and assignments are compared
that need no following of names: their name is declared nowhere in the script, or once and at its
top, and of their values what is written literally; and every whole address that is written where a
script loads, shows or sends something.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import esprima

from analyzer.model import (
    Assign,
    Call,
    Choice,
    Fact,
    Frame,
    Link,
    Object,
    Pixel,
    Push,
    Request,
    ScriptLoad,
    Source,
    Style,
    Value,
    Vocabulary,
    options,
    shown,
)
from analyzer.parse.files import parse

ASKS = "asks"
# What is given an address first.
ASKING = frozenset({"fetch", "sendBeacon", "getScript", "importScripts", "getJSON"})
WRITTEN = re.compile(r"""<script[^>]*\ssrc=["'](?P<url>https?://[\w.-]+/[^"'\s?&%]+)["']""", re.I)
WHOLE = re.compile(r"(?:https?:)?//[\w-]+\.[\w.-]+(?:[/?#][^\s\\]*)?$")
WINDOW = frozenset({"window", "self", "globalThis"})
ANYTHING = "?"  # what is not literal
MOST_ARGUMENTS = 12
LONGEST = 200  # characters of a literal that are compared
INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script\s*>", re.S | re.I)
IS_NO_SCRIPT = re.compile(
    r"\bsrc\s*=|\btype\s*=\s*[\"']?(?!text/javascript|module|application/javascript)", re.I
)
IN_TEMPLATE = re.compile(r"\{\{|\{%|<%|<\?|@\w|\$\{[A-Z]")


@dataclass(frozen=True, order=True)
class Saying:
    """One thing that a script does: its kind, where it begins, the name, and what is written."""

    line: int
    column: int  # in UTF-16 units, from 1
    kind: str
    name: str
    values: tuple[str, ...]

    def agrees(self, other: Saying) -> bool:
        """Is it the same, as far as both are literal?"""
        same = (self.line, self.column, self.kind, self.name)
        if same != (other.line, other.column, other.kind, other.name):
            return False
        return len(self.values) == len(other.values) and all(map(_fits, self.values, other.values))

    def __str__(self) -> str:
        return f"{self.line}:{self.column} {self.kind} {self.name} {', '.join(self.values)}"


@dataclass(frozen=True)
class Opinion:
    """How many sayings and addresses both have, and those that ours lack or say otherwise."""

    agreed: int
    missing: tuple[Saying, ...]
    asked: int = 0


def second_opinion(script: str, vocabulary: Vocabulary, path: str = "page.js") -> Opinion | None:
    """Both compared; nothing where esprima cannot read the script.

    Code of a vendor's queue that only aliases reach is ours alone: nothing is asked of that.
    """
    theirs = theirs_of(script, vocabulary)
    if theirs is None:
        return None
    facts = parse(Source(path, script.encode()), vocabulary, thorough=True).facts
    ours: dict[tuple[int, int], list[Saying]] = {}
    for each in ours_of(facts):
        ours.setdefault((each.line, each.column), []).append(each)
    addresses = addresses_of(facts)
    agreed, asked, missing = 0, 0, []
    for saying in theirs:
        if saying.kind == ASKS and saying.name in addresses:
            asked += 1
        elif any(saying.agrees(each) for each in ours.get((saying.line, saying.column), ())):
            agreed += 1
        else:
            missing.append(saying)
    return Opinion(agreed, tuple(missing), asked)


def inline_scripts(page: str) -> Iterator[str]:
    """The scripts that stand in a page and that no template language reaches into."""
    for found in INLINE.finditer(page):
        if not IS_NO_SCRIPT.search(found["attributes"]) and not IN_TEMPLATE.search(found["text"]):
            yield found["text"]


# ---------------------------------------------------------------- ours


def ours_of(facts: Iterable[Fact]) -> Iterator[Saying]:
    """What our reader says of a script, as sayings."""
    for fact in facts:
        match fact:
            case Call(callee=callee, args=args):
                yield _ours("call", fact, callee.removeprefix("new "), args)
            case Push(layer=layer, value=value):
                yield _ours("call", fact, f"{layer}.push", (value,))
            case Assign(target=target, value=value):
                yield _ours("set", fact, target, (value,))


def addresses_of(facts: Iterable[Fact]) -> frozenset[str]:
    """Every address that our reader says is loaded, shown or sent to."""
    asking = (ScriptLoad, Pixel, Frame, Request, Style, Link)
    return frozenset(
        str(url) for fact in facts if isinstance(fact, asking) for url in options(fact.url)
    )


def _ours(kind: str, fact: Fact, name: str, values: tuple[Value, ...]) -> Saying:
    region = fact.place.region
    return Saying(region.line, region.utf16[0], kind, name, tuple(map(_said, values)))


def _said(value: Value) -> str:
    """A value as text, what is not literal as anything."""
    match value:
        case float() if value.is_integer():
            return shown(int(value))
        case str() | bool() | int() | float() | None:
            return shown(value)[:LONGEST]
        case tuple():
            return f"[{', '.join(map(_said, value))}]"
        case Object(items=items):
            return "{" + ", ".join(sorted(f"{key}: {_said(inner)}" for key, inner in items)) + "}"
        case Choice():
            return ANYTHING if len(options(value)) != 1 else _said(options(value)[0])
    return ANYTHING


def _fits(theirs: str, ours: str) -> bool:
    """Theirs with anything where it is not literal; ours may know more there."""
    if theirs in (ours, ANYTHING):
        return True
    if ANYTHING not in theirs:
        return False
    pattern = ".*".join(re.escape(part) for part in theirs.split(ANYTHING))
    return re.fullmatch(pattern, ours, re.S) is not None


# ---------------------------------------------------------------- theirs


def theirs_of(script: str, vocabulary: Vocabulary) -> list[Saying] | None:
    """What esprima's tree says, in the order of the text; nothing where it cannot read it."""
    tree = _tree(script)
    if tree is None:
        return None
    nodes = list(_nodes(tree))
    declared = set(_declared(nodes)) - _own_of_page(tree, nodes)
    elements = _elements(nodes)
    return sorted(
        each
        for node in nodes
        for each in (*_sayings(node, declared, vocabulary), *_asked(node, elements))
    )


def _tree(script: str) -> Any:
    for read in (esprima.parseScript, esprima.parseModule):
        try:
            return read(script, {"loc": True, "jsx": True})
        except (esprima.Error, RecursionError, ValueError, KeyError, AttributeError, TypeError):
            continue  # its own mistakes are none of ours
        except Exception as trouble:  # re.error and the like, of valid patterns
            if type(trouble).__name__ not in ("error", "PatternError", "OverflowError"):
                raise
    return None


def _nodes(tree: Any) -> Iterator[Any]:
    stack: list[Any] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(reversed(node))
        elif isinstance(node, esprima.nodes.Node):
            yield node
            stack.extend(value for key, value in vars(node).items() if key not in ("loc", "range"))


def _declared(nodes: list[Any]) -> Iterator[str]:
    """Every name that a script declares anywhere; of those only aliases could tell the meaning."""
    for node in nodes:
        match node.type:
            case "VariableDeclarator":
                yield from _names_in(node.id)
            case "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression":
                yield from _names_in(node.params)
                yield from _names_in(node.id)
            case "ClassDeclaration" | "ClassExpression":
                yield from _names_in(node.id)
            case "CatchClause":
                yield from _names_in(node.param)
            case "ImportSpecifier" | "ImportDefaultSpecifier" | "ImportNamespaceSpecifier":
                yield from _names_in(node.local)


def _own_of_page(tree: Any, nodes: list[Any]) -> set[str]:
    """The names that a script declares once, at its top: `function gtag() {...}` is the page's."""
    counts = Counter(_declared(nodes))
    top: set[str] = set()
    for statement in tree.body:
        if statement.type == "FunctionDeclaration":
            top.update(_names_in(statement.id))
        elif statement.type == "VariableDeclaration":
            for each in statement.declarations:
                is_queue = each.init is not None and each.init.type == "LogicalExpression"
                top.update(_names_in(each.id) if is_queue else ())
    return {name for name in top if counts[name] == 1}


def _names_in(pattern: Any) -> Iterator[str]:
    for node in _nodes(pattern) if pattern is not None else ():
        if node.type == "Identifier":
            yield node.name


def _sayings(node: Any, declared: set[str], vocabulary: Vocabulary) -> Iterator[Saying]:
    match node.type:
        case "CallExpression" | "NewExpression":
            name = _name(node.callee, declared)
            given = node.arguments
            if any(each.type == "SpreadElement" for each in given):
                return
            if name and _is_wanted(name, vocabulary) and not _is_special(name):
                values = tuple(map(_literal, given[:MOST_ARGUMENTS]))
                if name.endswith(".push") and "datalayer" in name.lower():
                    for value in values:
                        yield _at(node, "call", name, (value,))
                else:
                    yield _at(node, "call", name, values)
        case "AssignmentExpression" if node.operator == "=":
            name = _name(node.left, declared)
            literal = _literal(node.right)
            if name and _is_wanted(name, vocabulary) and ANYTHING not in literal:
                yield _at(node, "set", name, (literal,))


def _elements(nodes: list[Any]) -> set[str]:
    """The names that stand for a created script, picture or frame and for nothing else."""
    counts = Counter(_declared(nodes))
    made = {
        node.id.name
        for node in nodes
        if node.type == "VariableDeclarator"
        and node.id.type == "Identifier"
        and _creates(node.init) in ("script", "img", "iframe")
    }
    return {name for name in made if counts[name] == 1}


def _creates(node: Any) -> str:
    """The tag of `document.createElement("script")`."""
    if node is None or node.type != "CallExpression" or not node.arguments:
        return ""
    name, tag = _last(node.callee), node.arguments[0]
    is_written = name == "createElement" and tag.type == "Literal"
    return str(tag.value).lower() if is_written else ""


def _last(callee: Any) -> str:
    """The last word of what is called."""
    if callee.type == "MemberExpression":
        return "" if callee.computed else str(callee.property.name)
    return str(callee.name) if callee.type == "Identifier" else ""


def _asked(node: Any, elements: set[str]) -> Iterator[Saying]:
    """The address that is written where something is loaded, shown or sent."""
    address = None
    match node.type:
        case "CallExpression":
            name = _last(node.callee)
            if name in ASKING and node.arguments:
                address = node.arguments[0]
            elif name == "write" and node.arguments:
                for found in WRITTEN.finditer(_literal(node.arguments[0])):
                    yield _at(node, ASKS, found["url"], ())
        case "AssignmentExpression" if node.operator == "=" and _is_source(node.left, elements):
            address = node.right
    if address is None or address.type != "Literal" or not isinstance(address.value, str):
        return
    if WHOLE.match(address.value):
        yield _at(node, ASKS, address.value, ())


def _is_source(target: Any, elements: set[str]) -> bool:
    """Is it the address of a script, a picture or a frame? Sounds and films have one too."""
    if target.type != "MemberExpression" or _last(target) != "src":
        return False
    holder = target.object
    if holder.type == "NewExpression":
        return _last(holder.callee) == "Image"
    return holder.type == "Identifier" and holder.name in elements


def _is_special(name: str) -> bool:
    """Is the name one that we read as another one?"""
    return name.endswith((".call", ".apply", ".bind"))


def _is_wanted(name: str, vocabulary: Vocabulary) -> bool:
    return name.partition(".")[0] in vocabulary.names or name in vocabulary.names


def _at(node: Any, kind: str, name: str, values: tuple[str, ...]) -> Saying:
    return Saying(node.loc.start.line, node.loc.start.column + 1, kind, name, values)


def _name(node: Any, declared: set[str]) -> str | None:
    """The dotted name of a global, without `window.` in front of it."""
    match node.type:
        case "Identifier":
            return None if node.name in declared else str(node.name)
        case "MemberExpression":
            holder = _name(node.object, declared)
            if node.computed and node.property.type != "Literal":
                return None
            key = str(node.property.value if node.computed else node.property.name)
            if holder in WINDOW:
                return key
            return f"{holder}.{key}" if holder else None
    return None


def _literal(node: Any) -> str:
    match node.type:
        case "Literal" if getattr(node, "regex", None):
            return ANYTHING
        case "Literal" if node.value is None or isinstance(node.value, bool):
            return {None: "null", True: "true", False: "false"}[node.value]
        case "Literal" if isinstance(node.value, str):
            return node.value[:LONGEST] if ANYTHING not in node.value else ANYTHING
        case "Literal":
            return shown(int(node.value) if node.value == int(node.value) else node.value)
        case "TemplateLiteral" if not node.expressions:
            return str(node.quasis[0].value.cooked)[:LONGEST]
        case "UnaryExpression" if node.operator == "-" and node.argument.type == "Literal":
            return f"-{_literal(node.argument)}"
        case "ArrayExpression" if all(each is not None for each in node.elements):
            return f"[{', '.join(map(_literal, node.elements))}]"
        case "ObjectExpression":
            return _object(node)
    return ANYTHING


def _object(node: Any) -> str:
    """An object whose keys are all written; of a key that is said twice nothing can be compared."""
    pairs = {}
    for each in node.properties:
        if each.type != "Property" or each.computed or each.kind != "init" or each.method:
            return ANYTHING
        key = str(each.key.name if each.key.type == "Identifier" else each.key.value)
        if key in pairs:
            return ANYTHING
        pairs[key] = _literal(each.value)
    return "{" + ", ".join(sorted(f"{key}: {value}" for key, value in pairs.items())) + "}"
