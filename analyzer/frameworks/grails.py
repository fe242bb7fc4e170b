"""Grails: a view lies under its controller and action, in the layout of its controller."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.frameworks import Convention, Framework, PageAt, Part, Project, Wrap

VIEW = re.compile(r"^(?P<app>.*?)grails-app/views/(?P<folder>.*?)(?P<name>[^/]+)\.gsp$")
NO_ADDRESS = frozenset({"error", "notFound", "accessDenied"})


def conventions(project: Project) -> Iterator[Convention]:
    """The views of every application."""
    for path in project.all_templates:
        found = VIEW.match(path)
        if found is None:
            continue
        folder, name = found["folder"].strip("/"), found["name"]
        if name.startswith("_") or folder.partition("/")[0] in ("layouts", "templates"):
            yield Part(path)
            continue
        action = "" if name == "index" else f"/{name}"
        address = f"/{folder}{action}" if folder else action or "/"
        yield PageAt(path, () if name in NO_ADDRESS else (address,))
        layouts = f"{found['app']}grails-app/views/layouts/"
        if layout := project.first(
            f"{layouts}{folder}/{name}.gsp", f"{layouts}{folder}.gsp", f"{layouts}application.gsp"
        ):
            yield Wrap(path, layout)


FRAMEWORK = Framework(
    name="grails",
    conventions=conventions,
    about=r"grails-app/views/",
)
