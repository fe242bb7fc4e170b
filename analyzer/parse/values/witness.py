"""Which addresses say enough to be told, and where in a script one is best shown."""

from __future__ import annotations

import re

from tree_sitter import Node

from analyzer.model import GIVEN, Choice, Hole, OriginKind, Text, Value, options, shown
from analyzer.parse.values.fold import Folder

ADDRESS = re.compile(r"^(?:(?:https?|wss?):)?//[^\s/]", re.I)
LATER = re.compile(r"\$\{[^}]*\}(?::?//)")
ELSEWHERE = frozenset({OriginKind.IMPORT, OriginKind.ENVIRONMENT})
HOST = re.compile(r"//|\w\.\w{2,}/")


def is_address(value: Value) -> bool:
    """Does the value begin like an address of another host, in one of its branches?"""
    if isinstance(value, Choice):
        return any(is_address(option) for option in value.options)
    text = shown(value) if isinstance(value, (str, Text)) else ""
    return bool(ADDRESS.match(text)) or bool(LATER.match(text))


def may_be_address(value: Value) -> bool:
    """Is it an address, or does it begin with what another file or a caller says?"""
    return is_address(value) or any(map(_begins_elsewhere, options(value)))


def tells_where(value: Value) -> bool:
    """Does the value say something by itself, or does another place say where it leads?"""
    return says_something(value) or may_be_address(value)


def _begins_elsewhere(value: Value) -> bool:
    first = value.parts[0] if isinstance(value, Text) else value
    if not isinstance(first, Hole):
        return False
    kind = first.origin.kind
    return kind in ELSEWHERE or (kind is OriginKind.PARAMETER and GIVEN in first.origin.name)


def says_something(value: Value) -> bool:
    """Is there any text in the value, apart from holes?"""
    return any(
        (isinstance(option, str) and option != "") or isinstance(option, Text)
        for option in options(value)
    )


def witness(folder: Folder, witnesses: list[Node], otherwise: Node) -> Node:
    """The string that shows best what is loaded: the one with the host in it."""
    for node in witnesses:
        if HOST.search(folder.text_of(node)):
            return node
    return otherwise
