"""The functions of a site's own programs, and the calls of those that hand something on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from analyzer.model import OWN, Call, Fact, Hole, Method, Object, Place, Source, Value
from analyzer.parse.server.code import Call as Written
from analyzer.parse.server.code import Code
from analyzer.parse.server.functions import Function, around, by_name, functions
from analyzer.parse.server.languages import language_of
from analyzer.parse.server.layout import Stretch
from analyzer.parse.server.objects import Objects
from analyzer.parse.values.document import brief

MOST_CALLS = 400  # calls of a program's own functions that are looked at


def methods(source: Source, code: Code, facts: Sequence[Fact]) -> Iterator[Fact]:
    """The functions and classes that stand around some facts of a program."""
    if not facts:
        return
    for each in functions(code):
        place = _place(source, code, Stretch(each.start, each.end))
        if any(_within(fact.place, place) for fact in facts):
            yield Method(place=place, name=each.name, owner=each.owner, takes=each.takes)


def calls_to(source: Source, names: Collection[str]) -> Iterator[Fact]:
    """The calls of functions and classes with these names, with what stands around them, and the
    functions of these names that the program has itself.
    """
    language = language_of(source.path)
    if language is None:
        return
    code = Code(source.data, language)
    found = functions(code)
    named = by_name(found)
    values = Objects(code)
    wanted = {number: each for number, each in named.items() if each.name in names}
    shown = {number: each for number, each in wanted.items() if each.name}
    count = 0
    for call in code.calls:
        last = _last(call.name)
        if last not in names or call.head.end - 1 in named or count >= MOST_CALLS:
            continue
        count += 1
        outer = around(found, call.head.start)
        if outer is not None:
            shown[outer.named] = outer
        yield Call(
            place=_place(source, code, call.whole),
            callee=OWN + call.name,
            args=tuple(_args(code, values, call, outer)),
        )
    for each in shown.values():
        place = _place(source, code, Stretch(each.start, each.end))
        yield Method(place=place, name=each.name, owner=each.owner, takes=each.takes)


def _last(name: str) -> str:
    """What a call runs: the function's name, or the class of what is made."""
    name = name.removeprefix("new ")
    receiver, _, last = name.rpartition(".")
    return receiver.rpartition(".")[2] if last == "new" and receiver else last


def _args(code: Code, values: Objects, call: Written, outer: Function | None) -> Iterator[Value]:
    """What a call hands over in order, and behind it what it hands over by name."""
    taken = frozenset(outer.takes) if outer is not None else frozenset()
    keyed: list[tuple[str, Value]] = []
    for arg in call.args:
        value = brief(_value(code, values, arg, taken))
        if arg.key:
            keyed.append((arg.key, value))
        else:
            yield value
    if keyed:
        yield Object(tuple(keyed))


def _value(code: Code, values: Objects, arg: Stretch, taken: Collection[str]) -> Value:
    """One argument; the word of a parameter stands for what the caller gives."""
    if arg.end - arg.start == 1 and (word := code.word(arg.start)) in taken and word:
        return Hole(word)
    return values.object(arg) or values.read(arg).value


def _place(source: Source, code: Code, stretch: Stretch) -> Place:
    end = min(stretch.end, len(code.tokens))
    return source.place(code.tokens[stretch.start].start, code.tokens[end - 1].end)


def _within(inner: Place, outer: Place) -> bool:
    start, end = inner.region, outer.region
    return (end.line, end.column) <= (start.line, start.column) <= (end.end_line, end.end_column)
