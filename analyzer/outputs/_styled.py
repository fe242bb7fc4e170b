"""Lines in parts that carry a style, and lists that end with a count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO, TypeAlias

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


def printed_lines(lines: Iterable[Line], out: TextIO, *, colour: bool) -> None:
    """Write lines as they are, or with their styles for a terminal."""
    if not colour:
        for line in lines:
            out.write("".join(text for text, _ in line) + "\n")
        return
    # Here and not above: a run whose output goes to a file or a pipe need not load it.
    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=out,
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        soft_wrap=True,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for line in lines:
        console.print(Text.assemble(*line))
