"""JavaScript literals with positions: the data that a served container file holds, never run.

What is no literal (a function, a call) stays as the text of its code, which `Code` marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analyzer.gtm.positions import Node
from analyzer.model import Source

if TYPE_CHECKING:  # the parser is not needed to tell whether a file is a container
    from tree_sitter import Node as Tree

LONGEST_CODE = 200_000  # bytes of a function that are kept

_PIECE = re.compile(
    r"[^\\\udc80-\udcff]+"
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # two halves of one character
    r"|\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])"
    r"|[\s\S]"
)
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"' rb"|'(?:[^'\\]|\\.)*+'" rb"|[{}\[\]()]", re.S)


class Code(str):
    """JavaScript that stands where a value is wanted."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ScriptNode(Node):
    """A literal of a script and the bytes `start` to `end` that write it; see `JsonNode`."""

    data: bytes
    label: int
    start: int
    end: int
    inside: dict[str, ScriptNode] | list[ScriptNode] = ()  # type: ignore[assignment]

    @property
    def span(self) -> tuple[int, int]:
        return self.label, self.end

    def members(self) -> dict[str, Node]:
        return dict(self.inside) if isinstance(self.inside, dict) else {}

    def elements(self) -> list[Node]:
        return list(self.inside) if isinstance(self.inside, list) else []

    def lift(self) -> Sequence[int]:
        if isinstance(self.value, Code):
            return range(self.start, self.end + 1)
        raw = self.data[self.start + 1 : self.end - 1]
        if b"\\" not in raw and raw.isascii():
            return range(self.start + 1, self.end)
        offsets: list[int] = []
        at = self.start + 1
        for text, width, is_plain in _pieces(raw):
            size = len(text.encode())
            if is_plain and size == width and text.isascii():
                offsets += range(at, at + width)
            elif is_plain:
                offsets += _of_characters(text, at)
            else:
                offsets += [at] * size
            at += width
        offsets.append(self.end - 1)
        return offsets


def literal_at(source: Source, opening: int) -> ScriptNode | None:
    """The object or list whose bracket stands at this byte; None where it does not close."""
    end = _closing(source.data, opening)
    if end is None:
        return None
    root = _tree(b"(" + source.data[opening:end] + b")")
    inner = root.named_children[0] if root is not None and root.named_children else None
    while inner is not None and inner.type in ("expression_statement", "parenthesized_expression"):
        inner = inner.named_children[0] if inner.named_children else None
    return None if inner is None else read(inner, source.data, opening - 1)


def literals_named(source: Source, wanted: Callable[[str], bool]) -> Iterator[tuple[str, Tree]]:
    """What a script assigns to names that are wanted, and gives to functions with such names."""
    root = _tree(source.data)
    todo = [root] if root is not None else []
    while todo:
        node = todo.pop()
        name, value = _named(node, source.data)
        if value is not None and wanted(name):
            yield name, value
            continue
        todo.extend(reversed(node.named_children))


def read(node: Tree, data: bytes, shift: int = 0, label: int | None = None) -> ScriptNode:
    """A node of the tree as a value; `shift` leads from its offsets to those of the file."""
    start, end = node.start_byte + shift, node.end_byte + shift
    label = start if label is None else label

    def made(value: Any, inside: Any = ()) -> ScriptNode:
        return ScriptNode(value, data, label, start, end, inside)

    kind = node.type
    if kind == "string" or (kind == "template_string" and not node.named_children):
        return made(_unescaped(data[start + 1 : end - 1]))
    if kind == "object":
        members = {
            key: read(value, data, shift, pair.start_byte + shift)
            for pair in node.named_children
            for key, value in [_member(pair, data, shift)]
            if value is not None
        }
        return made({key: each.value for key, each in members.items()}, members)
    if kind == "array":
        elements = [read(each, data, shift) for each in node.named_children if each.is_named]
        return made([each.value for each in elements], elements)
    if kind in ("true", "false"):
        return made(kind == "true")
    if kind in ("null", "undefined"):
        return made(None)
    text = data[start : min(end, start + LONGEST_CODE)].decode("utf-8", "replace")
    if kind == "parenthesized_expression" and len(node.named_children) == 1:
        return read(node.named_children[0], data, shift, label)
    if kind in ("number", "unary_expression") and (number := _number(text)) is not None:
        return made(number)
    if kind == "unary_expression" and text in ("!0", "!1"):
        return made(text == "!0")
    if kind == "unary_expression" and text.startswith("void"):
        return made(None)
    return made(Code(text))


def texts_in(data: bytes, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Every string literal in a stretch of plain data, with its bytes."""
    for found in _TOKEN.finditer(data, start, end):
        if found[0][:1] in b"\"'":
            yield _unescaped(found[0][1:-1]), found.start(), found.end()


def _closing(data: bytes, opening: int) -> int | None:
    """The end of the bracket that opens here; what stands in strings does not count."""
    depth = 0
    for found in _TOKEN.finditer(data, opening):
        mark = found[0]
        if mark in b"{[(":
            depth += 1
        elif mark in b"}])":
            depth -= 1
            if depth == 0:
                return found.end()
    return None


def _tree(data: bytes) -> Tree | None:
    from analyzer.parse.scripts.grammar import TooSlow, parsed

    try:
        return parsed(data, "javascript")
    except TooSlow:
        return None


def _member(pair: Tree, data: bytes, shift: int) -> tuple[str, Tree | None]:
    if pair.type == "method_definition":
        name = pair.child_by_field_name("name")
        return (_key(name, data, shift), pair) if name is not None else ("", None)
    key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    return (_key(key, data, shift), value) if key is not None else ("", None)


def _key(node: Tree, data: bytes, shift: int) -> str:
    start, end = node.start_byte + shift, node.end_byte + shift
    if node.type == "string":
        return _unescaped(data[start + 1 : end - 1])
    return data[start:end].decode("utf-8", "replace")


def _named(node: Tree, data: bytes) -> tuple[str, Tree | None]:
    """The name that a piece of code sets or calls, and the value that it gives."""
    if node.type == "assignment_expression":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and left.end_byte - left.start_byte < 200:
            return data[left.start_byte : left.end_byte].decode("utf-8", "replace"), right
    elif node.type == "call_expression":
        callee, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if callee is not None and given is not None and callee.end_byte - callee.start_byte < 200:
            name = data[callee.start_byte : callee.end_byte].decode("utf-8", "replace")
            return name, given.named_children[0] if given.named_children else None
    return "", None


def _number(text: str) -> int | float | None:
    from analyzer.parse.values.literals import number_of

    sign = -1 if text.startswith("-") else 1
    value = number_of(text.removeprefix("-").strip())
    return sign * value if isinstance(value, (int, float)) else None


def _unescaped(raw: bytes) -> str:
    if b"\\" not in raw:
        return raw.decode("utf-8", "replace")
    return "".join(text for text, _, _ in _pieces(raw))


def _pieces(raw: bytes) -> Iterator[tuple[str, int, bool]]:
    """The parts of a string literal: what each says, how many bytes write it, and whether it is
    written as it is.
    """
    from analyzer.parse.values.literals import unescaped

    for piece in _PIECE.findall(raw.decode("utf-8", "surrogateescape")):
        width = len(piece.encode("utf-8", "surrogateescape"))
        if piece[0] != "\\":
            yield (piece if width != 1 or piece.isascii() else "\ufffd"), width, True
        elif piece.count("\\u") == 2:
            high, low = int(piece[2:6], 16), int(piece[8:12], 16)
            yield chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00), width, False
        else:
            yield unescaped(piece), width, False


def _of_characters(text: str, at: int) -> Iterator[int]:
    """The offset of each byte of text that stands there as it is, a character at a time."""
    if text == "\ufffd":  # a byte that is no UTF-8
        yield from [at] * 3
        return
    for character in text:
        size = len(character.encode())
        yield from [at] * size
        at += size
