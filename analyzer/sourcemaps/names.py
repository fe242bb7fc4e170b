"""The names that source maps give to files: which file of the repository is meant.

Bundlers write addresses of their own (`webpack:///./src/a.ts?1f2e`, `turbopack://[project]/a.ts`),
absolute paths of the machine that built, or paths that start at the map.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote

SCHEME = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]+):(?P<slashes>/{0,3})")
DRIVE = re.compile(r"^/?[A-Za-z]:[\\/]")
NAMESPACE = re.compile(r"[^/]*/")
PROJECT = re.compile(r"^(?:\[project\]|\[root-of-the-server\]|💻app)/")
QUERY = re.compile(r"[?#].*$|\s+\[[\w-]*\]$")
MADE_UP = re.compile(r"^(?:\(?webpack\)?/|external |ignored |\x00|vite/|rollup/|<|data:)")
PACKAGE = re.compile(r"(?:^|/)(?:node_modules|bower_components|jspm_packages|~)/")
NAME = re.compile(r"(?:@[^/]+/)?[^/]+")
LONGEST = 400  # characters of a name


def plain(source: str) -> str:
    """A source's name without the bundler's address around it; empty where it is no file.

    A name that starts at the map stays as it is, others begin with a slash.
    """
    halves = source.encode("utf-16", "surrogatepass")  # JSON may hold halves of characters
    name = halves.decode("utf-16", "replace").strip().replace("\\", "/")[: 2 * LONGEST]
    if not name or MADE_UP.match(name):
        return ""
    if DRIVE.match(name):
        name = name.lstrip("/")[2:]
    elif (found := SCHEME.match(name)) is not None:
        scheme, rest = found["scheme"].lower(), name[found.end() :]
        if scheme in ("http", "https", "file"):
            name = rest if len(found["slashes"]) != 2 else rest.partition("/")[2]
            name = name.lstrip("/")[2:] if DRIVE.match(name) else name
        else:  # of a bundler: two slashes are followed by the name of the build
            is_named = len(found["slashes"]) == 2 and not rest.startswith((".", "[", "💻"))
            _, root, inside = rest.partition("/./")
            plain_rest = NAMESPACE.sub("", rest, count=1) if is_named else rest
            name = inside if root and is_named else plain_rest
        name = "/" + name.lstrip("/")
    name = unquote(QUERY.sub("", name))
    rooted, bare = name.startswith("/"), PROJECT.sub("", name.lstrip("/"))
    if not bare or MADE_UP.match(bare):
        return ""
    bare = posixpath.normpath(bare)
    return ("/" + bare if rooted or PROJECT.match(name.lstrip("/")) else bare)[:LONGEST]


def package_of(name: str) -> str:
    """The package that a file belongs to, by the folder of packages in its name."""
    *_, last = [None, *PACKAGE.finditer(name)]
    found = NAME.match(name, last.end()) if last is not None else None
    return found[0] if found is not None else ""


def in_repository(name: str, folder: str, files: Collection[str]) -> str:
    """The file of the repository that a plain name means, seen from the map's folder."""
    if package_of(name):
        return ""
    return next((path for path in _meant(name, folder) if path in files), "")


def shown(name: str, folder: str) -> str:
    """The name for people: from the top of the repository where it starts at the map."""
    path = name.lstrip("/")
    if not name.startswith("/"):
        path = posixpath.normpath(posixpath.join(folder, name))
    while path.startswith("../"):
        path = path[3:]
    return path


def _meant(name: str, folder: str) -> Iterator[str]:
    if not name.startswith("/"):
        yield posixpath.normpath(posixpath.join(folder, name))
    bare = name.lstrip("/")
    while bare.startswith("../"):
        bare = bare[3:]
    above = folder
    while True:  # the bundler counts from the folder of its project, which is one of these
        yield posixpath.join(above, bare)
        if not above:
            break
        above = posixpath.dirname(above)
    parts = bare.split("/")
    for at in range(1, max(1, len(parts) - 1)):  # a path of another machine ends like one of here
        yield "/".join(parts[at:])
