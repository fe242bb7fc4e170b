"""Files of an Angular application as facts: its workspace, components, routes and modules."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from analyzer.engines import engine_named
from analyzer.frameworks import folder_of
from analyzer.frameworks._client_routes import routes_of
from analyzer.frameworks._objects import Script, script_of
from analyzer.frameworks._services import facts_of as service_facts
from analyzer.model import Document, Fact, Skip, Source, Vocabulary
from analyzer.parse import html

CONFIG = re.compile(r"(?:^|/)(?:angular|project|\.angular-cli)\.json$")
READS = r"(?:^|/)(?:angular|project|\.angular-cli)\.json$|(?<!\.spec)(?<!\.d)\.ts$"
DECLARES = re.compile(
    rb"@(?:Component|Injectable|Directive|NgModule)\s*\(|\bRoutes\b|loadChildren|loadComponent"
    rb"|\.forRoot\s*\("
)
MODULE = re.compile(
    r"^(?P<name>\w+(?:Analytics|TagManager|Gtm|GoogleTag|Pixel|Hotjar|Clarity|Matomo)\w*)\.forRoot$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace(Fact):
    """One application of `angular.json`: its page, its start, built scripts, replaced files."""

    index: str
    main: str
    scripts: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str, str], ...] = ()  # configuration, the file, what replaces it


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared(Fact):
    """A component: the class, the element that shows it, and the file of its template."""

    name: str
    selectors: tuple[str, ...]
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected(Fact):
    """A class is given to another one when that is made: the file it comes from, and its name."""

    target: str
    name: str


def read(source: Source) -> Iterator[Fact | Skip]:
    """The workspace, or the components, routes and modules that a script declares."""
    if source.path.endswith(".json"):
        yield from _workspace(source)
    elif DECLARES.search(source.data) and (script := script_of(source)):
        yield from _components(source, script)
        yield from _injected(script)
        if b"path" in source.data:
            yield from routes_of(script)
        yield from _modules(script)


def _workspace(source: Source) -> Iterator[Fact | Skip]:
    try:
        data = json.loads(source.data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        yield Skip(source.path, "it is not valid JSON, so its applications are not known")
        return
    if not isinstance(data, dict):
        return
    projects = data.get("projects", {"": data})
    listed = list(projects.values()) if isinstance(projects, dict) else []
    for project in (*listed, *(data["apps"] if isinstance(data.get("apps"), list) else ())):
        if isinstance(project, dict) and (found := _application(source, project)):
            yield found


def _application(source: Source, project: Mapping[str, Any]) -> Workspace | None:
    if "main" in project and "index" in project:  # the notation of the first versions
        root = str(project.get("root", "src"))
        options: Any = {
            "index": posixpath.join(root, str(project["index"])),
            "main": posixpath.join(root, str(project["main"])),
            "scripts": project.get("scripts", []),
        }
        build: Any = {}
    else:
        targets = project.get("architect", project.get("targets"))
        build = targets.get("build") if isinstance(targets, dict) else None
        options = build.get("options") if isinstance(build, dict) else None
    if not isinstance(options, dict) or not isinstance(build, dict):
        return None
    index = options.get("index", "src/index.html")
    if isinstance(index, dict):
        index = index.get("input", "src/index.html")
    main = options.get("main", options.get("browser", "src/main.ts"))
    if not isinstance(index, str) or not isinstance(main, str):
        return None
    base = folder_of(source.path) if source.path.endswith(("angular.json", "cli.json")) else ""
    scripts = []
    for each in options["scripts"] if isinstance(options.get("scripts"), list) else ():
        path = each.get("input") if isinstance(each, dict) else each
        if isinstance(path, str):
            scripts.append(posixpath.normpath(base + path))
    replaced = []
    configurations = build.get("configurations")
    for name, settings in configurations.items() if isinstance(configurations, dict) else ():
        listed = settings.get("fileReplacements") if isinstance(settings, dict) else None
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict) and all(
                isinstance(each.get(key), str) for key in ("replace", "with")
            ):
                replaced.append(
                    (
                        str(name),
                        posixpath.normpath(base + each["replace"]),
                        posixpath.normpath(base + each["with"]),
                    )
                )
    return Workspace(
        place=source.place(0, 0),
        index=posixpath.normpath(base + index),
        main=posixpath.normpath(base + main),
        scripts=tuple(scripts),
        replaced=tuple(replaced),
    )


def _components(source: Source, script: Script) -> Iterator[Fact | Skip]:
    for node in script.nodes("decorator"):
        call = next(iter(node.named_children), None)
        function = call.child_by_field_name("function") if call is not None else None
        if call is None or function is None or script.text(function) != "Component":
            continue
        arguments = call.child_by_field_name("arguments")
        said = script.object_in(next(iter(arguments.named_children), None)) if arguments else None
        if said is None:
            continue
        selectors = (script.string(script.get(said, "selector")) or "").split(",")
        yield Declared(
            place=source.place(node.start_byte, node.end_byte, "@Component"),
            name=_class_name(script, node),
            selectors=tuple(each.strip() for each in selectors if each.strip()),
            template=script.string(script.get(said, "templateUrl")) or "",
        )
        template = script.get(said, "template")
        if template is not None and template.type in ("template_string", "string"):
            yield from _inline(source, script, template)


def _inline(source: Source, script: Script, template: Node) -> Iterator[Fact | Skip]:
    """What a template says that is written in its component."""
    start, end = template.start_byte + 1, template.end_byte - 1
    inner = source.inner(script.data[start:end], range(start, end + 1))
    for fact in html.facts_of(inner, Vocabulary(), engine_named("angular")):
        if not isinstance(fact, (Document, Skip)):
            yield fact


def _class_name(script: Script, decorator: Node) -> str:
    """The class behind a decorator."""
    around = decorator.parent
    nearby = [around, decorator.next_named_sibling]
    for node in nearby:
        for _ in range(3):
            if node is None:
                break
            if node.type in ("class_declaration", "class", "abstract_class_declaration"):
                name = node.child_by_field_name("name")
                return script.text(name) if name is not None else ""
            if node.type == "export_statement":
                node = node.child_by_field_name("declaration")
            else:
                node = node.next_named_sibling if node.type == "decorator" else None
    return ""


def _injected(script: Script) -> Iterator[Injected]:
    """The classes that constructors ask for: `constructor(private tracking: TrackingService)`."""
    for node in script.nodes("method_definition"):
        name, parameters = (node.child_by_field_name(each) for each in ("name", "parameters"))
        if name is None or parameters is None or script.text(name) != "constructor":
            continue
        for parameter in parameters.named_children:
            kind = parameter.child_by_field_name("type")
            asked = kind.named_children[0] if kind is not None and kind.named_children else None
            if asked is None or asked.type != "type_identifier":
                continue
            if target := script.imported_from(script.text(asked)):
                place = script.place(parameter)
                yield Injected(place=place, target=target, name=script.text(asked))


def _modules(script: Script) -> Iterator[Fact]:
    """`NgxGoogleAnalyticsModule.forRoot("G-...")` and the like."""
    for node in script.nodes("call_expression"):
        function, arguments = (node.child_by_field_name(name) for name in ("function", "arguments"))
        found = MODULE.match(script.text(function)) if function is not None else None
        if found is not None and arguments is not None:
            yield from service_facts(
                script, found["name"], next(iter(arguments.named_children), None)
            )
