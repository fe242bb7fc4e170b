"""Which shape of container a file has, and whose: the first reader that knows it reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from analyzer.gtm.signs import is_exported, is_yaml, published_at
from analyzer.model import Skip, Source
from analyzer.plugins import modules

if TYPE_CHECKING:  # most files are no container, and a scan starts sooner without the readers
    from analyzer.gtm.export import Export

Reader: TypeAlias = "Callable[[Source], Iterator[Export | Skip]]"


def looks_like_container(data: bytes) -> bool:
    """Is this worth reading as a container? A few searches; the reader has the last word."""
    return (
        is_exported(data)
        or published_at(data) is not None
        or is_yaml(data)
        or any(each.looks_like(data) for each in modules("gtm.others"))
    )


def containers(source: Source) -> Iterator[Export | Skip]:
    """Every container in the file, and skips where it cannot be read as one."""
    read = _reader_of(source.data)
    if read is not None:
        yield from read(source)


def _reader_of(data: bytes) -> Reader | None:
    from analyzer.gtm import export, published, yamls

    if is_exported(data):
        return export.read
    if published_at(data) is not None:
        return published.read_published
    if is_yaml(data):
        return yamls.read_yaml
    return next((each.read for each in modules("gtm.others") if each.looks_like(data)), None)
