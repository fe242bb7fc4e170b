"""A masked document: where its bytes stand in the file, and what its texts hold once holes are put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import unescape

from analyzer.model import Fact, Guard, Hole, Place, Skip, Source, Text, Value, shown
from analyzer.parse.mask import Masked, TemplateTag, hole
from analyzer.parse.template import AnyFact, Structure

MOST_PARTS = 64  # pieces of a text that are kept apart


@dataclass(slots=True)
class Document:
    """What the readers of markup and of scripts share while they read one file.

    `filled` answers what stands in a hole where that is known better than by its text, for example
    a `${id}` of the script around. `globals` are the names that the document's scripts have set so far.
    """

    source: Source
    masked: Masked
    structure: Structure
    filled: Callable[[TemplateTag], Value] = hole
    skips: list[Skip] = field(default_factory=list)
    globals: dict[str, Value] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        return self.masked.data

    def place(self, start: int, end: int) -> Place:
        return self.source.place(start, end)

    def around(self, fact: AnyFact, offset: int) -> AnyFact:
        return self.structure.around(fact, offset)

    def text(self, start: int, end: int, decode: Callable[[str], str] = str) -> Value:
        """The text between two offsets, with its template outputs as holes."""
        outputs = self.masked.outputs(start, end)
        if not outputs:
            return decode(self.source.data[start:end].decode("utf-8", "replace"))
        parts: list[str | Hole] = []
        at = start
        for tag in outputs:
            if tag.start > at:
                parts.append(decode(self.source.data[at:tag.start].decode("utf-8", "replace")))
            parts.extend(pieces(self.filled(tag)))
            at = tag.end
        if at < end:
            parts.append(decode(self.source.data[at:end].decode("utf-8", "replace")))
        return joined(parts)

    def attribute(self, start: int, end: int) -> Value:
        """An attribute's value, with character references decoded."""
        return self.text(start, end, unescape)


def pieces(value: Value) -> list[str | Hole]:
    """A value as parts of a text."""
    match value:
        case Text(parts=parts):
            return list(parts)
        case str() | Hole():
            return [value]
        case bool():
            return ["true" if value else "false"]
        case int() | float():
            return [str(value)]
        case None:
            return ["null"]
    return [Hole(shown(value)[:200])]


def joined(parts: list[str | Hole]) -> Value:
    """Parts as one value: neighbours that are plain text are put together."""
    merged: list[str | Hole] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if not merged:
        return ""
    if len(merged) == 1:
        return merged[0]
    if len(merged) > MOST_PARTS:
        merged[MOST_PARTS - 1:] = [Hole("…")]
    return Text(tuple(merged))


def under(fact: Fact, *guards: Guard) -> Fact:
    """The fact under further guards, outside of those that it has."""
    return replace(fact, guards=guards + fact.guards) if guards else fact
