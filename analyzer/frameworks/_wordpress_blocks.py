"""Block themes: templates, parts and patterns that put each other in by comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.model import Fact, Source

READS = r"(?:^|/)(?:(?:block-)?templates|(?:block-template-)?parts)/.+\.html$"
BLOCK = re.compile(
    rb"<!--\s*wp:(?P<kind>template-part|pattern)\s+(?P<data>\{[^{}]{0,600}\})\s*/?-->"
)
ANY = re.compile(rb"<!--\s*/?wp:")
TEMPLATES = re.compile(r"(?:^|/)(?:block-)?templates/(?P<name>[^/]+\.html)$")
PARTS = re.compile(r"(?:^|/)(?:block-template-)?parts/.+\.html$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks(Fact):
    """A file of blocks, or something that it puts in: `kind` is file, template-part or pattern."""

    kind: str
    slug: str = ""


def read(source: Source) -> Iterator[Blocks]:
    """What a file of blocks puts in."""
    if not ANY.search(source.data):
        return
    yield Blocks(place=source.place(0, 0), kind="file")
    for found in BLOCK.finditer(source.data):
        try:
            said = json.loads(found["data"])
        except ValueError:
            continue
        if isinstance(said, dict) and isinstance(slug := said.get("slug"), str):
            yield Blocks(
                place=source.place(*found.span()),
                kind=found["kind"].decode(),
                slug=slug,
            )
