"""PHP: markup, and everything that the code between the tags prints, by itself or in functions."""

from __future__ import annotations

from analyzer.engines import Engine
from analyzer.engines._php import rewrite
from analyzer.engines._php_writer import MARKS

ENGINE = Engine(
    name="php",
    suffixes=(".php", ".phtml", ".inc", ".theme", ".tpl"),
    hint=rb"<\?(?:php\b|=|\s)",
    weight=2,
    marks=MARKS,
    rewrite=rewrite,
    opens_if=r"(?P<word>if)\s(?P<condition>.+)",
    opens_unless=r"(?P<word>unless)\s(?P<condition>.+)",
    opens_block=r"(?P<word>block)\s(?P<name>.+)",
    opens_fill=r"(?P<word>section)\s(?P<name>.+)",
    opens_fragment=r"(?P<word>function)\s(?P<name>.+)",
    otherwise=r"(?:elseif\s(?P<condition>.+)|else$)",
    closes=r"end(?P<word>if|section|function)$",
    place=r"place(?:\s(?P<name>.+))?$",
    layout_discards=False,
)
