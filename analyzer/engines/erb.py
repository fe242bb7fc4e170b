"""ERB, Rails' own template language: <%= output %>, <% statement %>, <%# comment %>."""

from __future__ import annotations

from analyzer.engines import Engine, Mark

ENGINE = Engine(
    name="erb",
    suffixes=(".erb", ".rhtml"),
    marks=(
        Mark(rb"<%#", rb"-?%>", "comment"),
        Mark(rb"<%[-=]?=", rb"-?%>", "output"),
        Mark(rb"<%-?", rb"-?%>", "statement"),
    ),
    include=r"(?:=\s*)?(?:(?:content_for|provide)\s*\(?\s*:\w+\s*,\s*)?render\s*\(?\s*"
    r"(?:(?:partial|template|layout)(?::|\s*=>)\s*|:partial\s*=>\s*)?"
    r"(?P<target>[\"'][^\"']+[\"']|[@\w.]+)",
    loads=r"(?:=\s*)?javascript_(?:include|pack)_tag\b\s*\(?\s*"
    r"(?P<scripts>(?:[\"'][^\"']+[\"'](?!\s*(?::|=>))\s*,?\s*)+)",
    opens_if=r"(?P<word>if)\s+(?P<condition>.+)",
    opens_unless=r"(?P<word>unless)\s+(?P<condition>.+)",
    opens_block=r"(?P<word>content_for|provide)\s*\(?\s*:(?P<name>\w+)\)?\s+do\b",
    opens_other=r"(?:(?P<word>case|begin|while|until|for)\b|.*\bdo(?:\s*\|[^|]*\|)?\s*$)",
    otherwise=r"(?:elsif\s+(?P<condition>.+)|else\b)",
    closes=r"end\b",
    roots=("app/views", "views"),
    spellings=(
        "{name}",
        "{name}.html.erb",
        "{name}.erb",
        "{folder}/_{base}.html.erb",
        "{folder}/_{base}.erb",
        "{folder}/_{base}.html",
        "{folder}/_{base}",
    ),
    layout_discards=False,
    trailing_conditions=True,
)
