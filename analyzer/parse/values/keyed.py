"""What is written once for each key of an object: `for (k in p) query += "&" + k + "=" + p[k]`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import Hole, Object, OriginKind, Value, holes, options
from analyzer.parse.values.scope import FUNCTIONS, Scope, items_of, unwrapped
from analyzer.parse.values.things import callee_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

Pieces = list[str | Hole]
FARTHEST = 12  # nodes between what is written and the loop around it
MOST_KEYS = 40
LONGEST = 1_000  # bytes of a text that is written for each key
ITEMS = frozenset({"forEach", "map", "flatMap"})
LISTED = {"Object.keys": 0, "Object.entries": 1}
EACH = re.compile(r"^(?:\$|jQuery|_|lodash|angular|underscore)\.(?:each|forEach|forIn|forOwn|map)$")
HASH = re.compile(r"hash|sha_?\d|md5|digest", re.I)
VALUE_FIRST = ("_", "lodash", "angular", "underscore")
SPREAD = "..."


@dataclass(frozen=True, slots=True)
class Keyed:
    """An object that is gone through, and the names under which each key and value is known."""

    whole: Object
    key: str
    value: str = ""


def gone_through(folder: Folder, node: Node, scope: Scope) -> Keyed | None:
    """The object through whose keys the loop around a node goes; None where there is none."""
    around = node.parent
    for _ in range(FARTHEST):
        if around is None:
            return None
        if around.type == "for_in_statement":
            return _by_loop(folder, around, scope)
        if around.type in FUNCTIONS:
            return _by_function(folder, around, scope)
        around = around.parent
    return None


def texts_for_each(folder: Folder, node: Node, scope: Scope) -> list[Pieces] | None:
    """What a text with a key and its value is for each key of the object that is gone through."""
    if node.type not in ("binary_expression", "template_string"):
        return None
    if "=" not in folder.head_of(node, LONGEST):
        return None
    keyed = gone_through(folder, node, scope)
    return texts_of(folder, node, keyed) if keyed is not None else None


def texts_of(folder: Folder, node: Node, keyed: Keyed) -> list[Pieces] | None:
    """The same, where it is known what is gone through."""
    before, behind, said = _frame(folder, node, keyed.key)
    if behind is None:
        return None
    found: list[Pieces] = []
    for name, value in keyed.whole.items:
        if name == SPREAD:
            found.extend([[value]] if isinstance(value, Hole) else [])
        else:
            given = _made_of(folder, said, value)
            found.append([f"{before}{name}{behind}=", *folder.pieces_of(given, node)])
    return found


def as_query(before: Pieces, found: list[Pieces]) -> Pieces:
    """The texts behind what stands before them, as the parts of a query."""
    said = "".join(each for each in before if isinstance(each, str))
    pieces = list(before)
    for each in found:
        if said and not said.endswith(("?", "&")):
            pieces.append("&")
        pieces.extend(each)
        said = "…"
    return pieces


def pairs_for_each(
    folder: Folder, key: Node, said: Node, scope: Scope
) -> Sequence[tuple[str, Value]]:
    """What is set for each key of the object that is gone through: `query.set(key, all[key])`."""
    keyed = gone_through(folder, key, scope) if key.type == "identifier" else None
    if keyed is None or folder.text_of(key) != keyed.key:
        return ()
    return [
        (name, _made_of(folder, said, value)) for name, value in keyed.whole.items if name != SPREAD
    ]


def _made_of(folder: Folder, said: Node | None, value: Value) -> Value:
    """The value of one key as it is written: a hash of it stays one."""
    callee, items = callee_of(said) if said is not None else (None, [])
    if said is None or callee is None or not items or not HASH.search(folder.tail_of(callee)):
        return value
    of = tuple(dict.fromkeys(each.origin for each in holes(value)))
    name = folder.tail_of(callee)
    return folder.hole(said, OriginKind.HASH, name, of) if of else value


# ---------------------------------------------------------------- what is gone through


def _by_loop(folder: Folder, loop: Node, scope: Scope) -> Keyed | None:
    """`for (key in all)`, `for (const [key, value] of Object.entries(all))`."""
    left, right, sign = (loop.child_by_field_name(each) for each in ("left", "right", "operator"))
    if left is None or right is None or sign is None:
        return None
    if sign.type == "in":
        return _keyed(folder, right, scope, [left]) if left.type == "identifier" else None
    listed = _listed(folder, right)
    return _keyed(folder, listed[0], scope, _names(left, listed[1])) if listed else None


def _by_function(folder: Folder, function: Node, scope: Scope) -> Keyed | None:
    """`Object.entries(all).forEach(([key, value]) => ...)`, `$.each(all, function (key, value)`."""
    call = function.parent.parent if function.parent is not None else None
    if call is None or call.type != "call_expression":
        return None
    callee, items = callee_of(call)
    if callee is None or callee.type != "member_expression" or function not in items:
        return None
    parameters = function.child_by_field_name("parameters")
    names = items_of(parameters) if parameters is not None else []
    alone = function.child_by_field_name("parameter")
    names = [alone] if alone is not None else names
    text = folder.tail_of(callee, 40)
    if EACH.match(text) and len(items) == 2 and len(names) > 1:
        pair = names[1::-1] if text.startswith(VALUE_FIRST) else names[:2]
        return _keyed(folder, items[0], scope, pair)
    holder = callee.child_by_field_name("object")
    listed = _listed(folder, holder) if holder is not None else None
    if listed is None or not names:
        return None
    method = text.rpartition(".")[2]
    if method == "reduce" and len(names) > 1:
        return _keyed(folder, listed[0], scope, _names(names[1], listed[1]))
    named = _names(names[0], listed[1]) if method in ITEMS else []
    return _keyed(folder, listed[0], scope, named)


def _listed(folder: Folder, node: Node) -> tuple[Node, int] | None:
    """The object of `Object.keys(all)`, and whether its values are listed too."""
    node = unwrapped(node)
    callee, items = callee_of(node) if node.type == "call_expression" else (None, [])
    if callee is None:
        return None
    text = folder.tail_of(callee, 20)
    if text in LISTED and len(items) == 1:
        return items[0], LISTED[text]
    holder = callee.child_by_field_name("object")  # Object.keys(all).filter(...), .sort()
    if text.endswith((".filter", ".sort")) and holder is not None:
        return _listed(folder, holder)
    return None


def _names(node: Node, with_values: int) -> list[Node]:
    if node.type in ("required_parameter", "optional_parameter"):
        node = node.child_by_field_name("pattern") or node
    if not with_values:
        return [node]
    return items_of(node) if node.type == "array_pattern" else []


def _keyed(folder: Folder, all_of_it: Node, scope: Scope, names: list[Node]) -> Keyed | None:
    words = [folder.text_of(each) for each in names if each.type == "identifier"]
    if not words or len(words) < len(names):
        return None
    for each in options(folder.value(all_of_it, scope)):
        if isinstance(each, Object) and 0 < len(each.items) <= MOST_KEYS and _is_known(each):
            return Keyed(each, words[0], words[1] if len(words) > 1 else "")
    return None


def _is_known(whole: Object) -> bool:
    return all(key and not key.startswith("[") for key, _ in whole.items)


# ---------------------------------------------------------------- how each is written


def _frame(folder: Folder, node: Node, key: str) -> tuple[str, str | None, Node | None]:
    """What stands between a key and the sign before it, and between it and its `=`, and what is
    written behind that.
    """
    before, behind, seen = "", "", False
    leaves = _leaves(folder, node)
    named = re.compile(rf"(?<![\w$.]){re.escape(key)}(?![\w$])")
    for number, leaf in enumerate(leaves):
        if isinstance(leaf, str) and seen:
            behind += leaf
            if "=" in behind:
                said = next((each for each in leaves[number:] if not isinstance(each, str)), None)
                return before, behind.partition("=")[0], said
        elif isinstance(leaf, str):
            before = re.split("[?&]", before + leaf)[-1]
        elif seen:
            return "", None, None
        elif named.search(folder.head_of(leaf)):
            seen = True
        else:
            before = ""
    return "", None, None


def _leaves(folder: Folder, node: Node) -> list[str | Node]:
    """A sum or a template as its texts and what stands between them."""
    node = unwrapped(node)
    if node.type == "binary_expression":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return [node]
        return [*_leaves(folder, left), *_leaves(folder, right)]
    if node.type == "string":
        return [folder.text_of(node)[1:-1]]
    if node.type != "template_string":
        return [node]
    found: list[str | Node] = []
    at = node.start_byte + 1
    for child in node.named_children:
        if child.type == "template_substitution":
            found.append(_between(folder, at, child.start_byte))
            found.extend(child.named_children[:1])
            at = child.end_byte
    return [*found, _between(folder, at, node.end_byte - 1)]


def _between(folder: Folder, start: int, end: int) -> str:
    return folder.data[folder.base + start : folder.base + end].decode("utf-8", "replace")
