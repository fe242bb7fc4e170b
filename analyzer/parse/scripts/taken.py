"""What a script takes from other files and packages by its import statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.parse.values.modules import DEFAULT, EVERYTHING, required_by
from analyzer.parse.values.registries import package_at
from analyzer.parse.values.scope import Imported, Scope

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder


def note_import(folder: Folder, node: Node, scope: Scope) -> None:
    """Declare the names that a statement imports."""
    required = required_by(node)
    source = required[1] if required else node.child_by_field_name("source")
    if source is None:
        return
    package = folder.text_of(source).strip("'\"`")
    package = package_at(package) or package
    everything = Imported(f"npm:{package}", package, EVERYTHING)
    if required:
        scope.declare(folder.text_of(required[0]), everything)
    for clause in node.named_children:
        for child in clause.named_children if clause.type == "import_clause" else ():
            match child.type:
                case "identifier":
                    meaning = Imported(f"npm:{package}", package, DEFAULT)
                    scope.declare(folder.text_of(child), meaning)
                case "namespace_import":
                    scope.declare(folder.text_of(child.named_children[-1]), everything)
                case "named_imports":
                    _note_named(folder, child, package, scope)


def _note_named(folder: Folder, node: Node, package: str, scope: Scope) -> None:
    for child in node.named_children:
        name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
        if name is None:
            continue
        exported = folder.text_of(name).strip("'\"")
        whole = f"npm:{package}" if exported == DEFAULT else f"npm:{package}.{exported}"
        scope.declare(folder.text_of(alias or name), Imported(whole, package, exported))
