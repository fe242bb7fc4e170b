"""Ghost themes: templates by the name of what they show, in the layout that they name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from analyzer.frameworks import Convention, Framework, PageAt, Part, Project, joined

REQUIRED = ("index.hbs", "post.hbs")  # without these Ghost refuses a theme
SAID = re.compile(r"^(?P<kind>page|tag|author)-(?P<slug>[\w-]+)$")
ADDRESSES = {
    "home": ("/",),
    "index": ("/", "/page/*"),
    "post": ("/*",),
    "page": ("/*",),
    "tag": ("/tag/*",),
    "author": ("/author/*",),
    "amp": ("/*/amp",),
    "private": ("/private",),
    "subscribe": ("/subscribe",),
}


def conventions(project: Project) -> Iterator[Convention]:
    """The templates of every theme."""
    themes = {posixpath.dirname(path) for path in project.named(REQUIRED[1])}
    for theme in sorted(themes):
        base = theme + "/" if theme else ""
        if all(base + name in project.paths for name in REQUIRED):
            yield from _theme(project, base)


def _theme(project: Project, base: str) -> Iterator[Convention]:
    has_home = base + "home.hbs" in project.paths
    for path in sorted(project.all_templates):
        if not path.startswith(base) or not path.endswith(".hbs"):
            continue
        name = path.removeprefix(base).removesuffix(".hbs")
        if name == "default" or name.startswith(("partials/", "assets/")):
            yield Part(path)
        else:
            routes = addresses(name)
            yield PageAt(path, routes[1:] if has_home and name == "index" else routes)


def addresses(name: str) -> tuple[str, ...]:
    """Where Ghost shows a template, unless the site's own routes say otherwise."""
    if name in ADDRESSES:
        return ADDRESSES[name]
    if said := SAID.match(name):
        return (joined("" if said["kind"] == "page" else said["kind"], said["slug"]),)
    if name.startswith("members/"):
        return (joined(name),)
    if name.startswith("custom-"):
        return ("/*",)
    return ()


FRAMEWORK = Framework(
    name="ghost",
    conventions=conventions,
    order=-1,
    about=rf"(?:^|/){REQUIRED[1]}$",
)
