"""EJS: <%= output %>, <% script %>, <%# comment %>, include() and layout()."""

from __future__ import annotations

from analyzer.engines import Engine
from analyzer.engines._ejs import rewrite
from analyzer.engines._flat import MARKS

FILE = r"(?P<target>(?:\"[^\"]*\"|'[^']*')(?=\s*(?:[,)]|$))|[^,)\s]+(?:[^,)]*[^,)\s])?)"

ENGINE = Engine(
    name="ejs",
    suffixes=(".ejs", ".html", ".htm"),
    marks=MARKS,
    hint=rb"<%[-_=]?\s*(?:include\s*\(\s*[\"'`]|include\s+[\w./\"']+\s*-?%>|layout\s*\(\s*[\"']"
    rb"|body\s*-?%>|\}|if\s*\()",
    weight=2,
    rewrite=rewrite,
    extends=r"layout\s*\(\s*" + FILE,
    include=r"(?:await\s+)?(?:include|partial)\b\s*\(?\s*" + FILE,
    opens_if=r"(?P<word>if)\s+(?P<condition>.+)",
    opens_fill=r"(?P<word>fill)\s+(?P<name>.+)",
    opens_other=r"(?P<word>open)$",
    otherwise=r"(?:else\s+if\s+(?P<condition>.+)|else$)",
    closes=r"end(?P<word>if|fill|open)$",
    place=r"(?:body|defineContent\(\s*[\"'](?P<name>[^\"']+)[\"']\s*\))\s*$",
    roots=("views", "src/views", "app/views", "server/views", "templates", "views/partials"),
    spellings=("{name}", "{name}.ejs", "{name}.html"),
    layout_discards=False,
    bare_names=True,
    beside=True,
)
