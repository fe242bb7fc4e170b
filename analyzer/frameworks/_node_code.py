"""A server's script as its tree: what names mean, which functions there are, and their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from analyzer.model import Source
from analyzer.parse.scripts.grammar import dialect_of, parsed
from analyzer.parse.values import scope

MOST = 300_000  # nodes of a script that are looked at
FUNCTIONS = frozenset(
    ("function_declaration", "function_expression", "arrow_function", "method_definition")
)
VALUES = FUNCTIONS | {"call_expression", "array", "parenthesized_expression"}
TAKES = "\0"  # stands between a file and what is taken of it


@dataclass(slots=True)
class Script:
    """One script; an import is a local name with its file or package and what it takes of it."""

    source: Source
    data: bytes
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    functions: list[tuple[str, int, int]] = field(default_factory=list)
    constants: dict[str, Node] = field(default_factory=dict)
    calls: list[Node] = field(default_factory=list)

    def text(self, node: Node | None) -> str:
        """The node as it is written."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace") if node else ""

    def string(self, node: Node | None) -> str | None:
        """The text of a literal without holes, or of a constant that is one."""
        node = unwrapped(node)
        if node is None:
            return None
        if node.type == "string":
            return self.text(node)[1:-1]
        if node.type == "template_string":
            inner = self.text(node)[1:-1]
            return None if "${" in inner else inner
        if node.type == "identifier":
            known = unwrapped(self.constants.get(self.text(node)))
            if known is not None and known.type in ("string", "template_string"):
                return self.string(known)
        return None

    def settled(self, node: Node | None) -> Node | None:
        """The node, or what the constant stands for that it names."""
        node = unwrapped(node)
        if node is not None and node.type == "identifier":
            return unwrapped(self.constants.get(self.text(node))) or node
        return node

    def members(self, node: Node | None) -> dict[str, Node]:
        """The keys and values of an object literal."""
        node = self.settled(node)
        found: dict[str, Node] = {}
        for child in node.named_children if node is not None and node.type == "object" else ():
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and value is not None:
                    found[self.text(key).strip("\"'")] = value
            elif child.type == "shorthand_property_identifier":
                found[self.text(child)] = child
            elif child.type == "method_definition":
                found[self.text(child.child_by_field_name("name"))] = child
        return found

    def reference(self, node: Node | None) -> str:
        """What a handler or a router is called: `x`, `x.y`, `require:./file`; else empty."""
        node = unwrapped(node)
        if node is None:
            return ""
        if node.type in ("identifier", "this"):
            return self.text(node)
        if node.type == "member_expression":
            inner = self.reference(node.child_by_field_name("object"))
            name = self.text(node.child_by_field_name("property"))
            return f"{inner}.{name}" if inner else ""
        if node.type == "call_expression":
            callee = node.child_by_field_name("function")
            if self.text(callee) in ("require", "import"):
                target = self.string(next(iter(arguments(node)), None))
                return f"require:{target}" if target else ""
            inner = self.reference(callee)
            return inner.removesuffix(".routes").removesuffix(".middleware").removesuffix(".bind")
        return ""


def read(source: Source) -> Script:
    """The script with its names. Raises TooSlow."""
    root = parsed(source.data, dialect_of(source.path))
    script = Script(source, source.data)
    for node in _walk(root):
        match node.type:
            case "import_statement":
                _imported(script, node)
            case "export_statement":
                _exported(script, node)
            case "variable_declarator":
                _declared(script, node)
            case "assignment_expression":
                _assigned(script, node)
            case "function_declaration" | "method_definition" | "pair":
                _named(script, node)
            case "call_expression":
                script.calls.append(node)
    script.calls.sort(key=_reached)
    return script


def _reached(call: Node) -> int:
    """Where a call's own name stands: calls in a chain begin at the same place."""
    callee = call.child_by_field_name("function")
    name = callee.child_by_field_name("property") if callee is not None else None
    return name.start_byte if name is not None else call.start_byte


def arguments(call: Node) -> list[Node]:
    """The arguments of a call, comments left out."""
    inner = call.child_by_field_name("arguments")
    return [each for each in inner.named_children if each.type != "comment"] if inner else []


def unwrapped(node: Node | None) -> Node | None:
    """The expression inside of brackets, of await and of a type."""
    return None if node is None else scope.unwrapped(node)


def parts_of(script: Script, node: Node) -> Iterator[Node]:
    """The members of an array, or the node itself."""
    inner = unwrapped(node)
    settled = script.settled(inner) if inner is not None and inner.type == "identifier" else inner
    if settled is not None and settled.type == "array":
        for each in settled.named_children:
            if each.type != "comment":
                yield unwrapped(each) or each
    elif inner is not None:
        yield inner


def _walk(root: Node) -> Iterator[Node]:
    stack, left = [root], MOST
    while stack and left:
        node = stack.pop()
        left -= 1
        yield node
        stack.extend(reversed(node.named_children))


def _imported(script: Script, node: Node) -> None:
    target = script.text(node.child_by_field_name("source")).strip("\"'`")
    stack = [child for child in node.named_children if child.type == "import_clause"]
    while stack:
        each = stack.pop()
        if each.type == "identifier":
            script.imports[script.text(each)] = target, "default"
        elif each.type == "namespace_import":
            for space in each.named_children:
                script.imports[script.text(space)] = target, "*"
        elif each.type == "import_specifier":
            name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
            script.imports[script.text(alias or name)] = target, script.text(name)
        else:
            stack.extend(each.named_children)


def _exported(script: Script, node: Node) -> None:
    value = node.child_by_field_name("value") or node.child_by_field_name("declaration")
    if value is not None and b"default" in script.data[node.start_byte : value.start_byte]:
        name = script.reference(value) or script.text(value.child_by_field_name("name"))
        script.exports["default"] = name or "default"
        script.functions.append(("default", value.start_byte, value.end_byte))
    target = script.text(node.child_by_field_name("source")).strip("\"'`")
    for each in node.named_children:
        if each.type == "export_clause":
            for one in each.named_children:
                local, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                said = script.text(local)
                handed_on = f"require:{target}{TAKES}{said}" if target else said
                script.exports[script.text(alias or local)] = handed_on


def _declared(script: Script, node: Node) -> None:
    name, value = node.child_by_field_name("name"), unwrapped(node.child_by_field_name("value"))
    if name is None or value is None:
        return
    required = _required(script, value)
    if name.type == "identifier":
        script.constants.setdefault(script.text(name), value)
        if value.type in VALUES:
            script.functions.append((script.text(name), value.start_byte, value.end_byte))
        if required is not None:
            script.imports[script.text(name)] = required
    elif name.type == "object_pattern" and required is not None:
        for child in name.named_children:
            if child.type == "shorthand_property_identifier_pattern":
                script.imports[script.text(child)] = required[0], script.text(child)
            elif child.type == "pair_pattern":
                key, local = child.child_by_field_name("key"), child.child_by_field_name("value")
                script.imports[script.text(local)] = required[0], script.text(key)


def _required(script: Script, value: Node) -> tuple[str, str] | None:
    """The file that is required here and what is taken of it: `require('./a').b`."""
    export = "default"
    if value.type == "member_expression":
        export = script.text(value.child_by_field_name("property"))
        inner = unwrapped(value.child_by_field_name("object"))
        if inner is None:
            return None
        value = inner
    reference = script.reference(value) if value.type == "call_expression" else ""
    target = reference.removeprefix("require:")
    return (target, export) if reference.startswith("require:") else None


def _assigned(script: Script, node: Node) -> None:
    target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
    if target is None or value is None:
        return
    written = script.text(target)
    if written in ("module.exports", "exports"):
        inner = (
            value.child_by_field_name("right") if value.type == "assignment_expression" else value
        )
        for key, member in script.members(inner).items():
            script.exports[key] = script.reference(member) or key
        script.exports["default"] = script.reference(inner) or "default"
        script.functions.append(("default", value.start_byte, value.end_byte))
    elif written.startswith(("module.exports.", "exports.")):
        name = written.rpartition(".")[2]
        script.exports[name] = script.reference(value) or name
        script.functions.append((name, value.start_byte, value.end_byte))
    elif target.type == "member_expression":
        name = script.text(target.child_by_field_name("property"))
        script.functions.append((name, value.start_byte, value.end_byte))


def _named(script: Script, node: Node) -> None:
    name = node.child_by_field_name("key" if node.type == "pair" else "name")
    value = node.child_by_field_name("value") if node.type == "pair" else node
    if name is not None and value is not None and value.type in VALUES:
        script.functions.append((script.text(name).strip("\"'"), value.start_byte, value.end_byte))
