"""Server programs to facts: what they send, and which of the vendors' libraries they use."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from analyzer.model import Fact, Skip, Source, Vocabulary
from analyzer.parse.server.languages import language_of
from analyzer.parse.server.objective_c import is_objective_c


def is_program(path: str) -> bool:
    """Is the file a program of a language that is read, by its name?"""
    return language_of(path) is not None or is_objective_c(path)


def facts_of(
    source: Source, vocabulary: Vocabulary, thorough: bool = False
) -> Iterator[Fact | Skip]:
    """The facts of one program; nothing where it holds none of the signatures' words."""
    from analyzer.parse.server import objective_c, programs  # here: most are asked by name only

    if is_objective_c(source.path):
        return objective_c.facts_of(source, vocabulary)
    return programs.facts_of(source, vocabulary, thorough)


def calls_to(source: Source, names: Collection[str]) -> Iterator[Fact]:
    """The calls of functions and classes with these names, with what stands around them, and the
    functions of these names that the program has itself.
    """
    from analyzer.parse.server import calling  # here: most sites have no such functions

    return calling.calls_to(source, names)


def snippets_of(source: Source, vocabulary: Vocabulary) -> Iterator[Fact]:
    """What the markup and the scripts say that stand in the texts of a program."""
    from analyzer.parse.server import programs  # here: most sites are asked by name only

    return programs.snippets_of(source, vocabulary)
