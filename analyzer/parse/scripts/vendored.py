"""What a chunk with vendors' libraries offers to the other scripts of a build: their packages.

A bundler that puts packages into a chunk of its own exports their functions under names of one
letter. Which of them is which is told as in a bundle that holds the page, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from tree_sitter import Node

from analyzer.model import FROM, NUMBER, Object, OriginKind, Value
from analyzer.parse.scripts.calls import top_of
from analyzer.parse.scripts.names import Reader
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.modules import DEFAULT
from analyzer.parse.values.packaged import package_of_thing
from analyzer.parse.values.scope import Expression, Scope, root_of
from analyzer.parse.values.worded import exported_as

WEBPACK_EXPORTS = 1  # the position of what a module offers among what webpack gives it
NPM = "npm:"
MOST = 1_000  # names that one chunk exports


@dataclass(frozen=True, slots=True)
class Packages:
    """What a chunk offers of packages: by the names of its exports, and by webpack's modules."""

    exports: dict[str, Value] = field(default_factory=dict)
    modules: dict[str, Value] = field(default_factory=dict)


def packages_in(reader: Reader, root: Node, shared: str) -> Packages:
    """The exports of a script that are exports of vendors' packages; `shared` is the name that all
    chunks of webpack's build share.
    """
    exports: dict[str, Value] = {}
    top = next((top_of(context.scope) for _, context in reader.actions), Scope())
    for own, name in islice(_listed(reader.folder, root), MOST):
        if (value := _package_as(reader.folder, Expression(own, top))) is not None:
            exports[name] = value
    listed = _of_modules(reader.folder) if shared else ()
    return Packages(exports, {f"{shared}{NUMBER}{key}": value for key, value in listed})


def _package_as(folder: Folder, what: Expression) -> Value:
    """A name or a function that is an export of a package, as if it were asked for there."""
    node, scope = what.node, what.scope
    package = exported_as(folder, node, scope) or folder.name_of(node, scope) or ""
    if not package.startswith(NPM):
        package = package_of_thing(folder, node, scope) or ""
    if not package.startswith(NPM) or "(" in package:
        return None
    whole = root_of(package)
    export = package[len(whole) :].lstrip(".") or DEFAULT
    return folder.hole(node, OriginKind.IMPORT, f"{export}{FROM}{whole.removeprefix(NPM)}")


def _of_modules(folder: Folder) -> Iterator[tuple[str, Object]]:
    """What webpack's modules offer of packages: `t.d(e, {a: () => Xe})`, each by its number."""
    offered: dict[int, list[tuple[str, Expression]]] = {}
    for (function, position, key), found in folder.modules.offers.items():
        if position == WEBPACK_EXPORTS:
            offered.setdefault(function, []).extend((key, each) for each in found[:1])
    for key, module in folder.modules.by_key.items():
        listed = offered.get(module.function.id, ())
        if key.isalnum() and module.exports == WEBPACK_EXPORTS:
            values = ((name, _package_as(folder, each)) for name, each in listed[:MOST])
            items = tuple((name, value) for name, value in values if value is not None)
            if items:
                yield key, Object(items)


def _listed(folder: Folder, root: Node) -> Iterator[tuple[Node, str]]:
    """The script's own names that it exports in lists, and under which names."""
    for statement in root.named_children:
        if statement.type != "export_statement" or statement.child_by_field_name("source"):
            continue
        for clause in statement.named_children:
            for each in clause.named_children if clause.type == "export_clause" else ():
                own, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
                if own is not None:
                    yield own, folder.text_of(own if alias is None else alias).strip("'\"")
