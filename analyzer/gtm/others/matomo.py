"""Matomo Tag Manager: the container file that pages load, and the export of a version.

Read from the manager's own source, which Matomo publishes as the plugin Tag Manager: what a
container file holds (`Context/BaseContext.php`), what an export holds (`API/Export.php`), how
values are compared (`javascripts/tagmanager.js`), and the settings of each type (`Template`).
A container file keeps a hash in place of each tag's name and leaves out tags that are paused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzer.gtm.signs import SNIFF, begins_as_json, has
from analyzer.model import Skip, Source

if TYPE_CHECKING:  # most files are no container, and a scan starts sooner without the reader
    from analyzer.gtm.export import Export

_CALL = re.compile(rb"MatomoTagManager\.addContainer\(\s*\{")


def looks_like(data: bytes) -> bool:
    """Does a script add a container, or does data hold one with its triggers by number?"""
    if begins_as_json(data):
        return has(data, "idcontainer", "fire_trigger_ids")
    return (
        data[:1] != b"<"
        and data.find(b"MatomoTagManager", 0, SNIFF) >= 0
        and _CALL.search(data) is not None
    )


def read(source: Source) -> Iterator[Export | Skip]:
    """The container of a file that looks like this."""
    from analyzer.gtm.others._matomo import read

    yield from read(source)
