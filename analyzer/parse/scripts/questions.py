"""What a condition of a script asks: of the page's path where that can be told, else in words."""

from __future__ import annotations

import re
from functools import cached_property

from tree_sitter import Node

from analyzer.conditions import (
    all_of,
    any_of,
    guard_kind,
    negation,
    opposite_words,
    read_condition,
)
from analyzer.model import Atom, Condition, Guard
from analyzer.parse.values.scope import FUNCTIONS, items_of, unwrapped

LONGEST = 300  # characters of a condition that a guard states
DEEPEST = 12  # operators and names that are followed
MOST_ITEMS = 60  # texts of a list
PATH = re.compile(
    r"(?:(?:[\w$]+\.)*(?:location|router|nextUrl|history|route|url)\.)?(?:pathname|asPath)"
    r"|use(?:Pathname|Path|LocationPath)\(\)|use(?:Location|Router)\(\)\.(?:pathname|asPath)"
)
# What is no question about the page: a state that passes by itself once the page is there.
PASSING = re.compile(
    r"(?:[\w$]+\.)*(?:(?:is|has|was)_?)?"
    r"(?:mounted|hydrated|client|browser|loading|pending|fetching|initiali[sz]ing|ready|loaded|initiali[sz]ed)"
    r"|typeof\s*\(?(?:window|document|navigator|self|globalThis)\)?\s*[!=]==?\s*['\"]\w+['\"]"
    r"|(?:window|document|process\.browser)|[\w$]+\.current",
    re.I,
)
SIGNED_IN = re.compile(
    r"(?:[\w$]+\.)*(?:user|session|current_?user|auth_?user|is_?(?:signed|logged)_?in|is_?authenti\w+"
    r"|signed_?in|logged_?in|auth(?:enticated)?|token)",
    re.I,
)
METHODS = {"startsWith": "starts-with", "endsWith": "ends-with", "includes": "contains"}


class Questions:
    """Reads the conditions of one script. None is a condition that asks nothing of the page."""

    def __init__(self, data: bytes, root: Node) -> None:
        self.data = data
        self.root = root
        self._guards: dict[int, Guard | None] = {}

    def guard(self, node: Node, opposite: bool = False) -> Guard | None:
        """The condition as a guard, or its opposite."""
        if node.id not in self._guards:
            self._guards[node.id] = self._read(node)
        guard = self._guards[node.id]
        if guard is None or not opposite:
            return guard
        return Guard(negation(guard.condition), opposite_words(guard.text))

    def _read(self, node: Node) -> Guard | None:
        condition = self._condition(node, {}, 0)
        if condition is None:
            return None
        return Guard(condition, f"if {self._text(unwrapped(node))}", guard_kind(condition))

    def _condition(self, node: Node, known: dict[str, str], depth: int) -> Condition | None:
        node = unwrapped(node)
        if depth > DEEPEST:
            return self._unknown(node)
        match node.type:
            case "unary_expression" if self._sign(node) == "!":
                inner = node.child_by_field_name("argument")
                said = self._condition(inner, known, depth + 1) if inner is not None else None
                return None if said is None else negation(said)
            case "binary_expression":
                return self._binary(node, known, depth)
            case "call_expression":
                return self._called(node, known, depth)
            case "identifier":
                value = self._value(self._text(node))
                if value is not None and (value.type not in FUNCTIONS):
                    said = self._condition(value, known, depth + 1)
                    if said is None or not _is_unknown(said):
                        return said
            case "true" | "false":
                return None
        return self._unknown(node)

    def _binary(self, node: Node, known: dict[str, str], depth: int) -> Condition | None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        sign = self._sign(node)
        if left is None or right is None:
            return self._unknown(node)
        if sign in ("&&", "||"):
            parts = [self._condition(each, known, depth + 1) for each in (left, right)]
            told = [each for each in parts if each is not None]
            if sign == "&&":
                return all_of(*told) if told else None
            return any_of(*told) if len(told) == 2 else None
        if sign in ("===", "==", "!==", "!="):
            for asked, other in ((left, right), (right, left)):
                if self._is_path(asked, 0) and (text := self._string(other, known)) is not None:
                    same = _path("equals", text)
                    return same if sign.startswith("=") else negation(same)
        return self._unknown(node)

    def _called(self, node: Node, known: dict[str, str], depth: int) -> Condition | None:
        callee, arguments = (
            node.child_by_field_name("function"),
            node.child_by_field_name("arguments"),
        )
        if callee is None or arguments is None or callee.type != "member_expression":
            inner = items_of(arguments) if arguments is not None else []
            if callee is not None and self._text(callee) == "Boolean" and len(inner) == 1:
                return self._condition(inner[0], known, depth + 1)
            return self._unknown(node)
        holder, key = callee.child_by_field_name("object"), callee.child_by_field_name("property")
        items = items_of(arguments)
        if holder is None or key is None or len(items) != 1:
            return self._unknown(node)
        method = self._text(key)
        if method in METHODS and self._is_path(holder, 0):
            text = self._string(items[0], known)
            return _path(METHODS[method], text) if text is not None else self._unknown(node)
        if method in ("test", "match"):
            pattern, asked = (holder, items[0]) if method == "test" else (items[0], holder)
            if pattern.type == "regex" and self._is_path(asked, 0):
                return self._pattern(pattern)
        if method in ("includes", "has") and self._is_path(items[0], 0):
            texts = self._strings(holder)
            if texts:
                return any_of(*(_path("equals", text) for text in texts))
        if method == "some":
            return self._some(holder, unwrapped(items[0]), known, depth) or self._unknown(node)
        return self._unknown(node)

    def _some(
        self, holder: Node, callback: Node, known: dict[str, str], depth: int
    ) -> Condition | None:
        """`["/a", "/b"].some((each) => pathname.startsWith(each))` asks once for each text."""
        texts = self._strings(holder)
        names = callback.child_by_field_name("parameters") or callback.child_by_field_name(
            "parameter"
        )
        body = callback.child_by_field_name("body")
        if not texts or names is None or body is None or body.type == "statement_block":
            return None
        found = re.search(r"[\w$]+", self._text(names))
        if found is None:
            return None
        parts = [self._condition(body, {**known, found[0]: text}, depth + 1) for text in texts]
        told = [each for each in parts if each is not None]
        return any_of(*told) if told else None

    def _pattern(self, node: Node) -> Condition:
        pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
        written = self._text(pattern) if pattern is not None else ""
        any_case = flags is not None and "i" in self._text(flags)
        return _path("matches-anycase" if any_case else "matches", written)

    def _unknown(self, node: Node) -> Condition | None:
        text = self._text(node)
        if PASSING.fullmatch(text):
            return None
        if SIGNED_IN.fullmatch(text):
            return Atom("signed-in", text)
        return read_condition(text)

    # ------------------------------------------------------------ what names and texts stand for

    def _is_path(self, node: Node, depth: int) -> bool:
        """Is the expression the path of the page's address?"""
        node = unwrapped(node)
        text = re.sub(r"\s+", "", self._text(node)).replace("?.", ".").replace("!", "")
        if PATH.fullmatch(text):
            return True
        if depth > DEEPEST:
            return False
        if node.type == "binary_expression" and self._sign(node) in ("??", "||"):
            left = node.child_by_field_name("left")
            return left is not None and self._is_path(left, depth + 1)
        value = self._value(text) if node.type == "identifier" else None
        return value is not None and self._is_path(value, depth + 1)

    def _string(self, node: Node, known: dict[str, str]) -> str | None:
        """A literal text, or a template with names that are known."""
        node = unwrapped(node)
        match node.type:
            case "string":
                return self._text(node)[1:-1]
            case "identifier":
                name = self._text(node)
                if name in known:
                    return known[name]
                value = self._value(name)
                is_text = value is not None and value.type == "string"
                return self._text(value)[1:-1] if is_text and value is not None else None
            case "template_string":
                text = self._text(node)[1:-1]
                for name, told in known.items():
                    text = text.replace("${" + name + "}", told)
                return None if "${" in text else text
            case "binary_expression" if self._sign(node) == "+":
                left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
                if left is None or right is None or left.type == "binary_expression":
                    return None
                parts = (self._string(left, known), self._string(right, known))
                return None if None in parts else "".join(filter(None, parts))
        return None

    def _strings(self, node: Node) -> list[str]:
        """The texts of a literal list or of a name for one; empty where not all can be read."""
        node = unwrapped(node)
        if node.type == "identifier":
            value = self._value(self._text(node))
            node = unwrapped(value) if value is not None else node
        if node.type == "new_expression":  # new Set([...])
            arguments = node.child_by_field_name("arguments")
            inner = items_of(arguments) if arguments is not None else []
            node = inner[0] if len(inner) == 1 else node
        if node.type != "array" or node.named_child_count > MOST_ITEMS:
            return []
        texts = [self._string(each, {}) for each in items_of(node)]
        return [] if None in texts else [text for text in texts if text is not None]

    def _value(self, name: str) -> Node | None:
        """What the one constant of this name is set to, in the whole script."""
        at = self._constants.get(name.encode())
        if at is None:
            return None
        node = self.root.descendant_for_byte_range(at, at + len(name))
        declarator = node.parent if node is not None else None
        if declarator is None or declarator.type != "variable_declarator":
            return None
        value = declarator.child_by_field_name("value")
        return unwrapped(value) if value is not None else None

    @cached_property
    def _constants(self) -> dict[bytes, int | None]:
        """Where each constant is declared; nothing for names that are declared twice."""
        found: dict[bytes, int | None] = {}
        for each in re.finditer(rb"\b(?:const|let|var)\s+([\w$]+)\s*[=:]", self.data):
            found[each[1]] = None if each[1] in found else each.start(1)
        return found

    def _sign(self, node: Node) -> str:
        operator = node.child_by_field_name("operator")
        return operator.type if operator is not None else ""

    def _text(self, node: Node) -> str:
        end = min(node.end_byte, node.start_byte + 4 * LONGEST)
        text = " ".join(self.data[node.start_byte : end].decode("utf-8", "replace").split())
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _path(test: str, value: str) -> Atom:
    return Atom("path", "", test, value)


def _is_unknown(condition: Condition) -> bool:
    return isinstance(condition, Atom) and condition.about == "unknown"
