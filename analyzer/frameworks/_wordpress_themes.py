"""WordPress's themes: their files, which of them WordPress takes for which page, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks import folder_of
from analyzer.model import Fact, Source

STYLE = r"(?:^|/)style\.css$"
HEADER = re.compile(
    rb"^[ \t/*#@]*(Theme Name|Template)[ \t]*:[ \t]*([^\r\n]+?)[ \t]*$", re.M | re.I
)
HIERARCHY = re.compile(
    r"(?:index|front-page|home|singular|single|page|archive|category|tag|taxonomy|author|date"
    r"|search|404|attachment|image|video|audio|text|privacy-policy|embed|woocommerce|bbpress|buddypress)"
    r"(?:-[\w-]+)?\.(?:php|html)$"
)
# what WordPress asks a template about itself, and the templates for which the answer is settled
PLAIN = {
    "404": {"is_404"},
    "search": {"is_search"},
    "front-page": {"is_front_page"},
    "author": {"is_author", "is_archive"},
    "category": {"is_category", "is_archive"},
    "tag": {"is_tag", "is_archive"},
    "taxonomy": {"is_tax", "is_archive"},
    "date": {"is_date", "is_archive"},
    "archive": {"is_archive"},
    "single": {"is_singular", "is_single"},
    "page": {"is_singular", "is_page"},
    "attachment": {"is_singular", "is_attachment", "is_single"},
    "singular": {"is_singular"},
    "home": {"is_home"},
}
ASKED = frozenset(
    {
        "is_404",
        "is_search",
        "is_author",
        "is_category",
        "is_tag",
        "is_tax",
        "is_date",
        "is_archive",
        "is_single",
        "is_page",
        "is_attachment",
        "is_singular",
        "is_home",
        "is_front_page",
        "is_post_type_archive",
    }
)
OPEN = {  # questions that a template leaves open although it is no template for them
    "page": {"is_front_page"},
    "single": {"is_attachment"},
    "singular": {"is_front_page", "is_page", "is_single", "is_attachment"},
    "home": {"is_front_page"},
    "archive": {
        "is_author",
        "is_category",
        "is_tag",
        "is_tax",
        "is_date",
        "is_post_type_archive",
    },
    "attachment": {"is_page"},
}
STAFF_PAGE = "is_admin()"  # is this a page of the staff? no template of a theme is one
CALL = re.compile(r"(?P<name>is_\w+)\s*\(\s*(?P<given>[^()]*?)\s*\)")
ADDRESSES = {
    "front-page": "/",
    "category": "/category/**",
    "tag": "/tag/**",
    "author": "/author/*/",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme(Fact):
    """A theme by its style sheet; `parent` is the folder of the theme that it builds on."""

    name: str
    parent: str = ""

    @property
    def folder(self) -> str:
        return folder_of(self.place.path)

    @property
    def slug(self) -> str:
        return self.folder.rstrip("/").rpartition("/")[2]


def read_style(source: Source) -> Iterator[Theme]:
    """The theme that a style sheet introduces."""
    said: dict[str, str] = {}
    place = None
    for found in HEADER.finditer(source.data[:8192].replace(b"\r", b"\n")):
        said.setdefault(found[1].decode().lower(), found[2].decode("utf-8", "replace").strip())
        place = place or source.place(*found.span())
    if place is not None and "theme name" in said:
        yield Theme(place=place, name=said["theme name"], parent=said.get("template", ""))


def kind_of(name: str) -> tuple[str, str]:
    """What a file of the hierarchy is for: `single-doctor.php` is single, doctor."""
    stem = name.rpartition(".")[0]
    if stem == "front-page" or stem == "privacy-policy":
        return stem, ""
    kind, _, rest = stem.partition("-")
    return kind, rest


def route(name: str, *, titled: bool) -> tuple[str, ...]:
    """The address of a template, where its name settles one."""
    kind, rest = kind_of(name)
    if titled:
        return ()
    if kind in ADDRESSES and (not rest or kind == "front-page"):
        return (ADDRESSES[kind],)
    if kind in ("category", "tag", "author") and not rest.isdigit():
        return (f"/{kind}/{rest}/",)
    if kind == "page" and rest and not rest.isdigit():
        return (f"/{rest}/",)
    if kind in ("single", "archive") and rest not in ("", "post"):
        return (f"/{rest}/*/" if kind == "single" else f"/{rest}/",)
    return ()


def answers(name: str, titled: bool, asked: frozenset[str]) -> tuple[tuple[str, bool], ...]:
    """What is settled on a template of what conditions ask, by their words."""
    kind, rest = kind_of(name)
    if titled:
        kind, rest = "page", "\0"  # a page that an editor has given this template
    found = [(words, False) for words in sorted(asked) if words == STAFF_PAGE]
    if kind not in PLAIN:
        return tuple(found)
    for words in sorted(asked):
        call = CALL.fullmatch(words)
        if call is None or call["name"] not in ASKED or call["name"] in OPEN.get(kind, ()):
            continue
        holds = call["name"] in PLAIN[kind]
        if not holds or not call["given"]:
            found.append((words, holds))
        elif rest and rest != "\0" and re.fullmatch(r"['\"][\w-]+['\"]", call["given"]):
            given = call["given"].strip("'\"")
            names_page = kind == "page" and not rest.isdigit()
            if names_page or (kind == "single" and call["name"] == "is_singular"):
                found.append((words, given == rest))
    return tuple(found)
