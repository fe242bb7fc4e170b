"""Jinja, Django, Twig and Nunjucks: {{ output }}, {% statement %}, {# comment #}."""

from __future__ import annotations

from analyzer.engines import Engine, Mark

# The name of a file: a list, or anything up to the words and marks that may follow it.
FILE = (
    r"(?P<target>\[[^\]]*\]|(?:\"[^\"]*\"|'[^']*'"
    r"|(?!\s(?:with|only|ignore|without|as|import)\b)[^\"',])+)"
)
# Names under which markup out of a setting or a database is kept, to be printed as it is.
KEPT_ELSEWHERE = (
    r"(?:tracking|analytics|snippets?|pixels?|gtm|embed_?codes?|custom_?(?:head|html|code|scripts?)"
    r"|(?:head|header|footer|body)_?(?:html|codes?|scripts?|tags?|injection))"
)
# The tags of django-analytical, which print a product's snippet with the id in the settings.
PACKAGED = (
    r"(?:analytical_(?:head|body)_(?:top|bottom)|chartbeat_(?:top|bottom)|clickmap|clicky|crazy_egg"
    r"|facebook_pixel_(?:head|body)|gauges|google_analytics(?:_js|_gtag)?|gosquared|heap|hotjar|hubspot"
    r"|intercom|kiss_insights|kiss_metrics|luckyorange|matomo|mixpanel|olark|optimizely|performable"
    r"|piwik|rating_mailru|snapengage|spring_metrics|uservoice|woopra|yandex_metrica)$"
)

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
        Mark(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\n", rb"(?m:^---[ \t]*$)", "comment"),  # front matter
        Mark(rb"\{#", rb"#\}", "comment"),
        Mark(rb"\{%[-+~]?\s*comment\b", rb"\{%[-+~]?\s*endcomment\s*[-+~]?%\}", "comment"),
        Mark(rb"\{\{[-+~]?", rb"[-+~]?\}\}", "output"),
        Mark(rb"\{%[-+~]?", rb"[-+~]?%\}", "statement"),
    ),
    hint=rb"\{%[-+~]?\s*\w|\{\{|\{#[^\n{}]{0,300}#\}",
    extends=r"extends\s+(?P<target>.+)",
    include=r"(?:include(?!\s*\(\s*template_from_string)|embed)(?:\s*\(|\s)\s*" + FILE,
    imports=r"(?s)(?:from|import|use)\s+(?P<target>[\"'][^\"']*[\"']$|.+?)"
    r"(?:\s+as\s+(?P<alias>\w+)(?!\s+import\b).*|\s+import\s+(?P<names>.+)|\s+with\s.*)?$",
    embeds=r"(?P<word>embed)\s",
    loads=r"(?:encore_entry_script_tags|vite_entry_script_tags|render_bundle|vite_asset)(?:\s*\(|\s)\s*"
    r"(?P<scripts>[\"'][^\"']+[\"'])",
    opens_if=r"(?=(?P<word>if(?:(?:not)?equal|changed|Async)?(?=[\s(]|$)|(?:flag|switch|sample)(?=\s+[\w\"'])))"
    r"(?:if\s*)?(?P<condition>.+)",
    opens_block=r"(?s)(?P<word>block)\s+(?P<name>[\w.-]+)(?:\s+(?:scoped|required)\b)*(?P<inline>\s+\S.*)?$",
    opens_fill=r"(?P<word>addtoblock)\s+[\"'](?P<name>[\w.-]+)[\"']",
    opens_fragment=r"(?P<word>macro)\s+(?P<name>\w+)",
    opens_other=r"(?P<word>for|with|call|filter|asyncEach|asyncAll)[\s(]",
    otherwise=r"(?:el(?:se\s*)?if\s+(?P<condition>.+)|else\b)",
    closes=r"end(?P<word>\w*)",
    keeps_parent=r"block\.super\b|super\(\)|parent\(\)",
    place=r"(?:render_block\s+[\"']|block\(\s*[\"']|self\.)(?P<name>[\w.-]+)(?:[\"'](?!\s*,)|\(\))",
    calls=r"block\(\s*[\"'](?P<name>[\w.-]+)[\"']\s*,\s*(?P<target>[\"'][^\"']+[\"'])",
    outside=(
        (r"render(?:_esi|_ssi|_hinclude)?\s*\(", "controller"),
        (r"include\s*\(\s*template_from_string", "database"),
        (r"(?:static_)?placeholder\s+[\"']", "database"),
        (PACKAGED, "package"),
        (
            rf"(?i)[\w.]{{0,80}}?(?<![a-z]){KEPT_ELSEWHERE}(?![a-z])[\w.]{{0,80}}\s*\|\s*(?:safe|raw)\b",
            "database",
        ),
    ),
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
    trailing_conditions=True,
)
