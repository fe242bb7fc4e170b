"""Adobe Experience Manager: page components, what they override, and Edge Delivery's head.html."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from analyzer.frameworks import (
    Convention,
    Framework,
    Join,
    Missing,
    PageAt,
    Part,
    Project,
    folder_of,
)
from analyzer.frameworks._aem import (
    APPS,
    Asked,
    ClientLibrary,
    Component,
    Components,
    Listed,
    read,
)

# Scripts that the platform's own page shows, and that a component overrides under the same name.
HOOKS = frozenset(
    [
        "head",
        "body",
        "header",
        "footer",
        "headlibs",
        "customheaderlibs",
        "customfooterlibs",
        "footerlibs",
        "content",
        "init",
        "redirect",
        "main",
        "analytics",
    ]
)
EDGE = ("aem.js", "lib-franklin.js", "scripts.js")


def conventions(project: Project) -> Iterator[Convention]:
    """The page components with their scripts, client libraries, and sites of Edge Delivery."""
    yield from _edge(project)
    if next(project.facts(Component), None) is None:
        return
    components = Components(project)
    pages = [name for name in components.known if components.is_page(name)]
    shown: set[str] = set()
    for name in pages:
        for each in _page(components, name):
            if isinstance(each, PageAt):
                shown.add(each.path)
            yield each
    for path in project.all_templates:
        if APPS.match(path) and path not in shown:
            yield Part(path)
    yield from _libraries(project)


def _page(components: Components, name: str) -> Iterator[Convention]:
    """A page component: its own main script, else its description with what it inherits."""
    known = components.known[name]
    base = name.rpartition("/")[2]
    line = list(components.line(name))
    mains = [
        path
        for each in line
        for stem in (base, each.rpartition("/")[2], "html")
        for ending in (".html", ".jsp")
        if (path := components.files(each).get(stem + ending))
    ]
    own = components.files(name)
    main = mains[0] if mains and mains[0] in own.values() else known.place.path
    yield PageAt(main)
    nearest: dict[str, str] = {}
    overridden = False
    for each in line:
        for file, path in components.files(each).items():
            stem = file.partition(".")[0]
            if stem in HOOKS:
                overridden = overridden or (stem in nearest and each != name)
                nearest.setdefault(stem, path)
    if main == known.place.path:
        if mains:
            # What the inherited script includes by itself may be what this component replaces.
            confidence = 0.7 if overridden else 0.95
            yield Join("includes", main, mains[0], known.place, confidence=confidence)
        for path in nearest.values():
            yield Join("includes", main, path, known.place)
    if line[-1] not in components.known and not mains:
        yield Missing(known.place, "the platform's own components", line[-1])


def _libraries(project: Project) -> Iterator[Convention]:
    """The scripts of the client libraries that a template asks for."""
    folders: dict[str, list[ClientLibrary]] = {}
    for each in project.facts(ClientLibrary):
        for category in each.categories:
            folders.setdefault(category, []).append(each)
    scripts = {folder_of(each.place.path): each.names for each in project.facts(Listed)}
    for asked in project.facts(Asked):
        todo, seen = list(asked.categories), set[str]()
        while todo:
            category = todo.pop()
            if category in seen:
                continue
            seen.add(category)
            for library in folders.get(category, ()):
                todo.extend(library.embeds)
                folder = folder_of(library.place.path)
                for name in scripts.get(folder, ()):
                    path = posixpath.normpath(folder + name)
                    if path in project.paths:
                        yield Join("loads", asked.place.path, path, asked.place)


def _edge(project: Project) -> Iterator[Convention]:
    """Edge Delivery: head.html is the head of every page, whose text is in documents elsewhere."""
    for path in project.named("head.html"):
        folder = folder_of(path)
        scripts = [f"{folder}scripts/{name}" for name in EDGE]
        if not any(each in project.paths for each in scripts) or not project.first(
            f"{folder}fstab.yaml", f"{folder}blocks/header/header.js", f"{folder}scripts/aem.js"
        ):
            continue
        yield PageAt(path, ("/**",))
        for name in ("404.html",):
            if project.is_template(folder + name):
                yield PageAt(folder + name)


FRAMEWORK = Framework(
    name="aem",
    conventions=conventions,
    reads=r"jcr_root/apps/.*(?:\.content\.xml|/js\.txt|\.html|\.jsp)$",
    read=read,
    about=r"(?:^|/)jcr_root/apps/|(?:^|/)head\.html$",
)
