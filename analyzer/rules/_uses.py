"""What a function of the site's own adds to each of its calls is told once, with all the calls."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Datum, Place, Step, Tracker, holes

Told = tuple[str, str, int, str, str, tuple[str, ...]]
AGAIN = "hands over the same"  # ends a call whose value is told with another one


class Additions:
    """Remembers what was told of calls, and of the functions that they go through."""

    def __init__(self) -> None:
        self.told: dict[Told, Place] = {}  # with the call that it is told at
        self.again: dict[Place, dict[Place, Step]] = {}  # calls that hand over what one told

    def are_new(self, tracker: Tracker, datum: Datum) -> bool:
        """Is the datum told here first? What the call says itself always is."""
        told = [*_told(tracker, datum)]
        known = next((self.told[each] for each in told if each in self.told), None)
        is_new = known is None or is_written_here(tracker, datum)
        for each in told:
            self.told.setdefault(each, tracker.place)
        if not is_new and known is not None and known != tracker.place:
            step = Step(tracker.place, AGAIN)
            self.again.setdefault(known, {}).setdefault(tracker.place, step)
        return is_new

    def calls_like(self, tracker: Tracker) -> tuple[Step, ...]:
        """The other calls that hand over what was told of this one."""
        return tuple(self.again.get(tracker.place, {}).values())


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
