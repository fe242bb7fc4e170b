"""Tables of texts, as obfuscators and people who hide something write them, and how a script asks
them: by number, through functions that count from elsewhere, turn the table and decode its texts.

The shapes are those of javascript-obfuscator, of its first version and of the present one, and of
what is written by hand. Nothing is run: the few operations that such functions use are worked out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote

from tree_sitter import Node

from analyzer.parse.scripts.ciphers import STANDARD, Unknown, decoded
from analyzer.parse.scripts.declared import GIVEN_NAME, Declared
from analyzer.parse.values.literals import unescaped
from analyzer.parse.values.scope import FUNCTIONS, items_of, unwrapped
from analyzer.parse.values.texts import of_text

DEEPEST = 24  # operations inside each other
MOST_TURNS = 20_000  # of one table, all of them tried
NUMBERED = re.compile(r"\s*([+-]?\d+)")
LETTERS = re.compile(rb"([A-Za-z]{52}0123456789\+/)")
DECODES = frozenset({"atob", "decodeURIComponent", "unescape", "decodeURI"})
METHODS = frozenset({"split", "reverse", "join", "replace", "slice", "substring", "concat"})


@dataclass(slots=True, eq=False)
class Table:
    """Texts that are asked for by number."""

    items: list[str | None]

    def turn(self, count: int) -> None:
        count %= len(self.items) or 1
        self.items = self.items[count:] + self.items[:count]


@dataclass(frozen=True, slots=True)
class Decoder:
    """A function that gives a text of a table by its number: the number of its first text, the
    letters of its base 64, and whether its second argument is the key of a cipher.
    """

    table: Table
    first: int
    letters: str = ""
    ciphered: bool = False


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A function that asks another one, with arguments that are worked out of its own."""

    parameters: tuple[str, ...]
    call: Node


class Tables:
    """The tables of one script, and what is asked of them."""

    def __init__(self, data: bytes, root: Node) -> None:
        self.data = data
        self.declared = Declared(data, root)
        self.tables: dict[str, Table] = {}
        self.stores: dict[str, dict[str, Node]] = {}
        self.decoders: dict[str, Decoder | Wrapper | None] = {}
        for name in list(self.declared.values):
            if (items := self.declared.texts(name)) is not None:
                self.tables[name] = Table(items)
            elif GIVEN_NAME.match(name) and (stored := self.declared.properties(name)):
                self.stores[name] = stored
        for call in self.declared.calls if self.tables else ():
            self._turn(call)

    def asked(self, node: Node) -> str | None:
        """The text that a call or a subscript asks a table for; None for anything else."""
        if not self.tables and not self.stores:
            return None
        try:
            if (stored := self._stored(node)) is not None:
                value = self._value(stored, {}, 0)
                return value if isinstance(value, str) else None
            return self._asked(node, {}, 0)
        except Unknown:
            return None

    def passes_on(self, callee: Node, deep: int = 0) -> str | None:
        """What a function of a store does with what it is given: "(" where it calls the first with
        the others, or the sign of an operation with two; None for anything else.
        """
        function = self._stored(callee)
        listed = function.child_by_field_name("parameters") if function is not None else None
        body = function.child_by_field_name("body") if function is not None else None
        statements = body.named_children if body is not None else []
        if listed is None or deep > DEEPEST or len(statements) != 1 or not statements[0].children:
            return None
        names = [self.declared.text(each) for each in items_of(listed)]
        made = statements[0].named_children[0] if statements[0].named_children else statements[0]
        if made.type == "binary_expression":
            parts = [made.child_by_field_name(key) for key in ("left", "right")]
            sign = made.child_by_field_name("operator")
            is_plain = names == [self.declared.text(each) for each in parts if each is not None]
            return sign.type if is_plain and sign is not None else None
        inner, arguments = (made.child_by_field_name(key) for key in ("function", "arguments"))
        if made.type != "call_expression" or inner is None or arguments is None:
            return None
        given = [self.declared.text(each) for each in items_of(arguments)]
        if names and inner.type == "identifier" and names == [self.declared.text(inner), *given]:
            return "("
        return self.passes_on(inner, deep + 1) if names == given else None

    def text_of(self, node: Node) -> str | None:
        """The text that an expression certainly is."""
        try:
            value = self._value(node, {}, 0)
        except Unknown:
            return None
        return value if isinstance(value, str) else None

    def _stored(self, node: Node) -> Node | None:
        """What a store holds under the name that is asked for."""
        if node.type not in ("member_expression", "subscript_expression"):
            return None
        holder = node.child_by_field_name("object")
        store = self.stores.get(self.declared.text(holder)) if holder is not None else None
        if store is None:
            return None
        key = node.child_by_field_name("property")
        index = node.child_by_field_name("index")
        name = (
            self.declared.text(key) if key is not None else self.text_of(index) if index else None
        )
        return store.get(name) if name is not None else None

    # ------------------------------------------------------------ tables that are turned first

    def _turn(self, call: Node) -> None:
        """Turn a table as a function does that is called at once with it and a number."""
        function = unwrapped(call.child_by_field_name("function") or call)
        arguments = call.child_by_field_name("arguments")
        items = items_of(arguments) if arguments is not None else []
        table = self.tables.get(self.declared.text(items[0])) if len(items) > 1 else None
        text = self.data[function.start_byte : function.end_byte]
        if table is None or b"shift" not in text or b"push" not in text:
            return
        if not self._is_turned(table, function, items[1]):
            for name in [name for name, each in self.tables.items() if each is table]:
                del self.tables[name]  # its texts are told by nobody rather than wrongly

    def _is_turned(self, table: Table, function: Node, wanted: Node) -> bool:
        try:
            number = self._number(wanted, {}, 0)
        except Unknown:
            return False
        total = self._counted(function)
        if total is None:
            table.turn(int(number))
            return True
        for _ in range(min(len(table.items), MOST_TURNS)):
            with suppress(Unknown):
                if self._number(total, {}, 0) == number:
                    return True
            table.turn(1)
        return False

    def _counted(self, function: Node) -> Node | None:
        """The sum of numbers in the texts that says that a table is turned far enough."""
        stack = [function]
        while stack:
            node = stack.pop()
            if node.type == "variable_declarator":
                value = node.child_by_field_name("value")
                text = self.declared.text(value) if value is not None else ""
                if value is not None and value.type != "identifier" and "parseInt(" in text:
                    return value
            stack.extend(reversed(node.named_children))
        return None

    # ------------------------------------------------------------ functions that ask a table

    def _asked(self, node: Node, given: dict[str, object], deep: int) -> str:
        if deep > DEEPEST:
            raise Unknown
        if node.type == "subscript_expression":
            holder, index = node.child_by_field_name("object"), node.child_by_field_name("index")
            table = self.tables.get(self.declared.text(holder)) if holder is not None else None
            if table is None or holder is None or index is None or self.declared.is_given(holder):
                raise Unknown
            return _at(table, self._number(index, given, deep + 1))
        callee, arguments = (node.child_by_field_name(key) for key in ("function", "arguments"))
        if callee is None or callee.type != "identifier" or arguments is None:
            raise Unknown  # also a property that no store holds
        known = self._decoder(self.declared.text(callee), 0)
        if known is None or self.declared.is_given(callee):
            raise Unknown
        items = items_of(arguments)
        if isinstance(known, Decoder) and items:
            text = _at(known.table, self._number(items[0], given, deep + 1) - known.first)
            key = self._value(items[1], given, deep + 1) if known.ciphered else None
            return decoded(text, known.letters, str(key) if key is not None else None)
        if isinstance(known, Wrapper):
            inner = {
                name: self._value(item, given, deep + 1)
                for name, item in zip(known.parameters, items, strict=False)
                if item.type != "spread_element" and self._is_used(name, known.call)
            }
            value = self._value(known.call, inner, deep + 1)
            if isinstance(value, str):
                return value
        raise Unknown

    def _is_used(self, name: str, node: Node) -> bool:
        return (
            re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", self.declared.text(node))
            is not None
        )

    def _decoder(self, name: str, deep: int) -> Decoder | Wrapper | None:
        if name in self.decoders or deep > DEEPEST:
            return self.decoders.get(name)
        self.decoders[name] = None
        given = self.declared.values.get(name, [])
        if len(given) == 1 and given[0].type == "identifier":
            self.decoders[name] = self._decoder(self.declared.text(given[0]), deep + 1)
        elif given and given[0].type in FUNCTIONS and len(given) < 3:
            self.decoders[name] = self._read(given[0])
        return self.decoders[name]

    def _read(self, function: Node) -> Decoder | Wrapper | None:
        listed = function.child_by_field_name("parameters")
        names = (
            [self.declared.text(each) for each in items_of(listed)] if listed is not None else []
        )
        body = function.child_by_field_name("body")
        if not names or body is None:
            return None
        statements = body.named_children if body.type == "statement_block" else [body]
        last = statements[-1] if statements else None
        if last is not None and len(statements) == 1:
            if last.type == "return_statement":
                last = last.named_children[0] if last.named_children else None
            return Wrapper(tuple(names), last) if last is not None else None
        table = self._table_in(body)
        if table is None:
            return None
        text = self.data[body.start_byte : body.end_byte]
        letters = LETTERS.search(text)
        standard = STANDARD if b"atob" in text else ""
        return Decoder(
            table,
            self._first(body, names[0]),
            letters[1].decode() if letters is not None else standard,
            ciphered=b"^" in text and len(names) > 1 and b"charCodeAt" in text,
        )

    def _table_in(self, body: Node) -> Table | None:
        """The table that the first statements of a function ask for."""
        stack = list(reversed(body.named_children))
        while stack:
            node = stack.pop()
            if node.type == "identifier" and (table := self.tables.get(self.declared.text(node))):
                return table
            stack.extend(reversed(node.named_children))
        return None

    def _first(self, body: Node, parameter: str) -> int:
        """The number of a table's first text: `index = index - 0x116`."""
        stack = list(reversed(body.named_children))
        while stack:
            node = stack.pop()
            if node.type == "binary_expression":
                left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
                sign = node.child_by_field_name("operator")
                is_counted = left is not None and self.declared.text(left) == parameter
                if is_counted and right is not None and sign is not None and sign.type in "+-":
                    try:
                        number = int(self._number(right, {}, 0))
                    except Unknown:
                        continue
                    return number if sign.type == "-" else -number
            stack.extend(reversed(node.named_children))
        return 0

    # ------------------------------------------------------------ what expressions are

    def _number(self, node: Node, given: dict[str, object], deep: int) -> float:
        value = self._value(node, given, deep)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            if isinstance(value, str) and (found := re.fullmatch(r"0x[0-9a-f]+|\d+", value)):
                return int(found[0], 0 if "x" in value else 10)
            raise Unknown
        return value

    def _value(self, node: Node, given: dict[str, object], deep: int) -> object:
        if deep > DEEPEST:
            raise Unknown
        node = unwrapped(node)
        match node.type:
            case "string":
                return unescaped(self.declared.text(node)[1:-1])
            case "number":
                return _number_in(self.declared.text(node))
            case "identifier" if (name := self.declared.text(node)) in given:
                return given[name]
            case "unary_expression":
                inner = node.child_by_field_name("argument")
                sign = node.child_by_field_name("operator")
                if inner is None or sign is None or sign.type not in "+-":
                    raise Unknown
                number = self._number(inner, given, deep + 1)
                return -number if sign.type == "-" else number
            case "binary_expression":
                return self._calculated(node, given, deep)
            case "member_expression" | "subscript_expression":
                if (stored := self._stored(node)) is not None:
                    return self._value(stored, given, deep + 1)
                return self._asked(node, given, deep)
            case "call_expression":
                return self._called(node, given, deep)
        raise Unknown

    def _calculated(self, node: Node, given: dict[str, object], deep: int) -> object:
        left, right = (node.child_by_field_name(key) for key in ("left", "right"))
        sign = node.child_by_field_name("operator")
        if left is None or right is None or sign is None:
            raise Unknown
        first = self._value(left, given, deep + 1)
        second = self._value(right, given, deep + 1)
        if sign.type == "+" and isinstance(first, str) and isinstance(second, str):
            return first + second
        if not isinstance(first, (int, float)) or not isinstance(second, (int, float)):
            raise Unknown
        match sign.type:
            case "+":
                return first + second
            case "-":
                return first - second
            case "*":
                return first * second
            case "/" if second:
                return first / second
            case "%" if second:
                return first % second
            case "^":
                return int(first) ^ int(second)
        raise Unknown

    def _called(self, node: Node, given: dict[str, object], deep: int) -> object:
        callee, arguments = (node.child_by_field_name(key) for key in ("function", "arguments"))
        items = items_of(arguments) if arguments is not None else []
        if callee is None:
            raise Unknown
        name = self.declared.text(callee) if callee.type == "identifier" else ""
        if name == "parseInt" and items:
            found = NUMBERED.match(str(self._value(items[0], given, deep + 1)))
            if found is None:
                raise Unknown
            return int(found[1])
        if name in DECODES and items:
            text = self._value(items[0], given, deep + 1)
            return decoded(str(text), STANDARD) if name == "atob" else unquote(str(text))
        if callee.type == "member_expression":
            return self._of_method(callee, items, given, deep)
        return self._asked(node, given, deep)

    def _of_method(
        self, callee: Node, items: Sequence[Node], given: dict[str, object], deep: int
    ) -> object:
        holder, named = (callee.child_by_field_name(key) for key in ("object", "property"))
        method = self.declared.text(named) if named is not None else ""
        if holder is None or method not in METHODS:
            raise Unknown
        value = self._value(holder, given, deep + 1)
        args = [self._value(each, given, deep + 1) for each in items]
        made: object = None
        if isinstance(value, str):
            made = of_text(value, method, args)  # type: ignore[arg-type]
        elif isinstance(value, tuple) and method == "reverse":
            made = value[::-1]
        elif (
            isinstance(value, tuple)
            and method == "join"
            and all(isinstance(each, str) for each in (*value, *args))
        ):
            made = str(args[0] if args else ",").join(value)
        if made is None:
            raise Unknown
        return made


def _number_in(text: str) -> float:
    try:
        return int(text, 0) if text[:2].lower() in ("0x", "0o", "0b") else float(text)
    except ValueError:
        raise Unknown from None


def _at(table: Table, number: float) -> str:
    if number != int(number) or not 0 <= number < len(table.items):
        raise Unknown
    text = table.items[int(number)]
    if text is None:
        raise Unknown
    return text
