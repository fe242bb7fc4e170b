"""Where the text of an expression comes from when the page runs: a field, the address, a cookie."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Hole, Origin, OriginKind
from analyzer.parse.scope import Scope, items_of

if TYPE_CHECKING:
    from analyzer.parse.fold import Folder  # it asks here while it reads a value

ADDRESSES = re.compile(
    r"^(?:document\.)?(?:location(?:\.(?:href|pathname|search|hash|host|hostname|origin))?|URL|documentURI)$"
)
PAGE_TEXTS = {
    "document.title": OriginKind.TITLE,
    "document.referrer": OriginKind.REFERRER,
    "document.cookie": OriginKind.COOKIE,
}
SOURCES: tuple[tuple[re.Pattern[str], OriginKind], ...] = (
    (
        re.compile(r"""^(?:document\.)?querySelector\(\s*["'](?P<name>.+?)["']\s*\)\??\.value$"""),
        OriginKind.FIELD,
    ),
    (
        re.compile(r"""^(?:\$|jQuery)\(\s*["'](?P<name>[^"']+)["']\s*\)\.(?:val|serialize)\(\)$"""),
        OriginKind.FIELD,
    ),
)


def origin_of(
    folder: Folder, node: Node, scope: Scope
) -> tuple[OriginKind, str, tuple[Origin, ...]]:
    """Where the text of an expression comes from when the page runs."""
    dotted = folder.name_of(node, scope) or ""
    if ADDRESSES.match(dotted):
        return OriginKind.ADDRESS, dotted, ()
    if dotted in PAGE_TEXTS:
        return PAGE_TEXTS[dotted], "", ()
    if found := re.match(r"(?:localStorage|sessionStorage)\.(\w+)$", dotted):
        return OriginKind.STORAGE, found[1], ()
    text = folder.source(node, 1000)
    for pattern, kind in SOURCES:
        if said := pattern.search(text):
            return kind, said["name"] if "name" in said.groupdict() else "", ()
    if node.type in ("call_expression", "new_expression"):
        return _from_parts(folder, node, scope)
    if node.type == "member_expression":
        holder = node.child_by_field_name("object")
        inner = folder.value(holder, scope) if holder else None
        if isinstance(inner, Hole) and inner.origin.kind is OriginKind.ELEMENT:
            key = folder.key_of(node, scope)
            kind = (
                OriginKind.FIELD
                if key in ("value", "checked", "files", "elements")
                else OriginKind.ELEMENT
            )
            return kind, inner.origin.name, ()
        if isinstance(inner, Hole) and inner.origin.kind is not OriginKind.UNKNOWN:
            name = inner.origin.name
            key = folder.key_of(node, scope) or ""
            if inner.origin.kind in (OriginKind.GLOBAL, OriginKind.TEMPLATE):
                name = f"{name}.{key}" if name else key
            return inner.origin.kind, name, inner.origin.of
    return (OriginKind.GLOBAL, dotted, ()) if dotted else (OriginKind.UNKNOWN, "", ())


def _from_parts(
    folder: Folder, node: Node, scope: Scope
) -> tuple[OriginKind, str, tuple[Origin, ...]]:
    callee, arguments = (
        node.child_by_field_name("function"),
        node.child_by_field_name("arguments"),
    )
    if callee is None or arguments is None:
        return OriginKind.UNKNOWN, "", ()
    text = folder.tail_of(callee)
    items = items_of(arguments)
    first = folder.value(items[0], scope) if items else None
    name = first if isinstance(first, str) else ""
    method = text.rpartition(".")[2]
    if method in (
        "getElementById",
        "querySelector",
        "getElementsByName",
        "querySelectorAll",
        "$",
        "jQuery",
    ):
        return OriginKind.ELEMENT, f"#{name}" if method == "getElementById" else name, ()
    if method in ("getItem",) and "torage" in text:
        return OriginKind.STORAGE, name, ()
    if method == "get" and re.search(r"[pP]arams|searchParams|query", text):
        return OriginKind.QUERY, name, ()
    if method in ("val", "serialize") and callee.type == "member_expression":
        holder = callee.child_by_field_name("object")
        inner = folder.value(holder, scope) if holder else None
        if isinstance(inner, Hole) and inner.origin.kind is OriginKind.ELEMENT:
            return OriginKind.FIELD, inner.origin.name, ()
    return OriginKind.UNKNOWN, "", ()
