"""What a chunk with vendors' libraries offers to the other scripts of a build: their packages.

A bundler that puts packages into a chunk of its own exports their functions under names of one
letter. Which of them is which is told as in a bundle that holds the page, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from tree_sitter import Node

from analyzer.model import FROM, OriginKind, Source, Value, Vocabulary
from analyzer.parse.budget import Spent
from analyzer.parse.mask import Masked
from analyzer.parse.scripts import libraries
from analyzer.parse.scripts.grammar import TooSlow, dialect_of, parsed
from analyzer.parse.scripts.names import Reader, top_of
from analyzer.parse.scripts.windows import WHOLE_LIMIT
from analyzer.parse.template import Structure
from analyzer.parse.values.document import Document
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.modules import DEFAULT
from analyzer.parse.values.packaged import package_of_thing
from analyzer.parse.values.scope import Scope, root_of

EXPORTS = re.compile(rb"\bexport\b\s{0,9}\{")
NPM = "npm:"
MOST = 1_000  # names that one chunk exports


def packages_of(source: Source, vocabulary: Vocabulary) -> dict[str, Value]:
    """The exports of a script that are exports of vendors' packages, by name."""
    found: dict[str, Value] = {}
    data = source.data
    if len(data) > WHOLE_LIMIT or not EXPORTS.search(data):
        return found
    present = list(libraries.facts_of(source, vocabulary))
    if not present:
        return found
    document = Document(source, Masked(data), Structure())
    document.packaged = libraries.packaged_in(data, present, vocabulary)
    document.worded = libraries.worded_in(data, present, vocabulary)
    reader = Reader(document, 0, vocabulary)
    reader.folder.packages = vocabulary.packages
    with suppress(TooSlow, Spent):
        root = parsed(data, dialect_of(source.path))
        reader.read(root)
        top = next((top_of(context.scope) for _, context in reader.actions), Scope())
        found.update(_exported(reader.folder, root, top))
    return found


def _exported(folder: Folder, root: Node, top: Scope) -> Iterator[tuple[str, Value]]:
    for own, name in islice(_listed(folder, root), MOST):
        package = folder.name_of(own, top) or ""
        if not package.startswith(NPM):
            package = package_of_thing(folder, own, top) or ""
        if package.startswith(NPM) and "(" not in package:
            whole = root_of(package)
            export = package[len(whole) :].lstrip(".") or DEFAULT
            origin = f"{export}{FROM}{whole.removeprefix(NPM)}"
            yield name, folder.hole(own, OriginKind.IMPORT, origin)


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
