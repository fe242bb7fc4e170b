"""Lists as compilers write them for old browsers: taken apart, spread and gone through by helpers.

A helper is told by its name where it still has one, else by what stands in it and what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Object, Value, options
from analyzer.parse.values.document import WIDEST, choice
from analyzer.parse.values.scope import FUNCTIONS, MOST_ITEMS, Expression, Scope, unwrapped
from analyzer.parse.values.things import callee_of, function_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

TAKES_APART = re.compile(r"(?:^|[._])(?:_?sliced_?[tT]o_?[aA]rray(?:_?[lL]oose)?|_?read)$")
COPIES = re.compile(
    r"(?:^|[._])(?:_?to_?[cC]onsumable_?[aA]rray|_?to_?[aA]rray|_?maybe_?[aA]rray_?[lL]ike)$"
)
PUTS_BEHIND = re.compile(r"(?:^|[._])_?spread_?[aA]rrays?$")
LEAVES_OUT = re.compile(r"(?:^|[._])(?:_?object_?[wW]ithout_?[pP]roperties(?:_?[lL]oose)?|_?rest)$")
GOES_THROUGH = re.compile(
    r"(?:^|[._])(?:_?create_?[fF]or_?[oO]f_?[iI]terator_?[hH]elper(?:_?[lL]oose)?|_?values)$"
)
# What stands in such helpers whatever they are called: an error's text, a chain of attempts.
APART = re.compile(
    r"Invalid attempt to destructure|Symbol\.iterator|Symbol\[.iterator|Array\.isArray\("
    r"|\(\s*([\w$]+)\s*,\s*([\w$]+)\s*\)\s*\{\s*return\s+[\w$.]+\(\1\)\s*\|\|\s*[\w$.]+\(\1,\s*\2\)\s*\|\|"
)
COPIED = re.compile(
    r"Invalid attempt to spread"
    r"|\(\s*([\w$]+)\s*\)\s*\{\s*return\s+[\w$.]+\(\1\)\s*\|\|\s*[\w$.]+\(\1\)\s*\|\|"
)
BEHIND = re.compile(r"\.concat\(\s*[\w$]+\s*\|\|\s*(?:Array\.prototype\.slice|\[\]\.slice)")
LEFT_OUT = re.compile(r"\.indexOf\(\s*[\w$]+\s*\)|\.includes\(\s*[\w$]+\s*\)|indexOf\.call\(")
THROUGH = re.compile(r"Symbol\.iterator|Symbol\[.iterator|non-iterable|\bdone:")
LONGEST_HELPER = 1_600  # bytes of one that are looked at
MOST_TAKEN = 20  # items that a list is taken apart into
STEPS = frozenset({"n", "next"})
DEEPEST = 3  # names from an item back to its list


def made_by_helper(folder: Folder, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
    """The list or the object that a compiler's helper makes; nothing where it is no such call."""
    callee, items = callee_of(node)
    if callee is None or not items or len(items) > 3:
        return None
    if is_same_list(folder, callee, items, scope):
        return folder.value(items[0], scope, witnesses)
    if len(items) == 2 and _is_array(folder, items[1], scope):
        return _without(folder, callee, items, scope, witnesses)
    if len(items) > 1 and items[0].type in ("array", "call_expression"):
        return _spread(folder, callee, items, scope, witnesses)
    return None


def _is_array(folder: Folder, node: Node, scope: Scope) -> bool:
    if node.type != "identifier":
        return node.type == "array"
    name = folder.text_of(node)
    owner = scope.owner(name)
    return owner is not None and any(
        isinstance(each, Expression) and each.node.type == "array" for each in owner.names[name][:1]
    )


def is_same_list(folder: Folder, callee: Node, items: list[Node], scope: Scope) -> bool:
    """Does a call give back the list that it is given: `_slicedToArray(pair, 2)`?"""
    if len(items) == 2 and items[1].type == "number":
        said = folder.text_of(items[1])
        is_count = said.isdigit() and 0 < int(said) <= MOST_TAKEN
        return is_count and _is(folder, callee, scope, TAKES_APART, APART)
    return len(items) == 1 and _is(folder, callee, scope, COPIES, COPIED)


def _is(
    folder: Folder, callee: Node, scope: Scope, named: re.Pattern[str], holds: re.Pattern[str]
) -> bool:
    """Is it a helper of a kind: by the name that it has, or by its text?"""
    callee = unwrapped(callee)
    if callee.type not in ("identifier", "member_expression"):
        return callee.type in FUNCTIONS and bool(
            holds.search(folder.head_of(callee, LONGEST_HELPER))
        )
    if named.search(folder.tail_of(callee, 60)):
        return True
    own = function_of(folder, callee, scope)
    return own is not None and holds.search(folder.head_of(own.node, LONGEST_HELPER)) is not None


def _spread(
    folder: Folder, callee: Node, items: list[Node], scope: Scope, witnesses: list[Node] | None
) -> Value:
    """`__spreadArray(__spreadArray([], a, false), [b], false)`."""
    if not _is(folder, callee, scope, PUTS_BEHIND, BEHIND):
        return None
    return put_behind([folder.value(each, scope, witnesses) for each in items[:2]])


def put_behind(lists: list[Value]) -> Value:
    """One list of several; nothing where one of them cannot be read."""
    found: tuple[Value, ...] = ()
    for each in lists:
        whole = next((one for one in options(each) if isinstance(one, tuple)), None)
        if whole is None or len(found) + len(whole) > MOST_ITEMS:
            return None
        found += whole
    return found


def _without(
    folder: Folder, callee: Node, items: list[Node], scope: Scope, witnesses: list[Node] | None
) -> Value:
    """`_objectWithoutProperties(options, ["name"])`."""
    if not _is(folder, callee, scope, LEAVES_OUT, LEFT_OUT):
        return None
    left = folder.value(items[1], scope)
    found = []
    for each in options(folder.value(items[0], scope, witnesses)):
        if isinstance(each, Object) and isinstance(left, tuple):
            each = Object(tuple(item for item in each.items if item[0] not in left))
        found.append(each)
    return choice(found)


# ---------------------------------------------------------------- one item after the other


def each_item(folder: Folder, holder: Node, scope: Scope) -> Expression | None:
    """The list through which a loop goes whose step is asked for its `value`."""
    for step in _calls_behind(folder, holder, scope, 0):
        callee, given = callee_of(step.node)
        if callee is None or given:
            continue
        if callee.type == "member_expression":
            inner = callee.child_by_field_name("object")
            if inner is None or folder.key_of(callee, step.scope) not in STEPS:
                continue
            callee = inner
        for made in _calls_behind(folder, callee, step.scope, 0):
            found = _gone_through(folder, made)
            if found is not None:
                return found
    return None


def _gone_through(folder: Folder, made: Expression) -> Expression | None:
    maker, items = callee_of(made.node)
    if maker is None:
        return None
    if maker.type == "subscript_expression" and not items:
        index, listed = maker.child_by_field_name("index"), maker.child_by_field_name("object")
        is_iterator = index is not None and "iterator" in folder.tail_of(index, 12)
        return Expression(listed, made.scope) if is_iterator and listed is not None else None
    if 1 <= len(items) <= 2 and _is(folder, maker, made.scope, GOES_THROUGH, THROUGH):
        return Expression(items[0], made.scope)
    return None


def _calls_behind(folder: Folder, node: Node, scope: Scope, deep: int) -> Iterator[Expression]:
    """The calls that a name stands for."""
    node = unwrapped(node)
    if node.type == "call_expression":
        yield Expression(node, scope)
    elif node.type == "assignment_expression" and (right := node.child_by_field_name("right")):
        yield from _calls_behind(folder, right, scope, deep + 1)
    elif node.type == "identifier" and deep < DEEPEST:
        name = folder.text_of(node)
        owner = scope.owner(name)
        for meaning in owner.names[name][:WIDEST] if owner is not None else ():
            if isinstance(meaning, Expression):
                yield from _calls_behind(folder, meaning.node, meaning.scope, deep + 1)


def counted(folder: Folder, node: Node, scope: Scope) -> bool:
    """Is an item asked for with the number that a loop counts: `for (var i = 0; ...) list[i]`?"""
    index = node.child_by_field_name("index")
    if index is None or index.type != "identifier":
        return False
    name = folder.text_of(index)
    owner = scope.owner(name)
    for meaning in owner.names[name][:WIDEST] if owner is not None else ():
        if isinstance(meaning, Expression) and meaning.node.type == "number":
            around = meaning.node.parent
            for _ in range(3):  # a declarator, its declaration, the loop
                if around is not None and around.type != "for_statement":
                    around = around.parent
            if around is not None and around.type == "for_statement":
                return True
    return False
