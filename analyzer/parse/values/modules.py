"""A script as a module: what it takes from other files, what it offers, and its named parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from analyzer.parse.values.scope import FUNCTIONS, unwrapped

EVERYTHING = "*"
DEFAULT = "default"
LAZY = re.compile(
    rb"\s{0,9}(?:[\w$]{1,40}\.)?(?:dynamic|loadable|\w{0,40}?[lL]azy\w{0,40})\s{0,9}(?:<[^()]{0,200}>)?\s{0,9}\("
    rb"[^;]{0,600}?\bimport\s{0,9}\(\s{0,99}(?:/\*(?:[^*]|\*(?!/)){0,300}+\*/\s{0,99}){0,3}+"
    rb"[\"'`]([^\"'`$\n]{1,300})[\"'`]"
)
CHOSEN = re.compile(rb"\.then\(\s{0,99}\(?\s{0,99}(\w{1,60})[^;]{0,200}?\b\1\.(\w{1,200})")
CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
HELD = frozenset({"object", "array", "new_expression"})
MOST_PARTS = 4_000  # names that a file declares, imports and exports
HAS_FUNCTION = re.compile(rb"=>|\bfunction\b")


@dataclass(frozen=True, slots=True)
class Binding:
    """A name for what another file exports; `lazy` where that file is only loaded when the name
    is used.
    """

    target: str
    export: str
    start: int
    end: int
    lazy: bool = False


@dataclass(slots=True, eq=False)
class Unit:
    """A function, a class or an object at the top of the file: it does nothing until it is used."""

    name: str
    start: int
    end: int
    exports: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that is handed on: `export {a as b} from './x'`, with both names."""

    target: str
    export: str
    name: str
    start: int
    end: int


@dataclass(slots=True)
class Module:
    """What stands at the top of a script.

    `imports` are the files that it asks for by statement, `passed` what it hands on, `silent` the
    stretches in which a name is not used: imports and lists of exports.
    """

    bindings: dict[str, Binding] = field(default_factory=dict)
    units: list[Unit] = field(default_factory=list)
    imports: list[tuple[str, int, int]] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    silent: list[tuple[int, int]] = field(default_factory=list)
    offers: list[tuple[str, str, int, int]] = field(default_factory=list)
    is_module: bool = False

    @property
    def lazy(self) -> Iterator[Binding]:
        return (each for each in self.bindings.values() if each.lazy)


def module_of(root: Node, data: bytes) -> Module:
    """The imports, the exports and the parts of a script, from the statements at its top."""
    found = Module()
    for count, statement in enumerate(root.named_children):
        if count >= MOST_PARTS:
            break
        match statement.type:
            case "import_statement":
                found.is_module = True
                _import(found, statement, data)
            case "export_statement":
                found.is_module = True
                _export(found, statement, data)
            case _:
                _declare(found, statement, data, exported=False)
    _name_exports(found)
    return found


def required_by(statement: Node) -> tuple[Node, Node] | None:
    """The name and the module of TypeScript's `import a = require("b")`."""
    for clause in statement.named_children[:1]:
        source = clause.child_by_field_name("source")
        if clause.type == "import_require_clause" and source is not None:
            return clause.named_children[0], source
    return None


def _import(found: Module, node: Node, data: bytes) -> None:
    if (required := required_by(node)) is not None:
        found.silent.append((node.start_byte, node.end_byte))
        _require(found, node, *required, data)
        return
    source = node.child_by_field_name("source")
    found.silent.append((node.start_byte, node.end_byte))
    if source is None or _is_type(node):
        return
    target = _text(source, data).strip("'\"`")
    start, end = _said(node, source, data)
    found.imports.append((target, start, end))
    for clause in node.named_children:
        if clause.type != "import_clause":
            continue
        for child in clause.named_children:
            if child.type == "identifier":
                found.bindings[_text(child, data)] = Binding(target, DEFAULT, start, end)
            elif child.type == "namespace_import" and child.named_children:
                name = _text(child.named_children[-1], data)
                found.bindings[name] = Binding(target, EVERYTHING, start, end)
            elif child.type == "named_imports":
                for exported, name in _specifiers(child, data):
                    found.bindings[name] = Binding(target, exported, start, end)


def _require(found: Module, node: Node, name: Node, source: Node, data: bytes) -> None:
    start, end = _said(node, source, data)
    target = _text(source, data).strip("'\"`")
    found.imports.append((target, start, end))
    found.bindings[_text(name, data)] = Binding(target, EVERYTHING, start, end)


def _export(found: Module, node: Node, data: bytes) -> None:
    if _is_type(node):
        found.silent.append((node.start_byte, node.end_byte))
        return
    start, end = node.start_byte, node.end_byte
    source = node.child_by_field_name("source")
    clause = next((each for each in node.named_children if each.type == "export_clause"), None)
    if source is not None:
        target = _text(source, data).strip("'\"`")
        found.silent.append((start, end))
        start, end = _said(node, source, data)
        if clause is not None:
            for name, other in _specifiers(clause, data):
                found.passed.append(Passed(target, name, other, start, end))
        elif any(each.type == "namespace_export" for each in node.named_children):
            inner = next(each for each in node.named_children if each.type == "namespace_export")
            name = _text(inner, data).rpartition(" ")[2]
            found.passed.append(Passed(target, "", name, start, end))
        else:
            found.passed.append(Passed(target, EVERYTHING, EVERYTHING, start, end))
        return
    if clause is not None:
        found.silent.append((start, end))
        found.offers.extend((name, other, start, end) for name, other in _specifiers(clause, data))
        return
    declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
    is_default = any(child.type == DEFAULT for child in node.children[:3])
    if declaration is not None:
        before = len(found.units)
        _declare(found, declaration, data, exported=True)
        if is_default:
            for unit in found.units[before:]:
                unit.exports = [DEFAULT]
    elif value is not None and is_default:
        inner = unwrapped(value)
        if inner.type == "identifier":
            found.silent.append((start, end))
            found.offers.append((_text(inner, data), DEFAULT, start, end))
        else:
            found.units.append(Unit("", start, end, [DEFAULT]))


def _declare(found: Module, node: Node, data: bytes, exported: bool) -> None:
    """Note the functions, classes and objects of a statement, and the names of lazy imports."""
    name = node.child_by_field_name("name")
    if node.type in FUNCTIONS or node.type in CLASSES:
        if name is not None:
            unit = Unit(_text(name, data), node.start_byte, node.end_byte)
            unit.exports.extend([unit.name] if exported else [])
            found.units.append(unit)
        return
    if node.type not in ("lexical_declaration", "variable_declaration"):
        return
    for declarator in node.named_children:
        name = declarator.child_by_field_name("name")
        value = declarator.child_by_field_name("value")
        if name is None or value is None or name.type != "identifier":
            continue
        text = _text(name, data)
        if lazy := LAZY.match(data, value.start_byte, value.end_byte):
            chosen = CHOSEN.search(data, lazy.end(), value.end_byte)
            export = chosen[2].decode() if chosen else DEFAULT
            target = lazy[1].decode("utf-8", "replace")
            start, end = declarator.start_byte, declarator.end_byte
            found.bindings[text] = Binding(target, export, start, end, lazy=True)
            found.silent.append((start, end))
            if exported:
                found.offers.append((text, text, start, end))
        elif _waits(text, unwrapped(value), data, exported):
            unit = Unit(text, declarator.start_byte, declarator.end_byte)
            unit.exports.extend([text] if exported else [])
            found.units.append(unit)


def _waits(name: str, value: Node, data: bytes, exported: bool) -> bool:
    """Does the value do nothing until its name is used? Calls are made at once, but one that is
    given a function, as `memo(() => ...)` is, keeps it.
    """
    if value.type in FUNCTIONS or value.type in CLASSES or value.type in HELD:
        return True
    if value.type != "call_expression":
        return False
    callee = value.child_by_field_name("function")
    if callee is None or unwrapped(callee).type in FUNCTIONS:
        return False
    is_component = name[:1].isupper() or re.match(r"use[A-Z]", name) is not None
    holds = HAS_FUNCTION.search(data, value.start_byte, value.end_byte) is not None
    return is_component or (exported and holds)


def _name_exports(found: Module) -> None:
    """Give the parts the names under which a list of exports offers them."""
    by_name = {unit.name: unit for unit in found.units}
    for name, exported, start, end in found.offers:
        if (unit := by_name.get(name)) is not None:
            unit.exports.append(exported)
        elif (binding := found.bindings.get(name)) is not None:
            export = "" if binding.export == EVERYTHING else binding.export
            found.passed.append(Passed(binding.target, export, exported, start, end))


def _specifiers(node: Node, data: bytes) -> Iterator[tuple[str, str]]:
    """The names of a list of imports or exports, without types: `a as b` gives both."""
    for child in node.named_children:
        name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
        if name is None or _is_type(child):
            continue
        first = _text(name, data).strip("'\"")
        yield first, _text(alias, data).strip("'\"") if alias is not None else first


def _said(node: Node, source: Node, data: bytes) -> tuple[int, int]:
    """Where a statement names a file: `from "./a"` of a long list of names."""
    at = data.rfind(b"from", node.start_byte, source.start_byte)
    return at if at >= 0 else node.start_byte, source.end_byte


def _is_type(node: Node) -> bool:
    return any(child.type in ("type", "typeof") for child in node.children[:2])


def _text(node: Node, data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode("utf-8", "replace")
