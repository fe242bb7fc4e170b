"""Custom templates: which community template stands behind a tag, and which hosts it may reach."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analyzer.gtm.export import Export, listed, plain
from analyzer.gtm.positions import Node
from analyzer.model import Fact, Frame, Hole, Pixel, Place, Request, ScriptLoad, Text, Value

MOST_FACTS = 40  # addresses of one template

_SECTION = re.compile(r"^___([A-Z0-9_]+)___[ \t]*$", re.M)
_OWN_TYPE = re.compile(r"cvt_\d+_(\d+)")
_ADDRESS = r"""(?P<quote>['"`])(?P<url>(?:https?:)?//[^'"`\s]+)(?P=quote)"""
_NAMED = re.compile(r"\b(?:const|let|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*=\s*" + _ADDRESS)
_CALL = re.compile(
    r"\b(?P<api>injectScript|injectHiddenIframe|sendPixel|sendHttpRequest|sendHttpGet)"
    r"\(\s*(?:" + _ADDRESS + r"|(?P<argument>[A-Za-z_$][\w$]*))"
)

PERMISSIONS: dict[str, type[ScriptLoad] | type[Frame] | type[Pixel] | type[Request]] = {
    "inject_script": ScriptLoad,
    "inject_hidden_iframe": Frame,
    "send_pixel": Pixel,
    "send_http": Request,
}
APIS: dict[str, type[ScriptLoad] | type[Frame] | type[Pixel] | type[Request]] = {
    "injectScript": ScriptLoad,
    "injectHiddenIframe": Frame,
    "sendPixel": Pixel,
    "sendHttpRequest": Request,
    "sendHttpGet": Request,
}


@dataclass(frozen=True, slots=True)
class Template:
    """A custom template of the container; `gallery` is owner/repository if it comes from there."""

    name: str
    gallery: str
    sections: dict[str, str]
    place: Place

    @property
    def label(self) -> str:
        return self.gallery or self.name

    def facts(self) -> Iterator[Fact]:
        """The addresses that its permissions allow and its code names, each once."""
        found: dict[Fact, None] = {}
        for kind, url in (*self._allowed(), *self._called()):
            value = _pattern(url)
            if value is not None:
                found[kind(place=self.place, url=value)] = None
        yield from list(found)[:MOST_FACTS]

    def _allowed(self) -> Iterator[tuple[type[ScriptLoad | Frame | Pixel | Request], str]]:
        for name in ("WEB_PERMISSIONS", "SERVER_PERMISSIONS"):
            for entry in listed(_json(self.sections.get(name, ""))):
                instance = entry.get("instance") if isinstance(entry, dict) else None
                if not isinstance(instance, dict):
                    continue
                key = instance.get("key")
                kind = PERMISSIONS.get(plain(key.get("publicId")) if isinstance(key, dict) else "")
                if kind is None:
                    continue
                for parameter in listed(instance.get("param")):
                    if isinstance(parameter, dict) and parameter.get("key") == "urls":
                        for url in _strings(parameter.get("value")):
                            yield kind, url

    def _called(self) -> Iterator[tuple[type[ScriptLoad | Frame | Pixel | Request], str]]:
        code = "\n".join(
            text for name, text in self.sections.items() if name.startswith("SANDBOXED_JS")
        )
        named = {match["name"]: match["url"] for match in _NAMED.finditer(code)}
        for match in _CALL.finditer(code):
            url = match["url"] or named.get(match["argument"])
            if url:
                yield APIS[match["api"]], url


@dataclass
class Templates:
    """The custom templates of one container, found by the type of the tags that use them."""

    export: Export
    _facts: dict[str, tuple[Fact, ...]] = field(default_factory=dict)

    @cached_property
    def by_type(self) -> dict[str, Template]:
        found: dict[str, Template] = {}
        for node in self.export.sections["customTemplate"]:
            template = _template(self.export, node)
            template_id = plain(node.value.get("templateId"))
            container_id = plain(node.value.get("containerId"))
            gallery_id = plain(_reference(node).get("galleryTemplateId"))
            info = _json(template.sections.get("INFO", ""))
            info_id = plain(info.get("id")) if isinstance(info, dict) else ""
            if info_id and info_id != "cvt_temp_public_id":
                found.setdefault(info_id, template)
            if template_id:
                found.setdefault(f"template {template_id}", template)
                found[f"cvt_{container_id}_{template_id}"] = template
            if gallery_id:
                found[f"cvt_{gallery_id}"] = template
        return found

    def of(self, tag_type: str) -> Template | None:
        """The template behind a tag's type; the container's number in it may be another one's."""
        if found := self.by_type.get(tag_type):
            return found
        match = _OWN_TYPE.fullmatch(tag_type)
        return self.by_type.get(f"template {match[1]}") if match else None

    def facts(self, tag_type: str) -> tuple[Fact, ...]:
        if tag_type not in self._facts:
            template = self.of(tag_type)
            self._facts[tag_type] = tuple(template.facts()) if template else ()
        return self._facts[tag_type]


def _template(export: Export, node: Node) -> Template:
    data = plain(node.value.get("templateData"))
    pieces = _SECTION.split(data)
    sections = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    info = _json(sections.get("INFO", ""))
    shown = plain(info.get("displayName")) if isinstance(info, dict) else ""
    reference = _reference(node)
    owner, repository = plain(reference.get("owner")), plain(reference.get("repository"))
    return Template(
        shown or plain(node.value.get("name")),
        f"{owner}/{repository}" if owner and repository else "",
        sections,
        export.first(node, "name", "templateId"),
    )


def _reference(node: Node) -> dict[str, Any]:
    reference = node.value.get("galleryReference")
    return reference if isinstance(reference, dict) else {}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _strings(value: Any) -> Iterator[str]:
    """The texts of a permission's value: type 1 is one text, type 2 a list."""
    if isinstance(value, dict):
        if isinstance(value.get("string"), str):
            yield value["string"]
        for inner in listed(value.get("listItem")):
            yield from _strings(inner)


def _pattern(url: str) -> Value | None:
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
