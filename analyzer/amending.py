"""An amended export: a container that stays off sensitive pages, waits for consent, or holds still.

What comes out is the export that went in with a few members changed, so that Tag Manager imports it
like any other. Nobody's container is changed by this: a person imports the file, or does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from analyzer.model import (
    ContainerReport,
    Kind,
    Report,
    Site,
    TagReport,
    UserError,
)

NAME = "Sensitive pages (every event)"
NOTES = "Made by trackerlint: blocks tags on pages where patients' data are at hand."
EVERY_EVENT = ".*"  # an exception must be true on the very event that would fire the tag
MOST_PATTERN = 3_000  # characters of one condition that Tag Manager's own fields take easily
BUILT_INS = 2_147_479_000  # ids from here on are those that every container has
CONSENT = {  # what a tag of a category would store, in the words of Google's consent mode
    "advertising": ("ad_storage", "ad_user_data", "ad_personalization"),
    "social": ("ad_storage",),
    "analytics": ("analytics_storage",),
    "session-replay": ("analytics_storage",),
    "server-api": ("ad_storage", "ad_user_data"),
}
OTHER_CONSENT = ("analytics_storage",)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the amended export; `pause` and `only` are names of tags."""

    block_sensitive: bool = False
    require_consent: bool = False
    pause: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Amended:
    """The new export, what was changed in it, and what could not be."""

    text: str
    changes: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(slots=True)
class Amending:
    """One export on its way from what it was to what it shall be."""

    version: dict[str, Any]
    report: ContainerReport
    site: Site
    changes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def amended(text: str, path: str, report: Report, wanted: Wanted) -> Amended:
    """The export of a path with what is wanted; `report` is the scan of it and of its pages.

    Raises UserError for a file that is no export that Tag Manager would import, and for the name of
    a tag that is not there.
    """
    found = [each for each in report.site.containers if each.container.place.path == path]
    try:
        whole = json.loads(text)
    except ValueError:
        whole = None
    version = whole.get("containerVersion") if isinstance(whole, dict) else None
    if not found or not isinstance(version, dict) or not isinstance(version.get("tag"), list):
        raise UserError(
            f"{path} is no export that Tag Manager would import; "
            "choose Admin, Export Container, and give the file that it saves"
        )
    if len(found) > 1:
        raise UserError(f"{path} holds {len(found)} containers; give a file with one")
    job = Amending(version, found[0], report.site)
    names = {tag.tag.name for tag in found[0].tags}
    for name in (*wanted.pause, *wanted.only):
        if name not in names:
            raise UserError(f"{path} has no tag called {name!r}; trackerlint gtm {path} lists them")
    if wanted.block_sensitive:
        _block(job, wanted.only)
    if wanted.require_consent:
        _require(job, wanted.only)
    for name in wanted.pause:
        _pause(job, name)
    return Amended(
        json.dumps(whole, indent=_indent(text), ensure_ascii=False) + "\n",
        tuple(job.changes),
        tuple(job.left),
    )


# ---------------------------------------------------------------- sensitive pages


def _block(job: Amending, only: Sequence[str]) -> None:
    """Keep the trackers that fire on sensitive pages off all sensitive pages."""
    tags = [tag for tag in _trackers(job, only) if _sensitive(job.site, tag)]
    if not tags:
        job.left.append("no tracker of this container fires on a sensitive page that is known")
        return
    patterns, unknown = _patterns(job.site)
    if unknown:
        some = ", ".join(sorted(unknown)[:5])
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        job.left.append(
            f"these sensitive pages have no address that is known, so no trigger names them: "
            f"{some}{more}"
        )
    if not patterns:
        return
    number = _add_trigger(job, patterns)
    for tag in tags:
        raw = _raw(job, tag)
        blocking = [*raw.get("blockingTriggerId", []), number]
        raw["blockingTriggerId"] = blocking
        job.changes.append(f"'{tag.tag.name}' is blocked on sensitive pages")


def _patterns(site: Site) -> tuple[list[str], set[str]]:
    """Patterns for the addresses of all sensitive pages, and the pages without an address.

    Where all pages below a first folder are sensitive, the folder is named, so that the pages that
    come later are blocked as well.
    """
    marked: dict[str, list[str]] = {}
    free: set[str] = set()
    unknown: set[str] = set()
    for page in site.pages.values():
        sensitive = is_sensitive(site, page.path)
        routes = [_path(route) for route in page.routes]
        if sensitive and not routes:
            unknown.add(page.path)
        for route in routes:
            first = route.strip("/").split("/")[0]
            if sensitive:
                marked.setdefault(first, []).append(route)
            else:
                free.add(first)
    found = []
    for first, routes in sorted(marked.items()):
        if first and "*" not in first and first not in free:
            found.append(f"/{re.escape(first)}(?:/.*)?")
        else:
            found.extend(_pattern(route) for route in sorted(set(routes)))
    return found, unknown


def _pattern(route: str) -> str:
    pieces = re.split(r"(\*+)", route.rstrip("/"))
    said = "".join(
        "[^/]+" if piece == "*" else ".*" if "*" in piece else re.escape(piece) for piece in pieces
    )
    return f"{said}/?"


def _path(route: str) -> str:
    return re.sub(r"^https?://[^/]*", "", route, flags=re.I).partition("?")[0] or "/"


def _add_trigger(job: Amending, patterns: Sequence[str]) -> str:
    """The blocking trigger, which hears every event; its id."""
    triggers = job.version.setdefault("trigger", [])
    ids = [int(each["triggerId"]) for each in triggers if str(each.get("triggerId")).isdigit()]
    number = str(max([each for each in ids if each < BUILT_INS], default=0) + 1)
    path = _path_variable(job)
    pattern = f"^(?:{'|'.join(patterns)})$"
    if len(pattern) > MOST_PATTERN:
        job.left.append(
            f"the pattern of the addresses has {len(pattern)} characters; check that Tag Manager "
            "keeps it whole"
        )
    triggers.append(
        {
            **_home(job),
            "triggerId": number,
            "name": _free_name(NAME, (str(each.get("name")) for each in triggers)),
            "type": "CUSTOM_EVENT",
            "customEventFilter": [_condition("{{_event}}", EVERY_EVENT)],
            "filter": [_condition(f"{{{{{path}}}}}", pattern)],
            "notes": NOTES,
        }
    )
    job.changes.append(
        f"the trigger '{triggers[-1]['name']}' was added: every event on pages whose path matches "
        f"{pattern}"
    )
    return number


def _path_variable(job: Amending) -> str:
    """The name of the container's page path, which is switched on where it was not."""
    built_in = job.version.setdefault("builtInVariable", [])
    for each in built_in:
        if each.get("type") == "PAGE_PATH":
            return str(each.get("name") or "Page Path")
    built_in.append({**_home(job), "type": "PAGE_PATH", "name": "Page Path"})
    job.changes.append("the built-in variable 'Page Path' was switched on")
    return "Page Path"


def _condition(left: str, pattern: str) -> dict[str, Any]:
    return {
        "type": "MATCH_REGEX",
        "parameter": [
            {"type": "TEMPLATE", "key": "arg0", "value": left},
            {"type": "TEMPLATE", "key": "arg1", "value": pattern},
        ],
    }


# ---------------------------------------------------------------- consent and pauses


def _require(job: Amending, only: Sequence[str]) -> None:
    """Let every tracker's tag wait for consent."""
    done = 0
    for tag in _trackers(job, only):
        if tag.tag.consent.status == "NEEDED":
            continue
        category = job.site.vendors[tag.vendor or ""].category
        kinds = CONSENT.get(category, OTHER_CONSENT)
        _raw(job, tag)["consentSettings"] = {
            "consentStatus": "NEEDED",
            "consentType": {
                "type": "LIST",
                "list": [{"type": "TEMPLATE", "value": kind} for kind in kinds],
            },
        }
        done += 1
        job.changes.append(f"'{tag.tag.name}' waits for consent to {' and '.join(kinds)}")
    if not done:
        job.left.append("every tracker of this container waits for consent already")


def _pause(job: Amending, name: str) -> None:
    tag = next(each for each in job.report.tags if each.tag.name == name)
    if tag.tag.paused:
        job.left.append(f"'{name}' is paused already")
        return
    _raw(job, tag)["paused"] = True
    job.changes.append(f"'{name}' is paused")


# ---------------------------------------------------------------- helpers


def is_sensitive(site: Site, path: str) -> bool:
    """Is a page signed-in, or about a person's health?"""
    page = site.pages.get(path)
    return page is not None and any(each.id != "public" for each in page.classes)


def _sensitive(site: Site, tag: TagReport) -> bool:
    return any(is_sensitive(site, each.page) for each in tag.fires)


def _trackers(job: Amending, only: Sequence[str]) -> Iterator[TagReport]:
    """The tags that reach a tracker's vendor without an agreement in force."""
    today = job.site.policy.today
    for tag in job.report.tags:
        vendor = job.site.vendors.get(tag.vendor or "")
        if vendor is None or vendor.kind is not Kind.TRACKER or tag.tag.paused:
            continue
        agreed = any(
            vendor.id in each.vendors
            or vendor.owner.lower() in {name.lower() for name in each.companies}
            for each in job.site.policy.agreements
            if each.in_force(today)
        )
        if not agreed and (not only or tag.tag.name in only):
            yield tag


def _raw(job: Amending, tag: TagReport) -> dict[str, Any]:
    """The tag as the export writes it."""
    same = [
        each
        for each in job.version["tag"]
        if str(each.get("name")) == tag.tag.name
        and (tag.tag.tag_id is None or str(each.get("tagId")) == tag.tag.tag_id)
    ]
    raw: dict[str, Any] = same[0]
    return raw


def _home(job: Amending) -> dict[str, Any]:
    return {key: job.version[key] for key in ("accountId", "containerId") if key in job.version}


def _free_name(name: str, taken: Iterable[str]) -> str:
    used = set(taken)
    number, free = 2, name
    while free in used:
        number, free = number + 1, f"{name} {number}"
    return free


def _indent(text: str) -> int | None:
    """How the export is indented: changes to it stay easy to compare."""
    found = re.search(r"\n( +)\"", text[:10_000])
    return len(found[1]) if found else None
