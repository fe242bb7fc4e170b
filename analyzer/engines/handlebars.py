"""Handlebars and Mustache: {{output}}, {{#block}}, {{> partial}}, {{!< layout}}, {{! comment }}."""

from __future__ import annotations

from analyzer.engines import Engine, Mark

FILE = r"(?P<target>\"[^\"]+\"|'[^']+'|\([^\"')]*|[\w./-]+)"
ASKS = r"(?:if\w*|is|has|match|eq|ne|gt|lt|not|and|or|xif|when\w*|compare)"

ENGINE = Engine(
    name="handlebars",
    suffixes=(".hbs", ".handlebars", ".mustache", ".html", ".htm"),
    marks=(
        Mark(rb"\\\{\{", rb"\}\}", "comment"),
        Mark(rb"\{\{~?(?=!<)", rb"~?\}\}", "statement"),
        Mark(rb"\{\{~?!--", rb"--~?\}\}", "comment"),
        Mark(rb"\{\{~?!", rb"~?\}\}", "comment"),
        Mark(rb"\{\{\{~?", rb"~?\}\}\}", "output"),
        Mark(rb"\{\{~?(?=\s*(?:[#/^>]|else\b))", rb"~?\}\}", "statement"),
        Mark(rb"\{\{~?&?", rb"~?\}\}", "output"),
    ),
    hint=rb"\{\{~?#?>\s*[\w\"'./(-]|\{\{!<|\{\{~?#(?:if|each|unless)\s|\{\{/(?:if|each|unless)~?\}\}",
    weight=3,
    extends=r"!<\s*" + FILE,
    include=r"(?:#?>\s*|#extend\s+)" + FILE,
    opens_if=rf"#(?!contentFor|content|section)(?=(?:if\s+)?(?P<condition>.+))"
    rf"(?P<word>{ASKS}(?=\s)|[\w.-]+(?=$))",
    opens_unless=r"[#^](?=(?:unless\s+)?(?P<condition>.+))"
    r"(?P<word>(?<=#)unless(?=\s)|(?<=\^)[\w.-]+(?=$))",
    opens_block=r"#(?P<word>block)\s+[\"']?(?P<name>[\w.-]+)",
    opens_fill=r"#\*?(?P<word>inline|contentFor|content|section)\s+[\"']?(?P<name>[\w.-]+)",
    opens_other=r"#(?:>\s*)?[\"']?(?P<word>[\w./-]+)",
    otherwise=r"(?:else\s+(?:if\s+)?(?P<condition>.+)|else\b|\^$)",
    closes=r"/[\"']?(?P<word>[\w./-]*)",
    place=r"(?:body|>\s*@partial-block)$|(?:block\s+[\"']|_sections\.)(?P<name>[\w.-]+)",
    outside=((r"ghost_(?:head|foot)\b", "database"),),
    roots=(
        "views",
        "views/partials",
        "partials",
        "templates",
        "templates/partials",
        "src/views",
        "src/partials",
        "views/layouts",
        "layouts",
    ),
    spellings=("{name}", "{name}.hbs", "{name}.handlebars", "{name}.mustache", "{name}.html"),
    layout_discards=False,
    bare_names=True,
)
