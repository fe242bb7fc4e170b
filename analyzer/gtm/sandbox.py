"""The sandboxed JavaScript of a custom template as facts: what it loads, sends, calls and reads.

The sandbox has no page around it: every way out is a function that the code asks for by name, such
as `injectScript` or `copyFromDataLayer`, so the script reader needs to know only those. What a tag
gives the template stays a hole named `data.pixelId`, which is filled for each tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from tree_sitter import Node

from analyzer.gtm.sandbox_values import HASHES, PACKAGE, Sandbox, parts_of
from analyzer.model import (
    Assign,
    Call,
    Fact,
    Frame,
    Object,
    Origin,
    OriginKind,
    Pixel,
    Push,
    Request,
    ScriptLoad,
    Source,
    Value,
    Vocabulary,
)
from analyzer.parse.mask import Masked
from analyzer.parse.scripts.grammar import TooSlow, parsed
from analyzer.parse.scripts.names import LAYER, Context, Reader
from analyzer.parse.template import Structure
from analyzer.parse.values.document import Document
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.scope import FUNCTIONS, Function, Scope

LONGEST = 200_000  # bytes of one template's code
MOST_ARGUMENTS = 12

CONSENT = {"setDefaultConsentState": "default", "updateConsentState": "update"}
EACH = frozenset({"forEach", "map", "filter", "some", "every"})


@lru_cache(maxsize=256)
def sandbox_facts(code: str) -> tuple[Fact, ...]:
    """The facts of a template's code; nothing of code that cannot be read.

    Containers share the templates of the gallery, so the code is read once. Its places are in the
    code itself, and not in a file.
    """
    source = Source("", code.encode())
    if len(source.data) > LONGEST:
        return ()
    document = Document(source, Masked(source.data), Structure())
    try:
        root = parsed(source.data, "javascript")
    except TooSlow:
        return ()
    reader = _Reader(document)
    reader.read(root)
    # A name may have been asked for before all that it means was read.
    reader.sandbox.memory.forget_all()
    return tuple(
        fact
        for node, context in reader.actions
        if node.type == "call_expression"
        for fact in _facts(reader.sandbox, node, context)
    )


def _facts(sandbox: Sandbox, node: Node, context: Context) -> Iterator[Fact]:
    callee, items = parts_of(node)
    name = sandbox.name_of(callee, context.scope) if callee is not None else None
    if name is None:
        return
    given = tuple(sandbox.value(each, context.scope) for each in items[:MOST_ARGUMENTS])
    given = tuple(map(sandbox.document.brief, given))
    fact = _of_api(sandbox, node, name, given, items)
    if fact is not None:
        yield replace(fact, guards=context.guards, moment=context.moment)


def _of_api(
    sandbox: Sandbox, node: Node, name: str, given: tuple[Value, ...], items: list[Node]
) -> Fact | None:
    place = sandbox.document.place(node.start_byte, node.end_byte)
    api = name.removeprefix(PACKAGE) if name.startswith(PACKAGE) else ""
    first = given[0] if given else None
    match api:
        case "injectScript":
            return ScriptLoad(place=place, url=first)
        case "injectHiddenIframe":
            return Frame(place=place, url=first)
        case "sendPixel":
            return Pixel(place=place, url=first)
        case "sendHttpRequest" | "sendHttpGet":
            plain = [
                value
                for value, each in zip(given, items, strict=False)
                if not _is_function(sandbox, each)
            ]
            return Request(place=place, url=first, body=plain[2] if len(plain) > 2 else None)
        case "setInWindow" if isinstance(first, str) and len(given) > 1:
            return Assign(place=place, target=first, value=given[1])
        case "gtagSet":
            return Call(place=place, callee="gtag", args=("set", *given))
        case "setDefaultConsentState" | "updateConsentState":
            return Call(place=place, callee="gtag", args=("consent", CONSENT[api], *given))
        case "callInWindow" if isinstance(first, str):
            name, given = first, given[1:]
        case _ if api or name.partition(".")[0] not in sandbox.borrowed:
            return None
    holder, _, method = name.rpartition(".")
    if method == "push" and LAYER.match(holder):
        return Push(place=place, layer=holder, value=given[0] if given else None)
    return Call(place=place, callee=name, args=given)


class _Reader(Reader):
    """The script reader, which here keeps the scopes of functions and who their callers are."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, 0, Vocabulary())
        self.sandbox = Sandbox(document, 0)
        self.folder = self.sandbox

    def _enter(self, node: Node, context: Context) -> Context:
        if about := self._handed_to(node, context.scope):
            function = self.functions.setdefault(node.id, Function(node, context.scope))
            function.calls.append(([about], context.scope))
        inner = super()._enter(node, context)
        self.sandbox.scopes[node.id] = inner.scope
        return inner

    def _handed_to(self, function: Node, scope: Scope) -> Node | None:
        """What a function gets that stands among the arguments of a call: an item, a digest."""
        call = function.parent.parent if function.parent is not None else None
        if call is None or call.type != "call_expression":
            return None
        callee, _ = parts_of(call)
        if callee is None:
            return None
        if callee.type == "member_expression" and _method(self.sandbox, callee) in EACH:
            return callee.child_by_field_name("object")
        return call if self.sandbox.api(callee, scope) in HASHES else None


def data_path(origin: Origin) -> str | None:
    """The setting of the tag that a hole stands for: `pixelId` of `data.pixelId`; `` for all."""
    if origin.kind is not OriginKind.GLOBAL or origin.of:
        return None
    if origin.name == "data":
        return ""
    return origin.name.removeprefix("data.") if origin.name.startswith("data.") else None


def setting_at(parameters: Object, path: str) -> Value:
    """The tag's own setting; nothing where the tag does not have it."""
    value: Value = parameters
    for key in filter(None, re.split(r"[.\[\]]+", path)):
        if not isinstance(value, Object):
            return value if key in _METHODS or value is None else None
        value = value.get(key)
    return value


_METHODS = frozenset({"length", "split", "trim", "toLowerCase", "0"})


def _method(folder: Folder, callee: Node) -> str:
    key = callee.child_by_field_name("property")
    return folder.text_of(key) if key is not None else ""


def _is_function(sandbox: Sandbox, node: Node) -> bool:
    return node.type in FUNCTIONS or (
        node.type == "member_expression" and sandbox.text_of(node).startswith("data.gtmOn")
    )
