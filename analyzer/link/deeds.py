"""What a call of the site's own function does: the facts of that function, with what it is given.

A function that sends what it is given makes each of its calls a tracker of its own. What it does in
any case is found where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from analyzer.link.filled import MISSING, chosen, filled, has_open, values_of, with_values
from analyzer.link.meanings import DEEPEST, INSTANCE, Bound, Meanings, Meant, own, plain
from analyzer.match import Matcher
from analyzer.model import (
    NEW,
    NUMBER,
    OWN,
    PAGE,
    RESULT,
    SHOWN,
    Call,
    Fact,
    Frame,
    Hole,
    Moment,
    Object,
    Offers,
    OriginKind,
    Pixel,
    Place,
    Push,
    Reference,
    Request,
    Role,
    ScriptLoad,
    Step,
    Text,
    Value,
    holes,
    options,
    reference,
    shown,
)

DEEPEST_CALL = 6  # functions between a call and the vendor's own
MOST_DEEDS = 400  # facts that are looked at for one call
ADDRESS = re.compile(r"ur[li]\b|src|href|host|endpoint|script|pixel|beacon|domain", re.I)
HOST = re.compile(r"(?:(?:https?|wss?):)?//[\w-]+\.", re.I)
OUTWARDS = (ScriptLoad, Request, Pixel, Frame)
DOES_IT = " does it here"  # ends the last of a call's steps
MOST_CALLS = 8  # of one function, whose arguments are told apart
# Values of which a caller tells no more than the function that it calls.
HANDED_ON = frozenset(
    {
        OriginKind.UNKNOWN,
        OriginKind.GLOBAL,
        OriginKind.PARAMETER,
        OriginKind.RESPONSE,
        OriginKind.TEMPLATE,
    }
)
Deed = tuple[Fact, tuple[Step, ...]]  # what is done, and the way to it
Live = frozenset[tuple[str, int]]  # arguments that come from the call in question


@dataclass(frozen=True, slots=True)
class Way:
    """The functions that a call has gone through so far, and what they were given; `shown` where
    the first one is a component.
    """

    bound: Bound
    live: Live
    steps: tuple[Step, ...]
    stack: tuple[str, ...] = ()
    shown: bool = False


class Deeds:
    """Finds what calls do that go to other files."""

    def __init__(
        self, meanings: Meanings, matcher: Matcher, may_act: Callable[[str], bool]
    ) -> None:
        self.meanings = meanings
        self.may_act = may_act
        self.matcher = matcher
        self.local: dict[str, list[tuple[Value, ...]]] = {}
        self.left = 0
        self.beside: frozenset[Place] = frozenset()  # calls from one script of a page to another

    def of(self, offers: Offers) -> Iterator[Fact]:
        """The facts that the calls in a file come to, each at the place of its call."""
        self._note_calls(offers)
        self.beside = frozenset(offers.beside)
        seen = set()
        for _, function in offers.functions:
            for fact in function.does:
                if (
                    isinstance(fact, Call)
                    and fact.callee.startswith(OWN)
                    and fact.place not in seen
                ):
                    seen.add(fact.place)
                    yield from self.of_call(fact)
                elif isinstance(fact, OUTWARDS) and (told := self._told(fact)) is not None:
                    yield told

    def _told(self, fact: Fact) -> Fact | None:
        """What a file loads or asks itself, where other files say that it is a vendor's."""
        path = fact.place.path
        if not any(has_open(value, OriginKind.IMPORT) for value in values_of(fact)):
            return None
        known = with_values(fact, lambda hole: self._settled(hole, path, DEEPEST)) or fact
        known = with_values(known, lambda hole: plain_hole(hole)) or known
        return known if any(True for _ in self.matcher.detect(known)) else None

    def of_call(self, call: Call) -> Iterator[Fact]:
        """What one call comes to, once for each vendor and role."""
        told: set[tuple[object, ...]] = set()
        self.left = MOST_DEEDS
        for fact, steps in self._of_callee(call):
            said = self._said(call, fact, steps)
            hits = [(hit.vendor, hit.role) for hit in self.matcher.detect(said)]
            if not hits and not isinstance(said, Push):
                continue
            key = (type(said), *hits, "" if hits else plain_text(said))
            if key not in told:
                told.add(key)
                yield said

    def _said(self, call: Call, fact: Fact, steps: tuple[Step, ...]) -> Fact:
        """What the function does, as something that stands at the call."""
        path = call.place.path
        known = with_values(fact, lambda hole: self._settled(hole, path, DEEPEST)) or fact
        known = with_values(known, lambda hole: plain_hole(hole)) or known
        return replace(
            known,
            place=call.place,
            guards=tuple(dict.fromkeys((*call.guards, *fact.guards))),
            blocks=call.blocks,
            moment=fact.moment if call.moment is Moment.LOAD else call.moment,
            through=steps,
        )

    def _settled(self, hole: Hole, path: str, deep: int) -> Value:
        """What a place that is still open holds: a constant of another file, or what the function
        around the call is given in its own file.
        """
        origin = hole.origin
        function = self.meanings.giver_of(hole) if deep else ""
        if origin.kind is OriginKind.IMPORT and function not in self.local:
            return self.meanings.known(hole, path, ask=True)
        if not function:
            return hole
        given = []
        for args in self.local.get(function, ())[:MOST_CALLS]:
            one = filled(hole, self.meanings.filler({function: args}, set()))
            if one == hole:
                continue
            given.append(filled(one, lambda each: self._settled(each, path, deep - 1)))
        found = chosen(given)
        if found is not MISSING:
            return found
        return self.meanings.known(hole, path, ask=True)

    # ------------------------------------------------------------ through the functions

    def _of_callee(self, call: Call) -> Iterator[Deed]:
        name, is_new = _callee(call)
        if name.module == PAGE and name.steps[0] not in self.meanings.globals:
            return
        meant = self.meanings.meant(name, ask=False)
        if meant is None and self._leads_out(call.args, call.place.path):
            meant = self.meanings.meant(name, ask=True)
        for target in _each(meant):
            key = target.value.origin.name if isinstance(target.value, Hole) else ""
            function = self._function(key, is_new)
            is_elsewhere = bool(function) and reference(function).path != call.place.path
            if function and (is_elsewhere or call.place in self.beside):
                live = {(function, at) for at in range(len(call.args))} | self._made_here(
                    target.bound, call.place.path
                )
                steps = (self._step(call, function),)
                shown = call.callee.startswith(OWN + SHOWN)
                way = Way(target.bound, frozenset(live), steps, shown=shown)
                yield from self._done(function, call.args, way)
            elif not function and name.module and isinstance(target.value, Hole):
                yield from self._outside(call, name, target.value, is_new)

    def _function(self, key: str, is_new: bool) -> str:
        """The function that is called: of a class, its constructor."""
        maker = self.meanings.makers.get(key) if is_new else None
        if maker is not None:
            key = own(maker.constructor, reference(key).path)
        return key if key in self.meanings.functions else ""

    def _made_here(self, bound: Bound, path: str) -> set[tuple[str, int]]:
        """The arguments of what was made in the file of the call: `new Clarity(id).init()`."""
        made = bound.get(INSTANCE, ())
        if not any(isinstance(each, str) and reference(each).path == path for each in made):
            return set()
        return {(key, at) for key, args in bound.items() for at in range(len(args))}

    def _outside(self, call: Call, name: Reference, value: Hole, is_new: bool) -> Iterator[Deed]:
        """A vendor's own object that another file hands on."""
        outside = self.meanings.outside(value)
        file = self.meanings.file_of(name.module, name.path)
        if NUMBER in name.steps[0]:  # a module in another chunk of the build
            file = self.meanings.giver_on_page(name.steps[0], name.path)
        if outside and file:
            step = Step(call.place, f"uses what {file} hands on")
            done = replace(call, callee=f"{NEW if is_new else ''}{outside}")
            yield done, (step,)

    def _done(self, function: str, args: tuple[Value, ...], way: Way) -> Iterator[Deed]:
        """What a function does with its arguments, as far as it depends on the call."""
        if function in way.stack or len(way.stack) >= DEEPEST_CALL:
            return
        bound = {**way.bound, function: args}
        stack = (*way.stack, function)
        for fact in self.meanings.functions[function].does:
            self.left -= 1
            if self.left < 0:
                return
            if isinstance(fact, Call) and fact.callee.startswith(OWN):
                yield from self._inner(fact, replace(way, bound=bound, stack=stack))
                continue
            used: set[tuple[str, int]] = set()
            done = with_values(fact, self.meanings.filler(bound, used))
            if done is None or not used & way.live or _is_undone(fact, done):
                continue
            if not way.shown or self._is_told(fact, done, bound, way.live):
                last = Step(fact.place, f"{self._name(function)}{DOES_IT}")
                yield done, (*way.steps, last)

    def _is_told(self, fact: Fact, done: Fact, bound: Bound, live: Live) -> bool:
        """Does who shows a component say what it does? An event that is the component's own is told
        where that sends it.
        """
        hits = list(self.matcher.detect(done))
        if not isinstance(done, Push) and {hit.role for hit in hits} != {Role.EVENT}:
            return any(hit.ids for hit in hits) or _says_more(fact, done)
        used: set[tuple[str, int]] = set()
        for hit in self.matcher.detect(fact):
            for datum in hit.data:
                if datum.name == "event":
                    filled(datum.value, self.meanings.filler(bound, used))
        if isinstance(fact, Push) and isinstance(fact.value, Object):
            filled(fact.value.get("event"), self.meanings.filler(bound, used))
        return bool(used & live)

    def _inner(self, call: Call, way: Way) -> Iterator[Deed]:
        """A call of one own function inside of another."""
        name, is_new = _callee(call)
        acts = self.may_act(str(name))
        if not acts and self.meanings.meant(name, ask=False) is not None:
            return
        args, handed = self._handed(call, way)
        outwards = not acts and self._leads_out(args, call.place.path)
        if not acts and not outwards:
            return
        live = set(way.live)
        for target in _each(self.meanings.meant(name, ask=outwards)):
            if not isinstance(target.value, Hole):
                continue
            function = self._function(target.value.origin.name, is_new)
            live |= {(function, at) for at, used in enumerate(handed) if used & way.live}
            bound = {**target.bound, **way.bound}
            if function:
                steps = (*way.steps, self._step(call, function))
                inner = Way(bound, frozenset(live), steps, way.stack, way.shown)
                yield from self._done(function, tuple(args), inner)
            elif any(used & way.live for used in handed) and name.module:
                for fact, steps in self._outside(call, name, target.value, is_new):
                    done = replace(fact, args=tuple(args))  # type: ignore[call-arg]
                    yield done, (*way.steps, *steps)

    def _handed(self, call: Call, way: Way) -> tuple[list[Value], list[set[tuple[str, int]]]]:
        """The arguments of a call, and which of those on the way to it each is made of."""
        args: list[Value] = []
        handed: list[set[tuple[str, int]]] = []
        for each in call.args:
            used: set[tuple[str, int]] = set()
            given = filled(each, self.meanings.filler(way.bound, used))
            spread = isinstance(each, Hole) and each.text.startswith("...")
            listed = given if spread and isinstance(given, tuple) else (given,)
            args.extend(listed)
            handed.extend([used] * len(listed))
        return args, handed

    def _leads_out(self, args: Sequence[Value], path: str) -> bool:
        """Is a function given the address of another host?"""
        known = (self.meanings.known(each, path, ask=_is_like_one(each)) for each in args)
        return any(HOST.match(shown(each)) for value in known for each in options(value))

    def _step(self, call: Call, function: str) -> Step:
        return Step(call.place, f"calls {self._name(function)} of {reference(function).path}")

    def _name(self, function: str) -> str:
        known = self.meanings.functions[function]
        return f"{known.name}()"

    def _note_calls(self, offers: Offers) -> None:
        """With what the functions of a file are called in it."""
        seen = set()
        for _, function in offers.functions:
            for fact in function.does:
                if not isinstance(fact, Call) or not fact.callee.startswith(OWN):
                    continue
                name, _ = _callee(fact)
                if not name.module and fact.place not in seen:
                    seen.add(fact.place)
                    self.local.setdefault(str(name), []).append(fact.args)


def _is_like_one(value: Value) -> bool:
    """May a value be an address, as far as its own words tell?"""
    for each in options(value):
        first = each.parts[0] if isinstance(each, Text) else each
        if isinstance(first, Hole) and (each is not first or ADDRESS.search(first.text)):
            return True
    return False


def _callee(call: Call) -> tuple[Reference, bool]:
    """The function that a call names, and whether something is made with it."""
    name = call.callee.removeprefix(OWN).removeprefix(SHOWN)
    return reference(name.removeprefix(NEW), call.place.path), name.startswith(NEW)


def _is_undone(fact: Fact, done: Fact) -> bool:
    """Is nothing sent for what this call gives: is its event not in the list of those to send?"""
    if not isinstance(fact, Call) or not isinstance(done, Call):
        return False
    asked = fact.args[1] if len(fact.args) > 1 else None
    looked_up = isinstance(asked, Hole) and asked.origin.name.startswith(RESULT)
    return looked_up and (len(done.args) < 2 or done.args[1] is None)


def _says_more(fact: Fact, done: Fact) -> bool:
    """Does the caller tell where a value comes from, and not only hand one on?"""
    known = {each.origin for value in values_of(fact) for each in holes(value)}
    given = {each.origin for value in values_of(done) for each in holes(value)} - known
    return any(each.kind not in HANDED_ON for each in given)


def _each(meant: Meant | None) -> Iterator[Meant]:
    if meant is not None:
        yield from (replace(meant, value=each) for each in options(meant.value))


def plain_hole(hole: Hole) -> Value:
    """The hole without what only the linking of files knows."""
    return plain(hole)


def plain_text(fact: Fact) -> str:
    """A fact's value in words, to tell facts apart."""
    return str(getattr(fact, "value", ""))
