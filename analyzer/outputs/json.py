"""The report as JSON, whole: what other programs read, one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from analyzer.model import (
    ContainerReport,
    Coverage,
    Datum,
    Finding,
    Firing,
    Original,
    OriginKind,
    Page,
    Place,
    Report,
    Site,
    Step,
    Suppression,
    TagRef,
    TagReport,
    Tracker,
    UnknownHost,
    is_hashed,
    source_of,
    way_of,
)
from analyzer.outputs._chosen import told

SUFFIX = ".json"
SCHEMA = "trackerlint-report/1"

Record = dict[str, Any]


def write(report: Report, out: TextIO) -> None:
    before = "{\n"
    for key, value in _sections(report):
        out.write(f"{before}{_encode(key)}: ")
        if isinstance(value, Iterator):
            _write_rows(value, out)
        else:
            out.write(_encode(value))
        before = ",\n"
    out.write("\n}\n")


# Plain ASCII: half a character in a file's name or in a script's text still makes a file to read.
_encode = json.JSONEncoder().encode


def _write_rows(rows: Iterator[Record], out: TextIO) -> None:
    before = "["
    for row in rows:
        out.write(f"{before}\n{_encode(row)}")
        before = ","
    out.write("[]" if before == "[" else "\n]")


def _sections(report: Report) -> Iterator[tuple[str, Any]]:
    site = report.site
    yield "schema", SCHEMA
    yield "tool", {"name": "trackerlint", "version": report.version}
    yield "coverage", _coverage(report.coverage)
    yield "trackers", (_tracker(each, site) for each in sorted(site.trackers, key=_tracker_order))
    yield (
        "others",
        (_tracker(each, site) for each in sorted((*site.others, *site.uses), key=_tracker_order)),
    )
    yield (
        "unknown_hosts",
        map(
            _host,
            sorted(site.unknown_hosts, key=lambda each: (each.host, _spot(each.place), each.kind)),
        ),
    )
    yield "pages", map(_page, sorted(site.pages.values(), key=lambda page: page.path))
    yield (
        "containers",
        map(
            _container,
            sorted(
                site.containers,
                key=lambda each: (each.container.place.path, each.container.container_id),
            ),
        ),
    )
    steps = {rule.code: rule.next for rule in report.rules}
    findings = sorted(told(report), key=lambda each: (_spot(each.place), each.code, each.message))
    yield "findings", (_finding(each, steps.get(each.code, "")) for each in findings)
    yield "left_out", {"known": len(report.findings) - len(findings)}


def _coverage(coverage: Coverage) -> Record:
    skips = sorted(coverage.skips, key=lambda skip: (skip.path, skip.line, skip.reason))
    lost = sorted(coverage.unresolved, key=lambda each: (_spot(each.place), each.what, each.target))
    return {
        "read": coverage.read,
        "skipped": [
            {"path": skip.path, "line": skip.line or None, "reason": skip.reason, "kind": skip.kind}
            for skip in skips
        ],
        "unresolved": [
            {
                "path": each.place.path,
                "line": each.place.line,
                "what": each.what,
                "target": each.target,
            }
            for each in lost
        ],
        "other_kinds": dict(sorted(coverage.other_kinds.items())),
    }


def _tracker(tracker: Tracker, site: Site) -> Record:
    hit = tracker.detection
    return {
        "vendor": hit.vendor,
        "role": hit.role,
        "status": tracker.status,
        **_where(hit.place),
        "evidence": hit.place.text,
        "ids": hit.ids,
        "group": tracker.group,
        "container": _tag_ref(hit.tag),
        "guards": [guard.text for guard in hit.fact.guards],
        "proxied": hit.proxied,
        "through": _trail(hit.fact.through),
        "fires": [_firing(firing) for firing in tracker.fires],
        "data": [_datum(datum) for datum in hit.data],
        "switches": [
            {"kind": each.feature, "name": each.name, "on": each.on} for each in hit.switches
        ],
        "original": _original(site.originals.get(hit.place)),
        "bundles": [
            {
                "path": each.place.path,
                "line": each.place.region.line,
                "column": each.place.region.column,
            }
            for each in site.copies.get(hit.place, ())
        ],
    }


def _original(original: Original | None) -> Record | None:
    """Where the code of a bundle was written, as its source map tells."""
    if original is None:
        return None
    return {
        "path": original.path,
        "line": original.line,
        "column": original.column,
        "package": original.package or None,
        "third_party": original.foreign or bool(original.package),
        "note": original.note or None,
    }


def _tag_ref(tag: TagRef | None) -> Record | None:
    if tag is None:
        return None
    return {
        "id": tag.container_id,
        "path": tag.path,
        "tag_id": tag.tag_id,
        "tag_name": tag.tag_name,
    }


def _firing(firing: Firing) -> Record:
    return {
        "page": firing.page,
        "route": firing.route,
        "confidence": firing.confidence,
        "verdict": firing.verdict,
        "moment": firing.moment,
        "conditions": firing.conditions,
        "trail": _trail(firing.trail),
    }


def _datum(datum: Datum) -> Record:
    return {
        "name": datum.name,
        "category": datum.category,
        "origin": str(source_of(datum.origin) or OriginKind.CONSTANT),
        "hashed": is_hashed(datum),
        "trail": _trail(way_of(datum)),
    }


def _host(host: UnknownHost) -> Record:
    return {
        "host": host.host,
        "path": host.place.path,
        "line": host.place.line,
        "kind": host.kind,
        "pages": host.pages,
        "owner": host.owner or None,
        "category": host.category or None,
    }


def _page(page: Page) -> Record:
    return {
        "path": page.path,
        "routes": page.routes,
        "classes": [
            {"class": each.id, "axis": each.axis, "name": each.name, "reasons": each.reasons}
            for each in page.classes
        ],
        "layouts": page.layouts,
    }


def _container(report: ContainerReport) -> Record:
    container = report.container
    return {
        "id": container.container_id,
        "path": container.place.path,
        "name": container.name,
        "context": container.context,
        "installed_on": report.installed_on,
        "tags": [_tag(tag) for tag in report.tags],
        "diagnostics": [
            {"line": each.place.line, "what": each.what, "target": each.target}
            for each in container.diagnostics
        ],
    }


def _tag(report: TagReport) -> Record:
    tag = report.tag
    return {
        "tag_id": tag.tag_id,
        "name": tag.name,
        "type": tag.type,
        "vendor": report.vendor,
        "role": report.role,
        "ids": report.ids,
        "paused": tag.paused,
        "never_fires": report.never_fires,
        "scopes": [trigger.scope for trigger in tag.triggers],
        "blocking": [trigger.name for trigger in tag.blocking],
        "consent": {"status": tag.consent.status, "types": tag.consent.types},
        "line": tag.place.line,
        "fires": [_firing(firing) for firing in report.fires],
        "data": [_datum(datum) for datum in report.data],
    }


def _finding(finding: Finding, next_step: str) -> Record:
    return {
        "code": finding.code,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        **_where(finding.place),
        "vendor": finding.vendor,
        "pages": finding.pages,
        "fingerprint": finding.fingerprint,
        "suppressed": _suppressed(finding.suppressed),
        "trail": _trail(finding.trail),
        "original": _original(finding.original),
        "classes": finding.classes,
        "next": next_step,
        "state": finding.state or None,
        "news": finding.news or None,
        "new_pages": finding.new_pages,
    }


def _suppressed(word: Suppression | None) -> Record | None:
    if word is None:
        return None
    return {
        "kind": word.kind,
        "reason": word.reason,
        "owner": word.owner or None,
        "until": word.until.isoformat() if word.until else None,
        "path": word.place.path,
        "line": word.place.line,
    }


def _where(place: Place) -> Record:
    return {
        "path": place.path,
        "line": place.region.line,
        "column": place.region.column,
        "end_line": place.region.end_line,
        "end_column": place.region.end_column,
    }


def _trail(steps: Iterable[Step]) -> list[Record]:
    return [{"path": step.place.path, "line": step.place.line, "text": step.text} for step in steps]


def _tracker_order(tracker: Tracker) -> tuple[Any, ...]:
    hit = tracker.detection
    return (*_spot(hit.place), hit.vendor, hit.role, hit.ids)


def _spot(place: Place) -> tuple[str, int, int]:
    return place.path, place.region.line, place.region.column
