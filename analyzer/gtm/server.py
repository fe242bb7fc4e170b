"""What only server containers have: clients, transformations, and the addresses they listen at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.gtm.export import Export, listed, plain, said, settings
from analyzer.gtm.variables import Variables
from analyzer.model import Client, Transformation

TABLES = {  # where a transformation names the parameters that it is about
    "allowedParamsTable": "allowedParams",
    "excludedParamsTable": "excludedParams",
    "augmentEventTable": "paramName",
}


def clients(export: Export, variables: Variables) -> Iterator[Client]:
    """What takes requests in."""
    for node in export.sections["client"]:
        raw = node.value
        yield Client(
            export.first(node, "type", "name", "clientId"),
            plain(raw.get("name")),
            plain(raw.get("type")),
            variables.settings_of(raw.get("parameter")),
        )


def transformations(export: Export, variables: Variables) -> Iterator[Transformation]:
    """What changes events before tags get them."""
    for node in export.sections["transformation"]:
        raw = node.value
        given = settings(raw.get("parameter"))
        names = (
            name for table, column in TABLES.items() for name in _column(given.get(table), column)
        )
        affected = (*_texts(given.get("affectedTags")), *_texts(given.get("affectedTagTypes")))
        yield Transformation(
            export.first(node, "type", "name", "transformationId"),
            plain(raw.get("name")),
            plain(raw.get("type")),
            tuple(names),
            affected,
            said(given.get("allTagsExcept")),
            variables.settings_of(raw.get("parameter")),
        )


def tagging_urls(version: dict[str, Any]) -> Iterator[str]:
    """The addresses of the server, which belong to the site and hide where data goes on to."""
    container = version.get("container")
    if isinstance(container, dict):
        yield from filter(None, map(plain, listed(container.get("taggingServerUrls"))))


def _column(raw: Any, column: str) -> Iterator[str]:
    for row in listed(raw.get("list") if isinstance(raw, dict) else raw):
        if isinstance(row, dict):
            cells = settings(row.get("map")) if "map" in row else row
            if name := plain(cells.get(column)):
                yield name


def _texts(raw: Any) -> tuple[str, ...]:
    """The names in a list, each for itself or in a row of its own."""
    found: list[str] = []
    for row in listed(raw.get("list") if isinstance(raw, dict) else raw):
        if isinstance(row, dict) and "map" in row:
            found += map(plain, settings(row["map"]).values())
        else:
            found.append(plain(row))
    return tuple(filter(None, found))
