"""Custom templates of a published container: their permissions, and the addresses in their code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.gtm.built import leaf, record
from analyzer.gtm.export import plain
from analyzer.gtm.literals import ScriptNode, texts_in
from analyzer.gtm.positions import Node
from analyzer.model import Fact, Pixel, ScriptLoad, Source

MOST_ADDRESSES = 40  # of one compiled template

_ADDRESS = re.compile(r"(?:https?:)?//[\w*-]+(?:\.[\w*-]+)*\.[a-z]{2,}(?:[/?#][^\s]*)?")


def templates(data: ScriptNode) -> Iterator[Node]:
    """The permissions of custom templates, which publishing keeps, as a template's text."""
    permissions = data.members().get("permissions")
    for function, node in (permissions.members() if permissions is not None else {}).items():
        found = re.fullmatch(r"__cvt_(?:(\d+)_)?(\w+)", function)
        if found is None or not isinstance(node.value, dict):
            continue
        entries = [_permission(name, given) for name, given in node.value.items()]
        info = {"type": "TAG", "id": function.removeprefix("__")}
        text = (
            f"___INFO___\n\n{json.dumps(info)}\n\n___WEB_PERMISSIONS___\n\n{json.dumps(entries)}\n"
        )
        yield record(
            node,
            {
                "templateId": leaf(found[2], node),
                "containerId": leaf(found[1] or "", node),
                "name": leaf("", node),
                "templateData": leaf(text, node),
            },
        )


def compiled(source: Source, data: ScriptNode) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """The addresses in the compiled code of custom templates, by the type of their tags."""
    runtime = data.members().get("runtime")
    for node in runtime.elements() if runtime is not None else ():
        match node.value:
            case [50, str(function), *_] if function.startswith("__cvt_"):
                facts = list(_addresses(source, node))
                yield function.removeprefix("__"), tuple(facts[:MOST_ADDRESSES])


def _permission(name: str, given: Any) -> dict[str, Any]:
    """A permission as a template's own text writes it."""
    given = given if isinstance(given, dict) else {}
    return {
        "instance": {
            "key": {"publicId": name, "versionId": "1"},
            "param": [{"key": key, "value": _encoded(each)} for key, each in given.items()],
        }
    }


def _encoded(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"type": 8, "boolean": value}
        case list():
            return {"type": 2, "listItem": [_encoded(each) for each in value]}
        case dict():
            keys: Iterable[Any] = value
            return {
                "type": 3,
                "mapKey": [_encoded(key) for key in keys],
                "mapValue": [_encoded(each) for each in value.values()],
            }
    return {"type": 1, "string": plain(value)}


def _addresses(source: Source, node: Node) -> Iterator[Fact]:
    start, end = node.span
    seen: set[str] = set()
    for text, first, last in texts_in(source.data, start, end):
        if text in seen or not _ADDRESS.fullmatch(text):
            continue
        seen.add(text)
        url = f"https:{text}" if text.startswith("//") else text
        place = source.place(first, last)
        is_script = re.search(r"\.js(?:[?#]|$)", url) is not None
        yield ScriptLoad(place=place, url=url) if is_script else Pixel(place=place, url=url)
