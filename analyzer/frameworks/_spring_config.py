"""What Spring's configuration says: where views lie, below which path all addresses stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.frameworks import joined
from analyzer.frameworks._access import EVERYTHING, PUBLIC, Access
from analyzer.frameworks._spring_code import NAME, ViewRoot, normal
from analyzer.frameworks._xml import directly, inside, place_of, root_of, value
from analyzer.model import Fact, Route, Source

PROPERTY = re.compile(rb"^[ \t]*([\w.-]+)[ \t]*[=:][ \t]*([^\s#]+)", re.M)
VIEW_ROOTS = ("spring.mvc.view", "spring.view", "spring.thymeleaf", "spring.freemarker")
BASES = ("server.servlet.context-path", "server.context-path", "spring.webflux.base-path")
CONTROLLER = re.compile(r"ViewController$")
FREE = re.compile(r"permitAll|IS_AUTHENTICATED_ANONYMOUSLY|isAnonymous|^none$", re.I)


def read(source: Source) -> Iterator[Fact]:
    """The facts of one configuration file."""
    low = source.path.lower()
    if low.endswith(".xml"):
        yield from _beans(source)
    else:
        found = _flat(source) if low.endswith((".yml", ".yaml")) else _properties(source)
        yield from _settings(source, dict(found))


def _properties(source: Source) -> Iterator[tuple[str, tuple[str, int, int]]]:
    for said in PROPERTY.finditer(source.data):
        yield (
            said[1].decode("latin-1"),
            (said[2].decode("utf-8", "replace"), said.start(1), said.end(2)),
        )


def _flat(source: Source) -> Iterator[tuple[str, tuple[str, int, int]]]:
    """A YAML file's plain values under their dotted names, told by their indentation."""
    outer: list[tuple[int, str]] = []
    pattern = re.compile(rb"^([ ]*)([\w.-]+)[ \t]*:[ \t]*(?:[\"']?([^\s#\"']+)[\"']?)?", re.M)
    for said in pattern.finditer(source.data):
        depth = len(said[1])
        while outer and outer[-1][0] >= depth:
            outer.pop()
        outer.append((depth, said[2].decode("latin-1")))
        if said[3] and len(outer) < 12:
            name = ".".join(part for _, part in outer)
            yield name, (said[3].decode("utf-8", "replace"), said.start(2), said.end(3))


def _settings(source: Source, found: dict[str, tuple[str, int, int]]) -> Iterator[Fact]:
    for name in VIEW_ROOTS:
        prefix = found.get(f"{name}.prefix") or found.get(f"{name}.template-loader-path")
        suffix = found.get(f"{name}.suffix")
        where = prefix or suffix
        if where is not None:
            yield ViewRoot(
                place=source.place(where[1], where[2]),
                prefix=prefix[0] if prefix else "",
                suffix=suffix[0] if suffix else "",
            )
    base = next((found[name] for name in BASES if name in found), None)
    if base is not None and "$" not in base[0]:
        place = source.place(base[1], base[2])
        yield Route(place=place, pattern=joined(base[0]), target="", kind="mount", name=NAME)


def _beans(source: Source) -> Iterator[Fact]:
    """Spring's XML: view resolvers, views without a controller, and the rules of its security."""
    root = root_of(source, "beans", "http", "beans:beans")
    if root is None:
        return
    for bean in inside(root, "bean", "jsp", "freemarker"):
        properties = {
            value(each, "name"): value(each, "value") for each in directly(bean, "property")
        }
        prefix = value(bean, "prefix") or properties.get("prefix", "")
        suffix = value(bean, "suffix") or properties.get("suffix", "")
        if (prefix or suffix) and "Resolver" in (bean.get("class") or "Resolver"):
            yield ViewRoot(
                place=place_of(source, bean, prefix or suffix), prefix=prefix, suffix=suffix
            )
    for each in inside(root, "view-controller"):
        address, view = value(each, "path"), value(each, "view-name")
        if address:
            yield Route(
                place=place_of(source, each, address),
                pattern=normal(joined(address)),
                target=view or address.strip("/"),
                kind="template",
                name=NAME,
            )
    for http in inside(root, "http"):
        pattern = value(http, "pattern") or EVERYTHING
        if value(http, "security") == "none":
            yield Access(
                place=place_of(source, http, pattern), patterns=(pattern,), asks=f"{PUBLIC} none"
            )
            continue
        for rule in directly(http, "intercept-url"):
            address, asks = value(rule, "pattern"), value(rule, "access")
            if address.startswith("/") and asks:
                yield Access(
                    place=place_of(source, rule, address),
                    patterns=(address,),
                    asks=f"{PUBLIC} {asks}" if FREE.search(asks) else asks,
                )
