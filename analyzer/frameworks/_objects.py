"""Object literals in configuration scripts: what stands under a key, and in which place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from tree_sitter import Node

from analyzer.model import Hole, Origin, OriginKind, Place, Source, Text, Value
from analyzer.parse.scripts.grammar import TooSlow, dialect_of, parsed
from analyzer.parse.values.scope import unwrapped

LARGEST = 1_000_000  # bytes of a script that is written by hand
ARROWS = frozenset({"arrow_function", "function_expression", "function"})
NAMED = frozenset({"identifier", "shorthand_property_identifier"})
WHOLE = ("module.exports", "exports.default")
MOST = 20_000  # nodes of a script that are looked through


class Script:
    """One script that holds settings or routes, and the names at its top."""

    def __init__(self, source: Source, data: bytes, root: Node) -> None:
        self.source = source
        self.data = data
        self.root = root

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def place(self, node: Node) -> Place:
        return self.source.place(node.start_byte, node.end_byte)

    @cached_property
    def _names(self) -> dict[str, Node]:
        """What the names of the script stand for: what is declared, and what is imported."""
        found: dict[str, Node] = {}
        for node in self.nodes("variable_declarator", "import_statement", "function_declaration"):
            if node.type == "import_statement":
                for name in _imported(node):
                    found.setdefault(self.text(name), node)
                continue
            name_node, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name_node is not None and name_node.type == "identifier":
                found.setdefault(self.text(name_node), value or node)
        return found

    def nodes(self, *kinds: str) -> Iterator[Node]:
        """The nodes of these kinds, in the order of the text."""
        stack, left = [self.root], MOST
        while stack and left:
            node = stack.pop()
            left -= 1
            if node.type in kinds:
                yield node
            stack.extend(reversed(node.named_children))

    def meant(self, node: Node | None) -> Node | None:
        """The node without what is wrapped around it; for a name, what the name stands for."""
        for _ in range(12):
            node = unwrapped(node) if node is not None else None
            if node is None or node.type not in NAMED or self.text(node) not in self._names:
                return node
            node = self._names[self.text(node)]
        return node

    def exported(self) -> Node | None:
        """The object that the script exports: alone, in a call, or returned by a function."""
        found = (self.object_in(value) for value in self.exports())
        return next((each for each in found if each is not None), None)

    def exports(self) -> Iterator[Node]:
        """What the script exports as a whole."""
        for node in self.nodes("export_statement", "assignment_expression"):
            value = node.child_by_field_name("value") or node.child_by_field_name("right")
            left = node.child_by_field_name("left")
            named = left is not None and self.text(left) not in WHOLE
            if value is not None and not named:
                yield value

    def object_in(self, node: Node | None) -> Node | None:
        """The object literal that an expression hands on."""
        for _ in range(6):
            node = self.meant(node)
            if node is None or node.type == "object":
                return node
            if node.type == "call_expression":
                arguments = node.child_by_field_name("arguments")
                node = next(iter(arguments.named_children), None) if arguments else None
            elif node.type in ARROWS:
                node = self._returned(node)
            else:
                return None
        return None

    def _returned(self, function: Node) -> Node | None:
        body = function.child_by_field_name("body")
        if body is None or body.type != "statement_block":
            return body
        answer = next(
            (each for each in body.named_children if each.type == "return_statement"), None
        )
        return next(iter(answer.named_children), None) if answer is not None else None

    def pairs(self, node: Node | None) -> Iterator[tuple[str, Node, Node]]:
        """Key, value and the whole pair of each property of an object."""
        node = self.meant(node)
        for child in node.named_children if node is not None and node.type == "object" else ():
            if child.type == "spread_element":
                yield from self.pairs(next(iter(child.named_children), None))
            elif child.type == "shorthand_property_identifier":
                yield self.text(child), child, child
            elif child.type == "method_definition":
                name = child.child_by_field_name("name")
                if name is not None:
                    yield self.text(name).strip("\"'`"), child, child
            elif child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and value is not None:
                    yield self.text(key).strip("\"'`[]"), value, child

    def get(self, node: Node | None, *keys: str) -> Node | None:
        """What stands under a key, and under further keys in it."""
        for key in keys:
            node = next((value for name, value, _ in self.pairs(node) if name == key), None)
            if node is None:
                return None
        return self.meant(node) if node is not None else None

    def items(self, node: Node | None) -> list[Node]:
        """The items of a list, spread lists included."""
        node = self.meant(node)
        found: list[Node] = []
        for child in node.named_children if node is not None and node.type == "array" else ():
            if child.type == "spread_element":
                found.extend(self.items(next(iter(child.named_children), None)))
            elif child.type != "comment":
                found.append(child)
        return found

    def string(self, node: Node | None) -> str | None:
        """A text that is written out, or None."""
        value = self.value(node)
        return value if isinstance(value, str) else None

    def value(self, node: Node | None) -> Value:
        """A literal, or text with holes; None for what is no text."""
        node = self.meant(node)
        if node is None:
            return None
        match node.type:
            case "string":
                return self.text(node)[1:-1]
            case "number":
                return self.text(node)
            case "true" | "false":
                return node.type == "true"
            case "template_string":
                return self._template(node)
            case "member_expression" | "subscript_expression":
                kind = OriginKind.ENVIRONMENT if "env" in self.text(node) else OriginKind.UNKNOWN
                return Hole(self.text(node)[:200], Origin(kind, self.text(node)[:200]))
            case "binary_expression":
                left = self.value(node.child_by_field_name("left"))
                right = self.value(node.child_by_field_name("right"))
                sign = node.child_by_field_name("operator")
                if sign is not None and self.text(sign) in ("||", "??"):
                    return left if isinstance(left, str) and left else right or left
                parts = [each for each in (left, right) if isinstance(each, (str, Hole))]
                return Text(tuple(parts)) if len(parts) == 2 else None
        return None

    def _template(self, node: Node) -> Value:
        parts: list[str | Hole] = []
        for child in node.named_children:
            text = self.text(child)
            parts.append(
                text if child.type == "string_fragment" else Hole(text.removeprefix("${")[:-1])
            )
        if all(isinstance(part, str) for part in parts):
            return "".join(part for part in parts if isinstance(part, str))
        return Text(tuple(parts))

    def imported_from(self, name: str) -> str:
        """The file that a name is imported from, or an empty text."""
        node = self._names.get(name)
        return self.target(node) if node is not None and node.type == "import_statement" else ""

    def target(self, node: Node | None) -> str:
        """The file behind a name or behind `() => import("./file")`, as it is written."""
        node = self.meant(node)
        if node is None:
            return ""
        if node.type == "import_statement":
            source = node.child_by_field_name("source")
            return self.text(source)[1:-1] if source is not None else ""
        stack, left = [node], 200
        while stack and left:
            each = stack.pop()
            left -= 1
            called = (
                each.child_by_field_name("function") if each.type == "call_expression" else None
            )
            if called is not None and self.text(called) in ("import", "require"):
                arguments = each.child_by_field_name("arguments")
                given = arguments.named_children if arguments else []
                texts = (item for item in given if item.type == "string")  # no comment for bundlers
                return self.string(next(texts, next(iter(given), None))) or ""
            stack.extend(reversed(each.named_children))
        return ""


def script_of(source: Source, data: bytes | None = None, dialect: str = "") -> Script | None:
    """The script of a file, or None where it is too big or no script at all."""
    text = (source.data if data is None else data).replace(b"\r\n", b" \n")
    if len(text) > LARGEST:
        return None
    try:
        root = parsed(text, dialect or dialect_of(source.path))
    except TooSlow:
        return None
    return Script(source, text, root)


def _imported(statement: Node) -> Iterator[Node]:
    """The names that an import statement gives."""
    stack = [child for child in statement.named_children if child.type == "import_clause"]
    while stack:
        node = stack.pop()
        if node.type == "identifier":
            yield node
        elif node.type == "import_specifier":
            name = node.child_by_field_name("alias") or node.child_by_field_name("name")
            if name is not None:
                yield name
        else:
            stack.extend(node.named_children)
