"""A server program to facts: what it sends, and which of the vendors' libraries it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from analyzer.model import Fact, Moment, Package, Skip, Source, Vocabulary
from analyzer.parse.budget import Budget
from analyzer.parse.config import may_hold
from analyzer.parse.prefilter import has_anchor
from analyzer.parse.server import sdk
from analyzer.parse.server.calling import methods
from analyzer.parse.server.code import Code
from analyzer.parse.server.imports import asks_for_vendor, known, packages
from analyzer.parse.server.languages import APP_LANGUAGES, Language, language_of
from analyzer.parse.server.sends import requests
from analyzer.parse.server.settings import settings
from analyzer.parse.server.snippets import snippets

LONGEST = 1_000_000  # bytes of a program that are read
IN_AN_APP = re.compile(  # imports of the platform, and of what only apps use
    rb"^\s*import (?:androidx?\.|[\w.]+\.android\."
    rb"|com\.google\.firebase\.(?:analytics|ktx|Firebase)"
    rb"|com\.(?:appsflyer|adjust\.sdk|braze|appboy|onesignal|uxcam|facebook)\.|io\.(?:branch|heap)\.)",
    re.M,
)


def facts_of(
    source: Source, vocabulary: Vocabulary, thorough: bool = False
) -> Iterator[Fact | Skip]:
    """The facts of one program; nothing where it holds none of the signatures' words."""
    language = language_of(source.path)
    if language is None or not (
        thorough
        or has_anchor(source.data, vocabulary)
        or asks_for_vendor(source.data, language, vocabulary)
        or may_hold(source.data, vocabulary)
    ):
        return
    if len(source.data) > LONGEST:
        yield Skip(source.path, f"a program over {LONGEST // 1_000_000} MB")
        return
    in_an_app = language.name in APP_LANGUAGES or IN_AN_APP.search(source.data)
    moment = Moment.LOAD if in_an_app else Moment.SERVER
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
            done = [
                *python_sends.requests(program),
                *sdk.python_calls(program, vocabulary),
            ]
            yield from done
            code = Code(source.data, language, Budget(len(source.data)))
            yield from methods(source, code, done)
            yield from settings(source, code, vocabulary, done)
            return
    code = Code(source.data, language, Budget(len(source.data)))
    yield from packages(source, code, vocabulary)
    done = [*requests(source, code), *sdk.calls(source, code, vocabulary)]
    yield from done
    yield from methods(source, code, done)
    yield from settings(source, code, vocabulary, done)


def snippets_of(source: Source, vocabulary: Vocabulary) -> Iterator[Fact]:
    """What the markup and the scripts say that stand in the texts of a program."""
    language = language_of(source.path)
    if language is None or len(source.data) > LONGEST or not has_anchor(source.data, vocabulary):
        return
    code = Code(source.data, language, Budget(len(source.data)))
    yield from snippets(source, code, vocabulary)
