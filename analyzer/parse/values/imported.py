"""Names that another file or the environment explains: they stay holes that say where to look."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tree_sitter import Node

from analyzer.model import FROM, GIVEN, IN, NUXT, SPREAD, Hole, Origin, OriginKind, Value
from analyzer.model.parts import PATH
from analyzer.parse.values.modules import EVERYTHING
from analyzer.parse.values.scope import Imported, Scope, items_of

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

ENVIRONMENTS = ("$env/static/", "$env/dynamic/")  # modules of SvelteKit
OF_ENVIRONMENT = frozenset({"process.env", "import.meta.env", "Deno.env", "Bun.env"})
RUNTIME_CONFIG = "useRuntimeConfig"  # it gives what the project's nuxt.config says
LONGEST_NAME = 300  # characters of a chain of properties


def of_import(folder: Folder, meaning: Imported, node: Node) -> Hole:
    """What an imported name is worth as far as this file tells."""
    if not meaning.module:
        return folder.hole(node, OriginKind.GLOBAL, meaning.name)
    if meaning.module.startswith(ENVIRONMENTS):
        whole = meaning.export in (EVERYTHING, "env")
        return folder.hole(node, OriginKind.ENVIRONMENT, "" if whole else meaning.export)
    if meaning.export == "page" and meaning.module in ("$app/state", "$app/stores"):
        return folder.hole(node, OriginKind.ADDRESS, PATH)
    return folder.hole(node, OriginKind.IMPORT, f"{meaning.export}{FROM}{meaning.module}")


def asked_for(folder: Folder, node: Node, scope: Scope) -> Hole | None:
    """The module that `require("./a")` or `import("./a")` gives, with all its exports."""
    callee, arguments = (node.child_by_field_name(key) for key in ("function", "arguments"))
    if callee is None or arguments is None:
        return None
    if callee.type == "identifier" and folder.text_of(callee) == RUNTIME_CONFIG:
        return folder.hole(node, OriginKind.IMPORT, f"default.runtimeConfig{FROM}{NUXT}")
    if callee.type != "import" and not (
        callee.type == "identifier" and folder.text_of(callee) == "require"
    ):
        return None
    items = items_of(arguments)
    module = folder.value(items[0], scope) if items else None
    if not isinstance(module, str):
        return None
    return folder.hole(node, OriginKind.IMPORT, f"{EVERYTHING}{FROM}{module}")


def deeper(whole: Hole, key: str) -> Hole | None:
    """A property of what another file, the environment or a caller says; None for other holes."""
    origin = whole.origin
    name = ""
    match origin.kind:
        case OriginKind.IMPORT:
            head, _, rest = origin.name.partition(FROM)
            name = f"{head}.{key}{FROM}{rest}"
        case OriginKind.PARAMETER if GIVEN in origin.name:
            head, _, rest = origin.name.partition(GIVEN)
            name = f"{head}.{key}{GIVEN}{rest}"
        case OriginKind.ENVIRONMENT if not origin.name:
            name = key
        case OriginKind.GLOBAL if origin.name in OF_ENVIRONMENT:
            return Hole(f"{whole.text}.{key}", Origin(OriginKind.ENVIRONMENT, key))
    if not name or len(name) > LONGEST_NAME or FROM in key or IN in key:
        return None
    # The name of a pattern, `({email}) => ...`, stands for its property already.
    text = key if whole.text == key else f"{whole.text}.{key}"
    return Hole(text, replace(origin, name=name, of=()))


def spread_out(whole: Value) -> Hole | None:
    """What stands for all items of a list that a caller gives."""
    if not isinstance(whole, Hole) or whole.origin.kind is not OriginKind.PARAMETER:
        return None
    if GIVEN not in whole.origin.name:
        return None
    return Hole(f"...{whole.text}", replace(whole.origin, name=SPREAD + whole.origin.name))
