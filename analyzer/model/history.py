"""What earlier runs found: the numbers of each, and what is new, gone and unchanged since one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from analyzer.model.site import Site, Snippet


@dataclass(frozen=True, slots=True)
class Past:
    """The numbers of one run that was kept: open findings by severity, trackers, sensitive pages
    that have one.

    `narrowed` are the options that kept it from reading or judging all, in words.
    """

    day: date
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    trackers: int = 0
    sensitive: int = 0
    revision: str = ""
    narrowed: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """A finding of an earlier run that is found no more."""

    fingerprint: str
    code: str
    rule: str
    severity: str
    path: str
    line: int
    vendor: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What the kept runs tell of a report.

    `since` is the day of the run that it is held against, None for the first run of all. `new` and
    `unchanged` are fingerprints of open findings, `accepted` those that somebody has accepted
    since. `trend` are the runs in order with this one at the end, `first_seen` is by the keys of
    snippets (see `keys_of`) and of tags (see `key_of_tag`).
    """

    since: date | None = None
    new: frozenset[str] = frozenset()
    unchanged: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    gone: tuple[Gone, ...] = ()
    trend: tuple[Past, ...] = ()
    first_seen: Mapping[str, date] = field(default_factory=dict)


def keys_of(site: Site) -> dict[str, str]:
    """A key of each snippet by its group: vendor and id, with the file or the container's tag.

    It survives moved lines, renumbered tags and renamed exports.
    """
    seen: Counter[str] = Counter()
    keys: dict[str, str] = {}
    for snippet in sorted(site.snippets, key=_order):
        key = _digest(_words(snippet))
        keys[snippet.group] = _digest((key, str(seen[key]))) if seen[key] else key
        seen[key] += 1
    return keys


def key_of_tag(container: str, path: str, name: str) -> str:
    """The key of a container's tag that contacts no known vendor."""
    return _digest(("tag", container or path, name))


def _words(snippet: Snippet) -> tuple[str, ...]:
    tag = snippet.head.detection.tag
    if tag is not None:
        where = ("tag", tag.container_id or tag.path, tag.tag_name)
    else:
        where = ("snippet", snippet.head.place.path, "")
    return (*where, snippet.vendor, *snippet.ids[:1])


def _order(snippet: Snippet) -> tuple[str, int, int, str]:
    place = snippet.head.place
    return place.path, place.region.line, place.region.column, snippet.group


def _digest(words: tuple[str, ...]) -> str:
    same = "\0".join(words).encode("utf-8", "surrogatepass")
    return hashlib.sha256(same).hexdigest()[:16]
