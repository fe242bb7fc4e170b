"""What is done to a value after it is made: properties set, items pushed, fields appended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Hole, Object, Origin, OriginKind, Text, Value, holes, options
from analyzer.parse.values.addresses import PARTS, with_part
from analyzer.parse.values.document import choice, joined, pieces
from analyzer.parse.values.keyed import pairs_for_each, texts_for_each
from analyzer.parse.values.scope import FUNCTIONS, Expression, Scope, items_of, unwrapped
from analyzer.parse.values.states import set_to, unused

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

Key = tuple[int, str]  # whose name it is, and the name; of `this` with the property
MOST = 20_000  # changes of one script of ordinary size that are remembered
MOST_OF_ONE = 40  # of one name
DEEPEST = 4  # properties behind one another
LEFT_OUT = frozenset({"prototype", "exports", "style", "classList", "onload", "src", "href"})
APPENDS = frozenset({"append", "set"})
ADDS = frozenset({"push", "unshift"})
SAID_BY_NAME = (".name", ".id", ".key")  # ends what names the fields of a form one after the other
CHANGERS = APPENDS | ADDS | {"assign", "extend", "setState", "patchValue"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is done: set, append, push or spread, below a path of properties."""

    how: str
    path: tuple[str, ...]
    value: Expression
    key: Node | None = None


def note_changes(folder: Folder, actions: Iterable[tuple[Node, Scope]]) -> None:
    """Note what a script does to its own objects, lists and texts, once all names are known."""
    left = folder.most(MOST)
    for node, scope in actions:
        if not left:
            return
        match node.type:
            case "assignment_expression":
                found = _assigned(folder, node, scope)
            case "call_expression":
                found = _called(folder, node, scope)
            case _:
                continue
        for key, change in found:
            known = folder.changes.setdefault(key, [])
            if len(known) < MOST_OF_ONE:
                known.append(change)
                left -= 1


Found = Iterator[tuple[Key, Change]]


def _assigned(folder: Folder, node: Node, scope: Scope) -> Found:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or unwrapped(right).type in FUNCTIONS:
        return
    if left.type not in ("member_expression", "subscript_expression"):
        return
    holder, last = left.child_by_field_name("object"), left.child_by_field_name("property")
    index = left.child_by_field_name("index")
    base = _base(folder, holder, scope) if holder is not None else None
    if base is None or (last is not None and folder.text_of(last) in LEFT_OUT):
        return
    key, path = base
    yield key, Change("set", path, Expression(right, scope), last if last is not None else index)


def _called(folder: Folder, node: Node, scope: Scope) -> Found:
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee is None or arguments is None or callee.type != "member_expression":
        return
    method, holder = callee.child_by_field_name("property"), callee.child_by_field_name("object")
    name = folder.text_of(method) if method is not None else ""
    if name not in CHANGERS or holder is None:
        return
    items = items_of(arguments)
    if name == "setState" and holder.type == "this" and items:
        thing = scope.around().this
        if thing is not None:
            yield (thing.id, "this.state"), Change("spread", (), Expression(items[0], scope))
        return
    if name in ("assign", "extend"):
        base = _base(folder, items[0], scope) if items else None
        if base is not None:
            for each in items[1:]:
                yield base[0], Change("spread", base[1], Expression(each, scope))
        return
    base = _base(folder, holder, scope)
    if base is None:
        return
    if name in APPENDS and len(items) > 1:
        yield base[0], Change("append", base[1], Expression(items[1], scope), items[0])
    elif name in ADDS:
        for each in items:
            yield base[0], Change("push", base[1], Expression(each, scope))


def _base(folder: Folder, node: Node, scope: Scope) -> tuple[Key, tuple[str, ...]] | None:
    """The name at the beginning of a chain of properties, and the chain."""
    path: list[str] = []
    node = unwrapped(node)
    if node.type == "assignment_expression":  # (n = {})[name] = value
        node = node.child_by_field_name("left") or node
    while node.type == "member_expression" and len(path) < DEEPEST:
        last, holder = node.child_by_field_name("property"), node.child_by_field_name("object")
        if last is None or holder is None:
            return None
        path.append(folder.text_of(last))
        node = unwrapped(holder)
    path.reverse()
    if LEFT_OUT.intersection(path):
        return None
    if node.type == "this" and path:
        thing = scope.around().this
        return ((thing.id, f"this.{path[0]}"), tuple(path[1:])) if thing is not None else None
    if node.type != "identifier":
        return None
    name = folder.text_of(node)
    owner = scope.owner(name)
    return ((id(owner), name), tuple(path)) if owner is not None else None


# ---------------------------------------------------------------- a value with its changes


def changed(folder: Folder, key: Key, value: Value) -> Value:
    """A value with all that the script does to it; nothing is said about the order."""
    changes = folder.changes.get(key)
    guard = (key[0], f"changes of {key[1]}")
    if not changes:
        return value
    if guard in folder.following:
        folder.reach = min(folder.reach, folder.following[guard])
        return value
    folder.following[guard] = folder.depth
    try:
        for change in changes:
            value = choice(_with(folder, each, change) for each in (options(value) or (value,)))
    finally:
        del folder.following[guard]
    return value


def _with(folder: Folder, value: Value, change: Change) -> Value:
    match value:
        case Object():
            return _put(folder, value, change, change.path)
        case tuple() if change.how == "push" and not change.path:
            if texts := texts_for_each(folder, change.value.node, change.value.scope):
                return (*value, *(joined(each) for each in texts))
            return (*value, folder.value(change.value.node, change.value.scope))
        case Hole(origin=origin) if change.how in ("set", "append", "spread") and (
            origin.kind in (OriginKind.FORM, OriginKind.RESPONSE, OriginKind.STORAGE)
        ):
            return _put(folder, Object((("...", value),)), change, change.path)
        case str() | Text() | Hole():
            return _longer(folder, value, change)
    return value


def _put(folder: Folder, whole: Object, change: Change, path: tuple[str, ...]) -> Value:
    if path:
        inner = whole.get(path[0])
        inside = inner if isinstance(inner, Object) else Object(())
        if isinstance(inner, tuple) and change.how == "push":
            more = (*inner, folder.value(change.value.node, change.value.scope))
            return _replaced(whole, path[0], more)
        return _replaced(whole, path[0], _put(folder, inside, change, path[1:]))
    if change.how == "spread":
        given = set_to(folder, change.value.node, change.value.scope)
        for each in options(given):
            if isinstance(each, Object):
                for name, inner in each.items:
                    whole = _replaced(whole, name, inner)
            elif isinstance(each, Hole) and each.origin.kind is not OriginKind.UNKNOWN:
                whole = Object((*whole.items, ("...", each)))
        return whole
    if change.key is None or change.how not in ("set", "append"):
        return whole
    if pairs := pairs_for_each(folder, change.key, change.value.node, change.value.scope):
        for name, inner in pairs:
            whole = _replaced(whole, name, inner)
        return whole
    value = folder.value(change.value.node, change.value.scope)
    said = _name_of(folder, change)
    if said is not None:
        return _replaced(whole, said, value)
    form = form_of(folder.source(change.key, 100), value)
    return Object(
        (
            *whole.items,
            ("...", form) if form is not None else (f"[{folder.source(change.key, 60)}]", value),
        )
    )


def _name_of(folder: Folder, change: Change) -> str | None:
    key = change.key
    if key is not None and key.type == "property_identifier":
        return folder.text_of(key)
    said = folder.value(key, change.value.scope) if key is not None else None
    return str(said) if isinstance(said, (str, int)) and not isinstance(said, bool) else None


def _replaced(whole: Object, name: str, value: Value) -> Object:
    """The object with a property; what it was before may still be what it is."""
    before = whole.get(name)
    if before is not None and not unused(before) and before != value:
        value = choice((before, value)) if not isinstance(before, Object) else value
    items = [(key, value if key == name else inner) for key, inner in whole.items]
    return Object(
        tuple(items) if before is not None or name in dict(items) else (*items, (name, value))
    )


def _longer(folder: Folder, value: Value, change: Change) -> Value:
    """A query, or the address before it, that is appended to; an address with another part."""
    if change.how == "set" and not change.path and change.key is not None:
        return _with_part(folder, value, change)
    if change.how != "append" or change.key is None or change.path not in ((), ("searchParams",)):
        return value
    if isinstance(value, Hole):
        return value
    pairs = pairs_for_each(folder, change.key, change.value.node, change.value.scope)
    key = folder.value(change.key, change.value.scope) if not pairs else None
    if isinstance(key, str):
        pairs = [(key, folder.value(change.value.node, change.value.scope))]
    for name, more in pairs:
        before = pieces(value)
        known = "".join(each for each in before if isinstance(each, str))
        sign = "" if not known else "&" if "?" in known or not change.path else "?"
        value = joined([*before, f"{sign}{name}=", *folder.pieces_of(more, change.value.node)])
    return value


def _with_part(folder: Folder, value: Value, change: Change) -> Value:
    """An address whose host, path or query is set."""
    part = folder.text_of(change.key) if change.key is not None else ""
    if part not in PARTS or isinstance(value, Hole):
        return value
    found = [
        with_part(value, part, each)
        for each in options(folder.value(change.value.node, change.value.scope))
    ]
    return choice(each for each in found if each is not None) or value


def form_of(key: str, value: Value) -> Hole | None:
    """All of a form, where each of its fields is put under its own name."""
    for hole in holes(value):
        if hole.origin.kind is OriginKind.FORM:
            return hole
        by_name = key.endswith(SAID_BY_NAME) or f".{key}" in SAID_BY_NAME
        if hole.origin.kind is OriginKind.FIELD and by_name:
            name = hole.origin.name.rpartition(" ")
            form = name[0] if name[2].startswith(("input", "[", "select", "textarea", ":")) else ""
            return Hole(hole.text, Origin(OriginKind.FORM, form, (), hole.origin.place))
    return None
