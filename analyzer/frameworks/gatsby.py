"""Gatsby: pages by their files, what the browser and server hooks wrap, and what plugins add."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from analyzer.conditions import all_of, any_of, negation
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
    joined,
)
from analyzer.frameworks._objects import Script, script_of
from analyzer.frameworks._services import facts_of as service_facts
from analyzer.frameworks._services import service_of
from analyzer.model import (
    Atom,
    Condition,
    Fact,
    Guard,
    Include,
    Package,
    Place,
    Skip,
    Source,
    Text,
    Value,
)

CONFIG = re.compile(r"(?:^|/)gatsby-config\.(?:[cm]?js|ts)$")
NODE = re.compile(r"(?:^|/)gatsby-node\.(?:[cm]?js|ts)$")
READS = r"(?<!\.d)(?<!\.min)\.(?:[cm]?js|ts)$"
COMPONENT = re.compile(r"\.(?:[jt]sx?|mdx)$")
HOOKS = ("gatsby-browser", "gatsby-ssr")
ENDINGS = (".js", ".jsx", ".ts", ".tsx", ".mjs")
EXCLUDES = ("exclude", "excludes")
TRACKS = re.compile(r"analytic|gtag|tagmanager|pixel|hotjar|clarity|matomo|segment|track", re.I)
FIELD = re.compile(r"\{[^}]*\}")
MOST_PLUGINS = 300
MOST_LISTS = 100  # scripts that a configuration takes lists of plugins from


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin(Fact):
    """The configuration names a plugin that may bring a tracker; `known` where it is read here."""

    name: str
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Made(Fact):
    """A page that code makes: its address, empty where it varies, and its component."""

    address: str
    component: str


def read(source: Source) -> Iterator[Fact | Skip]:
    """The plugins of a configuration or of a list for one, or the pages that are made by code."""
    makes, configures = NODE.search(source.path), CONFIG.search(source.path)
    lists = b"gatsby-" in source.data and b"resolve" in source.data
    script = script_of(source) if makes or configures or lists else None
    if script is None:
        return
    if makes:
        yield from _made(script)
    elif configures:
        yield from _plugins_of(script, script.items(script.get(script.exported(), "plugins")))
    else:
        for value in script.exports():
            yield from _plugins_of(script, script.items(value))


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of every site in the repository."""
    for root in _roots(project):
        pages = list(_pages(project, root))
        yield from pages
        paths = [each.path for each in pages]
        yield from _around(project, root, paths)


# ---------------------------------------------------------------- one file


def _plugins_of(script: Script, plugins: Sequence[Node]) -> Iterator[Fact]:
    for plugin in plugins[:MOST_PLUGINS]:
        named = script.get(plugin, "resolve") or plugin
        name = script.string(named)
        if name is None:
            name = _resolved(script, named)
        if not name or not (TRACKS.search(name) or service_of(name)):
            continue
        options = script.get(plugin, "options")
        guards = tuple(_excluded(script, options))
        found = list(service_facts(script, name, options)) if options is not None else []
        for item in script.items(script.get(options, "trackingIds")):
            found.extend(service_facts(script, name, item))
        yield Plugin(place=script.place(plugin), name=name, known=bool(found))
        yield from (replace(fact, guards=guards) for fact in found)


def _resolved(script: Script, node: Node | None) -> str:
    """The name in `require.resolve("name")`."""
    found = re.search(r"[\"'`]([^\"'`]+)[\"'`]", script.text(node)) if node is not None else None
    return found[1] if found else ""


def _excluded(script: Script, options: Node | None) -> Iterator[Guard]:
    """The addresses that a plugin is told to leave out, as globs."""
    for holder in (options, script.get(options, "pluginConfig")):
        for key in EXCLUDES:
            for item in script.items(script.get(holder, key)):
                glob = script.string(item)
                if glob:
                    asked = _glob(glob)
                    yield Guard(negation(asked), f"unless the address fits {glob}")


def _glob(glob: str) -> Condition:
    """A glob as a question about the path: `/preview/**`, `/admin`."""
    plain = "/" + glob.lstrip("/")
    head = re.split(r"[*?{\[!]", plain)[0]
    if head == plain:
        bare = plain.rstrip("/")
        return any_of(*(Atom("path", "", "equals", each) for each in (bare, bare + "/")))
    begins = Atom("path", "", "starts-with", head)
    if plain.removeprefix(head) in ("**", "**/*"):
        return begins
    written = re.escape(plain).replace(r"\*\*", ".*").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return all_of(begins, Atom("path", "", "matches", f"^{written}/?$"))


def _made(script: Script) -> Iterator[Fact]:
    """The calls of createPage, with what of them is literal."""
    for call in script.nodes("call_expression"):
        callee, arguments = (
            call.child_by_field_name("function"),
            call.child_by_field_name("arguments"),
        )
        if callee is None or arguments is None or not arguments.named_children:
            continue
        if not script.text(callee).endswith("createPage"):
            continue
        options = script.meant(arguments.named_children[0])
        component = script.get(options, "component")
        named = script.meant(component)
        file = (
            re.search(r"[\"'`]([^\"'`]+)[\"'`]", script.text(named)) if named is not None else None
        )
        if file is not None:
            address = script.string(script.get(options, "path")) or ""
            yield Made(place=script.place(call), address=address, component=file[1])


# ---------------------------------------------------------------- the site


def _roots(project: Project) -> list[str]:
    found = {folder_of(path) for path in project.paths if CONFIG.search(path)}
    for package in project.facts(Package):
        if package.name == "gatsby" and package.place.path.endswith("package.json"):
            found.add(folder_of(package.place.path))
    return sorted(found)


def _pages(project: Project, root: str) -> Iterator[PageAt]:
    folder = root + "src/pages/"
    for path in sorted(project.paths):
        if path.startswith(folder) and COMPONENT.search(path):
            inside = posixpath.splitext(path.removeprefix(folder))[0]
            if not posixpath.basename(inside).startswith("_") and not path.endswith(".d.ts"):
                yield PageAt(path, (address(inside),))
    for made in project.facts(Made):
        if folder_of(made.place.path) != root:
            continue
        target = made.component.removeprefix("./")
        path = project.first(root + target, *(root + target + ending for ending in ENDINGS))
        if path:
            yield PageAt(path, (made.address,) if made.address else ())


def address(inside: str) -> str:
    """The address of a file below src/pages: `[id]` and `{Doctor.slug}` vary."""
    pieces: list[str] = []
    for piece in inside.split("/"):
        if piece.startswith("[..."):
            pieces.append("**")
        elif piece.startswith("["):
            pieces.append("*")
        elif piece != "index":
            pieces.append(FIELD.sub("*", piece))
    return joined("/" + "/".join(pieces), "/") if pieces else "/"


def _around(project: Project, root: str, pages: list[str]) -> Iterator[Convention]:
    """What stands around every page: the document, the hooks of browser and server, the plugins."""
    document = project.first(*(f"{root}src/html{ending}" for ending in ENDINGS))
    listed = _configs(project, root)
    if document:
        yield Part(document)
    for path in pages:
        if document:
            yield Wrap(path, document)
        for hook in HOOKS:
            script = project.first(*(root + hook + ending for ending in ENDINGS))
            if script:
                yield Join("loads", path, script)
        for config, confidence in listed.items():
            place = _first_plugin(project, config)
            if place is not None:
                yield Join("injects", path, config, place, confidence=confidence)
    for plugin in project.facts(Plugin):
        if plugin.place.path in listed and not plugin.known:
            yield Missing(plugin.place, "plugin", plugin.name)


def _configs(project: Project, root: str) -> dict[str, float]:
    """The configuration and the scripts that it takes lists from, each with how sure that is."""
    own = (path for path in project.paths if CONFIG.search(path) and folder_of(path) == root)
    found = dict.fromkeys(sorted(own), 0.95)
    queue = list(found)
    while queue and len(found) < MOST_LISTS:
        path = queue.pop()
        for each in project.facts_in(path, Include):
            if not isinstance(each, Include) or each.how != "imports":
                continue
            sure = 0.7 if isinstance(each.target, Text) else found[path]
            for target in _imported(project, each.target, path):
                if target not in found:
                    found[target] = min(sure, found[path])
                    queue.append(target)
    return found


def _imported(project: Project, target: Value, asked_by: str) -> list[str]:
    """The scripts that an import takes; where a part of the name is open, all that fit it."""
    if not isinstance(target, Text):
        return project.scripts(target, asked_by)
    first = target.parts[0]
    if not isinstance(first, str) or not first.startswith("."):
        return []
    start = posixpath.normpath(posixpath.join(folder_of(asked_by), first + "x"))[:-1]
    rest = ("[^/]*" if not isinstance(part, str) else re.escape(part) for part in target.parts[1:])
    fits = re.compile(re.escape(start) + "".join(rest) + r"(?:/index)?(?:\.(?:[cm]?js|ts))?")
    return [path for path in sorted(project.paths) if fits.fullmatch(path) and path != asked_by]


def _first_plugin(project: Project, config: str) -> Place | None:
    return next((fact.place for fact in project.facts_in(config, Plugin)), None)


FRAMEWORK = Framework(
    name="gatsby",
    conventions=conventions,
    reads=READS,
    read=read,
    order=-2,
    about=CONFIG.pattern + r"|(?:^|/)package\.json$",
)
