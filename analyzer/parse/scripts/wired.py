"""What the markup of a component hands to the functions of its script: `@submit="track(form)"`.

Vue, Svelte and Angular write the calls as attributes. What stands in them are names of the markup:
the fields that it ties to variables, its references, the event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from analyzer.model import Hole, Origin, OriginKind, Source, Value, Vocabulary
from analyzer.parse.markup import Attribute, Element, elements
from analyzer.parse.mask import Masked
from analyzer.parse.scripts.grammar import TooSlow, parsed
from analyzer.parse.scripts.names import Reader
from analyzer.parse.template import Structure
from analyzer.parse.values.document import Document
from analyzer.parse.values.handlers import acted_on, element_of
from analyzer.parse.values.models import models_of
from analyzer.parse.values.things import callee_of

CALLS = re.compile(r"^(?:@|v-on:|on:|on(?=[a-z])|\()([a-z][\w-]*)\)?")
MAY_CALL = re.compile(rb"[\s\"'](?:@[a-z]|v-on:|on:|on[a-z]|\([a-zA-Z]+\)=)")
FUNCTION = re.compile(
    rb"\s*(?:(?:this\.)?[A-Za-z_$][\w$]*|(?:async\s+)?(?:\([^()]*\)|[\w$]+)\s*=>.*)\s*", re.S
)
REFERENCE = re.compile(rb"(?:\s|^)(?:#|ref-)([A-Za-z_$][\w$]*)(?:\s*=\s*[\"'](\w+)[\"'])?")
WHOLE_FORM = frozenset({b"ngForm"})
COMPONENT = re.compile(rb"@Component\s*\(")
INLINE = re.compile(rb"\btemplate\s*:\s*(?:`([^`]*)`|\"([^\"\n]*)\"|'([^'\n]*)')")
SEEN = re.compile(
    rb"@ViewChild\(\s*[\"'](\w+)[\"'][^()]{0,80}(?:\([^()]*\)[^()]{0,20})?\)\s*"
    rb"(?:(?:public|private|protected|readonly|declare)\s+)*([A-Za-z_$][\w$]*)"
)
MOST, LONGEST = 200, 1_000  # attributes of one file, and bytes of one
MOST_HANDED = 8  # calls of one function
MOST_ARGUMENTS = 6
Handed = dict[str, list[tuple[Value, ...]]]


def wired_by_template(document: Document, vocabulary: Vocabulary) -> None:
    """Tie the script of an Angular component to its template, in the script or beside it."""
    source = document.source
    if source.markup is None and not (
        b"template" in source.data and COMPONENT.search(source.data) is not None
    ):
        return
    markup = source.markup or _inline(source)
    if markup is None:
        return
    template = Document(markup, Masked(markup.data), Structure(), models=models_of(markup))
    named = _references(template, list(elements(markup.data)))
    document.handed = handed_by_markup(template, vocabulary)
    document.models = dict(template.models)
    for seen in SEEN.finditer(source.data):
        if (element := named.get(seen[1].decode())) is not None:
            document.models[seen[2].decode()] = element


def _inline(source: Source) -> Source | None:
    """The templates that are written in a script, with blanks in place of all else."""
    blank = bytearray(re.sub(rb"[^\n]", b" ", source.data))
    found = False
    for each in INLINE.finditer(source.data):
        found = True
        start, end = each.span(next(number for number in (1, 2, 3) if each.start(number) >= 0))
        blank[start:end] = source.data[start:end]
    return source.inner(bytes(blank), range(len(blank) + 1)) if found else None


def handed_by_markup(document: Document, vocabulary: Vocabulary) -> Handed:
    """With what the attributes of elements call functions, by the functions' names."""
    found: Handed = {}
    if MAY_CALL.search(document.source.data) is None:
        return found
    listed = list(elements(document.data))
    known: dict[str, Value] = {**document.globals, **_references(document, listed)}
    document = replace(document, globals=known)
    left = MOST
    for element in listed:
        for attribute in element.attributes:
            if not CALLS.match(attribute.name) or not 0 < attribute.end - attribute.start < LONGEST:
                continue
            left -= 1
            if not left:
                return found
            for name, args in _calls(document, element, attribute, vocabulary):
                given = found.setdefault(name, [])
                if len(given) < MOST_HANDED and args not in given:
                    given.append(args)
    return found


def _references(document: Document, listed: list[Element]) -> dict[str, Hole]:
    """The elements that names of an Angular template stand for: `<input #email>`."""
    found: dict[str, Hole] = {}
    for element in listed:
        text = document.source.data[element.start : element.end]
        if b"#" not in text and b"ref-" not in text:
            continue
        for name in REFERENCE.finditer(text):
            made = element_of(document, element)
            origin = made.origin
            if not origin.name:
                origin = replace(origin, name=f"'{name[1].decode()}'")
            if name[2] in WHOLE_FORM:
                form = origin.name if origin.name.startswith(("#", "[")) else ""
                origin = Origin(OriginKind.FORM, form, (), origin.place)
            elif name[2] is not None:
                origin = replace(origin, kind=OriginKind.FIELD)
            found.setdefault(name[1].decode(), Hole(name[1].decode(), origin))
    return found


def _calls(
    document: Document, element: Element, attribute: Attribute, vocabulary: Vocabulary
) -> Iterator[tuple[str, tuple[Value, ...]]]:
    start, end = attribute.start, attribute.end
    text = document.source.data[start:end]
    if text[:1] == b"{" and text[-1:] == b"}":
        start, end, text = start + 1, end - 1, text[1:-1]
    is_function = FUNCTION.fullmatch(text) is not None
    data = b"(" + text + b")($event)" if is_function else b";" + text
    lift = [start, *range(start, end), *[end] * (len(data) - len(text))]
    tag = document.source.data[element.start + 1 : element.start + 2]
    is_own = tag.isupper() or "-" in element.name
    source = document.source.inner(data, lift)
    acted = None if is_own else acted_on(document, element, 0, len(data))
    inner = replace(
        document, source=source, masked=Masked(data), structure=Structure(), handlers=acted
    )
    try:
        root = parsed(data, "typescript")
    except TooSlow:
        return
    if root.has_error:
        return
    reader = Reader(inner, 0, vocabulary)
    reader.read(root)
    for node, context in reader.actions:
        callee, items = callee_of(node) if node.type == "call_expression" else (None, [])
        name = _name(reader, callee) if callee is not None else ""
        if name and items:
            values = (reader.folder.value(each, context.scope) for each in items[:MOST_ARGUMENTS])
            yield name, tuple(inner.brief(each) for each in values)


def _name(reader: Reader, callee: Node) -> str:
    """A function of the component, as its markup calls it."""
    text = reader.folder.text_of(callee).removeprefix("this.")
    return text if text.isidentifier() else ""
