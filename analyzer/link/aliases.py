"""What the names of folders in imports mean: `@/lib/track`, `#layouts/base`, `@clinic/ui`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from analyzer.frameworks.aliases import Alias

MOST_CHAINED = 5  # configurations that extend each other


class Aliases:
    """All aliases of a site, the ones of the nearest folder first."""

    def __init__(self, facts: Iterable[Alias]) -> None:
        by_file: dict[str, list[Alias]] = {}
        for fact in facts:
            by_file.setdefault(fact.place.path, []).append(fact)
        self.packages: list[Alias] = []
        self.folders: dict[str, list[Alias]] = {}
        for path, aliases in by_file.items():
            for fact in _with_extended(path, aliases, by_file):
                if fact.kind == "package":
                    self.packages.append(fact)
                else:
                    self.folders.setdefault(posixpath.dirname(path), []).append(fact)
        for listed in (*self.folders.values(), self.packages):
            listed.sort(key=lambda each: (each.kind == "base", -len(each.pattern)))

    def paths(self, name: str, asked_by: str) -> Iterator[str]:
        """The paths that a name may mean in a file, the likeliest first, without endings."""
        folder = posixpath.dirname(asked_by)
        while True:
            for alias in self.folders.get(folder, ()):
                yield from _meant(alias, name)
            if not folder:
                break
            folder = posixpath.dirname(folder)
        for alias in self.packages:
            yield from _meant(alias, name)


def _with_extended(
    path: str, aliases: list[Alias], by_file: dict[str, list[Alias]]
) -> Iterator[Alias]:
    """The aliases of a configuration, and of those that it extends."""
    queue, seen = list(aliases), {path}
    for fact in queue:
        if fact.kind != "extends":
            yield fact
        elif fact.targets[0] not in seen and len(seen) < MOST_CHAINED:
            seen.add(fact.targets[0])
            queue.extend(by_file.get(fact.targets[0], ()))


def _meant(alias: Alias, name: str) -> Iterator[str]:
    if alias.kind == "base":
        yield from (posixpath.join(target, name) for target in alias.targets)
        return
    before, star, behind = alias.pattern.partition("*")
    if not star:
        yield from alias.targets if name == alias.pattern else ()
    elif name.startswith(before) and name.endswith(behind) and len(name) >= len(alias.pattern) - 1:
        rest = name[len(before) : len(name) - len(behind)]
        yield from (target.replace("*", rest, 1) for target in alias.targets)
