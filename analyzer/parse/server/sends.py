"""What a program sends to other hosts: its HTTP clients' addresses and bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analyzer.model import Fact, Object, Request, Source, Text, Value
from analyzer.parse.server.clients import (
    BASES,
    BODY_KEYS,
    FUNCTIONS,
    NO_BODY_KEYS,
    RECEIVERS,
    STRONG,
    URL_KEYS,
    WEAK,
    is_client,
)
from analyzer.parse.server.code import Call, Code
from analyzer.parse.server.layout import Stretch
from analyzer.parse.server.objects import Objects
from analyzer.parse.server.values import Read, is_address
from analyzer.parse.values.document import brief, joined, pieces

RELATIVE = re.compile(r"/?[\w.~-]+(?:/[\w.~-]*)*(?:\?.*)?$|/")
SURE_BODY = re.compile(r"(?i)^(?:json|body|payload|form_params|multipart|curlopt_postfields)$")
HEADER = re.compile(r"(?i)^(?:content-type|authorization|accept|user-agent|x-[\w-]+)$")
MAKERS = re.compile(
    r"(?i)(?:^|\.|new )\w*(?:client|session|connection|resource|faraday)(?:\.(?:new|create))?$"
)
FURTHER = 240  # tokens after an address within which its body may be set
BODY_SETTERS = frozenset(
    {
        "body",
        "set_form_data",
        "CURLOPT_POSTFIELDS",
        "setEntity",
        "bodyValue",
        "Content",
        "ofString",
        "StringContent",
        "JsonContent",
        "FormUrlEncodedContent",
        "toRequestBody",
        "form_data",
        "post",
        "setBody",
        "AddJsonBody",
        "AddBody",
        "AddParameter",
        "syncBody",
        "SetBody",
        "SetFormData",
    }
)


@dataclass(frozen=True, slots=True)
class Send:
    """An address that a client is given; what other calls name is added to a `base`."""

    address: Read
    body: Object | None
    base: bool
    call: Stretch


def requests(source: Source, code: Code) -> Iterator[Fact]:
    """The requests of a program, each where its address is put together."""
    values = Objects(code)
    found = list(_sends(code, values))
    bases = {str(each.address.value): each.address.value for each in found if each.base}
    below = list(_below(code, values, next(iter(bases.values())))) if len(bases) == 1 else []
    seen: dict[tuple[int, int], Send] = {}
    for send in (*(each for each in found if not (each.base and below)), *below):
        key = (send.address.at.start, send.address.at.end)
        if key not in seen or (seen[key].body is None and send.body is not None):
            seen[key] = send
    starts = sorted(send.call.start for send in seen.values())
    for send in sorted(seen.values(), key=lambda each: each.address.at.start):
        following = next((each for each in starts if each >= send.call.end), len(code.tokens))
        body = send.body or _body_after(code, values, send, following)
        at = send.address.at
        yield Request(
            place=source.place(code.tokens[at.start].start, code.tokens[at.end - 1].end),
            url=brief(send.address.value),
            body=brief(body) if body is not None else None,
        )


def _sends(code: Code, values: Objects) -> Iterator[Send]:
    sends_nearby = any(is_client(call.name) for call in code.calls)
    for call in code.calls:
        last = call.name.rpartition(".")[2]
        if RECEIVERS.match(last) and call.head.end - call.head.start > 2:
            read = values.read(Stretch(call.head.start, call.head.end - 2))
            if is_address(read.value):
                yield Send(read, _body(values, call, call.head), False, call.whole)
                continue
        if not (is_client(call.name, sends_nearby) or is_client(values.callee(call))):
            continue
        address = next(_addresses(code, values, call), None)
        if address is not None:
            stretch, read = address
            base = bool(BASES.match(last) or BASES.match(stretch.key) or MAKERS.search(call.name))
            yield Send(read, _body(values, call, stretch), base, call.whole)
    for name, given in code.names.items():
        if BASES.match(name) and sends_nearby:
            for stretch in given:
                read = values.read(stretch)
                if is_address(read.value):
                    yield Send(read, None, True, stretch)


def _addresses(code: Code, values: Objects, call: Call) -> Iterator[tuple[Stretch, Read]]:
    """The arguments that hold an address: bare, under a key such as `url`, or among options."""
    for arg in call.args:
        if arg.key and not URL_KEYS.match(arg.key):
            continue
        read = values.read(arg)
        if is_address(read.value):
            yield arg, read
            continue
        options = _options(code, values, arg)
        if options is not None:
            for item in code.split(Stretch(options + 1, code.partner[options])):
                if URL_KEYS.match(item.key) and is_address((read := values.read(item)).value):
                    yield item, read


def _options(code: Code, values: Objects, arg: Stretch) -> int | None:
    """The bracket of a list of options: written here, or given to the name that stands here."""
    if (
        arg.end - arg.start == 1
        and (given := values.given(code.word(arg.start), arg.start)) is not None
    ):
        arg = given
    start = arg.start
    if code.word(start) == "array" or code.text(start) == "new":
        start += 1
    opens = code.text(start) in ("[", "{", "(") and code.tokens[start].kind == "mark"
    return start if opens and code.partner.get(start) == arg.end - 1 else None


def _below(code: Code, values: Objects, base: Value) -> Iterator[Send]:
    """The calls that name a path only, in a program whose clients know one base address."""
    for call in code.calls:
        receiver, _, last = call.name.rpartition(".")
        annotation = not receiver and FUNCTIONS.match(last) and last.isupper()
        if not annotation and not (
            (STRONG.match(last) or WEAK.match(last)) and (receiver or STRONG.match(last))
        ):
            continue
        if re.search(
            r"(?i)(?:^|\.)(?:app|router?|routes?|ENV|env|params|headers|config|map|cache|redis)$",
            receiver,
        ):
            continue
        for arg in call.args[:2]:
            if arg.key and not URL_KEYS.match(arg.key):
                continue
            read = values.read(arg)
            if is_path(read.value):
                yield Send(
                    replace(read, value=joined_to(base, read.value)),
                    _body(values, call, arg),
                    False,
                    call.whole,
                )
                break


def is_path(value: Value) -> bool:
    """Is it a path, as far as it can be read? A single word may be a method or a key."""
    if isinstance(value, Text):
        text = "".join(part if isinstance(part, str) else "x" for part in value.parts)
        return "/" in text and RELATIVE.match(text) is not None
    return isinstance(value, str) and "/" in value and RELATIVE.match(value) is not None


def joined_to(base: Value, path: Value) -> Value:
    """The path below the base address, with one slash between them."""
    whole, more = pieces(base), pieces(path)
    if isinstance(whole[-1], str):
        whole[-1] = whole[-1].rstrip("/")
    slash = [] if isinstance(more[0], str) and more[0].startswith("/") else ["/"]
    return joined([*whole, *slash, *more])


# ---------------------------------------------------------------- bodies


def _body(values: Objects, call: Call, address: Stretch) -> Object | None:
    """What the call's other arguments name, the one that is called a body first."""
    others = [arg for arg in call.args if arg.start != address.start]
    for arg in sorted(others, key=lambda each: not BODY_KEYS.match(each.key)):
        if NO_BODY_KEYS.match(arg.key):
            continue
        found = values.object(arg)
        if found is not None and (sent := _sent(found, bool(arg.key))) is not None:
            return sent
    return None


def _sent(found: Object, is_body: bool) -> Object | None:
    """What is sent of an object: itself, or of a list of options the part that is the body."""
    if is_body:
        return found
    is_list = any(NO_BODY_KEYS.match(key) for key, _ in found.items)
    for key, value in found.items:
        if SURE_BODY.match(key) or (is_list and BODY_KEYS.match(key)):
            return value if isinstance(value, Object) else None
    if is_list or any(HEADER.match(key) for key, _ in found.items):
        return None
    return found


def _body_after(code: Code, values: Objects, send: Send, following: int) -> Object | None:
    """A body that is set after the address and before the next one: `request.body = x`."""
    begin, around = send.call.end, code.outer[send.call.start]
    while around >= 0 and code.text(around) != "{":
        around = code.outer[around]
    last = code.partner.get(around, len(code.tokens)) if around >= 0 else len(code.tokens)
    for at in range(begin, min(begin + FURTHER, following, last, len(code.tokens) - 1)):
        if code.text(at) in ("def", "func", "fun", "function"):
            return None
        if code.word(at) not in BODY_SETTERS:
            continue
        mark = code.text(at + 1)
        if mark in ("=", ",", "=>"):
            stretch = Stretch(at + 2, code.statement_end(at + 2))
        elif mark == "(" and at + 1 in code.partner:
            stretch = Stretch(at + 2, code.partner[at + 1])
        else:
            continue
        found = values.object(stretch)
        if found is not None and (sent := _sent(found, True)) is not None:
            return sent
    return None
