"""Blade, Laravel's templates: @directives, {{ output }}, {!! raw !!}, <x-components>."""

from __future__ import annotations

from analyzer.engines import Engine, Mark
from analyzer.engines._blade import flat
from analyzer.engines._flat import MARKS

ENGINE = Engine(
    name="blade",
    suffixes=(".blade.php",),
    rewrite=flat,
    marks=(
        *MARKS,
        Mark(rb"\{\{--", rb"--\}\}", "comment"),
        Mark(rb"\{!!", rb"!!\}", "output"),
        Mark(rb"\{\{", rb"\}\}", "output"),
        Mark(rb"<\?=", rb"\?>|\Z", "output"),
        Mark(rb"<\?(?:php)?\s", rb"\?>|\Z", "statement"),
    ),
    extends=r"extends (?P<target>.+)",
    include=r"include (?P<target>.+)",
    loads=r"loads (?P<scripts>.*[\"'].*)",
    opens_if=r"(?P<word>if) (?P<condition>.+)",
    opens_unless=r"(?P<word>unless) (?P<condition>.+)",
    opens_block=r"(?P<word>block) (?P<name>\S+)",
    opens_fill=r"(?P<word>fill) (?P<name>\S+)",
    opens_other=r"(?P<word>other)\b",
    otherwise=r"(?:elseif (?P<condition>.+)|else\b)",
    closes=r"end(?P<word>\w+)",
    keeps_parent=r"parent$",
    place=r"(?:place (?!children$)(?P<name>\S+)|place children|\$slot\b)",
    roots=("resources/views", "views"),
    nearest=True,
    spellings=(
        "{name}.blade.php",
        "{name}/index.blade.php",
        "{name}.php",
        "layouts/{bare}.blade.php",
    ),
    layout_discards=False,
)
