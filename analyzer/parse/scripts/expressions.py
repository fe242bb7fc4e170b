"""What a template's outputs hold that are JavaScript: the names of the file's scripts count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analyzer.model import Hole, Value, Vocabulary
from analyzer.parse.mask import Masked, TemplateTag, hole
from analyzer.parse.scripts.grammar import TooSlow, parsed
from analyzer.parse.scripts.names import Reader
from analyzer.parse.template import Structure
from analyzer.parse.values.document import Document
from analyzer.parse.values.scope import Scope

LARGEST = 4_000  # bytes of an expression that are read
MARK = 2  # bytes of the mark in front of an output in flat markup
MOST = 4_000  # expressions of one file


class Expressions:
    """Reads the outputs of one document, each text once for what the scripts have set so far."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self.document = document
        self.vocabulary = vocabulary
        self._known: dict[tuple[int, int], Value] = {}

    def __call__(self, tag: TemplateTag) -> Value:
        key = (tag.start, len(self.document.globals))
        if key not in self._known:
            if len(self._known) >= MOST or tag.end - tag.start > LARGEST:
                return hole(tag)
            self._known[key] = self._read(tag)
        return self._known[key]

    def _read(self, tag: TemplateTag) -> Value:
        start, end = tag.start + MARK, tag.end - 1
        data = b"(" + self.document.source.data[start:end] + b")"
        try:
            root = parsed(data, "typescript")
        except TooSlow:
            return hole(tag)
        statement = root.named_children[0] if root.named_children else None
        if root.has_error or statement is None or not statement.named_children:
            return hole(tag)
        lift: Sequence[int] = [start, *range(start, end + 1), end]
        inner = replace(
            self.document,
            source=self.document.source.inner(data, lift),
            masked=Masked(data),
            structure=Structure(),
            filled=hole,
        )
        reader = Reader(inner, 0, self.vocabulary)
        reader.read(root)
        value = reader.folder.value(statement.named_children[0], Scope())
        return hole(tag) if isinstance(value, Hole) else value
