"""What the template languages of Rails have in common: how code is told and where files lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analyzer.engines import Engine
from analyzer.engines._flat import MARKS

FORMATS = (
    ".html.erb",
    ".html.haml",
    ".html.slim",
    ".erb",
    ".haml",
    ".slim",
    ".html",
    ".html.md",
    ".md",
)
SPELLINGS = (
    *("{folder}/_{base}" + suffix for suffix in FORMATS),
    *("{name}" + suffix for suffix in FORMATS),
    *("{name}/{base}" + suffix for suffix in FORMATS[:6]),
    "{name}",
    "{folder}/_{base}",
    "{folder}/_{base}.text.erb",
    "{name}.rb",
)


def ruby_engine(
    name: str,
    suffixes: tuple[str, ...],
    rewrite: Callable[[bytes], tuple[bytes, Sequence[int]]],
) -> Engine:
    """The record of a language that `rewrite` tells in flat tags."""
    return Engine(
        name=name,
        suffixes=suffixes,
        rewrite=rewrite,
        marks=MARKS,
        extends=r"~extends (?P<target>.+)",
        include=r"~include (?P<target>.+)",
        opens_if=r"(?P<word>if) (?P<condition>.+)",
        opens_unless=r"(?P<word>unless) (?P<condition>.+)",
        opens_fill=r"~(?P<word>fill) (?P<name>\S+)",
        opens_other=r"(?P<word>other)\b",
        otherwise=r"(?:elsif (?P<condition>.+)|else\b)",
        closes=r"end\b",
        place=r"~place(?: (?P<name>\S+))?$",
        roots=("app/views", "app/components", "views"),
        spellings=SPELLINGS,
        layout_discards=False,
        exact=True,
    )
