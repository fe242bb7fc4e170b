"""Django's settings: folders of templates, the order of applications, and who must sign in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks._python import Module, assigned, is_need, statements, texts, walk
from analyzer.model import FRAGMENT, Fact, Setting

FILE = re.compile(r"(?:^|/)(?:settings(?:/[\w/]+)?|settings\w*|\w+_settings)\.py$")
# The settings that django-analytical reads: the words for the product, and what it calls the id.
ANALYTICAL = re.compile(
    r"^(?P<product>[A-Z][A-Z_]*?)_(?:API_KEY|API_TOKEN|API_CODE|(?:\w+_)?PROPERTY_ID|PIXEL_ID|SITE_ID|SITE_KEY|SITE_UID"
    r"|SITE_CODE|ACCOUNT_NUMBER|ACCOUNT_ID|PORTAL_ID|APP_ID|DOMAIN|DOMAIN_PATH|TRACKER_ID|WIDGET_KEY|COUNTER_ID|TOKEN|KEY"
    r"|USER_ID|SITE_TOKEN|TRACKING_ID|WIDGET_ID|WEBSITE_ID)$"
)
PACKAGE = "analytical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Fact):
    """What a settings module says of templates, applications and signing in."""

    folders: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Fact):
    """An id in the settings that the tags of a package put on pages, as a fragment of the file."""

    name: str
    product: str


def facts_of(module: Module) -> Iterator[Fact]:
    """The settings of a module that is one of settings."""
    if not FILE.search(module.source.path):
        return
    folders: list[str] = []
    apps: list[str] = []
    needs: list[str] = []
    has_root = False
    given = [
        (name, value)
        for node in statements(module.tree.body)
        for name, value in assigned(node)
        if name.isupper()
    ]
    for name, value in given:
        if name in ("TEMPLATES", "TEMPLATE_DIRS"):
            folders.extend(_folders(value, name == "TEMPLATE_DIRS"))
        elif name.endswith("APPS"):
            apps.extend(texts(module, value))
        elif name.startswith("MIDDLEWARE"):
            last = [text.rpartition(".")[2] for text in texts(module, value)]
            needs.extend(each for each in last if is_gate(each))
        elif name == "ROOT_URLCONF":
            has_root = any(texts(module, value))
    if apps or has_root:
        yield Settings(
            place=module.source.place(0, 0),
            folders=tuple(folders),
            apps=tuple(apps),
            needs=tuple(dict.fromkeys(needs)),
        )
    if any(app.split(".")[0] == PACKAGE for app in apps):
        yield from _ids(module, given)


def is_gate(name: str) -> bool:
    """Does a middleware's name say that everybody must sign in?"""
    gate = re.search(r"(?i)require|force|enforce|protect|only|gate|wall", name)
    return bool(gate) and is_need(name)


def _ids(module: Module, given: list[tuple[str, ast.expr]]) -> Iterator[Fact]:
    """The ids of a package's products, each as a part of its own: a tag may show one alone."""
    for name, value in given:
        said = ANALYTICAL.match(name)
        written = next(iter(texts(module, value)), "")
        if said is None or not written:
            continue
        product = said["product"].lower()
        place = module.place(value)
        blocks = (FRAGMENT + name,)
        yield Shown(place=place, name=name, product=product)
        yield Setting(place=place, key=name, value=written, blocks=blocks)


def _folders(value: ast.expr, bare: bool) -> Iterator[str]:
    """The last words of each folder of templates: `BASE_DIR / "clinic" / "templates"`."""
    for node in walk(value):
        listed: ast.expr | None = value if bare and node is value else None
        if isinstance(node, ast.Dict):
            listed = next(
                (
                    each
                    for key, each in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant) and key.value == "DIRS"
                ),
                None,
            )
        if isinstance(listed, (ast.List, ast.Tuple)):
            for each in listed.elts:
                words = [
                    part.value.strip("/")
                    for part in walk(each)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                ]
                if folder := "/".join(word for word in words if word not in ("", "..", ".")):
                    yield folder
