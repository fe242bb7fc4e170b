"""A Python program by Python's own parser: its imports, its calls, and what its names hold."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, field

from analyzer.model import Source

DEEPEST = 10  # names and calls that are followed from one value


@dataclass(slots=True)
class Room:
    """The names of a module or of a function; `given` holds the arguments of one call of it."""

    parent: Room | None = None
    function: ast.FunctionDef | ast.AsyncFunctionDef | None = None
    names: dict[str, list[ast.expr]] = field(default_factory=dict)
    puts: dict[str, list[tuple[str, ast.expr]]] = field(default_factory=dict)
    given: dict[str, tuple[ast.expr, Room]] = field(default_factory=dict)


def parse(data: bytes) -> ast.Module | None:
    """The program's tree; None where it is no Python of today."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd escapes in other people's texts
        try:
            return ast.parse(data)
        except (SyntaxError, ValueError):
            return None


class Program:
    """One program: its imports, what its names were given, and its calls."""

    def __init__(self, source: Source, tree: ast.Module) -> None:
        self.source = source
        self.starts = [0]
        for line in source.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.imports: dict[str, str] = {}
        self.imported: list[tuple[str, ast.stmt]] = []
        self.attributes: dict[str, list[tuple[ast.expr, Room]]] = {}
        self.functions: dict[str, Room] = {}
        self.calls: list[tuple[ast.Call, Room]] = []
        self.module = Room()
        self._walk(tree, self.module, in_class=False)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """The byte offsets of a part of the program."""
        end_line, end_column = (
            node.end_lineno or node.lineno,
            node.end_col_offset or node.col_offset,
        )
        size = len(self.source.data)
        return (
            min(self.starts[node.lineno - 1] + node.col_offset, size),
            min(self.starts[end_line - 1] + end_column, size),
        )

    def written(self, node: ast.expr) -> str:
        start, end = self.span(node)
        return self.source.data[start : min(end, start + 300)].decode("utf-8", "replace")

    # ------------------------------------------------------------ names

    def _walk(self, tree: ast.AST, room: Room, in_class: bool) -> None:
        for node in ast.iter_child_nodes(tree):
            inner, is_class = room, isinstance(node, ast.ClassDef)
            match node:
                case ast.Import(names=aliases):
                    for alias in aliases:
                        self.imports[alias.asname or alias.name.partition(".")[0]] = (
                            alias.name if alias.asname else alias.name.partition(".")[0]
                        )
                        self.imported.append((alias.name, node))
                case ast.ImportFrom(module=str(module), names=aliases, level=0):
                    self.imports.update(
                        {alias.asname or alias.name: f"{module}.{alias.name}" for alias in aliases}
                    )
                    self.imported.append((module, node))
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    inner = Room(room, node)
                    self.functions.setdefault(node.name, inner)
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._assign(target, value, room, in_class)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._assign(target, value, room, in_class)
                case ast.NamedExpr(target=target, value=value):
                    self._assign(target, value, room, in_class=False)
                case ast.Call():
                    self.calls.append((node, room))
                case _:
                    pass
            self._walk(node, inner, is_class or (in_class and inner is room))

    def _assign(self, target: ast.expr, value: ast.expr, room: Room, in_class: bool) -> None:
        match target:
            case ast.Name(id=name):
                room.names.setdefault(name, []).append(value)
                if in_class:
                    self.attributes.setdefault(name, []).append((value, room))
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                self.attributes.setdefault(name, []).append((value, room))
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))):
                room.puts.setdefault(name, []).append((key, value))

    def name(self, node: ast.expr, room: Room, depth: int = 0) -> str:
        """The dotted name of what is called, with imports and `x = requests.Session()` followed."""
        match node:
            case ast.Name(id=name):
                if depth < DEEPEST and (found := self.lookup(node, room)) is not None:
                    given, where = found
                    if isinstance(given, (ast.Call, ast.Attribute, ast.Name)) and given is not node:
                        inner = given.func if isinstance(given, ast.Call) else given
                        return self.name(inner, where, depth + 1) or name
                    return name
                return self.imports.get(name, name)
            case ast.Attribute(value=value, attr=attribute):
                if isinstance(value, ast.Name) and value.id in ("self", "cls") and depth < DEEPEST:
                    for given, where in self.attributes.get(attribute, ())[:1]:
                        if isinstance(given, ast.Call):
                            return self.name(given.func, where, depth + 1)
                inner_name = self.name(value, room, depth + 1) if depth < DEEPEST else ""
                return f"{inner_name}.{attribute}" if inner_name else attribute
            case ast.Call(func=function):
                return self.name(function, room, depth + 1) if depth < DEEPEST else ""
            case ast.Await(value=value):
                return self.name(value, room, depth + 1)
        return ""

    def lookup(self, node: ast.Name, room: Room) -> tuple[ast.expr, Room] | None:
        """What a name was given last before it is used, in the nearest room that knows it."""
        name = node.id
        where: Room | None = room
        while where is not None:
            if name in where.given:
                return where.given[name]
            if given := where.names.get(name):
                if where is not room:
                    return given[-1], where
                at = self.span(node)[0]
                before = [each for each in given if self.span(each)[1] <= at]
                later = [each for each in given if self.span(each)[0] > at]
                return next(((each, where) for each in (*before[-1:], *later)), None)
            if where.function is not None and name in parameters(where.function):
                return None
            where = where.parent
        return None


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """The names of a function's parameters, in their order."""
    listed = function.args
    return [each.arg for each in (*listed.posonlyargs, *listed.args, *listed.kwonlyargs)]
