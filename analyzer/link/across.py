"""Values and functions across files: what one file asks for, as another one says it.

A file says alone that something is imported, or that a function of another file is called. Which
files would tell more is known when all have been read once: those, and only those, are asked what
they offer, round after round, since what they offer may lead on to others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from analyzer.link.deeds import Deeds
from analyzer.link.environments import Environments
from analyzer.link.filled import has_open, values_of, with_values
from analyzer.link.givers import Givers
from analyzer.link.graph import names_of
from analyzer.link.meanings import Meanings
from analyzer.link.wanted import Wanted
from analyzer.match import Matcher
from analyzer.model import (
    NUMBER,
    Fact,
    Frame,
    Offers,
    OriginKind,
    Parsed,
    Pixel,
    Place,
    Request,
    ScriptLoad,
)

Offering = Callable[[Sequence[str]], Mapping[str, Offers]]
Mentioning = Callable[[Collection[str]], Iterable[str]]
MOST_ROUNDS = 10  # files that lead on to each other
MOST_FILES = 2_000  # that are asked in one run


def nobody_mentions(names: Collection[str]) -> Iterable[str]:
    """Which files hold a name where nobody can read them once more."""
    return ()


def across(
    parsed: Sequence[Parsed],
    matcher: Matcher,
    paths: Iterable[str],
    offering: Offering,
    mentioning: Mentioning = nobody_mentions,
) -> list[Parsed]:
    """The files with the values of others put in, and with what their calls of others do;
    `mentioning` tells which files hold one of some names.
    """
    return _Across(parsed, matcher, paths, offering, mentioning).joined()


class _Across:
    def __init__(
        self,
        parsed: Sequence[Parsed],
        matcher: Matcher,
        paths: Iterable[str],
        offering: Offering,
        mentioning: Mentioning,
    ) -> None:
        self.parsed = parsed
        self.matcher = matcher
        self.offering = offering
        self.mentioning = mentioning
        self.mentioned: set[str] = set()  # names of which the files are known
        self.paths = tuple(paths)
        self.open = {each.path: [fact for fact in each.facts if _is_open(fact)] for each in parsed}
        self.meanings = Meanings(names_of(parsed, self.paths), self.paths)
        self.givers = Givers(self.meanings)
        self.asked: set[str] = set()

    def joined(self) -> list[Parsed]:
        """The files with all that is known of each other."""
        wanted = Wanted(self.parsed, self.meanings, self.matcher)
        self._ask(wanted.at_first() | wanted.scripts_of_pages() | wanted.pages_with_functions())
        done: dict[str, list[Fact]] = {}
        for _ in range(MOST_ROUNDS):
            self._resolve()
            if self._ask(self.meanings.wanted | wanted.callers() | self._on_pages(wanted)):
                continue
            done = self._deeds(wanted)
            if not self._ask(self.meanings.wanted):
                break
        return [self._with(each, done.get(each.path, [])) for each in self._in_environments()]

    def _on_pages(self, wanted: Wanted) -> set[str]:
        """The files that name what a script gives to the others of its page."""
        # The chunks of a build name what they share, and not the modules of others.
        found = (each.partition(NUMBER)[:2] for each in wanted.names_on_pages())
        names = {"".join(each) for each in found} - self.mentioned
        self.mentioned |= names
        return set(self.mentioning(names)) if names else set()

    def _ask(self, wanted: Iterable[str]) -> bool:
        """Read what files offer that were not asked yet. Was there one?"""
        fresh = sorted(set(wanted) - self.asked)[: MOST_FILES - len(self.asked)]
        self.meanings.wanted.clear()
        if not fresh:
            return False
        self.asked.update(fresh)
        for offers in self.offering(fresh).values():
            self.meanings.add(offers)
        return True

    def _resolve(self) -> None:
        """Put in what other files say, as far as that is known by now."""
        for path, facts in self.open.items():
            for fact in facts:
                for value in values_of(fact):
                    self.meanings.known(value, path, ask=True)
        self.givers.ask()

    def _deeds(self, wanted: Wanted) -> dict[str, list[Fact]]:
        """What calls do in other files, by the files of the calls."""
        deeds = Deeds(self.meanings, self.matcher, wanted.may_act)
        return {
            path: found
            for path, offers in sorted(self.meanings.offers.items())
            if (found := [*deeds.of(offers)])
        }

    def _in_environments(self) -> Iterator[Parsed]:
        """The files with values of other files, and with those of the environments."""
        for each in self.parsed:
            if not self.open[each.path] and each.path not in self.meanings.offers:
                yield each
                continue
            facts = tuple(self._filled(fact, each.path) for fact in each.facts)
            yield replace(each, facts=facts)

    def _filled(self, fact: Fact, path: str) -> Fact:
        fact = self._kept(fact, self.givers.filled(fact))
        if not _is_open(fact):
            return fact
        return self._kept(
            fact, with_values(fact, lambda hole: self.meanings.known(hole, path, ask=False))
        )

    def _kept(self, before: Fact, after: Fact | None) -> Fact:
        """The fact with what is known now, unless that hides what it was known by."""
        if after is None or after is before:
            return before
        lost = any(True for _ in self.matcher.detect(before)) and not any(
            True for _ in self.matcher.detect(after)
        )
        return before if lost else after

    def _with(self, parsed: Parsed, done: Sequence[Fact]) -> Parsed:
        """A file with what its calls come to, each in the environments that there are."""
        offers = self.meanings.offers.get(parsed.path)
        if offers is not None and offers.skips:
            parsed = replace(parsed, skips=(*parsed.skips, *offers.skips))
        links = offers.links if offers is not None and done else ()
        done = [each for each in done if not _is_told(each, parsed.facts)]
        facts = [*parsed.facts, *links, *done]
        if not any(
            has_open(value, OriginKind.ENVIRONMENT) for f in facts for value in values_of(f)
        ):
            return replace(parsed, facts=tuple(facts)) if done else parsed
        return replace(parsed, facts=tuple(self._told_apart(facts, parsed.path)))

    def _told_apart(self, facts: Iterable[Fact], path: str) -> Iterator[Fact]:
        environments = Environments(self.paths, self._settings)
        for fact in facts:
            told = list(environments.told(fact, path))
            kept = [each for each in told if self._kept(fact, each) is each]
            yield from kept or [fact]

    def _settings(self, path: str) -> Offers | None:
        if path not in self.meanings.offers:
            self._ask([path])
        return self.meanings.offers.get(path)


def _is_open(fact: Fact) -> bool:
    """Does a value of the fact wait for another file?"""
    return any(has_open(value, OriginKind.IMPORT) for value in values_of(fact))


def _is_told(done: Fact, facts: Sequence[Fact]) -> bool:
    """Is what a call loads told already, by the name of the function that loads it?"""
    if not isinstance(done, (ScriptLoad, Pixel, Frame, Request)):
        return False
    return any(
        isinstance(each, (ScriptLoad, Pixel, Frame, Request))
        and type(each) is type(done)
        and _holds(done.place, each.place)
        and (each.url == done.url or each.place == done.place)
        for each in facts
    )


def _holds(outer: Place, inner: Place) -> bool:
    around, at = outer.region, inner.region
    begins = (around.line, around.column) <= (at.line, at.column)
    return begins and (at.end_line, at.end_column) <= (around.end_line, around.end_column)
