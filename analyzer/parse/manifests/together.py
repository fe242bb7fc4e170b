"""What manifests and programs say together: coordinates by a catalogue's names, packages once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from analyzer.model import Assign, Fact, Moment, Package, Parsed
from analyzer.parse.manifests import is_manifest

CATALOGUE = "libs."  # what a build file's names for Gradle's coordinates begin with


@dataclass(frozen=True, slots=True)
class Together:
    """The coordinates of the version catalogues by their names, and what the manifests ask for."""

    coordinates: dict[str, str]
    asked: frozenset[tuple[str, str]]


def told_once(parsed: Iterable[Parsed]) -> list[Parsed]:
    """All files. A server program's import is left out where a manifest asks for the package: the
    manifest is where it is chosen, and the calls show where it is used.
    """
    listed = list(parsed)
    manifests = [each for each in listed if is_manifest(each.path)]
    together = Together(
        {
            fact.target: fact.value
            for each in manifests
            for fact in each.facts
            if isinstance(fact, Assign) and isinstance(fact.value, str)
        },
        frozenset(
            (fact.ecosystem, fact.name)
            for each in manifests
            for fact in each.facts
            if isinstance(fact, Package) and fact.moment is not Moment.SERVER
        ),
    )
    return [
        replace(each, facts=tuple(_told(each.facts, together)))
        if any(isinstance(fact, Package) and fact.ecosystem != "npm" for fact in each.facts)
        else each
        for each in listed
    ]


def _told(facts: Iterable[Fact], together: Together) -> Iterator[Fact]:
    for fact in facts:
        if isinstance(fact, Package):
            if fact.moment is Moment.SERVER and (fact.ecosystem, fact.name) in together.asked:
                continue
            if fact.ecosystem == "gradle" and fact.name.startswith(CATALOGUE):
                if fact.name in together.coordinates:
                    yield replace(fact, name=together.coordinates[fact.name])
                continue
        yield fact
