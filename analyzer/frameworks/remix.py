"""Remix, and React Router with a server: app/root around all routes, which are files by name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from analyzer.frameworks import (
    Convention,
    Framework,
    Join,
    PageAt,
    Part,
    Project,
    Wrap,
    folder_of,
    joined,
)
from analyzer.frameworks._asks import Asks, of_component
from analyzer.frameworks._objects import Script, script_of
from analyzer.model import Fact, Package, Skip, Source

PACKAGES = (
    "@remix-run/react",
    "@remix-run/node",
    "@remix-run/dev",
    "@react-router/dev",
    "@react-router/node",
)
ENDINGS = (".tsx", ".jsx", ".js", ".ts")
COMPONENT = re.compile(r"\.(?:[jt]sx|js|mdx?)$")
READS = r"(?:^|/)app/(?:routes/.+|root)\.[jt]sx?$|(?:^|/)app/routes\.[jt]s$"
PIECE = re.compile(r"\[[^\]]*\]|\.|/|[^.\[/]+")
SHOWS = re.compile(rb"\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b")
MOST = 2_000  # routes of one file
DEEPEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Fact):
    """A route that shows nothing: it answers with data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Fact):
    """A route that app/routes names: its address, its file, and the files of those around it."""

    pattern: str
    file: str
    around: tuple[str, ...]
    is_layout: bool


def read(source: Source) -> Iterator[Fact | Skip]:
    """What a route asks of visitors, and the routes that app/routes lists."""
    if re.search(r"(?:^|/)app/routes\.[jt]s$", source.path):
        if script := script_of(source):
            yield from _listed(script)
    else:
        yield from of_component(source)
        if not SHOWS.search(source.data):
            yield Resource(place=source.place(0, 0))


def conventions(project: Project) -> Iterator[Convention]:
    """The routes of every application in the repository."""
    for root in _roots(project):
        app = root + "app/"
        outer = project.first(*(app + "root" + ending for ending in ENDINGS))
        if not outer:
            continue
        yield Part(outer)
        listed = project.first(app + "routes.ts", app + "routes.js")
        known = list(_by_list(project, listed, app, outer)) if listed else []
        known = known or list(_by_files(project, app, outer))
        yield from known
        client = project.first(*(app + "entry.client" + ending for ending in ENDINGS))
        for each in known:
            if client and isinstance(each, PageAt):
                yield Join("loads", each.path, client)


def _roots(project: Project) -> list[str]:
    return sorted(
        {
            folder_of(package.place.path)
            for package in project.facts(Package)
            if package.name in PACKAGES and package.place.path.endswith("package.json")
        }
    )


# ---------------------------------------------------------------- routes by their files


def _by_files(project: Project, app: str, outer: str) -> Iterator[Convention]:
    """`visits.$id.tsx`, `_portal.results.tsx` and folders of routes: a name that begins another
    one's is the layout around it.
    """
    folder = app + "routes/"
    silent = {fact.place.path for fact in project.facts(Resource)}
    routes = {
        identity: path
        for path in sorted(project.paths)
        if path.startswith(folder) and COMPONENT.search(path)
        if (identity := _identity(path.removeprefix(folder))) and path not in silent
    }
    parents = {_parent(identity, routes) for identity in routes}
    for identity, path in routes.items():
        around = _chain(identity, routes)
        if identity in parents:
            yield Part(path)
        else:
            yield _page(project, path, (address(identity),), [routes[each] for each in around])
        above = routes[around[0]] if around else outer
        yield Wrap(path, above)


def _page(project: Project, path: str, routes: tuple[str, ...], around: list[str]) -> PageAt:
    asks = [fact for each in (path, *around) for fact in project.facts_in(each, Asks)]
    words = (word for fact in asks if isinstance(fact, Asks) for word in fact.words)
    return PageAt(path, routes, needs=tuple(dict.fromkeys(words)))


def _identity(inside: str) -> tuple[str, ...]:
    """The pieces of a route's name; a folder with a route file in it is one route."""
    name = posixpath.splitext(inside)[0]
    folder, _, base = name.rpartition("/")
    if base == "route" or (base == "index" and "." in folder):
        name = folder
    pieces: list[str] = [""]
    for piece in PIECE.findall(name):
        if piece in (".", "/"):
            pieces.append("")
        else:
            pieces[-1] += piece
    return tuple(filter(None, pieces))


def _parent(identity: tuple[str, ...], routes: dict[tuple[str, ...], str]) -> tuple[str, ...]:
    for length in range(len(identity) - 1, 0, -1):
        if identity[:length] in routes:
            return identity[:length]
    return ()


def _chain(identity: tuple[str, ...], routes: dict[tuple[str, ...], str]) -> list[tuple[str, ...]]:
    """The layouts around a route, the nearest first; a trailing underscore steps out of one."""
    found: list[tuple[str, ...]] = []
    for length in range(len(identity) - 1, 0, -1):
        if identity[:length] in routes:
            found.append(identity[:length])
    return found


def address(identity: tuple[str, ...]) -> str:
    """The address of a route: `_index` and pieces that begin with an underscore add nothing."""
    pieces: list[str] = []
    for piece in identity:
        if piece.startswith("_") or piece == "index":
            continue
        piece = piece.removesuffix("_")
        if piece == "$":
            pieces.append("**")
        elif piece.startswith(("$", "($")):
            pieces.append("*")
        else:
            pieces.append(re.sub(r"[\[\]()]", "", piece))
    return "/" + "/".join(pieces)


# ---------------------------------------------------------------- routes by a list


def _listed(script: Script) -> Iterator[Fact]:
    """`route("visits/:id", "./visits.tsx", [...])`, `index`, `layout` and `prefix`."""
    top = next(
        (node for node in script.nodes("export_statement", "array") if node.type == "array"), None
    )
    count = 0
    stack: list[tuple[Node, str, tuple[str, ...], int]] = [
        (item, "", (), 0) for item in reversed(_items(script, top))
    ]
    while stack and count < MOST:
        node, prefix, around, depth = stack.pop()
        meant = script.meant(node)
        if meant is None or meant.type != "call_expression" or depth > DEEPEST:
            continue
        count += 1
        callee, arguments = (
            meant.child_by_field_name("function"),
            meant.child_by_field_name("arguments"),
        )
        if callee is None or arguments is None:
            continue
        items = arguments.named_children
        texts = [text for item in items if (text := script.string(item)) is not None]
        kind = script.text(callee).rpartition(".")[2]
        path = texts[0] if kind in ("route", "prefix") and texts else ""
        file = "" if kind == "prefix" or not texts else texts[-1]
        inner = next((item for item in items if item.type == "array"), None)
        here = joined(prefix, path)
        if file and (kind in ("index", "layout") or len(texts) > 1):
            nested = inner is not None or kind == "layout"
            pattern = re.sub(r":\w+\??", "*", re.sub(r"\*$", "**", here))
            yield Listed(
                place=script.place(meant),
                pattern=pattern,
                file=file,
                around=around,
                is_layout=nested,
            )
        outer = (*around, file) if file else around
        stack.extend((item, here, outer, depth + 1) for item in reversed(_items(script, inner)))


def _items(script: Script, node: Node | None) -> list[Node]:
    """The items of a list; those of `...prefix("visits", [])` come with the call around them."""
    node = script.meant(node)
    found: list[Node] = []
    for child in node.named_children if node is not None and node.type == "array" else ():
        if child.type == "spread_element" and child.named_children:
            inner = script.meant(child.named_children[0])
            is_list = inner is not None and inner.type == "array"
            found.extend(_items(script, inner) if is_list else child.named_children[:1])
        elif child.type != "comment":
            found.append(child)
    return found


def _by_list(project: Project, listed: str, app: str, outer: str) -> Iterator[Convention]:
    for route in project.facts(Listed):
        path = project.first(posixpath.normpath(app + route.file))
        if route.place.path != listed or not path:
            continue
        around = [posixpath.normpath(app + each) for each in route.around]
        if route.is_layout:
            yield Part(path)
        else:
            yield _page(project, path, (route.pattern,), around)
        yield Wrap(path, around[-1] if around else outer, place=route.place)


FRAMEWORK = Framework(
    name="remix",
    conventions=conventions,
    reads=READS,
    read=read,
    order=-2,
    about=r"(?:^|/)package\.json$",
)
