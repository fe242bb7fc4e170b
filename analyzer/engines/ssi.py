"""Server-side includes of Apache and nginx: <!--#include virtual="/header.html" -->."""

from __future__ import annotations

from analyzer.engines import Engine, Mark

ENGINE = Engine(
    name="ssi",
    suffixes=(".shtml", ".stm", ".html", ".htm", ".xhtml"),
    marks=(
        Mark(rb"<!--[ \t]*#[ \t]*(?=echo\b)", rb"-->", "output"),
        Mark(
            rb"<!--[ \t]*#[ \t]*(?=(?:include|if|elif|else|endif|set|config|exec|printenv|flastmod"
            rb"|fsize|block|endblock)\b)",
            rb"-->",
            "statement",
        ),
    ),
    hint=rb"<!--[ \t]*#[ \t]*(?:include|if|elif|else|endif|set|echo|config|exec)\b",
    weight=8,
    include=r"include\s+(?:[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*')\s+)*?"
    r"(?:virtual|file)\s*=\s*[\"']?(?P<target>[^\"'?#\s]+)",
    opens_if=r"if\s+expr\s*=\s*[\"']?(?P<condition>.+?)[\"']?\s*$",
    otherwise=r"(?:elif\s+expr\s*=\s*[\"']?(?P<condition>.+?)[\"']?\s*$|else\b)",
    closes=r"endif\b",
    outside=((r"exec\b", "program"),),
    roots=("public_html", "htdocs", "www", "wwwroot", "public", "html", "site"),
    bare_names=True,
    beside=True,
    nearest=True,
)
