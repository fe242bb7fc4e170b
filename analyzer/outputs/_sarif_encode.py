"""sarif-om's objects as JSON: the standard encoder recurses by itself, so one level is enough."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import attr
import sarif_om as om

# Written even when it is the default: a result without a level takes its rule's.
_KEPT = {(om.Result, "level"), (om.ReportingConfiguration, "level"), (om.Notification, "level")}
# The model has this one under a name that the format has not.
_RENAMED = {(om.Suppression, "state"): "status"}


def shallow(thing: Any) -> dict[str, Any]:
    """The object's properties under the names of the format, without those that say nothing."""
    return {
        key: value
        for field, key, default, kept in _plan(thing.__class__)
        if (value := getattr(thing, field)) is not None and (kept or value != default)
    }


@cache
def _plan(cls: Any) -> tuple[tuple[str, str, object, bool], ...]:
    rows = []
    for field in attr.fields(cls):
        kept = field.default is attr.NOTHING or (cls, field.name) in _KEPT
        factory = getattr(field.default, "factory", None)
        default = factory() if factory else field.default
        key = _RENAMED.get((cls, field.name), field.metadata["schema_property_name"])
        rows.append((field.name, key, default, kept))
    # Readers of streams want to know what they read before they meet the runs.
    return tuple(sorted(rows, key=lambda row: (row[1] != "$schema", row[1] == "runs")))


encode = json.JSONEncoder(default=shallow, ensure_ascii=False, separators=(",", ":")).encode
