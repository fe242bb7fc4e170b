"""Settings of view engines on a Node server: folders of views, the engine, the default layout."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from analyzer.frameworks._node_code import Script, arguments, parts_of
from analyzer.model import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSetting(Fact):
    """A setting: `what` is views, engine, layout or layouts; folders begin with `./` or `/`."""

    what: str
    value: str


def settings(script: Script, call: Node, given: list[Node]) -> Iterator[Fact]:
    """What a call says of views, whoever is called."""
    callee = script.text(call.child_by_field_name("function"))
    if callee.endswith(".set") and len(given) > 1:
        yield from _set(script, call, given)
    if callee.endswith("nunjucks.configure") or (
        callee == "views" and "koa" in _from(script, callee)
    ):
        yield from _folders(script, call, "views", given[0])
    for node in given:
        members = script.members(node)
        renders = "engine" in members or "engines" in members
        for key in ("defaultLayout", "layout"):
            if key in members and (renders or key == "defaultLayout"):
                yield from _layout(script, call, members[key])
        for key in ("layoutsDir", "layoutPath"):
            if key in members:
                yield from _folders(script, call, "layouts", members[key])
        for key in ("root", "path", "templates"):
            if renders and key in members:
                yield from _folders(script, call, "views", members[key])


def _from(script: Script, name: str) -> str:
    """The package that a name is imported from."""
    return script.imports.get(name, ("", ""))[0]


def _set(script: Script, call: Node, given: list[Node]) -> Iterator[Fact]:
    match script.string(given[0]):
        case "views":
            yield from _folders(script, call, "views", given[1])
        case "view engine":
            yield from _say(script, call, "engine", script.string(given[1]))
        case "layout":
            yield from _layout(script, call, given[1])
        case "view options":
            members = script.members(given[1])
            if "layout" in members:
                yield from _layout(script, call, members["layout"])


def _layout(script: Script, call: Node, node: Node) -> Iterator[Fact]:
    said = script.string(node)
    off = node.type in ("false", "null")
    yield from _say(script, call, "layout", "" if off else said)


def _folders(script: Script, call: Node, what: str, node: Node) -> Iterator[Fact]:
    for one in parts_of(script, node):
        yield from _say(script, call, what, _folder(script, one))


def _folder(script: Script, node: Node, depth: int = 0) -> str | None:
    """A folder: `./x` from the script's own one, `/x` from the package's."""
    node = script.settled(node) or node
    if depth > 5:
        return None
    if (said := script.string(node)) is not None:
        return "/" + posixpath.normpath(said).lstrip("./") if said else None
    written = script.text(node)
    if written in ("__dirname", "import.meta.dirname"):
        return "./"
    if written == "process.cwd()":
        return "/"
    parts: list[Node] = []
    if node.type == "call_expression":
        callee = script.text(node.child_by_field_name("function"))
        if callee.rpartition(".")[2] not in ("join", "resolve"):
            return None
        parts = arguments(node)
    elif node.type == "binary_expression":
        parts = [one for one in node.named_children if one.type != "comment"]
    if not parts:
        return None
    first = _folder(script, parts[0], depth + 1)
    rest = [script.string(one) for one in parts[1:]]
    if first is None or any(one is None for one in rest):
        return None
    joined = posixpath.join(first, *(one.lstrip("/") for one in rest if one))
    return (
        "./" + posixpath.normpath(joined[2:])
        if first.startswith(".")
        else posixpath.normpath(joined)
    )


def _say(script: Script, call: Node, what: str, value: str | None) -> Iterator[Fact]:
    if value is not None:
        place = script.source.place(call.start_byte, call.end_byte)
        yield ViewSetting(place=place, what=what, value=value)
