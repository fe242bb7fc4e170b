"""Shopify themes: templates stand in layout/theme.liquid, and the shop gives them addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks import Convention, Framework, Join, PageAt, Part, Project, Wrap, folder_of
from analyzer.model import Fact, Place, Skip, Source

TEMPLATE = re.compile(
    r"^(?P<root>(?:.*/)?)templates/(?P<name>(?:customers/|metaobject/)?[^/]+)\.(?:liquid|json)$"
)
PART = re.compile(r"^(?:layout|sections|snippets|blocks)/[^/]+\.liquid$")
COMMENT = re.compile(rb"\A\s*/\*(?s:.*?)\*/")
NO_LAYOUT = re.compile(rb"\{%-?\s*layout\s+(?:none|false)\s*-?%\}")
ADDRESSES = {
    "index": ("/",),
    "product": ("/products/*", "/collections/*/products/*"),
    "collection": ("/collections/*",),
    "list-collections": ("/collections",),
    "page": ("/pages/*",),
    "blog": ("/blogs/*",),
    "article": ("/blogs/*/*",),
    "cart": ("/cart",),
    "search": ("/search",),
    "404": ("/404",),
    "password": ("/password",),
    "gift_card": ("/gift_cards/*/*",),
    "customers/account": ("/account",),
    "customers/login": ("/account/login",),
    "customers/register": ("/account/register",),
    "customers/order": ("/account/orders/*",),
    "customers/addresses": ("/account/addresses",),
    "customers/activate_account": ("/account/activate",),
    "customers/reset_password": ("/account/reset",),
}
SIGNED_IN = ("customers/account", "customers/order", "customers/addresses")
GUESTS = ("gift_card", "password")  # templates that the theme's layout does not wrap


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged(Fact):
    """A template or a group as JSON: the types of its sections, and its layout if it names one."""

    types: tuple[str, ...]
    layout: str | None = None


def read(source: Source) -> Iterator[Fact | Skip]:
    """The sections that a JSON template puts together, and templates that switch the layout off."""
    if source.path.endswith(".liquid"):
        found = NO_LAYOUT.search(source.data)
        if found:
            yield Arranged(place=source.place(found.start(), found.end()), types=(), layout="")
        return
    data = COMMENT.sub(b"", source.data)
    try:
        told = json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return
    sections = told.get("sections") if isinstance(told, dict) else None
    if not isinstance(sections, dict) or "order" not in told:
        return
    types = dict.fromkeys(
        str(each["type"])
        for each in sections.values()
        if isinstance(each, dict) and "type" in each and each.get("disabled") is not True
    )
    layout = told.get("layout")
    named = layout if isinstance(layout, str) else "" if layout is False else None
    yield Arranged(place=source.place(0, 0), types=tuple(types), layout=named)


def conventions(project: Project) -> Iterator[Convention]:
    """Every folder that holds layout/theme.liquid."""
    for path in project.named("theme.liquid"):
        if path.endswith("layout/theme.liquid") and path not in project.spoken:
            yield from _theme(project, folder_of(folder_of(path).rstrip("/")))


def _theme(project: Project, root: str) -> Iterator[Convention]:
    for path in sorted(each for each in project.paths if each.startswith(root)):
        name = path.removeprefix(root)
        arranged = next(project.facts_in(path, Arranged), None)
        if arranged is not None and path.endswith(".json"):
            yield from _sections(project, root, path, arranged)
        if PART.match(name):
            yield Part(path)
        elif (said := TEMPLATE.match(path)) and said["root"] == root:
            if path.endswith(".json") and arranged is None:
                continue
            yield from _page(project, root, path, said["name"], arranged)


def _page(
    project: Project, root: str, path: str, name: str, arranged: Arranged | None
) -> Iterator[Convention]:
    kind = name if name in ADDRESSES else name.partition(".")[0]
    needs = ("customer account",) if kind in SIGNED_IN else ()
    routes = ADDRESSES.get(kind, ("/pages/*",) if kind.startswith("metaobject/") else ())
    yield PageAt(path, routes, needs=needs)
    if arranged is not None and arranged.layout is not None:
        chosen, place, default = arranged.layout, arranged.place, False
    else:
        chosen, place, default = _usual(kind), None, True
    layout = project.first(f"{root}layout/{chosen}.liquid") if chosen else ""
    if layout or not chosen:
        yield _wrap(path, layout, place, default)


def _usual(kind: str) -> str:
    if kind == "password":
        return "password"
    return "" if kind in GUESTS else "theme"


def _wrap(path: str, layout: str, place: Place | None, default: bool) -> Wrap:
    return Wrap(path, layout, default=default, place=place)


def _sections(project: Project, root: str, path: str, arranged: Arranged) -> Iterator[Convention]:
    for each in arranged.types:
        if found := project.first(f"{root}sections/{each}.liquid"):
            yield Join("includes", path, found, place=arranged.place, confidence=1.0)


FRAMEWORK = Framework(
    name="shopify",
    conventions=conventions,
    reads=r"(?:^|/)(?:templates/(?:customers/|metaobject/)?|sections/)[^/]+\.json$"
    r"|(?:^|/)templates/(?:customers/)?[^/]+\.liquid$",
    read=read,
    order=-1,
    about=r"(?:^|/)layout/theme\.liquid$",
)
