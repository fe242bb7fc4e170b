"""Dependency manifests as facts: which packages a project asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from analyzer.model import Fact, Package, Skip, Source

SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def npm(source: Source) -> Iterator[Fact | Skip]:
    """The dependencies of a package.json; development tools never reach a page and are left out."""
    try:
        manifest = json.loads(source.data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as trouble:
        yield Skip(source.path, f"it is not valid JSON ({str(trouble)[:100]})")
        return
    if not isinstance(manifest, dict):
        return
    for section in SECTIONS:
        listed = manifest.get(section)
        if section == "devDependencies" or not isinstance(listed, dict):
            continue
        start = source.data.find(b'"%s"' % section.encode())
        for name in listed:
            found = re.compile(rb'"%s"\s*:' % re.escape(name.encode())).search(source.data, max(0, start))
            at, end = found.span() if found else (max(0, start), max(0, start))
            yield Package(place=source.place(at, end), ecosystem="npm", name=name)
