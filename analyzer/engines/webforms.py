"""ASP.NET Web Forms: master pages, content placeholders and user controls."""

from __future__ import annotations

from analyzer.engines import Engine
from analyzer.engines._flat import MARKS
from analyzer.engines._webforms import rewrite

ENGINE = Engine(
    name="webforms",
    suffixes=(".aspx", ".ascx", ".master", ".asp"),
    marks=MARKS,
    rewrite=rewrite,
    extends=r"extends\s+(?P<target>.+)",
    include=r"include\s+(?P<target>.+)",
    opens_if=r"(?P<word>if|scriptlet(?=\s+if))\s+(?:if\s+)?(?P<condition>.+)",
    opens_unless=r"(?P<word>scriptlet)\s+unless\s+(?P<condition>.+)",
    opens_block=r"(?P<word>block)\s+(?P<name>.+)",
    opens_other=r"(?P<word>scriptlet)\s+other$",
    otherwise=r"(?:elif\s+(?P<condition>.+)|else$)",
    closes=r"end\s*(?P<word>\w+)$",
    climbs=("",),
)
