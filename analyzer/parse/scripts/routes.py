"""Routes that a script declares for the browser: `<Route path="/book" element={<Book />}>` and its
like.

What stands in a route is shown at that route's address and nowhere else, so it is told as a route
and not as a part of the file that declares it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from tree_sitter import Node

from analyzer.conditions import all_of
from analyzer.model import Atom, Fact, Guard, Source
from analyzer.parse.values.modules import Binding
from analyzer.parse.values.scope import FUNCTIONS, items_of, unwrapped

ROUTE_TAG = re.compile(r"(?:[\w$]+\.)*\w*Route")
SLOTS = frozenset({"element", "component", "Component", "render", "lazy", "children"})
NESTED = frozenset({"children", "routes"})
ASIDE = re.compile(r"fallback|error\w*|loader|action|loading\w*|pending\w*|handle", re.I)
GUARDS = re.compile(r"auth|protect|private|require|guard|signed_?in|logged_?in|restrict", re.I)
ASKS = re.compile(
    r"(?:is|needs?|requires?)?_?(?:auth(?:enticat\w+|oriz\w+)?|protected|private|signed_?in"
    r"|logged_?in|login)(?:_?required)?",
    re.I,
)
PARAMETER = re.compile(r"[:$][\w-]+(?:\([^)]*\))?[?*+]?|\{[^}]*\}")
MOST = 2_000  # routes of one script
DEEPEST = 20  # routes in routes
Part: TypeAlias = tuple[str, str]  # what an import names, and which of its exports


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRoute(Fact):
    """An address that the browser's router answers with a component.

    `pattern` is the address as far as this file tells it, `known` whether it could be read
    at all. `around` are the components that stand around the one that is shown, outermost first.
    A `root` stands around all routes of its router.
    """

    pattern: str
    known: bool
    component: Part
    around: tuple[Part, ...] = ()
    needs: tuple[str, ...] = ()
    root: bool = False
    nested: bool = False


@dataclass(slots=True)
class _Route:
    node: Node
    path: str | None
    tag: str = ""
    nested: bool = False
    alone: bool = False
    parents: tuple[int, ...] = ()
    parts: list[tuple[int, Part]] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)


Path: TypeAlias = tuple[tuple[Node, str], ...]


class Routes:
    """Collects the routes of one script while the uses of its names are looked at."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.may_be = b"path" in data or b'"/' in data or b"'/" in data
        self.routes: dict[int, _Route] = {}

    def note(self, path: Path, name: str, binding: Binding | None) -> Guard | bool:
        """Is the place in a route? Then what is used there is that route's, and no one else's.

        A component of the same file stays where it is, under the condition that the route makes.
        """
        if not self.may_be or len(self.routes) > MOST:
            return False
        around: list[_Route] = []
        slot = -1
        for at in range(len(path) - 1):
            node, (child, _) = path[at][0], path[at + 1]
            route = self._route(node, path[at - 1][0] if at else None)
            if route is None:
                if around and node.type == "jsx_attribute" and ASIDE.fullmatch(self._key(node)):
                    return slot >= 0
                continue
            shown = self._shows(node, child, path, at)
            if shown is None:
                continue
            if len(around) >= DEEPEST:
                return True
            route.parents = tuple(each.node.id for each in around)
            around.append(route)
            slot = at if shown else -1
        if not around or slot < 0:
            return False
        inside = path[slot + 1 :]
        depth = sum(
            node.type == "jsx_element" and child.type != "jsx_opening_element"
            for (node, _), (child, _) in pairwise(inside)
        )
        if name and not _is_component(inside, name):
            return True
        if binding is None:
            return _guard(_joined([each.path for each in around]))
        if GUARDS.search(name):
            around[-1].needs.append(f"<{name}>")
        around[-1].parts.append((depth, (binding.target, binding.export)))
        return not (around[-1].alone and len(around) == 1)

    def facts(self, source: Source) -> Iterator[ClientRoute]:
        """The routes with what they show."""
        for route in self.routes.values():
            if not route.parts:
                continue
            parents = [self.routes[each] for each in route.parents]
            deepest = max(depth for depth, _ in route.parts)
            own = [part for depth, part in route.parts if depth < deepest]
            component = next(part for depth, part in route.parts if depth == deepest)
            outer = [part for parent in parents for _, part in parent.parts]
            needs = [need for each in (*parents, route) for need in each.needs]
            needs += [f"<{each.tag}>" for each in (*parents, route) if GUARDS.search(each.tag)]
            paths = [each.path for each in (*parents, route)]
            start = route.node.start_byte
            end = min(route.node.end_byte, start + 200)
            yield ClientRoute(
                place=source.place(start, end),
                pattern=_joined(paths),
                known=None not in paths,
                component=component,
                around=tuple(dict.fromkeys(part for part in (*outer, *own) if part != component)),
                needs=tuple(dict.fromkeys(needs)),
                root=route.alone and not route.parents,
                nested=route.nested,
            )

    # ------------------------------------------------------------ one route

    def _route(self, node: Node, outer: Node | None) -> _Route | None:
        if node.id in self.routes:
            return self.routes[node.id]
        match node.type:
            case "jsx_element" | "jsx_self_closing_element":
                made = self._of_element(node, outer)
            case "object":
                made = self._of_object(node, outer)
            case "pair":
                made = self._of_pair(node)
            case _:
                return None
        if made is not None:
            self.routes[node.id] = made
        return made

    def _of_element(self, node: Node, outer: Node | None) -> _Route | None:
        opening = node.child_by_field_name("open_tag") if node.type == "jsx_element" else node
        name = opening.child_by_field_name("name") if opening is not None else None
        if opening is None or name is None or not ROUTE_TAG.fullmatch(self._text(name)):
            return None
        path: str | None = ""
        keys = set()
        for attribute in opening.named_children:
            if attribute.type != "jsx_attribute":
                continue
            key = self._key(attribute)
            keys.add(key)
            if key == "path" and attribute.named_child_count > 1:
                path = self._string(attribute.named_children[1])
        if not keys & {"path", "index", "element", "component", "Component"}:
            return None
        nested = any(self._is_route_element(child) for child in node.named_children)
        beside = outer.named_children if outer is not None else []
        siblings = sum(self._is_route_element(child) for child in beside)
        alone = nested and siblings <= 1 and path in ("", "/")
        return _Route(node, path, self._text(name), nested, alone)

    def _is_route_element(self, node: Node) -> bool:
        if node.type == "jsx_element":
            opening = node.child_by_field_name("open_tag")
        else:
            opening = node if node.type == "jsx_self_closing_element" else None
        name = opening.child_by_field_name("name") if opening is not None else None
        return name is not None and ROUTE_TAG.fullmatch(self._text(name)) is not None

    def _of_object(self, node: Node, outer: Node | None) -> _Route | None:
        pairs = {self._key(each): each for each in node.named_children if each.type == "pair"}
        names = {
            self._text(each)
            for each in node.named_children
            if each.type == "shorthand_property_identifier"
        }
        if not pairs.keys() & {"element", "component", "Component", "lazy", *NESTED}:
            return None
        if not (pairs.keys() & {"path", "index"} or "element" in pairs) or "path" in names:
            return None
        value = pairs["path"].child_by_field_name("value") if "path" in pairs else None
        path = self._string(value) if value is not None else ""
        nested = bool(pairs.keys() & NESTED)
        is_only = outer is not None and outer.type == "array" and len(items_of(outer)) == 1
        made = _Route(node, path, "", nested, nested and is_only and path in ("", "/"))
        made.needs.extend(
            f"{key}: true"
            for key, pair in pairs.items()
            if ASKS.fullmatch(key) and self._is_true(pair)
        )
        return made

    def _of_pair(self, node: Node) -> _Route | None:
        """`"/patients/:id": () => <Patient />`, as a table of routes has it."""
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        if key is None or value is None or key.type != "string":
            return None
        path = self._text(key).strip("'\"")
        value = unwrapped(value)
        is_shown = value.type in FUNCTIONS or value.type.startswith("jsx_")
        return _Route(node, path) if path.startswith("/") and is_shown else None

    def _shows(self, node: Node, child: Node, path: Path, at: int) -> bool | None:
        """Does the child stand where the route says what it shows? None where it is its name."""
        if node.type == "pair":
            return True if child.type != "string" else None
        if node.type == "object":
            key = self._key(child) if child.type == "pair" else ""
            return None if key not in SLOTS | NESTED else key not in NESTED
        inner = path[at + 1 :] if node.type == "jsx_element" else path[at:]
        if child.type == "jsx_opening_element" or node.type == "jsx_self_closing_element":
            attribute = inner[1][0] if len(inner) > 1 else None
            if attribute is None or attribute.type != "jsx_attribute":
                return None
            return True if self._key(attribute) in SLOTS else None
        return True  # a component between the tags; a route in there takes its place

    def _string(self, node: Node) -> str | None:
        node = unwrapped(node)
        if node.type == "jsx_expression":
            node = unwrapped(node.named_children[0]) if node.named_children else node
        if node.type == "string":
            return self._text(node)[1:-1]
        text = self._text(node)[1:-1]
        return text if node.type == "template_string" and "${" not in text else None

    def _is_true(self, pair: Node) -> bool:
        value = pair.child_by_field_name("value")
        return value is not None and value.type == "true"

    def _key(self, node: Node) -> str:
        key = node.child_by_field_name("key") or (
            node.named_children[0] if node.named_children else None
        )
        return self._text(key).strip("'\"") if key is not None else ""

    def _text(self, node: Node) -> str:
        return self.data[node.start_byte : min(node.end_byte, node.start_byte + 300)].decode(
            "utf-8", "replace"
        )


def _is_component(inside: Path, name: str) -> bool:
    """Is the name an element that is shown, or the component that the route is given?"""
    kinds = [node.type for node, _ in inside]
    if len(kinds) > 1 and kinds[-2] in ("jsx_opening_element", "jsx_self_closing_element"):
        return True
    if any(kind in kinds for kind in ("jsx_member_expression", "member_expression")):
        return any(kind.startswith("jsx_") and kind.endswith("_element") for kind in kinds)
    if "statement_block" in kinds:
        return False
    return name[:1].isupper() or not set(kinds) & {"call_expression", "arguments"}


def _guard(pattern: str) -> Guard:
    """The condition that the browser is at the route's address."""
    pattern = "/" + pattern.lstrip("/")
    words = f"if the address is {pattern}"
    if "*" not in pattern:
        return Guard(Atom("path", "", "equals", pattern), words)
    begins = Atom("path", "", "starts-with", pattern.partition("*")[0])
    return Guard(all_of(begins, Atom("unknown", words)), words)


def _joined(paths: list[str | None]) -> str:
    """The address that nested routes make."""
    pattern = ""
    for path in paths:
        if path is None:
            continue
        piece = PARAMETER.sub("*", path)
        piece = re.sub(r"(?:^|(?<=/))\*$", "**", piece) if path.endswith(("/*", "*")) else piece
        if piece.startswith("/"):
            same = pattern and piece.startswith(pattern.rstrip("/") + "/")
            pattern = piece if same or not pattern else pattern.rstrip("/") + piece
        elif piece:
            pattern = f"{pattern.removesuffix('**').rstrip('/')}/{piece}"
    return pattern or "/"
