"""The container reader: one file's bytes to containers, their tags, and what keeps them from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analyzer.gtm.configured import Configured
from analyzer.gtm.custom import html_facts, image_facts
from analyzer.gtm.defects import CONSENT_STATUSES, defects, named_tags
from analyzer.gtm.export import Export, enumerated, listed, plain, settings
from analyzer.gtm.positions import Node
from analyzer.gtm.scripts import Script, refused, script_of_variable, scripts_of_html
from analyzer.gtm.server import clients, tagging_urls, transformations
from analyzer.gtm.shapes import containers
from analyzer.gtm.templates import Templates
from analyzer.gtm.triggers import Triggers
from analyzer.gtm.variables import Variables
from analyzer.gtm.zones import boundary_of, children_of, loads, zone_tags, zones
from analyzer.model import (
    Atom,
    Consent,
    Container,
    Diagnostic,
    Fact,
    Guard,
    Note,
    Object,
    Parsed,
    Place,
    Skip,
    Source,
    Tag,
    Vocabulary,
)

PAGE_VIEW = "2147479553"  # the trigger that every container has


def read_container(source: Source, vocabulary: Vocabulary) -> Parsed:
    """Every container in the file; a file that only looks like one says nothing at all."""
    facts: list[Fact] = []
    skips: list[Skip] = []
    try:
        for found in containers(source):
            if isinstance(found, Skip):
                skips.append(found)
            else:
                facts.append(_Reader.of(found, vocabulary, skips).container())
    except RecursionError:
        nested = Skip(source.path, "looks like a Tag Manager export but is nested too deeply", 1)
        return Parsed(source.path, skips=(nested,))
    return Parsed(source.path, tuple(facts), tuple(dict.fromkeys(skips)))


@dataclass(frozen=True, slots=True)
class _Reader:
    """What the tags of one container share."""

    export: Export
    variables: Variables
    triggers: Triggers
    templates: Templates
    configured: Configured
    along: dict[str, tuple[str, ...]]
    vocabulary: Vocabulary
    skips: list[Skip]

    @staticmethod
    def of(export: Export, vocabulary: Vocabulary, skips: list[Skip]) -> _Reader:
        variables = Variables(export)
        return _Reader(
            export,
            variables,
            Triggers(export, variables),
            Templates(export),
            Configured(variables),
            _mains(export),
            vocabulary,
            skips,
        )

    def container(self) -> Container:
        export = self.export
        own = tuple(map(self.tag, export.sections["tag"]))
        return Container(
            place=export.source.place(*_headline(export).span),
            container_id=export.container_id,
            name=export.name,
            context=export.context,
            tags=(*own, *zone_tags(export, self.triggers), *self._destinations()),
            diagnostics=tuple(self.diagnostics()),
            templates=self.templates.records,
            manager=export.manager,
            form=export.form,
            clients=tuple(clients(export, self.variables)),
            transformations=tuple(transformations(export, self.variables)),
            zones=tuple(zones(export, self.triggers, own)),
            tagging_urls=tuple(tagging_urls(export.version.value)),
            notes=tuple(self.notes()),
        )

    def tag(self, node: Node) -> Tag:
        raw = node.value
        name, kind = plain(raw.get("name")), plain(raw.get("type"))
        firing = [*listed(raw.get("firingTriggerId")), *listed(raw.get("firingRuleId"))]
        blocking = [*listed(raw.get("blockingTriggerId")), *listed(raw.get("blockingRuleId"))]
        blocking_ids = list(map(plain, blocking))
        template = self.templates.of(kind) if kind.startswith("cvt_") else None
        return Tag(
            place=self.export.first(node, "type", "name", "tagId"),
            guards=(*_schedule(raw), *_bounds(kind, node)),
            tag_id=plain(raw.get("tagId")) or None,
            name=name,
            type=kind,
            template=template.label if template else "",
            parameters=self._parameters(kind, raw),
            paused=plain(raw.get("paused")).lower() == "true",
            triggers=tuple(self.triggers.firing(map(plain, firing), blocking_ids)),
            blocking=tuple(self.triggers.named(blocking_ids)),
            along=self.along.get(name.strip(), ()),
            consent=_consent(raw.get("consentSettings")),
            facts=tuple(self._facts(kind, node)),
            notes=plain(raw.get("notes")),
            code=_digest(node),
        )

    def notes(self) -> Iterator[Note]:
        """What people wrote beside tags, triggers and variables."""
        for about in ("tag", "trigger", "variable"):
            for node in self.export.sections[about]:
                if text := plain(node.value.get("notes")):
                    place = self.export.first(node, "notes")
                    yield Note(place, about, plain(node.value.get("name")), text)

    def diagnostics(self) -> Iterator[Diagnostic]:
        export = self.export
        yield from defects(export, self.variables, self.triggers, self.templates)
        yield from export.elsewhere
        if export.form != "export":
            return  # what is published has been compiled, and others compile in their own way
        scripts: list[Script] = []
        for node in export.sections["tag"]:
            if node.value.get("type") == "html" and (html := parameter(node, "html")):
                scripts += scripts_of_html(plain(node.value.get("name")), html)
        for variable in self.variables.named.values():
            if variable.type == "jsm" and (code := parameter(variable.node, "javascript")):
                scripts += script_of_variable(variable.name, code)
        yield from refused(export.source, scripts)

    def _parameters(self, kind: str, raw: dict[str, Any]) -> Object:
        if kind == "html":  # what the markup says comes as facts, each at its own place
            given = settings(raw.get("parameter"))
            given.pop("html", None)
            return self.variables.settings_of(given)
        return self.configured.settings_of(kind, raw)

    def _destinations(self) -> Iterator[Tag]:
        """The settings of Google tags that a container has apart from its tags."""
        for node in self.export.sections["gtagConfig"]:
            raw = node.value
            number = plain(raw.get("gtagConfigId"))
            yield Tag(
                place=self.export.first(node, "type", "gtagConfigId"),
                tag_id=number or None,
                name=f"Google tag settings {number}".strip(),
                type=plain(raw.get("type")),
                parameters=self.variables.settings_of(raw.get("parameter")),
                triggers=tuple(self.triggers.named([PAGE_VIEW])),
            )

    def _facts(self, kind: str, node: Node) -> Iterator[Fact]:
        source = self.export.source
        if kind == "html" and (html := parameter(node, "html")):
            for found in html_facts(source, html, self.vocabulary, self.variables):
                if isinstance(found, Skip):
                    self.skips.append(found)
                else:
                    yield found
        elif kind == "img" and (url := parameter(node, "url")):
            yield from image_facts(source, url, self.variables)
        elif kind == "zone":
            yield from loads(children_of(node), self.export.first(node, "type", "name"))
        elif kind.startswith("cvt_"):
            place = self.export.first(node, "type", "name", "tagId")
            yield from self._of_template(kind, node, place)
        yield from self.export.compiled.get(f"tag {plain(node.value.get('tagId'))}", ())

    def _of_template(self, kind: str, node: Node, place: Place) -> Iterator[Fact]:
        """What a template's text says, and what only its compiled code names."""
        facts = [*self.templates.facts(kind, self._parameters(kind, node.value), place)]
        yield from facts
        known = {getattr(each, "url", None) for each in facts}
        for each in self.export.compiled.get(kind, ()):
            if getattr(each, "url", None) not in known:
                yield each


def parameter(node: Node, key: str) -> Node | None:
    """Where the value of a parameter stands."""
    parameters = node.members().get("parameter")
    if parameters is None:
        return None
    if isinstance(parameters.value, dict):
        return parameters.members().get(key)
    for each in reversed(parameters.elements()):
        if isinstance(each.value, dict) and each.value.get("key") == key:
            return each.members().get("value")
    return None


def _digest(node: Node) -> str:
    """A short name of a tag's custom code, or an empty text where it has none."""
    html = parameter(node, "html")
    if html is None or not isinstance(html.value, str):
        return ""
    return hashlib.sha256(html.value.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _mains(export: Export) -> dict[str, tuple[str, ...]]:
    """For the name of a setup or cleanup tag, the tags that it runs with."""
    found: dict[str, dict[str, None]] = {}
    for node in export.sections["tag"]:
        for key in ("setupTag", "teardownTag"):
            for name in named_tags(node.value.get(key)):
                found.setdefault(name, {})[plain(node.value.get("name"))] = None
    return {name: tuple(mains) for name, mains in found.items()}


def _bounds(kind: str, node: Node) -> Iterator[Guard]:
    """The boundary of a zone, where it is compiled into the zone's tag."""
    if kind == "zone" and (boundary := boundary_of(node)):
        yield Guard(boundary, str(boundary))


def _consent(raw: Any) -> Consent:
    if not isinstance(raw, dict):
        return Consent()
    status = enumerated(raw.get("consentStatus"))
    given = raw.get("consentType")
    types = listed(given.get("list") if isinstance(given, dict) else given)
    return Consent(
        status if status in CONSENT_STATUSES else "NOT_SET", tuple(filter(None, map(plain, types)))
    )


def _schedule(raw: dict[str, Any]) -> Iterator[Guard]:
    """A tag may run between two days only; which day it is, the file cannot know."""
    start, end = plain(raw.get("scheduleStartMs")), plain(raw.get("scheduleEndMs"))
    words = " and ".join(
        f"{word} {_day(each)}"
        for word, each in (("from", start), ("until", end))
        if each.isdecimal()
    )
    if words:
        yield Guard(Atom("unknown", f"today is {words}"), f"scheduled {words}")


def _day(milliseconds: str) -> str:
    from datetime import UTC, datetime

    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return milliseconds


def _headline(export: Export) -> Node:
    """The member that says which container this is, else the first one that is short."""
    members = export.version.members()
    container = members.get("container")
    inside = container.members() if container else {}
    for where, key in (
        (inside, "publicId"),
        (members, "containerId"),
        (inside, "name"),
        (members, "name"),
        (members, "containerVersionId"),
    ):
        if key in where:
            return where[key]
    return next(
        (node for node in members.values() if not isinstance(node.value, dict | list)),
        next(iter(members.values())),
    )
