"""A server program to facts: what it sends, and which of the vendors' libraries it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import Fact, Moment, Package, Skip, Source, Vocabulary
from analyzer.parse.prefilter import has_anchor
from analyzer.parse.server import sdk
from analyzer.parse.server.code import Code
from analyzer.parse.server.imports import asks_for_vendor, known, packages
from analyzer.parse.server.languages import Language, language_of
from analyzer.parse.server.sends import requests

LONGEST = 1_000_000  # bytes of a program that are read
IN_AN_APP = re.compile(rb"^\s*import androidx?\.", re.M)


def facts_of(
    source: Source, vocabulary: Vocabulary, thorough: bool = False
) -> Iterator[Fact | Skip]:
    """The facts of one program; nothing where it holds none of the signatures' words."""
    language = language_of(source.path)
    if language is None or not (
        thorough
        or has_anchor(source.data, vocabulary)
        or asks_for_vendor(source.data, language, vocabulary)
    ):
        return
    if len(source.data) > LONGEST:
        yield Skip(source.path, f"a program over {LONGEST // 1_000_000} MB")
        return
    moment = Moment.LOAD if IN_AN_APP.search(source.data) else Moment.SERVER
    for fact in _facts(source, language, vocabulary):
        yield replace(fact, moment=moment)


def _facts(source: Source, language: Language, vocabulary: Vocabulary) -> Iterator[Fact]:
    if language.name == "python":
        from analyzer.parse.server import python, python_sends, python_values

        tree = python.parse(source.data)
        if tree is not None:
            program = python_values.Reader(source, tree)
            for module, node in program.imported:
                if name := known("pypi", module, vocabulary):
                    yield Package(
                        place=source.place(*program.span(node)), ecosystem="pypi", name=name
                    )
            yield from python_sends.requests(program)
            yield from sdk.python_calls(program, vocabulary)
            return
    code = Code(source.data, language)
    yield from packages(source, code, vocabulary)
    yield from requests(source, code)
    yield from sdk.calls(source, code, vocabulary)
