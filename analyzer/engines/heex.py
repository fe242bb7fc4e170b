"""Phoenix templates: HEEx with components and braces, and ~H texts in Elixir programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analyzer.engines import Engine
from analyzer.engines._flat import MARKS
from analyzer.engines._heex import rewrite


def phoenix_engine(
    name: str,
    suffixes: tuple[str, ...],
    rewritten: Callable[[bytes], tuple[bytes, Sequence[int]]],
) -> Engine:
    """The record of a language that is told in flat tags."""
    return Engine(
        name=name,
        suffixes=suffixes,
        rewrite=rewritten,
        marks=MARKS,
        include=r"~include (?P<target>.+)",
        calls=r"~call (?P<name>\S+)(?: (?P<target>.+))?",
        opens_if=r"(?P<word>if) (?P<condition>.+)",
        opens_unless=r"(?P<word>unless) (?P<condition>.+)",
        opens_fragment=r"~(?P<word>fragment) (?P<name>\S+)",
        opens_other=r"(?P<word>other)\b",
        otherwise=r"else\b",
        closes=r"end\b",
        place=r"~place(?: (?P<name>\S+))?$",
        roots=("templates",),
        spellings=("{name}", "{name}.heex", "{name}.eex", "{name}.leex"),
        layout_discards=False,
    )


ENGINE = phoenix_engine("heex", (".heex", ".ex"), rewrite)
