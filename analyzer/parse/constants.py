"""Settings that a script holds as constants, such as `{analytics: {gtm: "GTM-ABC1234"}}`."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Language, Node, Query, QueryCursor

from analyzer.model import Fact, Setting, Vocabulary
from analyzer.parse.config import LONGEST, is_wanted
from analyzer.parse.document import Document

DEEPEST = 8  # objects around a setting
LARGEST = 200_000  # bytes of a script that may be a project's own settings; bundles are larger
NAMED = """
(pair key: (_) @key value: (string) @value)
(variable_declarator name: (identifier) @key value: (string) @value)
(object_assignment_pattern
  left: (shorthand_property_identifier_pattern) @key right: (string) @value)
"""


def settings_of(
    document: Document, root: Node, base: int, language: Language, vocabulary: Vocabulary
) -> Iterator[Fact]:
    """The constants whose names hold one of the signatures' words."""
    if not vocabulary.settings or root.end_byte - root.start_byte > LARGEST:
        return
    for _, found in QueryCursor(Query(language, NAMED)).matches(root):
        key, value = found["key"][0], found["value"][0]
        name = (key.text or b"").decode("utf-8", "replace").strip("\"'`[]")
        text = document.text(base + value.start_byte + 1, base + value.end_byte - 1)
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST:
            continue
        if is_wanted(name, vocabulary) and not _is_argument(key):
            start = base + key.start_byte
            setting = Setting(
                place=document.place(start, base + value.end_byte), key=name, value=text
            )
            yield document.around(setting, start)


def _is_argument(key: Node) -> bool:
    """Is the setting handed to a call, which says itself what it does with it?"""
    node = key.parent
    for _ in range(DEEPEST):
        node = node.parent if node is not None else None
        if node is None or node.type in ("program", "statement_block", "variable_declarator"):
            return False
        if node.type in ("arguments", "jsx_expression"):
            return True
    return False
