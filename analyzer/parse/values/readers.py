"""What calls read: the element of a selector, a cookie, the query, the answer of a request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import (
    GIVEN,
    Hole,
    Object,
    Origin,
    OriginKind,
    Text,
    Value,
    holes,
    options,
    shown,
)
from analyzer.model.parts import PATH, TYPED, field_of
from analyzer.parse.values.jquery import NAMES
from analyzer.parse.values.parts import single
from analyzer.parse.values.scope import Scope, items_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

LONGEST_ADDRESS = 100  # characters of a request's address that its answer is called by
ROUTES = re.compile(r"(?:^|\.)(?:useParams|useLocation|usePathname|useRouter?)$")
LOADED = re.compile(r"(?:^|\.)use(?:Route)?(?:LoaderData|ActionData)$")
QUERIES = re.compile(r"(?:^|\.)useSearchParams$")
QUERY_HELPERS = re.compile(
    r"^(?:get|read|parse)_?(?:(?:url|uri|query|search|get)_?)+(?:param\w*|string\w*|vars?|value)?$"
    r"|^get_?(?:query_?)?param(?:eter)?s?(?:by_?name|from_?url)?$",
    re.I,
)
COOKIE_HELPERS = re.compile(
    r"(?:^|\.)(?:get|read|fetch)_?cookie(?:_?(?:value|by_?name))?$"
    r"|(?:^|\.)(?:cookies?|cookie_?store|cookies\(\)|vue_?cookies|\$cookies)\.(?:get|getJSON|getItem)$"
    r"|^(?:\$|jQuery)\.cookie$",
    re.I,
)
STORES = re.compile(r"(?:storage|localforage|lscache|\bstore)\.(?:getItem|get)$", re.I)
STORE_HOOKS = re.compile(r"(?:^|\.)use(?:Local|Session)?Storage\w*$")
REQUESTS = re.compile(
    r"(?:^|\.)(?:\$?o?fetch|apiFetch|axios|ky|got|ajax|getJSON|useFetch|useLazyFetch|useAsyncData"
    r"|useSWR\w*|useQuery|useSuspenseQuery)$"
    r"|(?:^|\.)(?:axios|http|\$http|httpClient|api|apiClient|client|ky|\$|jQuery|superagent|request)"
    r"\.(?:get|post|put|patch|request)$"
)
SEARCH = "location.search"
TAKEN = re.compile(r"([A-Za-z_][\w-]{0,60})\\?=\(")
# How templates ask for the id that a field has on the page.
OF_A_FIELD = re.compile(r"\.(?:ClientID|UniqueID|ClientId|auto_id|id_for_label|html_name)$")
FORM_HOOKS = re.compile(r"(?:^|\.)use(?:Formik|Form|FormContext|VeeForm)(?:Context)?$")
FORM_MAKERS = re.compile(r"(?:^|\.)(?:fb|formBuilder|_?formBuilder|_fb)\.(?:nonNullable\.)?group$")
SELECTS = frozenset(
    {"querySelector", "querySelectorAll", "find", "closest", "$", "jQuery", "children"}
)
CALLED = frozenset({"identifier", "call_expression", "parenthesized_expression"})  # n(692)("#a")
MOVES = frozenset(  # jQuery's and the page's own ways from one element to the next
    {"first", "last", "eq", "parent", "parents", "next", "prev", "siblings", "filter", "not"}
)


def from_call(folder: Folder, node: Node, scope: Scope) -> Origin | None:
    is_new = node.type == "new_expression"
    callee = node.child_by_field_name("constructor" if is_new else "function")
    arguments = node.child_by_field_name("arguments")
    if callee is None:
        return None
    items = items_of(arguments) if arguments is not None and arguments.type == "arguments" else []
    first = folder.value(items[0], scope) if items else None
    text = folder.tail_of(callee)
    if is_new:
        return _made(text, first)
    if callee.type == "member_expression":
        holder = callee.child_by_field_name("object")
        method = folder.key_of(callee, scope) or ""
        inner = folder.value(holder, scope) if holder is not None else None
        if (taken := _taken_out(folder, holder, method, items, inner, first)) is not None:
            return taken
        known = next((each for each in map(single, options(inner)) if each is not None), None)
        if known is not None and (found := _from_method(known, method, items, first)) is not None:
            return found
        if method in ("getElementById", "getElementsByName", "getElementsByClassName", *SELECTS):
            return _selected(None, method, first)
    elif text in SELECTS or (
        callee.type in CALLED and items and folder.name_of(callee, scope) in NAMES
    ):
        return _selected(None, text, first)
    elif callee.type == "identifier" and scope.owner(text) is not None:
        known = single(folder.value(callee, scope))
        if known is not None and known.kind is OriginKind.FORM:  # getValues("email") of a form
            return _from_method(known, "get", items, first)
    return _by_name(folder, folder.name_of(callee, scope) or text, text, items, first, scope)


def _taken_out(
    folder: Folder, holder: Node | None, method: str, items: list[Node], inner: Value, first: Value
) -> Origin | None:
    """What an expression takes out of the cookies or the address: `cookie.match(/mrn=([^;]+)/)`."""
    match method:
        case "match" if items:
            expression, read = items[0], single(inner)
        case "exec" if holder is not None:
            expression, read = holder, single(first)
        case _:
            return None
    if expression.type != "regex" or read is None or (read.name and read.name != SEARCH):
        return None
    named = TAKEN.search(folder.text_of(expression))
    if named is None:
        return None
    if read.kind in (OriginKind.ADDRESS, OriginKind.QUERY):
        return Origin(OriginKind.QUERY, named[1])
    return Origin(OriginKind.COOKIE, named[1]) if read.kind is OriginKind.COOKIE else None


def _made(name: str, first: Value) -> Origin | None:
    """What `new` makes of what is read: the data of a form, the address in parts."""
    origin = single(first) if first is not None else None
    if name == "FormData":
        form = origin.name if origin is not None and GIVEN not in origin.name else ""
        return Origin(OriginKind.FORM, form) if first is not None else None
    if name == "URLSearchParams":
        if origin is not None and origin.kind in (OriginKind.ADDRESS, OriginKind.QUERY):
            return Origin(OriginKind.QUERY)
        return origin
    if name == "FormGroup":
        return Origin(OriginKind.FORM)
    found = tuple(dict.fromkeys(each.origin for each in holes(first)))
    return found[0] if len(found) == 1 and found[0].kind is not OriginKind.UNKNOWN else None


def _from_method(origin: Origin, method: str, items: list[Node], first: Value) -> Origin | None:
    """What a method of something that is read gives: `form.get("email")`, `answer.json()`."""
    name = first if isinstance(first, str) else ""
    match origin.kind:
        case OriginKind.ELEMENT:
            return _from_element(origin, method, items, first)
        case OriginKind.FORM:
            if method in ("get", "getAll", "namedItem", "field") or (
                method in ("getValues", "watch") and name
            ):
                return field_of(origin.name, name) if name else origin
            return origin
        case OriginKind.QUERY | OriginKind.ADDRESS if method == "pipe":
            return origin
        case OriginKind.ADDRESS if method == "get" and origin.name == PATH and name:
            return Origin(OriginKind.ADDRESS, f"{PATH} {name}")  # Angular's paramMap
        case OriginKind.QUERY | OriginKind.ADDRESS if method in ("get", "getAll"):
            return Origin(OriginKind.QUERY, name)
        case OriginKind.RESPONSE if method in (
            "json",
            "text",
            "blob",
            "formData",
            "clone",
            "read",
            "pipe",
        ):
            return origin
        case OriginKind.COOKIE | OriginKind.STORAGE if (
            method in ("get", "getItem") and not origin.name
        ):
            return Origin(origin.kind, name)
    return None


def _from_element(origin: Origin, method: str, items: list[Node], first: Value) -> Origin | None:
    name = first if isinstance(first, str) else ""
    if method == "val" and not items:
        return Origin(OriginKind.FIELD, origin.name)
    if method == "prop" and name in TYPED:
        return Origin(OriginKind.FIELD, origin.name)
    if method in ("serialize", "serializeArray", "serializeObject", "serializeJSON"):
        return Origin(OriginKind.FORM, origin.name)
    if method in ("attr", "getAttribute", "data", "prop") and name:
        name = f"data-{name}" if method == "data" else name
        return Origin(OriginKind.ELEMENT, f"{origin.name}[{name}]")
    if method in ("namedItem",) and name:
        return Origin(OriginKind.ELEMENT, f"{origin.name} [name={name}]")
    if method in SELECTS:
        return _selected(origin, method, first)
    if method in MOVES or method in ("text", "html", "get", "item", "toArray", "each", "trim"):
        return origin
    return None


def _selected(holder: Origin | None, method: str, first: Value) -> Origin:
    """The element that a selector means, below that in which it is looked for."""
    inner = single(first)
    if inner is not None and inner.kind in (OriginKind.ELEMENT, OriginKind.FORM):
        return Origin(OriginKind.ELEMENT, inner.name, (), inner.place)  # $(this)
    name = _written(first)
    match method:
        case "getElementById":
            name = f"#{name}" if name else ""
        case "getElementsByName":
            name = f"[name={name}]" if name else ""
        case "getElementsByClassName":
            name = "." + name.replace(" ", ".") if name else ""
    within = holder.name if holder is not None and method != "closest" else ""
    if within and name and not name.startswith("#"):
        name = f"{within} {name}"
    return Origin(OriginKind.ELEMENT, name or within)


def _written(selector: Value) -> str:
    """A selector as it is written; what a template puts into it stands there by its name:
    `#<%= txtEmail.ClientID %>` is `#txtEmail`.
    """
    if isinstance(selector, Hole) and selector.origin.kind is OriginKind.TEMPLATE:
        return OF_A_FIELD.sub("", selector.origin.name)
    if isinstance(selector, Text):
        written = [_written(part) for part in selector.parts]
        return "".join(written) if all(written) else ""
    return selector if isinstance(selector, str) else ""


def _by_name(
    folder: Folder, name: str, text: str, items: list[Node], first: Value, scope: Scope
) -> Origin | None:
    """What a function reads that is known by its name."""
    said = first if isinstance(first, str) else ""
    if said and COOKIE_HELPERS.search(text):
        return Origin(OriginKind.COOKIE, said)
    if (STORES.search(text) and "torage" in text) or (said and STORES.search(text)):
        return Origin(OriginKind.STORAGE, said)
    if said and STORE_HOOKS.search(text):
        return Origin(OriginKind.STORAGE, said)
    method = text.rpartition(".")[2]
    if method == "get" and re.search(r"[pP]arams|searchParams|query", text):
        return Origin(OriginKind.QUERY, said)
    if QUERY_HELPERS.match(text):
        return Origin(OriginKind.QUERY, said)
    if QUERIES.search(text):
        return Origin(OriginKind.QUERY)
    if ROUTES.search(text):
        return Origin(OriginKind.ADDRESS, PATH)
    if LOADED.search(text):
        return Origin(OriginKind.RESPONSE, "the route's loader")
    if FORM_HOOKS.search(text) or FORM_MAKERS.search(text):
        return Origin(OriginKind.FORM)
    if items and (REQUESTS.search(text) or REQUESTS.search(name)):
        return Origin(OriginKind.RESPONSE, asked_at(first))
    return None


def asked_at(first: Value) -> str:
    """The address of a request, as its answer is called by it."""
    for each in options(first):
        if isinstance(each, Object):
            each = each.get("url") or each.get("queryKey")
        if isinstance(each, tuple) and each:
            each = each[0]
        if isinstance(each, (str, Text)):
            return shown(each)[:LONGEST_ADDRESS]
    return ""
