"""FreeMarker: <#if>, <@macro>, ${output}, <#-- comment -->, and the same in square brackets."""

from __future__ import annotations

from analyzer.engines import Engine, Mark
from analyzer.engines._flat import MARKS
from analyzer.engines._freemarker import rewrite

ENGINE = Engine(
    name="freemarker",
    suffixes=(".ftl", ".ftlh", ".ftlx"),
    rewrite=rewrite,
    marks=(
        Mark(rb"<#--", rb"-->", "comment"),
        Mark(rb"\[#--", rb"--\]", "comment"),
        *MARKS,
        Mark(rb"[$#]\{", rb"\}", "output"),
        Mark(rb"\[=(?=\s*[\w.(\"'])", rb"\]", "output"),
    ),
    include=r"include (?P<target>'[^']*')",
    calls=r"call (?P<name>\S+)(?: of (?P<target>'[^']*'))?",
    opens_if=r"(?P<word>\S+) if (?P<condition>.+)",
    opens_fragment=r"(?P<word>\S+) fragment (?P<name>\S+)",
    opens_other=r"(?P<word>\S+) other\b",
    otherwise=r"(?:elif (?P<condition>.+)|else\b)",
    closes=r"end (?P<word>\S+)",
    place=r"place$",
    outside=((r"@", "the content-management system"),),
    roots=(
        "templates",
        "src/main/resources/templates",
        "src/main/webapp/WEB-INF/ftl",
        "src/main/webapp/WEB-INF/freemarker",
        "src/main/webapp",
        "views",
    ),
    spellings=("{name}", "{name}.ftl", "{name}.ftlh"),
    layout_discards=False,
    beside=True,
)
