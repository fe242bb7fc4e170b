"""Flutter's pubspec, and the modules, plugins and apps of content-management systems."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from analyzer.model import Fact, Skip, Source
from analyzer.parse.manifests.located import package
from analyzer.parse.manifests.text import yaml_mapping

PLUGIN = re.compile(r"(?:^|/)(?:mu-)?plugins/([\w.-]+)/[^/]+\.php$", re.I)
PLUGIN_HEADER = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<\?php[\s\S]{0,4000}?^[ \t/*#@]*Plugin Name:[ \t]*([^\r\n]+)", re.M
)
NEEDED = re.compile(rb"^[ \t/*#@]*Requires Plugins:[ \t]*([^\r\n]+)", re.M)
SHOPIFY_APP = re.compile(r"shopify://apps/([\w-]+)/")


def pubspec(source: Source) -> Iterator[Fact | Skip]:
    """The packages of a Dart or Flutter program; `dev_dependencies` never reach a person."""
    root = yaml_mapping(source)
    if isinstance(root, Skip):
        yield root
        return
    for key, _ in root.child("dependencies").items():
        yield package(source, "pub", key.text, key.start, key.end)


def drupal_extensions(source: Source) -> Iterator[Fact | Skip]:
    """The modules that a Drupal site has switched on."""
    root = yaml_mapping(source)
    if isinstance(root, Skip):
        yield root
        return
    for key, _ in root.child("module").items():
        yield package(source, "drupal", key.text, key.start, key.end)


def drupal_info(source: Source) -> Iterator[Fact | Skip]:
    """The modules that a Drupal module, theme or profile needs."""
    root = yaml_mapping(source)
    if isinstance(root, Skip):
        yield root
        return
    for section in ("dependencies", "install"):
        for each in root.child(section).listed():
            name = re.split(r"[\s(]", each.text.rpartition(":")[2], maxsplit=1)[0]
            if name:
                yield package(source, "drupal", name, each.start, each.end)


def wordpress_plugin(source: Source) -> Iterator[Fact]:
    """A plugin that is installed beside others, by its folder, and the plugins that it needs."""
    header = PLUGIN_HEADER.match(source.data)
    if header is None:
        return
    if folder := PLUGIN.search(source.path):
        yield package(source, "wordpress", folder[1], header.start(1), header.end(1))
    if needed := NEEDED.search(source.data[:8192]):
        for found in re.finditer(rb"[\w-]+", needed[1]):
            start = needed.start(1) + found.start()
            yield package(source, "wordpress", found[0].decode(), start, start + len(found[0]))


def shopify_settings(source: Source) -> Iterator[Fact | Skip]:
    """The apps that a Shopify theme shows; a block that is switched off is left out."""
    text = re.sub(r"\A\s*/\*[\s\S]*?\*/", "", source.data.decode("utf-8-sig", "replace"))
    try:
        found = json.loads(text)
    except ValueError as trouble:
        yield Skip(source.path, f"it is not valid JSON ({str(trouble)[:100]})")
        return
    seen: set[str] = set()
    for kind in _switched_on(found):
        app = SHOPIFY_APP.match(kind)
        if app is None or app[1] in seen:
            continue
        seen.add(app[1])
        at = re.search(re.escape(kind).replace("/", r"\\?/").encode(), source.data)
        start, end = at.span() if at else (0, 0)
        yield package(source, "shopify", app[1], start, end)


def _switched_on(value: Any) -> Iterator[str]:
    """The types of all blocks, in a theme's settings, that are not disabled."""
    todo = [value]
    while todo:  # settings are nested by hand and by machines
        each = todo.pop()
        if isinstance(each, dict):
            if each.get("disabled") is True:
                continue
            if isinstance(each.get("type"), str):
                yield each["type"]
            todo.extend(reversed(list(each.values())))
        elif isinstance(each, list):
            todo.extend(reversed(each))
