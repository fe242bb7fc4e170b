"""Addresses in pieces, and the patterns that fit them: `host/path?id=$id`, label by label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from typing import TypeAlias
from urllib.parse import unquote

from analyzer.model import (
    Fact,
    Frame,
    Hole,
    Link,
    Pixel,
    Request,
    ScriptLoad,
    Style,
    Text,
    UserError,
    Value,
    options,
)
from analyzer.parse.values.document import choice, joined
from analyzer.parse.values.registries import package_at

ANY = r".*"
UNKNOWN_TAIL = Hole("the rest of the address")

Captures: TypeAlias = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Address:
    """An address in pieces; its holes are marks, which `value` turns back.

    `fragment` is what stands behind `#`, where it is written as parameters are.
    """

    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    holes: Mapping[str, Hole] = field(default_factory=dict)
    open_ended: bool = False
    fragment: Mapping[str, str] = field(default_factory=dict)

    def value(self, text: str) -> Value:
        text = text if "\x00" in text else unquote(text)
        return joined([self.holes.get(part, part) for part in re.split("(\x00\\d+\x00)", text)])


def packages_at(url: Value) -> Iterator[str]:
    """The packages of npm that a value's addresses mean, where public hosts serve them."""
    for each in options(url):
        text = each.parts[0] if isinstance(each, Text) else each
        package = package_at(text.strip()) if isinstance(text, str) else None
        if package is not None:
            yield package


def address_of(url: Value) -> Address | None:
    """The address that a value holds; None where its host cannot be read and it is no address."""
    known: dict[str, Hole] = {}
    if isinstance(url, str):
        text = url.strip()
    elif isinstance(url, Text):
        parts = []
        for part in url.parts:
            if isinstance(part, Hole):
                mark = f"\x00{len(known)}\x00"
                known[mark] = part
                part = mark
            parts.append(part)
        text = "".join(parts).strip()
    else:
        return None
    found = re.match(
        r"(?:(?:https?|wss?):|\x000\x00:?)?//([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?",
        text,
        re.I | re.S,
    )
    if found is None:
        return _relative(text, known)
    host = found[1].rpartition("@")[2].partition(":")[0].lower().rstrip(".")
    query, fragment = _parameters(found[3]), _parameters(found[4])
    return Address(host, found[2] or "/", query, known, text.endswith("\x00"), fragment)


def _parameters(text: str | None) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in (text or "").replace("&amp;", "&").replace(";", "&").split("&")[:200]:
        key, _, value = pair.partition("=")
        if key:
            given.setdefault(unquote(key), value.replace("+", " "))
    return given


def _relative(text: str, known: Mapping[str, Hole]) -> Address | None:
    """An address on the site's own host, which only patterns for any host may fit."""
    found = re.match(r"(\.{0,2}/?[^\s?#:]*\.[a-z]{2,4}|/[^\s?#:]*)(?:\?([^#]*))?$", text)
    if found is None:
        return None
    return Address("", "/" + found[1].lstrip("./"), {}, known, False)


@dataclass(frozen=True, slots=True)
class AddressPattern:
    """`host` is as it is written, and empty where any host will do; `where` and `path` are regular
    expressions that fit an address.

    `attributes` are those of a script tag that are captured where they are there, `needed` those
    that must be there, each with its value or with `*`; `fragment` is asked for as the query is.
    """

    host: str
    where: str
    path: str
    query: tuple[tuple[str, str], ...]
    literals: int
    attributes: tuple[tuple[str, str], ...] = ()
    needed: tuple[tuple[str, str], ...] = ()
    fragment: tuple[tuple[str, str], ...] = ()

    def fits(self, fact: Fact) -> Captures | None:
        if not isinstance(fact, (ScriptLoad, Pixel, Frame, Request, Style, Link)):
            return None
        if self.needed and not (isinstance(fact, ScriptLoad) and self._has_needed(fact)):
            return None
        each = [self.fits_address(address_of(url)) for url in options(fact.url)]
        found = _together([captures for captures in each if captures is not None])
        if found is not None and isinstance(fact, ScriptLoad):
            given = dict(fact.attributes)
            found.update(
                (capture, given[name]) for name, capture in self.attributes if given.get(name)
            )
        return found

    def _has_needed(self, fact: ScriptLoad) -> bool:
        given = dict(fact.attributes)
        return all(
            name in given
            and (wanted == "*" or (isinstance(text := given[name], str) and text == wanted))
            for name, wanted in self.needed
        )

    def fits_address(self, address: Address | None) -> Captures | None:
        """The captures when the address is one of those meant, else None."""
        if address is None:
            return None
        where = _compiled(self.where).fullmatch(address.host)
        path = _compiled(self.path).fullmatch(address.path) if where is not None else None
        if where is None or path is None:
            return None
        captures: Captures = {
            name: address.value(text)
            for name, text in (*where.groupdict().items(), *path.groupdict().items())
        }
        for key, wanted, given in (
            *((*pair, address.query) for pair in self.query),
            *((*pair, address.fragment) for pair in self.fragment),
        ):
            if key not in given:
                if not address.open_ended:
                    return None
                if wanted.startswith("$"):
                    captures[wanted[1:]] = UNKNOWN_TAIL
                continue
            value = address.value(given[key])
            if wanted.startswith("$"):
                captures[wanted[1:]] = value
            elif wanted != "*" and not (isinstance(value, str) and fnmatchcase(value, wanted)):
                return None
        return captures


def _together(found: Sequence[Captures]) -> Captures | None:
    """What several addresses hold, of which one is asked for: of each name the choice of all."""
    if len(found) < 2:
        return found[0] if found else None
    return {name: choice(each[name] for each in found if name in each) for name in found[0]}


def address_pattern(text: str) -> AddressPattern:
    """The pattern that a signature writes as host/path?query. Raises UserError."""
    attributes = tuple(re.findall(r"\[([\w-]+)=\$([a-z_][a-z0-9_]*)\]", text))
    needed = tuple(
        (name, value or "*") for name, value in re.findall(r"\[([\w-]+)(?:=([^$\]]*))?\]", text)
    )
    written, _, fragment = text.partition("[")[0].partition("#")
    where, _, query = written.partition("?")
    host, slash, path = where.partition("/")
    if not host or " " in text:
        raise UserError(f"{text!r} is no address; write host/path, without a scheme")
    if host != "*" and re.search(r"[^.]\*|\*[^.]|\$[^.]*[^.\w]|[^.]\$", host):
        raise UserError(
            f"{text!r}: in a host, * and $name stand for whole labels, such as *.{host}"
        )
    pairs, behind = _asked(query), _asked(fragment)
    captured = (host + path).count("$")
    names = re.findall(r"\$([a-z_][a-z0-9_]*)", host + slash + path)
    if len(set(names)) < len(names):
        raise UserError(f"{text!r} captures one name twice; give each its own")
    return AddressPattern(
        "" if host == "*" else host.lower(),
        _shaped(host.lower(), r"[^/]+", r"[a-z0-9-]+") if host != "*" else ANY,
        _shaped(slash + path, r".*", r"[^/?#]+?") if slash and path else ANY,
        pairs,
        1 + (host != "*") + len(pairs) + len(behind) + len(needed) + captured + (slash != ""),
        attributes,
        needed,
        behind,
    )


def _asked(parameters: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (key, value or "*")
        for key, _, value in (pair.partition("=") for pair in parameters.split("&") if pair)
    )


def _shaped(written: str, any_text: str, captured: str) -> str:
    """A part of an address as a regular expression: `*` is any text, `$name` captures."""

    def piece(found: re.Match[str]) -> str:
        if found[0] == "*":
            return any_text
        return rf"(?P<{found[1]}>{captured})" if found[1] else re.escape(found[0])

    return re.sub(r"\*|\$([a-z_][a-z0-9_]*)|[^*$]+|\$", piece, written)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    """A thousand patterns are known, and a site asks for a few of them."""
    return re.compile(expression, re.S)
