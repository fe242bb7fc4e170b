"""What an expression of a Python program holds: texts with holes, and the objects that are sent."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyzer.model import Choice, Hole, Object, Value
from analyzer.parse.server.clients import TRANSPARENT, UNCHANGED
from analyzer.parse.server.objects import MOST_KEYS
from analyzer.parse.server.python import DEEPEST, Program, Room, parameters
from analyzer.parse.server.sends import joined_to
from analyzer.parse.server.tokens import hole_of
from analyzer.parse.server.values import MOST_STEPS, PLACEHOLDER, is_address, settled
from analyzer.parse.values.document import joined, pieces

ENCODERS = re.compile(
    r"(?:^|\.)(?:dumps|urlencode|encode|dict|jsonable_encoder|model_dump|copy|deepcopy|bytes|str|quote)$"
)
FORMAT = re.compile(r"\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")


@dataclass(frozen=True, slots=True)
class Read:
    """A value, and the expression that put it together."""

    value: Value
    at: ast.expr


class Reader(Program):
    """Reads the expressions of one program."""

    steps = 0  # expressions that were read for the value at hand

    def read(self, node: ast.expr, room: Room, depth: int = 0) -> Read:
        """The value of an expression; what cannot be read is a hole."""
        unknown = Read(hole_of(self.written(node)), node)
        self.steps = self.steps + 1 if depth else 0
        if depth > DEEPEST or self.steps > MOST_STEPS:
            return unknown
        match node:
            case ast.Constant(value=str() | int() | float() | None as value):
                return Read(value, node)
            case ast.JoinedStr(values=parts):
                return Read(
                    joined([piece for part in parts for piece in self._pieces(part, room, depth)]),
                    node,
                )
            case ast.FormattedValue(value=inner):
                return self.read(inner, room, depth + 1)
            case ast.BinOp(left=left, op=ast.Add() | ast.Div(), right=right):
                slash = ["/"] if isinstance(node.op, ast.Div) else []
                return Read(
                    joined(
                        [
                            *self._pieces(left, room, depth),
                            *slash,
                            *self._pieces(right, room, depth),
                        ]
                    ),
                    node,
                )
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                arguments = right.elts if isinstance(right, ast.Tuple) else [right]
                return Read(self._filled(left, arguments, (), PLACEHOLDER, room, depth), node)
            case ast.IfExp(body=body, orelse=other):
                return self._choice([body, other], room, depth, node)
            case ast.BoolOp(op=ast.Or(), values=listed):
                return self._choice(listed, room, depth, node)
            case ast.Name():
                found = self.lookup(node, room)
                return self.read(*found, depth + 1) if found is not None else unknown
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if (
                owner in ("self", "cls") or owner[:1].isupper()
            ):
                given = self.attributes.get(name)
                return self.read(*given[0], depth + 1) if given else unknown
            case ast.Dict() | ast.List() | ast.Tuple():
                return Read(self._listed(node, room, depth), node)
            case ast.Call():
                return self._called(node, room, depth) or unknown
            case ast.Await(value=inner) | ast.Starred(value=inner):
                return self.read(inner, room, depth + 1)
        return unknown

    def _pieces(self, node: ast.expr, room: Room, depth: int) -> list[str | Hole]:
        return pieces(settled(self.read(node, room, depth + 1).value))

    def _choice(self, branches: Sequence[ast.expr], room: Room, depth: int, node: ast.expr) -> Read:
        read = [self.read(each, room, depth + 1) for each in branches]
        values = tuple(dict.fromkeys(each.value for each in read))
        at = next((each.at for each in read if is_address(each.value)), node)
        return Read(Choice(values) if len(values) > 1 else values[0], at)

    def _called(self, node: ast.Call, room: Room, depth: int) -> Read | None:
        """What a call gives back, where it only wraps, joins or fills a text."""
        name = self.name(node.func, room)
        last = name.rpartition(".")[2]
        arguments = node.args
        if isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if last == "format":
                return Read(
                    self._filled(owner, arguments, node.keywords, FORMAT, room, depth), node
                )
            if last in UNCHANGED and not arguments:
                return self.read(owner, room, depth + 1)
            if (
                last == "join"
                and len(arguments) == 1
                and isinstance(arguments[0], (ast.List, ast.Tuple))
            ):
                between = self._pieces(owner, room, depth)
                parts = [
                    piece
                    for each in arguments[0].elts
                    for piece in (*between, *self._pieces(each, room, depth))
                ]
                return Read(joined(parts[len(between) :]), node)
        if last == "urljoin" and len(arguments) == 2:
            base, path = (settled(self.read(each, room, depth + 1).value) for each in arguments)
            return Read(path if is_address(path) else joined_to(base, path), node)
        if last in ("get", "getenv", "config") and len(arguments) == 2:
            asked = hole_of(self.written(node))
            return Read(Choice((asked, self.read(arguments[1], room, depth + 1).value)), node)
        if last == "dict" and node.keywords:
            return Read(self.keywords(node.keywords, room, depth), node)
        if (TRANSPARENT.search(name) or ENCODERS.search(name)) and arguments:
            return self.read(arguments[0], room, depth + 1)
        if ENCODERS.search(name) and isinstance(node.func, ast.Attribute):
            return self.read(node.func.value, room, depth + 1)
        function = (
            self.functions.get(last) if name.rpartition(".")[0] in ("", "self", "cls") else None
        )
        if function is not None and function.function is not None and depth < DEEPEST:
            said = [each.value for each in function.function.body if isinstance(each, ast.Return)]
            if len(said) == 1 and said[0] is not None:
                return self.read(said[0], self.bound(function, node, room), depth + 1)
        return None

    def bound(self, function: Room, call: ast.Call, room: Room) -> Room:
        """The function's room with the arguments of one call."""
        assert function.function is not None
        names = [name for name in parameters(function.function) if name not in ("self", "cls")]
        given = {name: (value, room) for name, value in zip(names, call.args, strict=False)}
        given.update({each.arg: (each.value, room) for each in call.keywords if each.arg})
        return replace(function, given=given)

    def _filled(
        self,
        text: ast.expr,
        arguments: Sequence[ast.expr],
        keywords: Sequence[ast.keyword],
        form: re.Pattern[str],
        room: Room,
        depth: int,
    ) -> Value:
        """A format's text with its arguments in their places."""
        named = {each.arg: each.value for each in keywords if each.arg}
        parts: list[str | Hole] = []
        count = 0
        for piece in self._pieces(text, room, depth):
            if isinstance(piece, Hole):
                parts.append(piece)
                continue
            at = 0
            for found in form.finditer(piece):
                name = found[1] or ""
                number = int(name) if name.isdigit() else count
                count += 1
                value = named.get(name) or (arguments[number] if number < len(arguments) else None)
                parts.append(piece[at : found.start()])
                parts.extend(
                    self._pieces(value, room, depth)
                    if value is not None
                    else [Hole(name or found[0])]
                )
                at = found.end()
            parts.append(piece[at:])
        return joined(parts)

    # ------------------------------------------------------------ objects

    def _listed(self, node: ast.Dict | ast.List | ast.Tuple, room: Room, depth: int) -> Value:
        if not isinstance(node, ast.Dict):
            return tuple(self.read(each, room, depth + 1).value for each in node.elts[:MOST_KEYS])
        items: list[tuple[str, Value]] = []
        for key, value in zip(node.keys, node.values, strict=True):
            inner = self.object(value, room, depth + 1) if key is None else None
            if inner is not None:  # {**other, "key": value}
                items.extend(inner.items)
            elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                items.append(
                    (
                        key.value,
                        self.object(value, room, depth + 1)
                        or self.read(value, room, depth + 1).value,
                    )
                )
        return Object(tuple(items[:MOST_KEYS]))

    def keywords(self, keywords: Sequence[ast.keyword], room: Room, depth: int = 0) -> Object:
        """The arguments that are handed over by name."""
        return Object(
            tuple(
                (each.arg, self.read(each.value, room, depth + 1).value)
                for each in keywords
                if each.arg
            )
        )

    def object(self, node: ast.expr, room: Room, depth: int = 0) -> Object | None:
        """The keys and values of what is sent, with what is put in later: `body["email"] = x`."""
        value = self.read(node, room, depth).value
        items = list(value.items) if isinstance(value, Object) else []
        named = node
        while (
            isinstance(named, ast.Call)
            and named.args
            and ENCODERS.search(self.name(named.func, room))
        ):
            named = named.args[0]
        if isinstance(named, ast.Name):
            where: Room | None = room
            while where is not None and named.id not in where.puts:
                where = where.parent
            if where is not None and depth < DEEPEST:
                items.extend(
                    (key, self.read(each, where, depth + 1).value)
                    for key, each in where.puts[named.id]
                )
        return Object(tuple(items[:MOST_KEYS])) if items else None
