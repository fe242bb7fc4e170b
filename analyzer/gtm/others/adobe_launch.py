"""Adobe Experience Platform Tags (Launch): the library that a property is built into.

The documentation (Experience Platform, Tags: Web extension flow, Action types, Condition types,
Rules) says what events, conditions and actions are; how a built library writes them is read from
published ones. Of extensions only Core is read: others keep their settings as they like, so their
actions are told by the name of their module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzer.model import Skip, Source

if TYPE_CHECKING:  # most files are no container, and a scan starts sooner without the reader
    from analyzer.gtm.export import Export

HEAD = 1 << 14  # bytes in which a library must show what it is

_CONTAINER = re.compile(rb"_satellite\.container\s*=\s*\{")


def looks_like(data: bytes) -> bool:
    """Does a script set the container of a library, with modules in it?"""
    return (
        data.find(b"_satellite", 0, HEAD) >= 0
        and _CONTAINER.search(data, 0, HEAD) is not None
        and data.find(b"modulePath") >= 0
    )


def read(source: Source) -> Iterator[Export | Skip]:
    """The container of a file that looks like this."""
    from analyzer.gtm.others._adobe_launch import read

    yield from read(source)
