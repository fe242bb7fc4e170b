"""Names for folders in imports: TypeScript's paths, aliases of bundlers, packages of a workspace.

`@/lib/track` means a file only where some configuration says so: tsconfig.json or jsconfig.json
with `paths` and `baseUrl`, `imports` and `name` of a package.json, `alias` in the settings of
Vite, webpack, Babel and their like.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analyzer.frameworks import Convention, Framework, Project
from analyzer.model import Fact, Skip, Source

READS = (
    r"(?:^|/)(?:tsconfig[\w.-]*\.json|jsconfig[\w.-]*\.json|package\.json"
    r"|(?:vite|webpack|rspack|rollup|next|nuxt|svelte|astro|babel|craco|rsbuild|gatsby|snowpack"
    r"|electron\.vite|metro|vue|quasar|gatsby-node)(?:\.[\w-]+)*\.(?:[cm]?js|[cm]?ts)|\.babelrc)$"
)
LARGEST = 500_000  # bytes of a configuration
MOST = 500  # names of one configuration
COMMENTS = re.compile(
    r'("(?:[^"\\]|\\.)*+(?:"|\Z))|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|//[^\n]*+|,(?=\s{0,200}[}\]])',
    re.S,
)
ALIAS = re.compile(r"\balias(?:es)?\s*(?::|=)\s*(?P<open>[{\[])")
QUOTED = r"(?P<{0}>[\"'`])(?P<{1}>[^\"'`\n]{{1,200}})(?P={0})"
ENTRY = re.compile(
    r"(?:find\s*:\s*)?(?:" + QUOTED.format("q", "name") + r"|(?P<bare>[\w$]{1,100}))"
    r"\s*(?::|,\s*replacement\s*:)\s*(?P<value>[^,}\]\n]{0,40}?(?:\([^;{}\n]{0,200})?)"
    + QUOTED.format("v", "path")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias(Fact):
    """Imports that fit `pattern` mean `targets`; `*` stands for the rest of a name.

    `kind` is path; base, where plain names are looked for in the targets; package, the name of a
    package that lies in the target; or extends, where the target is a configuration that holds
    here too.
    """

    pattern: str
    targets: tuple[str, ...]
    kind: str = "path"


def read(source: Source) -> Iterator[Fact | Skip]:
    """The names that one configuration gives to folders."""
    if len(source.data) > LARGEST:
        return
    text = source.data.decode("utf-8", "replace").removeprefix("\ufeff")
    base = posixpath.basename(source.path)
    if base.endswith(".json"):
        try:
            found = json.loads(text if base == "package.json" else _plain(text))
        except (ValueError, RecursionError):
            return
        if isinstance(found, dict):
            reader = _of_package if base == "package.json" else _of_typescript
            yield from reader(source, found)
    else:
        yield from _of_settings(source, text)


def conventions(_: Project) -> Iterator[Convention]:
    """Aliases make no pages."""
    return iter(())


def _of_typescript(source: Source, found: dict[str, Any]) -> Iterator[Fact]:
    folder = posixpath.dirname(source.path)
    extended = found.get("extends")
    for each in extended if isinstance(extended, list) else [extended]:
        if isinstance(each, str) and each.startswith("."):
            path = _joined(folder, each).removesuffix(".json") + ".json"
            yield _alias(source, "", (path,), "extends")
    options = found.get("compilerOptions")
    if not isinstance(options, dict):
        return
    base = options.get("baseUrl")
    root = _joined(folder, base) if isinstance(base, str) else folder
    paths = options.get("paths")
    for pattern, targets in list(paths.items())[:MOST] if isinstance(paths, dict) else ():
        listed = targets if isinstance(targets, list) else [targets]
        told = tuple(_joined(root, each) for each in listed if isinstance(each, str))
        if told:
            yield _alias(source, pattern, told)
    if isinstance(base, str):
        yield _alias(source, "*", (root,), "base")


def _of_package(source: Source, found: dict[str, Any]) -> Iterator[Fact]:
    folder = posixpath.dirname(source.path)
    imports = found.get("imports")
    for pattern, target in list(imports.items())[:MOST] if isinstance(imports, dict) else ():
        first = next(_texts(target), "")
        if pattern.startswith("#") and first.startswith("."):
            yield _alias(source, pattern, (_joined(folder, first),))
    name = found.get("name")
    if not isinstance(name, str) or not name:
        return
    if not folder:  # nobody asks for the whole repository, and yet it may be a vendor's own
        yield _alias(source, name, (), "package")
        return
    exports = found.get("exports")
    for pattern, target in list(exports.items())[:MOST] if isinstance(exports, dict) else ():
        told = tuple(_joined(folder, each) for each in _texts(target) if each.startswith("."))
        if told and pattern.startswith("."):
            key = name + pattern.removeprefix(".")
            yield _alias(source, key, told, "package")
    mains = (found.get(key) for key in ("source", "module", "main", "types"))
    told = tuple(_joined(folder, each) for each in mains if isinstance(each, str))
    usual = (_joined(folder, "src/index"), _joined(folder, "index"))
    yield _alias(source, name, (*told, *usual), "package")
    yield _alias(source, name + "/*", (_joined(folder, "*"), _joined(folder, "src/*")), "package")


def _of_settings(source: Source, text: str) -> Iterator[Fact]:
    """The literal pairs of an `alias` in a program; what is computed is left."""
    folder = posixpath.dirname(source.path)
    for count, opened in enumerate(ALIAS.finditer(text)):
        if count >= 20:
            return
        body = text[opened.end() : opened.end() + 8_000]
        for number, pair in enumerate(ENTRY.finditer(body[: _closed(body)])):
            if number >= MOST:
                break
            name, path = pair["name"] or pair["bare"], pair["path"]
            told = _joined(folder, path.lstrip("/"))
            if "node_modules" in told or not re.search(r"[./]", path + pair["value"]):
                continue
            pattern = name.removesuffix("$").removesuffix("/*").rstrip("/")
            yield _alias(source, pattern, (told,))
            yield _alias(source, pattern + "/*", (told + "/*",))


def _closed(body: str) -> int:
    """Where the list or the object ends whose inside begins the text."""
    depth = 0
    for at, sign in enumerate(body):
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
            if depth < 0:
                return at
    return len(body)


def _alias(source: Source, pattern: str, targets: tuple[str, ...], kind: str = "path") -> Alias:
    return Alias(
        place=source.place(0, 0),
        pattern=pattern,
        targets=targets,
        kind=kind,
    )


def _texts(value: object) -> Iterator[str]:
    """The texts of a value that is one or holds several under conditions."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in list(value.values())[:20]:
            if isinstance(each, str):
                yield each


def _joined(folder: str, path: str) -> str:
    found = posixpath.normpath(posixpath.join(folder, path)).rstrip("/")
    return "" if found == "." else found


def _plain(text: str) -> str:
    """JSON without the comments and the last commas that configurations may have."""
    return COMMENTS.sub(lambda found: found[1] or "", text)


FRAMEWORK = Framework(
    name="aliases",
    conventions=conventions,
    reads=READS,
    read=read,
    about=r"(?!)",
)
