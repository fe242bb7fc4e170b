"""Where the text of an expression comes from when the page runs: a field, the address, a cookie.

What is read from such a thing comes from there too: the answer of a request is told with the way
into it, a form with the name of the field.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Hole, Origin, OriginKind, options
from analyzer.model.parts import PATH, part_of
from analyzer.parse.values.answers import answer_of
from analyzer.parse.values.parts import single
from analyzer.parse.values.readers import from_call
from analyzer.parse.values.routing import kept_as
from analyzer.parse.values.scope import Scope

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

UNKNOWN = Origin(OriginKind.UNKNOWN)
ADDRESSES = re.compile(
    r"^(?:document\.)?(?:location(?:\.(?:href|pathname|search|hash|host|hostname|origin))?|URL|documentURI)$"
)
PAGE_TEXTS = {
    "document.title": OriginKind.TITLE,
    "document.referrer": OriginKind.REFERRER,
    "document.cookie": OriginKind.COOKIE,
}
STORED = re.compile(r"(?:localStorage|sessionStorage)\.(?!getItem)(\w+)$")
FORMS = re.compile(r"^document\.forms\.([\w-]+)(?:\.elements)?(?:\.([\w-]+))?(\.value)?$")
ROUTED = re.compile(  # what routers call the parts of the address
    r"(?:\$route|\broute|\brouter|\b[cC]urrentRoute|\$page|[uU]seRoute\w*\(\))(?:\.value)?"
    r"\.(query|params)"
    r"(?:\??\.([\w$]+)|\[[\"']([\w-]+)[\"']\])?$"
)


def hole_of(folder: Folder, node: Node, scope: Scope) -> Hole:
    """The expression as a hole that remembers where its text comes from."""
    origin = _origin(folder, node, scope)
    made = folder.hole(node, origin.kind, origin.name, origin.of)
    return Hole(made.text, origin) if origin.place is not None else made


def _origin(folder: Folder, node: Node, scope: Scope) -> Origin:
    dotted = folder.name_of(node, scope) or ""
    if ADDRESSES.match(dotted):
        return Origin(OriginKind.ADDRESS, dotted)
    if dotted in PAGE_TEXTS:
        return Origin(PAGE_TEXTS[dotted])
    if found := STORED.match(dotted):
        return Origin(OriginKind.STORAGE, found[1])
    if found := FORMS.match(dotted):
        return _of_forms(found)
    if node.type in ("member_expression", "subscript_expression"):
        if found := ROUTED.search(folder.tail_of(node)):
            return _of_route(found[1], found[2] or found[3] or "")
        if (routed := kept_as(folder.tail_of(node), dotted)) is not None:
            return routed
        holder, key = node.child_by_field_name("object"), folder.key_of(node, scope)
        answer = answer_of(folder, node, key, scope)
        if answer is not None and answer.name:
            return answer
        inner = folder.value(holder, scope) if holder is not None else None
        known = [each for each in map(single, options(inner)) if each is not None]
        if known and (known[-1].kind is not OriginKind.GLOBAL or not dotted):
            return part_of(known[-1], key or "")
        if answer is not None:
            return answer
    if node.type in ("call_expression", "new_expression"):
        return from_call(folder, node, scope) or UNKNOWN
    return Origin(OriginKind.GLOBAL, dotted) if dotted else UNKNOWN


def _of_forms(found: re.Match[str]) -> Origin:
    form = "form" if found[1].isdigit() else f"#{found[1]}"
    if not found[2]:
        return Origin(OriginKind.FIELD if found[3] else OriginKind.ELEMENT, form)
    return Origin(OriginKind.FIELD, f"{form} [name={found[2]}]")


def _of_route(part: str, name: str) -> Origin:
    if part == "query":
        return Origin(OriginKind.QUERY, name)
    return Origin(OriginKind.ADDRESS, f"{PATH} {name}".strip())
