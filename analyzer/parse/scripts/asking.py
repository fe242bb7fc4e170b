"""What a built script calls of the chunks beside it.

A bundler puts packages and shared code into chunks, and gives what they export names of one letter.
Nobody imports a page's own chunk by its names, so that nothing but its calls of others is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from tree_sitter import Node

from analyzer.model import (
    FROM,
    IN,
    ITSELF,
    NEW,
    NUMBER,
    OWN,
    PAGE,
    Call,
    Function,
    Hole,
    Offers,
    OriginKind,
    Source,
    Vocabulary,
)
from analyzer.parse.budget import Spent
from analyzer.parse.mask import Masked
from analyzer.parse.scripts.grammar import TooSlow, dialect_of, parsed
from analyzer.parse.scripts.javascript import MOST_ARGUMENTS
from analyzer.parse.scripts.names import Reader
from analyzer.parse.scripts.vendored import ARRAY
from analyzer.parse.scripts.windows import WHOLE_LIMIT
from analyzer.parse.template import Structure
from analyzer.parse.values.bundled import elsewhere
from analyzer.parse.values.document import Document
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.scope import Expression, Imported, Scope, unwrapped
from analyzer.parse.values.things import callee_of

BESIDE = re.compile(rb"\bimport\b[^;\"']{0,20000}[\"']\.{1,2}/")
CALLS = frozenset({"call_expression", "new_expression"})
MOST = 4_000  # calls of other chunks in one script
FURTHEST = 6  # properties between a name and what is called


def calls_of(source: Source, vocabulary: Vocabulary) -> Offers:
    """The calls of what a script imports from its neighbours, as what it does by itself."""
    data = source.data
    array = ARRAY.search(data)
    if len(data) > WHOLE_LIMIT or not (array or BESIDE.search(data)):
        return Offers(source.path)
    document = Document(source, Masked(data), Structure())
    reader = Reader(document, 0, vocabulary)
    reader.folder.packages = vocabulary.packages
    found: list[Call] = []
    with suppress(TooSlow, Spent):
        reader.read(parsed(data, dialect_of(source.path)))
        reader.set_globals()
        found.extend(_calls(reader, source.path, array[1].decode() if array else ""))
    itself = Function("", source.place(0, 0), tuple(found))
    return Offers(source.path, functions=((ITSELF, itself),) if found else ())


def _calls(reader: Reader, path: str, array: str) -> Iterator[Call]:
    folder, count = reader.folder, 0
    for node, context in reader.actions:
        callee, items = callee_of(node) if node.type in CALLS else (None, [])
        if callee is None or count >= MOST:
            continue
        name = _called(folder, callee, context.scope, array)
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


def _called(folder: Folder, callee: Node, scope: Scope, array: str) -> str:
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
                is_import = isinstance(meant, Hole) and meant.origin.kind is OriginKind.IMPORT
                return meant.origin.name if is_import else ""  # type: ignore[union-attr]
            case Expression(node=asking, scope=where) if array and asking.type == "call_expression":
                number = elsewhere(folder, asking, where)
                whole = [f"{array}{NUMBER}{number}", *keys]
                return f"{'.'.join(whole)}{FROM}{PAGE}" if number is not None and keys else ""
    return ""
