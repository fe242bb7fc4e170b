"""What a page is for: signed-in or public, which part of a patient's way, and why we think so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from analyzer.addresses import address_of
from analyzer.link.hollow_words import OF_ANY_SITE, OF_OTHERS, OF_TRAINING
from analyzer.match import Matcher
from analyzer.model import Fact, Field, Frame, Heading, Kind, Link, PageClass, Role, shown
from analyzer.patterns import read_pattern
from analyzer.signatures import PageSigns

FOLDERS = frozenset(
    {
        "templates",
        "template",
        "views",
        "app",
        "src",
        "public",
        "pages",
        "static",
        "www",
        "html",
        "jinja2",
        "main",
        "resources",
        "site",
        "docs",
    }
)
PORTAL_CLASS = "patient-portal"
SIGNED_IN_CLASS = "signed-in"
CLASS_OF_USE = {  # what a product is for, and the class of a page that shows it
    "patient portal": PORTAL_CLASS,
    "appointment booking": "scheduling",
    "intake forms": "intake-form",
    "provider search": "provider-search",
}
NAMING = frozenset({"path", "title", "heading"})  # signs that name a page, as forms and data do not
Sign = tuple[str, str, str]  # kind, the words of a text, and how to tell a reader


@dataclass(frozen=True, slots=True)
class Hint:
    """One sign of one class: the class's place in the list, whether it is enough alone, and its
    word.
    """

    page_class: int
    strong: bool
    word: str


ANY_WORDS = "*"  # a sign that any words of its kind show


class Signs:
    """The signs of all classes by kind and words, made ready once for many pages."""

    def __init__(self, pages: Iterable[PageSigns]) -> None:
        self.pages = tuple(pages)
        self.hosts: list[tuple[str, Hint]] = []
        self.words: dict[str, dict[str, list[Hint]]] = {}
        self.any_words: dict[str, list[Hint]] = {}
        for number, page in enumerate(self.pages):
            for strong, table in ((True, page.strong), (False, page.weak)):
                for kind, listed in table.items():
                    for word in listed:
                        self._add(kind, word, Hint(number, strong, words_of(word)))
        self.longest = max(
            (
                hint.word.count(" ") + 1
                for kinds in self.words.values()
                for hints in kinds.values()
                for hint in hints
            ),
            default=1,
        )

    def _add(self, kind: str, word: str, hint: Hint) -> None:
        if kind == "host":
            self.hosts.append((word, hint))
        elif word == ANY_WORDS:
            self.any_words.setdefault(kind, []).append(hint)
        else:
            self.words.setdefault(kind, {}).setdefault(hint.word, []).append(hint)
            if (
                kind == "title" and not hint.strong
            ):  # smaller headings may announce another page: they only hint
                self.words.setdefault("heading", {}).setdefault(hint.word, []).append(hint)

    def hints(self, kind: str, text: str) -> Iterator[Hint]:
        """The signs that a text shows."""
        if kind == "host":
            yield from (hint for pattern, hint in self.hosts if _fits_host(pattern, text))
            return
        yield from self.any_words.get(kind, ())
        known = self.words.get(kind)
        words = text.split() if known else []
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + self.longest) + 1):
                yield from (known or {}).get(" ".join(words[start:end]), ())


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a page without reading it: its file, its addresses, and what its framework
    says is asked of visitors first (`needs`), or that nothing is (`public`)."""

    path: str
    routes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    public: tuple[str, ...] = ()


def classify(
    page: Told, facts: Iterable[Fact], signs: Signs, matcher: Matcher
) -> tuple[PageClass, ...]:
    """The classes of a page; a weak sign counts when a different one stands beside it."""
    facts = list(facts)
    reasons: dict[int, dict[str, bool]] = {}
    weak: dict[int, set[str]] = {}
    said_of_it = list(_said(page, facts))
    is_training = any(
        kind == "path" and not OF_TRAINING.isdisjoint(text.split()) for kind, text, _ in said_of_it
    )
    for kind, text, reason in said_of_it:
        of_others = kind in NAMING and not OF_OTHERS.isdisjoint(text.split())
        for hint in signs.hints(kind, text):
            named = signs.pages[hint.page_class]
            if (of_others and named.id == PORTAL_CLASS) or (
                is_training and kind in NAMING and named.axis == "health"
            ):
                continue
            known = reasons.setdefault(hint.page_class, {})
            known[reason] = known.get(reason, False) or hint.strong
            weak.setdefault(hint.page_class, set()).update([] if hint.strong else [hint.word])
    found: list[PageClass] = []
    certain: set[str] = set()
    for number, each in enumerate(signs.pages):
        known = reasons.get(number, {})
        strong = any(known.values())
        hinted = weak.get(number, set())
        if strong or (
            _are_different(hinted) and not hinted <= OF_ANY_SITE.get(each.id, frozenset())
        ):
            ordered = sorted(known, key=known.__getitem__, reverse=True)
            found.append(PageClass(each.id, each.axis, each.name, tuple(ordered[:6])))
            certain.update([each.id] if strong else [])
    products = list(dict.fromkeys(_products(facts, matcher)))
    for each in signs.pages:
        said = tuple(reason for name, reason in products if name == each.id)
        if said and not any(known.id == each.id for known in found):
            found.append(PageClass(each.id, each.axis, each.name, said[:6]))
        certain.update([each.id] if said else [])
    # Signed in or signing in: where one is certain, words that merely hint at the other say
    # nothing.
    signed = {each.id for each in found if each.axis == "signed-in"} & certain
    if SIGNED_IN_CLASS in signed:  # a login is asked: what hints at the portal fits
        signed.add(PORTAL_CLASS)
    return tuple(
        each for each in found if each.axis != "signed-in" or not signed or each.id in signed
    )


def _are_different(words: set[str]) -> bool:
    """Are there two signs of which neither is a part of the other, as results of your results?"""
    return any(
        f" {one} " not in f" {other} " and f" {other} " not in f" {one} "
        for one in words
        for other in words
    )


def words_of(text: str) -> str:
    """Text as small words, without accents: `Cita-Médica` is `cita medica`."""
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    plain = "".join(
        each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each)
    )
    return " ".join(re.findall(r"[a-z0-9]+", plain.lower()))


def _said(page: Told, facts: Iterable[Fact]) -> Iterator[Sign]:
    """Everything a page says about itself: kind, its words, and how to tell a reader."""
    for need in page.needs:
        yield "need", words_of(need), f"asks first: {need}"
    for word in page.public if not page.needs else ():
        yield "public", words_of(word), f"asks nothing: {word}"
    bare = re.sub(r"\.[\w.]+$", "", page.path)
    parts = [part for part in bare.split("/") if part not in FOLDERS]
    for part in parts:
        yield "path", words_of(part), f"path '{part}'"
    for route in page.routes:
        for part in re.sub(r"\.\w+$", "", route).split("/"):
            if part.strip("*") and part not in parts:
                yield "path", words_of(part), f"address '{part}'"
    for fact in facts:
        match fact:
            case Heading(text=text, level=level):
                # A smaller heading may announce another page, so it is no title of this one.
                kind = "title" if level < 2 else "heading"
                yield kind, words_of(text), f"{'title' if level == 0 else 'heading'} '{text[:60]}'"
            case Field(name=name, type="expression"):
                yield "expression", words_of(name), f"template variable '{name}'"
            case Field(name=name, type="structured"):
                yield "structured", words_of(name), f"structured data '{name}'"
            case Field(name=name, type=kind, label=label):
                yield "input", words_of(kind), f"{kind} field"
                yield "field", words_of(f"{name} {label}"), f"form field '{(label or name)[:60]}'"
            case Link(url=url) | Frame(url=url):
                yield "host", shown(url), f"link to {shown(url)[:80]}"


@cache
def _fits_host(pattern: str, address: str) -> bool:
    read = read_pattern(pattern)
    found = address_of(address)
    return (
        found is not None and hasattr(read, "fits_address") and read.fits_address(found) is not None
    )


def _products(facts: Iterable[Fact], matcher: Matcher) -> Iterator[tuple[str, str]]:
    """Forms and frames of what patients use, each with the class that it makes of the page; a mere
    link leads elsewhere and is no sign.
    """
    for fact in facts:
        if isinstance(fact, Frame) or (isinstance(fact, Link) and fact.kind == "form"):
            for found in matcher.detect(fact):
                vendor = matcher.signatures.vendors[found.vendor]
                if vendor.kind is Kind.PORTAL and found.role is Role.MARKER:
                    use = next((each for each in vendor.uses if each in CLASS_OF_USE), "")
                    shown_as = "frame" if isinstance(fact, Frame) else "form"
                    yield CLASS_OF_USE.get(use, PORTAL_CLASS), f"{shown_as} of {vendor.name}"
