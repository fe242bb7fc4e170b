"""What expressions of a template's sandboxed code are worth: its own functions give the values."""

from __future__ import annotations

from dataclasses import replace

from tree_sitter import Node

from analyzer.model import Choice, Hole, Origin, OriginKind, Value, holes
from analyzer.parse.values.document import Document
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.scope import FUNCTIONS, Scope, items_of, unwrapped

DEEPEST = 6  # functions inside functions whose results are followed
MOST_RETURNS = 8  # of one function
PACKAGE = "npm:"  # before the name of a function of the sandbox

READS = {
    "copyFromDataLayer": OriginKind.DATA_LAYER,
    "copyFromWindow": OriginKind.GLOBAL,
    "getAllEventData": OriginKind.EVENT,
    "getEventData": OriginKind.EVENT,
    "getCookieValues": OriginKind.COOKIE,
    "getUrl": OriginKind.ADDRESS,
    "getQueryParameters": OriginKind.QUERY,
    "getReferrerUrl": OriginKind.REFERRER,
    "getReferrerQueryParameters": OriginKind.REFERRER,
    "readTitle": OriginKind.TITLE,
    "localStorage.getItem": OriginKind.STORAGE,
    "readAnalyticsStorage": OriginKind.COOKIE,
    "getRemoteAddress": OriginKind.EVENT,
    "getRequestHeader": OriginKind.EVENT,
    "getRequestBody": OriginKind.EVENT,
    "getRequestQueryParameter": OriginKind.EVENT,
    "getRequestQueryString": OriginKind.EVENT,
}
NAMED = {  # what a reader is about that takes no name, and what stands before one that does
    "readAnalyticsStorage": "_ga",
    "getRemoteAddress": "IP address",
    "getRequestBody": "request body",
    "getRequestQueryString": "request query",
    "getRequestHeader": "request header ",
    "getRequestQueryParameter": "request query ",
}
HASHES = frozenset({"sha256", "sha256Sync", "hmacSha256"})
KEEPS = frozenset(  # what gives back its first argument in other clothes
    {
        "makeString",
        "makeNumber",
        "makeInteger",
        "makeTableMap",
        "encodeUri",
        "encodeUriComponent",
        "decodeUri",
        "decodeUriComponent",
        "toBase64",
        "fromBase64",
        "JSON.stringify",
        "JSON.parse",
        "parseUrl",
    }
)
HOLDS_KEYS = frozenset({OriginKind.EVENT, OriginKind.DATA_LAYER})


class Sandbox(Folder):
    """Folds expressions as elsewhere, and knows the functions of the sandbox."""

    def __init__(self, document: Document, base: int) -> None:
        super().__init__(document, base)
        self.scopes: dict[int, Scope] = {}
        self.borrowed: set[str] = set()  # the page's functions that the code got hold of
        self.inside: list[int] = []

    def value(self, node: Node, scope: Scope, witnesses: list[Node] | None = None) -> Value:
        inner = unwrapped(node)
        if inner.type == "call_expression":
            known = self._known(inner, scope)
            if known is not None:
                return known
        found = super().value(node, scope, witnesses)
        if inner.type == "member_expression" and isinstance(found, Hole):
            return self._with_key(inner, found, scope)
        return found

    def hole(
        self,
        node: Node,
        kind: OriginKind = OriginKind.UNKNOWN,
        name: str = "",
        of: tuple[Origin, ...] = (),
    ) -> Hole:
        found = super().hole(node, kind, name, of)
        return replace(found, origin=replace(found.origin, place=None))

    def name_of(self, node: Node, scope: Scope) -> str | None:
        inner = unwrapped(node)
        if inner.type == "call_expression" and (alias := self._got_hold_of(inner, scope)):
            return alias
        return super().name_of(node, scope)

    def api(self, callee: Node, scope: Scope) -> str:
        """The function of the sandbox that is called, or an empty text."""
        name = self.name_of(callee, scope) or ""
        return name.removeprefix(PACKAGE) if name.startswith(PACKAGE) else ""

    def _known(self, node: Node, scope: Scope) -> Value:
        """What a function of the sandbox, or of the template itself, gives back."""
        callee, items = parts_of(node)
        api = self.api(callee, scope) if callee is not None else ""
        first = self.value(items[0], scope) if items and api else None
        if api in READS:
            name = first if isinstance(first, str) else ""
            kind = READS[api]
            if api == "getUrl" and name == "query":
                kind = OriginKind.QUERY
                second = self.value(items[-1], scope) if len(items) > 2 else None
                name = second if isinstance(second, str) else ""
            return self.hole(node, kind, NAMED.get(api, "") + name)
        if api in HASHES:
            of = tuple(dict.fromkeys(each.origin for each in holes(first)))
            return self.hole(node, OriginKind.HASH, api, of)
        if api in KEEPS:
            return first
        if api or callee is None or callee.type != "identifier":
            return None
        return self._returned(callee, scope)

    def _returned(self, callee: Node, scope: Scope) -> Value:
        """What one of the template's own functions gives back."""
        function = scope.function(self.text_of(callee))
        if function is None or function.node.id in self.inside or len(self.inside) >= DEEPEST:
            return None
        inner = self.scopes.get(function.node.id)
        if inner is None:
            return None
        self.inside.append(function.node.id)
        try:
            found = [self.value(each, inner) for each in _returns(function.node)]
        finally:
            self.inside.pop()
        told = list(dict.fromkeys(each for each in found if each is not None))
        return told[0] if len(told) == 1 else Choice(tuple(told)) if told else None

    def _with_key(self, node: Node, found: Hole, scope: Scope) -> Value:
        """`eventData.user_id` reads that key of the event."""
        holder, key = node.child_by_field_name("object"), self.key_of(node, scope)
        before = self.value(holder, scope) if holder is not None else None
        if (
            key is None
            or not isinstance(before, Hole)
            or before.origin.kind not in HOLDS_KEYS
            or found.origin.kind is not before.origin.kind
        ):
            return found
        name = ".".join(filter(None, (before.origin.name, key)))
        return Hole(found.text, Origin(before.origin.kind, name))

    def _got_hold_of(self, node: Node, scope: Scope) -> str:
        """The page's function that a call hands to the code."""
        callee, items = parts_of(node)
        if callee is None:
            return ""
        name = super().name_of(callee, scope) or ""
        api = name.removeprefix(PACKAGE) if name.startswith(PACKAGE) else ""
        if api in ("copyFromWindow", "createArgumentsQueue", "createQueue"):
            wanted = self.value(items[0], scope) if items else None
            if not isinstance(wanted, str) or not wanted:
                return ""
            self.borrowed.add(wanted.partition(".")[0])
            return f"{wanted}.push" if api == "createQueue" else wanted
        if name and not api and callee.type == "identifier" and len(self.inside) < DEEPEST:
            function = scope.function(name)
            if function is not None and function.node.id not in self.inside:
                self.inside.append(function.node.id)
                try:
                    where = self.scopes.get(function.node.id, function.scope)
                    returned = (self.name_of(each, where) for each in _returns(function.node))
                    borrowed = (
                        each
                        for each in returned
                        if each and each.partition(".")[0] in self.borrowed
                    )
                    return next(borrowed, "")
                finally:
                    self.inside.pop()
        return ""


def parts_of(node: Node) -> tuple[Node | None, list[Node]]:
    """What is called, and the arguments."""
    callee, arguments = (
        node.child_by_field_name("function"),
        node.child_by_field_name("arguments"),
    )
    return callee, items_of(arguments) if arguments is not None else []


def _returns(function: Node) -> list[Node]:
    """The expressions that a function gives back, not those of the functions inside it."""
    body = function.child_by_field_name("body")
    if body is None:
        return []
    if body.type != "statement_block":
        return [body]
    found: list[Node] = []
    todo = list(reversed(body.named_children))
    while todo and len(found) < MOST_RETURNS:
        node = todo.pop()
        if node.type in FUNCTIONS:
            continue
        if node.type == "return_statement":
            found += items_of(node)[:1]
        else:
            todo.extend(reversed(node.named_children))
    return found
