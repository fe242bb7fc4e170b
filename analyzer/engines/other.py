"""Languages without a reader of their own: tags are masked, includes are not followed."""

from __future__ import annotations

from analyzer.engines import UNFOLLOWED, Engine, Mark

ENGINE = Engine(
    name=UNFOLLOWED,
    suffixes=(".tpl",),
    marks=(
        Mark(rb"<%--", rb"--%>", "comment"),
        Mark(rb"\{\{!--", rb"--\}\}", "comment"),
        Mark(rb"\{\{--", rb"--\}\}", "comment"),
        Mark(rb"<\?=", rb"\?>|\Z", "output"),
        Mark(rb"<\?(?:php)?\s+echo\b", rb"\?>|\Z", "output"),
        Mark(rb"<\?(?:php\b|\s)", rb"\?>|\Z", "statement"),
        Mark(rb"<%=", rb"%>", "output"),
        Mark(rb"<%", rb"%>", "statement"),
        Mark(rb"\{\{\{", rb"\}\}\}", "output"),
        Mark(rb"\{\{[#/^>!~]", rb"\}\}", "statement"),
        Mark(rb"\{\{", rb"\}\}", "output"),
        Mark(rb"\{!!", rb"!!\}", "output"),
        Mark(rb"\{%", rb"%\}", "statement"),
    ),
)
