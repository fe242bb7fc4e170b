"""Holds a script element back until the visitor agrees, as the site's consent manager wants it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.fixes._desk import Desk, edit, offset
from analyzer.model import Finding, Fix, Kind, ScriptLoad, Source

RULES = ("tracker-without-consent-gate",)
TYPE = re.compile(rb"""\s+type\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.I)
CLASS = re.compile(rb"""\bclass\s*=\s*["'](?P<names>[^"']*)""", re.I)
OPENING = re.compile(rb"<script\b[^<>]*>", re.I)
CLOSING = re.compile(rb"</script\s*>", re.I)


def fixes(finding: Finding, desk: Desk) -> Iterator[Fix]:
    """One fix, where the site has one consent manager whose attributes are known."""
    managers = {
        each.vendor
        for each in desk.site.others
        if desk.site.vendors[each.vendor].kind is Kind.CONSENT
    }
    holds = [desk.signatures.holds[each] for each in managers if each in desk.signatures.holds]
    category = desk.site.vendors[finding.vendor].category if finding.vendor else ""
    if len(managers) != 1 or len(holds) != 1 or category not in holds[0]:
        return
    attributes = holds[0][category]
    (manager,) = managers
    edits = []
    for path, start, opening in _elements(finding, desk):
        source = desk.source(path)
        if source is None or (CLASS.search(opening) and "class=" in attributes):
            return  # two classes would need to become one, which is not for us to write
        kept = TYPE.sub(b"", opening)
        changed = f"<script {attributes}{kept[len('<script') :].decode()}"
        edits.append(edit(source, start, start + len(opening), changed))
    if edits:
        name = desk.site.vendors[manager].name
        yield Fix(f"Let {name} hold the script back until the visitor agrees.", tuple(edits))


def _elements(finding: Finding, desk: Desk) -> Iterator[tuple[str, int, bytes]]:
    """The opening tags of the script elements that a snippet stands in or is."""
    seen: set[tuple[str, int]] = set()
    for tracker in desk.trackers(finding):
        source = desk.source(tracker.place.path)
        if source is None or source.path.endswith((".js", ".mjs", ".ts", ".tsx", ".jsx")):
            continue
        at = offset(source, tracker.place, False)
        found = _opening(source, at, isinstance(tracker.detection.fact, ScriptLoad))
        if found is not None and (source.path, found[0]) not in seen:
            seen.add((source.path, found[0]))
            yield source.path, found[0], found[1]


def _opening(source: Source, at: int, is_element: bool) -> tuple[int, bytes] | None:
    """The script element around an offset: the last that opens before and does not close before."""
    best = None
    for found in OPENING.finditer(source.data):
        if found.start() > at:
            break
        best = found
    if best is None:
        return None
    if best.end() <= at and CLOSING.search(source.data, best.end(), at):
        return None
    return best.start(), best[0]
