"""A part of a bundle that other parts import by name: what it tells them of the page's trackers.

Such a part holds whole frameworks beside the page's own code. All their functions that call each
other would be followed in vain, so only those are kept that lead to a vendor or to another part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from analyzer.model import (
    ITSELF,
    NEW,
    OWN,
    SHOWN,
    Call,
    Fact,
    Frame,
    Function,
    Offers,
    OriginKind,
    Pixel,
    Request,
    Result,
    ScriptLoad,
    Text,
    Value,
    holes,
    options,
    reference,
)

NEAR = (".", "/")  # how an import of another part begins
OUTWARDS = (ScriptLoad, Request, Pixel, Frame)
LARGEST = 1_000_000  # bytes
AT_END = 20_000  # bytes in which a bundler lists what a part exports
EXPORTED = re.compile(rb"[;})\n]\s{0,9}export\s{0,9}\{[^{}]{0,20000}\}")


def is_part(data: bytes) -> bool:
    """Is it a part that others import by name?"""
    return len(data) <= LARGEST and EXPORTED.search(data, max(0, len(data) - AT_END)) is not None


def thinned(offers: Offers) -> Offers:
    """What leads from or to the functions that reach a vendor or another part."""
    return _Thinned(offers).offers()


class _Thinned:
    def __init__(self, whole: Offers) -> None:
        self.whole = whole
        self.functions = dict(whole.functions)
        self.makers = dict(whole.makers)
        self.results = dict(whole.results)
        self.kept = self._reaching()

    def offers(self) -> Offers:
        functions = {key: each for key, each in self._functions() if each is not None}
        return replace(
            self.whole,
            exports=tuple(
                (name, value)
                for name, value in self.whole.exports
                if self._is_known(value, functions.keys())
            ),
            functions=tuple(functions.items()),
            makers=tuple((key, each) for key, each in self.makers.items() if key in self.kept),
            results=tuple((key, each) for key, each in self.results.items() if self._leads(each)),
        )

    def _functions(self) -> Iterator[tuple[str, Function | None]]:
        for key, function in self.functions.items():
            is_plain = not any(True for _ in self._own_in(function.gives))
            if key in self.kept or key == ITSELF:
                does = tuple(fact for fact in function.does if self._tells(fact))
                gives = function.gives if self._is_known(function.gives, self.kept) else None
                yield key, replace(function, does=does, gives=gives)
            elif is_plain and function.gives is not None:
                yield key, replace(function, does=())

    def _is_known(self, value: Value, known: Iterable[str]) -> bool:
        """Does a value say all by itself, or lead to something that is kept?"""
        names = [*self._own_in(value)]
        return not names or any(each in known for each in names)

    def _leads(self, result: Result) -> bool:
        """Does a call go to what is kept, or out of the file?"""
        names = [*self._own_in(result.callee)]
        return not names or any(each in self.kept for each in names)

    def _reaching(self) -> set[str]:
        """The functions and classes that reach a vendor or another part."""
        callers: dict[str, set[str]] = {}
        for key, function in self.functions.items():
            for each in self._called_by(function):
                callers.setdefault(each, set()).add(key)
        for key, maker in self.makers.items():
            for method in (*(each for _, each in maker.methods), maker.constructor):
                callers.setdefault(method, set()).add(key)
        todo = [
            key for key, function in self.functions.items() if any(map(self._acts, function.does))
        ]
        found = set(todo)
        while todo:
            fresh = callers.get(todo.pop(), set()) - found
            found |= fresh
            todo.extend(fresh)
        return found

    def _called_by(self, function: Function) -> Iterator[str]:
        yield from self._own_in(function.gives)
        for fact in function.does:
            if isinstance(fact, Call) and fact.callee.startswith(OWN):
                yield from self._named(_callee(fact))

    def _acts(self, fact: Fact) -> bool:
        """Is it anything but a call inside of the file?"""
        if isinstance(fact, Call) and fact.callee.startswith(OWN):
            return self._leaves(_callee(fact))
        # Whatever is called `e` may ask a server: what frameworks do so names none.
        return not isinstance(fact, OUTWARDS) or _is_said(fact.url)

    def _tells(self, fact: Fact) -> bool:
        if self._acts(fact) or not isinstance(fact, Call):
            return self._acts(fact)
        return any(each in self.kept for each in self._named(_callee(fact)))

    def _leaves(self, name: str) -> bool:
        """Does a name lead to another file, perhaps through what that gives back?"""
        said = reference(name)
        if said.module.startswith(NEAR):
            return True
        result = self.results.get(said.steps[0])
        return result is not None and any(
            reference(each.origin.name).module.startswith(NEAR)
            for each in holes(result.callee)
            if each.origin.kind is OriginKind.IMPORT
        )

    def _own_in(self, value: Value) -> Iterator[str]:
        """The functions and classes of the file that a value leads to."""
        for each in holes(value):
            if each.origin.kind is OriginKind.IMPORT:
                yield from self._named(each.origin.name)

    def _named(self, name: str) -> Iterator[str]:
        said, seen = reference(name), set[str]()
        while not said.module and said.steps[0] not in seen:
            first = said.steps[0]
            seen.add(first)
            if first not in self.results:
                yield first
                return
            callee = self.results[first].callee
            inner = [each for each in holes(callee) if each.origin.kind is OriginKind.IMPORT]
            if not inner:
                return
            said = reference(inner[0].origin.name)


def _is_said(address: Value) -> bool:
    """Does an address say something itself, or does a name of another part?"""
    return any(isinstance(each, (str, Text)) for each in options(address)) or any(
        each.origin.kind is OriginKind.IMPORT
        and reference(each.origin.name).module.startswith(NEAR)
        for each in holes(address)
    )


def _callee(call: Call) -> str:
    return call.callee.removeprefix(OWN).removeprefix(SHOWN).removeprefix(NEW)
