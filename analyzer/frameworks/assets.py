"""Build tools: which script a page means by a logical name, told by manifests and build settings.

A page asks for `app` or `app.3f2a9c.js`; the manifest that the build left, or else the settings
of the build tool, say which file of the repository that is. Vite, Laravel Mix, webpack (manifest,
stats, entries), Create React App, Encore, Sprockets, Propshaft, Django's staticfiles, gulp-rev,
Next.js' build manifest and Rails' import maps are known, and the commands of a package.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from analyzer.frameworks import Convention, Framework, Join, Project
from analyzer.frameworks._npm_scripts import builds
from analyzer.model import Asset, Fact, Skip, Source

READS = (
    r"(?:^|/)(?:manifest|mix-manifest|rev-manifest|asset-manifest|entrypoints|stats|webpack-stats"
    r"|staticfiles|build-manifest|\.sprockets-manifest[-\w]*|\.manifest)\.json$"
    r"|(?:^|/)config/importmap\.rb$|(?:^|/)package\.json$"
    r"|(?:^|/)(?:webpack|vite|rollup|rspack|gulpfile)[\w.-]*\.(?:[cm]?js|ts)$"
)
MOST = 5_000  # entries of one manifest
SCRIPT = re.compile(r"\.(?:m?js|[jt]sx?|vue|svelte)$")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'\w])//[^\n]*", re.S)
QUOTED = r"""["'`](?P<{0}>[^"'`\n]{{1,300}})["'`]"""
ENTRIES = re.compile(r"\b(?:entry|input)\s*:\s*\{(?P<body>[^{}]{1,4000})\}")
PAIR = re.compile(
    r"(?:[\"'](?P<quoted>[^\"'\n]{1,200})[\"']|(?P<word>[\w$-]+))\s*:\s*(?:\[\s*)?"
    r"(?:(?:path\.)?resolve\(\s*__dirname\s*,\s*)?" + QUOTED.format("file")
)
ONE_ENTRY = re.compile(r"\b(?:entry|input)\s*:\s*(?:\[\s*)?" + QUOTED.format("file"))
ENCORE = re.compile(
    r"\.add(?:Entry|StyleEntry)\(\s*" + QUOTED.format("name") + r"\s*,\s*" + QUOTED.format("file")
)
MIX = re.compile(
    r"\bmix\b[^;]{0,2000}?\.(?:js|ts|react|vue|scripts|combine)\(\s*(?:\[\s*)?"
    + QUOTED.format("file")
    + r"[^)]{0,500}?,\s*"
    + QUOTED.format("to")
)
CONCAT = re.compile(
    r"\bsrc\(\s*\[?(?P<files>[^)\]]{1,4000})\]?[^;]{0,2000}?concat\(\s*" + QUOTED.format("name")
)
LITERAL = re.compile(r"""["'`]([^"'`\n]{1,300})["'`]""")
PIN = re.compile(
    r"^\s*pin\s+[\"'](?P<name>[^\"']+)[\"'](?:[^\n#]*\bto:\s*[\"'](?P<to>[^\"']+)[\"'])?", re.M
)


def read(source: Source) -> Iterator[Fact | Skip]:
    """What one manifest or one build configuration says about scripts."""
    if source.path.rpartition("/")[2] == "package.json":
        for output, files in builds(_loaded(source)):
            yield _asset(source, 0, output, files)
        return
    if source.path.endswith(".json"):
        yield from _of_manifest(source)
        return
    text = source.data.decode("latin-1")
    if source.path.endswith(".rb"):
        for pin in PIN.finditer(text):
            target = pin["to"] or pin["name"] + ".js"
            if not target.startswith(("http:", "https:")):
                yield _asset(source, pin.start(), pin["name"], (target,))
        return
    yield from _of_settings(source, COMMENT.sub(lambda found: " " * len(found[0]), text))


def conventions(project: Project) -> Iterator[Convention]:
    """The chunks that Next.js' build manifest gives to each page of the pages folder."""
    for asset in project.facts(Asset):
        if not asset.page:
            continue
        stem = "pages" + ("/index" if asset.logical == "/" else asset.logical)
        page = project.first(
            *(
                root + stem + ending
                for root in ("", "src/")
                for ending in (
                    ".tsx",
                    ".jsx",
                    ".js",
                    ".ts",
                    "/index.tsx",
                    "/index.jsx",
                    "/index.js",
                )
            )
        )
        for name in asset.files if page else ():
            for script in project.scripts("/" + name, page)[:1]:
                yield Join("loads", page, script, asset.place)


def _of_manifest(source: Source) -> Iterator[Fact]:
    said = _loaded(source)
    if "start_url" in said and "icons" in said:
        return  # a web application's manifest names no scripts
    for logical, files, page in list(_entries(said))[:MOST]:
        kept = tuple(name for name in files if SCRIPT.search(name.split("?")[0]))
        if kept:
            yield _asset(source, 0, logical, kept, page)


def _loaded(source: Source) -> dict[str, Any]:
    """The file as JSON; empty where it is none: a page's script is then looked for by its name."""
    try:
        said = json.loads(source.data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _entries(said: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Logical names with the files behind them, in every shape of a manifest that is known."""
    pages = said.get("pages")
    if isinstance(pages, dict) and "lowPriorityFiles" in said:
        yield from ((name, _texts(chunks), True) for name, chunks in pages.items())
        return
    for key in ("paths", "assets", "files"):
        if isinstance(inner := said.get(key), dict):
            yield from _pairs(inner)
    for key in ("entrypoints", "chunks"):
        if isinstance(inner := said.get(key), dict):
            for name, value in inner.items():
                files = (
                    value.get("js", value.get("assets", ())) if isinstance(value, dict) else value
                )
                yield name, _texts(files), False
                yield f"{name}.js", _texts(files), False
    yield from _pairs(said)


def _pairs(said: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    for name, value in said.items():
        if isinstance(value, str) and SCRIPT.search(value.split("?")[0]):
            yield name, (value,), False
        elif isinstance(value, dict) and isinstance(built := value.get("file"), str):
            # Vite: the key and `src` are the source of the file that pages load.
            original = value.get("src") or name
            yield built, (str(original),), False
            if value.get("isEntry") and isinstance(value.get("name"), str):
                yield value["name"], (str(original), built), False


def _texts(value: Any) -> tuple[str, ...]:
    """The file names in a list of names, or of objects with a name."""
    if isinstance(value, str):
        return (value,)
    found = value if isinstance(value, (list, tuple)) else ()
    names = (each.get("name") if isinstance(each, dict) else each for each in found)
    return tuple(name for name in names if isinstance(name, str))


def _of_settings(source: Source, text: str) -> Iterator[Fact]:
    """The entries of a build tool's own configuration."""
    for entries in ENTRIES.finditer(text):
        for pair in PAIR.finditer(entries["body"]):
            name = pair["quoted"] or pair["word"]
            yield from _entry(source, entries.start() + pair.start(), name, pair["file"])
    for entry in ONE_ENTRY.finditer(text):
        yield from _entry(source, entry.start(), "main", entry["file"])
    for entry in ENCORE.finditer(text):
        yield from _entry(source, entry.start(), entry["name"], entry["file"])
    for entry in MIX.finditer(text):
        base = entry["file"].rpartition("/")[2]
        name = entry["to"] if SCRIPT.search(entry["to"]) else f"{entry['to']}/{base}"
        yield from _entry(source, entry.start(), name.removeprefix("public/"), entry["file"])
    for entry in CONCAT.finditer(text):
        files = tuple(
            name
            for name in LITERAL.findall(entry["files"])
            if "*" not in name and SCRIPT.search(name)
        )
        if files:
            yield _asset(source, entry.start(), entry["name"], files)


def _entry(source: Source, at: int, name: str, file: str) -> Iterator[Fact]:
    if SCRIPT.search(file):
        yield _asset(source, at, name, (file,))
        if not SCRIPT.search(name):
            yield _asset(source, at, name + ".js", (file,))


def _asset(
    source: Source, at: int, logical: str, files: tuple[str, ...], page: bool = False
) -> Asset:
    plain = tuple(name.split("?")[0] for name in files)
    return Asset(place=source.place(at, at), logical=logical, files=plain, page=page)


FRAMEWORK = Framework(
    name="assets",
    conventions=conventions,
    reads=READS,
    read=read,
    order=50,
    about=READS,
)
