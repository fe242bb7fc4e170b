"""What a Google Analytics 4 event takes from the tag that configures its destination.

A Google tag sets up fields, user properties and a server address once; every event for the same
destination carries them, though the event's own tag does not show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analyzer.gtm.export import enumerated, plain, said, settings
from analyzer.gtm.variables import Variables, merge
from analyzer.model import Object, Value

DESTINATION = {"googtag": "tagId", "gaawc": "measurementId"}  # the setting that names it, by type
COLLECTION = "ogt_1p_data_v2"  # a destination's own search for e-mail addresses and the like
SERVER = ("server_container_url", "serverContainerUrl")
EVERY_EVENT = ("user_id", "user_properties", "user_data")  # fields of a tag that its events carry


@dataclass
class Configured:
    """The tags of one container that configure destinations."""

    variables: Variables

    def settings_of(self, kind: str, raw: Mapping[str, Any]) -> Object:
        """A tag's settings, with what its configuring tag adds to those of an event."""
        own = self.variables.settings_of(raw.get("parameter"))
        if kind == COLLECTION:
            return Object((*own.items, *self._collected(raw)))
        if kind != "gaawe":
            return own
        config = self._config_of(raw, own)
        if config is None:
            return own
        found: dict[str, Value] = {}
        merge(found, Object(tuple(_shared(config))))
        merge(found, own)
        return Object(tuple(found.items()))

    def _collected(self, raw: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
        """What a Google tag looks for on pages because its settings in the browser say so."""
        given = settings(raw.get("parameter"))
        if said(given.get("isEnabled")) and said(given.get("isAutoEnabled")):
            yield "userDataVariable", self.variables.person({**given, "mode": "AUTO"})

    @cached_property
    def _by_name(self) -> dict[str, Object]:
        return {
            name: self.variables.settings_of(raw.get("parameter"))
            for name, raw in self.variables.tags.items()
            if plain(raw.get("type")) in DESTINATION and not said(raw.get("paused"))
        }

    @cached_property
    def _by_destination(self) -> dict[str, Object]:
        found: dict[str, Object] = {}
        for config in self._by_name.values():
            for key in DESTINATION.values():
                if isinstance(destination := config.get(key), str) and destination:
                    found.setdefault(destination, config)
        return found

    def _config_of(self, raw: Mapping[str, Any], own: Object) -> Object | None:
        given = settings(raw.get("parameter")).get("measurementId")
        if isinstance(given, dict) and enumerated(given.get("type")) == "TAG_REFERENCE":
            return self._by_name.get(plain(given).strip())
        for key in ("measurementIdOverride", "measurementId"):
            destination = own.get(key)
            if isinstance(destination, str) and destination in self._by_destination:
                return self._by_destination[destination]
        return None


def _shared(config: Object) -> Iterator[tuple[str, Value]]:
    """What of a configuring tag's settings goes along with every event."""
    for key in ("userProperties", "eventSettingsTable"):
        if isinstance(table := config.get(key), Object):
            yield key, table
    fields: list[tuple[str, Value]] = []
    server = config.get(SERVER[1])
    for key in ("configSettingsTable", "fieldsToSet"):
        table = config.get(key)
        for name, value in table.items if isinstance(table, Object) else ():
            if name in SERVER:
                server = value
            elif name in EVERY_EVENT:
                fields.append((name, value))
    if fields:
        rows = config.get("eventSettingsTable")
        yield (
            "eventSettingsTable",
            Object((*(rows.items if isinstance(rows, Object) else ()), *fields)),
        )
    if server not in (None, ""):
        yield "serverContainerUrl", server
