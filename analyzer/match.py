"""Facts against signatures: which vendor is this, and what did it reveal?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from analyzer.addresses import (
    UNKNOWN_TAIL,
    AddressPattern,
    Captures,
    address_of,
    packages_at,
)
from analyzer.carried import carried
from analyzer.categories import Categories
from analyzer.index import Index, key_of
from analyzer.model import (
    Choice,
    Container,
    Datum,
    Detection,
    Fact,
    Feature,
    Frame,
    Hole,
    Link,
    Object,
    Package,
    Pixel,
    Request,
    Role,
    ScriptLoad,
    Setting,
    Style,
    Switch,
    Tag,
    TagRef,
    Text,
    Value,
    holes,
    options,
)
from analyzer.patterns import SettingPattern, TagPattern
from analyzer.signatures import Signal, Signatures
from analyzer.switches import agreed

PLACEHOLDER = re.compile(
    r"(?:[A-Z]{1,4}-)?(?:X{2,}[-_XY\d]*|0{4,}(?:-\d)?|1234567890?|123456789\d*|1{6,})$"
    r"|.*(?:YOUR|REPLACE|PLACEHOLDER|CHANGE[_-]?ME|INSERT|EXAMPLE|DUMMY|TODO).*|.*(?:_ID|-ID|[_-]HERE)$"
    r"|%%?\w+%%?$|<[^>]*>$|\[[^\]]*\]$|(?:GTM|G|UA|AW)-(?:DEMO|TEST)\w*$",
    re.I,
)
OPTIONS = "options"  # settings of a call: what has a category counts, if it is not told as a person
IGNORED_NAMES = frozenset({"id", "event", "_"})
# What an address may show, by what asks for it; a link that is only written down shows a marker at
# most.
SUITS: dict[type[Fact], frozenset[Role]] = {
    ScriptLoad: frozenset(
        {Role.LOADER, Role.CONTAINER, Role.SETUP, Role.CONFIG, Role.GATE, Role.MARKER}
    ),
    Pixel: frozenset({Role.PIXEL, Role.EVENT, Role.IDENTITY, Role.MARKER}),
    Frame: frozenset(
        {Role.PIXEL, Role.CONTAINER, Role.LOADER, Role.SETUP, Role.EVENT, Role.MARKER}
    ),
    Request: frozenset(
        {
            Role.PIXEL,
            Role.EVENT,
            Role.IDENTITY,
            Role.SERVER,
            Role.CONFIG,
            Role.SETUP,
            Role.MARKER,
        }
    ),
    Style: frozenset({Role.LOADER, Role.PIXEL, Role.MARKER}),
    Link: frozenset({Role.MARKER}),
}
HELD_IN_SETTINGS = frozenset({Role.LOADER, Role.CONTAINER, Role.SERVER})  # addresses, kept apart
STRAY = " \t\r\n\"'"  # what is left around an id when it is copied into a setting
MOST_DATA = 60  # pieces of data that one detection lists
# What something else fills in before a page is served: %id%, {{ id }}, ${id}, <id>, [id], __ID__
UNFILLED = re.compile(r"\s*(?:%|\{\{?|\$\{|<|\[|__)")


class Matcher:
    """Holds the signals by what a fact must have for one of them to fit."""

    def __init__(self, signatures: Signatures) -> None:
        self.signatures = signatures
        self.categories = Categories(signatures.data, signatures.beside)
        self.index = Index((each.key, each) for each in signatures.signals)
        self.ways = Index((key_of(each.pattern), each) for each in signatures.switches)

    def detect(self, fact: Fact) -> Iterator[Detection]:
        """The vendors that a fact shows, each role once; a container gives those of all its
        tags.
        """
        if isinstance(fact, Container):
            for tag in fact.tags:
                yield from self.detect_tag(tag, fact)
            return
        found = list(self._choose(fact, self.index.of(fact)))
        others: Iterator[Detection] = iter(())
        if isinstance(fact, Setting):
            others = self._asked_for(fact)
        elif isinstance(fact, (ScriptLoad, Pixel, Frame, Request)):
            others = chain(self._at_each(fact), self._from_registries(fact))
        for each in others:
            if all(each.vendor != one.vendor for one in found):
                found.append(each)
        yield from self._with_switches(fact, found)

    def _at_each(self, fact: ScriptLoad | Pixel | Frame | Request) -> Iterator[Detection]:
        """The vendors of each address where several are possible."""
        urls = options(fact.url)
        for url in urls if len(urls) > 1 else ():
            one = replace(fact, url=url)
            for found in self._choose(one, self.index.of(one)):
                yield replace(found, fact=fact)

    def _from_registries(self, fact: Fact) -> Iterator[Detection]:
        """The vendors whose package a script is that a public host of packages serves."""
        if not isinstance(fact, ScriptLoad):
            return
        for name in packages_at(fact.url):
            asked = Package(place=fact.place, ecosystem="npm", name=name)
            for found in self._choose(asked, self.index.of(asked)):
                if found.role is Role.PACKAGE:
                    yield replace(found, role=Role.LOADER, fact=fact)

    def _asked_for(self, setting: Setting) -> Iterator[Detection]:
        """The vendors whose script or endpoint has the address that a setting holds."""
        asked: tuple[Fact, ...] = ()
        if "//" in setting.value:
            asked = (
                ScriptLoad(place=setting.place, url=setting.value),
                Request(place=setting.place, url=setting.value),
            )
        for fact in asked:
            for each in self._choose(fact, self.index.of(fact)):
                if each.role in HELD_IN_SETTINGS and not each.proxied:
                    yield replace(each, role=Role.CONFIG, fact=setting)

    def detect_container(self, container: Container) -> Iterator[Detection]:
        """What a container is by itself, where browsers get it from a file of the site's own."""
        for found in self._choose(container, self.index.of(container)):
            yield replace(found, proxied=True)

    def detect_tag(self, tag: Tag, container: Container) -> Iterator[Detection]:
        """The vendors of one tag: by its type or template, and by what its own code does."""
        ref = TagRef(container.container_id, container.place.path, tag.tag_id, tag.name)
        seen: set[tuple[str, Role, object]] = set()
        own = list(self._with_switches(tag, list(self._choose(tag, self.index.of(tag)))))
        inner = [found for fact in tag.facts for found in self.detect(fact)]
        for found in (*own, *inner):
            key = (found.vendor, found.role, found.place)
            if key not in seen:
                seen.add(key)
                yield replace(found, tag=ref)

    def category(self, name: str) -> str:
        """The category of personal or health data that a name means, or an empty text."""
        return self.categories.of_name(name).category

    def _choose(self, fact: Fact, candidates: Iterator[Signal]) -> Iterator[Detection]:
        """Of the vendors whose signals fit, those whose signals ask for most; of each role, the
        fullest.
        """
        best: dict[tuple[str, Role], tuple[int, int, Signal, Captures]] = {}
        for signal in candidates:
            if signal.is_address and signal.role not in SUITS[type(fact)]:
                continue
            captures = signal.pattern.fits(fact)
            if captures is None or not _settle_known_id(captures):
                continue
            if isinstance(signal.pattern, SettingPattern) and not self._is_an_id(
                signal.vendor, captures
            ):
                continue
            if not self._shapes_fit(signal.vendor, captures, _has_id(signal)):
                continue
            shaped = sum(
                (
                    any(map(_is_literal, options(value)))
                    and name in self.signatures.shapes[signal.vendor]
                )
                or self._is_named(signal.vendor, name, value)
                for name, value in captures.items()
            )
            rank = (signal.pattern.literals + shaped, len(captures), signal, captures)
            key = (signal.vendor, signal.role)
            if key not in best or rank[:2] > best[key][:2]:
                best[key] = rank
        if not best:
            return
        most: dict[str, int] = {}
        for (vendor, _), rank in best.items():
            most[vendor] = max(most.get(vendor, 0), rank[0])
        highest = max(most.values())
        for (vendor, role), (_, _, signal, captures) in best.items():
            if role is Role.SERVER and isinstance(fact, Request) and fact.by_browser:
                if (vendor, Role.EVENT) in best:
                    continue
                role = Role.EVENT
            if most[vendor] == highest:
                others = [each[3] for key, each in best.items() if key == (vendor, Role.IDENTITY)]
                yield self._detection(fact, vendor, role, signal, captures, others)

    def _with_switches(self, fact: Fact, found: Sequence[Detection]) -> Iterator[Detection]:
        """The detections with the switches that the fact turns; a fact that does no more than that
        is a setting, which counts where the product itself is found.
        """
        turned = self._turned(fact)
        for each in found:
            own, _ = turned.pop(each.vendor, ((), ()))
            yield replace(each, switches=own) if own else each
        for vendor, (switches, ids) in turned.items():
            yield Detection(
                vendor, Role.CONFIG, fact.place, fact, ids, weak=True, switches=switches
            )

    def _turned(self, fact: Fact) -> dict[str, tuple[tuple[Switch, ...], tuple[str, ...]]]:
        """The switches that a fact turns, and the ids it names, by vendor."""
        states: dict[tuple[str, Feature, str], list[bool | None]] = {}
        ids: dict[str, tuple[str, ...]] = {}
        for way in self.ways.of(fact) if not isinstance(fact, Link) else ():
            said = way.state(fact)
            if said is None or not self._shapes_fit(way.vendor, said[1], False):
                continue
            states.setdefault((way.vendor, way.feature, way.name), []).append(said[0])
            ids[way.vendor] = self._ids(way.vendor, said[1]) or ids.get(way.vendor, ())
        turned: dict[str, tuple[tuple[Switch, ...], tuple[str, ...]]] = {}
        for (vendor, feature, name), each in states.items():
            switch = Switch(feature, name, agreed(each), fact.place)
            turned[vendor] = ((*turned.get(vendor, ((), ()))[0], switch), ids[vendor])
        return turned

    def _ids(self, vendor: str, captures: Captures) -> tuple[str, ...]:
        """The account's ids that can be read."""
        shape = self.signatures.shapes[vendor].get("id")
        found = [
            str(each).strip(STRAY) for each in options(captures.get("id")) if _is_literal(each)
        ]
        return tuple(dict.fromkeys(name for each in found if (name := _id_in(shape, each))))

    def _shapes_fit(self, vendor: str, captures: Captures, needs_id: bool) -> bool:
        shapes, needs_known = self.signatures.shapes[vendor], self.signatures.needs_known[vendor]
        if needs_id and "id" in needs_known and "id" not in captures:
            return False
        for name, value in captures.items():
            shape = shapes.get(name)
            branches = [each for each in options(value) if _is_literal(each)] or options(value)
            if self._is_named(vendor, name, value):
                continue
            if name in needs_known and not any(
                _is_literal(each) or _begins_like(shape, each) for each in branches
            ):
                return False
            if shape is not None and not any(
                _suits(shape, each, name in needs_known) for each in branches
            ):
                return False
        return True

    def _is_named(self, vendor: str, name: str, value: Value) -> bool:
        """Is a value that cannot be read called what the vendor's ids are called?"""
        wanted = self.signatures.needs_known[vendor]
        if name not in wanted or not wanted.texts[name]:
            return False
        return any(
            isinstance(each, Hole) and wanted[name].search(f"{each.text} {each.origin.name}")
            for each in options(value)
        )

    def _is_an_id(self, vendor: str, captures: Captures) -> bool:
        """Has a setting's value the shape of the vendor's ids? A name alone is no tracker."""
        shape = self.signatures.shapes[vendor].get("id")
        return shape is not None and shape.fullmatch(str(captures["id"])) is not None

    def _detection(
        self,
        fact: Fact,
        vendor: str,
        role: Role,
        signal: Signal,
        captures: Captures,
        others: Iterable[Captures],
    ) -> Detection:
        ids = self._ids(vendor, captures)
        told = [value for each in others if each is not captures for value in each.values()]
        named = [*_named(captures)]
        data = [
            datum
            for name, value in named
            for datum in self._data(name, value, fact)
            if name != OPTIONS or (datum.category and datum.value not in told)
        ]
        data.extend(self._carried(fact, [value for _, value in named]))
        proxied = (
            isinstance(signal.pattern, AddressPattern)
            and not signal.pattern.host
            and role is not Role.MARKER
            and not _is_anywhere(fact)
        )
        return Detection(
            vendor,
            role,
            fact.place,
            fact,
            ids,
            tuple(data[:MOST_DATA]),
            weak=signal.weak,
            proxied=proxied,
            placeholder=bool(ids) and all(PLACEHOLDER.match(each) for each in ids),
        )

    def _carried(self, fact: Fact, captured: Sequence[Value]) -> Iterator[Datum]:
        """What a request carries beside what its signature names; an address from which a script is
        loaded is full of settings, and only what has a category counts.
        """
        for name, value in carried(fact):
            if value not in captured:
                datum = self._datum(name, value, fact)
                if datum.category or not isinstance(fact, ScriptLoad):
                    yield datum

    def _data(self, name: str, value: Value, fact: Fact) -> Iterator[Datum]:
        """What a value holds, key by key; of a choice between objects the keys of all of them."""
        branches = options(value)
        if not any(isinstance(each, Object) for each in branches):
            if name not in IGNORED_NAMES or name == "event":
                yield self._datum(name, value, fact)
            return
        found: dict[Datum, None] = {}
        for branch in branches:
            if not isinstance(branch, Object):
                if any(True for _ in holes(branch)):
                    found.update(dict.fromkeys(self._data(name, branch, fact)))
                continue
            for key, inner in branch.items:
                key = name if key == "..." else key
                nested = any(isinstance(each, Object) for each in options(inner))
                given = self._data(key, inner, fact) if nested else (self._datum(key, inner, fact),)
                found.update(dict.fromkeys(given))
        yield from found

    def _datum(self, name: str, value: Value, fact: Fact) -> Datum:
        if name == "event":
            return Datum(name, value, "", fact.place)
        category, told_by = self.categories.of_datum(name, value)
        return Datum(name, value, category, fact.place, told_by)


def _named(captures: Captures) -> Iterator[tuple[str, Value]]:
    """What a call hands over; of a name and its value, the one by the other. What may stand in the
    rest of an address is not handed over as far as one can tell.
    """
    pairs = {
        key: _without_tail(value)
        for key, value in captures.items()
        if key != "id" and value != UNKNOWN_TAIL
    }
    if "value" in pairs and "name" in pairs:
        name = pairs.pop("name")
        yield (name if isinstance(name, str) and name else "value"), pairs.pop("value")
    yield from pairs.items()


def _without_tail(value: Value) -> Value:
    """What one of several addresses does not say is left to those that say it."""
    if not isinstance(value, Choice):
        return value
    said = tuple(each for each in value.options if each != UNKNOWN_TAIL)
    return said[0] if len(said) == 1 else Choice(said)


def _settle_known_id(captures: Captures) -> bool:
    """Make `$known_id` the id; False where it cannot be read, for calls that products share."""
    if "known_id" in captures:
        captures["id"] = captures.pop("known_id")
        known = (each for each in options(captures["id"]) if _is_literal(each))
        return any(not UNFILLED.match(str(each)) for each in known)
    return True


def _has_id(signal: Signal) -> bool:
    return isinstance(signal.pattern, TagPattern) and any(
        getattr(value, "name", "") == "id" for _, value in signal.pattern.parameters
    )


def _id_in(shape: re.Pattern[str] | None, text: str) -> str:
    """The id in a literal: what the shape's group holds, or the whole of it."""
    if shape is None:
        return text
    fit = shape.fullmatch(text)
    if fit is None:
        return text if PLACEHOLDER.match(text) else ""
    return fit[1] if fit.re.groups and fit[1] else fit[0]


def _is_literal(value: Value) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != ""


def _is_anywhere(fact: Fact) -> bool:
    """Is an address on a host that cannot be read?"""
    urls = options(fact.url) if isinstance(fact, (ScriptLoad, Pixel, Frame, Request)) else ()
    known = [address_of(url) for url in urls]
    return bool(known) and all(each is not None and "\x00" in each.host for each in known)


def _suits(shape: re.Pattern[str], value: Value, must_be_known: bool) -> bool:
    if _is_literal(value):
        text = str(value).strip(STRAY)
        return bool(shape.fullmatch(text)) or (
            bool(PLACEHOLDER.match(text)) and not must_be_known and _begins_like(shape, text)
        )
    if isinstance(value, Text):
        unread = isinstance(value.parts[0], Hole) and not must_be_known
        return unread or _begins_like(shape, value)
    return isinstance(value, Hole) and not must_be_known


def _begins_like(shape: re.Pattern[str] | None, value: Value) -> bool:
    """Does the readable beginning agree with the shape's own, such as `AW-`?"""
    text = value.parts[0] if isinstance(value, Text) else value
    prefix = re.match(r"\(?(?:\?:)?([A-Z]{1,4}-)", shape.pattern) if shape is not None else None
    if isinstance(text, str):
        return (
            prefix is None
            or text.upper().startswith(prefix[1])
            or not re.match(r"[A-Z]{1,4}-", text)
        )
    return prefix is None and isinstance(value, Text)
