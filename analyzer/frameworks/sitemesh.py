"""SiteMesh: decorators are put around pages by their address, the nearest pattern first."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analyzer.conditions import all_of, any_of, matches, negation, verdict
from analyzer.frameworks import Convention, Framework, Missing, Part, Project, Wrap
from analyzer.frameworks._tiles import WEB_ROOTS
from analyzer.frameworks._xml import directly, inside, place_of, root_of, value
from analyzer.frameworks.jsp import route
from analyzer.model import ALWAYS, Atom, Condition, Fact, Guard, Source, Verdict

ROOT = re.compile(r"^(?P<root>(?:.*?/)??(?:" + "|".join(map(re.escape, WEB_ROOTS)) + r")/)")
PAGES = (".jsp", ".jspx", ".html", ".htm", ".ftl", ".ftlh", ".vm")
EVERYTHING = frozenset({"/*", "*", "/**", "/"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decorator(Fact):
    """A pattern of addresses and the file that is put around what they show; none for nothing."""

    pattern: str
    page: str


def read(source: Source) -> Iterator[Fact]:
    """The patterns of decorators.xml, of sitemesh.xml and of sitemesh3.xml."""
    root = root_of(source, "decorators", "sitemesh")
    if root is None:
        return
    folder = value(root, "defaultdir") or "/WEB-INF/decorators"
    for each in inside(root, "decorator"):
        page = value(each, "page")
        page = page if page.startswith("/") or not page else posixpath.join(folder, page)
        for pattern in directly(each, "pattern", "url-pattern"):
            if page and (pattern.text or "").strip():
                yield _decorator(source, pattern, (pattern.text or "").strip(), page)
    for each in inside(root, "excludes"):
        for pattern in directly(each, "pattern"):
            if (pattern.text or "").strip():
                yield _decorator(source, pattern, (pattern.text or "").strip(), "")
    for each in inside(root, "mapping"):
        asked, page = value(each, "path"), value(each, "decorator")
        left_out = "true" in (value(each, "exclue"), value(each, "exclude"))
        if page or left_out:
            yield _decorator(source, each, asked or "/*", "" if left_out else page)


def _decorator(source: Source, element: object, pattern: str, page: str) -> Decorator:
    place = place_of(source, element, pattern)  # type: ignore[arg-type]
    return Decorator(place=place, pattern=pattern, page=page)


def conventions(project: Project) -> Iterator[Convention]:
    """Every page of a web application in the decorators of its addresses."""
    told: dict[str, list[Decorator]] = {}
    for each in project.facts(Decorator):
        if found := ROOT.match(each.place.path):
            told.setdefault(found["root"], []).append(each)
    for root, rules in told.items():
        files = {each: _file(project, root, each) for each in rules}
        decorators = set(files.values())
        for rule, path in files.items():
            if rule.page and not path:
                yield Missing(rule.place, "layout", rule.page)
        folders = {posixpath.dirname(path) for path in decorators if path}
        for path in sorted(decorators - {""}):
            yield Part(path)
        pages = [
            path
            for path in project.all_templates
            if path.startswith(root)
            and path.endswith(PAGES)
            and path not in decorators
            and posixpath.dirname(path) not in folders
        ]
        for rule, layout in files.items():
            if not layout:
                continue
            condition = _condition(rule, rules)
            guards = (
                ()
                if condition == ALWAYS
                else (Guard(condition, f"where {_words(rule, rules)} is asked for"),)
            )
            for path in pages:
                address = route(path)
                if not address:
                    yield Wrap(path, layout, place=rule.place, guards=guards)
                elif verdict(condition, answered(address)) is Verdict.YES:
                    yield Wrap(path, layout, place=rule.place)


def answered(address: str) -> Callable[[Atom], Verdict]:
    """The answers for a page at one address that is known."""
    return lambda atom: Verdict.YES if matches(atom, address) else Verdict.NO


def _file(project: Project, root: str, rule: Decorator) -> str:
    return project.first(root + rule.page.lstrip("/")) if rule.page else ""


def _taking(rule: Decorator, rules: list[Decorator]) -> Iterator[Decorator]:
    """The longer patterns and the exclusions that take addresses from a pattern."""
    for other in rules:
        nearer = not other.page or len(other.pattern) > len(rule.pattern)
        if other is not rule and other.page != rule.page and nearer:
            yield other


def _condition(rule: Decorator, rules: list[Decorator]) -> Condition:
    """The addresses of a pattern without those that others take from it."""
    taken = [_asked(other.pattern) for other in _taking(rule, rules)]
    own = _asked(rule.pattern)
    parts = [*([own] if own != ALWAYS else []), *([negation(any_of(*taken))] if taken else [])]
    return all_of(*parts) if parts else ALWAYS


def _asked(pattern: str) -> Condition:
    """A pattern of addresses as a condition on the path."""
    if pattern in EVERYTHING:
        return ALWAYS
    if "*" not in pattern:
        return Atom("path", "", "equals", pattern)
    if pattern.startswith("*"):
        return Atom("path", "", "ends-with", pattern.lstrip("*"))
    first, _, rest = pattern.partition("*")
    if rest.strip("*/"):
        shape = "^" + ".*".join(re.escape(piece) for piece in pattern.split("*")) + "$"
        return Atom("path", "", "matches", shape)
    return Atom("path", "", "starts-with", first)


def _words(rule: Decorator, rules: list[Decorator]) -> str:
    others = [other.pattern for other in _taking(rule, rules)]
    return rule.pattern + (f", but not {', '.join(others[:6])}," if others else "")


FRAMEWORK = Framework(
    name="sitemesh",
    conventions=conventions,
    reads=r"(?i:(?:^|/)(?:decorators|sitemesh\d?)\.xml$)",
    read=read,
    order=10,
    about=r"(?i:(?:^|/)(?:decorators|sitemesh\d?)\.xml$)",
)
