"""Which file a name means: a template that is extended or included, a script that is loaded."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from analyzer.engines import Engine, engine_named
from analyzer.link.aliases import Aliases
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
TYPES = ".d.ts"  # a file of declarations
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
    "app/webpacker/",
    "app/frontend/",
    "src/main/resources/static/",
    "dist/",
    "build/",
)
ALIASES = ("@/", "~/", "#/", "#")
ASSET = re.compile(r"""["']([^"']+?\.(?:m?js|jsx|tsx?))(?:\?[^"']*)?["']""")
HASHED = re.compile(
    r"(?P<stem>[A-Za-z][\w-]*?)[.-](?=[\w-]*\d)[\w-]{6,64}(?:\.(?:chunk|bundle|min))?\.m?js$"
)
MOST_CANDIDATES = 8
MANY = 64  # files of one name, of which only the nearest are looked at
PROJECT_FILE = re.compile(
    r"(?:^|/)(?:package\.json|Gemfile|manage\.py|composer\.json|pyproject\.toml|requirements\.txt|_config\.yml"
    r"|pom\.xml|go\.mod)$"
)


class Names:
    """The files of a site by every way to name them."""

    def __init__(
        self,
        paths: Iterable[str],
        assets: Mapping[str, tuple[str, ...]] | None = None,
        aliases: Aliases | None = None,
        types: Iterable[str] = (),
    ) -> None:
        self.paths = frozenset(paths)
        self.types = frozenset(types)
        self.assets = assets or {}
        self.aliases = aliases or Aliases(())
        self._endings: dict[str, list[str]] = {}
        self._patterns: dict[tuple[str, ...], list[str]] = {}
        self._modules: dict[tuple[str, str], list[str]] = {}

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self.paths)

    @cached_property
    def _by_tail(self) -> dict[str, list[str]]:
        """The files by their name together with their folder's."""
        found: dict[str, list[str]] = {}
        for path in self._ordered:
            found.setdefault("/".join(path.split("/")[-2:]), []).append(path)
        return found

    @cached_property
    def _by_base(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._ordered:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def templates(self, target: Value, engine: str, asked_by: str) -> list[str]:
        """The templates that a name may mean, the likeliest first."""
        if isinstance(target, tuple):  # the first of them that exists
            ordered = (self.templates(each, engine, asked_by) for each in target)
            return next((found for found in ordered if found), [])
        record = engine_named(engine)
        if isinstance(target, (Hole, Text)) or not isinstance(target, str):
            return self._by_pattern(target)
        found: list[str] = []
        if (record.beside or record.climbs) and (
            near := self._beside(target.strip(), record, asked_by)
        ):
            return [near]
        if record.exact:
            return self._exact(target.strip().lstrip("/"), record, asked_by)
        for name in _without_alias(target.strip()):
            found = found or self._spelled(name, record, asked_by)
        own_first = [path for path in found if path != asked_by] or found
        own_first = self._rooted(own_first, target.strip().lstrip("./"), record, asked_by)
        if record.nearest and own_first:
            return [_nearest(own_first, record, asked_by)]
        return self._of_project(own_first, asked_by)[:MOST_CANDIDATES]

    def _rooted(self, found: list[str], name: str, record: Engine, asked_by: str) -> list[str]:
        """Of several files those that lie right below a root of templates; outside of Django, whose
        applications share their names, only the one below the asking file's own root.
        """
        ends = tuple(f"/{root}/{name}" for root in record.roots)
        rooted = [path for path in found if f"/{path}".endswith(ends)] or found
        own = [path for path in rooted if asked_by.startswith(path.removesuffix(name) or "/")]
        shared = any(asked_by.startswith(folder) for folder in self._sites)
        return rooted if shared or not own or len(rooted) < 2 else own[:1]

    @cached_property
    def _sites(self) -> tuple[str, ...]:
        """The folders of Django sites."""
        found = (path.removesuffix("manage.py") for path in self._by_base.get("manage.py", ()))
        return tuple(found)

    def _beside(self, name: str, record: Engine, asked_by: str) -> str:
        """The file that a name leads to from the folder of the one that asks, or from above."""
        here = posixpath.dirname(asked_by)
        if record.climbs and name.startswith(("~", "/")):
            name = name.lstrip("~/")
        folder, _, base = name.rpartition("/")
        written = [
            posixpath.join(below, spelling.format(name=name, folder=folder or ".", base=base))
            for below in record.climbs or ("",)
            for spelling in record.spellings
        ]
        while True:
            for each in written:
                path = posixpath.normpath(posixpath.join(here, each))
                if path in self.paths and path != asked_by:
                    return path
            if not here or not record.climbs:
                return ""
            here = posixpath.dirname(here)

    def _exact(self, name: str, record: Engine, asked_by: str) -> list[str]:
        """The one file that a name means: beside the one that asks, else below a root of its
        application, else of another one. A bare name may be inherited, and is then ambiguous.
        """
        folder, _, base = name.rpartition("/")
        written = [
            posixpath.normpath(each.format(name=name, folder=folder or ".", base=base))
            for each in record.spellings
        ]
        root = next((each for each in record.roots if f"/{each}/" in f"/{asked_by}"), "")
        app = f"/{asked_by}".partition(f"/{root}/")[0].lstrip("/") if root else ""
        nearby = [posixpath.dirname(asked_by)] if not folder else []
        own = [posixpath.join(app, each) for each in record.roots]
        for place in (*nearby, *own):
            for each in written:
                path = posixpath.normpath(posixpath.join(place, each))
                if path in self.paths and path != asked_by:
                    return [path]
        ends = record.roots if folder else ("",)
        for each in written:
            found = [
                path
                for end in ends
                for path in self._ending(posixpath.join(end, each), asked_by)
                if path != asked_by
            ]
            if found:
                return self._of_project(found, asked_by)[:MOST_CANDIDATES]
        return []

    def _spelled(self, name: str, record: Engine, asked_by: str) -> list[str]:
        """The files that one name may mean, in every spelling of the engine."""
        base_folder = posixpath.dirname(asked_by)
        found: list[str] = []
        for spelling in record.spellings:
            folder, _, base = name.rpartition("/")
            bare = base.removesuffix("-layout")
            if "{bare}" in spelling and bare == base:
                continue
            written = posixpath.normpath(
                spelling.format(name=name, folder=folder or ".", base=base, bare=bare)
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
            seen = set(found)
            found.extend(path for path in self._ending(written, asked_by) if path not in seen)
            if found and record.nearest:
                break
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
        if isinstance(url, str) and (aliased := self._aliased(url, asked_by)):
            return aliased, url
        name = re.split(r"[?#]", name)[0].strip()
        if not name or re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", name, re.I):
            return [], name
        return self._script_files(name, asked_by) or self._built(name, asked_by), name

    def modules(self, name: str, asked_by: str) -> list[str]:
        """The files that an import means: by its path, by an alias, or as a package in here."""
        key = (name, posixpath.dirname(asked_by))
        if key not in self._modules:
            self._modules[key] = self._module_files(name.partition("?")[0], asked_by)
        return self._modules[key]

    def _module_files(self, name: str, asked_by: str) -> list[str]:
        if found := self._aliased(name, asked_by):
            return found
        return [] if is_bare(name) else self._script_files(name.lstrip("#"), asked_by)

    def is_types(self, name: str, asked_by: str) -> bool:
        """Does an import mean a file that declares types and holds nothing that runs?"""
        near = posixpath.normpath(posixpath.join(posixpath.dirname(asked_by), name))
        candidates = [near] if name.startswith(".") else self.aliases.paths(name, asked_by)
        return any(each + TYPES in self.types for each in candidates)

    def _aliased(self, name: str, asked_by: str) -> list[str]:
        """The file that a name means by an alias or by the name of a package in here."""
        if not name.startswith(("./", "../")):
            for candidate in self.aliases.paths(name, asked_by):
                if found := self._with_ending(candidate):
                    return [found]
        return []

    def _with_ending(self, candidate: str) -> str:
        """The file of this path, with the endings that an import leaves out."""
        stem = re.sub(r"\.[cm]?js$", "", candidate)
        for ending in SCRIPT_ENDINGS:
            for path in (candidate + ending, stem + ending if stem != candidate else ""):
                if path in self.paths:
                    return path
        return ""

    def guesses(self, name: str, asked_by: str) -> list[str]:
        """The sources that a built script may come from, by what is left without its hash."""
        hashed = HASHED.match(name.rpartition("/")[2])
        if hashed is None:
            return []
        found = [
            path
            for ending in SCRIPT_ENDINGS[1:7]
            for path in self._by_base.get(hashed["stem"] + ending, ())
        ]
        return self._of_project(found, asked_by)[:MOST_CANDIDATES]

    def _built(self, name: str, asked_by: str) -> list[str]:
        """The files that a build's manifest or settings give for a name, sources first."""
        bare = name.lstrip("./")
        tails = (bare[at + 1 :] for at, sign in enumerate(bare) if sign == "/")
        files = next(
            (self.assets[each] for each in (name, bare, *tails) if each in self.assets), ()
        )
        found = [path for file in files for path in self._script_files(file, asked_by)]
        return list(dict.fromkeys(found))[:MOST_CANDIDATES]

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
            if found := self._with_ending(candidate):
                return [found]
        tail = name.lstrip("./")
        if "/" not in tail and not re.search(r"\.m?js$", tail):
            return []
        return self._of_project(self._ending(tail, asked_by), asked_by)[:MOST_CANDIDATES]

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

    def _ending(self, name: str, asked_by: str) -> list[str]:
        """The files whose path ends with the name, on a folder's border; of very many, those that
        lie nearest to the file that asks.
        """
        if name not in self._endings:
            tail = "/".join(name.split("/")[-2:])
            known = self._by_tail if "/" in name else self._by_base
            self._endings[name] = [
                path for path in known.get(tail, ()) if path == name or path.endswith("/" + name)
            ]
        found = self._endings[name]
        if len(found) <= MANY:
            return found
        folder = asked_by
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            start = bisect_left(found, folder + "/")
            end = bisect_left(found, folder + "0")  # the character behind the slash
            if start < end:
                return found[start : min(end, start + MANY)]
        return found[:MANY]

    def _by_pattern(self, target: Value) -> list[str]:
        """The files that a name with holes may mean, when enough of it can be read."""
        if not isinstance(target, Text):
            return []
        literal = tuple(part for part in target.parts if isinstance(part, str))
        if not any(len(part.strip("/.")) > 2 for part in literal):
            return []
        if literal not in self._patterns:
            fitting = (path for path in self._ordered if _holds_in_order(path, literal))
            self._patterns[literal] = list(islice(fitting, MOST_CANDIDATES))
        return self._patterns[literal]


def _holds_in_order(path: str, pieces: Iterable[str]) -> bool:
    """Does the path hold the pieces one after the other?"""
    at = 0
    for piece in pieces:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def is_bare(name: str) -> bool:
    """Is the name of an import one that a package may have?"""
    return not name.startswith((".", "/", "@/", "~/", "#"))


def _nearest(found: Sequence[str], record: Engine, asked_by: str) -> str:
    """The file that lies nearest to the one that asks, one that overrides others before those."""

    def rank(path: str) -> tuple[bool, int]:
        hidden = bool(record.overridden) and re.search(record.overridden, path) is not None
        return hidden, -len(posixpath.commonprefix((path, asked_by)))

    return min(found, key=rank)


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
