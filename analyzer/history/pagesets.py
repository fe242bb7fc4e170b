"""Sets of pages as a few bytes: the steps between their numbers, packed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable


def packed(numbers: Iterable[int]) -> bytes:
    """A set of numbers above zero, in any order."""
    out = bytearray()
    before = 0
    for number in sorted(set(numbers)):
        step, before = number - before, number
        while step > 127:
            out.append(step & 127 | 128)
            step >>= 7
        out.append(step)
    return zlib.compress(bytes(out), 9)


def unpacked(said: bytes) -> list[int]:
    """The numbers in order. Raises ValueError for bytes that are none of ours."""
    try:
        data = zlib.decompress(said)
    except zlib.error as trouble:
        raise ValueError(str(trouble)) from None
    found: list[int] = []
    last = step = shift = 0
    for byte in data:
        step |= (byte & 127) << shift
        if byte & 128:
            shift += 7
            continue
        last += step
        found.append(last)
        step = shift = 0
    return found
