"""Modules that a function is handed once they have arrived: `import("x").then(m => …)`, AMD."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.modules import DEFAULT, EVERYTHING
from analyzer.parse.values.registries import package_at
from analyzer.parse.values.scope import (
    FUNCTIONS,
    Expression,
    Imported,
    Meaning,
    Scope,
    items_of,
    unwrapped,
)

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # the names of a script are noted in it

ARRIVING = frozenset({"then", "define", "require", "requirejs"})  # the last words of such calls
ASKING = frozenset({"require", "import", "System.import", "SystemJS.import"})
REGISTER = "System.register"
AMD = frozenset({"define", "require", "requirejs", "window.require", "window.requirejs"})
GIVEN_BY_LOADER = frozenset({"require", "exports", "module"})
WRITTEN = frozenset({"string", "template_string"})


def handed_modules(
    folder: Folder, callee: Node, items: Sequence[Node], scope: Scope
) -> tuple[Node, list[Meaning | None]] | None:
    """The function that a call hands modules to, with what its parameters stand for."""
    callee, function = unwrapped(callee), unwrapped(items[-1]) if items else None
    if callee.type == "member_expression" and items:
        function, promise = unwrapped(items[0]), callee.child_by_field_name("object")
        if function.type not in FUNCTIONS or promise is None:
            return None
        promise = unwrapped(promise)
        if (module := _asked(folder, promise)) is not None:
            return function, [module]
        if (listed := listed_by(folder, promise)) is not None:
            return function, [Expression(listed, scope)]
        if folder.head_of(promise, 22) == "Promise.resolve().then":  # a module of the same bundle
            return function, [Expression(promise, scope)]
    elif callee.type == "identifier" and folder.text_of(callee) in AMD:
        listed = next((each for each in items if each.type == "array"), None)
        if listed is not None and function is not None and function.type in FUNCTIONS:
            return function, [_module(folder, each) for each in items_of(listed)]
    return None


def promised(folder: Folder, function: Node) -> Node | None:
    """The call whose promise hands something to a function: `load()` of `load().then(m => …)`."""
    around = function.parent.parent if function.parent is not None else None
    callee = around.child_by_field_name("function") if around is not None else None
    if callee is None or callee.type != "member_expression":
        return None
    holder, key = callee.child_by_field_name("object"), callee.child_by_field_name("property")
    if holder is None or key is None or holder.type != "call_expression":
        return None
    return holder if folder.word_of(key) == "then" else None


def listed_by(folder: Folder, node: Node) -> Node | None:
    """The list of `Promise.all([…])`, or a list itself."""
    node = unwrapped(node)
    if node.type == "array":
        return node
    if node.type != "call_expression":
        return None
    callee, arguments = (node.child_by_field_name(key) for key in ("function", "arguments"))
    if callee is None or arguments is None or folder.tail_of(callee, 11) != "Promise.all":
        return None
    items = items_of(arguments)
    return items[0] if items and items[0].type == "array" else None


def handed_to_setters(
    folder: Folder, callee: Node, items: Sequence[Node]
) -> Iterator[tuple[Node, list[Meaning | None]]]:
    """The functions to which `System.register([...], function () {...})` hands its modules."""
    if folder.tail_of(callee, 20) != REGISTER:
        return
    listed = next((each for each in items[:2] if each.type == "array"), None)
    declared = unwrapped(items[-1])
    body = declared.child_by_field_name("body") if declared.type in FUNCTIONS else None
    for statement in body.named_children if body is not None and listed is not None else ():
        given = statement.named_children[0] if statement.type == "return_statement" else None
        for pair in items_of(given) if given is not None and given.type == "object" else ():
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is None or value is None or folder.text_of(key) != "setters" or listed is None:
                continue
            for setter, module in zip(items_of(value), items_of(listed), strict=False):
                yield setter, [_module(folder, module)]


def modules_of(folder: Folder, callee: Node, items: Sequence[Node]) -> Iterator[Node]:
    """The texts by which an AMD call, or one of SystemJS, asks for modules."""
    is_amd = callee.type == "identifier" and folder.text_of(callee) in AMD
    if is_amd or folder.tail_of(callee, 20) == REGISTER:
        listed = next((each for each in items[:2] if each.type == "array"), None)
        for each in items_of(listed) if listed is not None else ():
            if each.type == "string" and _module(folder, each) is not None:
                yield each


def _asked(folder: Folder, promise: Node) -> Imported | None:
    """The module of `import("x")`."""
    if promise.type != "call_expression":
        return None
    callee, arguments = (promise.child_by_field_name(key) for key in ("function", "arguments"))
    items = items_of(arguments) if arguments is not None else []
    if callee is None or not items:
        return None
    if folder.tail_of(callee, 20) in ASKING:
        return _module(folder, items[0])
    before = callee.child_by_field_name("object")
    if before is None or not _hands_on(folder, callee, items[0]):
        return None
    return _asked(folder, unwrapped(before))


def _hands_on(folder: Folder, callee: Node, function: Node) -> bool:
    """Is it `.then(m => m.default)`, which gives the next one the same module?"""
    body, parameter = (function.child_by_field_name(key) for key in ("body", "parameter"))
    parameter = parameter or function.child_by_field_name("parameters")
    if folder.tail_of(callee, 5) != ".then" or body is None or parameter is None:
        return False
    name = folder.text_of(parameter).strip("()")
    return folder.text_of(unwrapped(body)) in (name, f"{name}.{DEFAULT}")


def _module(folder: Folder, node: Node) -> Imported | None:
    if node.type not in WRITTEN:
        return None
    name = folder.text_of(node)[1:-1]
    if not name or "${" in name or name in GIVEN_BY_LOADER:
        return None
    name = package_at(name) or name
    return Imported(f"npm:{name}", name, EVERYTHING)
