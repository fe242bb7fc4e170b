"""Go's templates, as Hugo and servers in Go use them: {{ if .X }}, {{ partial "head.html" . }}."""

from __future__ import annotations

from analyzer.engines import Engine, Mark

STATEMENTS = rb"(?=(?:if|else|end|with|range|define|block|return|break|continue)\b|\$\w+\s*:?=[^=])"

ENGINE = Engine(
    name="go",
    suffixes=(".gohtml", ".tmpl", ".html", ".htm"),
    marks=(
        Mark(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\n", rb"(?m:^---[ \t]*$)", "comment"),
        Mark(rb"\A(?:\xef\xbb\xbf)?\+\+\+[ \t]*\n", rb"(?m:^\+\+\+[ \t]*$)", "comment"),
        Mark(rb"\{\{-?\s*/\*", rb"\*/\s*-?\}\}", "comment"),
        Mark(rb"\{\{-?\s*" + STATEMENTS, rb"-?\}\}", "statement"),
        Mark(rb"\{\{-?", rb"-?\}\}", "output"),
    ),
    hint=rb"\{\{-?\s*(?:end\b|(?:define|block|template|partial|partialCached)\s+[\"`(]"
    rb"|(?:if|with|range)\s+(?:not\s|and\s|or\s|eq\s|ne\s|gt\s|lt\s|[($.\"]|[a-z]+\.[A-Z]|len\s)"
    rb"|\.[A-Z]|\$\.?\w|/\*|(?:i18n|T)\s+\"|site\.[A-Z])",
    folders=r"(?:^|/)layouts/",
    weight=6,
    include=r"(?:\$\w+\s*:?=\s*|with\s+|return\s+|if\s+)?\(?\s*"
    r"(?:partial(?:Cached)?|template(?=\s+\"(?!_internal/)[^\"]+\.\w+\"))\s+"
    r"(?P<target>\"(?!_internal/)[^\"]+\"|\([^)]*\)|[$.\w]+)",
    loads=r"(?:\$\w+\s*:?=\s*|with\s+)?\(?\s*resources\.(?:Get|GetMatch|Match)\s+"
    r"(?P<scripts>\"[^\"]+\.(?:m?js|jsx|tsx?)\")",
    opens_if=r"(?P<word>if|with)\s+(?P<condition>.+)",
    opens_block=r"(?P<word>block)\s+[\"`](?P<name>[^\"`]+)",
    opens_fill=r"(?P<word>define)\s+[\"`](?P<name>[^\"`]+)",
    opens_other=r"(?P<word>range)\b",
    otherwise=r"else(?:\s+(?:if|with)\s+(?P<condition>.+)|\s*$)",
    closes=r"end\s*$",
    place=r"template\s+\"(?P<name>(?!_internal/)[^\".]+)\"|\.(?:Content|Inner|Page\.Content)\b",
    outside=((r"(?:template|partial)\s+\"_internal/", "package"),),
    roots=("layouts", "templates", "views", "web/templates", "internal/templates", "ui/html"),
    spellings=(
        "partials/{name}",
        "partials/{name}.html",
        "_partials/{name}",
        "_partials/{name}.html",
        "{name}",
        "{name}.html",
        "{name}.gohtml",
        "{name}.tmpl",
    ),
    layout_discards=False,
    nearest=True,
    overridden=r"(?:^|/)(?:themes?|_vendor|node_modules)/",
)
