"""Smarty: {$output}, {statement}, {* comment *}; scripts stand between {literal} and its end."""

from __future__ import annotations

from analyzer.engines import Engine
from analyzer.engines._php_writer import MARKS
from analyzer.engines._smarty import rewrite

ENGINE = Engine(
    name="smarty",
    suffixes=(".tpl",),
    hint=rb"\{\*|\{/(?:if|foreach|block|literal|section|strip|function)\}|\{(?:include|extends|block|hook)\s+"
    rb"[^{}]{0,200}=|\{(?:extends|include)\s+[\"']|\{\$[\w.]+[}|\[-]|\{literal\}",
    weight=1,
    marks=MARKS,
    rewrite=rewrite,
    extends=r"extends\s+(?:[^{}]*?\bfile\s*=\s*)?(?P<target>[\"'][^\"']+[\"']|\S+)",
    include=r"include\s+(?:[^{}]*?\bfile\s*=\s*)?(?P<target>[\"'][^\"']+[\"']|\$\S+)",
    opens_if=r"(?P<word>if)\s*(?P<condition>.+)",
    opens_block=r"(?P<word>block)\s+(?:[^{}]*?\bname\s*=\s*)?[\"']?(?P<name>[\w-]+)",
    opens_fragment=r"(?P<word>function)\s+(?:name\s*=\s*)?[\"']?(?P<name>\w+)",
    opens_other=r"(?P<word>foreach|for|while|section|capture|strip|nocache)\b",
    otherwise=r"(?:elseif\s*(?P<condition>.+)|else$)",
    closes=r"/(?P<word>\w+)",
    keeps_parent=r"\$smarty\.block\.(?:parent|child)\b",
    calls=r"call\s+(?:name\s*=\s*)?[\"']?(?P<name>\w+)",
    outside=((r"(?:hook|widget)\b", "plugin"),),
    roots=("templates", "views/templates", "tpl", "themes"),
    spellings=("{name}", "{name}.tpl"),
)
