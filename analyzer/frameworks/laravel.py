"""Laravel: routes and their middleware, controllers and the views that they show, Inertia pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analyzer.frameworks import (
    Convention,
    Framework,
    PageAt,
    Part,
    Project,
    Wrap,
    joined,
)
from analyzer.frameworks._php import Chain, Link, Php
from analyzer.model import Fact, Route, Source

READS = (
    r"(?:^|/)routes/(?!api\.|channels\.|console\.)[\w-]+\.php$"
    r"|(?:^|/)app/(?:.*/)?(?:Controllers|Livewire)/.*\.php$|(?:^|/)app/.*Controller\.php$"
)
VIEWS = "resources/views/"
VERBS = ("get", "any", "match", "post", "put", "patch", "delete", "livewire")
SHOWN = ("get", "any", "match", "livewire", "fallback")
ACTIONS = {"index": "", "create": "/create", "show": "/{id}", "edit": "/{id}/edit"}
LOGIN = re.compile(r"^(?:auth|verified|can|role|permission|password\.confirm)\b|auth|login", re.I)
GUEST = re.compile(r"^guest\b")
PARTS = re.compile(
    r"(?:^|/)(?:layouts?|components?|partials?|parts|includes?|mails?|emails?|notifications|vendor"
    r"|livewire|shared|common|pdfs?)/|(?:^|/)_[^/]*$"
)
PAGE_ENDINGS = (".vue", ".tsx", ".jsx", ".svelte", ".ts", ".js")
PAGE_FOLDERS = ("resources/js/Pages/", "resources/js/pages/", "resources/ts/Pages/")
ROOT_VIEWS = ("app", "inertia", "layouts/app")
SIGN_IN = {  # what `Auth::routes()` of laravel/ui answers
    "auth/login": "/login",
    "auth/register": "/register",
    "auth/verify": "/email/verify",
    "auth/passwords/email": "/password/reset",
    "auth/passwords/reset": "/password/reset/*",
    "auth/passwords/confirm": "/password/confirm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shows(Fact):
    """A handler shows views: `PhotoController@index` shows `photos.index`.

    `component` tells that the names are those of Inertia's page components, `needs` what the
    controller asks of visitors itself.
    """

    handler: str
    views: tuple[str, ...]
    component: bool = False
    layout: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """What the groups around a route say of it."""

    prefix: str = ""
    needs: tuple[str, ...] = ()
    controller: str = ""


def read(source: Source) -> Iterator[Fact]:
    """The routes of a route file, or the views of a controller."""
    php = Php(source)
    if re.search(r"(?:^|/)routes/[\w-]+\.php$", source.path):
        yield from _routes(php, 0, len(php.tokens), _Group())
    else:
        yield from _controller(php)


def conventions(project: Project) -> Iterator[Convention]:
    """The views of every Laravel application, at the addresses of their routes."""
    roots = sorted(
        {path[: path.index(VIEWS)] for path in project.paths if f"/{VIEWS}" in f"/{path}"}
    )
    for root in roots:
        yield from _application(project, root)


def _application(project: Project, root: str) -> Iterator[Convention]:
    shows: dict[str, list[Shows]] = {}
    for shown in project.facts(Shows):
        if shown.place.path.startswith(root):
            for name in {shown.handler, shown.handler.rpartition("\\")[2]}:
                shows.setdefault(name, []).append(shown)
    for route in project.facts(Route):
        own = route.place.path.startswith(root + "routes/")
        if not own:
            continue
        if route.kind == "template":
            yield from _page(project, root, route.target, route)
        for shown in _shown(shows, route.target):
            asked = replace(route, needs=(*route.needs, *shown.needs))
            for view in shown.views:
                if shown.component:
                    yield from _component(project, root, view, asked)
                else:
                    yield from _page(project, root, view, asked, shown.layout)
    for path in sorted(project.paths):
        if path.startswith(root + VIEWS) and path.endswith(".blade.php"):
            name = path.removeprefix(root + VIEWS).removesuffix(".blade.php")
            yield Part(path) if PARTS.search(name) else PageAt(path, certain=False)


def _shown(shows: Mapping[str, Sequence[Shows]], handler: str) -> Sequence[Shows]:
    """What a handler shows; a class that is named without its namespace must be the only one."""
    found = shows.get(handler) or shows.get(handler.rpartition("\\")[2]) or ()
    return found if len({each.handler for each in found}) == 1 else ()


def _page(
    project: Project, root: str, view: str, route: Route, layout: str = ""
) -> Iterator[Convention]:
    name = view.replace(".", "/")
    path = project.first(f"{root}{VIEWS}{name}.blade.php", f"{root}{VIEWS}{name}/index.blade.php")
    if not path:
        return
    public = tuple(need for need in route.needs if GUEST.search(need))
    needs = tuple(need for need in route.needs if need not in public)
    yield PageAt(path, _addresses(route.pattern), needs=needs, public=public)
    if layout:
        outer = layout.replace(".", "/")
        found = project.first(f"{root}{VIEWS}{outer}.blade.php")
        if found:
            yield Wrap(path, found, default=False, place=route.place)


def _component(project: Project, root: str, name: str, route: Route) -> Iterator[Convention]:
    path = project.first(
        *(f"{root}{folder}{name}{ending}" for folder in PAGE_FOLDERS for ending in PAGE_ENDINGS)
    )
    if not path:
        return
    yield PageAt(path, _addresses(route.pattern), needs=route.needs)
    outer = project.first(*(f"{root}{VIEWS}{each}.blade.php" for each in ROOT_VIEWS))
    if outer:
        yield Wrap(path, outer)


def _addresses(pattern: str) -> tuple[str, ...]:
    """The addresses of a pattern: a parameter is `*`, one that may be missing makes two of it."""
    optional = re.search(r"/\{\w+\?\}", pattern)
    kinds = [pattern[: optional.start()], pattern] if optional else [pattern]
    return tuple(dict.fromkeys(re.sub(r"\{[^{}]*\}", "*", each) or "/" for each in kinds))


# ---------------------------------------------------------------- route files


def _routes(php: Php, start: int, end: int, group: _Group) -> Iterator[Fact]:
    for chain in php.chains("Route", start, end):
        inner = _within(php, chain, group)
        closing = chain.get("group")
        if closing is not None:
            body = php.body(closing.start, closing.end)
            if body is not None:
                yield from _routes(php, *body, inner)
            continue
        yield from _answers(php, chain, inner)
    for chain in php.chains("Auth", start, end):
        if chain.get("routes") is not None:
            for view, address in SIGN_IN.items():
                yield Route(
                    place=php.place(chain.at), pattern=address, target=view, kind="template"
                )


def _within(php: Php, chain: Chain, group: _Group) -> _Group:
    """What holds for a chain's routes: the groups around it and its own calls."""
    for link in chain.links:
        said = php.strings(link.start, link.end)
        match link.name:
            case "prefix" if said:
                group = replace(group, prefix=joined(group.prefix, said[0]))
            case "middleware" | "can":
                group = replace(group, needs=(*group.needs, *_needs(said)))
            case "withoutMiddleware":
                left = tuple(need for need in group.needs if _bare(need) not in said)
                group = replace(group, needs=left)
            case "controller":
                group = replace(group, controller=_class(php, link.start, link.end))
            case "group":
                if prefix := php.keyed("prefix", link.start, _head(php, link)):
                    name = php.string(prefix) or ""
                    group = replace(group, prefix=joined(group.prefix, name))
                if asked := php.keyed("middleware", link.start, _head(php, link)):
                    found = _needs(php.strings(*asked))
                    group = replace(group, needs=(*group.needs, *found))
    return group


def _head(php: Php, link: Link) -> int:
    """Where the settings of a group end: before the function that holds its routes."""
    words = ("function", "fn", "static")
    return next((at for at in range(link.start, link.end) if php.text(at) in words), link.end)


def _needs(middleware: list[str]) -> tuple[str, ...]:
    return tuple(
        f"middleware {name}" if LOGIN.search(name) else name
        for name in middleware
        if LOGIN.search(name) or GUEST.search(name)
    )


def _bare(need: str) -> str:
    return need.removeprefix("middleware ")


def _answers(php: Php, chain: Chain, group: _Group) -> Iterator[Fact]:
    place = php.place(chain.at, chain.end - 1)
    for link in chain.links:
        spans = php.arguments(link)
        if link.name in ("resource", "apiResource", "resources") and len(spans) > 1:
            if link.name != "apiResource":
                yield from _resource(php, chain, spans, group)
            return
        if link.name == "view" and len(spans) > 1:
            pattern, view = php.string(spans[0]), php.string(spans[1])
            if pattern is not None and view is not None:
                address = joined(group.prefix, pattern)
                yield Route(
                    place=place, pattern=address, target=view, kind="template", needs=group.needs
                )
            return
        if link.name in VERBS and spans:
            if link.name in SHOWN:
                number = 1 if link.name == "match" else 0
                yield from _answer(php, spans[number:], group, chain)
            return


def _answer(php: Php, spans: list[tuple[int, int]], group: _Group, chain: Chain) -> Iterator[Fact]:
    pattern = php.string(spans[0]) if spans else None
    if pattern is None or len(spans) < 2:
        return
    place = php.place(chain.at, chain.end - 1)
    address = joined(group.prefix, pattern)
    body = php.body(*spans[1]) if _is_function(php, spans[1]) else None
    if body is not None:
        for view in _views(php, *body)[0]:
            yield Route(
                place=place, pattern=address, target=view, kind="template", needs=group.needs
            )
        return
    handler = _handler(php, spans[1], group.controller)
    if handler:
        yield Route(place=place, pattern=address, target=handler, needs=group.needs)


def _is_function(php: Php, span: tuple[int, int]) -> bool:
    return php.text(span[0]) in ("function", "fn", "static")


def _handler(php: Php, span: tuple[int, int], controller: str) -> str:
    """The handler that an argument names: `[X::class, 'show']`, `X@show`, `X::class`, `show`."""
    start, end = span
    said = php.strings(start, end)
    if name := _class(php, start, end):
        return f"{name}@{said[0] if said else '__invoke'}"
    if said and "@" in said[0]:
        return said[0].rpartition("\\")[2]
    return f"{controller}@{said[0]}" if said and controller else ""


def _class(php: Php, start: int, end: int) -> str:
    """The class that is named between two tokens as `X::class`."""
    for at in range(start + 1, end):
        if php.text(at) == "::" and php.text(at + 1) == "class":
            return php.qualified(at)
    return ""


def _resource(
    php: Php, chain: Chain, spans: list[tuple[int, int]], group: _Group
) -> Iterator[Fact]:
    name = php.string(spans[0])
    handler = _handler(php, spans[1], "").partition("@")[0]
    if name is None or not handler:
        return
    only = [word for link in chain.all("only") for word in php.strings(link.start, link.end)]
    left = [word for link in chain.all("except") for word in php.strings(link.start, link.end)]
    for action, tail in ACTIONS.items():
        if (only and action not in only) or action in left:
            continue
        yield Route(
            place=php.place(chain.at, chain.end - 1),
            pattern=joined(group.prefix, name.replace(".", "/*/")) + tail,
            target=f"{handler}@{action}",
            needs=group.needs,
        )


# ---------------------------------------------------------------- controllers


def _controller(php: Php) -> Iterator[Fact]:
    name = "\\".join(filter(None, (php.namespace, php.class_name())))
    methods = list(php.methods())
    asked = [
        chain
        for method in methods
        if method.name == "__construct"
        for chain in php.chains("this", method.start, method.end)
        if chain.get("middleware") is not None
    ]
    live = "Livewire/" in php.source.path
    for method in methods:
        views, components, layout = _views(php, method.start, method.end)
        needs = tuple(need for chain in asked for need in _asks(php, chain, method.name))
        handler = f"{name}@{'__invoke' if live and method.name == 'render' else method.name}"
        place = php.place(method.at)
        if views:
            default = "components.layouts.app" if live else ""
            yield Shows(
                place=place,
                handler=handler,
                views=tuple(views),
                layout=layout or default,
                needs=needs,
            )
        if components:
            yield Shows(
                place=place, handler=handler, views=tuple(components), component=True, needs=needs
            )


def _asks(php: Php, chain: Chain, method: str) -> tuple[str, ...]:
    """What a constructor's middleware asks of one method."""
    only = [word for link in chain.all("only") for word in php.strings(link.start, link.end)]
    left = [word for link in chain.all("except") for word in php.strings(link.start, link.end)]
    if (only and method not in only) or method in left:
        return ()
    return tuple(
        need
        for link in chain.all("middleware")
        for need in _needs(php.strings(link.start, link.end))
    )


def _views(php: Php, start: int, end: int) -> tuple[list[str], list[str], str]:
    """The views and the page components that a body shows, and the layout that it asks for."""
    views: list[str] = []
    components: list[str] = []
    layout = ""
    for head, names, found in (
        ("view", ("view",), views),
        ("View", ("make",), views),
        ("response", ("view",), views),
        ("Inertia", ("render",), components),
        ("inertia", ("inertia", "render"), components),
    ):
        for chain in php.chains(head, start, end):
            for link in chain.all(*names):
                spans = php.arguments(link)
                name = php.string(spans[0]) if spans else None
                if name is not None and name not in found:
                    found.append(name)
            for link in chain.all("layout", "extends"):
                layout = next(iter(php.strings(link.start, link.end)), layout)
    return views, components, layout


FRAMEWORK = Framework(
    name="laravel",
    conventions=conventions,
    reads=READS,
    read=read,
    about=VIEWS,
)
