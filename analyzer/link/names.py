"""Which file a name means: a template that is extended or included, a script that is loaded."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from analyzer.engines import Engine, engine_named
from analyzer.model import Hole, Text, Value

SCRIPT_ENDINGS = (
    "",
    ".js",
    ".ts",
    ".tsx",
    ".jsx",
    ".mjs",
    ".cjs",
    ".vue",
    ".svelte",
    ".astro",
    "/index.js",
    "/index.ts",
    "/index.tsx",
    "/index.jsx",
    "/index.mjs",
    "/index.vue",
)
WEB_ROOTS = (
    "",
    "public/",
    "static/",
    "src/",
    "www/",
    "docs/",
    "htdocs/",
    "wwwroot/",
    "app/static/",
    "assets/",
    "app/assets/javascripts/",
    "app/javascript/",
    "src/main/resources/static/",
    "dist/",
    "build/",
)
ALIASES = ("@/", "~/", "#/", "#")
ASSET = re.compile(r"""["']([^"']+?\.(?:m?js|jsx|tsx?))(?:\?[^"']*)?["']""")
MOST_CANDIDATES = 8
PROJECT_FILE = re.compile(
    r"(?:^|/)(?:package\.json|Gemfile|manage\.py|composer\.json|pyproject\.toml|requirements\.txt|_config\.yml"
    r"|pom\.xml|go\.mod)$"
)


class Names:
    """The files of a site by every way to name them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)

    @cached_property
    def _by_base(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def templates(self, target: Value, engine: str, asked_by: str) -> list[str]:
        """The templates that a name may mean, the likeliest first."""
        record = engine_named(engine)
        if isinstance(target, (Hole, Text)) or not isinstance(target, str):
            return self._by_pattern(target)
        found: list[str] = []
        for name in _without_alias(target.strip()):
            found = found or self._spelled(name, record, asked_by)
        own_first = [path for path in found if path != asked_by] or found
        return self._of_project(own_first, asked_by)[:MOST_CANDIDATES]

    def _spelled(self, name: str, record: Engine, asked_by: str) -> list[str]:
        """The files that one name may mean, in every spelling of the engine."""
        base_folder = posixpath.dirname(asked_by)
        found: list[str] = []
        for spelling in record.spellings:
            folder, _, base = name.rpartition("/")
            written = posixpath.normpath(
                spelling.format(name=name, folder=folder or ".", base=base)
            ).lstrip("/")
            if written.startswith(".."):
                written = posixpath.normpath(posixpath.join(base_folder, written))
            nearby = posixpath.normpath(posixpath.join(base_folder, written))
            roots = [posixpath.join(root, written) for root in record.roots]
            for candidate in (
                nearby if name.startswith(".") or "/" not in name else "",
                *roots,
                written,
                nearby,
            ):
                if candidate in self.paths and candidate not in found:
                    found.append(candidate)
            found.extend(path for path in self._ending(written) if path not in found)
        return found

    def scripts(self, url: Value, asked_by: str) -> tuple[list[str], str]:
        """The files that a script's address or an import means, and the name that was looked
        for.
        """
        if isinstance(url, Hole):
            asset = ASSET.search(url.text)
            name = asset[1] if asset else ""
        elif isinstance(url, Text):
            name = _end_of(url)
        else:
            name = url if isinstance(url, str) else ""
        name = re.split(r"[?#]", name)[0].strip()
        if not name or re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", name, re.I):
            return [], name
        return self._script_files(name, asked_by), name

    def _script_files(self, name: str, asked_by: str) -> list[str]:
        folder = posixpath.dirname(asked_by)
        wanted: list[str] = []
        if name.startswith("/"):
            wanted.extend(root + name.lstrip("/") for root in WEB_ROOTS)
        elif name.startswith(("./", "../")):
            wanted.append(posixpath.normpath(posixpath.join(folder, name)))
        else:
            for alias in ALIASES:
                if name.startswith(alias):
                    name = name.removeprefix(alias)
                    wanted.extend(self._above(folder, name))
                    break
            wanted.append(posixpath.normpath(posixpath.join(folder, name)))
            wanted.extend(root + name for root in WEB_ROOTS)
        for candidate in wanted:
            stem = re.sub(r"\.[cm]?js$", "", candidate)
            for ending in SCRIPT_ENDINGS:
                for path in (candidate + ending, stem + ending if stem != candidate else ""):
                    if path in self.paths:
                        return [path]
        tail = name.lstrip("./")
        if "/" not in tail and not re.search(r"\.m?js$", tail):
            return []
        return self._of_project(self._ending(tail), asked_by)[:MOST_CANDIDATES]

    def _above(self, folder: str, name: str) -> Iterator[str]:
        """The places to which an alias such as @/ may point: src or the root of this or an outer
        package.
        """
        while True:
            for root in ("src", "", "app"):
                yield posixpath.normpath(posixpath.join(folder, root, name))
            if not folder:
                return
            folder = posixpath.dirname(folder)

    @cached_property
    def _projects(self) -> tuple[str, ...]:
        """The folders below the top that are projects of their own, the deepest first."""
        folders = {posixpath.dirname(path) for path in self.paths if PROJECT_FILE.search(path)}
        return tuple(sorted(filter(None, folders), key=lambda folder: -folder.count("/")))

    def _of_project(self, found: list[str], asked_by: str) -> list[str]:
        """The candidates of the asking file's own project, where a repository holds several."""
        own = next((each for each in self._projects if asked_by.startswith(each + "/")), "")
        near = [path for path in found if path.startswith(own + "/")] if own else []
        return near or found

    def _ending(self, name: str) -> list[str]:
        """The files whose path ends with the name, on a folder's border."""
        base = name.rpartition("/")[2]
        return [
            path
            for path in self._by_base.get(base, ())
            if path == name or path.endswith("/" + name)
        ]

    def _by_pattern(self, target: Value) -> list[str]:
        """The files that a name with holes may mean, when enough of it can be read."""
        if not isinstance(target, Text):
            return []
        literal = [
            part for part in target.parts if isinstance(part, str) and len(part.strip("/.")) > 2
        ]
        if not literal:
            return []
        pattern = re.compile(
            ".*"
            + ".*".join(
                re.escape(part) if isinstance(part, str) else "[^/]*" for part in target.parts
            )
        )
        return [path for path in sorted(self.paths) if pattern.match(path)][:MOST_CANDIDATES]


def _without_alias(name: str) -> list[str]:
    """The names that one with an alias for a folder may mean: `@App/a.twig`, `App:parts:a.twig`."""
    _, _, rest = name.partition(":")
    found = ["/".join(part for part in rest.split(":") if part), name.split(":")[-1].lstrip("!@")]
    if name.startswith(("@", "!@")):
        found.append(name.partition("/")[2])
    return [each for each in dict.fromkeys(found) if each]


def _end_of(url: Text) -> str:
    """The readable end of a script's address, without its query: `a.js` of `${base}a.js?v=${n}`."""
    name = ""
    for part in url.parts:
        if isinstance(part, Hole):
            asset = ASSET.search(part.text)
            name = asset[1] if asset else ""
        else:
            path, mark, _ = part.partition("?")
            name += path
            if mark:
                break
    return name if re.search(r"\w\.m?jsx?$", name) else ""
