"""Settings in JSON and XML: `{"GtmId": "GTM-ABC1234"}` and `<add key="GtmId" value="..."/>`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from analyzer.model import Fact, Setting, Skip, Source, Vocabulary
from analyzer.parse.config import is_wanted

COMMENT = re.compile(rb"<!--[\s\S]*?(?:-->|\Z)")
PAIRS = (
    re.compile(rb"""<add\s+(?:key|name)="([^"]*)"\s+(?:value|connectionString)="([^"]*)\""""),
    re.compile(rb"""<string\b[^>]*?\bname="([^"]*)"[^>]*>([^<]*)</string>"""),
    re.compile(rb"""<key>([^<]*)</key>\s*<string>([^<]*)</string>"""),
)


def facts_of(source: Source, vocabulary: Vocabulary) -> Iterator[Fact | Skip]:
    """The settings of a file whose names hold one of the signatures' words, or whose values are
    addresses that scripts are loaded from.
    """
    if source.path.lower().endswith(".json"):
        yield from _json(source, vocabulary)
        return
    if source.path.lower().endswith("androidmanifest.xml"):
        yield from _of_app(source, vocabulary)
        return
    data = COMMENT.sub(lambda found: b" " * len(found[0]), source.data)
    for pattern in PAIRS:
        for found in pattern.finditer(data):
            key, value = (_text(found[number]) for number in (1, 2))
            if is_wanted(key, value, vocabulary):
                yield Setting(place=source.place(*found.span()), key=key, value=value)


def _of_app(source: Source, vocabulary: Vocabulary) -> Iterator[Fact | Skip]:
    """What an Android app tells the libraries in it: `<meta-data android:name="..." .../>`."""
    from analyzer.parse.manifests.text import local_name, offset_of, xml_root  # here: it needs lxml

    root = xml_root(source)
    if isinstance(root, Skip):
        yield root
        return
    for element in root.iter():
        if not isinstance(element.tag, str) or local_name(element) != "meta-data":
            continue
        said = {str(name).rpartition("}")[2]: value for name, value in element.attrib.items()}
        key, value = str(said.get("name", "")), str(said.get("value", "")).strip()
        if is_wanted(key, value, vocabulary):
            place = source.place(*offset_of(source, element, value))
            yield Setting(place=place, key=key, value=value)


def _text(data: bytes) -> str:
    return html.unescape(data.decode("utf-8", "replace")).strip()


def _json(source: Source, vocabulary: Vocabulary) -> Iterator[Fact | Skip]:
    from analyzer.parse.manifests import located  # here: it needs a grammar

    members = located.members(source)
    if isinstance(members, Skip):
        yield members
        return
    stack = [("", members.root)]
    while stack:
        path, node = stack.pop()
        if node is None:
            continue
        if node.type == "object":
            for key, start, _, value in members.inside(node):
                name = f"{path}.{key}".lstrip(".")
                if value.type != "string":
                    stack.append((name, value))
                elif is_wanted(name, text := members.text(value).strip(), vocabulary):
                    place = source.place(start, value.end_byte + members.shift)
                    yield Setting(place=place, key=name, value=text)
        elif node.type == "array":
            stack.extend((path, each) for each in reversed(node.named_children))
