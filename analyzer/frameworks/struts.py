"""Struts: actions show the pages of their results; by convention a page lies under its address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.frameworks import Convention, Framework, PageAt, Part, Project, joined
from analyzer.frameworks._tiles import Definitions
from analyzer.frameworks._xml import directly, inside, place_of, root_of, value
from analyzer.model import Fact, Package, Route, Source

NAME = "struts"
SHOWS = frozenset({"", "dispatcher", "freemarker", "tiles", "velocity"})
PAGE = re.compile(r"\.(?:jspx?|html?|ftlh?)$", re.I)
CONTENT = re.compile(
    r"^(?P<root>(?:.*?/)??(?:src/main/webapp|WebContent|WebRoot|web)/)WEB-INF/content/(?P<path>.+)\.(?:jspx?|ftl)$"
)
RESULT = re.compile(r"-(?:success|input|error|none|login)$")
CONVENTION = ("maven:org.apache.struts:struts2-convention-plugin",)


def read(source: Source) -> Iterator[Fact]:
    """The results of struts.xml, and the forwards of struts-config.xml."""
    root = root_of(source, "struts", "struts-config")
    if root is None:
        return
    for package in inside(root, "package"):
        space = value(package, "namespace")
        for action in directly(package, "action"):
            for result in directly(action, "result"):
                target = (result.text or "").strip() or value(result, "param")
                if value(result, "type") in SHOWS and target:
                    yield _route(source, result, joined(space, value(action, "name")), target)
    for action in inside(root, "action"):
        address = value(action, "path")
        if not address.startswith("/"):
            continue
        targets = [value(action, "forward"), value(action, "input")]
        targets += [value(each, "path") for each in directly(action, "forward")]
        for target in targets:
            if target and not target.endswith(".do"):
                yield _route(source, action, f"{address}.do", target)


def _route(source: Source, element: object, address: str, target: str) -> Route:
    place = place_of(source, element, target)  # type: ignore[arg-type]
    return Route(place=place, pattern=address, target=target, kind="template", name=NAME)


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of actions, and those that the convention plugin finds by their address."""
    definitions = Definitions(project)
    for route in project.facts(Route):
        if route.name != NAME:
            continue
        if PAGE.search(route.target):
            found = project.templates(route.target.partition("?")[0], "jsp", route.place.path)[:1]
        else:
            found = definitions.pages(route.target)
        for path in found:
            yield PageAt(path, (route.pattern,))
    if not _is_used(project):
        return
    for path in project.all_templates:
        found_here = CONTENT.match(path)
        if found_here is None:
            continue
        if re.search(r"(?:^|/)(?:includes?|snippets?|layouts?)/", found_here["path"]):
            yield Part(path)
        else:
            address = RESULT.sub("", "/" + found_here["path"])
            yield PageAt(path, (re.sub(r"/index$", "/", address),))


def _is_used(project: Project) -> bool:
    if project.uses(*CONVENTION):
        return True
    return any(
        "struts2-convention" in each.name or "struts2-rest" in each.name
        for each in project.facts(Package)
    )


FRAMEWORK = Framework(
    name=NAME,
    conventions=conventions,
    reads=r"(?i)(?:^|/)struts[\w.-]*\.xml$",
    read=read,
    about=r"(?i)struts|WEB-INF/content/",
)
