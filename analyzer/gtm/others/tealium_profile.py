"""Tealium iQ: a profile as the API answers it, saved to a file.

The shape is the documented one (Tealium: iQ Profiles API Objects, iQ Load Rules API, iQ Tags API).
Of the operators only those are read that the documentation writes out; others stay questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzer.gtm.signs import begins_as_json, has
from analyzer.model import Skip, Source

if TYPE_CHECKING:  # most files are no container, and a scan starts sooner without the reader
    from analyzer.gtm.export import Export


def looks_like(data: bytes) -> bool:
    """Does data name an account and a profile, with tags and load rules?"""
    return begins_as_json(data) and has(data, "account", "profile", "loadRules", "tags")


def read(source: Source) -> Iterator[Export | Skip]:
    """The container of a file that looks like this."""
    from analyzer.gtm.others._tealium_profile import read

    yield from read(source)
