"""What the process that checks tells the page: plain words and numbers, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import StringIO
from typing import Any

from analyzer import amending, container_changes
from analyzer.model import ContainerReport, Kind, Report, UserError

NOWHERE = "whether a tracker came to a sensitive page is not known"
ADD_PAGES = f"{NOWHERE}: add the zipped site or a list of its pages"


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    vendor: str
    is_tracker: bool
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Container:
    """A container whose export can be amended; `kept` is the file's name in the results."""

    name: str
    path: str
    kept: str
    tags: tuple[Tag, ...]
    knows_pages: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed from one export to another, in the console's sentences."""

    old: str
    new: str
    changes: tuple[dict[str, Any], ...]
    closing: tuple[str, ...]
    csv: str
    markdown: str


def container(report: Report, each: ContainerReport, text: str, kept: str) -> Container | None:
    """A container as the page offers it for changes; None where Tag Manager would not import it."""
    path = each.container.place.path
    try:
        amending.amended(text, path, report, amending.Wanted())
    except UserError:
        return None
    tags = sorted(_tags(report, each), key=lambda tag: (not tag.is_tracker, tag.name.lower()))
    names = " ".join(filter(None, (each.container.container_id, each.container.name)))
    return Container(names or path, path, kept, tuple(tags), bool(report.site.pages))


def _tags(report: Report, each: ContainerReport) -> Iterator[Tag]:
    for name in dict.fromkeys(tag.tag.name for tag in each.tags if tag.tag.name):
        own = next(tag for tag in each.tags if tag.tag.name == name)
        vendor = report.site.vendors.get(own.vendor or "")
        is_tracker = vendor is not None and vendor.kind is Kind.TRACKER
        yield Tag(name, vendor.name if vendor else "", is_tracker, own.tag.paused)


def changed(report: Report, old: str, new: str) -> Changed:
    """The changes between two exports of a scan. Raises UserError where one holds no container."""
    found = container_changes.between(report, old, new)
    return Changed(
        old,
        new,
        tuple(asdict(each) for each in found.changes),
        tuple(_closing(found)),
        container_changes.told(found, "csv"),
        container_changes.told(found, "markdown"),
    )


def _closing(found: container_changes.Changes) -> Iterator[str]:
    """The last lines of what the console says, with this page's own next step."""
    out = StringIO()
    container_changes.write(found, out)
    for line in out.getvalue().rstrip().rpartition("\n\n")[2].splitlines():
        yield ADD_PAGES if line.startswith(NOWHERE) else line


def packed(said: dict[str, Any]) -> bytes:
    """A message as it goes through the pipe."""
    return json.dumps(said).encode()
