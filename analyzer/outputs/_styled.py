"""Lines in parts that carry a style, and lists that end with a count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Part: TypeAlias = tuple[str, str]
Line: TypeAlias = list[Part]


def count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def cut(number: int, word: str) -> Line:
    """The line that stands for what a list leaves out."""
    return [(f"        … and {count(number, f'more {word}')}", "dim")]


def listed(items: Sequence[str], most: int) -> str:
    rest = len(items) - most
    shown = ", ".join(items[:most])
    return f"{shown} and {rest} more" if rest > 0 else shown
