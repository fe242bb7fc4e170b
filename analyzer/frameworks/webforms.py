"""ASP.NET Web Forms: every .aspx file is a page at its path, in the master page that it names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks import Convention, Framework, PageAt, Part, Project, Wrap, joined
from analyzer.frameworks._aspnet_routes import addresses
from analyzer.model import Fact, Skip, Source

COMMENT = re.compile(rb"<!--[\s\S]*?(?:-->|\Z)")
PAGES = re.compile(rb"<pages\b[^<>]*\bmasterPageFile\s*=\s*\"([^\"]+)\"", re.I)
LOCATION = re.compile(
    rb"<location\b[^<>]*\bpath\s*=\s*\"([^\"]+)\"[^<>]*>|(?P<end></location)", re.I
)
RULE = re.compile(rb"<(?P<rule>deny|allow)\s+users\s*=\s*\"(?P<users>[^\"]*)\"", re.I)
ROUTE = re.compile(
    rb"MapPageRoute\s*\(\s*\"[^\"]*\"\s*,\s*\"(?P<route>[^\"]*)\"\s*,\s*\"~?/(?P<page>[^\"]+)\""
)
EVERYBODY = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSetting(Fact):
    """A word of a web.config or of the routes: `what` is master, asks, lets or route."""

    what: str
    path: str
    value: str = ""


def read(source: Source) -> Iterator[Fact | Skip]:
    """The settings of one web.config, or the routes to pages that a program makes."""
    if not source.path.lower().endswith(".config"):
        for found in ROUTE.finditer(source.data):
            yield WebSetting(
                place=source.place(*found.span()),
                what="route",
                path=found["page"].decode("utf-8", "replace"),
                value=found["route"].decode("utf-8", "replace"),
            )
        return
    data = COMMENT.sub(lambda found: b" " * len(found[0]), source.data)
    for found in PAGES.finditer(data):
        master = found[1].decode("utf-8", "replace")
        yield WebSetting(place=source.place(*found.span()), what="master", path="", value=master)
    places = [
        (found.start(), "" if found["end"] else found[1].decode("utf-8", "replace"))
        for found in LOCATION.finditer(data)
    ]
    for found in RULE.finditer(data):
        below = next((path for at, path in reversed(places) if at < found.start()), "")
        everybody = EVERYBODY in found["users"].decode("utf-8", "replace")
        asks = found["rule"].lower() == b"deny" and everybody
        lets = found["rule"].lower() == b"allow" and found["users"] in (b"*", b"?")
        if asks or lets:
            what = "asks" if asks else "lets"
            yield WebSetting(place=source.place(*found.span()), what=what, path=below)


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of every application, their master pages and addresses."""
    forms = [path for path in project.all_templates if project.engine(path) == "webforms"]
    if not forms:
        return
    settings = list(project.facts(WebSetting))
    roots = {posixpath.dirname(each.place.path) for each in settings if each.what != "route"}
    projects = (path for path in project.paths if path.endswith((".csproj", ".vbproj")))
    roots |= {posixpath.dirname(path) for path in projects}
    for path in sorted(forms):
        if path.lower().endswith(".asp"):
            continue  # the older language: such a page has no controls and no master
        if not path.lower().endswith(".aspx"):
            yield Part(path)
            continue
        root = _outermost(roots, path)
        yield _page(path, root, settings)
        for each in settings:
            folder = posixpath.dirname(each.place.path)
            master = project.first(posixpath.join(root, each.value.lstrip("~/")))
            if each.what == "master" and master and _is_below(path, folder):
                yield Wrap(path, master, place=each.place)


def _page(path: str, root: str, settings: list[WebSetting]) -> PageAt:
    """A page with its address, and what the nearest rule asks."""
    name = path.removeprefix(root).lstrip("/")
    routes = [joined(name.removesuffix("Default.aspx"))]
    routes += [
        address
        for each in settings
        if each.what == "route" and each.path.lower() == name.lower()
        for address in addresses(each.value)
    ]
    nearest: tuple[int, WebSetting] | None = None
    for each in settings:
        if each.what not in ("asks", "lets"):
            continue
        below = posixpath.join(posixpath.dirname(each.place.path), each.path.strip("/"))
        if _is_below(path, below) and (nearest is None or len(below) > nearest[0]):
            nearest = len(below), each
    asks = nearest is not None and nearest[1].what == "asks"
    lets = nearest is not None and nearest[1].what == "lets" and bool(nearest[1].path)
    words = "web.config"
    return PageAt(path, tuple(routes), True, (words,) if asks else (), (words,) if lets else ())


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.lower().startswith(folder.lower() + "/")


def _outermost(roots: set[str], path: str) -> str:
    """The folder of the application that a page belongs to."""
    return min((root for root in roots if _is_below(path, root)), key=len, default="")


FRAMEWORK = Framework(
    name="webforms",
    conventions=conventions,
    reads=r"(?i:web\.config$|(?:global\.asax|routeconfig)(?:\.cs|\.vb)?$)",
    read=read,
    about=r"(?i)\.(?:aspx|ascx|master|asp)$",
)
