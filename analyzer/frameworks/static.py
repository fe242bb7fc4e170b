"""Plain files on a web server: every document is a page, and its path is its address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.frameworks import LAST, Convention, Framework, PageAt, Part, Project

WEB_ROOTS = re.compile(
    r"^(?:.*/)?(?:public|public_html|htdocs|wwwroot|www|webroot|docs|site|static|src|dist|build|_site)/"
)
PARTS = re.compile(
    r"(?:^|/)(?:_[^/]*|(?:partials?|includes?|_includes|components?|snippets?|fragments?|layouts?|_layouts)/.*)$",
    re.I,
)


def conventions(project: Project) -> Iterator[Convention]:
    """Every document that no framework has spoken of."""
    for path in project.all_templates:
        if path in project.spoken:
            continue
        if is_part(path):
            yield Part(path)
        else:
            address = route(path)
            yield PageAt(path, (address,) if address else (), certain=False)


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


FRAMEWORK = Framework(name="static", conventions=conventions, order=LAST)
