"""What scripts are searched for, derived from the patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from analyzer.addresses import AddressPattern
from analyzer.model import Vocabulary
from analyzer.parse.values.scope import root_of
from analyzer.patterns import (
    AssignPattern,
    CallPattern,
    LibraryPattern,
    PackagePattern,
    SettingPattern,
)
from analyzer.signatures.records import Shapes, Signal
from analyzer.switches import Way

EVERYWHERE = frozenset({"document", "navigator", "location", "window", "jQuery", "$"})
ALWAYS_WANTED = (b"dataLayer", b"createElement", b"sendBeacon", b"document.write")
# What puts a host or a name together that is not to be found: few other scripts hold one of these.
HIDES = (b"fromCharCode", b"fromCodePoint", b"atob", b"unescape", b"new Image", b"reverse().join")
JOINTS = {"gem": "::", "composer": "\\"}  # what stands between a class and its module
NO_SHAPES = Shapes({})
SHORTEST = 4  # characters of a path that scripts are searched for: others have ".js" too


def of(
    signals: Iterable[Signal | Way],
    shapes: Mapping[str, Shapes],
    callbacks: Iterable[tuple[str, str]] = (),
    functions: Iterable[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = (),
) -> Vocabulary:
    """What scripts are searched for, derived from the patterns."""
    names: set[str] = {"dataLayer"}
    packages: set[str] = set()
    words: set[bytes] = {*ALWAYS_WANTED, *HIDES}
    settings: set[str] = set()
    libraries: dict[str, list[tuple[bytes, ...]]] = {}
    offered: dict[str, dict[str, set[str]]] = {}
    for signal in signals:
        match signal.pattern:
            case CallPattern(callee=name) | AssignPattern(target=name):
                root = root_of(name)
                if ":" in root and not root.startswith("npm:"):  # a call of a server's library
                    packages.add(name)
                    root = _word_of_library(name.removeprefix("new "))
                elif root.startswith("npm:"):
                    packages.add(root.removeprefix("npm:"))
                    for holder, key in _offers(name):
                        known = offered.setdefault(signal.vendor, {})
                        known.setdefault(holder, set()).add(key)
                elif root in EVERYWHERE:  # a property of what every script speaks to
                    names.add(name)
                    root = name.rpartition(".")[2]
                elif "*" not in root:
                    names.add(root)
                word = root.removeprefix("npm:").strip("*")
            case PackagePattern(ecosystem="npm", name=name):
                word = name
            case PackagePattern(ecosystem=ecosystem, name=name):
                packages.add(f"{ecosystem}:{name}")
                word = ""
            case AddressPattern(host=host, path=path):
                labels = max(re.split(r"(?:^|\.)[*$]\w*(?:\.|$)", host), key=len)
                word = labels or _longest_word(path)
                if len(word) < SHORTEST:  # any host, any path: only the account tells
                    word = _beginning(shapes.get(signal.vendor, NO_SHAPES).get("id"))
            case SettingPattern(word=name):
                settings.add(name)
                word = _beginning(shapes.get(signal.vendor, NO_SHAPES).get("id"))
            case LibraryPattern(texts=texts):
                group = tuple(text.encode() for text in texts)
                libraries.setdefault(signal.vendor, []).append(group)
                word = ""
            case _:
                word = ""
        # a weak signal needs a strong one, whose word is here anyway
        if word and not getattr(signal, "weak", False):
            words.add(word.encode())
    return Vocabulary(
        frozenset(names),
        frozenset(packages),
        tuple(sorted(words)),
        tuple(sorted(settings)),
        tuple(sorted(callbacks)),
        tuple(tuple(libraries[vendor]) for vendor in sorted(libraries)),
        tuple(
            (package, tuple(sorted(offered[vendor][package])), tuple(libraries[vendor]))
            for vendor in sorted(libraries)
            for package in sorted(offered.get(vendor, {}))
        ),
        tuple(
            (name, _bytes(holds), _bytes(calls), tuple(libraries[vendor]))
            for vendor, name, holds, calls in functions
        ),
    )


def _bytes(texts: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(each.encode() for each in texts)


def _offers(callee: str) -> Iterator[tuple[str, str]]:
    """What a call asks of a package, and of what it offers: `npm:a.B.load().track` asks the
    package for `B`, and that for `load` and `track`.
    """
    name = callee.removeprefix("new ")
    holder = root_of(name)
    for label in name[len(holder) :].removeprefix("()").split(".")[1:]:
        key = label.removesuffix("()")
        if "*" in key or not key:
            return
        yield holder, key
        if not label.endswith("()"):
            holder = f"{holder}.{key}"


def _beginning(shape: re.Pattern[str] | None) -> str:
    """What ids of a shape begin with, such as GTM-, where they tell their product themselves."""
    found = re.match(r"\(?(?:\?:)?([A-Z]{1,4}-)", shape.pattern) if shape is not None else None
    return found[1] if found else ""


def _word_of_library(name: str) -> str:
    """What a program must hold that calls a library: of Java the package, of Ruby and PHP the class
    with its module, else the longest name.

    Of an app the imports tell whether it is read: Branch and Segment are words of many texts.
    """
    ecosystem, _, whole = name.partition(":")
    labels = whole.split(".")[:-1]
    if ecosystem in ("swiftpm", "pub", "cocoapods"):
        return ""
    if ecosystem in JOINTS:  # Segment and Analytics are words of many texts, together of few
        spaces = list(takewhile(lambda each: each[:1].isupper(), labels))
        return JOINTS[ecosystem].join(spaces[:2])
    if ecosystem == "maven":
        package = ".".join(takewhile(str.islower, labels))
        return package or max(labels, key=len, default="")
    return max(labels, key=len, default="")


def _longest_word(pattern: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", re.sub(r"\(\?P<\w+>[^)]*\)|\.\*", "\0", pattern))
    return max(re.split(r"[\0]", plain), key=len, default="")
