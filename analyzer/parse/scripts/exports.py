"""What the statements of a script export: each name with its value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from analyzer.model import FROM, Hole, Object, OriginKind, Value
from analyzer.parse.scripts.names import Context
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.modules import DEFAULT, EVERYTHING
from analyzer.parse.values.scope import Scope

MOST = 1_000  # names that one file exports
COMMON = ("module.exports", "exports")


def exports_of(
    folder: Folder, root: Node, top: Scope, actions: Sequence[tuple[Node, Context]]
) -> tuple[dict[str, Value], list[str]]:
    """The exports by name, and the modules whose exports are all handed on."""
    found: dict[str, Value] = {}
    every: list[str] = []
    for statement in root.named_children:
        if statement.type == "export_statement" and len(found) < MOST:
            if module := _handed_on_whole(folder, statement):
                every.append(module)
            for name, value in _exported(folder, statement, top):
                found[name] = folder.document.brief(value)
    for node, context in actions:
        if node.type == "assignment_expression" and len(found) < MOST:
            for name, value in _assigned(folder, node, context.scope):
                found[name] = folder.document.brief(value)
    return found, every


def _exported(folder: Folder, statement: Node, top: Scope) -> Iterator[tuple[str, Value]]:
    source = statement.child_by_field_name("source")
    module = folder.text_of(source).strip("'\"`") if source is not None else ""
    is_default = any(child.type == DEFAULT for child in statement.children[:3])
    value = statement.child_by_field_name("value")
    declared = statement.child_by_field_name("declaration")
    if value is not None or (is_default and declared is not None):
        node = value or declared
        if node is not None:
            yield DEFAULT, folder.value(node, top)
        return
    if declared is not None:
        for name in _declared(declared):
            if name.type == "identifier" or name.type == "type_identifier":
                yield folder.text_of(name), _value_of(folder, declared, name, top)
        return
    for clause in statement.named_children:
        if clause.type == "export_clause":
            for child in clause.named_children:
                own, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
                if own is None:
                    continue
                text = folder.text_of(own).strip("'\"")
                exported = folder.text_of(alias).strip("'\"") if alias is not None else text
                if module:
                    origin = f"{text}{FROM}{module}"
                    yield exported, folder.hole(own, OriginKind.IMPORT, origin)
                else:
                    yield exported, folder.value(own, top)
        elif clause.type == "namespace_export" and module:
            name = clause.named_children[-1]
            origin = f"{EVERYTHING}{FROM}{module}"
            yield folder.text_of(name), folder.hole(clause, OriginKind.IMPORT, origin)
        elif clause.type == "identifier" and not module:  # export = analytics
            yield DEFAULT, folder.value(clause, top)


def _handed_on_whole(folder: Folder, statement: Node) -> str:
    source = statement.child_by_field_name("source")
    if source is None or any(
        each.type in ("export_clause", "namespace_export") for each in statement.named_children
    ):
        return ""
    return folder.text_of(source).strip("'\"`")


def _declared(node: Node) -> Iterator[Node]:
    name = node.child_by_field_name("name")
    if name is not None:
        yield name
    for child in node.named_children:
        if child.type == "variable_declarator":
            named = child.child_by_field_name("name")
            if named is not None:
                yield named


def _value_of(folder: Folder, declared: Node, name: Node, top: Scope) -> Value:
    """The value behind a declared name; a class or an enumeration is its own declaration."""
    if declared.type in ("lexical_declaration", "variable_declaration"):
        return folder.value(name, top)
    return folder.value(declared, top)


def _assigned(folder: Folder, node: Node, scope: Scope) -> Iterator[tuple[str, Value]]:
    """What `module.exports = ...` and `exports.track = ...` export."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or left.type != "member_expression":
        return
    text = folder.head_of(left)
    holder, _, key = text.rpartition(".")
    if text == COMMON[0]:
        around = node.parent
        if around is not None and around.type == "variable_declarator":  # var api = module.exports
            right = around.child_by_field_name("name") or right
        value = folder.value(right, scope)
        yield DEFAULT, value
        yield from value.items if isinstance(value, Object) else ()
        if isinstance(value, Hole) and value.origin.kind is OriginKind.IMPORT:
            yield EVERYTHING, value
    elif holder in COMMON and key.isidentifier():
        yield key, folder.value(right, scope)
