"""The calls of vendors' libraries for servers and apps, by the names that signatures know."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from analyzer.model import Call, Fact, Object, Source, Value, Vocabulary
from analyzer.parse.server.code import Call as Written
from analyzer.parse.server.code import Code
from analyzer.parse.server.imports import MODULES, aliases, modules
from analyzer.parse.server.objects import Objects
from analyzer.parse.server.python_values import Reader
from analyzer.parse.values.document import brief

# How an object names itself, and in Flutter a state the widget that it belongs to.
OWNERS = frozenset({"this", "self", "widget"})


def calls(source: Source, code: Code, vocabulary: Vocabulary) -> Iterator[Fact]:
    """The library calls of a program: `gem:Mixpanel.Tracker.new`, `maven:com.acme.Client.send`."""
    found: dict[int, Call] = {}
    for start, call in _calls(source, code, vocabulary):
        made = found.get(start)  # `Analytics().log(...)`: the call that begins it is part of it
        if made is not None and (made.args or not call.callee.startswith(made.callee + ".")):
            yield made
        found[start] = call
    yield from found.values()


def _calls(source: Source, code: Code, vocabulary: Vocabulary) -> Iterator[tuple[int, Call]]:
    """The calls, each with the number of the token at which its name begins."""
    values = Objects(code)
    imported = aliases(code)
    holders = [f"{each}." for each in modules(code)] or [""]
    for call in code.calls:
        made = call.name.startswith("new ")
        root, dot, rest = call.name.removeprefix("new ").partition(".")
        if root in OWNERS and dot:
            root, dot, rest = rest.partition(".")
        for holder, name in product(holders, list(_meanings(code, root, imported))):
            whole = f"{code.language.ecosystem}:{holder}{name}{dot}{rest}"
            callee = f"{'new ' if made else ''}{whole}"
            if callee not in vocabulary.packages:
                continue
            end = min(call.whole.end, len(code.tokens))
            args = tuple(_args(code, values, call))
            place = source.place(code.tokens[call.head.start].start, code.tokens[end - 1].end)
            yield call.head.start, Call(place=place, callee=callee, args=args)
            break


def _args(code: Code, values: Objects, call: Written) -> Iterator[Value]:
    """What a call hands over in order; what Ruby hands over by name is one hash at the end."""
    named: list[tuple[str, Value]] = []
    for arg in call.args:
        value = brief(values.object(arg) or values.read(arg).value)
        if arg.key and code.language.name == "ruby":
            named.append((arg.key, value))
        else:
            yield value
    if named:
        yield Object(tuple(named))


def _meanings(code: Code, root: str, imported: dict[str, str]) -> Iterator[str]:
    """What a call's first word may stand for: an import, a variable's type or value, itself."""
    if root in imported:
        yield imported[root]
    for number in code.words.get(root, ())[:40]:
        typed = code.word(number + 2) if code.text(number + 1) == ":" else code.word(number - 1)
        if typed in imported:
            yield imported[typed]
        elif code.language.name in MODULES and typed[:1].isupper():
            yield typed
    for given in code.names.get(root, ())[:8]:
        start = given.start + (code.text(given.start) in ("new", "await"))
        behind = given.end if code.tokens[given.end - 1].kind == "word" else start
        end = next((each for each in range(start, given.end) if code.text(each) == "("), behind)
        name = code.chain(end)[0].removeprefix("new ") if end > start else ""
        if name:
            head, dot, rest = name.partition(".")
            whole = imported.get(head, head) + dot + rest
            yield whole
            yield whole.rpartition(".")[0]
    yield root


def python_calls(program: Reader, vocabulary: Vocabulary) -> Iterator[Fact]:
    """The library calls of a Python program: `pypi:acme.Client.send`."""
    for call, room in program.calls:
        callee = f"pypi:{program.name(call.func, room)}"
        if callee not in vocabulary.packages:
            continue
        args = [program.object(each, room) or program.read(each, room).value for each in call.args]
        if call.keywords:
            args.append(program.keywords(call.keywords, room))
        yield Call(
            place=program.source.place(*program.span(call)),
            callee=callee,
            args=tuple(brief(each) for each in args),
        )
