"""Markup and scripts that a script writes: read like those of a page.

`document.write`, `innerHTML`, an inline script in JSX and the like. The text is put together from
the literals in the source, and each of its bytes remembers where it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from analyzer.model import (
    Fact,
    Guard,
    ScriptLoad,
    Vocabulary,
    options,
)
from analyzer.parse.gates import is_data, type_of
from analyzer.parse.scripts.heads import texts_in
from analyzer.parse.scripts.loading import jsx_attributes, jsx_gate, pairs
from analyzer.parse.scripts.writings import Writing, Written, followed, writings
from analyzer.parse.template import Structure
from analyzer.parse.values.created import element_kind, is_renderers
from analyzer.parse.values.document import NOSCRIPT, Document, under
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.jsx import is_compiled
from analyzer.parse.values.scope import Scope, items_of, unwrapped
from analyzer.parse.values.things import callee_of

DEEPEST = 3  # scripts written by scripts written by scripts
WRITERS = re.compile(r"^(?:document\.)?write(?:ln)?$")
HTML_PROPERTIES = frozenset({"innerHTML", "outerHTML", "srcdoc"})
SCRIPT_PROPERTIES = frozenset({"text", "textContent", "innerText", "innerHTML"})
HTML_METHODS = frozenset(
    {
        "append",
        "prepend",
        "html",
        "after",
        "before",
        "replaceWith",
        "createContextualFragment",
        "setHTMLUnsafe",
        "parseHTMLUnsafe",
        "parseFromString",
        "parseHTML",
        "globalEval",
        "$",
        "jQuery",
    }
)
SECOND = frozenset({"insertAdjacentHTML", "postscribe"})  # their second argument is markup
APPENDS = frozenset({"append", "prepend", "html"})
MARKUP_TAGS = frozenset({"html", "svg", "htm"})  # tags of template literals that are markup
TEXTS = frozenset({"text", "textContent", "innerHTML"})
ADDRESSES = frozenset({"src", "href", "location"})
HANDLER = re.compile(r"on[a-z]+$")
ENCODERS = frozenset({"encodeURIComponent", "encodeURI", "escape", "btoa", "window.btoa"})
MOST_INSIDE = 200  # nodes of an address that are looked at
IN_ADDRESS = re.compile(r"\s*javascript:", re.I)
IN_DATA = re.compile(r"\s*data:(?:text|application)/(?:java|ecma)script[^,]*,", re.I)


def written_facts(
    folder: Folder,
    node: Node,
    scope: Scope,
    vocabulary: Vocabulary,
    conditions: tuple[object, ...],
) -> Iterator[Fact]:
    """What the markup and the scripts say that this call, assignment or element writes, if it does.

    The same text under the same conditions is read once.
    """
    if folder.document.level >= DEEPEST:
        return
    for target, is_script in _written_by(folder, node, scope):
        if isinstance(target, Node):
            key = (followed(folder, unwrapped(target), scope)[0].id, conditions)
            if key in folder.written:
                continue
            folder.written.add(key)
        gate = _gate(folder, node)
        told: set[Fact] = set()  # what several alternatives of a text have in common is said once
        for writing in writings(folder, target, scope, is_script):
            for fact in _read(folder.document, writing, is_script, vocabulary):
                if fact not in told:
                    told.add(fact)
                    yield under(fact, *gate)


def _is_data(folder: Folder, opening: Node) -> bool:
    """Does a script element of JSX hold something else than a script?"""
    return is_data(type_of(jsx_attributes(folder, opening).get("type", "")))


def _gate(folder: Folder, node: Node) -> tuple[Guard, ...]:
    """What holds back what is written, where an element of JSX writes it."""
    opening = node.child_by_field_name("open_tag") if node.type == "jsx_element" else node
    if opening is None or not opening.type.startswith("jsx_"):
        return ()
    around = (NOSCRIPT,) if jsx_name(folder, opening) == "noscript" else ()
    return (*around, *jsx_gate(folder, opening))


def _read(
    outer: Document, writing: Writing, is_script: bool, vocabulary: Vocabulary
) -> Iterator[Fact]:
    from analyzer.parse import html  # they read what is written by reading this
    from analyzer.parse.scripts import javascript

    size = len(writing.text)
    if size > outer.allowance.written:
        return
    outer.allowance.written -= size
    document = replace(
        outer,
        source=Written(outer.source, writing),
        masked=writing.masked(),
        structure=Structure(),
        filled=writing.filled,
        level=outer.level + 1,
    )
    if is_script:
        yield from javascript.script_facts(document, 0, size, vocabulary)
    else:
        yield from html.fragment_facts(document, vocabulary)


# ---------------------------------------------------------------- what writes


Target = tuple[
    Node | list[Node], bool
]  # what is written, and whether it is a script rather than markup


def _written_by(folder: Folder, node: Node, scope: Scope) -> Iterator[Target]:
    match node.type:
        case "assignment_expression" | "augmented_assignment_expression":
            yield from _assigned(folder, node, scope)
        case "call_expression":
            yield from _called(folder, node, scope)
        case "new_expression":
            yield from _made(folder, node, scope)
        case "jsx_element":
            opening = node.child_by_field_name("open_tag") or node
            if jsx_name(folder, node) in ("script", "Script") and not _is_data(folder, opening):
                for child in node.named_children:
                    if child.type == "jsx_text" and folder.text_of(child).strip():
                        yield child, True
                    elif child.type == "jsx_expression" and child.named_children:
                        yield child.named_children[0], True
        case "jsx_opening_element" | "jsx_self_closing_element":
            is_script = jsx_name(folder, node) in ("script", "Script")
            if is_script and _is_data(folder, node):
                return
            for child in node.named_children:
                parts = child.named_children
                if child.type == "jsx_attribute" and not is_script:  # <Helmet script={[...]}>
                    told = texts_in(folder, child, scope)
                    yield from ((text, is_code) for text, _, is_code in told)
                if (
                    child.type == "jsx_attribute"
                    and len(parts) > 1
                    and folder.text_of(parts[0]) == "dangerouslySetInnerHTML"
                ):
                    yield from ((html, is_script) for html in _dangerous(folder, parts[1], scope))
        case "pair":
            yield from ((text, is_script) for text, _, is_script in texts_in(folder, node, scope))


def _assigned(folder: Folder, node: Node, scope: Scope) -> Iterator[Target]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if (
        left is None
        or right is None
        or left.type not in ("member_expression", "subscript_expression")
    ):
        return
    key, holder = folder.key_of(left, scope), left.child_by_field_name("object")
    if holder is None:
        return
    if key in SCRIPT_PROPERTIES and element_kind(folder, holder, scope) is ScriptLoad:
        yield right, True
    elif key in HTML_PROPERTIES:
        yield right, False
    elif key in ADDRESSES:
        yield from _in_address(folder, right, scope)


def _called(folder: Folder, node: Node, scope: Scope) -> Iterator[Target]:
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee is None or arguments is None:
        return
    if arguments.type != "arguments":
        if folder.text_of(callee) in MARKUP_TAGS:
            yield node, False
        return
    tail = folder.tail_of(callee, 80).rstrip(")")
    method = tail.rpartition(".")[2]
    items = [child for child in arguments.named_children if child.type != "comment"]
    if not items:
        return
    if method in ("write", "writeln") and WRITERS.match(folder.name_of(callee, scope) or ""):
        yield items, False
    elif method in SECOND and len(items) > 1:
        yield items[1], False
    elif method in HTML_METHODS:
        holder = callee.child_by_field_name("object")
        kind = element_kind(folder, holder, scope) if holder is not None else None
        yield items[0], method in APPENDS and kind is ScriptLoad
    elif method == "eval" or (
        method in ("setTimeout", "setInterval") and items[0].type in ("string", "template_string")
    ):
        yield items[0], True
    elif method == "Function" or folder.tail_of(callee, 40) == "Function":
        yield items[-1], True
    elif method in ("appendChild", "insertAdjacentText") and callee.type == "member_expression":
        holder, text = callee.child_by_field_name("object"), _text_node(folder, items[-1])
        text = items[-1] if text is None and method == "insertAdjacentText" else text
        kind = element_kind(folder, holder, scope) if holder is not None else None
        if text is not None and kind is ScriptLoad:
            yield text, True
    elif is_renderers(folder, method, items, scope):
        key = folder.value(items[1], scope)
        if key in TEXTS or (isinstance(key, str) and HANDLER.match(key)):
            yield items[2], True
    elif method in ("setAttribute", "attr") and len(items) > 1:
        name = folder.value(items[0], scope)
        if isinstance(name, str) and HANDLER.match(name):
            yield items[1], True
        elif name in ADDRESSES:
            yield from _in_address(folder, items[1], scope)
    elif method == "assign" and len(items) > 1:
        if element_kind(folder, items[0], scope) is ScriptLoad:
            yield from ((text, True) for key, text in pairs(folder, items[1]) if key in TEXTS)
    elif is_compiled(folder, node, scope):
        is_script = folder.text_of(items[0]).strip("\"'`") in ("script", "Script")
        for key, inner in pairs(folder, items[1]):
            if key == "dangerouslySetInnerHTML":
                yield from ((html, is_script) for html in _dangerous(folder, inner, scope))
            elif key == "children" and is_script:
                yield inner, True


def _made(folder: Folder, node: Node, scope: Scope) -> Iterator[Target]:
    """The text of a function that is made of one: `new Function("...")`."""
    maker, items = callee_of(node)
    if maker is not None and items and folder.text_of(maker) in ("Function", "window.Function"):
        yield items[-1], True


def _in_address(folder: Folder, node: Node, scope: Scope) -> Iterator[Target]:
    """A script that an address holds: `javascript:...`, `data:text/javascript,...`, or a file made
    of its text.
    """
    for option in options(folder.value(node, scope)):
        text = option if isinstance(option, str) else ""
        if IN_ADDRESS.match(text):
            yield node, True
            return
        if IN_DATA.match(text):
            yield from ((each, True) for each in _encoded(folder, node))
            return
    callee, items = callee_of(unwrapped(node))
    if callee is None or not items or not folder.tail_of(callee, 20).endswith("createObjectURL"):
        return
    maker, parts = callee_of(followed(folder, unwrapped(items[0]), scope)[0])
    if maker is not None and parts and folder.text_of(maker) == "Blob":
        yield items_of(parts[0]) if parts[0].type == "array" else parts[0], True


def _encoded(folder: Folder, node: Node) -> Iterator[Node]:
    """What an address is made of: `"data:text/javascript," + encodeURIComponent(code)`."""
    todo, seen = [node], 0
    while todo and seen < MOST_INSIDE:
        inner = todo.pop()
        seen += 1
        callee, items = callee_of(inner) if inner.type == "call_expression" else (None, [])
        if callee is not None and items and folder.text_of(callee) in ENCODERS:
            yield items[0]
        else:
            todo.extend(inner.named_children)


def _text_node(folder: Folder, node: Node) -> Node | None:
    """The text of `document.createTextNode("...")`."""
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if (
        callee is None
        or arguments is None
        or not folder.tail_of(callee, 40).endswith("createTextNode")
    ):
        return None
    return next(iter(arguments.named_children), None)


def _dangerous(folder: Folder, node: Node, scope: Scope) -> Iterator[Node]:
    """The text in `{__html: ...}`."""
    if node.type == "jsx_expression" and node.named_children:
        node = node.named_children[0]
    node, _ = followed(folder, unwrapped(node), scope)
    yield from (inner for key, inner in pairs(folder, node) if key == "__html")


def jsx_name(folder: Folder, node: Node) -> str:
    """The name of a JSX element."""
    opening = node.child_by_field_name("open_tag") if node.type == "jsx_element" else node
    name = opening.child_by_field_name("name") if opening is not None else None
    return folder.text_of(name) if name is not None else ""
