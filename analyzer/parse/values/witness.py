"""Which addresses say enough to be told, and where in a script one is best shown."""

from __future__ import annotations

import re

from tree_sitter import Node

from analyzer.model import Choice, Text, Value, options, shown
from analyzer.parse.values.fold import Folder

ADDRESS = re.compile(r"^(?:(?:https?|wss?):)?//[^\s/]", re.I)
LATER = re.compile(r"\$\{[^}]*\}(?::?//)")
HOST = re.compile(r"//|\w\.\w{2,}/")


def is_address(value: Value) -> bool:
    """Does the value begin like an address of another host, in one of its branches?"""
    if isinstance(value, Choice):
        return any(is_address(option) for option in value.options)
    text = shown(value) if isinstance(value, (str, Text)) else ""
    return bool(ADDRESS.match(text)) or bool(LATER.match(text))


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
