"""HTL, the template language of Adobe Experience Manager: data-sly attributes and ${output}."""

from __future__ import annotations

from analyzer.engines import Engine, Mark
from analyzer.engines._flat import MARKS
from analyzer.engines._htl import rewrite

ENGINE = Engine(
    name="htl",
    suffixes=(".html", ".htm"),
    hint=rb"data-sly-(?:use|test|include|resource|call|template|list|repeat|attribute|unwrap|element|text)"
    rb"|<sly\b",
    weight=20,
    rewrite=rewrite,
    marks=(
        Mark(rb"<!--/\*", rb"\*/-->", "comment"),
        *MARKS,
        Mark(rb"(?<!\\)\$\{", rb"\}", "output"),
    ),
    include=r"include (?P<target>'[^']*')",
    calls=r"call (?P<name>\S+)(?: of (?P<target>'[^']*'))?",
    opens_if=r"(?P<word>if) (?P<condition>.+)",
    opens_fragment=r"(?P<word>fragment) (?P<name>.+)",
    closes=r"end\b",
    outside=(
        (r"(?:data-sly-call|resource type) ", "the platform's own components"),
        (r"data-sly-resource ", "the content tree"),
    ),
    roots=("apps", "jcr_root/apps"),
    spellings=("{name}", "{name}/{base}.html", "{name}/{base}.jsp"),
    layout_discards=False,
    beside=True,
)
