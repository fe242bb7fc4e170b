"""A Ruby program as parts: words, symbols, labels, texts, lists and marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.model import Text, Value
from analyzer.parse.server.languages import RUBY
from analyzer.parse.server.tokens import Token, tokens

LISTS = frozenset({b"%w", b"%W", b"%i", b"%I"})


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a statement: word, symbol, label, text, list, number or mark.

    `value` is what a text says where all of it can be read, `items` the words of a list. In the
    `text` of any other text `:part` stands for what cannot be read.
    """

    kind: str
    text: str
    start: int
    end: int
    value: str | None = None
    items: tuple[str, ...] = ()
    fresh: bool = False


def parts_of(data: bytes) -> list[Part]:
    """The tokens with their signs: `foo?`, `:foo`, `foo:` and `%w[a b]` are one part each."""
    found = tokens(data, RUBY)
    parts: list[Part] = []
    at = 0
    while at < len(found):
        part, at = _part(data, found, at, parts[-1] if parts else None)
        parts.append(part)
    return parts


def _part(data: bytes, found: Sequence[Token], at: int, last: Part | None) -> tuple[Part, int]:
    token = found[at]
    following = found[at + 1] if at + 1 < len(found) else None
    if token.kind == "mark" and token.text == ":" and following is not None:
        glued = last is not None and last.end == token.start and last.kind in ("word", "text")
        if following.start == token.end and following.kind in ("word", "text") and not glued:
            name, end, behind = _name(found, at + 1)
            value = following.value if following.kind == "text" else name
            said = value if isinstance(value, str) else None
            return Part("symbol", said or "", token.start, end, said, (), token.fresh), behind
    if token.kind == "word":
        name, end, behind = _name(found, at)
        answers = last is not None and last.text == "?"
        if not answers and behind < len(found) and _is_colon(found[behind], end):
            end = found[behind].end
            return Part("label", name, token.start, end, None, (), token.fresh), behind + 1
        return Part("word", name, token.start, end, None, (), token.fresh), behind
    if token.kind == "text":
        said = token.value if isinstance(token.value, str) else None
        if data[token.start : token.start + 2] in LISTS:
            items = tuple((said or "").split())
            return Part("list", "", token.start, token.end, None, items, token.fresh), at + 1
        if following is not None and following.text == ":" and following.start == token.end:
            label = said or ""
            return Part("label", label, token.start, following.end, None, (), token.fresh), at + 2
        words = said if said is not None else _with_gaps(token.value)
        return Part("text", words, token.start, token.end, said, (), token.fresh), at + 1
    return (
        Part(token.kind, token.text, token.start, token.end, None, (), token.fresh),
        at + 1,
    )


def _with_gaps(value: Value) -> str:
    """A text in which `:part` stands for what only the running program knows."""
    if not isinstance(value, Text):
        return ":part"
    return "".join(part if isinstance(part, str) else ":part" for part in value.parts)


def _is_colon(token: Token, end: int) -> bool:
    return token.kind == "mark" and token.text == ":" and token.start == end


def _name(found: Sequence[Token], at: int) -> tuple[str, int, int]:
    """A name with its question or exclamation mark, where it ends, and the number behind it."""
    token = found[at]
    following = found[at + 1] if at + 1 < len(found) else None
    if (
        following is not None
        and following.kind == "mark"
        and following.text in ("?", "!")
        and following.start == token.end
    ):
        return token.text + following.text, following.end, at + 2
    return token.text, token.end, at + 1
