"""What the inventory lists: each snippet, and each tag in which no vendor is recognised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.model import (
    PASSIVE,
    Agreement,
    ContainerReport,
    Finding,
    Firing,
    Place,
    Report,
    Role,
    Site,
    Snippet,
    TagRef,
    TagReport,
    Vendor,
    key_of_tag,
    keys_of,
)
from analyzer.outputs._cells import Cell
from analyzer.outputs._chosen import told
from analyzer.outputs._columns import DECIDED, Decision

KEPT_BY = ("ignore", "allowed", "comment", "tag-notes")  # words that say that it stays


@dataclass(frozen=True, slots=True)
class Item:
    """What one row is about: a snippet, or a tag that contacts no known vendor."""

    key: str
    vendor: str
    place: Place
    tag: TagRef | None
    findings: tuple[Finding, ...]
    snippet: Snippet | None = None
    told: TagReport | None = None
    container: ContainerReport | None = None

    @property
    def where(self) -> str:
        """The tag, or the file and line."""
        if self.tag is not None:
            home = self.tag.container_id or self.tag.path
            return f"{home}, tag '{self.tag.tag_name}' ({self.place.path}:{self.place.line})"
        return f"{self.place.path}:{self.place.line}"

    @property
    def waiting(self) -> str:
        """The role of what runs nothing by itself: a library, a package or a setting; else an empty
        text.
        """
        roles = {each.detection.role for each in self.snippet.trackers} if self.snippet else set()
        if not roles or not roles <= PASSIVE:
            return ""
        if Role.LIBRARY in roles:
            return str(Role.LIBRARY)
        return str(Role.PACKAGE if roles == {Role.PACKAGE} else Role.CONFIG)

    @property
    def fires(self) -> tuple[Firing, ...]:
        if self.snippet is not None:
            return self.snippet.fires
        return self.told.fires if self.told is not None else ()


def items(report: Report) -> list[Item]:
    """What the inventory lists, by vendor and place."""
    site = report.site
    tags = {
        _name_of(each.container.place.path, tag.tag.tag_id, tag.tag.name): (each, tag)
        for each in site.containers
        for tag in each.tags
    }
    keys = keys_of(site)
    found = _findings(report)
    listed_items: list[Item] = []
    for snippet in site.snippets:
        head = snippet.head
        own = head.detection.tag
        each, tag = tags.get(_named(own), (None, None)) if own else (None, None)
        listed_items.append(
            Item(
                keys[snippet.group],
                snippet.vendor,
                head.place,
                own,
                found.get(snippet.group, ()),
                snippet,
                tag,
                each,
            )
        )
    listed_items.extend(_unclaimed(report, tags))
    return sorted(listed_items, key=lambda item: _order(site, item))


def decision_of(site: Site, item: Item) -> tuple[Cell, ...]:
    """What the organisation has said of it already: the cells of DECIDED."""
    for finding in sorted(item.findings, key=lambda each: (each.code, each.fingerprint)):
        word = finding.suppressed
        if word is not None and word.kind in KEPT_BY:
            reason = " ".join(word.reason.split())
            return (word.owner, Decision.KEEP.value, reason, "", "", "", word.until or "")
    vendor = site.vendors.get(item.vendor)
    for each in agreements_of(site, vendor, item.place.path):
        if each.in_force(site.policy.today):
            signed, expires = each.signed or "", each.expires or ""
            document = " ".join(each.document.split())
            return (each.owner, Decision.AGREEMENT.value, "", document, signed, expires, "")
    return ("",) * len(DECIDED)


def agreements_of(site: Site, vendor: Vendor | None, path: str) -> list[Agreement]:
    """The organisation's agreements that name a product or its company, for this file."""
    if vendor is None:
        return []
    return [
        each
        for each in site.policy.agreements
        if each.home.reaches(path)
        and (
            vendor.id in each.vendors
            or vendor.owner.lower() in {company.lower() for company in each.companies}
        )
    ]


# ---------------------------------------------------------------- which


def _named(tag: TagRef) -> tuple[str, str, str]:
    return _name_of(tag.path, tag.tag_id, tag.tag_name)


def _name_of(path: str, number: str | None, name: str) -> tuple[str, str, str]:
    return path, number or "", name


def _unclaimed(
    report: Report, tags: Mapping[tuple[str, str, str], tuple[ContainerReport, TagReport]]
) -> Iterator[Item]:
    """The tags in which no vendor is recognised."""
    site = report.site
    claimed = {
        _named(each.detection.tag)
        for each in (*site.trackers, *site.others)
        if each.detection.tag is not None
    }
    for name, (each, tag) in tags.items():
        if name in claimed:
            continue
        path = each.container.place.path
        home = each.container.container_id
        yield Item(
            key_of_tag(home, path, tag.tag.name),
            tag.vendor or "",
            tag.tag.place,
            TagRef(home, path, tag.tag.tag_id, tag.tag.name),
            tuple(one for one in told(report) if one.tag and _named(one.tag) == name),
            told=tag,
            container=each,
        )


def _findings(report: Report) -> dict[str, tuple[Finding, ...]]:
    """The findings that are about each snippet, by its group: at one of its own places, or in its
    tag or file where no snippet of the vendor has the place.
    """
    exact: dict[tuple[str, Place], dict[str, None]] = {}
    near: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for each in report.site.trackers:
        tag = each.detection.tag
        home = _named(tag) if tag else (each.place.path,)
        exact.setdefault((each.vendor, each.place), {})[each.group] = None
        near.setdefault((each.vendor, home), {})[each.group] = None
    found: dict[str, list[Finding]] = {}
    for finding in told(report):
        home = _named(finding.tag) if finding.tag else (finding.place.path,)
        groups = exact.get((finding.vendor, finding.place)) or near.get((finding.vendor, home), {})
        for group in groups:
            found.setdefault(group, []).append(finding)
    return {group: tuple(own) for group, own in found.items()}


def vendor_name(site: Site, item: Item) -> str:
    """The product's name, or an empty text."""
    vendor = site.vendors.get(item.vendor)
    return vendor.name if vendor else item.vendor


def _order(site: Site, item: Item) -> tuple[bool, str, str, int, int, str]:
    region = item.place.region
    name = vendor_name(site, item).lower()
    return not name, name, item.place.path, region.line, region.column, item.key
