"""Template languages by name: their comments, and where code stands between their marks."""

from __future__ import annotations

from analyzer.remarks.code import C_LIKE, C_SHARP, ELIXIR, JAVA, PHP, PYTHON, RUBY, Language

Pair = tuple[bytes, bytes]
Island = tuple[Pair, Language | None]

BRACES: Pair = (rb"\{\{", rb"\}\}")
STATEMENT: Pair = (rb"\{%", rb"%\}")
PERCENT: Pair = (rb"<%", rb"%>")
DASHED: Pair = (rb"<%!?--", rb"--%>")
HASHED: Pair = (rb"<%#", rb"%>")
STARRED: Pair = (rb"\{/\*", rb"\*/\}")
GO: Pair = (rb"\{\{-?\s*/\*", rb"\*/\s*-?\}\}")
BLADE: Pair = (rb"\{\{--", rb"--\}\}")
MUSTACHE: tuple[Pair, ...] = ((rb"\{\{~?!--", rb"--~?\}\}"), (rb"\{\{~?!", rb"~?\}\}"))
LIQUID: tuple[Pair, ...] = (
    (rb"\{%-?\s*comment\s*-?%\}", rb"\{%-?\s*endcomment\s*-?%\}"),
    (rb"\{%-?\s*#", rb"-?%\}"),
)
IN_PHP: Island = ((rb"<\?(?!xml\b)(?:php\b|=)?", rb"\?>|\Z"), PHP)

PAIRS: dict[str, tuple[Pair, ...]] = {
    "astro": (STARRED,),
    "blade": (BLADE,),
    "eex": (DASHED, HASHED),
    "ejs": (HASHED,),
    "erb": (HASHED,),
    "freemarker": ((rb"<#--", rb"-->"), (rb"\[#--", rb"--\]")),
    "go": (GO,),
    "handlebars": MUSTACHE,
    "heex": (DASHED, HASHED, STARRED),
    "jinja": (
        (rb"\{#", rb"#\}"),
        (rb"\{%[-+~]?\s*comment\b[^%\n]*+%\}", rb"\{%[-+~]?\s*endcomment\s*[-+~]?%\}"),
    ),
    "jsp": (DASHED, (rb"%\{--", rb"--\}%")),
    "liquid": LIQUID,
    "mako": ((rb"(?m:^[ \t]*+)##", rb"(?=\n)|\Z"), (rb"<%doc\s*>", rb"</%doc\s*>")),
    "markdown": (GO, *LIQUID),
    "other": (DASHED, BLADE, *MUSTACHE[:1], (rb"<!---", rb"--->")),
    "razor": ((rb"@\*", rb"\*@"),),
    "smarty": ((rb"\{\*", rb"\*\}"),),
    "svelte": (STARRED,),
    "webforms": (DASHED,),
}
ISLANDS: dict[str, tuple[Island, ...]] = {
    "blade": (
        (BRACES, None),
        ((rb"\{!!", rb"!!\}"), None),
        ((rb"@php\b(?!\s*\()", rb"@endphp\b"), PHP),
        IN_PHP,
    ),
    "eex": ((PERCENT, ELIXIR),),
    "ejs": ((PERCENT, C_LIKE),),
    "erb": ((PERCENT, RUBY),),
    "go": ((BRACES, None),),
    "handlebars": ((BRACES, None),),
    "heex": ((PERCENT, ELIXIR),),
    "jinja": ((BRACES, None), (STATEMENT, None)),
    "jsp": ((PERCENT, JAVA),),
    "liquid": ((BRACES, None), (STATEMENT, None)),
    "mako": ((PERCENT, PYTHON), ((rb"\$\{", rb"\}"), None)),
    "php": (IN_PHP,),
    "webforms": ((PERCENT, C_SHARP),),
}
