"""What a built script calls of the chunks beside it.

A bundler puts packages and shared code into chunks, and gives what they export names of one letter.
Nobody imports a page's own chunk by its names, so that nothing but its calls of others is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from analyzer.model import (
    FROM,
    IN,
    NEW,
    NUMBER,
    OWN,
    PAGE,
    Call,
    Hole,
    OriginKind,
)
from analyzer.parse.scripts.javascript import MOST_ARGUMENTS
from analyzer.parse.scripts.names import Reader
from analyzer.parse.values.bundled import elsewhere
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.scope import Expression, Imported, Scope, unwrapped
from analyzer.parse.values.things import callee_of

CALLS = frozenset({"call_expression", "new_expression"})
MOST = 4_000  # calls of other chunks in one script
FURTHEST = 6  # properties between a name and what is called


def calls_in(reader: Reader, path: str, shared: str) -> Iterator[Call]:
    """The calls of what a script imports from its neighbours, or asks of webpack's other chunks;
    `shared` is the name that all of those share.
    """
    folder, count = reader.folder, 0
    for node, context in reader.actions:
        callee, items = callee_of(node) if node.type in CALLS else (None, [])
        if callee is None or count >= MOST:
            continue
        name = _called(folder, callee, context.scope, shared)
        if not name:
            continue
        count += 1
        begin = OWN + (NEW if node.type == "new_expression" else "")
        values = (folder.value(each, context.scope) for each in items[:MOST_ARGUMENTS])
        yield Call(
            place=folder.document.place(node.start_byte, node.end_byte),
            guards=context.guards,
            moment=context.moment,
            callee=f"{begin}{name}{IN}{path}",
            args=tuple(map(folder.document.brief, values)),
        )


def _called(folder: Folder, callee: Node, scope: Scope, shared: str) -> str:
    """The name of what is called of another chunk of the build, if it is one of those."""
    node, keys = callee, list[str]()
    for _ in range(FURTHEST):
        inner = node.child_by_field_name("object") if node.type == "member_expression" else None
        if inner is None:
            break
        keys.insert(0, folder.key_of(node, scope) or "")
        node = unwrapped(inner)
    name = folder.text_of(node) if node.type == "identifier" else ""
    owner = scope.owner(name) if name else None
    for meaning in owner.names[name][:1] if owner is not None else ():
        match meaning:
            case Imported(module=module) if module.startswith("."):
                meant = folder.value(callee, scope)
                if isinstance(meant, Hole) and meant.origin.kind is OriginKind.IMPORT:
                    return meant.origin.name
                return ""
            case Expression(node=asking, scope=where) if shared:
                is_call = asking.type == "call_expression"
                number = elsewhere(folder, asking, where) if is_call else None
                whole = [f"{shared}{NUMBER}{number}", *keys]
                return f"{'.'.join(whole)}{FROM}{PAGE}" if number is not None and keys else ""
    return ""
