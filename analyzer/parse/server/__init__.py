"""Server programs to facts: what they send, and which of the vendors' libraries they use."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Fact, Skip, Source, Vocabulary
from analyzer.parse.server.languages import language_of


def is_program(path: str) -> bool:
    """Is the file a program of a language that is read, by its name?"""
    return language_of(path) is not None


def facts_of(
    source: Source, vocabulary: Vocabulary, thorough: bool = False
) -> Iterator[Fact | Skip]:
    """The facts of one program; nothing where it holds none of the signatures' words."""
    from analyzer.parse.server import programs  # here: most sites are asked by name only

    return programs.facts_of(source, vocabulary, thorough)
