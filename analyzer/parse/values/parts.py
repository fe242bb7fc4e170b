"""What a value is read from, where that is one thing."""

from __future__ import annotations

from analyzer.model import Hole, Origin, OriginKind, Value


def single(value: Value) -> Origin | None:
    """The origin of a value that is read from one thing as a whole."""
    return (
        value.origin
        if isinstance(value, Hole) and value.origin.kind is not OriginKind.UNKNOWN
        else None
    )
