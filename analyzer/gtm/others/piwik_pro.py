"""Piwik PRO Tag Manager: what its API answers about tags, triggers and variables, saved to a file.

The manager exports no file. The records, their types, the types of conditions and the fixed ids
of built-in variables are those of the API as Piwik PRO's own client describes it (`PiwikPRO/mcp`,
the models and assets of `tag_manager`). A tag whose answer does not name its triggers may fire
anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzer.gtm.signs import begins_as_json, has
from analyzer.model import Skip, Source

if TYPE_CHECKING:  # most files are no container, and a scan starts sooner without the reader
    from analyzer.gtm.export import Export


def looks_like(data: bytes) -> bool:
    """Do records have what only those of this manager have together?"""
    return begins_as_json(data) and has(data, "attributes", "consent_type", "template")


def read(source: Source) -> Iterator[Export | Skip]:
    """The container of a file that looks like this."""
    from analyzer.gtm.others._piwik_pro import read

    yield from read(source)
