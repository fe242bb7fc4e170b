"""Facts against signatures: which vendor is this, and what did it reveal?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from analyzer.addresses import AddressPattern, Captures, address_of
from analyzer.model import (
    Assign,
    Call,
    Container,
    Datum,
    Detection,
    Fact,
    Frame,
    Hole,
    Link,
    Object,
    Package,
    Pixel,
    Push,
    Request,
    Role,
    ScriptLoad,
    Setting,
    Style,
    Tag,
    TagRef,
    Text,
    Value,
    options,
)
from analyzer.parse.scope import root_of
from analyzer.patterns import AssignPattern, CallPattern, PackagePattern, SettingPattern, TagPattern
from analyzer.signatures import Signal, Signatures

PLACEHOLDER = re.compile(
    r"(?:[A-Z]{1,4}-)?(?:X{2,}(?:[-_]?[X\d]*)*|x{3,}(?:-x+)*|0{4,}(?:-\d)?|1234567890?|123456789\d*|1{6,})$"
    r"|.*(?:YOUR|REPLACE|PLACEHOLDER|CHANGE[_-]?ME|INSERT|EXAMPLE|DUMMY|TODO).*|.*(?:_ID|-ID|[_-]HERE)$"
    r"|%%?\w+%%?$|<[^>]*>$|\[[^\]]*\]$|(?:GTM|G|UA|AW)-(?:DEMO|TEST)\w*$",
    re.I,
)
IGNORED_NAMES = frozenset({"id", "event", "_"})
WIDE = "*"
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
STRAY = " \t\r\n\"'"  # what is left around an id when it is copied into a setting
MOST_DATA = 60  # pieces of data that one detection lists


class Matcher:
    """Holds the signals by what a fact must have for one of them to fit."""

    def __init__(self, signatures: Signatures) -> None:
        self.signatures = signatures
        self.words = {
            word: each.id for each in signatures.data for word in (*each.words, *each.codes)
        }
        self.whole = {word: each.id for each in signatures.data for word in each.weak}
        self.by_name: dict[str, list[Signal]] = {}
        self.by_host: dict[str, list[Signal]] = {}
        self.packages: dict[str, list[Signal]] = {}
        self.tags: dict[str, list[Signal]] = {}
        self.settings: list[Signal] = []
        for signal in signatures.signals:
            match signal.pattern:
                case CallPattern(callee=name) | AssignPattern(target=name):
                    self.by_name.setdefault(_root(name), []).append(signal)
                case AddressPattern(host=host):
                    self.by_host.setdefault(_domain(host) if host else WIDE, []).append(signal)
                case PackagePattern(name=name):
                    self.packages.setdefault(name, []).append(signal)
                case TagPattern(type=name):
                    self.tags.setdefault(name.lower(), []).append(signal)
                case SettingPattern():
                    self.settings.append(signal)

    def detect(self, fact: Fact) -> Iterator[Detection]:
        """The vendors that a fact shows, each role once; a container gives those of all its
        tags.
        """
        if isinstance(fact, Container):
            for tag in fact.tags:
                yield from self.detect_tag(tag, fact)
            return
        yield from self._choose(fact, self._candidates(fact))

    def detect_tag(self, tag: Tag, container: Container) -> Iterator[Detection]:
        """The vendors of one tag: by its type or template, and by what its own code does."""
        ref = TagRef(container.container_id, container.place.path, tag.tag_id, tag.name)
        seen: set[tuple[str, Role, object]] = set()
        own = list(self._choose(tag, self._candidates(tag)))
        inner = [found for fact in tag.facts for found in self.detect(fact)]
        for found in (*own, *inner):
            key = (found.vendor, found.role, found.place)
            if key not in seen:
                seen.add(key)
                yield replace(found, tag=ref)

    def category(self, name: str) -> str:
        """The category of personal or health data that a name means, or an empty text."""
        words = split_words(name)
        joined = "_".join(words)
        if joined in self.words or joined in self.whole:
            return self.words.get(joined) or self.whole[joined]
        for size in (3, 2, 1):
            for start in range(len(words) - size + 1):
                found = self.words.get("_".join(words[start : start + size]))
                if found and (size > 1 or len(words[start]) > 2):
                    return found
        return ""

    def _candidates(self, fact: Fact) -> Iterator[Signal]:
        match fact:
            case Call(callee=name) | Assign(target=name):
                yield from self.by_name.get(_root(name), ())
                yield from self.by_name.get(WIDE, ())
            case Push(layer=layer):
                yield from self.by_name.get(_root(layer), ())
            case Package(name=name):
                for prefix in _prefixes(name):
                    yield from self.packages.get(prefix, ())
            case Setting():
                yield from self.settings
            case Tag():
                yield from self.tags.get(fact.type.lower(), ())
                yield from self.tags.get(fact.template.lower(), ())
            case ScriptLoad() | Pixel() | Frame() | Request() | Style() | Link():
                for url in options(fact.url):
                    address = address_of(url)
                    if address is not None:
                        yield from self.by_host.get(_domain(address.host), ())
                        yield from self.by_host.get(WIDE, ())

    def _choose(self, fact: Fact, candidates: Iterator[Signal]) -> Iterator[Detection]:
        """Of the vendors whose signals fit, those whose signals ask for most; of each role, the
        fullest.
        """
        best: dict[tuple[str, Role], tuple[int, int, Signal, Captures]] = {}
        for signal in candidates:
            if isinstance(signal.pattern, AddressPattern) and signal.role not in SUITS[type(fact)]:
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
                isinstance(value, (str, int)) and name in self.signatures.shapes[signal.vendor]
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
            if most[vendor] == highest:
                yield self._detection(fact, vendor, role, signal, captures)

    def _shapes_fit(self, vendor: str, captures: Captures, needs_id: bool) -> bool:
        shapes, needs_known = self.signatures.shapes[vendor], self.signatures.needs_known[vendor]
        if needs_id and "id" in needs_known and "id" not in captures:
            return False
        for name, value in captures.items():
            shape = shapes.get(name)
            branches = options(value)
            if name in needs_known and not any(
                _is_literal(each) or _begins_like(shape, each) for each in branches
            ):
                return False
            if shape is not None and not any(
                _suits(shape, each, name in needs_known) for each in branches
            ):
                return False
        return True

    def _is_an_id(self, vendor: str, captures: Captures) -> bool:
        """Has a setting's value the shape of the vendor's ids? A name alone is no tracker."""
        shape = self.signatures.shapes[vendor].get("id")
        return shape is not None and shape.fullmatch(str(captures["id"])) is not None

    def _detection(
        self, fact: Fact, vendor: str, role: Role, signal: Signal, captures: Captures
    ) -> Detection:
        shape = self.signatures.shapes[vendor].get("id")
        found = [
            str(each).strip(STRAY) for each in options(captures.get("id")) if _is_literal(each)
        ]
        ids = tuple(dict.fromkeys(name for each in found if (name := _id_in(shape, each))))
        data = tuple(
            datum
            for name, value in captures.items()
            if name != "id"
            for datum in self._data(name, value, fact)
        )[:MOST_DATA]
        proxied = (
            isinstance(signal.pattern, AddressPattern)
            and not signal.pattern.host
            and role is not Role.MARKER
        )
        return Detection(
            vendor,
            role,
            fact.place,
            fact,
            ids,
            data,
            weak=signal.weak,
            proxied=proxied,
            placeholder=bool(ids) and all(PLACEHOLDER.match(each) for each in ids),
        )

    def _data(self, name: str, value: Value, fact: Fact) -> Iterator[Datum]:
        if isinstance(value, Object):
            for key, inner in value.items:
                if isinstance(inner, Object):
                    yield from self._data(key, inner, fact)
                else:
                    yield Datum(key, inner, self.category(key), fact.place)
        elif name not in IGNORED_NAMES or name == "event":
            yield Datum(name, value, "" if name == "event" else self.category(name), fact.place)


def split_words(name: str) -> list[str]:
    """The words of a field's or a variable's name, in small letters: `patientFirstName` is
    three.
    """
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return [word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word]


def _settle_known_id(captures: Captures) -> bool:
    """Make `$known_id` the id; False where it cannot be read, for calls that products share."""
    if "known_id" in captures:
        captures["id"] = captures.pop("known_id")
        return any(_is_literal(each) for each in options(captures["id"]))
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


def _suits(shape: re.Pattern[str], value: Value, must_be_known: bool) -> bool:
    if _is_literal(value):
        text = str(value).strip(STRAY)
        return bool(shape.fullmatch(text)) or (
            bool(PLACEHOLDER.match(text)) and not must_be_known and _begins_like(shape, text)
        )
    if isinstance(value, Text):
        return _begins_like(shape, value)
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


def _root(name: str) -> str:
    root = root_of(name)
    return WIDE if "*" in root else root


def _domain(host: str) -> str:
    """The last two labels: enough to find the signals that may fit."""
    last = host.split(".")[-2:]
    return WIDE if any(each[0] in "*$" for each in last if each) else ".".join(last)


def _prefixes(name: str) -> Iterator[str]:
    parts = name.split("/")
    for count in range(1, len(parts) + 1):
        yield "/".join(parts[:count])
