"""Calls that keep what they are given: states of components, promises, lists, hashes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Hole, Object, Origin, OriginKind, Text, Value, holes, options
from analyzer.parse.values.document import choice, joined
from analyzer.parse.values.keyed import as_query, texts_for_each
from analyzer.parse.values.mapped import SAME_ITEMS, mapped
from analyzer.parse.values.reducers import reduced
from analyzer.parse.values.scope import FUNCTIONS, Scope, unwrapped
from analyzer.parse.values.states import referred_to, state_of, unused
from analyzer.parse.values.stores import of_store
from analyzer.parse.values.things import callee_of, function_of, returns_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

HASHES = re.compile(
    r"(?:^|[._])(?:sha_?256|sha_?1|sha_?512|md5|digest|hash\w*)$|hash(?:ed)?(?:email|phone|value)?$",
    re.I,
)
REFS = frozenset({"ref", "shallowRef", "signal", "computed", "writable"})
STATES = frozenset({"reactive", "shallowReactive", "$state", "$derived", "toRaw", "unref"})
OTHER_END = frozenset({"catch", "finally"})
SAME_LIST = frozenset(
    {
        "filter",
        "find",
        "entries",
        "values",
        "flat",
        "sort",
        "toSorted",
        "at",
        "pop",
        "shift",
        "first",
        "findLast",
        "unwrap",
        "encode",
        "get",
    }
)
OWN_COOKIE = re.compile(r"\bdocument\.cookie\b(?!\s*=[^=])")
OWN_QUERY = re.compile(r"\blocation\.search\b|\blocation\.href\b.*[?&]|\bURLSearchParams\(")
OWN_HASH = re.compile(r"\bsubtle\.digest\(|\bcreateHash\(|\bSHA256\(")
SMALL = 1_500  # bytes of a function that does one thing
MOST_RETURNS = 4


def kept(folder: Folder, node: Node, scope: Scope) -> Value:
    """What a call keeps of what it is given; nothing where it is another kind of call."""
    callee, items = callee_of(node)
    if callee is None or node.type != "call_expression":
        return None
    if folder.stores and (held := of_store(folder, node, callee, items, scope)) is not None:
        return held
    text = folder.tail_of(callee, 60)
    if text == "await" and len(items) == 1:  # `await (x)` is a call to the grammar
        return folder.value(items[0], scope)
    name = text.rpartition(".")[2]
    if callee.type == "identifier" and (known := folder.name_of(callee, scope) or "").startswith(
        "npm:react"
    ):
        name = known.rpartition(".")[2]  # an import may be called by another name
    if name == "digest" or (items and HASHES.search(text)):
        return _hashed(folder, node, callee, items, scope, text)
    if name == "useReducer" and len(items) > 1:
        first = folder.value(items[1], scope)
        made = (first, *reduced(folder, node, items[:2], scope))
        said = [each for each in made if not unused(each)]
        return (_one_state(said) if said else first, folder.hole(node))
    if name in ("useState", "useRef"):
        return _state(folder, node, name, items, scope)
    if callee.type == "identifier" and items and name in REFS | STATES | {"useMemo"}:
        return _reactive(folder, name, items[0], scope)
    if (
        callee.type == "identifier"
        and items
        and (own := _own_helper(folder, node, callee, items, scope))
    ):
        return own
    if text == "Object.assign":
        return _put_together(folder, items, scope)
    if callee.type == "member_expression":
        return _method(folder, callee, items, scope)
    return None


def _hashed(
    folder: Folder, node: Node, callee: Node, items: list[Node], scope: Scope, text: str
) -> Value:
    """A hash, which keeps the origin of what it is made of."""
    given = [*items]
    if text.endswith("digest") and callee.type == "member_expression":
        holder = callee.child_by_field_name("object")
        given = [*given, *_updates(folder, holder)] if holder is not None else given
    of = [each.origin for item in given for each in holes(folder.value(item, scope))]
    if text.endswith("digest") and not of:
        return None
    name = folder.name_of(callee, scope) or text
    return folder.hole(node, OriginKind.HASH, name, tuple(dict.fromkeys(of)))


def _updates(folder: Folder, node: Node) -> Iterator[Node]:
    """What is put into a hash before it is asked for: `createHash("sha256").update(email)`."""
    for _ in range(4):
        callee, items = callee_of(unwrapped(node))
        if callee is None or callee.type != "member_expression":
            return
        if folder.tail_of(callee, 20).endswith(".update"):
            yield from items[:1]
        holder = callee.child_by_field_name("object")
        if holder is None:
            return
        node = holder


def _state(folder: Folder, node: Node, name: str, items: list[Node], scope: Scope) -> Value:
    """The state of a component, or the element that a reference stands for."""
    first = folder.value(items[0], scope) if items else None
    if name == "useRef":
        declared = node.parent.child_by_field_name("name") if node.parent is not None else None
        if declared is None or declared.type != "identifier":
            return None
        return referred_to(folder, folder.text_of(declared), scope)
    given = state_of(folder, node, scope)
    if not isinstance(given, tuple):
        return None
    said = [each for each in (first, *given) if not unused(each)]
    return (_one_state(said) if said else first, folder.hole(node))


def _one_state(values: list[Value]) -> Value:
    """A state that is set piece by piece, as one object that holds all of the pieces."""
    every = [option for value in values for option in options(value)]
    pieces = [each for each in every if isinstance(each, Object)]
    held: dict[str, list[Value]] = {}
    wholes: list[tuple[str, Value]] = []
    for key, value in (item for each in pieces for item in each.items):
        if key == "..." or key.startswith("["):
            wholes.extend([(key, value)] if any(map(_is_known, holes(value))) else [])
        else:
            held.setdefault(key, []).append(value)
    if not pieces:
        return choice(every)
    typed = next((hole for _, value in wholes for hole in holes(value)), None)
    items: list[tuple[str, Value]] = []
    for key, given in held.items():
        said = [each for each in given if not unused(each)]
        if (
            not said
            and typed is not None
            and typed.origin.kind in (OriginKind.FORM, OriginKind.FIELD)
        ):
            field = Origin(OriginKind.FIELD, f"[name={key}]", (), typed.origin.place)
            said = [Hole(typed.text, field)]
        items.append((key, choice(said or given)))
    others = [
        each for each in every if not isinstance(each, Object) and any(map(_is_known, holes(each)))
    ]
    return choice((Object((*items, *dict.fromkeys(wholes))), *others))


def _reactive(folder: Folder, name: str, given: Node, scope: Scope) -> Value:
    made = folder.functions.get(given.id) if given.type in FUNCTIONS else None
    if made is not None and made.inner is not None:
        inner = made.inner
        value = choice(folder.value(each, inner) for each in returns_of(made))
    else:
        value = folder.value(given, scope)
    return Object((("value", value),)) if name in REFS else value


def _own_helper(folder: Folder, node: Node, callee: Node, items: list[Node], scope: Scope) -> Value:
    """A function of the script's own that reads a cookie or the query by a name, or hashes."""
    own = function_of(folder, callee, scope)
    if own is None or own.node.end_byte - own.node.start_byte > SMALL:
        return None
    body = folder.head_of(own.node, SMALL)
    if "return" not in body or not any(
        each.search(body) for each in (OWN_COOKIE, OWN_QUERY, OWN_HASH)
    ):
        return None  # most helpers: what they are given is not read for nothing
    first = folder.value(items[0], scope)
    if isinstance(first, str) and "return" in body:
        if OWN_COOKIE.search(body):
            return folder.hole(node, OriginKind.COOKIE, first)
        if OWN_QUERY.search(body):
            return folder.hole(node, OriginKind.QUERY, first)
    of = tuple(dict.fromkeys(each.origin for each in holes(first)))
    if of and OWN_HASH.search(body) and "return" in body:
        return folder.hole(node, OriginKind.HASH, folder.text_of(callee), of)
    return None


def _put_together(folder: Folder, items: list[Node], scope: Scope) -> Value:
    """What `Object.assign` makes of several objects."""
    found: list[tuple[str, Value]] = []
    for item in items[:8]:
        for option in options(folder.value(item, scope)):
            if isinstance(option, Object):
                found.extend(option.items)
            elif isinstance(option, Hole):
                found.append(("...", option))
    return Object(tuple(found)) if found else None


def _method(folder: Folder, callee: Node, items: list[Node], scope: Scope) -> Value:
    holder, method = callee.child_by_field_name("object"), folder.key_of(callee, scope)
    if holder is None or method is None:
        return None
    if method in SAME_ITEMS and isinstance(whole := folder.value(holder, scope), tuple):
        return whole[::-1] if method in ("reverse", "toReversed") else whole
    if method in OTHER_END or (
        method in SAME_LIST - {"encode", "get"} and _is_read(folder, holder, scope)
    ):
        return folder.value(holder, scope)
    if method == "encode" and items and "ncoder" in folder.tail_of(holder, 60):
        return folder.value(items[0], scope)
    if method == "reduce" and len(items) > 1 and (query := _reduced(folder, items, scope)):
        return query
    if method in ("map", "flatMap", "reduce", "then") and items:
        return _given_on(folder, holder, method, items[0], scope)
    return None


def _reduced(folder: Folder, items: list[Node], scope: Scope) -> Value:
    """The text that keys are put behind: `Object.keys(p).reduce((t, k) => ..., "")`."""
    made = folder.functions.get(unwrapped(items[0]).id)
    for each in returns_of(made)[:1] if made is not None and made.inner is not None else ():
        found = texts_for_each(folder, unwrapped(each), scope)
        if found is not None:
            return joined(as_query(folder.pieces_of(folder.value(items[1], scope), each), found))
    return None


def _given_on(folder: Folder, holder: Node, method: str, given: Node, scope: Scope) -> Value:
    """What a promise or a list is after a function that was handed to it."""
    if method == "map" and (each_one := mapped(folder, holder, given, scope)) is not None:
        return each_one
    whole = folder.value(holder, scope)
    if method == "reduce":
        return _origins_of(folder, whole, given)
    made = folder.functions.get(unwrapped(given).id) or function_of(folder, given, scope)
    if made is not None and made.inner is not None:
        inner = made.inner
        found = [folder.value(each, inner) for each in returns_of(made)[:MOST_RETURNS]]
        known = [each for each in found if any(_is_known(hole) for hole in holes(each))]
        if known:
            value = choice(known)
            return value if method == "then" else (value,)
    if isinstance(whole, tuple):
        return None
    return _origins_of(folder, whole, given)


def _origins_of(folder: Folder, value: Value, node: Node) -> Value:
    found = [each for each in holes(value) if _is_known(each)]
    return found[0] if len({each.origin for each in found}) == 1 else None


def _is_known(hole: Hole) -> bool:
    return hole.origin.kind not in (OriginKind.UNKNOWN, OriginKind.PARAMETER, OriginKind.IMPORT)


def _is_read(folder: Folder, holder: Node, scope: Scope) -> bool:
    return any(
        isinstance(each, Hole)
        and each.origin.kind
        in (OriginKind.FORM, OriginKind.RESPONSE, OriginKind.STORAGE, OriginKind.HASH)
        for each in options(folder.value(holder, scope))
    )


# ---------------------------------------------------------------- what `new` makes


def query_of(folder: Folder, value: Value, node: Node) -> Value:
    """An object as the text of a query: `new URLSearchParams({em: email})`."""
    if isinstance(value, str):
        return value.removeprefix("?")
    if isinstance(value, tuple):  # pairs
        value = of_pairs(value)
    if not isinstance(value, Object):
        return None
    parts: list[str | Hole] = []
    for key, inner in value.items:
        if key == "..." and isinstance(inner, Hole):
            parts.extend(["&" if parts else "", inner])
            continue
        parts.append(f"{'&' if parts else ''}{key}=")
        parts.extend(folder.pieces_of(inner, node))
    return joined(parts)


def of_pairs(value: Value) -> Object | None:
    """The object of a list of pairs: `[["id", "1"], ["em", email]]`."""
    if not isinstance(value, tuple) or not value:
        return None
    pairs: list[tuple[str, Value]] = []
    for each in value:
        if not isinstance(each, tuple) or len(each) != 2 or not isinstance(each[0], str):
            return None
        pairs.append((each[0], each[1]))
    return Object(tuple(pairs))


def of_parts(folder: Folder, node: Node, items: list[Node], scope: Scope) -> Value:
    """What is made of its parts, such as `new Blob([text])` and `new Uint8Array(bytes)`."""
    value = folder.value(items[0], scope) if items else None
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, (Hole, Text, Object)) else None
