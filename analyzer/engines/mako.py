"""Mako: ${output}, lines that begin with %, and tags such as <%inherit file="..."/>."""

from __future__ import annotations

import re

from analyzer.engines import Engine, Mark

LINE = rb"(?<![^\n])[ \t]*+"
DEFINES = re.compile(rb"<%def\s[^>]{0,300}?\bname\s*=\s*[\"'](\w+)|</%def\s*>")
INHERITS = re.compile(rb"<%inherit\s")
CALLED = re.compile(rb"(?<![\w.\"'])(?:(?:self|local)\.)?(\w+)\s*\(")


def rewrite(data: bytes) -> tuple[bytes, range]:
    """The file with those functions marked that it leaves to its layout to call.

    A file that inherits another one defines functions for it, `self.head()` there is `head` here;
    what it calls itself is a part of its own text.
    """
    same = range(len(data) + 1)
    if not INHERITS.search(data):
        return data, same
    called = {found[1] for found in CALLED.finditer(data)}
    out = bytearray(data)
    left: list[bool] = []  # the functions that are open: is it left to the layout?
    for found in DEFINES.finditer(data):
        if found[1] is not None:
            left.append(found[1] not in called)
        if left and left[-1]:
            start = data.index(b"def", found.start())
            out[start : start + 3] = b"put"
        if found[1] is None and left:
            left.pop()
    return bytes(out), same


FILE = r"[^>]*?\bfile\s*=\s*(?P<target>\"[^\"]*\"|'[^']*')"

ENGINE = Engine(
    name="mako",
    suffixes=(".mako", ".mak", ".mao", ".html", ".htm", ".xhtml"),
    marks=(
        Mark(LINE + rb"##", rb"(?=\n)|\Z", "comment"),
        Mark(rb"<%doc\s*>", rb"</%doc\s*>", "comment"),
        Mark(rb"<%!?(?=\s)", rb"%>", "comment"),
        Mark(rb"\$\{", rb"\}", "output"),
        Mark(rb"<(?=/%\w)", rb">", "statement"),
        Mark(rb"<%(?=\w)", rb">", "statement"),
        Mark(LINE + rb"%(?![%>])", rb"(?=\n)|\Z", "statement"),
    ),
    hint=rb"<%(?:inherit|namespace|include|block|def|page)\s[^>]{0,300}?\b(?:file|name|args|expression_filter)\s*=",
    weight=3,
    rewrite=rewrite,
    extends=r"inherit\b" + FILE,
    include=r"include\b" + FILE,
    imports=r"(?s)namespace\b(?=" + FILE + r")(?:(?=.*\bname\s*=\s*[\"'](?P<alias>\w+)))?"
    r"(?:(?=.*\bimport\s*=\s*[\"'](?P<names>[^\"']*)))?",
    loads=r"static:(?:webpack|js)\s+(?:entry|group)\s*=\s*(?P<scripts>[\"'][^\"']+[\"'])",
    opens_if=r"(?P<word>if)\b\s*(?P<condition>.+?)\s*:?$",
    opens_block=r"(?P<word>block)\b[^>]*?\bname\s*=\s*[\"'](?P<name>\w+)[\"'](?:[^>]*?(?P<inline>/))?$",
    opens_fill=r"(?P<word>put)\b[^>]*?\bname\s*=\s*[\"'](?P<name>\w+)",
    opens_fragment=r"(?P<word>def)\b[^>]*?\bname\s*=\s*[\"'](?P<name>\w+)",
    opens_other=r"(?P<word>for|while|try|with|call)\b(?!.*/$)",
    otherwise=r"(?:elif\b\s*(?P<condition>.+?)\s*:?$|else\b)",
    closes=r"(?:end|/%)(?P<word>\w+)",
    keeps_parent=r"\bparent\.\w+\s*\(",
    place=r"(?:self|next)\.(?:body|(?P<name>\w+))\s*\(",
    calls=r"call\b[^>]*?\bexpr\s*=\s*[\"'](?:\w+\.)?(?P<name>\w+)\s*\(",
    roots=("templates", "mako", "views"),
    layout_discards=False,
)
