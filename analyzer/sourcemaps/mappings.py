"""The `mappings` of a source map: which place of a source a place of the bundle comes from.

Every number in them is relative to the one before, so that all of them count up to the place that
is asked for. A map has millions of segments, but few different ones: each of these is decoded once,
and the rest is adding up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

DIGITS = {
    sign: value
    for value, sign in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}
CONTINUES, BITS, LARGEST = 32, 5, 1 << 31
LONGEST = 36  # characters of a segment: five numbers of 32 bits each
MOST_SEGMENTS = 12_000_000
MOST_DIFFERENT = 1_500_000
FIELDS = (1, 4, 5)
SLOT_SOURCE, SLOT_LINE, SLOT_COLUMN, SLOT_NAME = 1, 2, 3, 4


class Unreadable(Exception):
    """A source map that cannot be followed; the words say what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in one of a map's sources; lines and columns count from 0, columns in UTF-16 units.

    `name` is the number of the name that stands there, -1 where the map tells none.
    """

    source: int
    line: int
    column: int
    name: int = -1


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place in the bundle, counted in the same way."""

    line: int
    column: int


def spots(mappings: str, wanted: Iterable[Point]) -> dict[Point, Spot]:
    """The places that some points of the bundle come from; a point without one is left out.

    Raises Unreadable where the mappings are none.
    """
    points = sorted(set(wanted))
    if not points:
        return {}
    if mappings.count(",") + mappings.count(";") > MOST_SEGMENTS:
        raise Unreadable("it has more segments than can be looked at")
    lines = mappings.split(";", points[-1].line + 1)[: points[-1].line + 1]
    segments = _Segments(lines)
    found: dict[Point, Spot] = {}
    state, done = [0, 0, 0, 0, 0], 0
    for number in sorted({point.line for point in points}):
        if number >= len(lines):
            break
        segments.add_up(state, ",".join(lines[done:number]).split(","))
        own = lines[number].split(",") if lines[number] else []
        done = number + 1
        columns = list(accumulate(map(segments.columns.__getitem__, own)))
        passed = 0
        for point, last in _last_before(columns, [each for each in points if each.line == number]):
            if last < passed:  # columns that go back: the order of the text decides
                state, passed = [*segments.before(lines[:number])], 0
            segments.add_up(state, own[passed : last + 1])
            passed = last + 1
            fields = segments.fields[own[last]]
            if len(fields) > 1:
                name = state[SLOT_NAME] if len(fields) > SLOT_NAME else -1
                spot = Spot(state[SLOT_SOURCE], state[SLOT_LINE], state[SLOT_COLUMN], name)
                if min(spot.source, spot.line, spot.column) < 0:
                    raise Unreadable("its numbers lead to a place before the first one")
                found[point] = spot
        segments.add_up(state, own[passed:])
    return found


def built(mappings: str, source: int, wanted: Iterable[Point]) -> dict[Point, Point]:
    """The other way round: where some places of a source came to in the bundle; a place whose line
    is not in the bundle is left out.

    Raises Unreadable where the mappings are none.
    """
    points: dict[int, list[Point]] = {}
    for point in wanted:
        points.setdefault(point.line, []).append(point)
    if mappings.count(",") + mappings.count(";") > MOST_SEGMENTS:
        raise Unreadable("it has more segments than can be looked at")
    lines = mappings.split(";")
    known = _Segments(lines).fields
    best: dict[Point, tuple[int, Point]] = {}
    file = line = column = 0
    for number, text in enumerate(lines):
        at = 0
        for segment in text.split(",") if text else ():
            fields = known[segment]
            at += fields[0]
            if len(fields) < SLOT_NAME:
                continue
            file += fields[SLOT_SOURCE]
            line += fields[SLOT_LINE]
            column += fields[SLOT_COLUMN]
            for point in points.get(line, ()) if file == source else ():
                if column <= point.column and (point not in best or column > best[point][0]):
                    best[point] = column, Point(number, at)
    return {point: place for point, (_, place) in best.items()}


def _last_before(columns: Sequence[int], points: Sequence[Point]) -> Iterator[tuple[Point, int]]:
    """For each point of a line the number of the segment that it lies in."""
    ordered = all(one <= other for one, other in pairwise(columns))
    for point in points:
        if ordered:
            at = bisect_right(columns, point.column) - 1
        else:
            before = [(each, at) for at, each in enumerate(columns) if each <= point.column]
            at = max(before)[1] if before else -1
        if at >= 0:
            yield point, at


class _Segments:
    """The different segments of some lines, each decoded once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.fields: dict[str, tuple[int, ...]] = {"": (0,)}
        different: set[str] = set()
        for line in lines:
            if line:
                different.update(line.split(","))
            if len(different) > MOST_DIFFERENT:
                raise Unreadable("it has more different segments than can be looked at")
        for segment in different:
            if segment:
                self.fields[segment] = decoded(segment)
        self.columns = {segment: fields[0] for segment, fields in self.fields.items()}

    def add_up(self, state: list[int], segments: Sequence[str]) -> None:
        """Add to the state what some segments say, other than the column in the bundle."""
        for segment, times in Counter(segments).items():
            fields = self.fields[segment]
            for slot in range(1, len(fields)):
                state[slot] += fields[slot] * times

    def before(self, lines: Sequence[str]) -> Sequence[int]:
        state = [0, 0, 0, 0, 0]
        self.add_up(state, ",".join(lines).split(","))
        return state


def decoded(segment: str) -> tuple[int, ...]:
    """The numbers of one segment. Raises Unreadable."""
    if len(segment) > LONGEST:
        raise Unreadable("its mappings hold a segment without end")
    fields: list[int] = []
    value = shift = 0
    for sign in segment:
        digit = DIGITS.get(sign)
        if digit is None:
            raise Unreadable(f"its mappings hold the sign {sign!r}")
        value += (digit & (CONTINUES - 1)) << shift
        if digit & CONTINUES:
            shift += BITS
            continue
        if value >> 1 >= LARGEST:
            raise Unreadable("its mappings hold a number that is too large")
        fields.append(-(value >> 1) if value & 1 else value >> 1)
        value = shift = 0
    if shift or len(fields) not in FIELDS:
        raise Unreadable("its mappings break off inside a segment")
    return tuple(fields)
