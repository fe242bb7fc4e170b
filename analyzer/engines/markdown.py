"""Markdown of which a site generator makes pages: its raw HTML counts, code in it does not."""

from __future__ import annotations

from dataclasses import replace

from analyzer.engines import Engine, Mark
from analyzer.engines import liquid as _liquid
from analyzer.engines._markdown import without_code

ENGINE: Engine = replace(
    _liquid.ENGINE,
    name="markdown",
    suffixes=(".md", ".markdown"),
    marks=(
        Mark(rb"\{\{[<%]\s*highlight\b", rb"\{\{[<%]\s*/\s*highlight\s*[>%]\}\}", "comment"),
        *_liquid.MARKS,
    ),
    hint=b"",
    folders="",
    weight=0,
    rewrite=without_code,
    extends="",
    content=True,
)
