"""Dependency manifests as facts: which packages a project asks for, each where its name stands.

What only developers use never reaches a page and is left out. A lock file is read where the
manifest that it belongs to is not beside it, and then for what the project itself asks for: the
rest is named there too, but nobody chose it. So go.sum, gradle.lockfile and Package.resolved, which
do not tell the one from the other, are not read; go.mod, the build files and the Xcode project are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from analyzer.model import Fact, Skip, Source


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of manifest, by its name; a lock file is idle where another lies `beside` it, which a
    `*` may begin.
    """

    name: str
    path: re.Pattern[str]
    beside: tuple[str, ...] = ()


def _kind(name: str, path: str, *beside: str) -> Kind:
    return Kind(name, re.compile(rf"(?:^|/)(?:{path})$", re.I), beside)


KINDS = (
    _kind("npm", r"package\.json"),
    _kind("npm-lock", r"(?:package-lock|npm-shrinkwrap)\.json", "package.json"),
    _kind("pnpm-lock", r"pnpm-lock\.yaml", "package.json"),
    _kind("yarn-lock", r"yarn\.lock", "package.json"),
    _kind("bun-lock", r"bun\.lock", "package.json"),
    _kind(
        "requirements", r"[\w.-]*requirements[\w.-]*\.(?:txt|in)|requirements/[\w.-]+\.(?:txt|in)"
    ),
    _kind("pyproject", r"pyproject\.toml"),
    _kind("pipfile", r"Pipfile"),
    _kind("pipfile-lock", r"Pipfile\.lock", "Pipfile"),
    _kind("python-lock", r"(?:poetry|uv|pdm)\.lock", "pyproject.toml"),
    _kind("setup-cfg", r"setup\.cfg"),
    _kind("setup-py", r"setup\.py"),
    _kind("gemfile", r"Gemfile|gems\.rb"),
    _kind("gemfile-lock", r"Gemfile\.lock", "Gemfile"),
    _kind("gemspec", r"[^/]+\.gemspec"),
    _kind("composer", r"composer\.json"),
    _kind("composer-lock", r"composer\.lock", "composer.json"),
    _kind("pom", r"pom\.xml"),
    _kind("gradle", r"[^/]+\.gradle(?:\.kts)?"),
    _kind("gradle-catalogue", r"[^/]+\.versions\.toml"),
    _kind(
        "nuget",
        r"[^/]+\.(?:cs|fs|vb)proj|packages\.config|Directory\.(?:Packages|Build)\.(?:props|targets)",
    ),
    _kind("nuget-lock", r"packages\.lock\.json", "*.csproj", "*.fsproj", "*.vbproj"),
    _kind("podfile", r"Podfile"),
    _kind("podfile-lock", r"Podfile\.lock", "Podfile"),
    _kind("podspec", r"[^/]+\.podspec"),
    _kind("swift", r"Package\.swift"),
    _kind("cartfile", r"Cartfile"),
    _kind("go", r"go\.mod"),
    _kind("mix", r"mix\.exs"),
    _kind("mix-lock", r"mix\.lock", "mix.exs"),
    _kind("cargo", r"Cargo\.toml"),
    _kind("cargo-lock", r"Cargo\.lock", "Cargo.toml"),
    _kind("xcode", r"[^/]+\.xcodeproj/project\.pbxproj"),
    _kind("pubspec", r"pubspec\.yaml"),
    _kind("pubspec-lock", r"pubspec\.lock", "pubspec.yaml"),
    _kind("drupal-extensions", r"core\.extension\.yml"),
    _kind("drupal-info", r"[a-z0-9_]+\.info\.yml"),
    _kind("wordpress-plugin", r"(?:mu-)?plugins/[^/]+/[^/]+\.php"),
    _kind("wordpress-plugin", r"^[^/]+\.php"),
    _kind("shopify", r"config/settings_data\.json"),
)


def kind_of(path: str) -> Kind | None:
    """The kind of manifest that a file is, by its name."""
    return next((kind for kind in KINDS if kind.path.search(path)), None)


def is_manifest(path: str) -> bool:
    """Is the file a manifest, by its name?"""
    return kind_of(path) is not None


def is_idle(path: str, paths: Collection[str]) -> bool:
    """Is it a lock file whose manifest is there too, and says better what the project asks for?"""
    kind = kind_of(path)
    folder, slash, _ = path.rpartition("/")
    return kind is not None and any(
        any(_is_in(each, folder + slash) and each.endswith(name[1:]) for each in paths)
        if name.startswith("*")
        else folder + slash + name in paths
        for name in kind.beside
    )


def _is_in(path: str, folder: str) -> bool:
    """Does the file lie in the folder itself, whose name ends with a slash or is empty?"""
    return path.startswith(folder) and "/" not in path[len(folder) :]


def facts_of(source: Source) -> Iterator[Fact | Skip]:
    """The packages that a manifest asks for."""
    kind = kind_of(source.path)
    if kind is not None:
        from analyzer.parse.manifests.readers import READERS

        yield from READERS[kind.name](source)
