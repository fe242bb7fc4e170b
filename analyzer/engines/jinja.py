"""Jinja, Django, Twig and Nunjucks: {{ output }}, {% statement %}, {# comment #}."""

from __future__ import annotations

from analyzer.engines import Engine, Mark

ENGINE = Engine(
    name="jinja",
    suffixes=(
        ".html",
        ".htm",
        ".xhtml",
        ".jinja",
        ".jinja2",
        ".j2",
        ".njk",
        ".nunjucks",
        ".twig",
        ".django",
        ".djhtml",
    ),
    marks=(
        Mark(rb"\{#", rb"#\}", "comment"),
        Mark(rb"\{%[-+]?\s*comment\b", rb"\{%[-+]?\s*endcomment\s*[-+]?%\}", "comment"),
        Mark(rb"\{\{[-+]?", rb"[-+]?\}\}", "output"),
        Mark(rb"\{%[-+]?", rb"[-+]?%\}", "statement"),
    ),
    hint=rb"\{%[-+]?\s*\w|\{\{|\{#[^\n{}]{0,300}#\}",
    extends=r"extends\s+(?P<target>.+)",
    include=r"(?:include|import|embed|from)\s*\(?\s*(?P<target>\[.*?\]|\S+)",
    brings=r"(?:import|from)\b",
    opens_if=r"(?P<word>if)\s+(?P<condition>.+)",
    opens_block=r"(?P<word>block)\s+(?P<name>[\w.-]+)",
    opens_other=r"(?P<word>embed|for|macro|with)\b",
    otherwise=r"(?:el(?:se\s*)?if\s+(?P<condition>.+)|else\b)",
    closes=r"end(?P<word>\w*)",
    keeps_parent=r"block\.super\b|super\(\)|parent\(\)",
    prints=r"(?:static|get_static_prefix|asset|url|path|trans|translate|csrf_token|now|firstof)\b",
    verbatim=r"(?P<word>raw|verbatim)\b",
    roots=(
        "templates",
        "template",
        "views",
        "app/templates",
        "src/templates",
        "jinja2",
        "layouts",
        "_includes",
    ),
)
