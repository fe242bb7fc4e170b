"""Functions of programs that hand what they are given to a vendor, joined to their calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from analyzer.match import Matcher
from analyzer.model import (
    OWN,
    Call,
    Detection,
    Hole,
    Method,
    Object,
    Parsed,
    Place,
    Request,
    Role,
    Step,
    Text,
    Value,
    holes,
)

# The programs that call functions of some names: what they call, and the functions around it.
# With each name stand the words of which a program must hold one to mean it; none where it is told
# by its name alone.
Calling: TypeAlias = Callable[[Mapping[str, Collection[str]]], Iterable[Parsed]]

MOST_STEPS = 3  # functions between a call and the vendor's library
MOST_SITES = 300  # calls that are told of one function
TELLING = 10  # letters of a name that means one thing in a whole repository
MAKERS = frozenset({"initialize", "__init__", "__construct", "init", "constructor"})
SENDS = frozenset({Role.EVENT, Role.IDENTITY, Role.SERVER})


@dataclass(frozen=True, slots=True)
class Sender:
    """A function of the site's own, and what it tells a vendor: the holes that are named like its
    parameters are what callers give. `making` is the set-up that a class does.
    """

    method: Method
    fact: Call | Request
    vendor: str
    through: tuple[Step, ...]
    making: bool = False

    @property
    def name(self) -> str:
        return self.method.owner if self.making else self.method.name


@dataclass(frozen=True, slots=True)
class Site:
    """A call of a function of the site's own, and the function that it stands in."""

    call: Call
    inside: Method | None

    @property
    def name(self) -> str:
        return _called(self.call)


def nothing_calls(names: Mapping[str, Collection[str]]) -> Iterable[Parsed]:
    """For who only has the facts of the first reading."""
    return ()


def sent_through(
    parsed: Sequence[Parsed], matcher: Matcher, calling: Calling
) -> Iterator[tuple[str, Detection]]:
    """What calls of such functions tell vendors, each with the file where the call stands."""
    senders = [one for each in parsed for one in _first(each, matcher)]
    told: set[Place] = set()
    for _ in range(MOST_STEPS):
        if not senders:
            return
        known: dict[str, list[Sender]] = {}
        for one in senders:
            known.setdefault(one.name, []).append(one)
        found = list(calling({name: _beside(name, each) for name, each in known.items()}))
        defined = _defined(found)
        senders = []
        for each in found:
            for site in _sites(each):
                sender = _meant(site, known, defined)
                fact = _bound(sender, site) if sender is not None else None
                if sender is None or fact is None or site.call.place in told:
                    continue
                through = (Step(site.call.place, f"calls {sender.name}()"), *sender.through)
                handed = _handed_on(site.inside, fact, matcher)
                if handed and site.inside is not None and not sender.making:
                    senders.append(Sender(site.inside, fact, sender.vendor, through))
                    continue
                told.add(site.call.place)
                for hit in matcher.detect(replace(fact, through=through)):
                    if hit.vendor == sender.vendor:
                        yield each.path, hit


# ---------------------------------------------------------------- functions that send


def _first(each: Parsed, matcher: Matcher) -> Iterator[Sender]:
    """The functions of a program whose own words reach a vendor's library or endpoint."""
    methods = [fact for fact in each.facts if isinstance(fact, Method)]
    if not methods:
        return
    for fact in each.facts:
        if not isinstance(fact, (Call, Request)):
            continue
        inside = _innermost(methods, fact.place)
        if inside is None:
            continue
        for hit in matcher.detect(fact):
            through = (Step(fact.place, "hands it to the vendor's code"),)
            if hit.role in SENDS and inside.name and _handed_on(inside, fact, matcher):
                yield Sender(inside, fact, hit.vendor, through)
                break
            if hit.role is Role.SETUP and isinstance(fact, Call) and _makes(inside):
                yield Sender(inside, fact, hit.vendor, through, making=True)
                break


def _makes(method: Method) -> bool:
    """Does it run when a thing of its class is made?"""
    return bool(method.owner) and (not method.name or method.name in (*MAKERS, method.owner))


def _handed_on(method: Method | None, fact: Call | Request, matcher: Matcher) -> bool:
    """Does the function's caller say what the vendor is told: the event, or all of the data?"""
    if method is None or not method.takes or not method.name:
        return False
    said = [datum for hit in matcher.detect(fact) for datum in hit.data]
    event = next((each.value for each in said if each.name in ("event", "event_name")), None)
    given = {_word(hole) for hole in holes(event)}
    if event is None:
        given = {_word(each.value) for each in said if isinstance(each.value, Hole)}
    return any(name in given for name in method.takes)


def _word(hole: Hole) -> str:
    """The name that a hole is, without the marks of variables."""
    return hole.text.lstrip("$@")


def _beside(name: str, senders: Iterable[Sender]) -> tuple[str, ...]:
    """The classes of which a program must speak for a name to be theirs."""
    owners = tuple({each.method.owner for each in senders})
    return () if _tells(name) or "" in owners else owners


def _tells(name: str) -> bool:
    """Does a name mean one thing in a whole repository?"""
    return len(name) >= TELLING and re.search(r"_|[a-z][A-Z]", name) is not None


def _innermost(methods: Iterable[Method], place: Place) -> Method | None:
    around = [each for each in methods if _holds(each.place, place)]
    return max(around, key=lambda each: (each.place.line, each.place.region.column), default=None)


def _holds(outer: Place, inner: Place) -> bool:
    around, at = outer.region, (inner.region.line, inner.region.column)
    return (around.line, around.column) <= at < (around.end_line, around.end_column)


# ---------------------------------------------------------------- calls of them


def _sites(each: Parsed) -> Iterator[Site]:
    methods = [fact for fact in each.facts if isinstance(fact, Method)]
    for fact in each.facts:
        if isinstance(fact, Call) and fact.callee.startswith(OWN):
            yield Site(fact, _innermost(methods, fact.place))


def _defined(found: Iterable[Parsed]) -> Mapping[str, list[Method]]:
    """The functions and classes that the programs have themselves, by their names."""
    defined: dict[str, list[Method]] = {}
    for each in found:
        for fact in each.facts:
            if isinstance(fact, Method):
                defined.setdefault(fact.name or fact.owner, []).append(fact)
    return defined


def _called(call: Call) -> str:
    """What a call runs: the function, or the class of what is made."""
    receiver, _, last = call.callee.removeprefix(OWN).removeprefix("new ").rpartition(".")
    return receiver.rpartition(".")[2] if last == "new" and receiver else last


def _meant(
    site: Site, known: Mapping[str, list[Sender]], defined: Mapping[str, list[Method]]
) -> Sender | None:
    """The function that a call runs, where its name or its receiver leaves no doubt."""
    own = known.get(site.name, [])
    called = site.call.callee.removeprefix(OWN)
    if not own:
        return None
    if own[0].making:
        made = called.startswith("new ") or called.endswith(".new") or called == site.name
        alone = {each.method.place.path for each in own}
        return own[0] if made and len(alone) == 1 and not _is_inside(site, own[0]) else None
    receivers = [_plain(part) for part in called.split(".")[:-1]]
    close = [each for each in own if _plain(each.method.owner) in receivers]
    if close:
        return close[0]
    bare = not receivers or receivers[-1] in ("self", "this", "static", "cls", "parent", "super")
    beside = [each for each in own if each.method.place.path == site.call.place.path]
    if bare and beside:
        return beside[0]
    others = [
        each
        for each in defined.get(site.name, ())
        if not any(each.place == one.method.place for one in own)
    ]
    if others or not _tells(site.name):
        return None
    if len({each.vendor for each in own}) > 1:
        return None
    near = bare or any(_alike(receivers[-1], each.method.owner) for each in own)
    return own[0] if near else None


def _is_inside(site: Site, sender: Sender) -> bool:
    return site.inside is not None and site.inside.owner == sender.method.owner


def _alike(receiver: str, owner: str) -> bool:
    """Is a variable called like a class: `mixpanelService`, `service`, `analytics`?"""
    plain = _plain(owner)
    return bool(plain) and len(receiver) > 3 and (receiver in plain or plain in receiver)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())


# ---------------------------------------------------------------- what they hand over


def _bound(sender: Sender, site: Site) -> Call | Request | None:
    """What the vendor is told by this call: the function's own words with the caller's in them."""
    given = _given(sender.method.takes, site.call.args)
    fact = sender.fact
    if isinstance(fact, Call):
        args = tuple(_filled(each, given) for each in fact.args)
        return replace(fact, place=site.call.place, args=args)
    return replace(
        fact,
        place=site.call.place,
        url=_filled(fact.url, given),
        body=_filled(fact.body, given),
    )


def _given(takes: Sequence[str], args: Sequence[Value]) -> Mapping[str, Value]:
    """The arguments of a call by the names of the parameters."""
    named = args[-1] if args and isinstance(args[-1], Object) else None
    given = dict(named.items) if named is not None else {}
    if named is not None and set(given) & set(takes):
        plain = args[:-1]
        return {**dict(zip(takes, plain, strict=False)), **given}
    return dict(zip(takes, args, strict=False))


def _filled(value: Value, given: Mapping[str, Value]) -> Value:
    """The value with what the caller gives in its holes."""
    match value:
        case Hole():
            return given.get(_word(value), value)
        case Text(parts=parts):
            filled = [
                given.get(_word(part), part) if isinstance(part, Hole) else part for part in parts
            ]
            if all(isinstance(part, str) for part in filled):
                return "".join(str(part) for part in filled)
            return Text(
                tuple(
                    each if isinstance(each, (str, Hole)) else part
                    for each, part in zip(filled, parts, strict=True)
                )
            )
        case Object(items=items):
            return Object(tuple((key, _filled(inner, given)) for key, inner in items))
        case tuple():
            return tuple(_filled(inner, given) for inner in value)
    return value
