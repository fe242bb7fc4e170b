"""Suppressions that people write beside the code, as comments of any language."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Source, Suppression

MARK = b"trackerlint:"


def suppressions(source: Source) -> Iterator[Suppression]:
    """The suppressions of a file, also those that are written wrongly, with what is wrong."""
    if MARK not in source.data:
        return
    yield from ()
