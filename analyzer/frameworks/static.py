"""Plain files on a web server: every document is a page, and its path is its address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.engines import engine_named
from analyzer.frameworks import LAST, Convention, Framework, PageAt, Part, Project
from analyzer.frameworks._static import doubt_of, read, saved_pages, shown_inside

WEB_ROOTS = re.compile(
    r"^(?:.*/)?(?:public|public_html|htdocs|wwwroot|www|webroot|docs|site|static|src|dist|build|_site)/"
)
PARTS = re.compile(
    r"(?:^|/)(?:_[^/]*|(?:partials?|includes?|_includes|components?|snippets?|fragments?|layouts?|_layouts)/.*)$",
    re.I,
)


def conventions(project: Project) -> Iterator[Convention]:
    """Every document that no framework has spoken of."""
    own = [
        path
        for path in project.all_templates
        if path not in project.spoken and not engine_named(project.engine(path)).content
    ]
    inside = [convention for path in own for convention in shown_inside(project, path)]
    yield from inside
    fetched = {each.path for each in inside if isinstance(each, Part)}
    saved = saved_pages(project) if own else frozenset[str]()
    for path in own:
        if (is_part(path) and not project.is_whole(path)) or path in fetched:
            yield Part(path)
        else:
            address = route(path)
            routes = (address,) if address else ()
            yield PageAt(path, routes, certain=False, doubt=doubt_of(path, saved))


def is_part(path: str) -> bool:
    """Does the file lie where parts of pages are kept?"""
    if PARTS.search(path):
        return True
    components = path.lower().endswith((".vue", ".svelte", ".astro"))
    return components and not re.search(r"(?:^|/)(?:pages|routes)/", path)


def route(path: str) -> str:
    """The address below the web root, with index files as their folder."""
    if not path.lower().endswith((".html", ".htm", ".xhtml", ".shtml")):
        return ""
    address = "/" + WEB_ROOTS.sub("", path)
    return re.sub(r"/index\.[a-z]+$", "/", address, flags=re.I)


FRAMEWORK = Framework(
    name="static",
    conventions=conventions,
    reads=r"\.(?:x?html?|shtml)$",
    read=read,
    order=LAST,
)
