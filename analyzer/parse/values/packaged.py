"""Vendors' packages inside a bundle: which of its things is what a package offers to a page.

A bundler puts a library and the page that uses it into one scope, and a minifier takes the names
away. What stays are the names of the library's methods: the thing that has several of them, and
that stands among the texts by which the library was recognised, is what the package exports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.bundled import whole, wrapped
from analyzer.parse.values.document import WIDEST, Packaged, Part
from analyzer.parse.values.modules import DEFAULT
from analyzer.parse.values.scope import (
    FUNCTIONS,
    Expression,
    Meaning,
    Parameter,
    Property,
    Scope,
    unwrapped,
)
from analyzer.parse.values.things import (
    CLASSES,
    callee_of,
    function_of,
    held_by,
    made_by,
    member_of,
    returns_of,
)
from analyzer.parse.values.worded import worded_as

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a name

MOST_NAMED = 3  # methods of the vendor's that a thing must have, or all of them if there are fewer
LEAST_NAMED = 2
MOST_ASKED = 40  # methods that are looked for
MOST_THINGS = 400  # of one script of ordinary size that are looked at closely
MAKERS = FUNCTIONS | CLASSES  # a library speaks in them to what they make
HOLDERS = MAKERS | {"object"}
PLAIN = frozenset({"number", "string", "unary_expression", "true", "false", "null"})
MOST_STEPS = 32  # from a name to what makes it: bundles of bundles hand a library on
MOST_GIVEN = 3  # things that a module is said to be by default, the nearest
FURTHEST = 12  # nodes from a method to what holds it
WIDEST_HOLDER = 200_000  # bytes


class Exported:
    """What a package exports: its name, and the stretches of code in which it is made."""

    def __init__(self, name: str, made: list[tuple[int, int]]) -> None:
        self.name = name
        self.made = made

    def is_asked_by(self, node: Node, folder: Folder) -> bool:
        """Does a page ask at this place? What the library does itself stands before its end, or in
        the module of a bundle that holds it.
        """
        return _is_behind(folder, node, self.made)


def _may_ask(folder: Folder, node: Node, packages: list[Packaged]) -> bool:
    """Does a node stand where a page may ask one of some packages? Cheaply told, of every call."""
    at = node.start_byte + folder.base
    parts = [part for each in packages for part in each.parts]
    if any(part.whole <= at for part in parts):
        return True
    module = _module_around(folder, node) if parts and folder.modules.by_function else None
    return module is not None and any(not _holds(module, part, folder.base) for part in parts)


def _holds(module: Node, part: Part, base: int) -> bool:
    return any(module.start_byte <= at - base < module.end_byte for at, _ in part.places)


def _is_behind(folder: Folder, node: Node, made: Iterable[tuple[int, int]]) -> bool:
    """Does a node stand behind some stretches, or in a module of a bundle that holds none?"""
    if all(end <= node.start_byte for _, end in made):
        return True
    if not folder.modules.by_function:
        return False
    module = _module_around(folder, node)
    return module is not None and not any(
        module.start_byte <= start < module.end_byte for start, _ in made
    )


def offered_by(
    folder: Folder, node: Node, holder: Node | None, key: str | None, scope: Scope
) -> str | None:
    """The name of the package of which a property is asked: `t.track` of Mixpanel's library."""
    if not folder.document.packaged or holder is None or key is None:
        return None
    wanted = [each for each in folder.document.packaged if key in each.offers]
    if not _may_ask(folder, node, wanted):
        return None
    thing = unwrapped(holder)
    if not _is_of_script(folder, thing, scope) or _is_made_by_export(folder, thing, scope):
        return None
    found = _known(folder, node, thing, scope, wanted)
    if found is None or not found.is_asked_by(node, folder):
        return None
    return None if _is_of_its_own(folder, node, thing, scope) else found.name


def _known(
    folder: Folder, asking: Node, thing: Node, scope: Scope, wanted: list[Packaged]
) -> Exported | None:
    """What a thing is of one of some packages."""
    owner = scope.owner(folder.text_of(thing)) if thing.type == "identifier" else None
    known = (id(owner), folder.text_of(thing)) if owner is not None else (thing.id, "")
    looked_at = folder.memory.exported
    if known not in looked_at:
        if len(looked_at) >= folder.most(MOST_THINGS):
            return None
        looked_at[known] = None  # while it is looked at
        looked_at[known] = _exported(folder, asking, thing, scope, wanted)
    found = looked_at[known]
    return found if found is not None and any(each.name == found.name for each in wanted) else None


def _is_of_its_own(folder: Folder, asking: Node, thing: Node, scope: Scope) -> bool:
    """Does a library ask what it has made: `made.people.set`, where only it knows `made`?"""
    holder = thing.child_by_field_name("object")
    if holder is None or (key := folder.key_of(thing, scope)) is None:
        return False
    wanted = [each for each in folder.document.packaged if key in each.offers]
    found = _known(folder, asking, unwrapped(holder), scope, wanted) if wanted else None
    return found is not None and not found.is_asked_by(asking, folder)


def _is_made_by_export(folder: Folder, thing: Node, scope: Scope) -> bool:
    """Is it what a function of a package gives back? Then the call is its name."""
    callee, _ = callee_of(thing) if thing.type == "call_expression" else (None, [])
    return callee is not None and worded_as(folder, callee, scope) is not None


def package_of_thing(folder: Folder, node: Node, scope: Scope) -> str | None:
    """The name of the package that a name stands for, wherever it is asked."""
    packages = [*folder.document.packaged]
    found = _exported(folder, node, unwrapped(node), scope, packages) if packages else None
    return found.name if found is not None else None


def taken_by(folder: Folder, node: Node, scope: Scope) -> str | None:
    """The name of what was taken from such a thing: `const {init: a, track: b} = client`."""
    name = folder.text_of(node)
    owner = scope.owner(name)
    for meaning in owner.names[name][:1] if owner is not None else ():
        if isinstance(meaning, Property) and isinstance(meaning.of, Expression):
            of = meaning.of
            package = offered_by(folder, node, of.node, meaning.key, of.scope)
            return f"{package}.{meaning.key}" if package is not None else None
    return None


def _is_of_script(folder: Folder, thing: Node, scope: Scope) -> bool:
    """Does an expression begin with a name of the script that stands for one thing? What a function
    is given, and `this`, are other things each time: with them a library speaks to itself.
    """
    for _ in range(FURTHEST):
        if thing.type in ("member_expression", "subscript_expression"):
            if folder.tail_of(thing, 10) == ".prototype":
                return False
            inner = thing.child_by_field_name("object")
        elif thing.type == "call_expression":
            inner = thing.child_by_field_name("function")
        else:
            break
        if inner is None:
            return False
        thing = unwrapped(inner)
    if thing.type != "identifier":
        return False
    name = folder.text_of(thing)
    owner = scope.owner(name)
    if owner is None:
        return False
    meanings = owner.names[name]
    return all(isinstance(each, (Expression, Property)) for each in meanings) or (
        bool(meanings) and _asks_for_modules(folder, meanings[0])
    )


def _asks_for_modules(folder: Folder, meaning: Meaning) -> bool:
    """Is it the function that a bundle hands to its modules: `n(123).init`?"""
    if not isinstance(meaning, Parameter):
        return False
    module = folder.modules.by_function.get(meaning.function.node.id)
    return module is not None and module.requires == meaning.position


def _things(folder: Folder, node: Node, scope: Scope) -> Iterator[Expression]:
    """What an expression may stand for, behind the names and the functions that lead to it."""
    todo, seen = [Expression(unwrapped(node), scope)], set[int]()
    names: set[tuple[int, str]] = set()
    steps = 0
    while todo and steps < MOST_STEPS:
        each = todo.pop(0)
        if each.node.id in seen:
            continue
        seen.add(each.node.id)
        if each.node.type == "identifier":
            name = folder.text_of(each.node)
            key = id(each.scope.owner(name)), name
            if key in names:
                continue
            names.add(key)
        steps += 1
        yield each
        behind = (Expression(unwrapped(one.node), one.scope) for one in _behind(folder, each))
        todo.extend(one for one in behind if one.node.type not in PLAIN)


def _behind(folder: Folder, made: Expression) -> Iterator[Expression]:
    node, scope = made.node, made.scope
    match node.type:
        case "identifier":
            name = folder.text_of(node)
            owner = scope.owner(name)
            for meaning in owner.names[name][:WIDEST] if owner is not None else ():
                if isinstance(meaning, Expression):
                    yield meaning
        case "assignment_expression" | "binary_expression":
            if (right := node.child_by_field_name("right")) is not None:
                yield Expression(right, scope)
        case "ternary_expression":
            for key in ("consequence", "alternative"):
                if (branch := node.child_by_field_name(key)) is not None:
                    yield Expression(branch, scope)
        case "sequence_expression" if node.named_children:
            yield Expression(node.named_children[-1], scope)
        case "member_expression":
            yield from member_of(folder, node, scope)
        case "call_expression":
            yield from whole(folder, node, scope)
            if (module := wrapped(folder, node, scope)) is not None:
                defaults = held_by(folder, module, scope, DEFAULT)
                defaults.sort(key=lambda each: abs(each.node.start_byte - node.start_byte))
                yield from defaults[
                    :MOST_GIVEN
                ]  # minifiers use a name for one module after another
                yield Expression(module, scope)
                return
            callee, items = callee_of(node)
            own = function_of(folder, callee, scope) if callee is not None else None
            inner = own.inner if own is not None else None
            if own is not None and inner is not None:
                given = returns_of(own) or _last_return(own.node)
                yield from (Expression(each, inner) for each in given)
            yield from (Expression(each, scope) for each in items[:4] if each.type == "object")


def _last_return(function: Node) -> list[Node]:
    """What a long function gives back at its end."""
    body = function.child_by_field_name("body")
    last = body.named_children[-1:] if body is not None else []
    return last[0].named_children[:1] if last and last[0].type == "return_statement" else []


def _exported(
    folder: Folder, asking: Node, thing: Node, scope: Scope, packages: list[Packaged]
) -> Exported | None:
    best: tuple[int, Exported] | None = None
    things = [*_things(folder, thing, scope)]
    makers = [each.node for each in things if each.node.type in MAKERS]
    makers.extend(_maker(folder, thing, scope))
    for package in packages:
        needed = min(MOST_NAMED, len(package.offers))
        if needed < LEAST_NAMED:
            continue
        found: list[Expression] = []
        count = 0
        for position, name in enumerate(package.offers[:MOST_ASKED]):
            if count + len(package.offers) - position < needed:
                break
            held = [one for each in things for one in held_by(folder, each.node, each.scope, name)]
            if not held and name[:1].islower():  # a class is asked for what it makes
                held = [one for each in things for one in made_by(folder, each, name)]
            found.extend(held[:1])
            count += bool(held)
        if count < needed or (best is not None and count <= best[0]):
            continue
        nodes = [_code(folder, each) for each in found]
        for part in package.parts:
            evidence = [(start - folder.base, end - folder.base) for start, end in part.places]
            if _stands_among(nodes, evidence, asking):
                last = part.whole - folder.base
                made = [each for each in evidence if each[1] <= last]
                made.extend((each.start_byte, each.end_byte) for each in (*nodes, *makers))
                best = count, Exported(package.name, made)
                break
    return best[1] if best is not None else None


def _maker(folder: Folder, thing: Node, scope: Scope) -> Iterator[Node]:
    """The function that makes a class and gives it back: `(function () { function a() {...}
    a.load = ...; return a; })()`.
    """
    name = folder.text_of(thing)
    owner = scope.owner(name) if thing.type == "identifier" else None
    function = owner.functions.get(name) if owner is not None else None
    if owner is None or owner.body is None or function is None:
        return
    for each in _last_return(owner.body.node) if function.node.type in FUNCTIONS else ():
        given = each.named_children[-1] if each.type == "sequence_expression" else each
        if folder.tail_of(unwrapped(given), len(name) + 1) == name:
            yield owner.body.node


def _code(folder: Folder, held: Expression) -> Node:
    """The function that a method is, or what it is said to be."""
    own = function_of(folder, held.node, held.scope)
    return own.node if own is not None else held.node


def _stands_among(nodes: list[Node], evidence: list[tuple[int, int]], asking: Node) -> bool:
    """Is one of the methods made where the library's texts are? What holds the page too says
    nothing.
    """
    first, last = min(evidence)[0], max(end for _, end in evidence)
    for node in nodes:
        if first <= node.start_byte <= last:
            return True
        around: Node | None = node
        for _ in range(FURTHEST):
            if around is None or around.end_byte - around.start_byte > WIDEST_HOLDER:
                break
            if around.start_byte <= asking.start_byte < around.end_byte:
                break
            if around.type in HOLDERS and any(
                around.start_byte <= start < around.end_byte for start, _ in evidence
            ):
                return True
            around = around.parent
    return False


def _module_around(folder: Folder, node: Node) -> Node | None:
    """The function of a bundle's module in which a node stands."""
    return folder.modules.around(node)
