"""The texts that a script puts together: each byte remembers where it is written, and holes their
value.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from tree_sitter import Node

from analyzer.model import (
    Choice,
    Hole,
    Object,
    Source,
    Text,
    Value,
    options,
    shown,
)
from analyzer.parse.mask import Masked, TemplateTag
from analyzer.parse.values.document import LONGEST_TEXT, WIDEST, Document
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.literals import unescaped
from analyzer.parse.values.scope import Expression, Scope, unwrapped

STEPS = 12  # parts of an expression inside each other
MARKUP = re.compile(r"<\s*(?:script|img|iframe|embed|object|noscript|body|a|form)\b", re.I)
DECODERS = frozenset({"unescape", "decodeURIComponent", "decodeURI"})
ESCAPE = re.compile(rb"\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])")
PERCENT = re.compile(rb"%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of written text: as it is shown, as it is parsed, where each byte starts and ends
    in the file, and for a hole what it is worth."""

    text: bytes
    mask: bytes
    starts: Sequence[int]
    ends: Sequence[int]
    value: Value = None

    @property
    def is_hole(self) -> bool:
        return self.value is not None

    def cut(self, size: int) -> Piece:
        """The first bytes of it."""
        return Piece(self.text[:size], self.mask[:size], self.starts[:size], self.ends[:size])


class Writing:
    """The pieces as one text."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces: list[Piece] = []
        left = LONGEST_TEXT
        for piece in pieces:
            if len(piece.text) > left:
                if not piece.is_hole:
                    self.pieces.append(piece.cut(left))
                break
            self.pieces.append(piece)
            left -= len(piece.text)
        self.text = b"".join(piece.text for piece in self.pieces)
        self.values: dict[int, Value] = {}

    def masked(self) -> Masked:
        tags, at = [], 0
        for piece in self.pieces:
            if piece.is_hole:
                tags.append(
                    TemplateTag(at, at + len(piece.text), "output", shown(piece.value)[:200])
                )
                self.values[at] = piece.value
            at += len(piece.text)
        return Masked(b"".join(piece.mask for piece in self.pieces), tuple(tags))

    def filled(self, tag: TemplateTag) -> Value:
        return self.values[tag.start]


class Written(Source):
    """The bytes that a script writes, under the path of the file that holds it."""

    def __init__(self, outer: Source, writing: Writing) -> None:
        starts = array("q", chain.from_iterable(piece.starts for piece in writing.pieces))
        self.ends = array("q", chain.from_iterable(piece.ends for piece in writing.pieces))
        starts.append(self.ends[-1] if self.ends else 0)
        super().__init__(outer.path, writing.text, outer=outer, lift=starts)

    def lifted(self, start: int, end: int) -> tuple[int, int]:
        first = self.lift[start]
        return first, max(first, self.ends[end - 1]) if end > start else first


def writings(
    folder: Folder, target: Node | list[Node], scope: Scope, is_script: bool
) -> Iterator[Writing]:
    nodes = target if isinstance(target, list) else [target]
    if not is_script and not any(
        MARKUP.search(part) for part in _plain_parts(folder, nodes, scope)
    ):
        return
    for pieces in _sum(folder, nodes, scope, 0):
        writing = Writing(pieces)
        if writing.text.strip():
            yield writing


def _plain_parts(folder: Folder, nodes: list[Node], scope: Scope) -> Iterator[str]:
    for node in nodes:
        for option in options(folder.value(node, scope)):
            match option:
                case str():
                    yield option
                case Text(parts=parts):
                    yield from (part for part in parts if isinstance(part, str))


def _alternatives(folder: Folder, node: Node, scope: Scope, depth: int) -> list[list[Piece]]:
    """The texts that an expression may be: one, or one for each branch of a choice."""
    node = unwrapped(node)
    if depth < STEPS:
        match node.type:
            case "string":
                return [[*_literal(folder, node.start_byte + 1, node.end_byte - 1)]]
            case "jsx_text":
                return [[*_literal(folder, node.start_byte, node.end_byte)]]
            case "template_string":
                return _template(folder, node, scope)
            case "binary_expression" if terms := _terms(node):
                return _sum(folder, terms, scope, depth + 1)
            case "ternary_expression":
                branches = (
                    node.child_by_field_name(name) for name in ("consequence", "alternative")
                )
                return [
                    each
                    for branch in branches
                    if branch is not None
                    for each in _alternatives(folder, branch, scope, depth + 1)
                ][:WIDEST]
            case "identifier" if depth == 0:
                inner, where = followed(folder, node, scope)
                if inner != node:
                    return _alternatives(folder, inner, where, depth + 1)
            case "call_expression":
                found = _from_call(folder, node, scope, depth)
                if found is not None:
                    return found
    return [[*_folded(folder, node, option)] for option in options(folder.value(node, scope))]


def _from_call(folder: Folder, node: Node, scope: Scope, depth: int) -> list[list[Piece]] | None:
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee is None or arguments is None:
        return None
    if arguments.type == "template_string":  # html`...` and the like
        return _alternatives(folder, arguments, scope, depth + 1)
    items = [child for child in arguments.named_children if child.type != "comment"]
    if items and (folder.name_of(callee, scope) or "") in DECODERS:
        return [
            [_decoded(piece) for piece in pieces]
            for pieces in _alternatives(folder, items[0], scope, depth + 1)
        ]
    holder = unwrapped(callee).child_by_field_name("object")
    if callee.type != "member_expression" or holder is None:
        return None
    method = folder.key_of(callee, scope)
    if method in ("trim", "trimStart", "trimEnd"):
        return _alternatives(folder, holder, scope, depth + 1)
    if method == "join" and (listed := unwrapped(holder)).type == "array":
        glue = folder.value(items[0], scope) if items else ","
        parts = [child for child in listed.named_children if child.type != "comment"]
        if isinstance(glue, str):
            return _sum(folder, parts, scope, depth + 1, glue.encode())
    if method == "concat":
        return _sum(folder, [holder, *items], scope, depth + 1)
    return None


def _sum(
    folder: Folder, nodes: Iterable[Node], scope: Scope, depth: int, glue: bytes = b""
) -> list[list[Piece]]:
    found: list[list[Piece]] = [[]]
    for number, node in enumerate(nodes):
        if number and glue:
            for pieces in found:
                pieces.append(_constant(folder, node.start_byte, node.start_byte, glue))
        branches = _alternatives(folder, node, scope, depth)
        if len(branches) * len(found) > WIDEST:
            branches = branches[:1]
        if len(branches) == 1:
            for pieces in found:
                pieces.extend(branches[0])
        else:
            found = [[*before, *branch] for before in found for branch in branches]
    return found


def _terms(node: Node) -> list[Node]:
    """The terms of a sum from left to right; nothing for another operator."""
    terms: list[Node] = []
    while node.type == "binary_expression":  # sums of a thousand strings lean left
        operator, right = node.child_by_field_name("operator"), node.child_by_field_name("right")
        left = node.child_by_field_name("left")
        if operator is None or operator.type != "+" or right is None or left is None:
            break
        terms.append(right)
        node = unwrapped(left)
    return [node, *reversed(terms)] if terms else []


def _template(folder: Folder, node: Node, scope: Scope) -> list[list[Piece]]:
    found: list[list[Piece]] = [[]]
    at = node.start_byte + 1
    for child in (*node.named_children, None):
        if child is not None and child.type != "template_substitution":
            continue
        literal = [
            *_literal(folder, at, child.start_byte if child is not None else node.end_byte - 1)
        ]
        for pieces in found:
            pieces.extend(literal)
        if child is None or not child.named_children:
            continue
        at = child.end_byte
        branches = [
            [*_folded(folder, child, option)]
            for option in options(folder.value(child.named_children[0], scope))
        ]
        if len(branches) * len(found) > WIDEST:
            branches = [[_hole(folder, child, folder.hole(child.named_children[0]))]]
        found = (
            [[*before, *branch] for before in found for branch in branches]
            if len(branches) > 1
            else [pieces + branches[0] for pieces in found]
        )
    return found


def _literal(folder: Folder, start: int, end: int) -> Iterator[Piece]:
    """The text of a literal, with the outputs of the template around the script as holes."""
    document, at, end = folder.document, folder.base + start, folder.base + end
    for tag in document.masked.outputs(at, end):
        if tag.start > at:
            yield _plain(document, at, tag.start)
        size = tag.end - tag.start
        yield Piece(
            document.source.data[tag.start : tag.end],
            b"_" * size,
            range(tag.start, tag.end),
            range(tag.start + 1, tag.end + 1),
            document.filled(tag),
        )
        at = tag.end
    if at < end:
        yield _plain(document, at, end)


def _plain(document: Document, start: int, end: int) -> Piece:
    text, mask = document.source.data[start:end], document.data[start:end]
    if b"\\" not in text:
        return Piece(text, mask, range(start, end), range(start + 1, end + 1))
    return _replaced(
        Piece(text, mask, range(start, end), range(start + 1, end + 1)), ESCAPE, _escaped
    )


def _escaped(found: re.Match[bytes]) -> bytes:
    text = found[0]
    return text[1:] if text[1] >= 0x80 else unescaped(text.decode("ascii")).encode()


def _decoded(piece: Piece) -> Piece:
    return (
        piece
        if piece.is_hole or b"%" not in piece.text
        else _replaced(piece, PERCENT, _from_percent)
    )


def _from_percent(found: re.Match[bytes]) -> bytes:
    return (
        chr(int(found[1], 16)).encode("utf-8", "replace")
        if found[1]
        else bytes([int(found[2], 16)])
    )


def _replaced(piece: Piece, pattern: re.Pattern[bytes], decode: object) -> Piece:
    """The piece with what the pattern finds decoded; each new byte comes from the whole that it
    stood for.
    """
    assert callable(decode)
    text, mask = bytearray(), bytearray()
    starts, ends, at = array("q"), array("q"), 0
    for found in pattern.finditer(piece.text):
        begin, end = found.span()
        new = decode(found)
        text += piece.text[at:begin] + new
        mask += piece.mask[at:begin] + new
        starts.extend(piece.starts[at:begin])
        starts.extend(repeat(piece.starts[begin], len(new)))
        ends.extend(piece.ends[at:begin])
        ends.extend(repeat(piece.ends[end - 1], len(new)))
        at = end
    text += piece.text[at:]
    mask += piece.mask[at:]
    starts.extend(piece.starts[at:])
    ends.extend(piece.ends[at:])
    return Piece(bytes(text), bytes(mask), starts, ends)


def _folded(folder: Folder, node: Node, value: Value) -> Iterator[Piece]:
    """A value that is put in: its readable parts as text, the others as holes."""
    for part in value.parts if isinstance(value, Text) else (value,):
        match part:
            case str():
                if part:
                    yield _constant(
                        folder, node.start_byte, node.end_byte, part.encode("utf-8", "replace")
                    )
            case bool() | int() | float():
                yield _constant(folder, node.start_byte, node.end_byte, shown(part).encode())
            case Hole() | Object() | Choice() | tuple():
                yield _hole(folder, node, part)


def _constant(folder: Folder, start: int, end: int, text: bytes) -> Piece:
    size = len(text)
    return Piece(text, text, [folder.base + start] * size, [folder.base + end] * size)


def _hole(folder: Folder, node: Node, value: Value) -> Piece:
    words = " ".join(shown(value).split())[:60].encode("utf-8", "replace")
    text = words if isinstance(value, Hole) else b"${" + words + b"}"
    size = len(text)
    return Piece(
        text,
        b"_" * size,
        [folder.base + node.start_byte] * size,
        [folder.base + node.end_byte] * size,
        value,
    )


def followed(folder: Folder, node: Node, scope: Scope) -> tuple[Node, Scope]:
    """What a name was set to, where that is only one thing; else the node itself."""
    if node.type == "identifier":
        owner = scope.owner(folder.text_of(node))
        meanings = owner.names[folder.text_of(node)] if owner is not None else []
        if len(meanings) == 1 and isinstance(meaning := meanings[0], Expression):
            return unwrapped(meaning.node), meaning.scope
    return node, scope
