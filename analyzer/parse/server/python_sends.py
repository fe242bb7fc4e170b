"""What a Python program sends to other hosts: its HTTP clients' addresses and bodies."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.model import Fact, Hole, Object, Request, Text, Value
from analyzer.parse.server.clients import BASES, BODY_KEYS, OWN, STRONG, URL_KEYS, WEAK, is_client
from analyzer.parse.server.python import Room, parameters
from analyzer.parse.server.python_values import Read, Reader
from analyzer.parse.server.sends import MAKERS, is_path, joined_to
from analyzer.parse.server.values import is_address, settled
from analyzer.parse.values.document import brief, joined, pieces

MOST_SITES = 40  # calls of one function that are looked at


@dataclass(frozen=True, slots=True)
class Send:
    """An address that a client is given, where it stands, and what is sent there."""

    url: Value
    at: ast.expr
    body: Object | None
    base: bool = False


def requests(program: Reader) -> Iterator[Fact]:
    """The requests of a program, each where its address is put together."""
    found = list(_sends(program))
    bases = {str(each.url): each.url for each in found if each.base}
    below = list(_below(program, next(iter(bases.values())))) if len(bases) == 1 else []
    seen: dict[tuple[int, int, str], Send] = {}
    for send in (*(each for each in found if not (each.base and below)), *below):
        key = (*program.span(send.at), str(send.url))
        if key not in seen or (seen[key].body is None and send.body is not None):
            seen[key] = send
    for (start, end, _), send in sorted(seen.items(), key=lambda each: each[0]):
        yield Request(
            place=program.source.place(start, end),
            url=brief(send.url),
            body=brief(send.body) if send.body is not None else None,
        )


def _sends(program: Reader) -> Iterator[Send]:
    names = [(program.name(call.func, room), call, room) for call, room in program.calls]
    sends_nearby = any(is_client(name) for name, _, _ in names)
    sites: dict[str, list[tuple[ast.Call, Room]]] = {}
    for name, call, room in names:
        if name.rpartition(".")[0] in OWN:
            sites.setdefault(name.rpartition(".")[2], []).append((call, room))
    for name, call, room in names:
        if not is_client(name, sends_nearby):
            continue
        own = list(_sent(program, name, call, room))
        function = room.function
        if function is not None and _asks_its_caller(room, own):
            outer = [
                Send(send.url, own[0].at if own and not _ends_open(own[0].url) else site, send.body)
                for site, where in sites.get(function.name, ())[:MOST_SITES]
                for send in _sent(program, name, call, program.bound(room, site, where))
            ]
            if outer:
                yield from outer
                continue
        yield from own


def _ends_open(url: Value) -> bool:
    """Is it the caller who says where the address leads to in the end?"""
    parts = pieces(settled(url))
    return isinstance(parts[-1], Hole) and not any(
        isinstance(part, str) and "?" in part for part in parts
    )


def _asks_its_caller(room: Room, own: list[Send]) -> bool:
    """Does the address depend on an argument of the function around the call?"""
    assert room.function is not None
    if not own:
        return True
    names = set(parameters(room.function))
    return any(
        isinstance(piece, Hole) and piece.text in names
        for send in own
        for piece in pieces(settled(send.url))
    ) or any(
        isinstance(value, Hole) and value.text in names
        for send in own
        if send.body
        for _, value in send.body.items
    )


def _sent(program: Reader, name: str, call: ast.Call, room: Room) -> Iterator[Send]:
    """The address that one call is given, with the query that stands beside it."""
    last = name.rpartition(".")[2]
    for key, node in _arguments(call):
        if key and not URL_KEYS.match(key):
            continue
        read = program.read(node, room)
        if is_address(read.value):
            base = bool(BASES.match(key) or MAKERS.search(name))
            yield Send(
                _with_query(program, read.value, call, room, last),
                _place(read, node),
                _body(program, call, node, room),
                base,
            )
            return


def _place(read: Read, node: ast.expr) -> ast.expr:
    """Where the address is put together."""
    return read.at if hasattr(read.at, "lineno") else node


def _arguments(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    yield from (("", each) for each in call.args[:3])
    yield from ((each.arg, each.value) for each in call.keywords if each.arg)


def _with_query(program: Reader, url: Value, call: ast.Call, room: Room, verb: str) -> Value:
    """The address with the parameters that are handed over apart from it."""
    given = next((each.value for each in call.keywords if each.arg == "params"), None)
    if given is None and verb == "get" and len(call.args) > 1:
        given = call.args[1]
    found = program.object(given, room) if given is not None else None
    url = settled(url)
    if found is None or not isinstance(url, (str, Text)):
        return url
    parts: list[str | Hole] = pieces(url)
    has_query = any(isinstance(part, str) and "?" in part for part in parts)
    for number, (key, value) in enumerate(found.items):
        parts.extend(["&" if has_query or number else "?", f"{key}=", *pieces(value)])
    return joined(parts)


def _body(program: Reader, call: ast.Call, address: ast.expr, room: Room) -> Object | None:
    named = [
        each.value
        for each in call.keywords
        if each.arg and BODY_KEYS.match(each.arg) and each.arg not in ("params", "query")
    ]
    plain = [each for each in call.args if each is not address]
    return next(
        (found for each in (*named, *plain) if (found := program.object(each, room)) is not None),
        None,
    )


def _below(program: Reader, base: Value) -> Iterator[Send]:
    """The calls that name a path only, in a program whose clients know one base address."""
    for call, room in program.calls:
        name = program.name(call.func, room)
        receiver, _, last = name.rpartition(".")
        if not receiver or not (STRONG.match(last) or WEAK.match(last)) or not is_client(name):
            continue
        for node in call.args[:2]:
            read = program.read(node, room)
            value = settled(read.value)
            if is_path(value):
                yield Send(
                    _with_query(program, joined_to(base, value), call, room, last),
                    node,
                    _body(program, call, node, room),
                )
                break
