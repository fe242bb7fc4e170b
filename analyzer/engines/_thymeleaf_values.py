"""Thymeleaf's expressions: which fragments they name, and which text an attribute is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.engines._attributes import Edits, words_of
from analyzer.engines._flat import CLOSE, OPEN
from analyzer.engines._scan import trimmed

OPENING = {"(": ")", "{": "}", "[": "]"}
STEPS = re.compile(r"'(?:[^'\\]|\\.)*+'|[(){}\[\],]|::|\?|:")
PIECE = re.compile(
    rb"""(?P<space>\s++)|(?P<literal>'(?:[^'\\]|\\.)*+')|(?P<bars>\|[^|]*+\|)|(?P<open>[$*#@~]\{)"""
    rb"""|(?P<plus>\+)""",
    re.S,
)
BRACES = re.compile(rb"'(?:[^'\\]|\\.)*+'|[{}]")
IN_TEXT = re.compile(rb"__[$*#]\{[^}]*\}__|[$*#]\{[^}]*\}|\{\w+\}")
PARAMETERS = re.compile(r"(?s)^(?P<name>[^(]*?)\s*\((?P<inner>.*)\)\s*$")
ONE_NAME = re.compile(r"^\$\{\s*(?P<name>\w+)\s*\}\s*(?:\?:.*)?$")
NOTHING = ("", "_", "~{}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A fragment that an expression names: `~{template :: selector(arguments)}`.

    Without a template the fragment is one of the file itself; without a selector the whole template
    is meant.
    """

    template: str
    selector: str = ""
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A reference, or a name that stands for one, and the condition under which it counts."""

    reference: Reference | None
    variable: str = ""
    condition: str = ""


def chosen(text: str) -> Iterator[Chosen]:
    """What an attribute such as th:replace brings: one reference, or the branches of a choice."""
    text = text.strip()
    if said := ONE_NAME.match(text):
        yield Chosen(None, said["name"])
        return
    branches = list(_branches(text))
    for condition, written in branches:
        if written in NOTHING:
            continue
        if said := ONE_NAME.match(written):
            yield Chosen(None, said["name"], condition)
        else:
            yield Chosen(reference(written), "", condition)


def _branches(text: str) -> Iterator[tuple[str, str]]:
    """The branches of `condition ? ~{a} : ~{b}` with their conditions; else the text itself."""
    marks = [(at, mark) for at, mark, depth in _steps(text) if depth == 0 and mark in ("?", ":")]
    asks = next((at for at, mark in marks if mark == "?" and text[at + 1 : at + 2] != ":"), -1)
    if asks < 0:
        yield "", text
        return
    other = next((at for at, mark in marks if mark == ":" and at > asks), len(text))
    condition = text[:asks].strip()
    yield f"if {condition}", text[asks + 1 : other].strip()
    if other < len(text):
        yield f"unless {condition}", text[other + 1 :].strip()


def reference(text: str) -> Reference:
    """A fragment expression, with or without its `~{ }`."""
    text = text.strip()
    if text.startswith("~{") and text.endswith("}"):
        text = text[2:-1].strip()
    parting = next((at for at, mark, depth in _steps(text) if mark == "::" and not depth), -1)
    if parting < 0:
        return Reference(_template(PARAMETERS.sub(r"\g<name>", text) if "(" in text else text))
    template, selector = _template(text[:parting]), text[parting + 2 :].strip()
    arguments: tuple[tuple[str, str], ...] = ()
    if said := PARAMETERS.match(selector):
        selector, arguments = said["name"], tuple(_arguments(said["inner"]))
    return Reference("" if template == "this" else template, selector.strip("'\" "), arguments)


def parameters(text: str) -> tuple[str, tuple[str, ...]]:
    """A th:fragment's name and the names of its parameters: `layout (title, content)`."""
    said = PARAMETERS.match(text.strip())
    if said is None:
        return text.strip(), ()
    return said["name"].strip(), tuple(each.strip() for each in said["inner"].split(","))


def _template(text: str) -> str:
    """A template's name: quotes, bars and pluses are taken off, expressions stay."""
    text = text.strip().strip("|")
    return re.sub(r"'\s*\+\s*'?|'?\s*\+\s*'|'", "", text).strip()


def _arguments(text: str) -> Iterator[tuple[str, str]]:
    """The arguments of a fragment, each with its name or its number from 1."""
    commas = [at for at, mark, depth in _steps(text) if mark == "," and depth == 0]
    for number, (start, end) in enumerate(
        zip([0, *(at + 1 for at in commas)], [*commas, len(text)], strict=True), 1
    ):
        written = text[start:end].strip()
        named = re.match(r"(?s)^(\w+)\s*=(?!=)\s*(.*)$", written)
        yield (named[1], named[2]) if named else (str(number), written)


def _steps(text: str) -> Iterator[tuple[int, str, int]]:
    """The marks of an expression outside of its texts, each with how deep in brackets it lies."""
    depth = 0
    for found in STEPS.finditer(text):
        mark = found[0]
        if mark in OPENING:
            depth += 1
        elif mark in OPENING.values():
            depth -= 1
        elif mark[0] != "'":
            yield found.start(), mark, depth


# ---------------------------------------------------------------- attributes that are given a text


def write_text(edits: Edits, span: tuple[int, int]) -> None:
    """The value of an attribute as text with outputs: `@{/x.js(v=1)}` is `/x.js` and a query."""
    data = edits.data
    start, end = trimmed(data, *span)
    edits.instead(span[0], start)
    pieces = list(_pieces(data, start, end))
    if not pieces and end > start:
        edits.output(start, end, words_of(data, (start, end)))
    for kind, first, last in pieces:
        if kind in ("space", "plus"):
            edits.instead(first, last)
        elif kind in ("literal", "bars"):
            edits.instead(first, first + 1)
            if kind == "bars":
                _write_plain(edits, first + 1, last - 1)
            edits.instead(last - 1, last)
        elif data[first : first + 1] == b"@":
            _write_link(edits, first, last)
        else:
            edits.output(first, last, words_of(data, (first + 2, last - 1)))
    edits.instead(end, span[1])


def _pieces(data: bytes, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The texts and expressions that are put together; nothing where there is more to it."""
    found: list[tuple[str, int, int]] = []
    at = start
    while at < end:
        said = PIECE.match(data, at, end)
        kind = said.lastgroup if said else None
        if said is None or kind is None:
            return
        last = _closing(data, said.end(), end) if kind == "open" else said.end()
        if last < 0:
            return
        found.append((kind, at, last))
        at = last
    yield from found


def _write_link(edits: Edits, start: int, end: int) -> None:
    """`@{...}`: its address is kept, its parameters are one output."""
    data = edits.data
    first, last = trimmed(data, start + 2, end - 1)
    query = _opening(data, first, last)
    if query >= 0:
        first, last = trimmed(data, first, query)
    if data[first : first + 1] == b"~":
        first += 1
    edits.instead(start, first)
    if data[first : first + 1] in (b"'", b"|", b"$") and list(_pieces(data, first, last)):
        write_text(edits, (first, last))
    else:
        _write_plain(edits, first, last)
    if query >= 0:
        edits.instead(
            last, end, b"?" + OPEN + b"=" + words_of(data, (last, end - 1)).encode() + CLOSE
        )
    else:
        edits.instead(last, end)


def _write_plain(edits: Edits, start: int, end: int) -> None:
    """Text in which expressions may stand."""
    for found in IN_TEXT.finditer(edits.data, start, end):
        edits.output(*found.span(), words_of(edits.data, found.span()).strip("$*#{}_"))


def _closing(data: bytes, at: int, end: int) -> int:
    """The offset behind the brace that closes the one before `at`, or -1."""
    depth = 1
    for found in BRACES.finditer(data, at, end):
        if found[0] in (b"{", b"}"):
            depth += 1 if found[0] == b"{" else -1
            if depth == 0:
                return found.end()
    return -1


def _opening(data: bytes, start: int, end: int) -> int:
    """The offset of the bracket whose partner ends the stretch, or -1."""
    depth = 0
    for at in range(end - 1, start - 1, -1):
        depth += (data[at] == ord(")")) - (data[at] == ord("("))
        if depth == 0:
            return at if at < end - 1 else -1
    return -1
