"""Settings that a program gives literal values: `config.gtm_id = "GTM-ABC1234"`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyzer.model import Fact, Setting, Source, Vocabulary
from analyzer.parse.config import is_wanted, may_hold
from analyzer.parse.server.clients import DEFAULTED
from analyzer.parse.server.code import Code
from analyzer.parse.server.objects import MAPS

HOLDERS = frozenset({"dict", "freeze", "merge", "update"})  # they keep what they are given
GIVES = frozenset({"=", ":=", "=>", ":", "||="})


def settings(
    source: Source, code: Code, vocabulary: Vocabulary, done: Sequence[Fact] = ()
) -> Iterator[Fact]:
    """The settings of a program whose names hold one of the signatures' words, or whose values
    are addresses that scripts are loaded from; but for what the program is `done` with itself.
    """
    used = {each.place.line for each in done}
    if not may_hold(source.data, vocabulary):
        return
    for number, token in enumerate(code.tokens):
        if token.kind != "text" or not isinstance(token.value, str):
            continue
        at, key = _key(code, number)
        value = token.value.strip()
        if key and is_wanted(key, value, vocabulary):
            place = source.place(code.tokens[at].start, token.end)
            if place.line not in used and not _is_handed_over(code, number):
                yield Setting(place=place, key=key, value=value)


def _is_handed_over(code: Code, number: int) -> bool:
    """Does a call get the text? It says itself what it does with it."""
    opening = code.outer[number]
    if opening >= 0 and code.text(opening) == "(" and code.text(number - 1) == ",":
        opening = code.outer[opening]  # env("GTM_ID", "GTM-ABC1234")
    while opening >= 0:
        if code.text(opening) == "(" and (name := code.chain(opening)[0]):
            return MAPS.search(name) is None and name.rpartition(".")[2] not in HOLDERS
        if code.text(opening) == "{" and code.text(opening - 1) in (")", "do"):
            return False
        opening = code.outer[opening]
    return False


def _key(code: Code, number: int) -> tuple[int, str]:
    """Where the name begins that a text is given to, and the name; empty where there is none."""
    before = number - 1
    if code.text(before) == "," and code.text(number + 1) == ")":  # env("GTM_ID", "GTM-ABC1234")
        opening = code.outer[number]
        call = code.call_at(opening) if opening >= 0 else None
        asked = call is not None and DEFAULTED.search(call.name) and len(call.args) == 2
        named = opening + 1
        if asked or (call is not None and call.name == "define"):
            return named, code.name_at(named) if code.tokens[named].kind == "text" else ""
        return number, ""
    if code.text(before) == "(" and code.text(number + 1) == ")":
        return number, ""
    if code.text(before) == "=" and code.text(before - 1) in ("|", "||", "?", "??"):
        before -= 1  # ||=
        while code.text(before - 1) in ("|", "?"):
            before -= 1
    if code.text(before) not in GIVES or code.tokens[before].kind != "mark":
        return number, ""
    end = before
    if code.text(end - 1) == "]" and end - 1 in code.partner:  # settings["gtm_id"] = "..."
        end = end - 1
    last = code.tokens[end - 1] if end else None
    if last is None or last.kind not in ("word", "text"):
        return number, ""
    if last.kind == "text":
        return end - 1, code.name_at(end - 1)
    name, start = code.chain(end)
    if code.language.typed_after and code.text(start - 1) == ":" and code.word(start - 2):
        return start - 2, code.word(start - 2)  # val gtmId: String = "..."
    return start, name
