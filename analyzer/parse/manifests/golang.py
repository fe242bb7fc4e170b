"""Go: the modules that a go.mod asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import Fact, Source
from analyzer.parse.manifests.located import package

BLOCK = re.compile(rb"^require[ \t]*\(([^)]*)\)", re.M)
SINGLE = re.compile(rb"^require[ \t]+(?![ \t(])([^\n]*)", re.M)
MODULE = re.compile(rb"^(?:require)?[ \t]*\"?([\w.~-]+(?:/[\w.~-]+)+)\"?[ \t]+v[^\n]*", re.M)
INDIRECT = re.compile(rb"//[^\n]*\bindirect\b")


def manifest(source: Source) -> Iterator[Fact]:
    """The modules that the program itself asks for; those marked `// indirect` came with others."""
    for pattern in (BLOCK, SINGLE):
        for part in pattern.finditer(source.data):
            for found in MODULE.finditer(source.data, part.start(), part.end()):
                if not INDIRECT.search(found[0]):
                    name = found[1].decode("utf-8", "replace")
                    yield package(source, "go", name, found.start(1), found.end(1))
