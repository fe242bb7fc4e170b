"""What a call gives back that the script itself tells: its own functions, and JavaScript's own on
known texts and lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Hole, Object, OriginKind, Text, Value, options
from analyzer.parse.page_data import READS, read_on_page
from analyzer.parse.values import texts
from analyzer.parse.values.document import WIDEST, choice
from analyzer.parse.values.given import arguments_of
from analyzer.parse.values.lists import made_by_helper
from analyzer.parse.values.merged import put_together
from analyzer.parse.values.scope import FUNCTIONS, MOST_ITEMS, Function, Scope, items_of, unwrapped
from analyzer.parse.values.steps import ran, received
from analyzer.parse.values.things import (
    SAME,
    callee_of,
    entry_of,
    function_of,
    is_repeated,
    returns_of,
)

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

LARGEST = 2_000  # bytes of a function whose value is read for each of its calls
MOST_BOUND = 3  # such functions inside each other
MOST_OWN = 400  # calls of such functions that are followed in one script, and
PER_OWN = 1_000  # bytes of it for each one more
ON_PATTERNS = frozenset({"replace", "replaceAll"})
PASSES = frozenset({"createScriptURL", "createHTML", "createScript"})  # of trusted types
ENDS = frozenset({"shift", "pop"})
WITH_FUNCTION = frozenset({"map"})


def given_back(folder: Folder, node: Node, scope: Scope, witnesses: list[Node] | None) -> Value:
    """What a call gives back; nothing where only a running page knows."""
    callee, items = callee_of(node)
    if callee is None:
        return None
    if callee.type == "member_expression":
        made = _of_method(folder, callee, items, scope, witnesses)
        if made is None and (entry := entry_of(folder, node, scope)) is not None:
            made = folder.value(entry.node, entry.scope, witnesses)
        if made is not None:
            return made
    name = folder.name_of(callee, scope) or ""
    arguments = node.child_by_field_name("arguments")
    if arguments is not None and arguments.type == "template_string":
        raw = name in ("String.raw", "html", "dedent", "outdent")
        return folder.value(arguments, scope, witnesses) if raw else None
    if items and name in SAME:
        return folder.value(items[0], scope, witnesses)
    if name in ("String.fromCharCode.apply", "String.fromCodePoint.apply") and len(items) > 1:
        listed = folder.value(items[1], scope, witnesses)
        found = listed if isinstance(listed, tuple) else ()
        return texts.of_function(name.removesuffix(".apply"), found)
    if name in FUNCTIONS_READ:
        for handed in arguments_of(folder, items, scope, witnesses, MOST_ITEMS):
            if (made := texts.of_function(name, handed)) is not None:
                return made
        return None
    if (step := _step(folder, node, callee, items, scope, witnesses)) is not None:
        return step
    if (merged := put_together(folder, callee, items, scope, witnesses)) is not None:
        return merged
    own = function_of(folder, callee, scope)
    return _of_own(folder, own, items, scope, witnesses) if own is not None else None


FUNCTIONS_READ = frozenset(
    {
        "String",
        "String.fromCharCode",
        "String.fromCodePoint",
        "JSON.parse",
        "Buffer.from",
        "Array.of",
        "Array.from",
        "encodeURIComponent",
    }
)


def _step(
    folder: Folder,
    node: Node,
    callee: Node,
    items: list[Node],
    scope: Scope,
    witnesses: list[Node] | None,
) -> Value:
    """What a compiler's helper gives back, or what an async function waited for before."""
    holder = callee.child_by_field_name("object") if callee.type == "member_expression" else None
    if holder is not None and not items:
        return received(folder, holder, folder.key_of(callee, scope), node, scope)
    made = made_by_helper(folder, node, scope, witnesses)
    return made if made is not None else ran(folder, node, scope, witnesses)


def _of_own(
    folder: Folder,
    function: Function,
    items: list[Node],
    scope: Scope,
    witnesses: list[Node] | None,
) -> Value:
    """What a small function of the script gives back for this very call."""
    node, inner = function.node, function.inner
    if inner is None or node.end_byte - node.start_byte > LARGEST:
        return None
    memory = folder.memory
    if len(memory.bound) >= MOST_BOUND or node.id in memory.bound:
        memory.refuse(node)
        return None
    returns = returns_of(function)
    if not returns or folder.own_calls > MOST_OWN + len(folder.document.data) // PER_OWN:
        return None
    folder.own_calls += 1
    memory.bind(node, items, scope)
    try:
        value = choice(folder.value(each, inner, witnesses) for each in returns)
    finally:
        memory.unbind(node)
    unread = (OriginKind.UNKNOWN, OriginKind.GLOBAL, OriginKind.PARAMETER, OriginKind.IMPORT)
    return None if isinstance(value, Hole) and value.origin.kind in unread else value


def given_for(folder: Folder, function: Function, items: list[Node], scope: Scope) -> Value:
    """What a function of the script gives back for some arguments, as far as that is known."""
    return _of_own(folder, function, items, scope, None)


def _of_method(
    folder: Folder, callee: Node, items: list[Node], scope: Scope, witnesses: list[Node] | None
) -> Value:
    """What a method of a known text or list gives back."""
    holder, method = callee.child_by_field_name("object"), folder.key_of(callee, scope)
    if holder is None or method is None:
        return None
    if method == "toString" and unwrapped(holder).type in ("call_expression", "new_expression"):
        made = folder.value(holder, scope, witnesses)
        return made if isinstance(made, (str, Text, Object)) else None
    if method in PASSES and items:
        return folder.value(items[0], scope, witnesses)
    page = folder.document.page
    if page is not None and method in READS and items:
        named = folder.value(items[0], scope)
        return read_on_page(page, folder.value(holder, scope, witnesses), method, named)
    if method not in texts.METHODS:
        return None
    whole = folder.value(holder, scope, witnesses)
    found: list[Value] = []
    for option in options(whole)[:WIDEST]:
        if isinstance(option, tuple) and method in ENDS and is_repeated(callee):
            found.extend(option)  # while (id = ids.shift())
            continue
        made = _applied(folder, option, method, items, scope)
        if made is None:
            return None
        found.append(made)
    return choice(found)


def _applied(
    folder: Folder, value: Value, method: str, items: Sequence[Node], scope: Scope
) -> Value:
    if isinstance(value, tuple) and method in WITH_FUNCTION and items:
        return _mapped(folder, value, items[0], scope)
    by_pattern = method in ON_PATTERNS and len(items) > 1 and items[0].type == "regex"
    if by_pattern and isinstance(value, str):
        new = folder.value(items[1], scope)
        return texts.replaced_by_pattern(value, folder.text_of(items[0]), new)
    given = [folder.value(each, scope) for each in items]
    if isinstance(value, str):
        return texts.of_text(value, method, given)
    if isinstance(value, tuple):
        return texts.of_list(value, method, given)
    if isinstance(value, (int, float)) and method == "toString" and not items:
        return texts.of_function("String", (value,))
    return None


def _mapped(folder: Folder, values: tuple[Value, ...], given: Node, scope: Scope) -> Value:
    """`[104, 105].map(code => String.fromCharCode(code))`, and the same without an arrow."""
    given = unwrapped(given)
    name = folder.name_of(given, scope)
    if given.type in FUNCTIONS:
        parameters = given.child_by_field_name("parameters") or given.child_by_field_name(
            "parameter"
        )
        listed = [parameters] if parameters is not None else []
        if parameters is not None and parameters.type == "formal_parameters":
            listed = items_of(parameters)
        body = given.child_by_field_name("body")
        maker, items = callee_of(body) if body is not None else (None, [])
        if maker is None or len(items) != 1 or len(listed) != 1:
            return None
        if folder.text_of(items[0]) != folder.text_of(listed[0]):
            return None
        name = folder.name_of(maker, scope)
    if name not in FUNCTIONS_READ:
        return None
    made = tuple(texts.of_function(name or "", (each,)) for each in values)
    return None if any(each is None for each in made) else made
