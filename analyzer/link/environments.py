"""The settings of environments: what `process.env.GTM_ID` is in production, and in staging."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from analyzer.link.filled import has_open, holes_of, values_of, with_values
from analyzer.match import PLACEHOLDER
from analyzer.model import Fact, Hole, Offers, OriginKind, Place, Step, Value

FILE = re.compile(r"^\.env(?P<mode>(?:\.[\w-]+)*)$")
# What is no environment but shows how to write one; it is asked where there is nothing else.
SHOWN = re.compile(r"example|sample|template|dist|default|schema|vault", re.I)
MOST = 40  # environments of one folder; each makes trackers of its own
NEVER = re.compile(r"^(?:test|ci|e2e|cypress|playwright|testing)$", re.I)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a file gives a name."""

    value: str
    place: Place


class Environments:
    """Knows which files of settings stand in which folder."""

    def __init__(self, paths: Iterable[str], read: Callable[[str], Offers | None]) -> None:
        self.read = read
        self.folders: dict[str, dict[str, str]] = {}
        for path in paths:
            folder, name = posixpath.split(path)
            if (found := FILE.match(name)) is not None:
                self.folders.setdefault(folder, {})[path] = found["mode"].lstrip(".")

    def told(self, fact: Fact, path: str) -> Iterator[Fact]:
        """The fact once for each environment that gives it something else, or as it is."""
        if not any(has_open(value, OriginKind.ENVIRONMENT) for value in values_of(fact)):
            yield fact
            return
        names = {hole.origin.name for hole in holes_of(fact, OriginKind.ENVIRONMENT)}
        found: dict[tuple[Value, ...], Fact] = {}
        for known in self._environments(path, names):
            used: dict[str, Setting] = {}
            told = with_values(fact, _filler(known, used))
            if told is not None and used:
                steps = tuple(
                    Step(each.place, f"gives {name} its value") for name, each in used.items()
                )
                told = replace(told, through=(*fact.through, *steps))
                found.setdefault(tuple(values_of(told)), told)
        yield from found.values() or (fact,)

    def _environments(self, path: str, names: set[str]) -> Iterator[dict[str, Setting]]:
        """What the environments of the nearest folder say of some names."""
        files = self._nearest(path)
        settings = {each: self._of(each, names) for each in files}
        base: dict[str, Setting] = {}
        modes: dict[str, dict[str, Setting]] = {}
        shown: dict[str, Setting] = {}
        for each, mode in sorted(files.items(), key=lambda one: one[1].count(".")):
            words = [word for word in mode.split(".") if word and word != "local"]
            if any(SHOWN.search(word) for word in words):
                shown.update(settings[each])
            elif not words:
                base.update(settings[each])
            elif not any(NEVER.match(word) for word in words):
                modes.setdefault(".".join(words), {}).update(settings[each])
        if base:
            yield base
        ordered = sorted(modes, key=lambda each: (not each.startswith("prod"), each))
        for mode in ordered[:MOST]:
            if modes[mode]:
                yield {**base, **modes[mode]}
        # An example's placeholder stands for an id that is kept elsewhere: it tells of none.
        shown = {key: each for key, each in shown.items() if not PLACEHOLDER.match(each.value)}
        if not base and not any(modes.values()) and shown:
            yield shown

    def _nearest(self, path: str) -> dict[str, str]:
        folder = posixpath.dirname(path)
        while folder and folder not in self.folders:
            folder = posixpath.dirname(folder)
        return self.folders.get(folder, {})

    def _of(self, path: str, names: set[str]) -> dict[str, Setting]:
        offers = self.read(path)
        if offers is None:
            return {}
        places = dict(offers.places)
        return {
            name: Setting(value, places[name])
            for name, value in offers.exports
            if name in names and isinstance(value, str) and name in places
        }


def _filler(known: dict[str, Setting], used: dict[str, Setting]) -> Callable[[Hole], Value]:
    def fill(hole: Hole) -> Value:
        if hole.origin.kind is not OriginKind.ENVIRONMENT or hole.origin.name not in known:
            return hole
        setting = used[hole.origin.name] = known[hole.origin.name]
        return setting.value

    return fill
