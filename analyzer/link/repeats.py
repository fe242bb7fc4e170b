"""Trackers that are told more than once for the same words of a file.

Where a script writes markup with a value that may be one thing or another, the markup is read once
for each of them, and its trackers come as often. The snippet of a container both tells its layer
that it starts and loads it: the first alone counts where the loader cannot be read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from analyzer.model import (
    Call,
    Choice,
    Datum,
    Detection,
    Push,
    Role,
    Tracker,
    options,
)


def without_repeats(trackers: Iterable[Tracker]) -> list[Tracker]:
    """Each tracker once: what the repeats know besides goes into the first of them."""
    found: dict[tuple[object, ...], Tracker] = {}
    for each in trackers:
        hit = each.detection
        way = hit.fact.through  # two environments are two trackers
        where = (hit.place.path, hit.place.region, hit.tag)
        key = (hit.vendor, hit.role, *where, each.status, each.fires, way)
        known = found.get(key)
        both = each if known is None else replace(known, detection=_both(known.detection, hit))
        found[key] = both
    return list(_without_starts(found.values()))


def _without_starts(trackers: Collection[Tracker]) -> Iterator[Tracker]:
    """The trackers, without the words that start a container which the same file loads."""
    loaded = {
        (each.vendor, each.place.path)
        for each in trackers
        if each.detection.role is Role.CONTAINER and not _starts(each)
    }
    started: set[tuple[str, str, int]] = set()
    for each in trackers:
        where = each.vendor, each.place.path
        if _starts(each):
            if where in loaded or (*where, each.place.line) in started:
                continue
            started.add((*where, each.place.line))
        yield each


def _starts(tracker: Tracker) -> bool:
    """Does it only push to a layer that a container starts?"""
    fact = tracker.detection.fact
    told = isinstance(fact, Push) or (isinstance(fact, Call) and fact.callee.endswith(".push"))
    return told and tracker.detection.role is Role.CONTAINER


def _both(one: Detection, other: Detection) -> Detection:
    if one == other:
        return one
    return replace(
        one,
        ids=tuple(dict.fromkeys((*one.ids, *other.ids))),
        data=_together((*one.data, *other.data)),
        switches=tuple(dict.fromkeys((*one.switches, *other.switches))),
        placeholder=one.placeholder and other.placeholder,
        weak=one.weak and other.weak,
    )


def _together(data: Iterable[Datum]) -> tuple[Datum, ...]:
    """Each datum once, with all that its value may be."""
    found: dict[tuple[object, ...], Datum] = {}
    for each in data:
        key = (each.name, each.place)
        known = found.get(key)
        if known is None or known.value is None:
            found[key] = each
        elif each.value is not None and each.value != known.value:
            either = dict.fromkeys((*options(known.value), *options(each.value)))
            found[key] = replace(known, value=Choice(tuple(either)))
    return tuple(found.values())
