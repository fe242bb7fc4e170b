"""Which scripts are worth parsing: those that hold one of the signatures' words.

Three engines behind one small interface, the fastest that is installed: hyperscan, ahocorasick_rs,
and Python's own regular expressions. All three are asked for literals and give the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import TypeAlias

from analyzer.model import Vocabulary

Hit: TypeAlias = tuple[int, int]
Engine: TypeAlias = Callable[[bytes], Iterator[Hit]]
# What a script needs that writes its words so that nobody finds them, beside the functions that the
# vocabulary has: letters as codes, a text in pieces that end inside of a word, a table of texts.
HIDING = (rb"\x", rb"\u00", b"_0x", b"].join(", b"'+'", b"' + '", b'"+"', b'" + "')
HIDES = re.compile(
    rb"""(?:\\x[2-7][0-9A-Fa-f]){3}|(?:\\u00[2-7][0-9A-Fa-f]){3}|\b_0x[0-9a-f]{3}
    |\]\.join\((?:''|""|``)\)|(?<=\w)(?:"\ ?\+\ ?"|'\ ?\+\ ?')\w""",
    re.X,
)
WORD_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")


def anchors(data: bytes, vocabulary: Vocabulary) -> Iterator[Hit]:
    """Where the words stand in the data as words of their own: start and end offsets, in no
    order.
    """
    for start, end in engine_for(vocabulary.words)(data):
        if start and data[start] in WORD_BYTES and data[start - 1] in WORD_BYTES:
            continue
        if end < len(data) and data[end - 1] in WORD_BYTES and data[end] in WORD_BYTES:
            continue
        yield start, end


def has_anchor(data: bytes, vocabulary: Vocabulary) -> bool:
    """Does the data hold one of the words?"""
    return any(True for _ in anchors(data, vocabulary))


def hides_words(data: bytes) -> bool:
    """Does a script write texts in such a way that none of the words could be found in it?"""
    return any(HIDES.match(data, start) for start, _ in engine_for(HIDING)(data))


def calls_a_vendor(data: bytes, vocabulary: Vocabulary) -> bool:
    """Does a vendor's call stand at the beginning of a statement?"""
    return _calls(vocabulary.names).search(data) is not None


@cache
def _calls(names: frozenset[str]) -> re.Pattern[bytes]:
    spelled = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"(?:^|[;{{}}\n]|\*/)[ \t]*(?:window\.)?(?:{spelled})(?:\.\w{{1,40}})*\s*\([^)]".encode()
    )


@cache
def engine_for(words: tuple[bytes, ...]) -> Engine:
    """The best engine that this machine has."""
    for make in (hyperscan_engine, ahocorasick_engine):
        try:
            return make(words)
        except ImportError:
            continue
    return regex_engine(words)


def hyperscan_engine(words: tuple[bytes, ...]) -> Engine:
    """Hyperscan's literal matcher. Raises ImportError where there is no wheel."""
    import hyperscan

    database = hyperscan.Database()
    database.compile(
        expressions=[re.escape(word) for word in words],
        ids=list(range(len(words))),
        elements=len(words),
        flags=[hyperscan.HS_FLAG_DOTALL] * len(words),
    )
    lengths = [len(word) for word in words]

    def search(data: bytes) -> Iterator[Hit]:
        hits: list[Hit] = []

        def note(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            hits.append((end - lengths[number], end))

        if data:
            database.scan(data, match_event_handler=note)
        return iter(hits)

    return search


def ahocorasick_engine(words: tuple[bytes, ...]) -> Engine:
    """The Aho-Corasick automaton of the Rust crate. Raises ImportError where there is no wheel."""
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    automaton = BytesAhoCorasick(list(words), implementation=Implementation.DFA)

    def search(data: bytes) -> Iterator[Hit]:
        return (
            (start, end)
            for _, start, end in automaton.find_matches_as_indexes(data, overlapping=True)
        )

    return search


def regex_engine(words: tuple[bytes, ...]) -> Engine:
    """One regular expression, shaped like a trie so that it does not try the words one by one."""
    pattern = re.compile(b"(?=(" + _trie(sorted(set(words), reverse=True)) + b"))")
    lengths = {
        longest: [len(word) for word in set(words) if longest.startswith(word)]
        for longest in set(words)
    }

    def search(data: bytes) -> Iterator[Hit]:
        for found in pattern.finditer(data):
            for length in lengths[found[1]]:
                yield found.start(), found.start() + length

    return search


def _trie(words: list[bytes]) -> bytes:
    branches = []
    for first, group in groupby(words, key=lambda word: word[:1]):
        rest = [word[1:] for word in group]
        tails = [word for word in rest if word]
        inner = _trie(tails) if tails else b""
        if tails and len(tails) < len(rest):
            inner = b"(?:" + inner + b")?"
        branches.append(re.escape(first) + inner)
    return branches[0] if len(branches) == 1 else b"(?:" + b"|".join(branches) + b")"
