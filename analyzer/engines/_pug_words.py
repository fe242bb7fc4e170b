"""How Pug writes its statements and tags."""

from __future__ import annotations

import re

from analyzer.engines._flat import CLOSE, OPEN

RAW = frozenset((b"script", b"style"))
TAG = re.compile(rb"[A-Za-z_](?:[-:\w]*\w)?")
SHORT = re.compile(rb"(?P<sign>[#.])(?P<name>[\w-]+)")
CLASSY = re.compile(rb"\s*\.\s*$")
KEYWORD = re.compile(
    rb"(?P<extends>extends?)[ \t]+(?P<layout>\S.*)"
    rb"|(?P<include>include)(?::[\w:-]+(?:\([^)\n]*\))?)*[ \t]+(?P<file>\S.*)"
    rb"|(?:(?P<keeps>(?:block[ \t]+)?(?:append|prepend))|block)[ \t]+(?P<block>[^\s(=.#:].*)"
    rb"|(?P<children>block)[ \t]*$"
    rb"|(?P<mixin>mixin)[ \t]+(?P<fragment>[\w-]+)"
    rb"|\+(?P<call>[\w-]+)"
    rb"|(?:-[ \t]*)?(?P<asks>if|unless)\b[ \t]*(?P<condition>[^.#=\s].*)"
    rb"|(?:-[ \t]*(?:\}[ \t]*)?)?else[ \t]+if\b[ \t]*(?P<other>\S.*)"
    rb"|(?P<turn>(?:-[ \t]*(?:\}[ \t]*)?)?else)[ \t{]*$"
    rb"|(?P<loop>(?:-[ \t]*)?(?:each|for)\b.*\b(?:in|of)\b.*|(?:-[ \t]*)?(?:while|for)\b[ \t]*\(.*"
    rb"|while[ \t]+\S.*)"
    rb"|case[ \t]+(?P<case>\S.*)"
    rb"|when[ \t]+(?P<when>\"[^\"\n]*\"|'[^'\n]*'|[^:\n]+?)[ \t]*(?P<inline>:[ \t]|$)"
    rb"|(?P<default>default)[ \t]*(?P<alone>:[ \t]|$)"
)
SCRIPTED = re.compile(
    rb"\||!?=|-|//-|include\b|block\b|append\b|prepend\b|\+\w|:\w|<|if\b[^{\n]*$|else\s*$"
    rb"|(?:unless|each|case|mixin)\b|#\{"
)
DYNAMIC = re.compile(rb"#\{[^}\n]*\}")
INLINE = re.compile(rb"\\?#\[")


def mark(words: bytes) -> bytes:
    return OPEN + words + CLOSE


def condition_of(text: bytes) -> bytes:
    """A condition without the brackets and the brace around it."""
    text = text.strip().removesuffix(b"{").strip()
    inner = text[1:-1]
    if text[:1] == b"(" and text[-1:] == b")" and b"(" not in inner.replace(b"()", b""):
        return inner.strip()
    return text


def unquoted(name: bytes) -> bytes:
    return name.strip().strip(b"\"'`").replace(b'"', b"")
