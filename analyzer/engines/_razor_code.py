"""C# as far as Razor needs it: texts, brackets, and the calls that put files together."""

from __future__ import annotations

import re

STRING = (
    rb'(?:\$?@\$?"(?:[^"]|"")*+"|\$*"""[\s\S]*?(?:"""|\Z)|\$?"(?:[^"\\\n]|\\.)*+"'
    rb"|'(?:\\[^\n]{1,8}?|[^'\\\n])')"
)
COMMENT = rb"(?://[^\n]*|/\*[\s\S]*?(?:\*/|\Z)|@\*[\s\S]*?(?:\*@|\Z))"
STEPS = re.compile(STRING + rb"|" + COMMENT + rb"|(?P<opens>[(\[{])|(?P<closes>[)\]}])|(?P<mark>,)")
CODE = re.compile(
    rb"(?P<skip>" + STRING + rb"|" + COMMENT + rb")|(?P<line>@:)|(?P<template>@(?=<))"
    rb"|(?P<open>\{)|(?P<close>\})|(?P<tag><(?=[A-Za-z!/]))"
    rb"|(?P<ask>\b(?:if|switch)\b)(?=\s*\()|(?P<layout>\bLayout\s*=(?!=)\s*(?P<value>[^;{}]{1,300});)"
    rb"|(?P<call>\b(?:Html|Component|RenderSection(?:Async)?|RenderBody)\b(?=[.(]))"
    rb"|(?P<at>@)|(?P<end>[;:])|(?P<word>\w+)|(?P<other>[^\s\w])"
)
CALL = re.compile(
    rb"(?:await\s+)?(?:(?:this|base)\.)?(?:"
    rb"(?P<partial>Html\.(?:Render)?Partial(?:Async)?)|(?P<component>Component\.Invoke(?:Async)?)"
    rb"|(?P<section>RenderSection(?:Async)?)|(?P<body>RenderBody))\s*(?:<[^<>()]*>)?\s*\(\s*"
)
FIRST = re.compile(
    rb'(?P<name>"[^"\n]*")\s*(?=[,)])|typeof\(\s*(?P<type>[\w.]+)\s*\)|nameof\(\s*'
    rb"(?P<nameof>[\w.]+)\s*\)"
)
NAME = re.compile(rb"[A-Za-z_]\w*")


def said_by(call: re.Match[bytes], data: bytes, close: int) -> bytes:
    """The statement for a call: which file, which place; empty where it puts nothing in."""
    first = FIRST.match(data, call.end(), close + 1)
    written = b" ".join(data[call.end() : close].split())
    if call["body"]:
        return b"place"
    if call["section"]:
        return b"place " + first["name"].strip(b'"') if first and first["name"] else b""
    if call["component"]:
        name = first and (first["name"] or first["type"] or first["nameof"])
        if not name:
            return b"include " + written if written else b""
        return b'include "' + component(name.strip(b'"').rpartition(b".")[2]) + b'"'
    if first and first["name"]:
        return b"include " + first["name"]
    return b"include " + written if written else b""


def component(name: bytes) -> bytes:
    """The file in which a view component shows itself."""
    return b"Components/" + name.removesuffix(b"ViewComponent") + b"/Default"


def pascal(name: bytes) -> bytes:
    """A tag's name as a class is called: `top-link` is `TopLink`."""
    return b"".join(part[:1].upper() + part[1:] for part in name.split(b"-"))
