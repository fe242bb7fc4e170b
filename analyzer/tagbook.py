"""Containers for people: their tags by vendor, where each fires, what it sends, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TextIO

from analyzer import sentences
from analyzer.model import (
    SEVERITY_ORDER,
    ContainerReport,
    Finding,
    Firing,
    Kind,
    Report,
    Severity,
    Site,
    TagReport,
    UserError,
    Vendor,
    Verdict,
)
from analyzer.outputs import _words
from analyzer.outputs._styled import Line, count, listed, printed_lines
from analyzer.tables import written

HEAD = (
    "container",
    "tag",
    "tag_id",
    "vendor",
    "ids",
    "fires",
    "sends",
    "consent",
    "pages",
    "sensitive_pages",
    "line",
    "findings",
)
MOST_PAGES = 5
MOST_FINDINGS = 12
CONTEXTS = {"WEB": "web", "SERVER": "server", "AMP": "AMP", "IOS": "iOS", "ANDROID": "Android"}
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}
NOBODY = "~"  # sorts behind every name: tags that no vendor is known for


def told(report: Report, form: str) -> str:
    """The containers of a scan as json, csv or markdown rows, one a tag. Raises UserError where
    there is none.
    """
    rows = [row for each in containers_of(report) for row in _rows(report, each)]
    return written(HEAD, rows, form)


def write(report: Report, out: TextIO, *, colour: bool = False) -> None:
    """The containers of a scan as text. Raises UserError where there is none."""
    lines = (line for each in containers_of(report) for line in _container(report, each))
    printed_lines(lines, out, colour=colour)


def containers_of(report: Report) -> tuple[ContainerReport, ...]:
    """The containers that were read. Raises UserError where there is none."""
    found = report.site.containers
    if not found:
        skipped = [f"{each.path}: {each.reason}" for each in report.coverage.skips[:1]]
        reason = f" ({skipped[0]})" if skipped else ""
        raise UserError(
            f"no container was found{reason}; in Tag Manager choose Admin, Export Container, and "
            "give the file that it saves"
        )
    return found


def sensitive(site: Site, firings: Sequence[Firing]) -> tuple[Firing, ...]:
    """The firings on signed-in pages and on pages of health matters."""
    return tuple(
        each
        for each in firings
        if each.page in site.pages
        and any(one.id != "public" for one in site.pages[each.page].classes)
    )


# ---------------------------------------------------------------- text


def _container(report: Report, each: ContainerReport) -> Iterator[Line]:
    container = each.container
    context = sentences.joined([CONTEXTS.get(word, word.lower()) for word in container.context])
    name = f" '{_words.name(container.name)}'" if container.name else ""
    said = f" ({context})" if context else ""
    yield [(f"{_words.name(container.container_id) or 'a container'}{name}{said}", "bold")]
    yield [(f"  {_words.name(container.place.path)}: {_counts(each)}", "")]
    yield [(f"  {_loaded(report, each)}", "")]
    yield []
    yield from _concerns(report, each)
    vendors = report.site.vendors
    tags = sorted(each.tags, key=lambda tag: (_shelf(vendors, tag), tag.tag.name.lower()))
    for shelf, group in groupby(tags, key=lambda tag: _shelf(vendors, tag)):
        own = list(group)
        yield _heading(vendors.get(own[0].vendor or ""), shelf, own)
        for tag in own:
            yield from _tag(report, each, tag)
        yield []


def _counts(each: ContainerReport) -> str:
    paused = sum(tag.tag.paused for tag in each.tags)
    idle = sum(tag.never_fires and not tag.tag.paused for tag in each.tags)
    extra = [f"{paused} paused"] if paused else []
    extra += [f"{idle} that nothing starts"] if idle else []
    return count(len(each.tags), "tag") + (f", {' and '.join(extra)}" if extra else "")


def _loaded(report: Report, each: ContainerReport) -> str:
    pages = {firing.page for tag in each.tags for firing in tag.fires}
    if "SERVER" in each.container.context:
        return _fed(each, len(pages))
    if each.installed_on:
        where = listed([_words.name(path) for path in each.installed_on], MOST_PAGES)
        return f"loaded by {where}; its tags reach {count(len(pages), 'page')} of the scan"
    if pages:
        return f"held against {count(len(pages), 'listed page')}"
    return "no page of the scan loads it: --paths LIST or the site's folder tells where tags fire"


def _fed(each: ContainerReport, pages: int) -> str:
    """What sends events to a server container, and from how many pages."""
    if not each.fed_by:
        return (
            "nothing that was read sends to it: give the web container's export and the site's "
            "folder as well"
        )
    reach = f"; its tags get events of {count(pages, 'page')}" if pages else ""
    return "; ".join(sentences.receives(each.fed_by)) + reach


def _concerns(report: Report, each: ContainerReport) -> Iterator[Line]:
    found = _findings(report, each)
    if not found:
        return
    yield [(f"  {count(len(found), 'thing')} to look at", "bold")]
    for finding in found[:MOST_FINDINGS]:
        tag = f"{_words.name(finding.tag.tag_name)}: " if finding.tag else ""
        yield [
            (f"    line {finding.place.line}: ", "dim"),
            (f"{tag}{_words.name(finding.message)}", ""),
            (f" [{finding.rule}]", STYLES[finding.severity]),
        ]
    if len(found) > MOST_FINDINGS:
        rest = count(len(found) - MOST_FINDINGS, "more finding")
        yield [(f"    … and {rest}; trackerlint scan lists them with their trails", "dim")]
    yield []


def _findings(report: Report, each: ContainerReport) -> list[Finding]:
    """The open findings in the container's file, the worst first; the inventory is told by tag."""
    return sorted(
        (
            finding
            for finding in report.findings
            if finding.is_open
            and finding.place.path == each.container.place.path
            and finding.severity is not Severity.NOTE
        ),
        key=lambda finding: (SEVERITY_ORDER.index(finding.severity), finding.place.line),
    )


def _heading(vendor: Vendor | None, shelf: str, tags: Sequence[TagReport]) -> Line:
    if vendor is None:
        return [("Tags that contact no known vendor", "bold"), (f" ({len(tags)})", "dim")]
    return [
        (vendor.name, "bold"),
        (f" of {vendor.owner}, {vendor.category}, {sentences.agreement(vendor)}", ""),
        (f" ({count(len(tags), 'tag')})", "dim"),
    ]


def _tag(report: Report, each: ContainerReport, tag: TagReport) -> Iterator[Line]:
    known = [f"tag {tag.tag.tag_id}"] if tag.tag.tag_id else []
    known += [*tag.ids, *([] if tag.vendor else [sentences.kind_of(tag.tag)])]
    about = f"{', '.join(known)}; " if known else ""
    yield [
        (f"  {_words.name(tag.tag.name) or 'a tag without a name'}", "bold"),
        (f" ({_words.name(about)}line {tag.tag.place.line})", "dim"),
    ]
    for sentence in sentences.fires(tag, each):
        yield [(f"    {_words.name(sentence)}", "")]
    for sentence in sentences.receives(tag.fed_by):
        yield [(f"    {_words.name(sentence)}", "")]
    if each.fed_by and not tag.fed_by and not tag.tag.paused:
        yield [("    receives nothing of what is known to be sent to this server", "")]
    if sent := sentences.sends_briefly(tag.data):
        yield [(f"    sends {_words.name('; '.join(sent))}", "")]
    if way := _goes_on(report, tag):
        yield [(f"    {_words.name(way)}", "")]
    if tag.vendor and not tag.tag.paused and report.site.vendors[tag.vendor].kind is Kind.TRACKER:
        yield [(f"    {sentences.consent(tag.tag.consent)}", "")]
    if pages := _pages(report.site, tag):
        yield [(f"    {pages}", "")]


def _goes_on(report: Report, tag: TagReport) -> str:
    """Where what a tag sends to a server of the site's own goes from there."""
    host = sentences.own_server(tag.data)
    ends = []
    for each in report.site.containers:
        for feed in each.fed_by:
            if feed.place == tag.tag.place:
                host = host or sentences.host(feed.server)
                name = each.container.container_id or each.container.name
                ends.append(f"the server container {name}, {_hands_on(report.site, each, tag)}")
    if not host and not ends:
        return ""
    if not ends:
        return f"goes to the server {host}, which may send it on: its container was not read"
    return f"goes to {f'{host}, ' if host else ''}{' and '.join(dict.fromkeys(ends))}"


def _hands_on(site: Site, server: ContainerReport, tag: TagReport) -> str:
    """Whom a server container sends on to what comes from a tag."""
    names = dict.fromkeys(
        site.vendors[each.vendor].name
        for each in server.tags
        if each.vendor and any(feed.place == tag.tag.place for feed in each.fed_by)
    )
    return f"which sends on to {sentences.joined(list(names)) or 'nobody who is known'}"


def _pages(site: Site, tag: TagReport) -> str:
    if not tag.fires or tag.tag.paused:
        return ""
    sure = [each for each in tag.fires if each.verdict is Verdict.YES]
    maybe = len(tag.fires) - len(sure)
    words = [f"on {count(len(sure), 'page')}"] if sure else []
    words += [f"maybe on {count(maybe, 'page')}"] if maybe else []
    marked = sensitive(site, tag.fires)
    if marked:
        names = listed([_words.name(each.page) for each in marked], MOST_PAGES)
        words.append(f"sensitive: {names}")
    return "; ".join(words)


# ---------------------------------------------------------------- rows


def _rows(report: Report, each: ContainerReport) -> Iterator[tuple[str, ...]]:
    found = _findings(report, each)
    for tag in each.tags:
        vendor = report.site.vendors.get(tag.vendor or "")
        own = [one for one in found if one.tag and one.tag.tag_name == tag.tag.name]
        yield (
            each.container.container_id,
            tag.tag.name,
            tag.tag.tag_id or "",
            vendor.name if vendor else "",
            ", ".join(tag.ids),
            "; ".join((*sentences.fires(tag, each), *sentences.receives(tag.fed_by))),
            "; ".join(sentences.sends_briefly(tag.data)),
            sentences.consent(tag.tag.consent),
            str(len(tag.fires)),
            ", ".join(one.page for one in sensitive(report.site, tag.fires)),
            str(tag.tag.place.line),
            ", ".join(dict.fromkeys(one.rule for one in own)),
        )


def _shelf(vendors: Mapping[str, Vendor], tag: TagReport) -> str:
    return vendors[tag.vendor].name if tag.vendor else NOBODY
