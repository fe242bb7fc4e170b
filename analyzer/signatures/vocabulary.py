"""What scripts are searched for, derived from the patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
NO_SHAPES = Shapes({})


def of(
    signals: Iterable[Signal | Way],
    shapes: Mapping[str, Shapes],
    callbacks: Iterable[tuple[str, str]] = (),
) -> Vocabulary:
    """What scripts are searched for, derived from the patterns."""
    names: set[str] = {"dataLayer"}
    packages: set[str] = set()
    words: set[bytes] = {*ALWAYS_WANTED, *HIDES}
    settings: set[str] = set()
    libraries: dict[str, list[tuple[bytes, ...]]] = {}
    for signal in signals:
        match signal.pattern:
            case CallPattern(callee=name) | AssignPattern(target=name):
                root = root_of(name)
                if ":" in root and not root.startswith("npm:"):  # a call of a server's library
                    packages.add(name)
                    root = _word_of_library(name.removeprefix("new "))
                elif root.startswith("npm:"):
                    packages.add(root.removeprefix("npm:"))
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
    )


def _beginning(shape: re.Pattern[str] | None) -> str:
    """What ids of a shape begin with, such as GTM-, where they tell their product themselves."""
    found = re.match(r"\(?(?:\?:)?([A-Z]{1,4}-)", shape.pattern) if shape is not None else None
    return found[1] if found else ""


def _word_of_library(name: str) -> str:
    """What a program must hold that calls a library: of Java the package, else the longest name.

    Of an app the imports tell whether it is read: Branch and Segment are words of many texts.
    """
    ecosystem, _, whole = name.partition(":")
    labels = whole.split(".")[:-1]
    if ecosystem in ("swiftpm", "pub"):
        return ""
    if ecosystem == "maven":
        package = ".".join(takewhile(str.islower, labels))
        return package or max(labels, key=len, default="")
    return max(labels, key=len, default="")


def _longest_word(pattern: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", re.sub(r"\(\?P<\w+>[^)]*\)|\.\*", "\0", pattern))
    return max(re.split(r"[\0]", plain), key=len, default="")
