"""Scripts that hide their words, read in clear: tables of texts, and names of properties in quotes.

An obfuscator puts all texts of a script into one table, perhaps turned and encoded, and asks for
them by number. What can be asked for is put in the place of the question, so that the rest of the
analysis reads what the browser would run; every byte remembers where it is written.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from tree_sitter import Node

from analyzer.model import Source
from analyzer.parse.prefilter import engine_for
from analyzer.parse.scripts.grammar import TooSlow, dialect_of, parsed
from analyzer.parse.scripts.tables import Tables
from analyzer.parse.values.scope import items_of

LARGEST = 2 * 1024 * 1024  # bytes of a script that is read in clear
SIGNS = (b"_0x", b"['", b'["', b")](", b"]](")  # one of them is where something is hidden
HIDDEN = re.compile(
    rb"""_0x[0-9a-f]{3}|\[(['"])(?:(?!default\1)[A-Za-z_$][\w$]*\1\s?\]\s?[(=.]|\\x|\\u0)""",
    re.X,
)
ASKED = re.compile(rb"\[[\w$]{1,20}(?:\((?:0x)?[0-9a-f]+\)|\[\d+\])\]\(")  # by a number
FARTHEST = 32  # bytes from the beginning of such a question to its end
ASKS = frozenset({"call_expression", "subscript_expression", "member_expression"})
LEAST = 3  # such signs, and
BY_NUMBER = 2  # such signs are worth that many others
RARE = 1_500  # bytes for each of them
NAME = re.compile(r"[A-Za-z_$][\w$]*")
BEFORE_BRACKET = re.compile(rb"\s*\[")


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of the script, and what stands there in clear."""

    start: int
    end: int
    text: bytes


def cleared(source: Source) -> Source:
    """The source with its texts and names in clear; the same one where nothing is hidden."""
    data = source.data
    if len(data) > LARGEST or not _is_hiding(data):
        return source
    try:
        root = parsed(data, dialect_of(source.path))
    except TooSlow:
        return source
    changes = [*_Reader(data, root).changes()]
    if not changes:
        return source
    text, lift, at = bytearray(), array("q"), 0
    for each in changes:
        text += data[at : each.start] + each.text
        lift.extend(range(at, each.start))
        lift.extend(repeat(each.start, len(each.text)))
        at = each.end
    text += data[at:]
    lift.extend(range(at, len(data) + 1))
    return source.inner(bytes(text), lift)


def _is_hiding(data: bytes) -> bool:
    """Is so much hidden that it is no habit of whoever wrote a few lines of it?"""
    count, enough = 0, max(LEAST, len(data) // RARE)
    for start, end in engine_for(SIGNS)(data):
        if data[end - 1 : end] == b"(":
            count += BY_NUMBER * (ASKED.search(data, max(0, end - FARTHEST), end) is not None)
        else:
            count += HIDDEN.match(data, start) is not None
        if count >= enough:
            return True
    return False


class _Reader:
    def __init__(self, data: bytes, root: Node) -> None:
        self.data = data
        self.root = root
        self.tables = Tables(data, root)

    def changes(self) -> Iterator[Change]:
        """What is hidden, in the order of the text; the stretches do not overlap."""
        found: list[Change] = []
        targets: set[int] = set()  # what is set is no text
        stack = [self.root]
        while stack:
            node = stack.pop()
            if node.type == "assignment_expression":
                targets.update(each.id for each in node.named_children[:1])
            if node.type in ASKS and node.id not in targets:
                text = self.tables.asked(node)
                if text is not None:
                    found.append(_literal(node, text))
                    continue
            if node.type == "call_expression" and (inner := [*self._passed_on(node)]):
                found.extend(inner)
                arguments = node.child_by_field_name("arguments")
                stack.extend(arguments.named_children if arguments is not None else ())
                continue
            if node.type == "subscript_expression" and (name := self._name_in(node)) is not None:
                found.append(name)
                stack.extend(node.named_children[:1])
                continue
            stack.extend(node.named_children)
        found.sort(key=lambda each: each.start)
        yield from found

    def _passed_on(self, call: Node) -> Iterator[Change]:
        """A call that only passes on what it is given: `store.abcde(fbq, "init", id)`."""
        callee, arguments = (call.child_by_field_name(key) for key in ("function", "arguments"))
        items = items_of(arguments) if arguments is not None else []
        does = self.tables.passes_on(callee) if callee is not None and items else None
        if does is None or arguments is None or (does != "(" and len(items) != 2):
            return
        first = items[0]
        yield Change(call.start_byte, first.start_byte, b"(")
        end = items[1].start_byte if len(items) > 1 else arguments.end_byte - 1
        if does == "(":
            yield Change(first.end_byte, end, b")(")
        else:
            yield Change(first.end_byte, end, f" {does} ".encode())

    def _name_in(self, node: Node) -> Change | None:
        """The property that is asked for by a text that is a name: `document["title"]`."""
        holder, index = node.child_by_field_name("object"), node.child_by_field_name("index")
        if holder is None or index is None or holder.type == "number":
            return None
        if not BEFORE_BRACKET.match(self.data, holder.end_byte, index.start_byte):
            return None  # a?.["b"]
        text = self.tables.text_of(index)
        if text is None or not NAME.fullmatch(text):
            return None
        return Change(holder.end_byte, node.end_byte, b"." + text.encode())


def _literal(node: Node, text: str) -> Change:
    return Change(node.start_byte, node.end_byte, json.dumps(text).encode())
