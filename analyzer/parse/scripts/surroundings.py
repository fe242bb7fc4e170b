"""What stands around a place in a script: conditions, components, the moment at which it runs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tree_sitter import Node

from analyzer.conditions import atoms
from analyzer.model import Guard, Moment
from analyzer.parse.scripts.names import HANDLER, LOAD_EVENTS, TIMERS
from analyzer.parse.scripts.questions import Questions
from analyzer.parse.values.callbacks import EVENT_METHODS, LISTENERS
from analyzer.parse.values.injected import may_hand_over
from analyzer.parse.values.modules import Module, Unit
from analyzer.parse.values.scope import FUNCTIONS

MOST_WITHIN = 8
MOST_GUARDS = 12
MOST_USES = 40  # places that use a function inside of another one
DEEPEST = 4  # functions that hand an event on to each other
TYPES = frozenset(
    {
        "type_annotation",
        "type_arguments",
        "type_parameters",
        "interface_declaration",
        "type_alias_declaration",
        "implements_clause",
        "comment",
        "jsx_text",
        "string",
        "string_fragment",
        "type_query",
        "formal_parameters",
    }
)
BRANCHES = ("consequence", "alternative")
KEEPERS = re.compile(r"(?:useCallback|useMemoizedFn|useEvent|debounce|throttle)$")
EVENT = re.compile(r"on(?!Load|Ready|Mount|Init)[A-Z]")


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around one place in a script."""

    guards: tuple[Guard, ...] = ()
    early: tuple[Guard, ...] = ()  # those of the guards that are no block around the place
    within: tuple[str, ...] = ()
    moment: Moment = Moment.LOAD
    path: tuple[tuple[Node, str], ...] = ()


class Surroundings:
    """Tells of each place in a script what stands around it.

    `is_file` tells of an import whether it may mean a file of the repository.
    """

    def __init__(
        self, data: bytes, root: Node, module: Module, is_file: Callable[[str], bool]
    ) -> None:
        self.data = data
        self.root = root
        self.module = module
        self.is_file = is_file
        self.questions = Questions(data, root)
        self.units = sorted(module.units, key=lambda unit: unit.start)
        self._starts = [unit.start for unit in self.units]
        self._moments: dict[int, Moment] = {}
        self._early: dict[int, list[tuple[int, Guard, bool]]] = {}

    def unit(self, offset: int) -> Unit | None:
        """The part of the script that a place lies in."""
        at = bisect_right(self._starts, offset) - 1
        return self.units[at] if at >= 0 and offset < self.units[at].end else None

    def around(self, offset: int, depth: int = 0) -> Around | None:
        """What stands around an offset; None where it is no code: a type, a comment, a text."""
        path = self._path(offset)
        if path is None:
            return None
        guards: list[Guard] = []
        early: list[Guard] = []
        within: list[str] = []
        moment = Moment.LOAD
        unit = self.unit(offset)
        for (node, _), (child, slot) in pairwise(path):
            later = Moment.LOAD
            match node.type:
                case "if_statement" | "ternary_expression" if slot in BRANCHES:
                    asked = node.child_by_field_name("condition")
                    guards.extend(self._guard(asked, slot == "alternative"))
                case "binary_expression" if slot == "right":
                    sign = node.child_by_field_name("operator")
                    if sign is not None and sign.type in ("&&", "||"):
                        asked = node.child_by_field_name("left")
                        guards.extend(self._guard(asked, sign.type == "||"))
                case "statement_block":
                    for end, guard, known in self._returns(node):
                        if end <= child.start_byte:
                            guards.append(guard)
                            early.extend([guard] if known else [])
                case "jsx_element" if child.type not in (
                    "jsx_opening_element",
                    "jsx_closing_element",
                ):
                    within.extend(self.wrapper(node))
                case "jsx_attribute" | "pair" if EVENT.match(self._key(node)):
                    later = Moment.INTERACTION
                case "call_expression" if slot == "arguments":
                    later = self._moment_of_call(node)
                case kind if kind in FUNCTIONS:
                    later = self._moment_of_function(node, unit, depth)
            moment = later if moment is Moment.LOAD else moment
        return Around(
            tuple(dict.fromkeys(guards))[:MOST_GUARDS],
            tuple(dict.fromkeys(early)),
            tuple(dict.fromkeys(within))[:MOST_WITHIN],
            moment,
            tuple(path),
        )

    def _path(self, offset: int) -> list[tuple[Node, str]] | None:
        """The nodes around an offset from the top down, each with its field in the one before."""
        cursor = self.root.walk()
        path: list[tuple[Node, str]] = []
        while cursor.goto_first_child_for_byte(offset) is not None:
            node = cursor.node
            if node is None or node.start_byte > offset:
                return None
            if node.type in TYPES and not (path and may_hand_over(path[-1][0], node, self.data)):
                return None
            path.append((node, cursor.field_name or ""))
        return path or None

    def _guard(self, asked: Node | None, opposite: bool) -> Iterator[Guard]:
        guard = self.questions.guard(asked, opposite) if asked is not None else None
        if guard is not None:
            yield guard

    def _returns(self, block: Node) -> list[tuple[int, Guard, bool]]:
        """The statements of a block that leave it under a condition: where they end, what is
        asked of all that follows, and whether that is something that can be known of a page.
        """
        if block.id in self._early:
            return self._early[block.id]
        found: list[tuple[int, Guard, bool]] = []
        for child in block.named_children:
            if len(found) >= MOST_GUARDS:
                break
            if child.type != "if_statement" or child.child_by_field_name("alternative") is not None:
                continue
            left = _leaves(child.child_by_field_name("consequence"))
            asked = child.child_by_field_name("condition")
            if left is None or asked is None:
                continue
            guard = self.questions.guard(asked, opposite=True)
            if guard is None:
                continue
            known = _about(guard) - {"unknown"}
            # `if (done) return;` only keeps something from being done twice.
            if known or (left.type == "return_statement" and left.named_child_count):
                found.append((child.end_byte, guard, bool(known)))
        self._early[block.id] = found
        return found

    def wrapper(self, element: Node) -> Iterator[str]:
        """The import whose component an element is, if it may be a file of the repository."""
        opening = element.child_by_field_name("open_tag")
        name = opening.child_by_field_name("name") if opening is not None else None
        if name is None:
            return
        binding = self.module.bindings.get(self.text(name).partition(".")[0])
        if binding is not None and self.is_file(binding.target):
            yield binding.target

    def _moment_of_call(self, call: Node) -> Moment:
        callee, arguments = (
            call.child_by_field_name("function"),
            call.child_by_field_name("arguments"),
        )
        if callee is None or arguments is None:
            return Moment.LOAD
        method = self.text(callee)[-60:].rpartition(".")[2]
        if method in TIMERS:
            return Moment.TIMER
        if method not in LISTENERS and method not in EVENT_METHODS:
            return Moment.LOAD
        first = arguments.named_children[0] if arguments.named_children else None
        event = self.text(first).strip("'\"`") if first is not None else ""
        is_name = first is not None and first.type == "string"
        if method in LISTENERS:
            waits = is_name and not LOAD_EVENTS.match(event)
            return Moment.INTERACTION if waits else Moment.LOAD
        return Moment.INTERACTION if first is not None and not is_name else Moment.LOAD

    def _moment_of_function(self, node: Node, unit: Unit | None, depth: int) -> Moment:
        """When a function inside of another one runs: its name tells, or the places that use it."""
        if unit is None or depth >= DEEPEST or node.start_byte <= unit.start:
            return Moment.LOAD
        if node.id in self._moments:
            return self._moments[node.id]
        self._moments[node.id] = Moment.LOAD
        name = node.child_by_field_name("name") or self._declared_name(node)
        if name is None or name.start_byte <= unit.start:
            return Moment.LOAD
        text = self.text(name)
        if HANDLER.match(text):
            said = Moment.INTERACTION
        else:
            said = self._moment_of_uses(text, name, node, unit, depth)
        self._moments[node.id] = said
        return said

    def _moment_of_uses(self, text: str, name: Node, node: Node, unit: Unit, depth: int) -> Moment:
        pattern = re.compile(rb"(?<![\w$.])" + re.escape(text.encode()) + rb"(?![\w$])")
        said: Moment | None = None
        for count, found in enumerate(pattern.finditer(self.data, unit.start, unit.end)):
            at = found.start()
            if at == name.start_byte or node.start_byte <= at < node.end_byte:
                continue
            around = self.around(at, depth + 1) if count < MOST_USES else None
            if around is None:
                continue
            if _is_listed(around):
                continue  # the list of what a hook depends on
            if around.moment is Moment.LOAD:
                return Moment.LOAD
            said = around.moment
        return said or Moment.LOAD

    def _declared_name(self, function: Node) -> Node | None:
        """The name of `const name = () => {}`, also inside of a hook that keeps the function."""
        node: Node | None = function.parent
        for _ in range(3):
            if node is None:
                return None
            if node.type == "variable_declarator":
                name = node.child_by_field_name("name")
                return name if name is not None and name.type == "identifier" else None
            if node.type == "call_expression":
                callee = node.child_by_field_name("function")
                text = self.text(callee) if callee is not None else ""
                if not KEEPERS.search(text):
                    return None
            elif node.type != "arguments":
                return None
            node = node.parent
        return None

    def _key(self, node: Node) -> str:
        key = node.child_by_field_name("key") or (
            node.named_children[0] if node.named_children else None
        )
        return self.text(key).strip("'\"") if key is not None else ""

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : min(node.end_byte, node.start_byte + 300)].decode(
            "utf-8", "replace"
        )


def _leaves(node: Node | None) -> Node | None:
    """The return or throw that ends a branch, if one does."""
    if node is not None and node.type == "statement_block":
        inner = [child for child in node.named_children if child.type != "comment"]
        node = inner[-1] if inner else None
    is_end = node is not None and node.type in ("return_statement", "throw_statement")
    return node if is_end else None


def _about(guard: Guard) -> set[str]:
    return {atom.about for atom in atoms(guard.condition)}


def _is_listed(around: Around) -> bool:
    kinds = [node.type for node, _ in around.path[-3:]]
    return kinds[-3:-1] == ["arguments", "array"] or kinds[-2:-1] == ["array"]
