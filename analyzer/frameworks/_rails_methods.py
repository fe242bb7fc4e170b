"""The methods of a Rails controller: what each renders, gives back, and calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from analyzer.frameworks._ruby import Statement
from analyzer.frameworks._ruby_calls import Call, call_of, literal, source_text, strings
from analyzer.frameworks._ruby_parts import Part
from analyzer.model import Place, Source

BRANCHES = frozenset({"else", "when", "in", "ensure", "rescue", "then"})
PARTIAL = frozenset(
    {"partial", "json", "xml", "plain", "body", "text", "inline", "html", "file", "js"}
)
ASKS = frozenset({"if", "unless"})
MOST = 200  # names that one method uses which are kept
LONGEST = 120  # characters of a condition that are kept


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout that is asked for: `how` is name, method, off, or unknown.

    It holds for `only` these actions, or for all `but` those; `condition` is the one behind it.
    """

    how: str
    given: str = ""
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    condition: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a method may give back: a text, or "" for none, and when."""

    value: str
    only: tuple[str, ...] = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Render:
    """What an action shows: a template, the action's own where it is empty, and its layout."""

    template: str = ""
    layout: Layout | None = None
    dynamic: bool = False  # the template's name is made at run time
    place: Place | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """A method: whether it is an action, the constant that it gives back, and what it renders."""

    name: str
    public: bool
    truth: bool | None = None
    choices: tuple[Choice, ...] = ()
    closed: bool = False  # nothing but the choices is given back
    renders: tuple[Render, ...] = ()
    calls: tuple[str, ...] = ()


def named_layout(data: bytes, given: Sequence[Part]) -> tuple[str, str]:
    """How a layout is asked for, and its name."""
    if len(given) == 1:
        part = given[0]
        if part.kind == "symbol":
            return ("off", "") if part.text == "none" else ("method", part.text)
        if part.kind == "text":
            return ("name", part.value) if part.value is not None else ("unknown", "")
        if part.kind == "word":
            if part.text in ("false", "nil"):
                return "off", ""
            if part.text == "true":
                return "default", ""
            return "method", part.text
    names = [part.value for part in given if part.kind == "text" and part.value]
    if given and given[0].text == "->" and len(names) == 1 and len(given) < 5:
        return "name", names[0]
    return "unknown", source_text(data, given)[:LONGEST]


@dataclass(slots=True)
class Methods:
    """Reads the methods of the classes in one file."""

    source: Source

    def read(self, each: Statement, public: bool, methods: dict[str, Method]) -> None:
        if len(each.parts) < 2:
            return
        name = each.parts[1].text
        body = each.body or _of_one_line(each)
        takes = len(each.parts) > 3 and each.parts[2].text == "(" and each.parts[3].text != ")"
        choices, closed = self._choices(body)
        truth = _truth(body)
        methods[name] = Method(
            name,
            public and not takes,
            truth,
            tuple(choices)[:20],
            closed,
            tuple(self._renders(body))[:40],
            tuple(dict.fromkeys(_called(body)))[:MOST],
        )

    def _choices(self, body: Sequence[Statement]) -> tuple[list[Choice], bool]:
        """The texts that a method may give back, and whether it gives nothing else."""
        found: list[Choice] = []
        closed = bool(body)
        todo: list[tuple[Sequence[Statement], tuple[str, ...], str]] = [(body, (), "")]
        while todo:
            block, only, condition = todo.pop()
            for number, each in enumerate(block):
                last = number == len(block) - 1
                head = each.head
                if head in ("if", "unless", "case"):
                    asked = self._condition(each.parts)
                    own = _actions(each.parts) if head == "if" else ()
                    todo.extend(
                        (branch, own if at == 0 else (), asked if at == 0 else f"not: {asked}")
                        for at, branch in enumerate(_branches(each))
                    )
                    continue
                returns = head == "return"
                if not returns and not last:
                    continue
                parts = each.parts[1:] if returns else each.parts
                said = self._given_back(parts, only, condition)
                closed = closed and said is not None
                found.extend(said or ())
        return found, closed

    def _given_back(
        self, parts: Sequence[Part], only: tuple[str, ...], condition: str
    ) -> list[Choice] | None:
        """The texts in what is given back; None where it is something else."""
        at = next(
            (n for n, p in enumerate(parts) if p.kind == "word" and p.text in ("if", "unless")),
            len(parts),
        )
        value, behind = parts[:at], parts[at:]
        asked = self._condition(behind) if behind else condition
        own = _actions(behind) if behind and behind[0].text == "if" else only
        if len(value) == 1 and value[0].kind in ("text", "symbol") and value[0].value is not None:
            return [Choice(value[0].value, own, asked)]
        if len(value) == 1 and value[0].text in ("false", "nil"):
            return [Choice("", own, asked)]
        question = next((n for n, part in enumerate(value) if part.text == "?"), None)
        if question is not None and len(value) - question == 4 and value[-2].text == ":":
            yes, no = value[question + 1], value[-1]
            if yes.value is not None and no.value is not None:
                words = source_text(self.source.data, value[:question])[:LONGEST]
                only = _actions(value[:question])
                return [Choice(yes.value, only, words), Choice(no.value, (), f"not: {words}")]
        return None

    def _condition(self, parts: Sequence[Part]) -> str:
        return source_text(self.source.data, parts)[:LONGEST]

    def _renders(self, body: Sequence[Statement]) -> Iterator[Render]:
        for each, around in self._under_conditions(body):
            for at, part in enumerate(each.parts):
                before = each.parts[at - 1].text if at else ""
                if (
                    part.kind == "word"
                    and part.text == "render"
                    and before not in (".", "&.", "def")
                ):
                    call = call_of(each.parts, at)
                    if (render := self._render(call, part)) is not None:
                        behind = [*dropwhile(lambda part: part.text not in ASKS, call.condition)]
                        yield replace(render, condition=around or self._condition(behind))

    def _under_conditions(self, body: Sequence[Statement]) -> Iterator[tuple[Statement, str]]:
        """All statements, each with the innermost condition that it stands under."""
        todo = [(each, "") for each in reversed(body)]
        while todo:
            each, around = todo.pop()
            yield each, around
            if each.head not in ("if", "unless", "case"):
                answers = each.head == "respond_to"
                todo.extend(
                    (below, around)
                    for below in reversed(each.body)
                    if not answers or _is_page(below)
                )
                continue
            asked = self._condition(each.parts)
            for number, branch in enumerate(_branches(each)):
                words = f"not: {asked}" if number else asked
                todo.extend((below, words) for below in reversed(branch))

    def _render(self, call: Call, part: Part) -> Render | None:
        if PARTIAL & call.named.keys():
            return None
        place = self.source.place(part.start, part.end)
        layout = None
        if "layout" in call.named:
            how, name = named_layout(self.source.data, call.named["layout"])
            layout = Layout(how, name, place=place)
        given = call.named.get("template") or call.named.get("action")
        if given is None and call.given:
            given = call.given[0]
        if given is None:
            shows = layout is not None or "status" in call.named or not call.named
            return (
                Render("", layout, False, place) if shows and "nothing" not in call.named else None
            )
        name_of = literal(given)
        return Render(name_of or "", layout, name_of is None, place)


def _inside(body: Sequence[Statement]) -> Iterator[Statement]:
    for each in body:
        yield from each.all()


def _is_page(each: Statement) -> bool:
    """Is one of several answers the page, and not `format.json` or `format.pdf`?"""
    texts = [part.text for part in each.parts[:3]]
    return len(texts) < 3 or texts[1] != "." or texts[2] in ("html", "any", "all")


def _called(body: Sequence[Statement]) -> Iterator[str]:
    """The names that a method uses, of which some are methods of its class."""
    for each in _inside(body):
        for at, part in enumerate(each.parts):
            if part.kind == "word" and (not at or each.parts[at - 1].text not in (".", "&.")):
                yield part.text


def _branches(each: Statement) -> Iterator[Sequence[Statement]]:
    """The branches of an if or a case."""
    block: list[Statement] = []
    for below in each.body:
        if below.head in BRANCHES or below.head == "elsif":
            if block:
                yield block
            rest = below.parts[1:] if below.head == "else" else ()
            block = [Statement(list(rest))] if rest else []
        else:
            block.append(below)
    if block:
        yield block


def _truth(body: Sequence[Statement]) -> bool | None:
    """The constant that a method is."""
    if len(body) == 1 and len(body[0].parts) in (1, 2):
        parts = body[0].parts
        word = parts[-1].text
        if (len(parts) == 1 or parts[0].text == "return") and word in ("true", "false"):
            return word == "true"
    return None


def _of_one_line(each: Statement) -> list[Statement]:
    """The body of `def name = value`."""
    at = next((n for n, part in enumerate(each.parts) if part.text == "="), None)
    return [Statement(each.parts[at + 1 :])] if at is not None else []


def _actions(parts: Sequence[Part]) -> tuple[str, ...]:
    """The actions that a condition on the action's name names, and nothing else."""
    texts = [part.text for part in parts if part.text not in ("if", "(", ")", "to_s", "to_sym")]
    if texts[:2] == ["action_name", "=="] and len(texts) == 3 and parts[-1].value:
        return (parts[-1].value,)
    if "action_name" in texts and ("include?" in texts or "in?" in texts) and "&&" not in texts:
        return strings(parts)
    return ()
