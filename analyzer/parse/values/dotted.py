"""The dotted name of what an expression stands for outside its script: `npm:react-ga4.send`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.arriving import ASKING, listed_by, promised
from analyzer.parse.values.bundled import package_of, whole, wrapped
from analyzer.parse.values.document import WIDEST
from analyzer.parse.values.injected import TYPE, asked_by, name_of_asked
from analyzer.parse.values.jquery import NAME as JQUERY
from analyzer.parse.values.jquery import NAMES, handed_by, is_jquery, makes_jquery, plain
from analyzer.parse.values.memory import CALLS
from analyzer.parse.values.modules import DEFAULT
from analyzer.parse.values.packaged import offered_by, taken_by
from analyzer.parse.values.registries import package_at
from analyzer.parse.values.scope import (
    GLOBAL_OBJECTS,
    Expression,
    Function,
    Imported,
    Meaning,
    Parameter,
    Property,
    Scope,
    items_of,
    root_of,
    unwrapped,
)
from analyzer.parse.values.things import function_of, member_of, returns_of
from analyzer.parse.values.worded import worded_as

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a name

OF_PROMISES = frozenset({"then", "catch", "finally"})  # no package offers these
LONGEST_GETTER = 2_000  # bytes of a function that gives back a package
NAMED = frozenset({"identifier", "this", "call_expression"})  # what may hold something with a name
UNNAMED = frozenset({"arrow_function", "function_expression"})
GENERIC = frozenset(
    {
        "Object",
        "Array",
        "Map",
        "Set",
        "Date",
        "Promise",
        "Image",
        "URL",
        "URLSearchParams",
        "FormData",
        "XMLHttpRequest",
        "RegExp",
        "Error",
        "Function",
    }
)


# What a function is, whatever its name, that hands its arguments to the data layer as they are.
COMMAND = "gtag"
COMMANDS = re.compile(
    r"^(?:async\s+)?function\b[^{]{0,80}\{\s*(?:(?:window|self)\.)?\w*data_?layer\w*\.push\(\s*arguments\s*\)"
    r"[;\s]*\}$",
    re.I,
)


def name_of(folder: Folder, node: Node, scope: Scope) -> str | None:
    if folder.document.worded and (export := worded_as(folder, node, scope)):
        return export
    match node.type:
        case "identifier" | "shorthand_property_identifier":
            if folder.document.packaged and (taken := taken_by(folder, node, scope)):
                return taken
            return _global_name(folder, folder.text_of(node), scope)
        case "this":
            return "window" if scope.outermost else None
        case "member_expression" | "subscript_expression":
            holder = node.child_by_field_name("object")
            before = folder.name_of(holder, scope) if holder else None
            if before is None and node.type == "subscript_expression":
                return None  # before its key is read, which may take long
            key = folder.key_of(node, scope)
            if package := offered_by(folder, node, holder, key, scope):
                return f"{package}.{key}"
            if before is None or key is None:
                return _held_name(folder, node, scope)
            if scope.owner(before) is not None and (held := _held_name(folder, node, scope)):
                return held  # const tools = {fbq}; tools.fbq("init", "1")
            waits = key in OF_PROMISES and before.startswith("npm:") and "(" not in before
            return None if waits else _of(before, key)
        case "binary_expression":
            return _chosen_name(folder, node, scope)
        case "assignment_expression":
            left = node.child_by_field_name("left")
            return folder.name_of(left, scope) if left else None
        case "ternary_expression":
            if makes_jquery(folder, node):
                return JQUERY
            branches = (node.child_by_field_name(name) for name in ("consequence", "alternative"))
            return next(
                (
                    name
                    for each in branches
                    if each is not None and (name := folder.name_of(each, scope)) is not None
                ),
                None,
            )
        case "new_expression":
            constructor = node.child_by_field_name("constructor")
            name = folder.name_of(constructor, scope) if constructor is not None else None
            return f"new {name}()" if name is not None and name not in GENERIC else None
        case "meta_property":
            return folder.text_of(node)
        case "sequence_expression":
            return folder.name_of(node.named_children[-1], scope)
        case kind if kind == TYPE:
            text = folder.text_of(node)
            return name_of_asked(text, True, _global_name(folder, text, scope))
        case "call_expression":
            return (
                _required(folder, node, scope)
                or _asked(folder, node, scope)
                or _bundled(folder, node, scope)
                or _call_name(folder, node, scope)
                or _given_back(folder, node, scope)
            )
    return None


def _chosen_name(folder: Folder, node: Node, scope: Scope) -> str | None:
    """`window.fbq || stub`; what is calculated has no name."""
    sign = node.child_by_field_name("operator")
    if sign is None or sign.type not in ("||", "??", "&&"):
        return None
    each = node.child_by_field_name("right" if sign.type == "&&" else "left")
    return folder.name_of(each, scope) if each is not None else None


def _global_name(folder: Folder, name: str, scope: Scope) -> str | None:
    owner = scope.owner(name)
    if owner is None:
        return name
    function = owner.functions.get(name)
    if function is not None and COMMANDS.search(folder.head_of(function.node, 400)):
        return COMMAND
    if function is not None and is_jquery(folder, function):
        return JQUERY
    if not owner.names[name]:
        return name if owner.outermost or _is_queue(folder, name, owner) else None
    key = (id(owner), name)
    if key in folder.naming:
        folder.reach = min(folder.reach, folder.naming[key])
        return None
    folder.naming[key] = folder.depth
    try:
        alias = _alias(folder, owner.names[name])
    finally:
        del folder.naming[key]
    return alias or (name if owner.outermost or _is_queue(folder, name, owner) else None)


def _alias(folder: Folder, meanings: list[Meaning]) -> str | None:
    """The name outside the script that one of the meanings leads to."""
    for meaning in meanings[:WIDEST]:
        match meaning:
            case Imported(name=imported):
                return plain(imported)
            case Expression(node=inner, scope=where):
                if alias := folder.name_of(inner, where):
                    return alias
            case Property(of=of, key=key):
                if alias := _listed_name(folder, of, key):
                    return alias
                if before := _alias(folder, [of]):
                    return _of(before, key)
            case Parameter(function=function, position=position, rest=False):
                folder.memory.ties |= CALLS
                for arguments, where in function.calls[:1]:
                    if position < len(arguments) and (
                        alias := folder.name_of(arguments[position], where)
                    ):
                        return alias
                if folder.loads_later and position == 0 and (alias := _arrived(folder, function)):
                    return alias
                if (wanted := meaning.wanted) is not None:
                    return folder.name_of(wanted.node, wanted.scope)
                if not function.calls and not position and _is_ready(folder, function):
                    return JQUERY
    return None


def _is_ready(folder: Folder, function: Function) -> bool:
    """Does jQuery run the function once the page is ready?"""
    callee = handed_by(folder, function)
    return callee is not None and folder.name_of(callee, function.scope) in NAMES


def _arrived(folder: Folder, function: Function) -> str | None:
    """The package that a function of the script's own loads: `load().then(m => m.init())`."""
    is_handed = function.node.type in UNNAMED and not function.calls
    promise = promised(folder, function.node) if is_handed else None
    name = folder.name_of(promise, function.scope) if promise is not None else None
    return name if name is not None and name.startswith("npm:") else None


def _of(before: str, key: str) -> str:
    """The name of a property; what a package is by default is the package."""
    if before in GLOBAL_OBJECTS:
        return key
    return before if key == DEFAULT and _is_package(before) else f"{before}.{key}"


def _listed_name(folder: Folder, listed: Meaning, key: str) -> str | None:
    """The name of an item of `[a, b]` or `await Promise.all([a, b])`."""
    if not key.isdecimal() or not isinstance(listed, Expression):
        return None
    inner = listed_by(folder, listed.node)
    items = items_of(inner) if inner is not None else []
    return folder.name_of(items[int(key)], listed.scope) if int(key) < len(items) else None


def _is_queue(folder: Folder, name: str, owner: Scope) -> bool:
    """Is a local function the stub that vendors' snippets define, which passes its arguments
    on?
    """
    function = owner.functions.get(name)
    return function is not None and "arguments" in folder.head_of(function.node, 400)


def _call_name(folder: Folder, node: Node, scope: Scope) -> str | None:
    """What a call gives back, named by the call: `amplitude.getInstance()`, or a package's
    `useClient()`.
    """
    callee = node.child_by_field_name("function")
    if callee is None or callee.type not in ("member_expression", "identifier"):
        return None
    name = folder.name_of(callee, scope)
    if name is None or name.partition(".")[0] in ("document", "Object", "Array"):
        return None
    if callee.type == "identifier" and not _is_of_vendor(folder, name):
        return None
    # What is bound is still the same function.
    return name.removesuffix(".bind") if name.endswith(".bind") else f"{name}()"


def _is_of_vendor(folder: Folder, name: str) -> bool:
    """Is it a function of a package that signatures know? What others give back has no name."""
    if not name.startswith("npm:"):
        return False
    return folder.packages is None or root_of(name).removeprefix("npm:") in folder.packages


def _given_back(folder: Folder, node: Node, scope: Scope) -> str | None:
    """The package, what is made of one, or the window that a function of the script's own gives
    back.
    """
    callee = node.child_by_field_name("function")
    function = function_of(folder, callee, scope) if callee is not None else None
    if function is None:
        return None
    if makes_jquery(folder, function.node):
        return JQUERY
    if function.inner is None:
        return None
    if function.node.end_byte - function.node.start_byte > LONGEST_GETTER:
        return None
    for each in returns_of(function):
        name = folder.name_of(each, function.inner)
        if name is not None and (
            name in GLOBAL_OBJECTS or name.removeprefix("new ").startswith("npm:")
        ):
            return name
    return None


def _held_name(folder: Folder, node: Node, scope: Scope) -> str | None:
    """The name of what one of the script's own things holds, or a module of its bundle offers."""
    holder = node.child_by_field_name("object")
    if node.type != "member_expression" or holder is None or not _may_hold(unwrapped(holder)):
        return None
    for each in member_of(folder, node, scope):
        if each.node.id != node.id and (name := folder.name_of(each.node, each.scope)):
            return name
    return None


def _may_hold(holder: Node) -> bool:
    inner = holder.child_by_field_name("object") if holder.type == "member_expression" else None
    return holder.type in NAMED or (inner is not None and inner.type == "this")


def _bundled(folder: Folder, node: Node, scope: Scope) -> str | None:
    """The name of what a call gives back that asks for a module of the bundle, or hands one on."""
    if name := package_of(folder, node, scope):
        return name
    for each in whole(folder, node, scope):
        if name := folder.name_of(each.node, each.scope):
            return name
    if name := _got(folder, node, scope):
        return name
    inner = wrapped(folder, node, scope)
    name = folder.name_of(inner, scope) if inner is not None else None
    return name if name is not None and _is_package(name) else None


def _is_package(name: str) -> bool:
    return name.startswith("npm:") or name == JQUERY


def _got(folder: Folder, node: Node, scope: Scope) -> str | None:
    """The name behind `a()` where `a = n.n(b)` is webpack's way to ask for what b is by default."""
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee is None or callee.type != "identifier" or arguments is None or items_of(arguments):
        return None
    name = folder.text_of(callee)
    owner = scope.owner(name)
    for meaning in owner.names[name][:1] if owner is not None else ():
        if isinstance(meaning, Expression) and wrapped(folder, meaning.node, meaning.scope):
            known = folder.name_of(callee, scope)
            return known if known is not None and _is_package(known) else None
    return None


def _asked(folder: Folder, node: Node, scope: Scope) -> str | None:
    """The name of what a framework hands over where it is asked: `inject(DOCUMENT)`."""
    asked = asked_by(node, folder)
    if asked is None:
        return None
    return name_of_asked(folder.text_of(asked), False, folder.name_of(asked, scope))


def _required(folder: Folder, node: Node, scope: Scope) -> str | None:
    callee, arguments = (
        node.child_by_field_name("function"),
        node.child_by_field_name("arguments"),
    )
    if callee is None or arguments is None or folder.tail_of(callee, 20) not in ASKING:
        return None
    items = items_of(arguments)
    package = folder.value(items[0], scope) if items else None
    return plain(f"npm:{package_at(package) or package}") if isinstance(package, str) else None
