"""Zones: containers inside a container, the pages that they run on, and the types they may use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from analyzer.conditions import all_of
from analyzer.gtm.comparisons import Comparisons, question, simplified
from analyzer.gtm.export import Export, listed, plain, said, settings
from analyzer.gtm.positions import Node
from analyzer.gtm.triggers import Triggers
from analyzer.model import (
    ALWAYS,
    Atom,
    Condition,
    Fact,
    Moment,
    Place,
    ScriptLoad,
    Tag,
    Trigger,
    Zone,
)

LIBRARY = "https://www.googletagmanager.com/gtm.js?id="


def zones(export: Export, triggers: Triggers, tags: tuple[Tag, ...]) -> Iterator[Zone]:
    """The zones that the container defines, and those that a published file has as tags."""
    for node in export.sections["zone"]:
        yield _zone(export, node, triggers)
    for tag, node in zip(tags, export.sections["tag"], strict=False):
        if tag.type != "zone":
            continue
        given = settings(node.value.get("parameter"))
        types = _cells(given.get("whitelistedTypes"), "typeId")
        yield Zone(
            tag.place,
            tag.name,
            children_of(node),
            all_of(*(guard.condition for guard in tag.guards)) if tag.guards else ALWAYS,
            "; ".join(each.said for each in tag.triggers),
            types if said(given.get("enableTypeRestrictions")) else (),
        )


def zone_tags(export: Export, triggers: Triggers) -> Iterator[Tag]:
    """The zones of a container as tags that load the other containers."""
    for node in export.sections["zone"]:
        zone = _zone(export, node, triggers)
        moments = _moments(node, triggers)
        yield Tag(
            place=zone.place,
            tag_id=plain(node.value.get("zoneId")) or None,
            name=zone.name,
            type="zone",
            triggers=tuple(
                replace(
                    each,
                    page=simplified(all_of(each.page, zone.page)),
                    scope="path-condition" if zone.page != ALWAYS else each.scope,
                    said=zone.said or each.said,
                )
                for each in moments
            ),
            facts=tuple(loads(zone.containers, zone.place)),
        )


def loads(containers: tuple[str, ...], place: Place) -> Iterator[Fact]:
    """The scripts of the containers inside."""
    for each in containers:
        yield ScriptLoad(place=place, url=LIBRARY + each)


def children_of(node: Node) -> tuple[str, ...]:
    """The containers that a tag of the type zone loads."""
    return _cells(settings(node.value.get("parameter")).get("childContainers"), "publicId")


def boundary_of(node: Node) -> Condition | None:
    """What a published zone asks of the page, which is compiled into it."""
    given = settings(node.value.get("parameter")).get("boundaries")
    if listed(given.get("list") if isinstance(given, dict) else given):
        return Atom("unknown", f"the boundary of {plain(node.value.get('name'))} holds")
    return None


def _zone(export: Export, node: Node, triggers: Triggers) -> Zone:
    raw = node.value
    boundary = raw.get("boundary")
    conditions = listed(boundary.get("condition")) if isinstance(boundary, dict) else []
    asks = Comparisons(triggers.variables, "gtm.js")
    asked = [question(each) for each in conditions]
    name = plain(raw.get("name"))
    parts = [
        asks.condition(each) if each else Atom("unknown", f"the boundary of zone {name} holds")
        for each in asked
    ]
    limit = raw.get("typeRestriction")
    limited = isinstance(limit, dict) and said(limit.get("enable"))
    types = listed(limit.get("whitelistedTypeId")) if isinstance(limit, dict) and limited else []
    words = " and ".join(each.said for each in asked if each)
    return Zone(
        export.first(node, "name", "zoneId"),
        name,
        tuple(
            plain(each.get("publicId"))
            for each in listed(raw.get("childContainer"))
            if isinstance(each, dict) and plain(each.get("publicId"))
        ),
        simplified(all_of(*parts)) if parts else ALWAYS,
        f"page view where {words}" if words else "page view on every page",
        tuple(map(plain, types)),
    )


def _moments(node: Node, triggers: Triggers) -> list[Trigger]:
    """When a zone's boundary is asked: on page views, unless it names triggers for that."""
    boundary = node.value.get("boundary")
    given = listed(boundary.get("customEvaluationTriggerId")) if isinstance(boundary, dict) else []
    if given:
        return list(triggers.named(map(plain, given)))
    return [Trigger("All Pages", "all-pages", ALWAYS, Moment.LOAD, said="page view on every page")]


def _cells(raw: Any, column: str) -> tuple[str, ...]:
    found = []
    for row in listed(raw.get("list") if isinstance(raw, dict) else raw):
        if isinstance(row, dict):
            cells = settings(row.get("map")) if "map" in row else row
            found.append(plain(cells.get(column)))
    return tuple(filter(None, found))
