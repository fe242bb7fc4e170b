"""What markup ties to names of the script: `v-model`, `bind:value`, `[(ngModel)]`.

A field of a form and a variable are one there: whatever is typed is what the variable holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Hole, Object, Origin, OriginKind, Source, Value
from analyzer.parse.values.scope import Expression, Scope, unwrapped

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

TIED = re.compile(
    rb"<(?P<tag>[A-Za-z][\w.-]{0,60})(?P<before>[^<>]{0,1500}?)"
    rb"\s(?:v-model(?:[.:][\w.]+)?|bind:(?:value|checked|group)|\[\(ngModel\)\])\s*=\s*"
    rb"[\"'{]\s*(?P<name>[\w.$]{1,100})\s*[\"'}](?P<after>[^<>]{0,1500})"
)
IN_PUG = re.compile(
    rb"^[ \t]*(?P<tag>[\w.#-]{1,60})\((?P<before>[^()]{0,1500}?)\bv-model(?:[.:][\w.]+)?\s*=\s*"
    rb"[\"'`]\s*(?P<name>[\w.$]{1,100})\s*[\"'`](?P<after>[^()]{0,1500})\)",
    re.M,
)
WORDS = (b"v-model", b"bind:", b"[(ngModel)]")
ATTRIBUTE = re.compile(
    rb"""(?<![\w:-])(id|name|type|placeholder|aria-label|label)\s*=\s*["']([^"'{}]{1,100})["']"""
)
TELLING_TYPES = frozenset({"email", "tel", "date", "password", "search"})
MOST = 200  # fields of one file
DEEPEST = 5
AROUND = frozenset({"value", "$data"})  # what frameworks put around a variable


def models_of(source: Source) -> dict[str, Hole]:
    """The fields that the markup of a component ties to variables, by the variables' names."""
    data = source.data
    found: dict[str, Hole] = {}
    if not any(word in data for word in WORDS):
        return found
    for tied in (*TIED.finditer(data), *(IN_PUG.finditer(data) if b"pug" in data else ())):
        if len(found) >= MOST:
            break
        text = tied["name"].decode()
        name = text.removeprefix("this.")
        given = {
            key.decode(): said.decode("utf-8", "replace")
            for key, said in ATTRIBUTE.findall(tied["before"] + b" " + tied["after"])
        }
        if b"#" in tied["tag"]:  # input#email
            given.setdefault("id", tied["tag"].partition(b"#")[2].partition(b".")[0].decode())
        place = source.place(tied.start(), tied.end("name"))
        origin = Origin(OriginKind.FIELD, _called(given, name), (), place)
        found.setdefault(_bare(name), Hole(text, origin))
    return found


def _called(given: dict[str, str], name: str) -> str:
    """The field as a selector would name it, else as its variable is called."""
    if "id" in given:
        return f"#{given['id']}"
    if "name" in given:
        return f"[name={given['name']}]"
    if given.get("type") in TELLING_TYPES:
        return f"[type={given['type']}]"
    for key in ("placeholder", "aria-label", "label"):
        if key in given:
            return f"'{given[key]}'"
    return f"[name={name.rpartition('.')[2]}]"


def _bare(name: str) -> str:
    return ".".join(part for part in name.split(".") if part not in AROUND)


def tied_to(folder: Folder, node: Node, scope: Scope, value: Value) -> Value:
    """The value of a name that a field is tied to; of an object whose properties are, with them."""
    models = folder.document.models
    name = _path(folder, node, scope) if models else None
    if not name:
        return value
    if name in models:
        return models[name]
    inner = {
        key[len(name) + 1 :]: hole for key, hole in models.items() if key.startswith(f"{name}.")
    }
    if not inner:
        return value
    items = dict(value.items) if isinstance(value, Object) else {}
    held = items.get("value")
    if isinstance(held, Object):  # ref({...})
        return Object((("value", Object(tuple({**dict(held.items), **inner}.items()))),))
    return Object(tuple({**items, **inner}.items()))


def _path(folder: Folder, node: Node, scope: Scope) -> str | None:
    """The chain of properties as the markup writes it: without `this` and what stands for it."""
    path: list[str] = []
    node = unwrapped(node)
    while node.type == "member_expression" and len(path) < DEEPEST:
        key, holder = node.child_by_field_name("property"), node.child_by_field_name("object")
        if key is None or holder is None:
            return None
        path.append(folder.text_of(key))
        node = unwrapped(holder)
    path.reverse()
    if node.type in ("identifier", "shorthand_property_identifier"):
        name = folder.text_of(node)
        owner = scope.owner(name)
        meanings = owner.names[name] if owner is not None else []
        is_this = any(
            isinstance(each, Expression) and each.node.type == "this" for each in meanings
        )
        if owner is not None and not owner.outermost and not is_this:
            return None
        path = path if is_this else [name, *path]
    elif node.type != "this":
        return None
    return ".".join(part for part in path if part not in AROUND)
