"""Pug, once Jade: tags by indentation, `extends`, `block`, `include` and mixins."""

from __future__ import annotations

from analyzer.engines import Engine
from analyzer.engines._flat import MARKS
from analyzer.engines._pug import rewrite

ENGINE = Engine(
    name="pug",
    suffixes=(".pug", ".jade"),
    marks=MARKS,
    rewrite=rewrite,
    extends=r"extends\s+(?P<target>.+)",
    include=r"include\s+(?P<target>.+)",
    opens_if=r"(?P<word>if)\s+(?P<condition>.+)",
    opens_unless=r"(?P<word>unless)\s+(?P<condition>.+)",
    opens_block=r"(?P<word>block)\s+(?P<name>.+)",
    opens_fragment=r"(?P<word>mixin)\s+(?P<name>.+)",
    otherwise=r"(?:else\s+if\s+(?P<condition>.+)|else\b)",
    closes=r"end(?P<word>\w+)",
    keeps_parent=r"^keep parent$",
    place=r"children$",
    calls=r"\+(?P<name>[\w-]+)",
    roots=("views", "src/views", "app/views", "server/views", "templates"),
    spellings=("{name}", "{name}.pug", "{name}.jade"),
    beside=True,
)
