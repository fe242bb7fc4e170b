"""Templates that a server renders (Django, Flask and the like): pages without an address."""

from __future__ import annotations

import re

from analyzer.frameworks import Framework

FOLDERS = re.compile(r"(?:^|/)(?:templates|views|jinja2)/")
PARTS = re.compile(
    r"(?:^|/)(?:_[^/]*|(?:partials?|includes?|_includes|components?|snippets?|fragments?|macros?|layouts?"
    r"|_layouts|elements)/.*)$",
    re.I,
)

FRAMEWORK = Framework(
    name="server-templates",
    claims=lambda path: bool(FOLDERS.search(path)),
    is_part=lambda path: bool(PARTS.search(path)),
)
