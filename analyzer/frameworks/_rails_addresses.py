"""The addresses of a Rails application's actions, with what is mounted and drawn put in place."""

from __future__ import annotations

from typing import TypeAlias

from analyzer.frameworks import Project, joined
from analyzer.model import Route

Addresses: TypeAlias = dict[str, dict[str, list[str]]]
Needs: TypeAlias = dict[str, dict[str, tuple[str, ...]]]


def addresses_of(project: Project) -> tuple[Addresses, Needs]:
    """For each application the addresses of its actions, and what their routes ask first."""
    mounts: dict[str, str] = {}
    inner: dict[str, str] = {}  # the files of engines, and the name under which they are mounted
    for route in project.facts(Route):
        if route.place.path.endswith(".rb") and "config/routes" in route.place.path:
            if route.kind == "mount":
                mounts.setdefault(route.target, route.pattern)
            elif route.kind == "engine":
                inner[route.place.path] = route.target
    found: dict[str, dict[str, list[str]]] = {}
    needs: dict[str, dict[str, tuple[str, ...]]] = {}
    for route in project.facts(Route):
        path = route.place.path
        if route.kind != "view" or "config/routes" not in path or not path.endswith(".rb"):
            continue
        app = path[: path.index("config/routes")]
        mounted = inner.get(path) or path[len(app) :]
        prefix = mounts.get(mounted, "")
        pattern = joined(prefix, route.pattern) if prefix.strip("/") else route.pattern
        found.setdefault(app, {}).setdefault(route.target, []).append(pattern)
        known = needs.setdefault(app, {})
        known[route.target] = (
            route.needs
            if route.target not in known
            else tuple(each for each in known[route.target] if each in route.needs)
        )
    return found, needs
