"""JSP with its tag libraries, tag files, and Grails' GSP: <%= %>, ${}, <c:if>, <%@ include %>."""

from __future__ import annotations

from analyzer.engines import Engine, Mark
from analyzer.engines._flat import MARKS
from analyzer.engines._jsp import rewrite

ENGINE = Engine(
    name="jsp",
    suffixes=(".jsp", ".jspf", ".jspx", ".tag", ".tagx", ".tagf", ".gsp"),
    rewrite=rewrite,
    marks=(
        Mark(rb"<%--", rb"--%>", "comment"),
        Mark(rb"%\{--", rb"--\}%", "comment"),
        *MARKS,
        Mark(rb"<%=", rb"%>", "output"),
        Mark(rb"<%[@!]?", rb"%>", "statement"),
        Mark(rb"(?<!\\)[$#]\{", rb"\}", "output"),
    ),
    extends=r"extends (?P<target>'[^']*')",
    include=r"include (?P<target>'[^']*')",
    loads=r"(?:openmrs:htmlInclude\b.*?\bfile|asset:javascript\b.*?\bsrc|g:javascript\b.*?\bsrc)\s*=\s*"
    r"(?P<scripts>[\"'][^\"']+\.js[\"'])",
    opens_if=r"(?P<word>\S+) if (?P<condition>.+)",
    opens_unless=r"(?P<word>\S+) unless (?P<condition>.+)",
    opens_other=r"(?P<word>\S+) other\b",
    otherwise=r"(?:elif (?P<condition>.+)|else\b)",
    closes=r"end (?P<word>\S+)",
    place=r"place(?: (?P<name>tiles \S+))?$",
    outside=((r"(?:c:import|jsp:include|s:include) ", "another server"),),
    roots=(
        "src/main/webapp",
        "WebContent",
        "WebRoot",
        "web",
        "webapp",
        "public_html",
        "src/main/resources/META-INF/resources",
        "grails-app/views",
        "WEB-INF",
        "src/main/webapp/WEB-INF",
    ),
    spellings=("{name}", "{name}.jsp", "{name}.jspx", "{name}x"),
    layout_discards=False,
    beside=True,
)
