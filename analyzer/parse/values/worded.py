"""Functions of vendors' packages in a bundle: which of its names is what a package exports.

A minifier takes a function's name away, and leaves the texts in it: messages, and names of
properties. A signature says by which of them an export is known, and by which texts of functions
that it calls. That is asked only in a script in which the vendor's library was recognised.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.document import WIDEST, Worded
from analyzer.parse.values.scope import FUNCTIONS, Expression, Scope, unwrapped
from analyzer.parse.values.things import CLASSES, callee_of, function_of, member_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a name

LONGEST = 60_000  # bytes of a function that is looked at
MOST_INSIDE = 1_500  # nodes of a function in which calls are looked for
MOST_CALLED = 24  # functions that one calls
MOST_KNOWN = 20_000  # functions of one script that are looked at
MOST_AROUND = 100  # nodes around a place that are looked at
MOST_STEPS = 5  # from a name to the code behind it
CODE = FUNCTIONS | {"call_expression", "sequence_expression"}
ASKED_AS = CODE | {"identifier", "member_expression"}
CALLS = frozenset({"call_expression", "new_expression"})
MAKES = FUNCTIONS | CLASSES


def worded_as(folder: Folder, node: Node, scope: Scope) -> str | None:
    """The export of a package that an expression is where a page uses it: `Xe` of
    `function Xe(e) {...}`, or `r.Xe` of a module of the bundle.
    """
    if node.type not in ASKED_AS or not _may_be_page(folder, node):
        return None
    for code in _codes(folder, node, scope):
        known = _known(folder, code)
        if known is not None and _is_of_page(folder, node, code.node, known):
            return known.name
    return None


def exported_as(folder: Folder, node: Node, scope: Scope) -> str | None:
    """The export of a package that a name is where the library itself hands it out."""
    if folder.document.worded and node.type in ASKED_AS:
        for code in _codes(folder, node, scope):
            if (known := _known(folder, code)) is not None:
                return known.name
    return None


def _may_be_page(folder: Folder, node: Node) -> bool:
    """Does a place lie behind one of the libraries, or in a module of its own? What is called where
    it is written may hold a part of one.
    """
    at = folder.base + node.start_byte
    if node.type in FUNCTIONS or any(at >= max(each.marks) for each in folder.document.worded):
        return True
    module = _module_around(folder, node)
    return module is not None and any(
        not any(_is_inside(mark - folder.base, module) for mark in each.marks)
        for each in folder.document.worded
    )


def _codes(folder: Folder, node: Node, scope: Scope) -> Iterator[Expression]:
    """The code that an expression stands for: functions, and calls that make them."""
    todo, seen = [Expression(unwrapped(node), scope)], set[int]()
    for _ in range(MOST_STEPS):
        if not todo:
            return
        each = todo.pop(0)
        if each.node.id in seen:
            continue
        seen.add(each.node.id)
        match each.node.type:
            case "identifier":
                name = folder.text_of(each.node)
                owner = each.scope.owner(name)
                if owner is None:
                    continue
                function = owner.functions.get(name)
                if function is not None and function.node.type in FUNCTIONS:
                    yield Expression(function.node, function.scope)
                    continue
                meanings = owner.names[name][:WIDEST]
                todo.extend(
                    Expression(unwrapped(one.node), one.scope)
                    for one in meanings
                    if isinstance(one, Expression)
                )
            case "member_expression":
                found = member_of(folder, each.node, each.scope)
                todo.extend(Expression(unwrapped(one.node), one.scope) for one in found)
            case kind if kind in CODE:
                yield each


def _known(folder: Folder, code: Expression) -> Worded | None:
    node = code.node
    if node.id not in folder.memory.worded:
        if len(folder.memory.worded) >= MOST_KNOWN:
            return None
        folder.memory.worded[node.id] = None  # while it is looked at
        folder.memory.worded[node.id] = _export_of(folder, code)
    return folder.memory.worded[node.id]


def _export_of(folder: Folder, code: Expression) -> Worded | None:
    """The export whose texts stand in some code, and in the functions that it calls."""
    node = code.node
    if node.end_byte - node.start_byte > LONGEST:
        return None
    if node.type == "call_expression":  # of what an export gives back the call is the name
        callee, _ = callee_of(node)
        if callee is None or worded_as(folder, callee, code.scope) is not None:
            return None
    wanted = [
        each
        for each in folder.document.worded
        if all(_stands_in(folder, places, node) for places in each.holds)
        and not all(_is_inside(mark - folder.base, code.node) for mark in each.marks)
    ]
    if not wanted:
        return None
    called = [*_called_in(folder, code)] if any(each.calls for each in wanted) else []
    fitting = [each for each in wanted if _calls(folder, node, called, each)]
    best = max(fitting, key=lambda each: len(each.holds) + len(each.calls), default=None)
    # What holds the texts of two is no function of the library, but a good part of it.
    return best if best is not None and all(_is_near(each, best) for each in fitting) else None


def _calls(folder: Folder, node: Node, called: list[Node], each: Worded) -> bool:
    """Do the functions that some code calls hold the texts? A minifier may have put one of them
    where it is called.
    """
    parts = [*called, node] if each.holds or node.type not in FUNCTIONS else called
    return all(any(_stands_in(folder, places, one) for one in parts) for places in each.calls)


def _is_near(one: Worded, other: Worded) -> bool:
    return not {*one.holds, *one.calls}.isdisjoint({*other.holds, *other.calls})


def _stands_in(folder: Folder, places: tuple[int, ...], node: Node) -> bool:
    at = bisect_left(places, folder.base + node.start_byte)
    return at < len(places) and places[at] < folder.base + node.end_byte


def _called_in(folder: Folder, code: Expression) -> Iterator[Node]:
    """The script's own functions and classes that are called in some code by their names."""
    own = folder.functions.get(code.node.id)
    scope = own.inner if own is not None and own.inner is not None else code.scope
    todo, count, found = [code.node], 0, 0
    while todo and count < MOST_INSIDE and found < MOST_CALLED:
        node = todo.pop()
        count += 1
        todo.extend(node.named_children)
        callee, _ = callee_of(node) if node.type in CALLS else (None, [])
        if callee is None or callee.type not in ("identifier", "member_expression"):
            continue
        for made in _makers(folder, callee, scope):
            if made.end_byte - made.start_byte <= LONGEST:
                found += 1
                yield made


def _makers(folder: Folder, callee: Node, scope: Scope) -> Iterator[Node]:
    """The function or the class that a name means."""
    function = function_of(folder, callee, scope)
    if function is not None:
        yield function.node
        return
    owner = scope.owner(folder.text_of(callee)) if callee.type == "identifier" else None
    for meaning in owner.names[folder.text_of(callee)][:1] if owner is not None else ():
        if isinstance(meaning, Expression) and unwrapped(meaning.node).type in MAKES:
            yield unwrapped(meaning.node)


def _is_of_page(folder: Folder, node: Node, code: Node, known: Worded) -> bool:
    """Does a page use the export at this place? What the library does itself stands before its end,
    in a module of a bundle that holds some of it, or in another export.
    """
    if _is_inside(node.start_byte, code) and node.id != code.id:
        return False
    marks = [each - folder.base for each in known.marks]
    marks = [each for each in marks if not _is_inside(each, code)]
    module, home = _module_around(folder, node), _module_around(folder, code)
    if module is not None and home is not None and module.id != home.id:
        if any(_is_inside(each, module) for each in marks):
            return False
    elif node.start_byte < max(marks, default=0) or node.start_byte < code.start_byte:
        return False
    around = node.parent
    for _ in range(MOST_AROUND):
        if around is None:
            break
        is_named = around.type in FUNCTIONS and around.parent and around.parent.type != "arguments"
        function = folder.functions.get(around.id) if is_named else None
        if function is not None and _known(folder, Expression(around, function.scope)) is not None:
            return False
        around = around.parent
    return True


def _module_around(folder: Folder, node: Node) -> Node | None:
    """The module of a bundle in which a node stands, the outermost: many an object has methods that
    look like modules.
    """
    return folder.modules.around(node, outermost=True)


def _is_inside(at: int, node: Node) -> bool:
    return node.start_byte <= at < node.end_byte
