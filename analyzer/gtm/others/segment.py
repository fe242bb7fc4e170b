"""Segment: the settings that its library fetches for a source, with the source's destinations.

The shape is that of the library's own types (`@segment/analytics-next`, `CDNSettings` and
`RemoteIntegrationSettings`). The file knows of no pages: destinations work wherever the library
is loaded, and what they get is what the site's own calls say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzer.gtm.signs import begins_as_json, has
from analyzer.model import Skip, Source

if TYPE_CHECKING:  # most files are no container, and a scan starts sooner without the reader
    from analyzer.gtm.export import Export


def looks_like(data: bytes) -> bool:
    """Is Segment itself among the integrations?"""
    return begins_as_json(data) and has(data, "integrations", "Segment.io")


def read(source: Source) -> Iterator[Export | Skip]:
    """The container of a file that looks like this."""
    from analyzer.gtm.others._segment import read

    yield from read(source)
