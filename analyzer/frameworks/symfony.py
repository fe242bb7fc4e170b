"""Symfony: routes as attributes, annotations and YAML, what controllers render, access control."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.frameworks import Convention, Framework, PageAt, Part, Project, joined
from analyzer.frameworks._php import Php
from analyzer.frameworks._yaml import mapping
from analyzer.model import Fact, Route, Skip, Source

READS = (
    r"(?:^|/)src/.*Controller\.php$|(?:^|/)config/routes(?:/[^/]+)?\.ya?ml$"
    r"|(?:^|/)config/(?:packages/)?security\.ya?ml$"
)
ANNOTATION = re.compile(
    r"\*\s*@Route\(\s*(?:path\s*=\s*)?[\"'](?P<path>[^\"']*)[\"'](?P<rest>[^\n]*)"
)
GRANTED = re.compile(r"\*\s*@(?:IsGranted|Security)\(\s*[\"'](?P<role>[^\"']*)[\"']")
TEMPLATE = re.compile(r"\*\s*@Template\(\s*[\"'](?P<name>[^\"']*)[\"']")
PUBLIC = frozenset({"PUBLIC_ACCESS", "IS_AUTHENTICATED_ANONYMOUSLY"})
PARTS = re.compile(
    r"(?:^|/)(?:base\.html\.twig$|_[^/]*$|(?:layouts?|partials?|parts|includes?|components?|macros"
    r"|e?mails?|bundles|form|forms|pdfs?)/)"
)
RENDERS = ("render", "renderView", "renderForm", "renderBlock")
MOST_BETWEEN = 4_000  # bytes between an annotation and the function it stands above


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(Fact):
    """A rule of `security.yaml`: addresses that fit ask for roles, and the first rule counts."""

    pattern: str
    roles: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Renders(Fact):
    """A controller's method, which YAML routes name as `App\\Controller\\X::show`."""

    handler: str
    views: tuple[str, ...]


def read(source: Source) -> Iterator[Fact | Skip]:
    """The routes and views of a controller, or what a YAML file says of routes and access."""
    if source.path.endswith(".php"):
        yield from _controller(Php(source))
        return
    said = yield from mapping(source, "its routes or access rules are")
    if re.search(r"(?:^|/)security\.ya?ml$", source.path):
        yield from _access(source, said)
    else:
        yield from _yaml_routes(source, said)


def conventions(project: Project) -> Iterator[Convention]:
    """The Twig templates that controllers render, at their addresses."""
    routes = [each for each in project.facts(Route) if _is_own(each.place.path)]
    if not routes:
        return
    rules = sorted(project.facts(Access), key=lambda each: (each.place.path, each.number))
    shown = {each.handler: each for each in project.facts(Renders)}
    roots: set[str] = set()
    for route in routes:
        root = re.split(r"(?:^|/)(?:src|config)/", route.place.path)[0]
        root = root + "/" if root and not root.startswith(("src", "config")) else ""
        views: tuple[str, ...] = (route.target,)
        if route.kind == "view":
            found = shown.get(route.target)
            views = found.views if found is not None else ()
        for view in views:
            path = f"{root}templates/{view}"
            if path not in project.paths:
                continue
            roots.add(root)
            address = re.sub(r"\{[^{}]*\}", "*", route.pattern) or "/"
            needs, public = _asked(address, rules, root)
            yield PageAt(path, (address,), needs=(*route.needs, *needs), public=public)
    for path in sorted(project.all_templates):
        for root in roots:
            name = path.removeprefix(f"{root}templates/")
            if name != path and path.endswith(".twig"):
                yield Part(path) if PARTS.search(name) else PageAt(path, certain=False)


def _is_own(path: str) -> bool:
    return bool(re.search(r"(?:^|/)src/.*Controller\.php$|(?:^|/)config/routes", path))


def _asked(address: str, rules: list[Access], root: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the access control asks for at an address, or that it makes an exception."""
    for rule in rules:
        if not rule.place.path.startswith(root):
            continue
        try:
            fits = re.search(rule.pattern, address)
        except re.error:
            continue
        if fits:
            if PUBLIC & set(rule.roles):
                return (), ("access control: PUBLIC_ACCESS",)
            return tuple(f"access control: {role}" for role in rule.roles), ()
    return (), ()


def _access(source: Source, said: Mapping[str, object]) -> Iterator[Fact]:
    inner = said.get("security", said)
    rules = inner.get("access_control") if isinstance(inner, dict) else None
    for number, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict) or not isinstance(rule.get("path"), str):
            continue
        roles = rule.get("roles", rule.get("role", ()))
        said_roles = roles if isinstance(roles, list) else [roles]
        listed = tuple(str(role) for role in said_roles if role)
        at = source.data.find(rule["path"].encode())
        yield Access(
            place=source.place(max(at, 0), max(at, 0) + len(rule["path"].encode())),
            pattern=rule["path"],
            roles=listed,
            number=number,
        )


def _yaml_routes(source: Source, said: Mapping[str, object]) -> Iterator[Fact]:
    for name, route in said.items():
        if not isinstance(route, dict) or not isinstance(route.get("path"), str):
            continue
        handler = route.get("controller")
        defaults = route.get("defaults")
        view = defaults.get("template") if isinstance(defaults, dict) else None
        at = source.data.find(str(name).encode())
        place = source.place(max(at, 0), max(at, 0) + len(str(name).encode()))
        if isinstance(view, str):  # Symfony's own TemplateController
            yield Route(place=place, pattern=route["path"], target=view, kind="template")
        elif isinstance(handler, str):
            handler = handler if "::" in handler else f"{handler}::__invoke"
            yield Route(place=place, pattern=route["path"], target=handler)


# ---------------------------------------------------------------- controllers


def _controller(php: Php) -> Iterator[Fact]:
    name = "\\".join(filter(None, (php.namespace, php.class_name())))
    start = next((at for at, each in enumerate(php.tokens) if each.text == "class"), 0)
    prefixes, asked, _ = _said_above(php, start)
    for method in php.methods():
        paths, needs, views = _said_above(php, method.at)
        views += [
            view
            for chain in php.chains("this", method.start, method.end)
            for link in chain.all(*RENDERS)
            for span in php.arguments(link)[:1]
            if (view := php.string(span))
        ]
        needs += [
            f"denyAccessUnlessGranted {role}"
            for chain in php.chains("this", method.start, method.end)
            for link in chain.all("denyAccessUnlessGranted")
            for role in php.strings(link.start, link.end)[:1]
        ]
        place = php.place(method.at, method.at + 1)
        if views:
            yield Renders(place=place, handler=f"{name}::{method.name}", views=tuple(views))
        for path in paths:
            for view in views:
                yield Route(
                    place=place,
                    pattern=joined(prefixes[0] if prefixes else "", path),
                    target=view,
                    kind="template",
                    needs=(*asked, *needs),
                )


def _said_above(php: Php, at: int) -> tuple[list[str], list[str], list[str]]:
    """The addresses, roles and templates that attributes or annotations state above a name."""
    paths: list[str] = []
    needs: list[str] = []
    views: list[str] = []
    number = at - 1
    while number >= 0 and php.text(number) in ("public", "final", "abstract", "readonly", "static"):
        number -= 1
    while php.text(number) == "]":
        opening = next((a for a, b in php.partner.items() if b == number), -1)
        if php.text(opening - 1) != "#":
            break
        _attributes(php, opening + 1, number, paths, needs, views)
        number = opening - 2
    end = php.tokens[number + 1].start if number + 1 < len(php.tokens) else 0
    before = php.tokens[number].end if number >= 0 else 0
    text = php.source.data[max(before, end - MOST_BETWEEN) : end].decode("latin-1")
    paths += [found["path"] for found in ANNOTATION.finditer(text)]
    needs += [f"IsGranted {found['role']}" for found in GRANTED.finditer(text)]
    views += [found["name"] for found in TEMPLATE.finditer(text)]
    return paths, needs, views


def _attributes(
    php: Php, start: int, end: int, paths: list[str], needs: list[str], views: list[str]
) -> None:
    """The attributes of one `#[...]`."""
    for at in range(start, end):
        name = php.text(at)
        if name not in ("Route", "IsGranted", "Template") or php.text(at + 1) != "(":
            continue
        stop = php.partner.get(at + 1, at + 1)
        first = php.tokens[at + 2] if at + 2 < stop else None
        if first is not None and php.text(at + 2) in ("path", "template", "attribute"):
            first = php.tokens[at + 4]
        said = first.value if first is not None and first.kind == "text" else None
        if not isinstance(said, str):
            continue
        if name == "Route":
            paths.append(said)
        elif name == "Template":
            views.append(said)
        elif said not in PUBLIC:
            needs.append(f"IsGranted {said}")


FRAMEWORK = Framework(
    name="symfony",
    conventions=conventions,
    reads=READS,
    read=read,
    about=READS,
)
