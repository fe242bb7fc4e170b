"""Code kept in strings: what `eval("...")` runs is read where it stands.

Webpack writes each module of a development build into such a string, with its names outside of it.
The text of each is put in the place of its call, and every byte remembers where it is written.
"""

from __future__ import annotations

import re
from array import array
from itertools import repeat

from analyzer.model import Source
from analyzer.parse.values.literals import unescaped

EVAL = re.compile(
    rb"(?<![\w$.])eval\(\s{0,9}(?:[\w$]{1,40}\.ts\()?"
    rb"""(?:"((?:[^"\\\n]|\\[\s\S])*+)"|'((?:[^'\\\n]|\\[\s\S])*+)')\s{0,9}\)(?:\s{0,9}\))?"""
)
ESCAPE = re.compile(rb"\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])")
MAP = b"//# sourceMappingURL=data:"  # begins a comment that may be larger than the code
AT_END = re.compile(rb"[^\s'\"]*+\s*\Z")
BEFORE = re.compile(rb"(?:^|[{};]|=>|\*/)\s{0,99}\Z")
DEEPEST = 2  # evals inside the text of an eval
LARGEST = 16 * 1024 * 1024  # bytes of a script whose strings are looked through


def without_map(data: bytes) -> bytes:
    """The script without a source map in a comment at its end, which is no code and may be several
    times as large.
    """
    at = data.rfind(MAP)
    return data if at < 0 or AT_END.match(data, at + len(MAP)) is None else data[:at]


def unpacked(source: Source, deep: int = 0) -> Source:
    """The source with the code of its evals in their place; the same one where it has none."""
    data = source.data
    if b"eval(" not in data or len(data) > LARGEST or deep >= DEEPEST:
        return source
    text, lift, at = bytearray(), array("q"), 0
    for found in EVAL.finditer(data):
        if not BEFORE.search(data, max(0, found.start() - 100), found.start()):
            continue
        text += data[at : found.start()]
        lift.extend(range(at, found.start()))
        start, end = found.span(1 if found[1] is not None else 2)
        _unescape(data, start, end, text, lift)
        text += b"\n"  # the text may end with a comment
        lift.append(end)
        at = found.end()
    if not at:
        return source
    text += data[at:]
    lift.extend(range(at, len(data) + 1))
    return unpacked(source.inner(bytes(text), lift), deep + 1)


def _unescape(data: bytes, start: int, end: int, text: bytearray, lift: array[int]) -> None:
    """Add what a string's text means, each byte with the place that it comes from."""
    found = data.find(MAP, start, end)
    if found >= 0:  # the map ends with its line
        behind = data.find(b"\\n", found, end)
        _unescape(data, start, found, text, lift)
        start = behind if behind >= 0 else end
    at = start
    for escape in ESCAPE.finditer(data, start, end):
        begin, behind = escape.span()
        text += data[at:begin]
        lift.extend(range(at, begin))
        plain = escape[0][1:] if escape[0][1] >= 0x80 else _meant(escape[0])
        text += plain
        lift.extend(repeat(begin, len(plain)))
        at = behind
    text += data[at:end]
    lift.extend(range(at, end))


def _meant(escape: bytes) -> bytes:
    return unescaped(escape.decode("ascii")).encode()
