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
    ScriptLoad,
    Vocabulary,
)
from analyzer.parse.document import Document
from analyzer.parse.fold import Folder
from analyzer.parse.loading import MAKERS, element_kind, heads, pairs
from analyzer.parse.scope import Scope, unwrapped
from analyzer.parse.template import Structure
from analyzer.parse.writings import Writing, Written, followed, writings

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
        "$",
        "jQuery",
    }
)


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
        for writing in writings(folder, target, scope, is_script):
            yield from _read(folder.document, writing, is_script, vocabulary)


def _read(
    outer: Document, writing: Writing, is_script: bool, vocabulary: Vocabulary
) -> Iterator[Fact]:
    from analyzer.parse import html, javascript  # they read what is written by reading this

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
        case "assignment_expression":
            yield from _assigned(folder, node, scope)
        case "call_expression":
            yield from _called(folder, node, scope)
        case "jsx_element":
            name = jsx_name(folder, node)
            if name in ("script", "Script"):
                inner = [child for child in node.named_children if child.type == "jsx_expression"]
                yield from (
                    (child.named_children[0], True) for child in inner if child.named_children
                )
        case "jsx_opening_element" | "jsx_self_closing_element":
            is_script = jsx_name(folder, node) in ("script", "Script")
            for child in node.named_children:
                parts = child.named_children
                if (
                    child.type == "jsx_attribute"
                    and len(parts) > 1
                    and folder.text_of(parts[0]) == "dangerouslySetInnerHTML"
                ):
                    yield from ((html, is_script) for html in _dangerous(folder, parts[1], scope))
        case "pair":
            yield from (
                (text, True)
                for head in heads(folder, node)
                for key, text in pairs(folder, head)
                if key in ("innerHTML", "children", "textContent")
            )


def _assigned(folder: Folder, node: Node, scope: Scope) -> Iterator[Target]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if (
        left is None
        or right is None
        or left.type not in ("member_expression", "subscript_expression")
    ):
        return
    key, holder = folder.key_of(left, scope), left.child_by_field_name("object")
    if (
        key in SCRIPT_PROPERTIES
        and holder is not None
        and element_kind(folder, holder, scope) is ScriptLoad
    ):
        yield right, True
    elif key in HTML_PROPERTIES:
        yield right, False


def _called(folder: Folder, node: Node, scope: Scope) -> Iterator[Target]:
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee is None or arguments is None or arguments.type != "arguments":
        return
    tail = folder.tail_of(callee, 80).rstrip(")")
    method = tail.rpartition(".")[2]
    items = [child for child in arguments.named_children if child.type != "comment"]
    if not items:
        return
    if method in ("write", "writeln") and WRITERS.match(folder.name_of(callee, scope) or ""):
        yield items, False
    elif method == "insertAdjacentHTML" and len(items) > 1:
        yield items[1], False
    elif method in HTML_METHODS:
        yield items[0], False
    elif method == "eval" or (
        method in ("setTimeout", "setInterval") and items[0].type in ("string", "template_string")
    ):
        yield items[0], True
    elif method == "appendChild" and callee.type == "member_expression":
        holder, text = callee.child_by_field_name("object"), _text_node(folder, items[0])
        if (
            holder is not None
            and text is not None
            and element_kind(folder, holder, scope) is ScriptLoad
        ):
            yield text, True
    elif MAKERS.search(tail) and len(items) > 1 and items[1].type == "object":
        is_script = folder.text_of(items[0]).strip("\"'`") in ("script", "Script")
        for key, inner in pairs(folder, items[1]):
            if key == "dangerouslySetInnerHTML":
                yield from ((html, is_script) for html in _dangerous(folder, inner, scope))
            elif key == "children" and is_script:
                yield inner, True


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
