"""What a script declares by name, as far as lists of texts and objects of values go."""

from __future__ import annotations

import re

from tree_sitter import Node

from analyzer.parse.values.literals import unescaped
from analyzer.parse.values.scope import FUNCTIONS, unwrapped

MOST_ITEMS = 20_000  # of one list or object
MOST_NAMES = 50_000  # of one script
MOST_AROUND = 200  # nodes around a name, and
MOST_CLIMBED = 100_000  # around all of them: deep inside of others each takes longer
SMALLEST = 40  # bytes of a function that gives a list
GIVEN_NAME = re.compile(r"_0x[0-9a-f]{2,}$")  # an obfuscator's: no other thing is called like it


class Declared:
    """The names of one script, each with all that it is given, and the calls of functions where
    these are written.
    """

    def __init__(self, data: bytes, root: Node) -> None:
        self.data = data
        self.values: dict[str, list[Node]] = {}
        self.calls: list[Node] = []
        self.climbed = 0
        stack = [root]
        while stack and len(self.values) < MOST_NAMES:
            node = stack.pop()
            self._note(node)
            stack.extend(reversed(node.named_children))

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def texts(self, name: str) -> list[str | None] | None:
        """The texts of a list, or of a function that gives one and then itself anew; None for what
        is no text among them, or for anything else.
        """
        given = self.values[name]
        first = given[0]
        if first.type == "array" and len(given) == 1:
            return self._listed(first)
        if first.type != "function_declaration" or first.end_byte - first.start_byte < SMALLEST:
            return None
        body = first.child_by_field_name("body")
        statement = body.named_children[0] if body is not None and body.named_children else None
        declared = statement.named_children[0] if statement and statement.named_children else None
        value = declared.child_by_field_name("value") if declared is not None else None
        gives_itself = len(given) == 2 and given[1].type in FUNCTIONS
        if value is not None and value.type == "array" and gives_itself:
            return self._listed(value)
        return None

    def properties(self, name: str) -> dict[str, Node]:
        """What an object holds that is declared once: its values by their names."""
        given = self.values[name]
        if len(given) != 1 or given[0].type != "object":
            return {}
        found: dict[str, Node] = {}
        for each in given[0].named_children[:MOST_ITEMS]:
            key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
            if key is not None and value is not None:
                found[self.text(key).strip("'\"")] = unwrapped(value)
        return found

    def is_given(self, name: Node) -> bool:
        """Is a name that of a parameter where it stands, and not what is declared?"""
        text = self.text(name)
        if GIVEN_NAME.match(text):
            return False
        word = re.compile(rf"(?<![\w$.]){re.escape(text)}(?![\w$])")
        around = name.parent
        for _ in range(MOST_AROUND):
            if around is None:
                return False
            self.climbed += 1
            if self.climbed > MOST_CLIMBED:
                return True
            if around.type in FUNCTIONS or around.type == "catch_clause":
                for part in ("parameters", "parameter"):
                    listed = around.child_by_field_name(part)
                    if listed is not None and word.search(self.text(listed)):
                        return True
            around = around.parent
        return True

    def _note(self, node: Node) -> None:
        name: Node | None = None
        value: Node | None = None
        match node.type:
            case "variable_declarator":
                name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            case "assignment_expression":
                name, value = node.child_by_field_name("left"), node.child_by_field_name("right")
            case "function_declaration":
                name, value = node.child_by_field_name("name"), node
            case "call_expression":
                callee = node.child_by_field_name("function")
                if callee is not None and unwrapped(callee).type in FUNCTIONS:
                    self.calls.append(node)
        if name is not None and name.type == "identifier" and value is not None:
            self.values.setdefault(self.text(name), []).append(unwrapped(value))

    def _listed(self, node: Node) -> list[str | None] | None:
        items = [
            unescaped(self.text(each)[1:-1]) if each.type == "string" else None
            for each in node.named_children[:MOST_ITEMS]
        ]
        return items if items and sum(each is not None for each in items) * 2 > len(items) else None
