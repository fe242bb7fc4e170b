"""What a function of the site's own adds to each of its calls is told once."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Datum, Tracker, holes

Told = tuple[str, str, int, str, str, tuple[str, ...]]


class Additions:
    """Remembers what was told of calls, and of the functions that they go through."""

    def __init__(self) -> None:
        self.told: set[Told] = set()

    def are_new(self, tracker: Tracker, datum: Datum) -> bool:
        """Is the datum told here first? What the call says itself always is."""
        told = set(_told(tracker, datum))
        known = bool(told & self.told)
        self.told |= told
        return not known or is_written_here(tracker, datum)


def is_written_here(tracker: Tracker, datum: Datum) -> bool:
    """Does the call say the value itself, or is there no function that could have added it?"""
    written = [hole.text for hole in holes(datum.value) if hole.text]
    added = len(tracker.detection.fact.through) > 1 and bool(written)
    return not added or any(each in tracker.place.text for each in written)


def _told(tracker: Tracker, datum: Datum) -> Iterator[Told]:
    values = tuple(hole.text for hole in holes(datum.value))
    steps = (each.place for each in tracker.detection.fact.through if each.place != tracker.place)
    for place in (tracker.place, *steps):
        yield (tracker.vendor, place.path, place.line, datum.name, datum.category, values)
