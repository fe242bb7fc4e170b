"""What a file of Next's pages folder says about its own component: that it is empty because the
server answers itself, and which properties it is given for _app to ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from analyzer.frameworks._objects import ARROWS, Script, script_of
from analyzer.model import Fact, Source

ANSWERS = re.compile(rb"\.(?:end|send|write)\s*\(")
ASKED = re.compile(rb"\bComponent\??\.([A-Za-z_]\w{0,60})")
NOTHING = frozenset({"", "null", "undefined", "''", '""', "<></>"})
OFF = frozenset({"false", "null", "undefined"})
DECLARED = ARROWS | {"function_declaration"}
HOLDER = re.compile(r"\(?\s*[A-Z]\w*")  # `Portal`, `(Portal as PageWithLayout)`
MOST = 50  # properties that a file gives or asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Fact):
    """The server writes the answer itself, a feed or a site map, and the component is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Fact):
    """The file's own component has these properties: `Portal.getLayout = ...`, `Portal.auth`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Fact):
    """The file asks the component of the page for these properties: `Component.getLayout`."""

    names: tuple[str, ...]


def of_page(source: Source) -> Iterator[Fact]:
    """What a file of the pages folder says about its component, or asks of others."""
    data = source.data
    names = [found[1].decode() for found in ASKED.finditer(data)]
    if names:
        yield Asked(place=source.place(0, 0), names=tuple(dict.fromkeys(names))[:MOST])
    script = script_of(source) if b"export default" in data else None
    if script is None:
        return
    component = _component(script)
    if b"getServerSideProps" in data and ANSWERS.search(data) and _shows_nothing(script, component):
        yield Answered(place=source.place(0, 0))
    is_plain = component is not None and component.type in DECLARED
    if is_plain and b"Object.assign(" not in data:
        yield Given(place=source.place(0, 0), names=tuple(_given(script))[:MOST])


def _component(script: Script) -> Node | None:
    """What the file exports by default, where it is written in this file."""
    for node in script.nodes("export_statement"):
        shown = node.child_by_field_name("value") or node.child_by_field_name("declaration")
        if shown is not None and script.text(node).startswith("export default"):
            return script.meant(shown)
    return None


def _shows_nothing(script: Script, component: Node | None) -> bool:
    """Is the component empty, or does it return nothing?"""
    body = component.child_by_field_name("body") if component is not None else None
    if body is None:
        return False
    if body.type != "statement_block":
        return script.text(body).strip("() ") in NOTHING
    told = [each for each in body.named_children if each.type != "comment"]
    if len(told) == 1 and told[0].type == "return_statement":
        return script.text(told[0]).removeprefix("return").strip(" ;()") in NOTHING
    return not told


def _given(script: Script) -> Iterator[str]:
    """The properties that any component of the file is given, but those that are switched off."""
    for node in script.nodes("assignment_expression"):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        name = left.child_by_field_name("property") if left is not None else None
        if left is None or name is None or right is None or not HOLDER.match(script.text(left)):
            continue
        if script.text(right) not in OFF:
            yield script.text(name)
