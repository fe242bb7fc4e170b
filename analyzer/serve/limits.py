"""How much the page takes, so that no upload fills a disk or a memory."""

from __future__ import annotations

import errno
from dataclasses import dataclass

MB = 1024 * 1024
FULL = (errno.ENOSPC, errno.EDQUOT)  # the disk, or a person's share of it, holds no more


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of everything; sizes are bytes."""

    upload: int = 300 * MB  # one file as it is sent
    uploads: int = 500 * MB  # all files that are sent together
    files: int = 20  # files that are sent together
    unpacked: int = 1_000 * MB  # a zip, unpacked
    entries: int = 50_000  # files in a zip
    ratio: int = 100  # how much larger a zip may become; pages and scripts become 3 to 15 times so
    ratio_from: int = 50 * MB  # below that any ratio is harmless
    name: int = 200  # UTF-8 bytes of a file's name
    path: int = 800  # and of its whole path
    depth: int = 50  # folders in each other
    waiting: int = 5  # checks that wait for their turn
    kept: int = 10  # results that are kept until the page is closed
    long: float = 300.0  # seconds after which a person is told that this takes long


ORDINARY = Limits()
