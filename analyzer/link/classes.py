"""What a page is for: signed-in or public, and which part of a patient's way it serves, with the reasons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from analyzer.match import Matcher
from analyzer.model import Fact, Field, Frame, Heading, Kind, Link, PageClass, Role, shown
from analyzer.patterns import address_of, read_pattern
from analyzer.signatures import PageSigns

FOLDERS = frozenset({"templates", "template", "views", "app", "src", "public", "pages", "static", "www", "html", "jinja2",
                     "main", "resources", "site", "docs"})
PORTAL_CLASS = "patient-portal"
Sign = tuple[str, str, str]  # kind, the word, the reason in words


def classify(path: str, routes: Iterable[str], facts: Iterable[Fact], signs: Iterable[PageSigns],
             matcher: Matcher) -> tuple[PageClass, ...]:
    """The classes of a page; a weak sign counts when a different one stands beside it."""
    facts = list(facts)
    said = list(_said(path, routes, facts))
    found: list[PageClass] = []
    certain: set[str] = set()
    for each in signs:
        strong = list(_hits(each.strong, said, strong=True))
        weak = list(_hits(each.weak, said, strong=False))
        if strong or len({words_of(word) for _, word, _ in weak}) > 1:
            reasons = tuple(dict.fromkeys(reason for _, _, reason in (*strong, *weak)))[:6]
            found.append(PageClass(each.id, each.axis, each.name, reasons))
            certain.update([each.id] if strong else [])
    portal = tuple(dict.fromkeys(_portal_markers(facts, matcher)))
    if portal and not any(each.id == PORTAL_CLASS for each in found):
        found.extend(PageClass(each.id, each.axis, each.name, portal[:6]) for each in signs if each.id == PORTAL_CLASS)
        certain.add(PORTAL_CLASS)
    # Signed in or signing in: where one is certain, words that merely hint at the other say nothing.
    signed = {each.id for each in found if each.axis == "signed-in"} & certain
    return tuple(each for each in found if each.axis != "signed-in" or not signed or each.id in signed)


def words_of(text: str) -> str:
    """Text as small words between blanks, without accents: `Cita-Médica` is ` cita medica `."""
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    plain = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return " " + " ".join(re.findall(r"[a-z0-9]+", plain.lower())) + " "


def _said(path: str, routes: Iterable[str], facts: Iterable[Fact]) -> Iterator[Sign]:
    """Everything a page says about itself: kind, its words, and how to tell a reader."""
    parts = [part for part in re.split(r"[/]", re.sub(r"\.[\w.]+$", "", path)) if part not in FOLDERS]
    for part in parts:
        yield "path", words_of(part), f"path '{part}'"
    for route in routes:
        for part in re.sub(r"\.\w+$", "", route).split("/"):
            if part and part not in parts:
                yield "path", words_of(part), f"address '{part}'"
    for fact in facts:
        match fact:
            case Heading(text=text, level=level):
                # A smaller heading may announce another page, so it is no title of this one.
                kind = "title" if level < 2 else "heading"
                yield kind, words_of(text), f"{'title' if level == 0 else 'heading'} '{text[:60]}'"
            case Field(name=name, type="expression"):
                yield "expression", words_of(name), f"template variable '{name}'"
            case Field(name=name, type=kind, label=label):
                yield "input", words_of(kind), f"{kind} field"
                yield "field", words_of(f"{name} {label}"), f"form field '{(label or name)[:60]}'"
            case Link(url=url) | Frame(url=url):
                yield "host", shown(url), f"link to {shown(url)[:80]}"


def _hits(signs: Mapping[str, tuple[str, ...]], said: list[Sign], *, strong: bool) -> Iterator[Sign]:
    for kind, listed in signs.items():
        for each_kind, text, reason in said:
            if each_kind != kind and (kind, each_kind, strong) != ("title", "heading", False):
                continue
            for word in listed:
                if _fits_host(word, text) if kind == "host" else words_of(word) in text:
                    yield kind, word, reason
                    break


@cache
def _fits_host(pattern: str, address: str) -> bool:
    read = read_pattern(pattern)
    found = address_of(address)
    return found is not None and hasattr(read, "fits_address") and read.fits_address(found) is not None


def _portal_markers(facts: Iterable[Fact], matcher: Matcher) -> Iterator[str]:
    """Forms and frames of a patient portal's product; a mere link leads elsewhere and is no sign."""
    for fact in facts:
        if isinstance(fact, Frame) or (isinstance(fact, Link) and fact.kind == "form"):
            for found in matcher.detect(fact):
                vendor = matcher.signatures.vendors[found.vendor]
                if vendor.kind is Kind.PORTAL and found.role is Role.MARKER:
                    yield f"{'frame' if isinstance(fact, Frame) else 'form'} of {vendor.name}"
