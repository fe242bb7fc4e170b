"""Java web applications: pages below the web root are served as they lie, WEB-INF is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.frameworks import Convention, Framework, Join, PageAt, Part, Project
from analyzer.frameworks._access import Access, asked
from analyzer.frameworks._xml import directly, inside, place_of, root_of, value
from analyzer.model import Fact, Include, Route, Source

PAGES = (".jsp", ".jspx")
PARTS = (".jspf", ".tag", ".tagx", ".tagf")
INNER = re.compile(
    r"/(?:WEB-INF/(?:tags|jspf|decorators|layouts?)|includes?|inc|layouts?|partials?|fragments?"
    r"|templates?|tags|decorators|common|portlets?)/",
    re.I,
)
NAMES = re.compile(r"^(?:_.*|.*(?:header|footer|head|navbar|taglibs?|includes?)\.jspx?)$", re.I)
WEB_ROOT = re.compile(
    r"^(?P<root>(?:.*?/)??(?:src/main/webapp|WebContent|WebRoot|webapp|webapps/[^/]+|public_html|web)/)"
)
AROUND = ("include-prelude", "include-coda")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around(Fact):
    """A file that the server itself includes in all pages of a pattern."""

    pattern: str
    path: str


def read(source: Source) -> Iterator[Fact]:
    """What a web.xml says of pages: addresses, who may see them, and what is put around them."""
    root = root_of(source, "web-app")
    if root is None:
        return
    addresses: dict[str, list[str]] = {}
    for mapping in inside(root, "servlet-mapping"):
        for pattern in directly(mapping, "url-pattern"):
            name = value(mapping, "servlet-name")
            addresses.setdefault(name, []).append((pattern.text or "").strip())
    for servlet in inside(root, "servlet"):
        page = value(servlet, "jsp-file")
        for address in addresses.get(value(servlet, "servlet-name"), []) if page else []:
            yield Route(
                place=place_of(source, servlet, page),
                pattern=address.replace("/*", "/**"),
                target=page,
                kind="template",
            )
    for each in inside(root, "error-page"):
        if page := value(each, "location"):
            place = place_of(source, each, page)
            yield Route(place=place, pattern="", target=page, kind="template")
    for each in inside(root, "security-constraint"):
        patterns = tuple(
            (one.text or "").strip().replace("/*", "/**") for one in inside(each, "url-pattern")
        )
        roles = next(directly(each, "auth-constraint"), None)
        if roles is not None and patterns:
            names = ", ".join(filter(None, ((one.text or "").strip() for one in roles)))
            place = place_of(source, each, patterns[0].replace("/**", "/*"))
            yield Access(place=place, patterns=patterns, asks=f"role {names}" if names else "login")
    for group in inside(root, "jsp-property-group"):
        for named in inside(group, *AROUND):
            if path := (named.text or "").strip():
                pages = value(group, "url-pattern") or "*.jsp"
                yield Around(place=place_of(source, named, path), pattern=pages, path=path)


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of every web root."""
    pages = [path for path in project.all_templates if path.endswith((*PAGES, *PARTS))]
    if not pages:
        return
    descriptors = set(project.named("web.xml"))
    rules = [each for each in project.facts(Access) if each.place.path in descriptors]
    for path in pages:
        if path in project.spoken:
            continue
        if path.endswith(PARTS) or is_part(path):
            yield Part(path)
            continue
        address = route(path)
        own = [each for each in rules if _root(each.place.path) == _root(path)]
        said, free = asked((address,), own) if address else ((), ())
        yield PageAt(path, (address,) if address else (), certain=False, needs=said, public=free)
    for each in project.facts(Route):
        if each.place.path in descriptors:
            path = project.first(_root(each.place.path) + each.target.lstrip("/"))
            if path:
                yield PageAt(path, (each.pattern,) if each.pattern else ())
    yield from _around(project, pages)
    yield from _moved(project, pages)


def is_part(path: str) -> bool:
    """Is the file kept where parts of pages are?"""
    root = _root(path)
    return bool(INNER.search("/" + path[len(root) :])) or bool(NAMES.match(path.rpartition("/")[2]))


def route(path: str) -> str:
    """The address below the web root; what lies in WEB-INF has none."""
    root = _root(path)
    if not root or "/WEB-INF/" in path or "/META-INF/" in path:
        return ""
    return re.sub(r"/index\.jspx?$", "/", "/" + path[len(root) :])


def _root(path: str) -> str:
    found = WEB_ROOT.match(path)
    return found["root"] if found else ""


def _around(project: Project, pages: Sequence[str]) -> Iterator[Convention]:
    """The prelude and the coda that web.xml puts before and behind pages."""
    for each in project.facts(Around):
        root = _root(each.place.path)
        inner = project.first(root + each.path.lstrip("/"))
        start = each.pattern.rstrip("*") if each.pattern.endswith("*") else ""
        for path in pages if inner else ():
            inside_root = path.startswith(root) and path.endswith(PAGES) and path != inner
            if inside_root and ("/" + path[len(root) :]).startswith(start or "/"):
                yield Join("includes", path, inner, each.place)


def _moved(project: Project, pages: Sequence[str]) -> Iterator[Convention]:
    """Files that are named where the build puts them: the end of the path, in the own web root."""
    known = frozenset(pages)
    for path in pages:
        root = _root(path)
        for fact in project.facts_in(path, Include) if root else ():
            target = fact.target
            if not isinstance(target, str) or not target.startswith("/WEB-INF/"):
                continue
            if project.templates(target, "jsp", path):
                continue
            parts = target.split("/")[2:]
            ends = ("/".join(parts[number:]) for number in range(1, len(parts)))
            inner = next((root + end for end in ends if root + end in known), "")
            if inner and inner != path:
                yield Join(
                    "includes",
                    path,
                    inner,
                    fact.place,
                    guards=fact.guards,
                    blocks=fact.blocks,
                    confidence=0.8,
                )


FRAMEWORK = Framework(
    name="jsp",
    conventions=conventions,
    reads=r"(?:^|/)WEB-INF/web\.xml$",
    read=read,
    order=20,
    about=r"\.(?:jspx?|jspf|tagx?|tagf)$",
)
