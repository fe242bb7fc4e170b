"""Liquid, as Jekyll, Eleventy and Shopify write it: {{ output }}, {% include head.html %}."""

from __future__ import annotations

from analyzer.engines import Engine, Mark
from analyzer.engines._liquid import flat

FRONT = rb"\A(?:\xef\xbb\xbf)?---[ \t]*\n"  # where YAML front matter begins
FRONT_END = rb"(?m:^---[ \t]*$)"

MARKS = (
    Mark(FRONT, FRONT_END, "comment"),
    Mark(rb"\{%-?\s*comment\b", rb"\{%-?\s*endcomment\s*-?%\}", "comment"),
    Mark(rb"\{%-?\s*highlight\b", rb"\{%-?\s*endhighlight\s*-?%\}", "comment"),
    Mark(rb"\{%-?\s*schema\b", rb"\{%-?\s*endschema\s*-?%\}", "comment"),
    Mark(rb"\{%-?\s*(?:stylesheet)\b", rb"\{%-?\s*endstylesheet\s*-?%\}", "comment"),
    Mark(rb"\{%-?\s*#", rb"-?%\}", "comment"),
    Mark(rb"\{\{-?", rb"-?\}\}", "output"),
    Mark(rb"\{%-?", rb"-?%\}", "statement"),
)

ENGINE = Engine(
    name="liquid",
    suffixes=(".liquid", ".html", ".htm", ".xhtml"),
    marks=MARKS,
    hint=rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n"
    rb"(?!(?s:.*?)\{%-?\s*(?:extends|import|from|macro|set|call)\b)"
    rb"|\{%-?\s*include(?:_relative|_cached)?\s+(?:[\w./-]*\.\w+|\{\{)"
    rb"|\{%-?\s*(?:assign|capture|unless|elsif|case|include_relative|include_cached|increment|seo)\b"
    rb"|\|\s*(?:relative_url|absolute_url|markdownify|jsonify|asset_url)\b"
    rb"|\{\{-?\s*content_for_(?:header|layout)\b|\bjekyll\.environment\b",
    folders=r"(?:^|/)_(?:layouts|includes|posts|sections)/",
    weight=4,
    rewrite=flat,
    extends=r"layout\s+(?P<target>\"[^\"]+\"|'[^']+')",
    include=r"(?:include(?:_relative|_cached)?|render(?!\s+block\b))\s+"
    r"(?P<target>\"[^\"]*\"|'[^']*'|(?:\{\{.*?\}\}|[^\s{,])+)",
    opens_if=r"(?P<word>if)\s+(?P<condition>.+)",
    opens_unless=r"(?P<word>unless)\s+(?P<condition>.+)",
    opens_block=r"(?P<word>block)\s+[\"']?(?P<name>[\w.-]+)",
    opens_other=r"(?P<word>for|tablerow|capture|form|paginate)\b",
    otherwise=r"(?:elsif\s+(?P<condition>.+)|else\b)",
    closes=r"end(?P<word>\w+)",
    keeps_parent=r"block\.super\b",
    place=r"content(?:\s*\||\s*$)|content_for_layout\b",
    outside=((r"content_for_header\b|render\s+block\b", "plugin"),),
    verbatim=r"(?P<word>raw)\b",
    roots=("_includes", "includes"),
    spellings=(
        "_includes/{name}",
        "snippets/{name}.liquid",
        "_includes/{name}.liquid",
        "_includes/{name}.html",
        "{name}",
        "{name}.liquid",
        "{name}.html",
        "_layouts/{name}.html",
        "layout/{name}.liquid",
        "layouts/{name}.liquid",
    ),
    layout_discards=False,
    bare_names=True,
    nearest=True,
)
