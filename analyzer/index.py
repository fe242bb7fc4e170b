"""Patterns by what a fact must have for one of them to fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from analyzer.addresses import AddressPattern, address_of
from analyzer.model import (
    Assign,
    Call,
    Fact,
    Frame,
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
from analyzer.parse.scope import root_of
from analyzer.patterns import (
    AssignPattern,
    CallPattern,
    PackagePattern,
    Pattern,
    SettingPattern,
    TagPattern,
)

WIDE = "*"

Item = TypeVar("Item")


class Index(Generic[Item]):
    """Holds things by the pattern that each of them has."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[Item]] = {}
        self.by_host: dict[str, list[Item]] = {}
        self.packages: dict[str, list[Item]] = {}
        self.tags: dict[str, list[Item]] = {}
        self.settings: list[Item] = []

    def add(self, pattern: Pattern, item: Item) -> None:
        match pattern:
            case CallPattern(callee=name) | AssignPattern(target=name):
                self.by_name.setdefault(_root(name), []).append(item)
            case AddressPattern(host=host):
                self.by_host.setdefault(_domain(host) if host else WIDE, []).append(item)
            case PackagePattern(name=name):
                self.packages.setdefault(name, []).append(item)
            case TagPattern(type=name):
                self.tags.setdefault(name.lower(), []).append(item)
            case SettingPattern():
                self.settings.append(item)

    def of(self, fact: Fact) -> Iterator[Item]:
        """Everything whose pattern may fit the fact."""
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
