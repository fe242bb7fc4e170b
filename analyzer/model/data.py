"""What a datum tells about its way: what it was made of, whether only a hash leaves the page."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model.places import Step
from analyzer.model.values import Origin, OriginKind, holes
from analyzer.model.vendors import Datum


def source_of(origin: Origin | None) -> Origin | None:
    """What stands behind the hashes."""
    while origin and origin.kind is OriginKind.HASH and origin.of:
        origin = origin.of[0]
    return origin


def is_hashed(datum: Datum) -> bool:
    """Does only a hash leave the page? One plain hole beside it, and the answer is no."""
    origins = [hole.origin for hole in holes(datum.value)]
    return bool(origins) and all(
        any(each.kind is OriginKind.HASH for each in made_of(origin)) for origin in origins
    )


def made_of(origin: Origin) -> list[Origin]:
    """The origin and all that it was made of, each once."""
    found: dict[Origin, None] = {}
    todo = [origin]
    while todo:
        each = todo.pop()
        if each not in found:
            found[each] = None
            todo.extend(reversed(each.of))
    return list(found)


def births(datum: Datum) -> Iterator[Step]:
    """Where the value is born and what is made of it, in order, without where it is handed over."""
    chain = made_of(datum.origin) if datum.origin else []
    for origin in reversed(chain):
        if origin.place:
            hashed = origin.kind is OriginKind.HASH and origin.name
            yield Step(origin.place, f"hashed with {origin.name}()" if hashed else str(origin))


def way_of(datum: Datum) -> Iterator[Step]:
    """From where the value is born to where it is handed over."""
    yield from births(datum)
    if datum.place:
        yield Step(datum.place, f"sent as {datum.name}")
