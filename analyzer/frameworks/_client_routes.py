"""Routes of a client's router, as Vue and Angular write them: lists of objects with a path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tree_sitter import Node

from analyzer.frameworks import PageAt
from analyzer.frameworks._addresses import asks_for_login, client_route
from analyzer.frameworks._objects import Script
from analyzer.model import Route

COMPONENTS = ("component", "loadComponent")
CHILDREN = ("children",)
GUARDS = ("canActivate", "canMatch", "canLoad", "canActivateChild", "beforeEnter")
META = ("meta", "data")
REQUIRES = re.compile(
    r"^(?:requires?|needs?|is)_?(?:auth|login|sign|session|user)\w*$|^(?:auth|private|protected)$",
    re.I,
)
PUBLIC = re.compile(r"^(?:public|guest|is_?public|no_?auth|allow_?anonymous)$", re.I)
EXEMPT = "public: "  # before words that say that nothing is asked
DEEPEST = 12
MOST = 3_000  # routes of one file


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRoute(Route):
    """A route of a client's router.

    `target` is the file that the component is imported from, `name` what it is called in the
    script; `parents` are the files of the components around it, outermost first.
    """

    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a list of routes."""

    paths: tuple[str, ...] = ("",)
    parents: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def routes_of(script: Script) -> Iterator[ClientRoute]:
    """Every route of the script, with the addresses of the routes around it in front."""
    count = 0
    seen: set[int] = set()
    for node in script.nodes("array"):
        if node.id in seen or not _is_list(script, node):
            continue
        for route in _listed(script, node, Around(), seen, 0):
            count += 1
            if count > MOST:
                return
            yield route


def page_at(path: str, route: ClientRoute) -> PageAt:
    """The file that shows a route's component, as a page."""
    public = tuple(each.removeprefix(EXEMPT) for each in route.needs if each.startswith(EXEMPT))
    needs = tuple(each for each in route.needs if not each.startswith(EXEMPT))
    return PageAt(path, (route.pattern,), needs=needs, public=public)


def _is_list(script: Script, node: Node) -> bool:
    """Does the list hold routes, rather than crumbs or menus? A route has an answer."""
    return any(
        script.get(item, "path") is not None and _answers(script, item)
        for item in script.items(node)[:50]
    )


def _answers(script: Script, item: Node) -> bool:
    keys = {key for key, _, _ in script.pairs(item)}
    return bool(
        keys
        & {
            "component",
            "components",
            "loadComponent",
            "loadChildren",
            "redirect",
            "redirectTo",
            "children",
        }
    )


def _listed(
    script: Script, node: Node | None, around: Around, seen: set[int], depth: int
) -> Iterator[ClientRoute]:
    listed = script.meant(node)
    if listed is None or depth > DEEPEST or listed.id in seen:
        return
    seen.add(listed.id)
    for item in script.items(listed):
        yield from _route(script, item, around, seen, depth)


def _route(
    script: Script, item: Node, around: Around, seen: set[int], depth: int
) -> Iterator[ClientRoute]:
    path = script.string(script.get(item, "path"))
    if path is None:
        return
    own = client_route(path)
    paths = (
        own
        if path.startswith("/")
        else tuple(_under(outer, each) for outer in around.paths for each in own)
    )
    needs = _needs(script, item, around.needs)
    shown = script.get(item, "components", "default") or next(
        (value for key, value, _ in script.pairs(item) if key in COMPONENTS), None
    )
    children = script.get(item, *CHILDREN)
    target = script.target(shown)
    name = script.text(shown)[:100] if shown is not None and shown.type == "identifier" else ""
    place = script.place(item)
    lazy = next((value for key, value, _ in script.pairs(item) if key == "loadChildren"), None)
    inner = Around(paths, around.parents, needs)
    if shown is not None and (target or name):
        wraps = children is not None and bool(script.items(children))
        for each in paths:
            yield ClientRoute(
                place=place,
                pattern=each,
                target=target,
                kind="layout" if wraps else "view",
                name=name,
                needs=needs,
                parents=around.parents,
            )
        inner = replace(inner, parents=(*around.parents, target or name))
    if children is not None:
        yield from _listed(script, children, inner, seen, depth + 1)
    if lazy is not None:
        file = script.target(lazy) or (script.string(lazy) or "").partition("#")[0]
        for each in paths if file else ():
            yield ClientRoute(
                place=place,
                pattern=each,
                target=file,
                kind="mount",
                needs=needs,
                parents=inner.parents,
            )


def _under(outer: str, inner: str) -> str:
    return (outer.rstrip("/") + "/" + inner.strip("/")).rstrip("/") or "/"


def _needs(script: Script, item: Node, around: tuple[str, ...]) -> tuple[str, ...]:
    """What is asked before a route: what is asked around it, its guards, and its meta."""
    found = list(around)
    for key, value, _ in script.pairs(item):
        if key in GUARDS:
            words = [script.text(each) for each in script.items(value)] or [script.text(value)]
            found.extend(
                f"{key}: {guard[0]}"
                for word in words
                if (guard := re.match(r"[\w.$]+", word)) and asks_for_login(word[:200])
            )
        elif key in META:
            for name, inner, _ in script.pairs(value):
                said = script.meant(inner)
                if said is None:
                    continue
                no = said.type == "false" or script.string(said) in ("guest", "none")
                if REQUIRES.match(name) and no:
                    found = [f"{EXEMPT}{key}.{name}: false"]
                elif PUBLIC.match(name) and said.type == "true":
                    found = [f"{EXEMPT}{key}.{name}"]
                elif REQUIRES.match(name):
                    found.append(f"{key}.{name}")
    return tuple(dict.fromkeys(found))
