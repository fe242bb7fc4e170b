"""The notices about privacy among the pages, and which vendors their texts name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from analyzer.addresses import AddressPattern
from analyzer.frameworks import start_of
from analyzer.link.classes import words_of
from analyzer.match import Matcher
from analyzer.model import Fact, Heading, Kind, Notice, NoticeRead, Page, Place, Vendor

# Whose name alone leads to no notice: the same words name settings and parts of other pages.
APART = re.compile(
    r"(?:^|/)(?:admin|settings?|account|preferences|components?|partials?|includes?|emails?|mail)/",
    re.I,
)
# The whole of a name or a heading, in small letters without accents.
KINDS = (
    (
        "practices",
        re.compile(
            r"(?:our |joint )?(?:notice of )?(?:hipaa )?privacy practices(?: notice)?|npp"
            r"|hipaa(?: privacy)?(?: notice| policy)?"
            r"|aviso de practicas de privacidad|practicas de privacidad"
        ),
    ),
    (
        "cookies",
        re.compile(
            r"(?:our )?(?:use of )?cookies?(?: and similar technologies)?"
            r"(?: policy| notice| statement| information| declaration)?"
            r"|politica de cookies|aviso de cookies|cookies policy page"
        ),
    ),
    (
        "privacy",
        re.compile(
            r"(?:our |your |online |web ?site |web |internet |digital |general |patient )?privacy"
            r"(?: and cookies?)?"
            r"(?: policy| notice| statement| page)?"
            r"|privacy and security (?:policy|notice|statement)|privacy policies|privacypolicy"
            r"|data protection(?: policy| notice)?"
            r"|(?:aviso|politica|declaracion|nota)(?: de)? privacidad|privacidad"
        ),
    ),
)
TITLE = 60  # characters of a heading that tell it
KEY = re.compile(r"(?<!\S)\.?\w+(?:\.\w+)+(?!\S)|(?<!\S)\.\w+|\b\w+_html\b")  # of a translation
FEWEST_WORDS = 120  # of a text that is a notice and no shell around one, unless it names a vendor
PERSONAL = re.compile(r"\b(?:personal|information|data|datos|informacion|cookies?|privacidad)\b")
COLLECTS = re.compile(
    r"\b(?:collect|gather|use|share|disclose|store|recopil|compart|utiliz|divulg|almacen)\w*"
)
COOKIE = re.compile(r"\b_{1,2}[a-z][a-z0-9_]{2,}|\b[A-Za-z]+_[A-Za-z_]{2,}\b")
COMPANY = re.compile(
    r"\b(?:inc|llc|ltd|limited|corp|corporation|company|platforms|technologies|software|systems"
    r"|international|group|holdings|labs|media|digital|analytics|gmbh|plc|co)\b"
)
# First words of products' names that do not tell the product.
COMMON = frozenset(
    {
        "basis",
        "text",
        "various",
        "whoever runs the address",
        "segment",
        "adobe",
        "amazon",
        "analytics",
        "app",
        "branch",
        "call",
        "cloudflare",
        "constant",
        "convert",
        "crazy",
        "customer",
        "data",
        "digital",
        "dynamic",
        "email",
        "font",
        "google",
        "heap",
        "index",
        "infinity",
        "lucky",
        "magellan",
        "meta",
        "microsoft",
        "oracle",
        "quantum",
        "salesforce",
        "simple",
        "social",
        "stape",
        "universal",
        "vercel",
        "visual",
        "yahoo",
    }
)
SHARED = frozenset({"google.com", "googleapis.com", "gstatic.com", "googletagmanager.com"})
MANY_PRODUCTS = frozenset({"google", "microsoft", "adobe", "oracle", "amazon"})
ALSO = {  # what people still call the owners and their products
    "Meta Platforms": ("facebook", "meta pixel"),
    "X Corp.": ("twitter",),
}


def kind_of(text: str) -> str:
    """The kind of notice that a name or a heading announces, or an empty text.

    What stands behind a bar or a dash is the name of the site.
    """
    for part in (text, *re.split(r"\s[|·•–—-]+\s|: ", text)):
        words = words_of(part)
        for kind, shape in KINDS:
            if words and shape.fullmatch(words):
                return kind
    return ""


def is_about_privacy(path: str, routes: Sequence[str]) -> bool:
    """Does a page's name or address alone announce a notice?"""
    return any(map(kind_of, _names(path, routes))) and APART.search(path) is None


def candidates(
    pages: Mapping[str, Page], readings: Mapping[str, tuple[Fact, ...]]
) -> dict[str, str]:
    """The pages that may be a notice, each with its kind: by name, address, title or heading."""
    found: dict[str, str] = {}
    for path, page in pages.items():
        headings = [
            fact.text
            for fact in readings.get(path, ())
            if isinstance(fact, Heading) and fact.level < 2
        ]
        kind = next(filter(None, map(kind_of, (*_names(path, page.routes), *headings))), "")
        if kind and not APART.search(path):
            found[path] = kind
    return found


def notices(
    wanted: Mapping[str, str],
    parts: Callable[[str], Sequence[str]],
    readings: Mapping[str, tuple[Fact, ...]],
    matcher: Matcher,
) -> Iterator[NoticeRead]:
    """The notices with the vendors they name; `parts` are the files whose text a page shows."""
    for path, kind in sorted(wanted.items()):
        own = [fact for part in parts(path) for fact in readings.get(part, ())]
        texts = [fact for fact in own if isinstance(fact, Notice)]
        text = KEY.sub(" ", " ".join(each.text for each in texts))
        title = next((each for each in texts if kind_of(each.title)), None)
        title = title or next(iter(texts), None)
        place = _heading_of(title, own) if title is not None else start_of(path)
        words = words_of(text)
        names = frozenset(
            vendor.id
            for vendor in matcher.signatures.vendors.values()
            if vendor.kind in (Kind.TRACKER, Kind.TAG_MANAGER)
            and is_named(vendor, _hosts(vendor, matcher), text, words)
        )
        heading = title.title if title is not None else ""
        if not names and len(words.split()) < FEWEST_WORDS:
            yield NoticeRead(path, place, kind, heading, complete=False)
        elif names or (PERSONAL.search(words) and COLLECTS.search(words)):
            yield NoticeRead(path, place, kind, heading, names)


def _heading_of(notice: Notice, facts: Sequence[Fact]) -> Place:
    """Where the notice's heading stands."""
    same = (
        fact
        for fact in facts
        if isinstance(fact, Heading)
        and fact.place.path == notice.place.path
        and fact.text[:TITLE] == notice.title[:TITLE]
    )
    best = min(same, key=lambda each: (each.level == 0, each.level), default=notice)
    return replace(best.place, text=notice.title)


def is_named(vendor: Vendor, hosts: Sequence[str], text: str, words: str) -> bool:
    """Does a text name a product, its owner, one of its hosts or one of its cookies?"""
    padded = f" {words} "
    if any(f" {name} " in padded for name in _called(vendor)):
        return True
    low = text.lower()
    if any(re.search(rf"(?<![\w-]){re.escape(host)}(?![\w-])", low) for host in hosts):
        return True
    cookies = {name for each in vendor.receives for name in COOKIE.findall(each)}
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in cookies)


def _called(vendor: Vendor) -> Iterator[str]:
    """What people call a product: its name, what is special in it, and who owns it."""
    name = re.sub(r"\s*\(.*\)", "", vendor.name)
    yield from (words_of(name), words_of(name.lower()))
    parts = name.lower().split()
    if len(parts) > 1 and len(parts[0]) > 3 and parts[0] not in COMMON:
        yield words_of(parts[0])
    if parts[-1].isdigit():
        yield words_of(" ".join(parts[:-1]))
    if vendor.owner.startswith("Google") and "analytics" in parts:
        yield "google analytics"
    for part in re.split(r"[()]", vendor.owner):
        owner = " ".join(COMPANY.sub(" ", words_of(part)).split())
        if vendor.category == "advertising" and owner in MANY_PRODUCTS:
            yield from (f"{owner} {word}" for word in ("advertising", "adwords", "adsense", "ads"))
        elif len(owner) > 3 and owner not in COMMON:
            yield from (owner, owner.replace(" ", ""))
    yield from ALSO.get(vendor.owner, ())


def _hosts(vendor: Vendor, matcher: Matcher) -> tuple[str, ...]:
    """The last two labels of the hosts that only this vendor's signals name."""
    found = {
        ".".join(signal.pattern.host.split(".")[-2:])
        for signal in matcher.signatures.signals
        if signal.vendor == vendor.id
        and signal.is_address
        and isinstance(signal.pattern, AddressPattern)
    }
    return tuple(
        host for host in sorted(found) if re.fullmatch(r"[\w-]+\.\w+", host) and host not in SHARED
    )


def _names(path: str, routes: Sequence[str]) -> Iterator[str]:
    """The last part of the file's name and of each address, as words."""
    bare = re.sub(r"(?:\.[\w]+)+$", "", path)
    last, _, name = bare.rpartition("/")
    yield name.lstrip("_").removesuffix("Page").removesuffix("View")
    if name.lower() in ("index", "page", "+page", "show", "default"):
        yield last.rpartition("/")[2]
    for route in routes:
        yield re.sub(r"\.\w+$", "", route.rstrip("/")).rpartition("/")[2]
