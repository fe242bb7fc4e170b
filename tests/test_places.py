"""Excerpts, and line hashes that agree with those of code scanning."""

from __future__ import annotations

import random
from collections import Counter
from time import perf_counter

import pytest

from analyzer.model import Excerpt, Place, Region
from analyzer.places import LINE_LIMIT, excerpts, line_hashes

FILE = b"one\ntwo\nthree\nfour\nfive\nsix\n"


def on(line: int) -> Place:
    return Place("a.html", Region(line, 1, line, 2))


def excerpt(data: bytes, place: Place) -> Excerpt:
    return excerpts(data, [place])[place]


@pytest.mark.parametrize(
    ("line", "first", "lines"),
    [
        (1, 1, ("one", "two", "three")),
        (3, 1, ("one", "two", "three", "four", "five")),
        (6, 4, ("four", "five", "six")),
    ],
)
def test_an_excerpt_is_two_lines_on_either_side(
    line: int, first: int, lines: tuple[str, ...]
) -> None:
    seen = excerpt(FILE, on(line))
    assert (seen.start_line, seen.lines) == (first, lines)


def test_line_ends_and_the_byte_order_mark_are_no_part_of_a_line() -> None:
    assert excerpt("\ufeffone\r\ntwö\r\n".encode(), on(1)).lines == ("one", "twö")


def test_a_place_on_an_empty_last_line_has_that_line() -> None:
    assert excerpt(b"one\n", on(2)).lines == ("one", "")


def test_a_line_that_the_file_does_not_have_has_nothing_to_show() -> None:
    assert excerpt(b"one\n", on(9)).lines == ()
    assert excerpt(b"one\n", on(9)).line_hash == ""


def test_no_places_no_excerpts() -> None:
    assert excerpts(FILE, []) == {}
    assert line_hashes(FILE, []) == {}


@pytest.mark.parametrize(
    ("data", "line_hash"),
    [
        (b"one", "37d1a24550e3f429:1"),
        (b"", "c129715d7a2bc9a3:1"),
    ],
)
def test_the_hash_of_the_first_line_is_the_one_that_is_known(data: bytes, line_hash: str) -> None:
    assert excerpt(data, on(1)).line_hash == line_hash


def test_the_same_window_counts_up() -> None:
    data = b"same\n" + b"x" * 100 + b"\nsame\n" + b"x" * 100 + b"\n"
    hashes = line_hashes(data, [1, 2, 3, 4])
    assert hashes[1].split(":")[0] == hashes[3].split(":")[0]
    assert hashes[3].endswith(":2")
    assert line_hashes(data, [3]) == {3: hashes[3]}


PIECES = [
    b"\n",
    b"\r\n",
    b"\r",
    b" ",
    b"\t",
    b"a",
    b"bc",
    b"x" * 40,
    "é😀".encode(),
    b"\xff",
    b"\xe2\x82",
    b"\xef\xbb\xbf",
    b"\x00",
    "\u2028\uffff".encode(),
]


@pytest.mark.parametrize("seed", range(40))
def test_hashes_agree_with_a_window_that_rolls_over_the_file(seed: int) -> None:
    chance = random.Random(seed)
    data = b"".join(chance.choice(PIECES) for _ in range(chance.choice([1, 5, 50, 900])))
    assert line_hashes(data, range(1, 1_000)) == rolled(data)


def rolled(data: bytes) -> dict[int, str]:
    """The slow way: one character after the other, each line's hash ready a hundred later."""
    units: list[tuple[int, bool]] = []  # a code unit, and whether a line starts with it
    starts, after_return = True, False
    for unit in utf16(data.decode("utf-8", "replace")):
        if unit in (0x20, 0x09) or (after_return and unit == 0x0A):
            after_return = False
            continue
        after_return = unit == 0x0D
        unit = 0x0A if after_return else unit
        units.append((unit, starts))
        starts = unit == 0x0A
    units += [(0xFFFF, starts), *[(0, False)] * 100]

    value, hashes, seen, waiting = 0, dict[int, str](), Counter[int](), list[int]()
    for at, (unit, starts_line) in enumerate(units):
        if waiting and waiting[0] == at - 100:
            waiting.pop(0)
            seen[value] += 1
            hashes[len(hashes) + 1] = f"{value:x}:{seen[value]}"
        if starts_line:
            waiting.append(at)
        left = units[at - 100][0] if at >= 100 else 0
        value = (value * 37 + unit - left * 37**100) % 2**64
    return hashes


def utf16(text: str) -> list[int]:
    raw = text.encode("utf-16-le")
    return [raw[at] | raw[at + 1] << 8 for at in range(0, len(raw), 2)]


def test_a_line_of_30_megabytes_is_cut_and_costs_little() -> None:
    data = b"fbq('init');" * 2_500_000
    started = perf_counter()
    seen = excerpt(data, on(1))
    assert perf_counter() - started < 5
    assert [len(line) for line in seen.lines] == [LINE_LIMIT]
    assert seen.line_hash
