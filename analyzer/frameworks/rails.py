"""Ruby on Rails: views are wrapped in the layout of their controller, else in the application's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.frameworks import Convention, Framework, PageAt, Part, Project, Wrap

VIEW = re.compile(r"^(?P<app>.*?)app/views/(?P<controller>.+)/(?P<name>[^/]+)$")
SUFFIXES = (".html.erb", ".erb", ".html.haml", ".html.slim")


def conventions(project: Project) -> Iterator[Convention]:
    """The views of every application, and their layouts."""
    for path in project.all_templates:
        if "app/views/" not in path or not path.endswith((".erb", ".haml", ".slim")):
            continue
        yield Part(path) if is_part(path) else PageAt(path, certain=False)
        if layout := project.first(*layouts(path)):
            yield Wrap(path, layout)


def layouts(path: str) -> tuple[str, ...]:
    """The layouts that may wrap a view, the nearest first."""
    view = VIEW.match(path)
    if view is None or is_part(path):
        return ()
    folder = view["app"] + "app/views/layouts/"
    controllers = view["controller"].split("/")
    names = ["/".join(controllers[:depth]) for depth in range(len(controllers), 0, -1)]
    return tuple(folder + name + suffix for name in (*names, "application") for suffix in SUFFIXES)


def is_part(path: str) -> bool:
    """Partials begin with an underscore; layouts and mails are no pages."""
    folder, _, name = path.rpartition("/")
    return (
        name.startswith("_")
        or "/layouts" in folder
        or "mailer" in folder
        or path.endswith(".text.erb")
    )


FRAMEWORK = Framework(name="rails", conventions=conventions)
