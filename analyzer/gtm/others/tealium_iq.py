"""Tealium iQ: the `utag.js` that a profile is published into.

The documentation (Tealium: Universal Tag, About load rules, Order of operations) says what tags,
load rules and the data object are; how a published file writes them is read from public ones: the
settings of each tag in `utag.loader.cfg`, load rules as JavaScript over the data object `d`, and
the code of bundled tags after a comment with the tag's number. A tag's own file (`utag.12.js`) is
a script by itself. Of vendors' template numbers the documentation names one, so no other is
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzer.model import Skip, Source

if TYPE_CHECKING:  # most files are no container, and a scan starts sooner without the reader
    from analyzer.gtm.export import Export

_SETTINGS = re.compile(rb"utag\.loader\.cfg\s*=\s*\{\s*[\"'\d]")


def looks_like(data: bytes) -> bool:
    """Does a script say that it is the loader of a profile, with the settings of its tags?"""
    head = data[:4096]
    named = b"tealium universal tag - utag.loader" in head or b"utag_condload" in head
    return named and _SETTINGS.search(data) is not None


def read(source: Source) -> Iterator[Export | Skip]:
    """The container of a file that looks like this."""
    from analyzer.gtm.others._tealium_iq import read

    yield from read(source)
