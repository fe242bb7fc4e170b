"""What a request carries beside its account: the parameters of its address, and its body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from analyzer.addresses import address_of
from analyzer.model import (
    Fact,
    Frame,
    Hole,
    Object,
    OriginKind,
    Pixel,
    Request,
    ScriptLoad,
    Text,
    Value,
    holes,
    options,
    shown,
)

DEEPEST = 8  # objects inside each other
MOST = 60  # values of one body
BODY = "body"  # what a body is called that is handed over as a whole
SPREAD = "..."
# What addresses are made of that is nobody's: accounts, versions, sizes, and against caches.
OF_REQUESTS = re.compile(
    r"(?:[tcsg]|account_?|site_?|pixel_?|measurement_?)?id|v(?:er(?:sion)?)?|(?:api_?)?key"
    r"|api_secret|(?:access_)?token|cb|cachebuster|rnd|rand(?:om)?|ord|z|ts?|time(?:stamp)?|_"
    r"|callback|jsonp|format|w(?:idth)?|h(?:eight)?|size|lang|hl|locale|l|gtm(?:_\w+)?|noscript"
    r"|account|site|container|env|render|onload|type|async|defer|nonce",
    re.I,
)
HOW_TO_SEND = re.compile(  # the options of fetch, axios and the like
    r"method|headers|signal|mode|credentials|cache|keepalive|redirect|referrer(?:Policy)?|next"
    r"|timeout|agent|priority|integrity|duplex|responseType|withCredentials|params|maxRedirects"
    r"|retry"
)
JSON_KEY = re.compile(r"""["']([\w.\[\]-]{1,60})["']\s*:\s*\[?\s*["']?$""")


def carried(fact: Fact) -> Iterator[tuple[str, Value]]:
    """The values that only a running page knows, each by the name that the request gives it."""
    if isinstance(fact, (Request, Pixel, Frame, ScriptLoad)):
        for url in options(fact.url):
            address = address_of(url)
            for key, text in address.query.items() if address is not None else ():
                value = address.value(text) if address is not None else None
                if not OF_REQUESTS.fullmatch(key) and any(True for _ in holes(value)):
                    name = address.value(key) if address is not None else key
                    yield shown(name), value
    if isinstance(fact, Request) and fact.body is not None:
        for body in options(fact.body):
            yield from _of_body(BODY, _without_settings(body), 0)


def _without_settings(body: Value) -> Value:
    """The body where it is given beside what tells how to send it."""
    if not isinstance(body, Object):
        return body
    return Object(
        tuple((key, inner) for key, inner in body.items if not HOW_TO_SEND.fullmatch(key))
    )


def _of_body(name: str, value: Value, deep: int) -> Iterator[tuple[str, Value]]:
    if deep > DEEPEST:
        return
    for each in options(value):
        match each:
            case Object(items=items):
                for key, inner in items[:MOST]:
                    yield from _of_body(name if key == SPREAD else key, inner, deep + 1)
            case tuple() if any(isinstance(one, Object) for item in each for one in options(item)):
                for inner in each[:MOST]:
                    yield from _of_body(name, inner, deep + 1)
            case Text() if name == BODY:
                yield from _of_text(each)
            case _ if any(_is_told(name, hole) for hole in holes(each)):
                yield name, each


def _is_told(name: str, hole: Hole) -> bool:
    """Is anything known of a value: its name, or where it is read?"""
    return name != BODY or hole.origin.kind not in (
        OriginKind.UNKNOWN,
        OriginKind.GLOBAL,
        OriginKind.PARAMETER,
        OriginKind.IMPORT,
    )


def _of_text(text: Text) -> Iterator[tuple[str, Value]]:
    """The holes of a body that is written as text, by the keys in front of them."""
    before = ""
    for part in text.parts[:MOST]:
        if isinstance(part, str):
            before = part
            continue
        found = JSON_KEY.search(before)
        key, equals, _ = before.rpartition("&")[2].rpartition("=")
        if found is not None:
            yield found[1], part
        elif equals and key and not OF_REQUESTS.fullmatch(key):
            yield unquote_plus(key), part
        elif _is_told(BODY, part):
            yield BODY, part
        before = ""
