"""Razor and Blazor: @output, @if { markup }, layouts, sections, partials and components."""

from __future__ import annotations

from analyzer.engines import Engine
from analyzer.engines._flat import MARKS
from analyzer.engines._razor import rewrite

ENGINE = Engine(
    name="razor",
    suffixes=(".cshtml", ".razor"),
    marks=MARKS,
    rewrite=rewrite,
    extends=r"extends\s+(?P<target>.+)",
    include=r"include\s+(?P<target>.+)",
    opens_if=r"(?P<word>if)\s+(?P<condition>.+)",
    opens_unless=r"(?P<word>unless)\s+(?P<condition>.+)",
    opens_fill=r"(?P<word>fill)\s+(?P<name>.+)",
    opens_other=r"(?P<word>open)$",
    otherwise=r"(?:else\s+if\s+(?P<condition>.+)|else$)",
    closes=r"end(?P<word>\w+)$",
    place=r"place(?:\s+(?P<name>.+))?$",
    outside=(
        (
            r"(?:await\s+)?(?:Html\.(?:Sitecore|Kentico|GetGridHtml|GetBlock(?:Grid|List)Html|PropertyFor"
            r"|RenderBlock)|Umbraco\.(?:RenderMacro|Field))",
            "database",
        ),
    ),
    spellings=("{name}", "{name}.cshtml", "{name}.razor"),
    layout_discards=False,
    climbs=("", "Shared", "Views/Shared", "Pages/Shared", "Components", "Layout"),
)
