"""Thymeleaf: statements are attributes (th:if, th:replace), outputs are [[...]] and th:text."""

from __future__ import annotations

from analyzer.engines import Engine, Mark
from analyzer.engines._flat import MARKS
from analyzer.engines._thymeleaf import rewrite

ENGINE = Engine(
    name="thymeleaf",
    suffixes=(".html", ".htm", ".xhtml"),
    hint=rb"xmlns:th\s*=|\s(?:data-)?th[:-](?:if|unless|each|replace|insert|include|fragment|text|utext"
    rb"|src|href|block|inline|remove|switch)\s*=|\s(?:data-)?layout[:-](?:decorate|decorator|fragment)\s*="
    rb"|<th:block\b",
    weight=20,
    rewrite=rewrite,
    marks=(
        *MARKS,
        Mark(rb"\[\[\s*(?=[$*#@~]\{)", rb"\]\]", "output"),
        Mark(rb"\[\(\s*(?=[$*#@~]\{)", rb"\)\]", "output"),
    ),
    extends=r"extends (?P<target>'[^']*')",
    include=r"include (?P<target>'[^']*')(?: :: (?P<fragment>.+))?",
    calls=r"call (?P<name>.+)",
    opens_if=r"(?P<word>if) (?P<condition>.+)",
    opens_unless=r"(?P<word>unless) (?P<condition>.+)",
    opens_block=r"(?P<word>block) (?P<name>.+)",
    opens_fill=r"(?P<word>fill) (?P<name>.+)",
    opens_fragment=r"(?P<word>fragment) (?P<name>.+)",
    closes=r"end\b",
    keeps_parent=r"keeps\b",
    place=r"place (?P<name>.+)",
    outside=((r"th:utext ", "a value that is printed as markup"),),
    roots=(
        "templates",
        "src/main/resources/templates",
        "src/main/webapp/WEB-INF/templates",
        "views",
    ),
    spellings=("{name}", "{name}.html", "{name}.xhtml", "{name}.htm"),
)
