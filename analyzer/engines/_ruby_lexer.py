"""The words of a line of Ruby, with the strings, brackets and blocks told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

TOKEN = re.compile(
    rb"(?P<space>[ \t\r]++|\\\n)"
    rb"|(?P<line>\n|;)"
    rb"|(?P<comment>\#[^\n]*+)"
    rb"|(?P<words>%[wWiI](?:\[[^\]]*+\]|\([^)]*+\)|\{[^}]*+\}|<[^>]*+>|\|[^|]*+\|))"
    rb"|(?P<quoted>\"[\w-]++\":(?=\s)|'[\w-]++':(?=\s))"
    rb"|(?P<text>\"(?:[^\"\\\#]++|\\.|\#(?!\{)|\#\{(?:[^{}\"']++|\"[^\"]*+\"|'[^']*+'|\{[^}]*+\})*+\})*+\""
    rb"|'(?:[^'\\]++|\\.)*+')"
    rb"|(?P<label>[A-Za-z_]\w*+[?!]?+:(?!:))"
    rb"|(?P<symbol>:(?:[A-Za-z_]\w*+[?!]?|\"[^\"\n]*+\"))"
    rb"|(?P<word>[@$]{0,2}+[A-Za-z_]\w*+(?:[?!](?!=))?+)"
    rb"|(?P<number>\d[\w.]*+)"
    rb"|(?P<mark>&&|\|\||=>|::|==|!=|&\.|->|<<|[\s\S])",
    re.S,
)
OPENING, CLOSING = frozenset({b"(", b"[", b"{"}), frozenset({b")", b"]", b"}"})
LONGEST = 20_000  # bytes of one tag's code that are read
GOES_ON = frozenset({b",", b".", b"&.", b"&&", b"||", b"=>", b"+", b"?", b":", b"=", b"<<", b"|"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word, string, symbol or mark between two offsets; `depth` counts the brackets around."""

    kind: str
    start: int
    end: int
    text: bytes
    depth: int = 0


def statements(data: bytes, start: int, end: int) -> list[list[Word]]:
    """The statements of the Ruby code between two offsets, as words without comments."""
    found: list[list[Word]] = [[]]
    depth, at, end = 0, start, min(end, start + LONGEST)
    while at < end:
        said = TOKEN.match(data, at, end)
        if said is None:
            break
        kind, text = said.lastgroup or "", said[0]
        if kind == "line":
            last = found[-1][-1].text if found[-1] else b""
            if depth == 0 and not (text == b"\n" and last in GOES_ON):
                found.append([])
        elif kind not in ("space", "comment"):
            if text in CLOSING:
                depth = max(0, depth - 1)
            if kind == "quoted":  # `"data-id": x` is a label as `data_id: x` is
                kind, text = "label", text[1:-2] + b":"
            found[-1].append(Word(kind, said.start(), said.end(), text, depth))
            depth += text in OPENING
        at = said.end()
    return _led(found)


def _led(found: list[list[Word]]) -> list[list[Word]]:
    """A line that begins with a dot goes on with the one before."""
    joined: list[list[Word]] = []
    for words in filter(None, found):
        if joined and words[0].text in (b".", b"&."):
            joined[-1].extend(words)
        else:
            joined.append(words)
    return joined


def closing(words: Sequence[Word], at: int) -> int:
    """Where the bracket that opens at this number is closed; the end where it is not."""
    depth = words[at].depth
    return next(
        (
            number
            for number in range(at + 1, len(words))
            if words[number].depth == depth and words[number].text in CLOSING
        ),
        len(words),
    )


def arguments(words: Sequence[Word], at: int) -> tuple[list[Sequence[Word]], int]:
    """The arguments of the call whose name stands at this number, and the number behind them."""
    begin = at + 1
    if begin < len(words) and words[begin].text == b"(":
        end = closing(words, begin)
        begin, behind = begin + 1, end + 1
    else:
        end = behind = _end_of_call(words, begin, words[at].depth)
    parts: list[Sequence[Word]] = []
    first = begin
    depth = words[begin].depth if begin < end else 0
    for number in range(begin, end):
        if words[number].text == b"," and words[number].depth == depth:
            parts.append(words[first:number])
            first = number + 1
    if first < end:
        parts.append(words[first:end])
    return parts, behind


def _end_of_call(words: Sequence[Word], begin: int, depth: int) -> int:
    """Where the arguments of a call without brackets end."""
    for number in range(begin, len(words)):
        word = words[number]
        if word.depth < depth or (
            word.depth == depth
            and (
                word.text in (b"do", b"if", b"unless", b"&&", b"||", b"?", b"and", b"or")
                or (word.text == b":" and number > begin)
                or (word.text == b"{" and number == begin)
                or word.text in CLOSING
            )
        ):
            return number
    return len(words)


def unquoted(word: Word) -> str:
    """What a string or a symbol says, without its quotes."""
    text = word.text.decode("utf-8", "replace")
    text = text.removeprefix(":") if word.kind == "symbol" else text
    return text[1:-1] if text[:1] in ("'", '"') and len(text) > 1 else text


def listed(words: Sequence[Word]) -> tuple[str, ...]:
    """The strings of a list: `%w[a b]`, `["a", "b"]`."""
    found: list[str] = []
    for word in words:
        if word.kind == "words":
            found.extend(word.text[3:-1].decode("utf-8", "replace").split())
        elif word.kind in ("text", "symbol"):
            found.append(unquoted(word))
    return tuple(found)
