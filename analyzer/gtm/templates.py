"""Custom templates: which community template stands behind a tag, what it may do and what it does.

What the code does counts first; a permission that is limited to some hosts stands in where the code
does not show an address of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from analyzer.gtm.custom import rewritten
from analyzer.gtm.export import Export, plain, said
from analyzer.gtm.permissions import REACHES, addresses, permissions_of, read_json
from analyzer.gtm.positions import Node
from analyzer.model import (
    Fact,
    Frame,
    Guard,
    Hole,
    Object,
    Origin,
    Permission,
    Pixel,
    Place,
    Request,
    ScriptLoad,
    Template,
    Text,
    Value,
    holes,
    options,
)

MOST_FACTS = 60  # of one template
PLACEHOLDER_ID = "cvt_temp_public_id"  # of a template that was never saved in a container

_SECTION = re.compile(r"^___([A-Z0-9_]+)___[ \t]*$", re.M)
_OWN_TYPE = re.compile(r"cvt_\d+_(\d+)")
_ASKED = re.compile(
    r"(?P<not>if|unless)\s+(?P<sign>!*)data\.(?P<key>\w+)"
    r"(?:\s*(?P<test>[=!]==?)\s*(?:'(?P<one>[^']*)'|\"(?P<two>[^\"]*)\"|(?P<word>true|false)))?"
)


@dataclass(frozen=True, slots=True)
class Custom:
    """A custom template as the container holds it; `sections` are the parts of its text."""

    template: Template
    sections: dict[str, str]
    node: Node

    @property
    def label(self) -> str:
        return self.template.gallery or self.template.name

    @property
    def permissions(self) -> tuple[Permission, ...]:
        return self.template.permissions


@dataclass
class Templates:
    """The custom templates of one container, found by the type of the tags that use them."""

    export: Export

    @cached_property
    def listed(self) -> tuple[Custom, ...]:
        return tuple(_custom(self.export, each) for each in self.export.sections["customTemplate"])

    @cached_property
    def by_type(self) -> dict[str, Custom]:
        found: dict[str, Custom] = {}
        for custom in self.listed:
            raw = custom.node.value
            template_id, container_id = plain(raw.get("templateId")), plain(raw.get("containerId"))
            gallery_id = plain(_reference(raw).get("galleryTemplateId"))
            info = read_json(custom.sections.get("INFO", ""))
            info_id = plain(info.get("id")) if isinstance(info, dict) else ""
            if info_id and info_id != PLACEHOLDER_ID:
                found.setdefault(info_id, custom)
            if template_id:
                found.setdefault(f"template {template_id}", custom)
                found[f"cvt_{container_id}_{template_id}"] = custom
            if gallery_id:
                found[f"cvt_{gallery_id}"] = custom
        return found

    @property
    def records(self) -> tuple[Template, ...]:
        """The templates as the rules read them, each with the names of what is made from it."""
        users: dict[Place, list[str]] = {}
        for section in ("tag", "variable", "client"):
            for node in self.export.sections.get(section, ()):
                custom = self.of(plain(node.value.get("type")))
                if custom is not None:
                    name = plain(node.value.get("name"))
                    users.setdefault(custom.template.place, []).append(name)
        return tuple(
            replace(each.template, used_by=tuple(users.get(each.template.place, ())))
            for each in self.listed
        )

    def of(self, kind: str) -> Custom | None:
        """The template behind a type; the container's number in it may be another one's."""
        if not kind.startswith("cvt_"):
            return None
        if found := self.by_type.get(kind):
            return found
        match = _OWN_TYPE.fullmatch(kind)
        return self.by_type.get(f"template {match[1]}") if match else None

    def facts(self, kind: str, parameters: Object, place: Place) -> Iterator[Fact]:
        """What a tag does through its template, with the tag's own settings put in."""
        custom = self.of(kind)
        if custom is None:
            return
        found: dict[Fact, None] = {}
        for fact in _of_code(custom):
            given = _given(fact, parameters)
            if given is not None:
                found[replace(given, place=place)] = None
        shown = {type(fact) for fact in found if _names_a_host(fact)}
        for permission in custom.permissions:
            reach = REACHES.get(permission.name)
            if reach is not None and reach not in shown:
                found.update((reach(place=place, url=url), None) for url in addresses(permission))
        yield from list(found)[:MOST_FACTS]


def _of_code(custom: Custom) -> Iterator[Fact]:
    from analyzer.gtm.sandbox import sandbox_facts  # the parsers are not needed for most files

    for name, code in custom.sections.items():
        if name.startswith("SANDBOXED_JS"):
            yield from sandbox_facts(code)


def _custom(export: Export, node: Node) -> Custom:
    raw = node.value
    pieces = _SECTION.split(plain(raw.get("templateData")))
    sections = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    info = read_json(sections.get("INFO", ""))
    info = info if isinstance(info, dict) else {}
    reference = _reference(raw)
    owner, repository = plain(reference.get("owner")), plain(reference.get("repository"))
    template = Template(
        place=export.first(node, "name", "templateId"),
        name=plain(info.get("displayName")) or plain(raw.get("name")),
        sort=plain(info.get("type")).upper(),
        gallery=f"{owner}/{repository}" if owner and repository else "",
        modified=said(reference.get("isModified")),
        permissions=permissions_of(sections),
    )
    return Custom(template, sections, node)


def _reference(raw: dict[str, Any]) -> dict[str, Any]:
    reference = raw.get("galleryReference")
    return reference if isinstance(reference, dict) else {}


def _given(fact: Fact, parameters: Object) -> Fact | None:
    """The fact for one tag; nothing where the tag's own settings rule it out.

    Of the conditions around it only a question of consent stays: the others are the template's own
    bookkeeping, such as whether its script is there already.
    """
    kept: list[Guard] = []
    for guard in fact.guards:
        if _holds(guard, parameters) is False:
            return None
        if guard.kind == "consent":
            kept.append(guard)
    return rewritten(replace(fact, guards=tuple(kept)), lambda hole: _setting(hole, parameters))


def _holds(guard: Guard, parameters: Object) -> bool | None:
    """Does a condition on one of the tag's settings hold? None where it cannot be told."""
    asked = _ASKED.fullmatch(guard.text.strip())
    if asked is None:
        return None
    value = parameters.get(asked["key"])
    wanted = next(
        (each for name in ("one", "two", "word") if (each := asked[name]) is not None), None
    )
    if any(True for _ in holes(value)) or len(options(value)) > 1:
        return None
    if asked["test"] is None:
        holds = value not in (None, "", False, "false", 0) and value != ()
    elif asked["word"]:
        holds = value is (asked["word"] == "true") or value == asked["word"]
    else:
        holds = value == wanted
    flips = len(asked["sign"]) + (asked["not"] == "unless") + (asked["test"] or "=").startswith("!")
    return holds if flips % 2 == 0 else not holds


def _setting(hole: Hole, parameters: Object) -> Value:
    """What stands for a hole of the template's code: the tag's own setting, if it is one."""
    from analyzer.gtm.sandbox import data_path, setting_at

    path = data_path(hole.origin)
    if path is not None:
        return setting_at(parameters, path)
    return replace(hole, origin=_traced(hole.origin, parameters)) if hole.origin.of else hole


def _traced(origin: Origin, parameters: Object) -> Origin:
    """An origin made of settings says instead what those are made of."""
    from analyzer.gtm.sandbox import data_path, setting_at

    made_of: dict[Origin, None] = {}
    for each in origin.of:
        path = data_path(each)
        if path is None:
            made_of[_traced(each, parameters) if each.of else each] = None
        else:
            found = holes(setting_at(parameters, path))
            made_of.update(dict.fromkeys(hole.origin for hole in found))
    return replace(origin, of=tuple(made_of))


def _names_a_host(fact: Fact) -> bool:
    if not isinstance(fact, (ScriptLoad, Frame, Pixel, Request)):
        return False
    for url in options(fact.url):
        begins = url.parts[0] if isinstance(url, Text) else url
        if isinstance(begins, str) and re.match(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}", begins, re.I):
            return True
    return False
