"""Patterns by what a fact must have for one of them to fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeAlias, TypeVar

from analyzer.addresses import AddressPattern, address_of
from analyzer.model import (
    Assign,
    Call,
    Container,
    Fact,
    Frame,
    Library,
    Link,
    Package,
    Pixel,
    Push,
    Request,
    ScriptLoad,
    Setting,
    Style,
    Tag,
    options,
)
from analyzer.parse.values.scope import root_of
from analyzer.patterns import (
    AssignPattern,
    CallPattern,
    ContainerPattern,
    LibraryPattern,
    PackagePattern,
    Pattern,
    SettingPattern,
    TagPattern,
)

WIDE = "*"
NAME, HOST, PACKAGE, TAG, SETTING = "name", "host", "package", "tag", "setting"
LIBRARY, CONTAINER = "library", "container"

Item = TypeVar("Item")
Key: TypeAlias = tuple[str, str]


def key_of(pattern: Pattern) -> Key:
    """What finds a pattern: its kind, and what a fact must have for it to fit."""
    match pattern:
        case CallPattern(callee=name) | AssignPattern(target=name):
            return NAME, _root(name)
        case AddressPattern(host=host):
            return HOST, _domain(host) if host else WIDE
        case PackagePattern(name=name):
            return PACKAGE, name
        case TagPattern(type=name):
            return TAG, name.lower()
        case SettingPattern():
            return SETTING, ""
        case LibraryPattern(texts=texts):
            return LIBRARY, texts[0]
        case ContainerPattern(manager=name):
            return CONTAINER, name


class Index(Generic[Item]):
    """Holds things by the key of the pattern that each of them has."""

    def __init__(self, items: Iterable[tuple[Key, Item]]) -> None:
        self._items: dict[Key, list[Item]] = {}
        for key, item in items:
            self._items.setdefault(key, []).append(item)

    def of(self, fact: Fact) -> Iterator[Item]:
        """Everything whose pattern may fit the fact."""
        match fact:
            case Call(callee=name) | Assign(target=name):
                yield from self._items.get((NAME, _root(name)), ())
                yield from self._items.get((NAME, WIDE), ())
            case Push(layer=layer):
                yield from self._items.get((NAME, _root(layer)), ())
            case Package(name=name):
                for prefix in _prefixes(name):
                    yield from self._items.get((PACKAGE, prefix), ())
            case Setting():
                yield from self._items.get((SETTING, ""), ())
            case Library(texts=texts):
                for text in sorted(texts):
                    yield from self._items.get((LIBRARY, text), ())
            case Container(manager=name):
                yield from self._items.get((CONTAINER, name), ())
            case Tag():
                yield from self._items.get((TAG, fact.type.lower()), ())
                yield from self._items.get((TAG, fact.template.lower()), ())
            case ScriptLoad() | Pixel() | Frame() | Request() | Style() | Link():
                for url in options(fact.url):
                    address = address_of(url)
                    if address is not None:
                        yield from self._items.get((HOST, _domain(address.host)), ())
                        yield from self._items.get((HOST, WIDE), ())


def _root(name: str) -> str:
    root = root_of(name)
    return WIDE if "*" in root else root


def _domain(host: str) -> str:
    """The last two labels: enough to find the patterns that may fit."""
    last = host.split(".")[-2:]
    return WIDE if any(each[0] in "*$" for each in last if each) else ".".join(last)


def _prefixes(name: str) -> Iterator[str]:
    parts = name.split("/")
    for count in range(1, len(parts) + 1):
        yield "/".join(parts[:count])
