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
    IN,
    ITSELF,
    NEW,
    OWN,
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
from analyzer.parse.scripts.names import Context, Reader
from analyzer.parse.scripts.windows import WHOLE_LIMIT
from analyzer.parse.template import Structure
from analyzer.parse.values.document import Document
from analyzer.parse.values.scope import Imported, unwrapped
from analyzer.parse.values.things import callee_of

BESIDE = re.compile(rb"\bimport\b[^;\"']{0,20000}[\"']\.{1,2}/")
CALLS = frozenset({"call_expression", "new_expression"})
MOST = 4_000  # calls of other chunks in one script
FURTHEST = 6  # properties between a name and what is called


def calls_of(source: Source, vocabulary: Vocabulary) -> Offers:
    """The calls of what a script imports from its neighbours, as what it does by itself."""
    data = source.data
    if len(data) > WHOLE_LIMIT or not BESIDE.search(data):
        return Offers(source.path)
    document = Document(source, Masked(data), Structure())
    reader = Reader(document, 0, vocabulary)
    reader.folder.packages = vocabulary.packages
    found: list[Call] = []
    with suppress(TooSlow, Spent):
        reader.read(parsed(data, dialect_of(source.path)))
        reader.set_globals()
        found.extend(_calls(reader, source.path))
    itself = Function("", source.place(0, 0), tuple(found))
    return Offers(source.path, functions=((ITSELF, itself),) if found else ())


def _calls(reader: Reader, path: str) -> Iterator[Call]:
    folder, count = reader.folder, 0
    for node, context in reader.actions:
        callee, items = callee_of(node) if node.type in CALLS else (None, [])
        if callee is None or count >= MOST or not _is_of_neighbour(reader, callee, context):
            continue
        meant = folder.value(callee, context.scope)
        if not isinstance(meant, Hole) or meant.origin.kind is not OriginKind.IMPORT:
            continue
        count += 1
        begin = OWN + (NEW if node.type == "new_expression" else "")
        values = (folder.value(each, context.scope) for each in items[:MOST_ARGUMENTS])
        yield Call(
            place=folder.document.place(node.start_byte, node.end_byte),
            guards=context.guards,
            moment=context.moment,
            callee=f"{begin}{meant.origin.name}{IN}{path}",
            args=tuple(map(folder.document.brief, values)),
        )


def _is_of_neighbour(reader: Reader, callee: Node, context: Context) -> bool:
    """Does what is called begin with a name that another script of the build gives?"""
    node = callee
    for _ in range(FURTHEST):
        inner = node.child_by_field_name("object") if node.type == "member_expression" else None
        if inner is None:
            break
        node = unwrapped(inner)
    if node.type != "identifier":
        return False
    name = reader.folder.text_of(node)
    owner = context.scope.owner(name)
    return owner is not None and any(
        isinstance(each, Imported) and each.module.startswith(".") for each in owner.names[name][:1]
    )
