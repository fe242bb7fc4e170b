"""Containers for the web page: every tag in plain sentences, what waits, and what never fires."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from analyzer import sentences
from analyzer.model import ContainerReport, Kind, TagReport, Vendor
from analyzer.outputs._html_gathered import Gathered, pages_said
from analyzer.outputs._styled import count, listed

MOST_PAGES = 5
MOST_LINES = 200
CONTEXTS = {"WEB": "web", "SERVER": "server", "AMP": "AMP", "IOS": "iOS", "ANDROID": "Android"}


@dataclass(frozen=True, slots=True)
class TagTold:
    """A tag in sentences."""

    name: str
    details: str
    vendor: str
    fires: tuple[str, ...]
    sends: tuple[str, ...]
    consent: str
    pages: str
    sensitive: str
    classes: tuple[str, ...]
    idle: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """The tags of one vendor, or those without one."""

    vendor: str
    title: str
    about: str
    tags: tuple[TagTold, ...]


@dataclass(frozen=True, slots=True)
class ContainerTold:
    """A container: where it is loaded, its tags by vendor, and what is not as somebody meant it."""

    title: str
    path: str
    counts: str
    loaded: str
    shelves: tuple[Shelf, ...]
    waits: tuple[str, ...]
    idle: tuple[str, ...]
    wrong: tuple[str, ...]


def containers(gathered: Gathered) -> list[ContainerTold]:
    found = sorted(
        gathered.site.containers,
        key=lambda each: (each.container.container_id, each.container.place.path),
    )
    return [_container(gathered, each) for each in found]


def _container(gathered: Gathered, each: ContainerReport) -> ContainerTold:
    container = each.container
    context = sentences.joined([CONTEXTS.get(word, word.lower()) for word in container.context])
    name = f" '{container.name}'" if container.name else ""
    return ContainerTold(
        f"{container.container_id or 'A container'}{name}" + (f" ({context})" if context else ""),
        container.place.path,
        _counts(each),
        _loaded(each),
        tuple(_shelves(gathered, each)),
        tuple(_waits(each)),
        tuple(_idle(each)),
        tuple(
            f"line {one.place.line}: {one.what} {one.target}".strip()
            for one in container.diagnostics[:MOST_LINES]
        ),
    )


def _counts(each: ContainerReport) -> str:
    paused = sum(tag.tag.paused for tag in each.tags)
    idle = sum(tag.never_fires and not tag.tag.paused for tag in each.tags)
    extra = [f"{paused} paused"] if paused else []
    extra += [f"{idle} that nothing starts"] if idle else []
    return count(len(each.tags), "tag") + (f", {' and '.join(extra)}" if extra else "")


def _loaded(each: ContainerReport) -> str:
    pages = {firing.page for tag in each.tags for firing in tag.fires}
    if each.installed_on:
        where = listed(sorted(each.installed_on), MOST_PAGES)
        return f"Loaded by {where}; its tags reach {count(len(pages), 'page')} of the scan."
    if pages:
        return f"Held against {count(len(pages), 'listed page')}."
    return (
        "No page of the scan loads it: scan it together with the site's folder, or with a list of "
        "addresses (--paths), to learn on which pages its tags fire."
    )


def _shelves(gathered: Gathered, each: ContainerReport) -> Iterator[Shelf]:
    def shelf(tag: TagReport) -> tuple[bool, str]:
        return not tag.vendor, gathered.vendor_name(tag.vendor).lower() if tag.vendor else ""

    ordered = sorted(each.tags, key=lambda tag: (shelf(tag), tag.tag.name.lower(), _line(tag)))
    for _, group in groupby(ordered, key=shelf):
        own = list(group)
        vendor = gathered.site.vendors.get(own[0].vendor or "")
        yield Shelf(
            own[0].vendor or "",
            gathered.vendor_name(own[0].vendor) if own[0].vendor else "No known vendor",
            _about(vendor) if vendor else "",
            tuple(_tag(gathered, each, tag) for tag in own),
        )


def _about(vendor: Vendor) -> str:
    return f"of {vendor.owner}, {vendor.category}, {sentences.agreement(vendor)}"


def _tag(gathered: Gathered, each: ContainerReport, report: TagReport) -> TagTold:
    tag = report.tag
    known = [f"tag {tag.tag_id}"] if tag.tag_id else []
    known += [*report.ids, *([] if report.vendor else [sentences.kind_of(tag)])]
    vendor = gathered.site.vendors.get(report.vendor or "")
    asks = vendor is not None and vendor.kind is Kind.TRACKER and not tag.paused
    pages = [firing.page for firing in report.fires]
    marked = [gathered.page_name(page) for page in pages if page in gathered.sensitive]
    return TagTold(
        tag.name or "a tag without a name",
        f"{', '.join(known)}; line {tag.place.line}" if known else f"line {tag.place.line}",
        report.vendor or "",
        sentences.fires(report, each),
        sentences.sends(report.data),
        sentences.consent(tag.consent) if asks else "",
        pages_said(report.fires) if report.fires and not tag.paused else "",
        listed(sorted(marked), MOST_PAGES) if not tag.paused else "",
        gathered.classes_of(pages),
        tag.paused or report.never_fires,
    )


def _waits(each: ContainerReport) -> Iterator[str]:
    """What waits for something that may never come."""
    for event in each.unpushed[:MOST_LINES]:
        waiting = [
            tag.tag.name
            for tag in each.tags
            if any(trigger.event == event for trigger in tag.tag.triggers)
        ]
        tags = _tags(waiting)
        yield f"{tags} for the event '{event}', which no code that was read pushes"
    gated = [tag.tag.name for tag in each.tags if tag.tag.consent.status == "NEEDED"]
    if gated:
        yield f"{_tags(gated)} for a visitor's consent"


def _tags(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names[:MOST_PAGES]]
    rest = len(names) - MOST_PAGES
    if rest > 0:
        quoted.append(f"{rest} more")
    return f"{sentences.joined(quoted) or 'Something'} {'waits' if len(names) < 2 else 'wait'}"


def _idle(each: ContainerReport) -> Iterator[str]:
    for tag in sorted(each.tags, key=lambda tag: (tag.tag.paused, tag.tag.name.lower())):
        if tag.tag.paused or tag.never_fires:
            name = tag.tag.name or "a tag without a name"
            yield f"'{name}' {'is paused' if tag.tag.paused else 'is started by nothing'}"


def _line(tag: TagReport) -> int:
    return tag.tag.place.line
