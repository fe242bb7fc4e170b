"""Composer: PHP packages, and the WordPress plugins and Drupal modules that come the same way."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Fact, Skip, Source
from analyzer.parse.manifests.located import members, package

PLUGINS = ("wpackagist-plugin", "wpackagist-muplugin", "wp-plugin")


def manifest(source: Source) -> Iterator[Fact | Skip]:
    """What a project requires; `require-dev` never reaches a page."""
    found = members(source)
    if isinstance(found, Skip):
        yield found
        return
    for name, start, end, _ in found.of("require"):
        yield from _package(source, name, start, end)


def lock(source: Source) -> Iterator[Fact | Skip]:
    """The packages of a composer.lock that no other one needs, but those for developers."""
    found = members(source)
    if isinstance(found, Skip):
        yield found
        return
    listed = found.value.get("packages") if isinstance(found.value, dict) else None
    installed = listed if isinstance(listed, list) else []
    required = [each.get("require") for each in installed if isinstance(each, dict)]
    needed = {name.lower() for each in required if isinstance(each, dict) for name in each}
    for key, _, _, packages in found.of():
        if key != "packages" or packages.type != "array":
            continue
        for each in packages.named_children:
            for inner, _, _, value in found.inside(each):
                if inner == "name" and found.text(value).lower() not in needed:
                    yield from _package(
                        source,
                        found.text(value),
                        value.start_byte + found.shift,
                        value.end_byte + found.shift,
                    )


def _package(source: Source, name: str, start: int, end: int) -> Iterator[Fact]:
    owner, slash, short = name.partition("/")
    if not slash:
        return  # php itself and its extensions
    yield package(source, "composer", name, start, end)
    if owner in PLUGINS:
        yield package(source, "wordpress", short, start, end)
    elif owner == "drupal":
        yield package(source, "drupal", short, start, end)
    elif owner in ("npm-asset", "bower-asset"):
        yield package(source, "npm", short, start, end)
