"""How scripts send data: beacons, fetch, XMLHttpRequest, HTTP clients and sockets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from analyzer.model import Hole, Object, OriginKind, Request, ScriptLoad, Text, Value, holes, shown
from analyzer.parse.values.created import Kind
from analyzer.parse.values.document import joined, pieces
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.kept import query_of
from analyzer.parse.values.scope import FUNCTIONS, Expression, Scope, unwrapped
from analyzer.parse.values.things import callee_of, member_of
from analyzer.parse.values.witness import is_address, may_be_address, witness

SENDERS = re.compile(
    r"(?:^|[.$])(?:fetch|sendBeacon|axios|ajax|got|request|superagent|ky|ofetch|useFetch|useLazyFetch"
    r"|UrlFetchApp\.fetch)$"
    r"|(?:^|[.$])(?:axios|\$|jQuery|http|https|client|ky|got|needle|superagent|request|api|Zepto)"
    r"\.\$?(?:get|post|put|patch|delete|request|send|getJSON)$"
)
ONLY_BROWSERS = re.compile(r"(?:^|\.)sendBeacon$|^(?:window\.)?(?:\$|jQuery|Zepto)\.")
METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "request", "getJSON"})
VERBS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
SOCKETS = frozenset({"WebSocket", "EventSource"})
MAKES_CLIENT = re.compile(r"(?:^|\.)(?:create|extend|defaults|instance)$")
BASES = ("baseURL", "prefixUrl", "baseUrl")
BODIES = ("body", "json", "data", "params")
QUERIES = ("params", "searchParams", "query")  # of axios, of ky and got, of ofetch
ADDRESSES = ("url", "uri", "path")
# Headers that say what a request is, not whom it is about.
ORDINARY = re.compile(
    r"accept|authorization|content|cache|origin|referer|user-agent|x-csrf|x-xsrf|x-requested|api-?key|token",
    re.I,
)
RUNS = re.compile(r"\beval\b|\bnew Function\b|\bFunction\(|\.(?:text|textContent|innerHTML)\s*=")
MOST_INSIDE = 4_000  # nodes of a function in which the rest of a request is looked for
CHAINED = frozenset({"member_expression", "call_expression"})
LONGEST_CHAIN = 8  # calls chained behind a request
LONGEST_REST = 2_000  # bytes of what is done with its answer


@dataclass(frozen=True, slots=True)
class Sent:
    """What is loaded or sent, and where that is best shown."""

    kind: Kind | type[Request]
    url: Value
    body: Value
    spot: Node
    attributes: tuple[tuple[str, Value], ...] = ()
    by_browser: bool = False


def sent(
    folder: Folder, node: Node, name: str, method: str, items: list[Node], scope: Scope
) -> Iterator[Sent]:
    """The request that a call or `new` makes."""
    witnesses: list[Node] = []
    if method == "open" and len(items) > 1:
        verb, url = folder.value(items[0], scope), folder.value(items[1], scope, witnesses)
        if isinstance(verb, str) and verb.upper() in VERBS and may_be_address(url):
            body = _sent_later(folder, node, scope)
            spot = witness(folder, witnesses, items[1])
            yield Sent(Request, url, body, spot, by_browser=True)
        return
    base = _base(folder, node, method, scope)
    is_request = method == "new" and name in (*SOCKETS, "Request")
    sends = is_request or base is not None or SENDERS.search(name) is not None
    if not sends and method not in ("get", "post"):
        return
    first = folder.value(items[0], scope, witnesses)
    second = folder.value(items[1], scope) if len(items) > 1 else None
    options = first if isinstance(first, Object) else second
    body = second
    if isinstance(first, Object):
        body = _body(first)
        first = next((found for key in ADDRESSES if (found := first.get(key)) is not None), None)
    elif isinstance(second, Object):
        inner = _body(second)
        takes_options = not re.search(r"post|put|patch", method) or "$" in name
        body = inner if inner is not None else None if _is_options(second, takes_options) else body
    if base is not None and not is_address(first):
        first = _put_together(base, first)
    first = _made_elsewhere(folder, items[0], first, scope)
    first = _with_query(folder, node, first, (options, second, *_values(folder, items[2:3], scope)))
    if not is_address(first) and not (sends and may_be_address(first)):
        return
    if _runs_it(folder, node, options, first):
        yield Sent(ScriptLoad, first, None, witness(folder, witnesses, items[0]))
        return
    if method in SOCKETS or name in SOCKETS:
        body = None
    if body is None:
        body = _chained_body(folder, node, scope)
    body, spot = _with_headers(body, options), witness(folder, witnesses, items[0])
    by_browser = ONLY_BROWSERS.search(name) is not None
    yield Sent(Request, first, body, spot, by_browser=by_browser)


def _values(folder: Folder, items: list[Node], scope: Scope) -> Iterator[Value]:
    return (folder.value(each, scope) for each in items)


def _with_query(folder: Folder, node: Node, address: Value, options: Iterable[Value]) -> Value:
    """The address with the query that the options of the request put behind it."""
    for each in options:
        for key in QUERIES if isinstance(each, Object) else ():
            given = each.get(key) if isinstance(each, Object) else None
            query = query_of(folder, given, node) if isinstance(given, Object) else None
            if not isinstance(query, (str, Text)) or not query:
                continue
            known = pieces(address)
            sign = "&" if any("?" in part for part in known if isinstance(part, str)) else "?"
            return joined([*known, sign, *pieces(query)])
    return address


def _made_elsewhere(folder: Folder, node: Node, value: Value, scope: Scope) -> Value:
    """An address that a function of another file gives back: `fetch(endpoint("track"))`."""
    callee, _ = callee_of(node) if node.type == "call_expression" else (None, [])
    if callee is None or not isinstance(value, Hole) or value.origin.kind is not OriginKind.UNKNOWN:
        return value
    maker = folder.value(callee, scope)
    is_known = isinstance(maker, Hole) and maker.origin.kind is OriginKind.IMPORT
    return Hole(value.text, maker.origin) if isinstance(maker, Hole) and is_known else value


def _body(options: Object) -> Value:
    """What is sent, of a request's options; a query is part of the address."""
    for key in BODIES:
        found = options.get(key)
        if found is not None and not (key in QUERIES and isinstance(found, Object)):
            return found
    return None


def _is_options(value: Object, takes_options: bool) -> bool:
    """Are these options without a body, rather than the body itself?"""
    keys = {key for key, _ in value.items}
    if any(isinstance(value.get(key), Object) for key in QUERIES[:2]):
        return True
    return takes_options and bool(keys & {"method", "headers", "mode", "credentials", "keepalive"})


def _with_headers(body: Value, options: Value) -> Value:
    """The body, with the headers beside it that carry something of the page or the person."""
    headers = options.get("headers") if isinstance(options, Object) else None
    if not isinstance(headers, Object):
        return body
    told = tuple(
        (key, value)
        for key, value in headers.items
        if not ORDINARY.search(key) and any(True for _ in holes(value))
    )
    if not told:
        return body
    given = (("body", body),) if body is not None else ()
    return Object((("headers", Object(told)), *given))


def _runs_it(folder: Folder, node: Node, options: Value, url: Value) -> bool:
    """Is the answer run as a script?"""
    if isinstance(options, Object) and options.get("dataType") == "script":
        return True
    if not re.search(r"\.m?js(?:[?#]|$)", shown(url)):
        return False
    around: Node = node
    for _ in range(LONGEST_CHAIN):
        if around.parent is None or around.parent.type not in CHAINED:
            break
        around = around.parent
    rest = folder.tail_of(around, min(LONGEST_REST, max(0, around.end_byte - node.end_byte)))
    return around != node and RUNS.search(rest) is not None


def _chained_body(folder: Folder, node: Node, scope: Scope) -> Value:
    """`superagent.post(url).send(data)`."""
    around = node
    for _ in range(LONGEST_CHAIN):
        member = around.parent
        if member is None or member.type != "member_expression" or member.parent is None:
            return None
        call = member.parent
        _, items = callee_of(call) if call.type == "call_expression" else (None, [])
        if folder.key_of(member, scope) == "send" and items:
            return folder.value(items[0], scope)
        around = call
    return None


def _sent_later(folder: Folder, node: Node, scope: Scope) -> Value:
    """What `x.send(body)` is given, of the request that `x.open(...)` opens: the next one below."""
    callee, _ = callee_of(node)
    holder = callee.child_by_field_name("object") if callee is not None else None
    if holder is None or holder.end_byte - holder.start_byte > LONGEST_CHAIN * 10:
        return None
    around: Node = node
    while around.parent is not None and around.type not in FUNCTIONS:
        around = around.parent
    name, todo, seen = folder.text_of(holder), [around], 0
    while todo and seen < MOST_INSIDE:
        inner = todo.pop()
        seen += 1
        if inner.end_byte <= node.end_byte:
            continue
        if inner.type == "call_expression" and inner.start_byte >= node.end_byte:
            called, items = callee_of(inner)
            said = called.child_by_field_name("object") if called is not None else None
            sends = called is not None and folder.key_of(called, scope) == "send"
            if sends and said is not None and items and folder.text_of(said) == name:
                return folder.value(items[0], scope)
        todo.extend(reversed(inner.named_children))
    return None


# ---------------------------------------------------------------- clients made for one host


def _base(folder: Folder, node: Node, method: str, scope: Scope) -> Value:
    """Where the addresses of a client begin that was made for one host: `axios.create({...})`."""
    callee, items = callee_of(node)
    if callee is None or not items or node.type != "call_expression":
        return None
    client = callee
    if callee.type == "member_expression":
        holder = callee.child_by_field_name("object")
        if holder is None or method.lstrip("$") not in METHODS:
            return None
        client = holder
    for made in _makers(folder, client, scope):
        maker, options = callee_of(made.node) if made.node.type == "call_expression" else (None, [])
        if maker is None or not options or options[0].type != "object":
            continue
        if not MAKES_CLIENT.search(folder.tail_of(maker, 60)):
            continue
        given = folder.value(options[0], made.scope)
        for key in BASES if isinstance(given, Object) else ():
            if isinstance(given, Object) and (base := given.get(key)) is not None:
                return base
    name = folder.text_of(client) if client.type == "identifier" else ""
    for each in folder.set_later.get((f"{name}.defaults", "baseURL"), ()):
        return folder.value(each.node, each.scope)
    return None


def _makers(folder: Folder, client: Node, scope: Scope) -> Iterator[Expression]:
    """The calls that may have made a client."""
    if client.type == "member_expression":
        for each in member_of(folder, client, scope):
            yield Expression(unwrapped(each.node), each.scope)
    elif client.type == "identifier":
        owner = scope.owner(folder.text_of(client))
        for meaning in owner.names[folder.text_of(client)] if owner is not None else ():
            if isinstance(meaning, Expression):
                yield Expression(unwrapped(meaning.node), meaning.scope)


def _put_together(base: Value, path: Value) -> Value:
    """A base and a path as one address."""
    if not isinstance(base, (str, Text, Hole)) or not isinstance(path, (str, Text, Hole)):
        return base if path is None else path
    first, rest = pieces(base), pieces(path)
    ends = isinstance(first[-1], str) and first[-1].endswith("/") if first else False
    begins = isinstance(rest[0], str) and rest[0].startswith("/") if rest else False
    if ends and begins and isinstance(rest[0], str):
        rest[0] = rest[0][1:]
    return joined([*first, *([] if ends or begins else ["/"]), *rest])
