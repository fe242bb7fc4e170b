"""Astro: files below src/pages are pages; Markdown names its layout, a script imports it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from analyzer.engines import engine_named
from analyzer.frameworks import (
    Convention,
    Framework,
    Join,
    PageAt,
    Part,
    Project,
    Wrap,
    folder_of,
    joined,
)
from analyzer.frameworks._addresses import file_routes
from analyzer.frameworks._objects import Script, script_of
from analyzer.frameworks._redirects import SendsToLogin, sent_to_login
from analyzer.frameworks._services import facts_of as service_facts
from analyzer.model import Document, Fact, Include, Setting, Skip, Source, Vocabulary
from analyzer.parse import front_matter, html
from analyzer.parse.front_matter import FrontMatter

CONFIG = re.compile(r"(?:^|/)astro\.config\.[cm]?[jt]s$")
PAGE = re.compile(r"^(?P<name>.*?)\.(?P<suffix>astro|mdx?|markdown|html)$")
READS = (
    r"(?:^|/)astro\.config\.[cm]?[jt]s$|(?:^|/)src/pages/.*\.(?:astro|mdx)$"
    r"|(?:^|/)src/middleware(?:/index)?\.[jt]s$"
)
IMPORT = re.compile(rb"""^import\s[^"'\n;]*?from\s*["'](?P<target>[^"'\n]+)["']""", re.M)
LAYOUTS = re.compile(r"(?:^|/)layouts?/|[Ll]ayout\.astro$")


def read(source: Source) -> Iterator[Fact | Skip]:
    """The configuration, what a page of MDX says above its text and imports, or a middleware."""
    if CONFIG.search(source.path):
        yield from _config(source)
    elif source.path.endswith(".mdx"):
        yield from front_matter.facts_of(source)
        yield from _imports(source)
    else:
        yield from sent_to_login(source)


def _imports(source: Source) -> Iterator[Fact]:
    """What MDX imports of the site's own files."""
    for each in IMPORT.finditer(source.data):
        target = each["target"].decode("utf-8", "replace")
        if target.startswith((".", "/", "@/", "~/", "#")):
            place = source.place(each.start(), each.end())
            yield Include(place=place, how="imports", target=target)


def _config(source: Source) -> Iterator[Fact | Skip]:
    """What integrations bring, and markup that the build puts into names of the source."""
    script = script_of(source)
    top = script.exported() if script is not None else None
    if script is None or top is None:
        return
    if base := script.string(script.get(top, "base")):
        yield Setting(place=source.place(0, 0), key="base", value=base)
    for item in script.items(script.get(top, "integrations")):
        function = item.child_by_field_name("function")
        arguments = item.child_by_field_name("arguments")
        if function is not None and arguments is not None:
            name = script.text(function)
            yield from service_facts(script, name, next(iter(arguments.named_children), None))
    for _, value, _ in script.pairs(script.get(top, "vite", "define")):
        yield from _defined(source, script, value)


def _defined(source: Source, script: Script, value: Node) -> Iterator[Fact | Skip]:
    """The markup in `JSON.stringify("<script>...")`, which pages show by a name."""
    stack = [value]
    while stack:
        node = script.meant(stack.pop())
        if node is None:
            continue
        if node.type in ("string", "template_string"):
            start, end = node.start_byte + 1, node.end_byte - 1
            if b"<" in script.data[start:end]:
                inner = source.inner(script.data[start:end], range(start, end + 1))
                for fact in html.facts_of(inner, Vocabulary(), engine_named("html")):
                    if not isinstance(fact, Document):
                        yield fact
        elif node.type in ("call_expression", "arguments", "binary_expression"):
            stack.extend(reversed(node.named_children))


def conventions(project: Project) -> Iterator[Convention]:
    """Every Astro site of the repository."""
    for path in sorted(project.paths):
        if CONFIG.search(path):
            yield from _site(project, path)


def _site(project: Project, config: str) -> Iterator[Convention]:
    source = folder_of(config) + "src/"
    base = next(
        (each.value for each in project.facts_in(config, Setting) if each.key == "base"), ""
    )
    pages = []
    for path in sorted(project.paths):
        if not path.startswith(source):
            continue
        name = path.removeprefix(source + "pages/")
        page = PAGE.match(name) if name != path else None
        if page is not None and not re.search(r"(?:^|/)_", name):
            addresses = file_routes(page["name"].split("/"))
            based = tuple(joined(base, each) for each in addresses) if base else addresses
            yield PageAt(path, based, needs=tuple(_needs(project, path, source, based)))
            pages.append(path)
        elif project.is_template(path):
            yield Part(path)
    for page_path in pages:
        yield Join("injects", page_path, config)
        yield from _layout(project, page_path)


def _layout(project: Project, page: str) -> Iterator[Convention]:
    """The layout that a page names, in its front matter or among its imports."""
    for told in project.facts_in(page, FrontMatter):
        if isinstance(named := told.values.get("layout"), str):
            for layout in project.scripts(named, page)[:1]:
                yield Wrap(page, layout, default=False, place=told.place)
    for include in project.facts_in(page, Include):
        if include.how == "imports" and isinstance(include.target, str):
            for layout in project.scripts(include.target, page)[:1]:
                if LAYOUTS.search(layout) and layout.endswith(".astro") and not include.within:
                    yield Wrap(page, layout, False, include.place, include.guards)


def _needs(project: Project, path: str, source: str, routes: tuple[str, ...]) -> Iterator[str]:
    """What the page's own front matter and the middleware ask first."""
    middleware = [
        f"{source}middleware{name}.{suffix}" for name in ("", "/index") for suffix in ("ts", "js")
    ]
    for each in (path, *middleware):
        for sends in project.facts_in(each, SendsToLogin):
            if each == path or (sends.asks_at(routes) and (sends.only or sends.but)):
                yield f"redirect to {sends.to}"


FRAMEWORK = Framework(
    name="astro",
    conventions=conventions,
    reads=READS,
    read=read,
    order=-1,
    about=CONFIG.pattern,
)
