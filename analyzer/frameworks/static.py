"""Plain files on a web server: every document is a page, and its path is its address."""

from __future__ import annotations

import re

from analyzer.frameworks import Framework

WEB_ROOTS = re.compile(
    r"^(?:.*/)?(?:public|public_html|htdocs|wwwroot|www|webroot|docs|site|static|src|dist|build|_site)/"
)
PARTS = re.compile(
    r"(?:^|/)(?:_[^/]*|(?:partials?|includes?|_includes|components?|snippets?|fragments?|layouts?|_layouts)/.*)$",
    re.I,
)


def route(path: str) -> str:
    """The address below the web root, with index files as their folder."""
    if not path.lower().endswith((".html", ".htm", ".xhtml", ".shtml")):
        return ""
    address = "/" + WEB_ROOTS.sub("", path)
    return re.sub(r"/index\.[a-z]+$", "/", address, flags=re.I)


FRAMEWORK = Framework(
    name="static",
    claims=lambda path: True,
    is_part=lambda path: (
        bool(PARTS.search(path))
        or (
            path.lower().endswith((".vue", ".svelte", ".astro"))
            and not re.search(r"(?:^|/)(?:pages|routes)/", path)
        )
    ),
    route=route,
)
