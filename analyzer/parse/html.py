"""Markup and templates as facts: what a page loads, shows and includes, and its inline scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from analyzer.conditions import CONSENT_WORDS
from analyzer.engines import LEFT_OUT, ON_SERVER, PLAIN, UNFOLLOWED, Engine, engine_of
from analyzer.model import (
    EXPORT,
    NEVER,
    Atom,
    Fact,
    Frame,
    Guard,
    Include,
    Link,
    Moment,
    Package,
    Pixel,
    ScriptLoad,
    Setting,
    Skip,
    Source,
    Style,
    Value,
    Vocabulary,
    shown,
)
from analyzer.model import (
    Document as DocumentFact,
)
from analyzer.parse import amp, front_matter
from analyzer.parse.document import NOSCRIPT, Document, under
from analyzer.parse.expressions import Expressions
from analyzer.parse.javascript import script_facts
from analyzer.parse.markup import Attribute, Element, comments, elements
from analyzer.parse.mask import Masked, flattened, mask
from analyzer.parse.shown import Shown
from analyzer.parse.template import Structure, structure_of
from analyzer.parse.template import facts_of as template_facts

SCRIPT_TYPES = frozenset(
    {
        "",
        "text/javascript",
        "application/javascript",
        "module",
        "text/ecmascript",
        "application/ecmascript",
        "application/x-javascript",
        "text/x-javascript",
        "text/partytown",
        "text/gtmscript",
        "text/jsx",
        "text/babel",
        "text/rocketscript",
    }
)
# Attributes by which a consent manager, or the site itself, holds a script back until the visitor
# agrees.
GATES = re.compile(
    r"^data-(?:cookie-?consent|cookiecategory|cookie-?category|usercentrics|category(?:-consent)?|consent[\w-]*"
    r"|cookieyes|cmp-[\w-]+|gdpr[\w-]*|iub-purposes|cmplz[\w-]*|service|ot-[\w-]+|cc[\w-]*)$"
)
GATE_CLASSES = re.compile(
    r"optanon-category-\w+|_iub_cs_activate\w*|cmplz-\w+|cky-\w+|ot-\w*consent\w*", re.I
)
SOURCES = (
    "src",
    "th:src",
    "data-src",
    "data-gtmsrc",
    "data-cmp-src",
    "data-cookieblock-src",
    "data-rocket-src",
)
LOADS = {
    "script": ScriptLoad,
    "img": Pixel,
    "iframe": Frame,
    "embed": Frame,
    "object": Frame,
    "source": None,
}
WANTED = frozenset({*LOADS, *amp.ELEMENTS, "link", "a", "form", "area"})
BASE = re.compile(rb"<base\b[^>]{0,300}?\bhref\s*=\s*[\"']?([^\"'\s>]{1,300})", re.I)
ROOTED = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|/|#)", re.I)
ABSOLUTE = re.compile(r"^\s*(?:https?:)?//", re.I)


def facts_of(
    source: Source, vocabulary: Vocabulary, engine: Engine | None = None
) -> Iterator[Fact | Skip]:
    """The facts of a page or a template, and skips for stretches of script that cannot be read."""
    engine = engine or engine_of(source.path, source.data) or PLAIN
    if not engine.expressions:  # there it is a script
        yield from front_matter.facts_of(source)
    source = flattened(source, engine)
    masked = mask(source.data, engine)
    structure = structure_of(masked, engine)
    structure.whole = (EXPORT + "default",) if engine.exports else ()
    document = Document(source, masked, structure, base=_base_of(masked.data))
    if engine.expressions:
        document.filled = Expressions(document, vocabulary)
    yield from template_facts(source, masked, engine, structure, comments)
    whole = shows = False
    shown = Shown(document, engine) if engine.uses else None
    for element in elements(masked.data, wanted=WANTED):
        shows = True
        whole = whole or element.name in ("html", "body")
        facts = _element_facts(document, element, vocabulary)
        yield from shown.without_imports(element, facts) if shown else facts
    yield from shown.facts() if shown else ()
    if engine.name == UNFOLLOWED:  # the half of a page that a header file opens is no page
        whole = whole and b"</html" in masked.data.lower()
    whole = whole and not engine.content
    yield DocumentFact(place=source.place(0, 0), engine=engine.name, whole=whole)
    if engine.name == UNFOLLOWED and shows:
        suffix = source.path.rpartition(".")[2]
        yield Skip(
            source.path, f"what a .{suffix} file includes is not followed yet", kind="partly"
        )
    yield from document.skips


def _base_of(data: bytes) -> str:
    """The folder from which the page says that its addresses count, where it is one of the site."""
    found = BASE.search(data)
    if found is None:
        return ""
    folder = re.sub(r"^(?:https?:)?//[^/]*", "", found[1].decode("utf-8", "replace"))
    folder = folder.rpartition("/")[0].strip("/")
    return f"/{folder}/" if folder and ".." not in folder and "_" not in folder[:2] else ""


def fragment_facts(document: Document, vocabulary: Vocabulary) -> Iterator[Fact]:
    """The facts of markup that stands in something else, for example in a script that writes it."""
    for element in elements(document.data, wanted=WANTED):
        yield from _element_facts(document, element, vocabulary)


def _element_facts(document: Document, element: Element, vocabulary: Vocabulary) -> Iterator[Fact]:
    around = (NOSCRIPT,) if "noscript" in element.parents else ()
    for fact in _facts_of(document, element, vocabulary):
        yield under(fact, *around)


def _facts_of(document: Document, element: Element, vocabulary: Vocabulary) -> Iterator[Fact]:
    for attribute in element.attributes:
        if attribute.name.startswith("on") and attribute.end > attribute.start:
            yield from _handler_facts(document, attribute, vocabulary)
    if element.name in LOADS:
        gate = _gate(document, element)
        for fact in _load_facts(document, element):
            yield under(fact, *gate)
        if element.name == "script" and element.content is not None:
            for fact in _script_facts(document, element, vocabulary):
                yield under(fact, *gate)
    elif element.name in amp.ELEMENTS:
        yield from amp.facts_of(document, element)
    elif element.name == "link":
        relation, target = element.get("rel"), element.get("href")
        if (
            relation is not None
            and target is not None
            and b"stylesheet" in document.data[relation.start : relation.end]
        ):
            yield document.around(
                Style(
                    place=document.place(element.start, element.end),
                    url=document.attribute(target.start, target.end),
                ),
                element.start,
            )
    elif element.name in ("a", "form", "area"):
        target = element.get("action" if element.name == "form" else "href")
        if target is not None and ABSOLUTE.match(
            shown(document.attribute(target.start, target.end))
        ):
            yield document.around(
                Link(
                    place=document.place(element.start, element.end),
                    url=document.attribute(target.start, target.end),
                    kind="form" if element.name == "form" else "link",
                ),
                element.start,
            )


def _load_facts(document: Document, element: Element) -> Iterator[Fact]:
    kind = LOADS[element.name]
    name = {"object": ("data",)}.get(element.name, SOURCES)
    attribute = next(
        (found for each in name if (found := element.get(each)) and found.end > found.start), None
    )
    if kind is None or attribute is None:
        return
    url = document.brief(document.attribute(attribute.start, attribute.end))
    if kind is not ScriptLoad and shown(url)[:5].lower() == "data:":
        return  # it is asked of nobody
    place = document.place(element.start, element.end)
    if document.base and isinstance(url, str) and not ROOTED.match(url):
        url = document.base + url.removeprefix("./")
    if kind is ScriptLoad:
        yield document.around(
            ScriptLoad(place=place, url=url, attributes=_attributes(document, element)),
            element.start,
        )
    elif kind is Pixel:
        yield document.around(Pixel(place=place, url=url), element.start)
    else:
        yield document.around(Frame(place=place, url=url), element.start)


def _attributes(document: Document, element: Element) -> tuple[tuple[str, Value], ...]:
    return tuple(
        (each.name, document.brief(document.attribute(each.start, each.end)))
        for each in element.attributes[:40]
        if each.name not in SOURCES
    )


def _script_facts(document: Document, element: Element, vocabulary: Vocabulary) -> Iterator[Fact]:
    kind = _type(document, element)
    if kind not in SCRIPT_TYPES and not (
        _gate(document, element)
        and "json" not in kind
        and "template" not in kind
        and "html" not in kind
    ):
        return
    language = element.get("lang")
    dialect = "javascript"
    if language is not None and document.data[language.start : language.end] in (
        b"ts",
        b"tsx",
        b"typescript",
    ):
        dialect = "tsx" if document.data[language.start : language.end] == b"tsx" else "typescript"
    assert element.content is not None
    start, end = element.content
    opening = re.match(rb"\s*(?:<!--[^\n]*|//\s*<!\[CDATA\[|<!\[CDATA\[)", document.data[start:end])
    if opening:  # the old ways to hide a script from browsers and from XML
        start += opening.end()
    facts = script_facts(document, start, end, vocabulary, dialect)
    yield from _on_server(facts) if element.get(ON_SERVER) else facts


def _on_server(facts: Iterator[Fact]) -> Iterator[Fact]:
    """What a script does that no browser runs; what it imports counts for the page."""
    for fact in facts:
        linked = isinstance(fact, (Include, Package, Setting))
        yield fact if linked else replace(fact, moment=Moment.SERVER)


def _handler_facts(
    document: Document, attribute: Attribute, vocabulary: Vocabulary
) -> Iterator[Fact]:
    """The script in an event-handler attribute: it runs when somebody acts, unless it waits for
    loading.
    """
    raw = document.data[attribute.start : attribute.end]
    dialect = "typescript" if isinstance(document.filled, Expressions) else "javascript"
    moment = (
        Moment.LOAD if attribute.name in ("onload", "onerror", "onpageshow") else Moment.INTERACTION
    )
    if b"&" in raw:
        data, lift = _decoded(raw, attribute.start)
        inner = replace(
            document,
            source=document.source.inner(data, lift),
            masked=Masked(data),
            structure=Structure(),
        )
        facts: Iterator[Fact] = (
            document.around(fact, attribute.start)
            for fact in script_facts(inner, 0, len(data), vocabulary, dialect)
        )
    else:
        facts = script_facts(document, attribute.start, attribute.end, vocabulary, dialect)
    for fact in facts:
        yield replace(fact, moment=moment) if fact.moment is Moment.LOAD else fact


def _decoded(raw: bytes, base: int) -> tuple[bytes, list[int]]:
    """Text with its character references decoded, and for each byte the offset that it comes
    from.
    """
    out, at = bytearray(), 0
    lift: list[int] = []
    for found in re.finditer(rb"&#?\w{1,32};?", raw):
        out += raw[at : found.start()]
        lift.extend(range(base + at, base + found.start()))
        text = unescape(found[0].decode("latin-1")).encode()
        out += text
        lift.extend([base + found.start()] * len(text))
        at = found.end()
    out += raw[at:]
    lift.extend(range(base + at, base + len(raw) + 1))
    return bytes(out), lift


def _type(document: Document, element: Element) -> str:
    attribute = element.get("type")
    return (
        shown(document.attribute(attribute.start, attribute.end)).strip().lower()
        if attribute
        else ""
    )


def _gate(document: Document, element: Element) -> tuple[Guard, ...]:
    """The guard of an element that a consent manager holds back, or that no browser runs."""
    if element.get(LEFT_OUT):
        return (Guard(NEVER, "the framework leaves scripts in a template out", "disabled"),)
    names = [each.name for each in element.attributes]
    words = element.get("class")
    classes = shown(document.attribute(words.start, words.end)) if words else ""
    by_attribute = next((name for name in names if GATES.match(name)), "") or (
        found[0] if (found := GATE_CLASSES.search(classes)) else ""
    )
    blocked = element.name == "script" and _type(document, element) in (
        "text/plain",
        "text/x-blocked",
        "javascript/blocked",
    )
    moved = element.get("src") is None and any(element.get(name) for name in SOURCES[1:])
    if by_attribute and (blocked or moved):
        return (Guard(Atom("consent", by_attribute), f"held back by {by_attribute}", "consent"),)
    if blocked:
        return (Guard(NEVER, "the script's type keeps it from running", "disabled"),)
    if by_attribute and CONSENT_WORDS.search(by_attribute):
        return (Guard(Atom("consent", by_attribute), f"marked {by_attribute}", "consent"),)
    return ()
