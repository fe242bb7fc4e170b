"""Eleventy: texts below the input folder become pages in the layouts that they or folders name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from analyzer.frameworks import Convention, Framework, Project, folder_of
from analyzer.frameworks._eleventy import FolderData, Ignores, Setup, Site
from analyzer.frameworks._objects import Script, script_of
from analyzer.model import Fact, Skip, Source

CONFIG = re.compile(r"(?:^|/)(?:\.eleventy\.[cm]?js|eleventy\.config\.(?:[cm]?js|ts))$")
DATA = re.compile(
    r"(?:^|/)(?P<eleventy_folder>[^/]+)/(?P=eleventy_folder)\.json$|\.11tydata\.(?:json|[cm]?js)$"
)
IGNORES = re.compile(r"(?:^|/)\.eleventyignore$")
FOLDERS = ("input", "includes", "layouts", "data", "output")
SETTERS = {
    "setInputDirectory": "input",
    "setIncludesDirectory": "includes",
    "setLayoutsDirectory": "layouts",
    "setDataDirectory": "data",
    "setOutputDirectory": "output",
}
GIVEN = re.compile(
    r"""^[ \t]*["']?(layout|permalink)["']?[ \t]*:[ \t]*(["'`])(?P<text>[^"'`\n]*)\2""", re.M
)


def read(source: Source) -> Iterator[Fact | Skip]:
    """The folders that a configuration names, the data of a folder, and what is ignored."""
    if CONFIG.search(source.path):
        script = script_of(source)
        if script is None:
            yield Skip(source.path, "its folders cannot be read", kind="partly")
            return
        yield Setup(place=source.place(0, 0), said=tuple(_said(script)))
    elif IGNORES.search(source.path):
        lines = source.data.decode("utf-8", "replace").splitlines()
        told = tuple(line.strip() for line in lines if line.strip() and line[:1] not in "#!")
        yield Ignores(place=source.place(0, 0), patterns=told)
    elif DATA.search(source.path):
        yield from _folder_data(source)


def _said(script: Script) -> Iterator[tuple[str, str]]:
    """The folders, the prefix of addresses, the aliases and the data of all texts."""
    for node in script.nodes("pair"):
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        name = script.text(key).strip("\"'") if key is not None else ""
        if name == "dir":
            for each, inner, _ in script.pairs(value):
                text = script.string(inner)
                if each in FOLDERS and text is not None:
                    yield each, text
        elif name == "pathPrefix" and (text := script.string(value)):
            yield name, text
    for call in script.nodes("call_expression"):
        function, arguments = (
            call.child_by_field_name("function"),
            call.child_by_field_name("arguments"),
        )
        if function is None or arguments is None:
            continue
        method = script.text(function).rpartition(".")[2]
        texts = [script.string(each) or "" for each in arguments.named_children[:2]]
        if method in SETTERS and texts:
            yield SETTERS[method], texts[0]
        elif method == "addLayoutAlias" and len(texts) == 2:
            yield f"alias {texts[0]}", texts[1]
        elif method == "addGlobalData" and texts[:1] in (["layout"], ["permalink"]) and texts[1:]:
            yield f"global {texts[0]}", texts[1]


def _folder_data(source: Source) -> Iterator[Fact]:
    text = source.data.decode("utf-8", "replace")
    found: dict[str, str] = {}
    if source.path.endswith(".json"):
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            return
        for key in ("layout", "permalink"):
            if isinstance(told, dict) and isinstance(told.get(key), (str, bool)):
                found[key] = told[key] if isinstance(told[key], str) else str(told[key]).lower()
    else:
        found = {each[1]: each["text"] for each in GIVEN.finditer(text)}
    if found:
        yield FolderData(place=source.place(0, 0), values=tuple(found.items()))


def conventions(project: Project) -> Iterator[Convention]:
    """Every folder with a configuration, the innermost first."""
    for fact in sorted(project.facts(Setup), key=lambda each: -each.place.path.count("/")):
        root = folder_of(fact.place.path)
        ignored = [
            pattern
            for each in project.facts_in(root + ".eleventyignore", Ignores)
            for pattern in each.patterns
        ]
        site = Site(project, root, dict(fact.said), tuple(ignored))
        for convention in site.conventions():
            if getattr(convention, "path", "") not in project.spoken:
                yield convention


FRAMEWORK = Framework(
    name="eleventy",
    conventions=conventions,
    reads=f"{CONFIG.pattern}|{DATA.pattern}|{IGNORES.pattern}",
    read=read,
    order=-1,
    about=CONFIG.pattern,
)
