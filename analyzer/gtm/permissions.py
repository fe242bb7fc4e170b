"""The permissions of custom templates: what a template may load, send, read and write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from analyzer.gtm.export import listed, plain
from analyzer.model import Frame, Hole, Permission, Pixel, Request, ScriptLoad, Text, Value

MOST_TARGETS = 100  # of one permission

REACHES: dict[str, type[ScriptLoad | Frame | Pixel | Request]] = {
    "inject_script": ScriptLoad,
    "inject_hidden_iframe": Frame,
    "send_pixel": Pixel,
    "send_http": Request,
}
SECTIONS = ("WEB_PERMISSIONS", "SERVER_PERMISSIONS")
NAMES = ("key", "name", "headerName", "queryParameter", "consentType")  # of a row of a list
_RIGHTS = {"read": "read", "write": "write", "execute": "run"}
_SWITCHES = ("any", "specific", "debug", "all", "none", "")


def permissions_of(sections: Mapping[str, str]) -> tuple[Permission, ...]:
    """The permissions that a template's own text lists, in its order."""
    return tuple(
        _permission(name, parameters)
        for section in SECTIONS
        for name, parameters in _listed(sections.get(section, ""))
    )


def addresses(permission: Permission) -> Iterator[Value]:
    """The addresses that a permission to load or send is limited to; its stars are holes."""
    for target in permission.targets:
        value = address_pattern(target)
        if value is not None:
            yield value


def address_pattern(url: str) -> Value | None:
    """An address whose stars are holes; nothing where it names no host."""
    if url.startswith("//"):
        url = f"https:{url}"
    host = re.match(r"https?://([^/?#]*)", url)
    if host is None or not re.search(r"[\w-]+\.[a-z]{2,}", host[1].replace("*", " ")):
        return None
    if "*" not in url:
        return url
    parts: list[str | Hole] = []
    for number, piece in enumerate(re.split(r"\*+", url)):
        parts += [Hole("*")] if number else []
        parts += [piece] if piece else []
    return Text(tuple(parts))


def read_json(text: str) -> Any:
    """A section of a template as JSON; nothing where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _listed(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in listed(read_json(text)):
        instance = entry.get("instance") if isinstance(entry, dict) else None
        if not isinstance(instance, dict):
            continue
        key = instance.get("key")
        name = plain(key.get("publicId")) if isinstance(key, dict) else ""
        if name:
            parameters = (each for each in listed(instance.get("param")) if isinstance(each, dict))
            yield name, {plain(each.get("key")): _decoded(each.get("value")) for each in parameters}


def _permission(name: str, parameters: Mapping[str, Any]) -> Permission:
    """A word such as `any` opens it; without one it is limited to what its lists name."""
    anything = any(value == "any" for value in parameters.values())
    targets = tuple(dict.fromkeys(each for value in parameters.values() for each in _names(value)))
    if name in REACHES:
        anything = anything or any(address_pattern(each) is None for each in targets)
    return Permission(name, targets[:MOST_TARGETS], anything)


def _names(value: Any) -> Iterator[str]:
    match value:
        case str() if value not in _SWITCHES:
            yield value
        case list():
            for each in value:
                yield from _names(each)
        case dict():
            name = next((each for key in NAMES if isinstance(each := value.get(key), str)), "")
            rights = [word for right, word in _RIGHTS.items() if value.get(right) is True]
            if name:
                yield f"{name} ({', '.join(rights)})" if rights else name


def _decoded(value: Any) -> Any:
    """A template's own notation: 1 is a text, 2 a list, 3 a map, 8 a switch."""
    if not isinstance(value, dict):
        return None
    match value.get("type"):
        case 1:
            return value.get("string") if isinstance(value.get("string"), str) else None
        case 2:
            return [_decoded(each) for each in listed(value.get("listItem"))]
        case 3:
            keys = map(_decoded, listed(value.get("mapKey")))
            contents = map(_decoded, listed(value.get("mapValue")))
            pairs = zip(keys, contents, strict=False)
            return {key: each for key, each in pairs if isinstance(key, str)}
        case 8:
            return value.get("boolean") is True
    return None
