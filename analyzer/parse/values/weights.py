"""How much a value holds: a list of the same list twice doubles with each line of a script."""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.model import Choice, Object, Text, Value

HEAVIEST = 20_000  # values inside one value; no setting of a tracker holds as many


class Weights:
    """Weighs the lists and objects of one script, each once."""

    def __init__(self) -> None:
        # By what Python knows a value by; the value is kept, or another might get its number.
        self.known: dict[int, tuple[Value, int]] = {}

    def is_light(self, value: Value) -> bool:
        """May the value be kept? Whoever walks through a heavier one does not come back."""
        weight = self._of(value)
        if weight <= HEAVIEST and isinstance(value, (tuple, Object)):
            self.known[id(value)] = (value, weight)
        return weight <= HEAVIEST

    def _of(self, value: Value) -> int:
        if isinstance(value, Text):
            return len(value.parts)
        if not isinstance(value, (tuple, Object, Choice)):
            return 1
        kept = self.known.get(id(value))
        if kept is not None:
            return kept[1]
        weight = 1
        for each in _inner(value):
            weight += self._of(each)
            if weight > HEAVIEST:
                break
        return weight


def _inner(value: tuple[Value, ...] | Object | Choice) -> Iterable[Value]:
    if isinstance(value, Object):
        return (inner for _, inner in value.items)
    return value.options if isinstance(value, Choice) else value
