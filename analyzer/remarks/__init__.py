"""The comments of a file, whatever its language: what people write beside the code for each other.

A comment is not what looks like one: in a string, in text that visitors are shown or in an example
of a document it is none. Every reader here goes through a file once, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.engines import engine_of
from analyzer.model import Source
from analyzer.parse.files import is_script
from analyzer.parse.scripts.grammar import dialect_of
from analyzer.remarks import code, indented, markup, scripts
from analyzer.remarks.record import Remark

__all__ = ["Remark", "remarks"]

INDENTED = ("pug", "haml", "slim")
PHP = (".php", ".module", ".install", ".profile", ".theme", ".inc")


def remarks(source: Source, wanted: bytes) -> Iterator[Remark]:
    """The comments of a file in order; none for a kind of file whose comments nobody knows.

    A reader may pass over what holds none of the `wanted` words.
    """
    low, data = source.path.lower(), source.data
    if is_script(low):
        yield from scripts.remarks(data, dialect_of(low))
    elif language := code.language_of(low):
        yield from code.remarks(data, language)
    elif engine := engine_of(source.path, data):
        if engine.name in INDENTED:
            yield from indented.remarks(data, engine.name)
        else:
            yield from markup.remarks(data, engine.name, wanted)
    elif low.endswith(PHP):
        yield from markup.remarks(data, "php", wanted)
