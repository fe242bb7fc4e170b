"""CodeIgniter's controllers: the views that a method loads make one page, at its address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from analyzer.frameworks import Convention, PageAt, joined
from analyzer.frameworks._php_notes import PhpNote
from analyzer.frameworks._php_site import PhpSite, Way
from analyzer.model import Route, Source

READS = r"(?:^|/)(?:application/config/routes|app/Config/Routes)\.php$"
CONTROLLER = re.compile(
    r"^(?P<app>(?:.*/)?(?:application|app))/controllers/(?P<folder>(?:.*/)?)(?P<name>\w+)\.php$",
    re.I,
)
OLD_ROUTE = re.compile(
    rb"^[ \t]*\$route\[\s*['\"]([^'\"\r\n]+)['\"]\s*\]\s*=\s*['\"]([^'\"\r\n]+)['\"]", re.M
)
NEW_ROUTE = re.compile(
    rb"^[ \t]*\$routes->(?:get|post|add|match|cli|view)\(\s*(?:\[[^\]]*\]\s*,\s*)?"
    rb"['\"]([^'\"\r\n]*)['\"]\s*,\s*['\"]\\?([\w\\:/$]+)['\"]",
    re.M,
)
SETTINGS = frozenset({"404_override", "translate_uri_dashes", "scaffolding_trigger"})
FRAME = re.compile(r"(?:head|foot|nav|side|menu|top|bottom|script|meta)", re.I)
HIDDEN = re.compile(r"^_|^__")


def read(source: Source) -> Iterator[Route]:
    """The written routes: `$route['about'] = 'pages/about'` and `$routes->get(...)`."""
    for pattern in (OLD_ROUTE, NEW_ROUTE):
        for found in pattern.finditer(source.data):
            written, target = (each.decode("utf-8", "replace") for each in found.groups())
            if written in SETTINGS:
                continue
            home = written == "default_controller"
            yield Route(
                place=source.place(*found.span()),
                pattern="/" if home else address(written),
                target=target.replace("::", "/").replace("\\", "/").lower(),
                kind="codeigniter",
            )


def address(written: str) -> str:
    """`visits/(:num)` is `/visits/*`."""
    text = re.sub(r"\((?::\w+|[^()]*)\)|\{[^}]*\}", "*", written)
    return joined(text)


def conventions(site: PhpSite) -> Iterator[Convention | Way]:
    """The pages that controllers show, and the views that make up each."""
    shown: dict[tuple[str, str], list[tuple[PhpNote, str, float]]] = {}
    for note in site.all("view"):
        if CONTROLLER.match(note.place.path) and note.function:
            for path, sure in site.viewed(note.value, note.place.path):
                shown.setdefault((note.place.path, note.function), []).append((note, path, sure))
    used = Counter(path for listed in shown.values() for path in {each[1] for each in listed})
    for (controller, function), listed in shown.items():
        paths = list(dict.fromkeys(path for _, path, _ in listed))
        framed = any(FRAME.search(path.rpartition("/")[2]) for path in paths)
        if not framed or len(paths) == 1:
            pages = paths
        else:  # header, content and footer: the content is the page
            inner = [path for path in paths if not FRAME.search(path.rpartition("/")[2])]
            pages = sorted(inner or paths, key=lambda path: used[path])[:1]
        routes = tuple(_routes(site, controller, function))
        needs = tuple(_needs(site, controller, function))
        for page in pages:
            yield PageAt(page, routes, needs=needs)
            for note, path, sure in listed if framed else ():
                if path != page:
                    yield Way((page, ""), (path, ""), note.place, note.guards, (), sure)


def _routes(site: PhpSite, controller: str, function: str) -> Iterator[str]:
    """The addresses of a controller's method: those that are written, else by its names."""
    found = CONTROLLER.match(controller)
    if found is None:
        return
    method = function.rpartition("::")[2]
    if HIDDEN.match(method):
        return
    folder, name = found["folder"].lower(), found["name"].lower()
    target = f"{folder}{name}/{method.lower()}"
    short = target.removesuffix("/index")
    for written in site.project.facts(Route):
        named = written.kind == "codeigniter" and re.sub(r"(?:/\$\d+)+$", "", written.target)
        if named in (target, short):
            yield written.pattern
    yield joined(short)


def _needs(site: PhpSite, controller: str, function: str) -> Iterator[str]:
    """What is asked before: in the method itself or when its controller is made."""
    owner = function.rpartition("::")[0]
    asked = (function, f"{owner}::__construct", f"{owner}::initController")
    for note in site.notes.get(controller, ()):
        if note.kind == "login" and note.function in asked:
            yield note.name
