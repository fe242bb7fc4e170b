"""Trackers that are told more than once for the same words of a file.

Where a script writes markup with a value that may be one thing or another, the markup is read once
for each of them, and its trackers come as often.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analyzer.model import Choice, Datum, Detection, Tracker, options


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
    return list(found.values())


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
