"""Sphinx: the texts beside conf.py are pages, and its settings put a tracker on all of them."""

from __future__ import annotations

import ast
import json
import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from analyzer.frameworks import (
    Convention,
    Framework,
    Join,
    Missing,
    PageAt,
    Part,
    Project,
    Wrap,
    folder_of,
)
from analyzer.frameworks._generators import (
    Settings,
    built_copies,
    place_of,
    settings_from,
    table_of,
    text_of,
    texts_of,
    tidy,
)
from analyzer.frameworks._told import tracker_of
from analyzer.model import Fact, ScriptLoad, Skip, Source
from analyzer.parse.front_matter import Plain

CONFIG = re.compile(r"(?:^|/)conf\.py$")
SIGNS = re.compile(
    rb"^[ \t]*(?:html_theme|html_static_path|master_doc|root_doc|html_theme_options|templates_path"
    rb"|html_title|intersphinx_mapping|autodoc_\w+)\s*=|[\"']sphinx\.ext\.|[\"']myst_",
    re.M,
)
ID_KEYS = (  # names under which themes and extensions take an id
    "analytics_id",
    "googleanalytics_id",
    "google_analytics_id",
    "google_analytics_account",
    "tracking_id",
    "ga_id",
    "ga_ua",
    "gtm_id",
    "gtag_id",
)
TEXTS = (".rst", ".md", ".ipynb", ".txt")
RAW_MARKUP = re.compile(rb"^\s*\.\.\s+raw::\s*html", re.M)
USUAL = ("_build", "build", ".venv", "venv", "node_modules", "_templates", "_static")


def read(source: Source) -> Iterator[Fact | Skip]:
    """The settings that are written out, and the ids and scripts in them."""
    if source.path.endswith(".rst"):
        if RAW_MARKUP.search(source.data):
            yield Skip(source.path, "the raw HTML in its text is not read", kind="partly")
        return
    if not SIGNS.search(source.data):
        return
    try:
        tree = ast.parse(source.data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield Skip(source.path, "its settings cannot be read", kind="partly")
        return
    values: dict[str, Plain] = {}
    for node in tree.body:
        for name, value in _assigned(node):
            told = _plain(value)
            before = values.get(name)
            if isinstance(told, dict) and isinstance(before, dict):
                values[name] = {**before, **told}
            else:
                values[name] = told
    yield Settings(place=source.place(0, 0), generator="sphinx", written=json.dumps(values))
    yield from _trackers(source, values)


def _assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Names and values: `a = 1`, `a: str = 1`, `a["b"] = 1` and `a.update({...})`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Name(id=name), slice=ast.Constant() as key)],
            value=value,
        ):
            yield name, ast.Dict(keys=[key], values=[value])
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="update"),
                args=[ast.Dict() as value],
            )
        ):
            yield name, value


def _plain(node: ast.expr | None, depth: int = 0) -> Plain:
    if depth > 20:
        return None
    match node:
        case ast.Constant(value=bool() | str() as value):
            return value
        case ast.Constant(value=int() | float() as value):
            return str(value)
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [_plain(each, depth + 1) for each in items]
        case ast.Dict(keys=keys, values=values):
            return {
                key.value: _plain(value, depth + 1)
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
    return None


def _trackers(source: Source, values: dict[str, Plain]) -> Iterator[Fact]:
    options = table_of(values.get("html_theme_options"))
    context = table_of(values.get("html_context"))
    found: dict[str, None] = {}
    for table in (values, options, context, table_of(options.get("analytics"))):
        for key in ID_KEYS:
            found.update(dict.fromkeys([text_of(table.get(key))]))
    for account in filter(None, found):
        fact = tracker_of(account, place_of(source, account))
        if fact is not None:
            yield fact
    for url in _scripts(values):
        if url.startswith(("http:", "https:", "//")):
            yield ScriptLoad(place=place_of(source, url), url=url)


def _scripts(values: dict[str, Plain]) -> list[str]:
    """The scripts that every page loads: texts, or texts with their attributes."""
    listed = values.get("html_js_files")
    return [
        text
        for each in (listed if isinstance(listed, list) else [])
        for text in texts_of(each[0] if isinstance(each, list) and each else each)[:1]
    ]


def conventions(project: Project) -> Iterator[Convention]:
    """Every folder with settings, the innermost first."""
    facts = settings_from(project, "sphinx")
    for fact in sorted(facts, key=lambda each: -each.place.path.count("/")):
        yield from _site(project, fact, fact.values)


def _site(project: Project, fact: Settings, values: dict[str, Plain]) -> Iterator[Convention]:
    config = fact.place.path
    root = folder_of(config)
    pages = list(_pages(project, root, values))
    if not pages:
        return
    folders = [root + each.strip("/") + "/" for each in texts_of(values.get("templates_path"))]
    layout = project.first(*(each + "layout.html" for each in folders))
    statics = [root + each.strip("/") + "/" for each in texts_of(values.get("html_static_path"))]
    scripts = [
        path
        for url in _scripts(values)
        if (path := project.first(*(each + url.lstrip("/") for each in statics)))
    ]
    for path in project.all_templates:
        if path.startswith(tuple(folders)):
            yield Part(path)
    for page, address in pages:
        yield PageAt(page, (address,))
        yield Join("injects", page, config)
        if layout:
            yield Wrap(page, layout)
        yield from (Join("loads", page, script) for script in scripts)
    if theme := text_of(values.get("html_theme")):
        yield Missing(fact.place, "package", f"theme {theme}")
    for output in ("_build/html/", "build/html/"):
        yield from built_copies(project, root + output)


def _pages(project: Project, root: str, values: dict[str, Plain]) -> Iterator[tuple[str, str]]:
    told = values.get("source_suffix")
    suffixes = tuple(table_of(told) or texts_of(told)) or TEXTS[:2]
    left_out = [*texts_of(values.get("exclude_patterns")), *USUAL]
    for path in sorted(each for each in project.paths if each.startswith(root)):
        name = path.removeprefix(root)
        if not path.endswith(suffixes) or path in project.spoken:
            continue
        if any(
            fnmatchcase(name, each) or name.startswith(each.rstrip("/*") + "/") or name == each
            for each in left_out
        ):
            continue
        if not root and name.upper().startswith(("README", "CHANGELOG", "LICENSE", "CONTRIBUTING")):
            continue
        yield path, tidy(posixpath.splitext(name)[0] + ".html")


FRAMEWORK = Framework(
    name="sphinx",
    conventions=conventions,
    reads=CONFIG.pattern + r"|\.rst$",
    read=read,
    order=-1,
    about=CONFIG.pattern,
)
