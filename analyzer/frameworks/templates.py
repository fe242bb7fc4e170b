"""Templates that a server renders in ways that no framework here knows: pages without address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.frameworks import LAST, Convention, Framework, PageAt, Part, Project

FOLDERS = re.compile(r"(?:^|/)(?:templates|views|jinja2)/")
PARTS = re.compile(
    r"(?:^|/)(?:_[^/]*|(?:partials?|includes?|_includes|components?|snippets?|fragments?|macros?|layouts?"
    r"|_layouts|elements)/.*)$",
    re.I,
)


def conventions(project: Project) -> Iterator[Convention]:
    """Every template in a folder of templates that no framework has spoken of."""
    for path in project.all_templates:
        if path not in project.spoken and FOLDERS.search(path):
            yield Part(path) if PARTS.search(path) else PageAt(path, certain=False)


FRAMEWORK = Framework(name="server-templates", conventions=conventions, order=LAST - 1)
