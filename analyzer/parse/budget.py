"""What reading one file may cost: processor time and memory, by its size.

The numbers are far above what real scripts take, so that only what is made to be awkward, or
damaged, comes near them. A file that costs more is read as far as it got, and named among what was
not read in full.
"""

from __future__ import annotations

import os
import sys
from time import process_time

SECONDS = 5.0  # of processor time, for any file
SECONDS_PER_MEGABYTE = 15.0  # and for each million bytes of it
MEMORY = 256_000_000  # bytes that reading may add to what the process holds
MEMORY_PER_BYTE = 640  # and for each byte of the file; a parser's tree alone takes 60 to 300
MEGABYTE = 1_000_000
OFTEN = 1_024  # steps between two looks at the clock
SELDOM = 0.05  # seconds between two looks at the memory, which take longer


class TooSlow(Exception):
    """A script that would take longer than it may.

    `count` tells how often that was said: a machine with less to do may read more of the file.
    """

    count = 0

    def __init__(self, reason: str = "it takes too long to read") -> None:
        super().__init__(reason)
        TooSlow.count += 1


class Spent(TooSlow):
    """A file whose budget is used up."""


class Budget:
    """What is left for one file. Whoever takes steps says so with `step`."""

    def __init__(self, size: int) -> None:
        self.seconds = SECONDS + SECONDS_PER_MEGABYTE * size / MEGABYTE
        self.memory = MEMORY + MEMORY_PER_BYTE * size
        self.until = process_time() + self.seconds
        self.weigh_at = 0.0  # when to look at the memory again
        self.most = held_memory() + self.memory
        self.steps = 0
        self.reason = ""

    def step(self) -> None:
        """Note a step, and look from time to time what is left. Raises Spent."""
        self.steps += 1
        if self.steps % OFTEN == 0 or self.reason:
            self.look()

    def is_full(self) -> bool:
        """Does the process hold more than it may for this file?"""
        return held_memory() > self.most

    def look(self) -> None:
        """Raises Spent when nothing is left."""
        if not self.reason:
            now = process_time()
            if now > self.until:
                self.reason = (
                    f"it took more than the {self.seconds:.0f} seconds that a file of its size "
                    "may; what was read before counts"
                )
            elif now > self.weigh_at and self.is_full():
                self.reason = (
                    f"it took more than the {self.memory // MEGABYTE} MB of memory that a file of "
                    "its size may; what was read before counts"
                )
            elif now > self.weigh_at:
                self.weigh_at = now + SELDOM
        if self.reason:
            raise Spent(self.reason)


def held_memory() -> int:
    """The bytes that this process holds: where the system does not tell them the most that it has
    held, and 0 where it tells neither.
    """
    if sys.platform == "linux":
        try:
            with open("/proc/self/statm", "rb", buffering=0) as stream:
                return int(stream.read(200).split()[1]) * os.sysconf("SC_PAGESIZE")
        except (OSError, ValueError, IndexError):  # a system without such files
            return 0
    if sys.platform == "win32":
        return 0
    import resource  # here: Windows has none

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
