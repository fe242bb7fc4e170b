"""Stretches of a script that run only when the visitor agreed, where the question stands elsewhere:
before an early return, around the calls of a function, at the event of a consent manager.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from tree_sitter import Node

from analyzer.model import Atom, Guard
from analyzer.parse.values.scope import FUNCTIONS, Function

# What only consent managers and the questions to them are called; a cookie alone is no agreement.
ASKS = re.compile(
    rb"consent|cookiebot|onetrust|optanon|didomi|usercentrics|cookie_?yes|klaro|tarteaucitron|axeptio"
    rb"|gdpr|opt_?in(?![a-z])|cookies?_?accept|accept(?:ed)?_?cookies",
    re.I,
)
DENIES = re.compile(
    r"^!(?!=)|===?\s*(?:false|[\"'](?:denied|declined|rejected|false|no)[\"'])$"
    r"|!==?\s*(?:true|[\"'](?:granted|accepted|allowed|allow|true|yes|all|1)[\"'])$"
)
REFUSED = re.compile(r"declin|reject|deni|withdraw|revok", re.I)  # events of the opposite
MOST_QUESTIONS = 200  # of one script
OUTWARDS = 14  # nodes around a word within which it is a question
LONGEST_TEXT = 300  # bytes of a question
ACTS = re.compile(rb"(?<![=!<>])=(?![=>])|;\s*[\w$.]+\(|\{\s*[\w$.]+\(")  # it does more than to ask
LONGEST_ANSWER = 400  # bytes of a function that only asks
MOST_NAMES = 400  # functions whose uses are looked at
MOST_USES = 40  # of one function
ROUNDS = 4  # functions that call each other
LEAVES = frozenset({"return_statement", "throw_statement"})
DECLARED = re.compile(rb"\s*(?::[^=;]{0,80})?=\s*\(?")
EXPORTED = re.compile(rb"\bexport\s+(?:default\s+)?(?:(?:const|let|var)\b[^;\n]*)?$")
NAME = re.compile(rb"[A-Za-z_$][\w$]*")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of a script that something is asked for."""

    start: int
    end: int
    guard: Guard


class Agreements:
    """The stretches of one script."""

    def __init__(self, data: bytes, root: Node, functions: Mapping[int, Function]) -> None:
        self.data = data
        self.root = root
        self.stretches: list[Stretch] = []
        self._starts: list[int] = []
        self._seen: set[int] = set()  # nodes around questions that were read
        if ASKS.search(data) is None:
            return
        named = dict(_named(functions))
        self.stretches.extend(self._asked(ASKS))
        questions = [name for name, each in named.items() if self._only_asks(each)]
        if questions:
            calls = b"|".join(re.escape(name.encode()) for name in questions)
            self.stretches.extend(self._asked(re.compile(rb"(?<![\w$.])(?:" + calls + rb")\(")))
        if self.stretches:
            self._follow({name: each for name, each in named.items() if name not in questions})
        self.stretches = list(_outermost(self.stretches))
        self._starts = [each.start for each in self.stretches]

    def guard(self, node: Node) -> Guard | None:
        """What is asked for a node."""
        at = bisect_right(self._starts, node.start_byte) - 1
        return (
            self.stretches[at].guard
            if at >= 0 and node.start_byte < self.stretches[at].end
            else None
        )

    def _at(self, offset: int) -> Guard | None:
        found = (each.guard for each in self.stretches if each.start <= offset < each.end)
        return next(found, None)

    # ------------------------------------------------------------ questions

    def _asked(self, words: re.Pattern[bytes]) -> Iterator[Stretch]:
        for found in islice(words.finditer(self.data), MOST_QUESTIONS):
            inner = self.root.descendant_for_byte_range(found.start(), found.start() + 1)
            if inner is not None and inner.type != "comment":
                yield from self._around(inner)

    def _around(self, inner: Node) -> Iterator[Stretch]:
        """What a question decides about, in whose words a node stands."""
        child, around = inner, inner.parent
        for _ in range(OUTWARDS):
            if around is None or around.id in self._seen:
                return
            if around.type in FUNCTIONS or around.type == "statement_block":
                return
            self._seen.add(around.id)
            match around.type:
                case "if_statement":
                    if around.child_by_field_name("condition") == child:
                        yield from self._decided(around, child)
                    return
                case "binary_expression":
                    right = around.child_by_field_name("right")
                    sign = around.child_by_field_name("operator")
                    is_and = sign is not None and sign.type == "&&" and right != child
                    if is_and and right is not None and not DENIES.search(self._text(child)):
                        yield self._stretch(right, f"if {self._text(child)}")
                case "arguments":
                    yield from self._listened(around, child)
            child, around = around, around.parent

    def _decided(self, statement: Node, condition: Node) -> Iterator[Stretch]:
        """The branch that an agreement opens, or what follows where its lack leaves."""
        text = self._text(condition).removeprefix("(").removesuffix(")").strip()
        yes = statement.child_by_field_name("consequence")
        if yes is None:
            return
        parts = [each.strip() for each in text.split("||")]
        if any(DENIES.search(each) and ASKS.search(each.encode()) for each in parts) or (
            len(parts) == 1 and DENIES.search(text)
        ):
            if _leaves(yes) and statement.parent is not None:
                guard = _guard(f"unless {text}")
                yield Stretch(statement.end_byte, statement.parent.end_byte, guard)
        elif len(parts) == 1:
            yield self._stretch(yes, f"if {text}")

    def _listened(self, arguments: Node, child: Node) -> Iterator[Stretch]:
        """What is handed over to be called at an event of a consent manager."""
        items = [each for each in arguments.named_children if each.type != "comment"]
        call = arguments.parent
        callee = call.child_by_field_name("function") if call is not None else None
        if callee is None or len(items) < 2 or items[0] != child or child.type != "string":
            return
        method = self._text(callee).rpartition(".")[2]
        if method in ("addEventListener", "on", "one", "once", "attachEvent"):
            event = self._text(child).strip("'\"`")
            if not REFUSED.search(event):
                yield self._stretch(items[1], f"after the event {event}")

    def _stretch(self, node: Node, text: str) -> Stretch:
        return Stretch(node.start_byte, node.end_byte, _guard(text))

    # ------------------------------------------------------------ functions

    def _only_asks(self, function: Node) -> bool:
        """Does a short function give back whether the visitor agreed?"""
        text = self.data[function.start_byte : function.end_byte]
        answers = len(text) <= LONGEST_ANSWER and (b"return" in text or b"=>" in text)
        return answers and ASKS.search(text) is not None and ACTS.search(text) is None

    def _follow(self, named: Mapping[str, Node]) -> None:
        """The functions that are used in such stretches only."""
        uses: dict[str, list[int]] = {name: [] for name in named}
        for found in NAME.finditer(self.data):
            listed = uses.get(found[0].decode())
            if listed is not None:
                listed.append(found.start())
        for _ in range(ROUNDS):
            before = len(self.stretches)
            for name, function in named.items():
                start, end = function.start_byte, function.end_byte
                outside = [
                    at
                    for at in uses[name][:MOST_USES]
                    if not start <= at < end and not self._declares(at, name, function)
                ]
                if len(uses[name]) > MOST_USES or self._is_given_away(function):
                    continue
                guards = [self._at(at) for at in outside]
                if guards and (first := guards[0]) is not None and None not in guards:
                    self.stretches.append(Stretch(start, end, first))
                    uses[name] = []
            if len(self.stretches) == before:
                return

    def _declares(self, at: int, name: str, function: Node) -> bool:
        """Is it the name of `const name = () => {}`?"""
        between = self.data[at + len(name.encode()) : function.start_byte]
        return at < function.start_byte and DECLARED.fullmatch(between) is not None

    def _is_given_away(self, function: Node) -> bool:
        """Does another file get the function?"""
        before = self.data[max(0, function.start_byte - 60) : function.start_byte]
        return EXPORTED.search(before) is not None

    def _text(self, node: Node) -> str:
        text = self.data[node.start_byte : min(node.end_byte, node.start_byte + LONGEST_TEXT)]
        return " ".join(text.decode("utf-8", "replace").split())


def _named(functions: Mapping[int, Function]) -> Iterator[tuple[str, Node]]:
    """The functions that have a name of their own in the whole script."""
    scopes = {id(each.scope): each.scope for each in functions.values()}
    found: dict[str, Node | None] = {}
    for scope in scopes.values():
        for name, function in scope.functions.items():
            found[name] = None if name in found else function.node
    named = [(name, node) for name, node in found.items() if node is not None]
    yield from named[:MOST_NAMES]


def _outermost(stretches: list[Stretch]) -> Iterator[Stretch]:
    """The stretches that lie in no other one, in their order."""
    end = -1
    for each in sorted(stretches, key=lambda one: (one.start, -one.end)):
        if each.start >= end:
            yield each
        elif each.end > end:
            yield Stretch(end, each.end, each.guard)
        end = max(end, each.end)


def _guard(text: str) -> Guard:
    return Guard(Atom("consent", text), text, "consent")


def _leaves(node: Node) -> bool:
    """Does a branch leave the function?"""
    if node.type == "statement_block":
        inner = [each for each in node.named_children if each.type != "comment"]
        return bool(inner) and inner[-1].type in LEAVES
    return node.type in LEAVES
