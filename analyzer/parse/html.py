"""Markup and templates as facts: what a page loads, shows and includes, and its inline scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from analyzer.engines import LEFT_OUT, ON_SERVER, PLAIN, UNFOLLOWED, Engine, engine_of
from analyzer.model import (
    EXPORT,
    NEVER,
    Fact,
    Frame,
    Guard,
    Include,
    Link,
    Moment,
    Package,
    Pixel,
    Request,
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
from analyzer.parse.gates import gate_of, is_data, is_run, type_of
from analyzer.parse.markup import Attribute, Element, comments, elements
from analyzer.parse.mask import Masked, flattened, mask
from analyzer.parse.page_data import given_names, page_data
from analyzer.parse.prefilter import calls_a_vendor
from analyzer.parse.scripts.expressions import Expressions
from analyzer.parse.scripts.javascript import script_facts
from analyzer.parse.scripts.wired import handed_by_markup
from analyzer.parse.shown import Shown
from analyzer.parse.template import Structure, structure_of
from analyzer.parse.template import facts_of as template_facts
from analyzer.parse.values.document import NOSCRIPT, Document, under
from analyzer.parse.values.handlers import HANDLERS, acted_on
from analyzer.parse.values.models import models_of

SOURCES = (
    "src",
    "th:src",
    "data-src",
    "data-gtmsrc",
    "data-cmp-src",
    "data-cookieblock-src",
    "data-rocket-src",
)
LOADS: dict[str, type[ScriptLoad] | type[Pixel] | type[Frame]] = {
    "script": ScriptLoad,
    "img": Pixel,
    "iframe": Frame,
    "embed": Frame,
    "object": Frame,
    "audio": Pixel,
    "video": Pixel,
    "source": Pixel,
}
ADDRESSES = frozenset({"href", "src", "action", "formaction", "xlink:href"})
RUNS = re.compile(rb"\s*javascript:", re.I)
MARKUP = re.compile(rb"<[a-zA-Z!/?]")
WANTED = frozenset({*LOADS, *amp.ELEMENTS, "link", "a", "form", "area"})
OWN_ADDRESS = re.compile(rb"\bthis\.src\s*=(?!=)")
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
    models = models_of(source) if engine.exports or engine.expressions else {}
    source = flattened(source, engine)
    masked = mask(source.data, engine)
    structure = structure_of(masked, engine)
    structure.whole = (EXPORT + "default",) if engine.exports else ()
    document = Document(source, masked, structure, models=models, base=_base_of(masked.data))
    if engine.expressions:
        document.filled = Expressions(document, vocabulary)
    if engine.exports or engine.expressions:
        document.handed = handed_by_markup(document, vocabulary)
    document.page = page_data(document)
    if document.page is not None:
        document.globals.update(given_names(document.page))
    yield from template_facts(source, masked, engine, structure, comments)
    whole = shows = False
    shown = Shown(document, engine) if engine.uses else None
    for element in elements(masked.data, wanted=WANTED):
        shows = True
        whole = whole or element.name in ("html", "body")
        facts = _element_facts(document, element, vocabulary)
        yield from shown.without_imports(element, facts) if shown else facts
    yield from shown.facts() if shown else ()
    if not shows and _is_bare_script(masked, engine, vocabulary):
        yield from script_facts(document, 0, len(masked.data), vocabulary)
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


def _is_bare_script(masked: Masked, engine: Engine, vocabulary: Vocabulary) -> bool:
    """Is it a template that others show inside a script: tags, no markup, and a vendor's call?"""
    if engine.content or not masked.tags or MARKUP.search(masked.data) is not None:
        return False
    return calls_a_vendor(masked.data, vocabulary)


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
        if attribute.end <= attribute.start:
            continue
        runs = attribute.name in ADDRESSES and RUNS.match(document.data, attribute.start)
        if runs or HANDLERS.match(attribute.name):
            for fact in _handler_facts(document, element, attribute, vocabulary):
                yield _of_itself(document, element, attribute, fact)
        elif attribute.name == "srcdoc":
            yield from _inner_facts(document, attribute, vocabulary)
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


def _inner_facts(
    document: Document, attribute: Attribute, vocabulary: Vocabulary
) -> Iterator[Fact]:
    """The facts of a document that a frame holds in itself."""
    raw = document.data[attribute.start : attribute.end]
    data, lift = _decoded(raw, attribute.start)
    inner = replace(
        document,
        source=document.source.inner(data, lift),
        masked=Masked(data),
        structure=Structure(),
        page=None,
    )
    for fact in fragment_facts(inner, vocabulary):
        yield document.around(fact, attribute.start)


def _load_facts(document: Document, element: Element) -> Iterator[Fact]:
    kind = LOADS[element.name]
    name = {"object": ("data",)}.get(element.name, SOURCES)
    attribute = next(
        (found for each in name if (found := element.get(each)) and found.end > found.start), None
    )
    if attribute is None:
        return
    url = document.brief(document.attribute(attribute.start, attribute.end))
    if kind is not ScriptLoad and re.match(r"\s*(?:data|javascript):", shown(url), re.I):
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
    if not is_run(kind) and (is_data(kind) or not _gate(document, element)):
        return
    language = element.get("lang")
    dialect = "typescript" if kind == "text/typescript" else "javascript"
    if language is not None and document.data[language.start : language.end] in (
        b"ts",
        b"tsx",
        b"typescript",
    ):
        dialect = "tsx" if document.data[language.start : language.end] == b"tsx" else "typescript"
    assert element.content is not None
    if document.page is not None:
        document.page.current = element
    start, end = element.content
    opening = re.match(rb"\s*(?:<!--[^\n]*|//\s*<!\[CDATA\[|<!\[CDATA\[)", document.data[start:end])
    if opening:  # the old ways to hide a script from browsers and from XML
        start += opening.end()
    facts = script_facts(document, start, end, vocabulary, dialect)
    if element.get(ON_SERVER):
        yield from _on_server(facts)
    else:
        yield from facts if isinstance(document.filled, Expressions) else _in_browser(facts)


def _in_browser(facts: Iterator[Fact]) -> Iterator[Fact]:
    """What a page's script does; that of a component may run on a server before."""
    for fact in facts:
        yield replace(fact, by_browser=True) if isinstance(fact, Request) else fact


def _on_server(facts: Iterator[Fact]) -> Iterator[Fact]:
    """What a script does that no browser runs; what it imports counts for the page."""
    for fact in facts:
        linked = isinstance(fact, (Include, Package, Setting))
        yield fact if linked else replace(fact, moment=Moment.SERVER)


def _handler_facts(
    document: Document, element: Element, attribute: Attribute, vocabulary: Vocabulary
) -> Iterator[Fact]:
    """The script in an event-handler attribute: it runs when somebody acts, unless it waits for
    loading.
    """
    raw = document.data[attribute.start : attribute.end]
    dialect = "typescript" if isinstance(document.filled, Expressions) else "javascript"
    at_once = attribute.name in ("onload", "onerror", "onpageshow", "src")
    moment = Moment.LOAD if at_once else Moment.INTERACTION
    is_address = attribute.name in ADDRESSES
    if b"&" in raw or (is_address and b"%" in raw):
        data, lift = _decoded(raw, attribute.start, is_address)
        inner = replace(
            document,
            source=document.source.inner(data, lift),
            masked=Masked(data),
            structure=Structure(),
            handlers=acted_on(document, element, 0, len(data)),
        )
        facts: Iterator[Fact] = (
            document.around(fact, attribute.start)
            for fact in script_facts(inner, 0, len(data), vocabulary, dialect)
        )
    else:
        start, end = attribute.start, attribute.end
        inner = replace(document, handlers=acted_on(document, element, start, end))
        facts = script_facts(inner, start, end, vocabulary, dialect)
    for fact in _in_browser(facts):
        yield replace(fact, moment=moment) if fact.moment is Moment.LOAD else fact


def _of_itself(document: Document, element: Element, attribute: Attribute, fact: Fact) -> Fact:
    """What a handler gives its own element is what the element asks for: `this.src = fallback`."""
    kind = LOADS.get(element.name, ScriptLoad)
    if not isinstance(fact, ScriptLoad) or kind is ScriptLoad:
        return fact
    if not OWN_ADDRESS.search(document.data, attribute.start, attribute.end):
        return fact
    return kind(
        place=fact.place,
        url=fact.url,
        guards=fact.guards,
        blocks=fact.blocks,
        moment=fact.moment,
        through=fact.through,
    )


def _decoded(raw: bytes, base: int, is_address: bool = False) -> tuple[bytes, list[int]]:
    """Text with its character references decoded, and for each byte the offset that it comes
    from; in an address what stands behind percent signs too.
    """
    out, at = bytearray(), 0
    lift: list[int] = []
    for found in (IN_ADDRESS if is_address else REFERENCES).finditer(raw):
        out += raw[at : found.start()]
        lift.extend(range(base + at, base + found.start()))
        if found[0].startswith(b"%"):
            text = bytes([int(found[0][1:], 16)])
        else:
            text = unescape(found[0].decode("latin-1")).encode()
        out += text
        lift.extend([base + found.start()] * len(text))
        at = found.end()
    out += raw[at:]
    lift.extend(range(base + at, base + len(raw) + 1))
    return bytes(out), lift


REFERENCES = re.compile(rb"&#?\w{1,32};?")
IN_ADDRESS = re.compile(rb"&#?\w{1,32};?|%[0-9a-fA-F]{2}")


def _type(document: Document, element: Element) -> str:
    attribute = element.get("type")
    if attribute is None:
        old = element.get("language")
        is_script = old is None or document.data[old.start : old.start + 2].lower() != b"vb"
        return "" if is_script else "text/vbscript"
    return type_of(shown(document.attribute(attribute.start, attribute.end)))


def _gate(document: Document, element: Element) -> tuple[Guard, ...]:
    """The guard of an element that a consent manager holds back, or that no browser runs."""
    if element.get(LEFT_OUT):
        return (Guard(NEVER, "the framework leaves scripts in a template out", "disabled"),)
    names = [each.name for each in element.attributes]
    words = element.get("class")
    classes = shown(document.attribute(words.start, words.end)) if words else ""
    moved = element.get("src") is None and any(element.get(name) for name in SOURCES[1:])
    return gate_of(names, classes, _type(document, element), element.name == "script", moved)
