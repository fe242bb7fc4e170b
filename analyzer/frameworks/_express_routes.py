"""Addresses of a Node server: mounts multiply, parameters vary, handlers lie in other files."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from analyzer.frameworks import Project, joined
from analyzer.frameworks._express_records import Mounted, Names, Served, Shows, View
from analyzer.frameworks._node_code import TAKES

MOST_PLACES = 40  # addresses below which one router is mounted
FARTHEST = 4  # files that hand a name on
OPTIONAL = re.compile(r"^(?::\w+(?:\([^)]*\))?\?|\{/?:\w+\??\}|\{\w+\?\})$")
REST = re.compile(r"^(?:\*.*|\(\.\*\)|\{\*\w+\}|\{/\*\w+\}|\{\w+\*\}|:\w+(?:\(\.\*\)|[*+]))$")
PARAMETER = re.compile(r":\w+(?:\([^)]*\))?|\{:?\w+\*?\d*\}")
Place = tuple[str, tuple[str, ...]]  # an address and what is asked before


class Routes:
    """All routes of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.names = {each.place.path: each for each in project.facts(Names)}
        self.shows: dict[tuple[str, str], list[View]] = {}
        for each in project.facts(Shows):
            self.shows.setdefault((each.place.path, each.name), []).extend(each.views)
        self.served = list(project.facts(Served))
        self.owners: dict[str, dict[str, None]] = {}
        self.mounts = list(project.facts(Mounted))
        named = [(each.place.path, each.owner) for each in self.served]
        for path, owner in (*named, *((each.place.path, each.owner) for each in self.mounts)):
            self.owners.setdefault(path, {})[owner] = None
        self.places = self._places()

    def shown(self) -> Iterator[tuple[str, View, str, tuple[str, ...] | None]]:
        """Each view with the script, the address at which it is shown, and what is asked before.

        Where nothing is known of the way to it, that is None.
        """
        routed: set[tuple[str, str]] = set()
        for each in self.served:
            views = [(each.place.path, view) for view in each.views]
            for handler in each.handlers:
                path, name = self.home(each.place.path, handler)
                found = self.shows.get((path, name), ())
                routed.update([(path, name)] if found else [])
                views.extend((path, view) for view in found)
            for prefix, needs in self.places.get((each.place.path, each.owner), [("", ())]):
                asked = tuple(dict.fromkeys((*needs, *each.needs)))
                for address in addresses(prefix, each.pattern):
                    yield from ((path, view, address, asked) for path, view in views)
        for (path, name), left in self.shows.items():
            if (path, name) not in routed:
                yield from ((path, view, "", None) for view in left)

    def home(self, path: str, reference: str) -> tuple[str, str]:
        """The file and the name there that a handler's name in this file means."""
        for _ in range(FARTHEST):
            if reference.startswith("require:"):
                target, _, rest = reference.removeprefix("require:").partition(TAKES)
                found = self.project.scripts(target, path)
                return (found[0], rest or "default") if found else ("", "")
            local, _, member = reference.partition(".")
            said = self.names.get(path)
            imported = (
                next(
                    ((target, export) for name, target, export in said.imports if name == local),
                    None,
                )
                if said
                else None
            )
            if imported is None:
                return path, member.rpartition(".")[2] or local
            found = self.project.scripts(imported[0], path)
            if not found:
                return "", ""
            path, reference = found[0], member or imported[1]
            exports = dict(self.names[path].exports) if path in self.names else {}
            if (path, reference) in self.shows:
                return path, reference
            following = exports.get(reference, reference)
            if following == reference:
                return path, reference.rpartition(".")[2]
            reference = following
        return path, reference

    # ------------------------------------------------------------ mounts

    def _places(self) -> dict[tuple[str, str], list[Place]]:
        """The addresses below which each router stands."""
        below: dict[tuple[str, str], list[tuple[Mounted, tuple[str, str]]]] = {}
        inner: set[tuple[str, str]] = set()
        for each in self.mounts:
            outer = each.place.path, each.owner
            for target in self._routers(each):
                if target != outer:
                    below.setdefault(outer, []).append((each, target))
                    inner.add(target)
        every = [(path, owner) for path, owners in self.owners.items() for owner in owners]
        found: dict[tuple[str, str], list[Place]] = {}
        queue: deque[tuple[tuple[str, str], str, tuple[str, ...]]] = deque(
            (node, "", ()) for node in every if node not in inner
        )
        while queue:
            node, prefix, needs = queue.popleft()
            known = found.setdefault(node, [])
            if (prefix, needs) in known or len(known) >= MOST_PLACES:
                continue
            known.append((prefix, needs))
            for mount, target in below.get(node, ()):
                asked = tuple(dict.fromkeys((*needs, *mount.needs)))
                queue.append((target, f"{prefix}/{mount.pattern.strip('/')}".rstrip("/"), asked))
        return found

    def _routers(self, mount: Mounted) -> list[tuple[str, str]]:
        """The routers that a mount means: of the same file by name, or those of another file."""
        path = mount.place.path
        if mount.target in self.owners.get(path, ()) and not self._is_imported(path, mount.target):
            return [(path, mount.target)]
        home, name = self.home(path, mount.target)
        if not home or home == path:
            return []
        owners = self.owners.get(home, {})
        if name in owners:
            return [(home, name)]
        local = dict(self.names[home].exports).get(name, "") if home in self.names else ""
        if local in owners:
            return [(home, local)]
        return [(home, owner) for owner in owners]

    def _is_imported(self, path: str, name: str) -> bool:
        said = self.names.get(path)
        return said is not None and any(local == name for local, *_ in said.imports)


def addresses(prefix: str, pattern: str) -> Iterator[str]:
    """The address with `*` for what varies; also without its optional end. Empty for unknown."""
    if "?" in pattern.split("/") or pattern.strip("/") == "?":
        yield ""
        return
    segments = [each for each in f"{prefix}/{pattern}".split("/") if each]
    told: list[str] = []
    shortest: int | None = None
    for segment in segments:
        optional = OPTIONAL.match(segment) is not None
        if optional and shortest is None:
            shortest = len(told)
        elif not optional:
            shortest = None
        told.append(
            "**" if REST.match(segment) else "*" if optional else PARAMETER.sub("*", segment)
        )
    for length in range(len(told) if shortest is None else shortest, len(told) + 1):
        yield joined(*told[:length])
