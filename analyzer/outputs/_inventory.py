"""The inventory: one row for each snippet and each tag, with what is known and decided of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from analyzer import sentences
from analyzer.model import (
    SEVERITY_ORDER,
    Agreement,
    Datum,
    Finding,
    Firing,
    Moment,
    Report,
    Site,
    Status,
    Vendor,
    Verdict,
)
from analyzer.outputs import _words
from analyzer.outputs._cells import Cell, text_of
from analyzer.outputs._columns import (
    AGREEMENTS,
    MAYBE,
    MOMENTS,
    STATUSES,
    UNKNOWN_AGREEMENT,
    WAITING,
    key_cell,
)
from analyzer.outputs._html_gathered import NOT_SENSITIVE, in_order, said, tells
from analyzer.outputs._inventory_items import (
    Item,
    agreements_of,
    decision_of,
    items,
    vendor_name,
)
from analyzer.outputs._styled import count, listed

MOST_PAGES = 50  # pages that a cell names
MOST_OF_A_CLASS = 10
MOST_CONDITIONS = 5
MOST_DATA = 40


def rows(report: Report) -> Iterator[tuple[Cell, ...]]:
    """The rows of the inventory, with a cell for each of COLUMNS."""
    seen = report.history.first_seen if report.history else {}
    for item in items(report):
        decided = decision_of(report.site, item)
        texts = tuple(text_of(cell, " ") for cell in decided)
        yield (
            *_known(report.site, item),
            seen.get(item.key, ""),
            *decided,
            key_cell(item.key, texts),
        )


def _known(site: Site, item: Item) -> Iterator[Cell]:
    """The cells before those of the history and the decision."""
    vendor = site.vendors.get(item.vendor)
    fires = item.fires
    surely = [each for each in fires if each.verdict is Verdict.YES]
    maybe = [each for each in fires if each.verdict is not Verdict.YES]
    by_class = _by_class(site, fires)
    yield vendor_name(site, item) or f"no known vendor ({_kind(item)})"
    yield item.vendor
    yield vendor.owner if vendor else ""
    yield item.snippet.ids if item.snippet else item.told.ids if item.told else ()
    yield item.where
    yield WAITING[item.waiting][0] if item.waiting else STATUSES[_status(item)][0]
    yield len(surely)
    yield len(maybe)
    yield tuple(_pages(surely, maybe))
    yield len({page for pages in by_class.values() for page in pages})
    yield tuple(_classes_said(site, by_class))
    yield tuple(_moments(item))
    yield tuple(_data(site, item))
    yield vendor.receives if vendor else ()
    yield _consent(item)
    yield _statement(vendor) if vendor else ""
    yield vendor.baa.source if vendor else ""
    yield _day(vendor.baa.checked) if vendor else ""
    yield tuple(_agreement(site, each) for each in agreements_of(site, vendor, item.place.path))
    yield tuple(_rules(item.findings))


def _kind(item: Item) -> str:
    return sentences.kind_of(item.told.tag) if item.told else "unknown"


def _status(item: Item) -> Status:
    if item.snippet is not None:
        return item.snippet.status
    tag = item.told
    if tag is None or tag.tag.paused or tag.never_fires:
        return Status.DEAD
    if tag.tag.consent.status == "NEEDED":
        return Status.CONSENT_GATED
    plain = all(trigger.scope == "all-pages" for trigger in tag.tag.triggers)
    return Status.LIVE if plain and not tag.tag.blocking else Status.CONDITIONAL


def _pages(surely: Sequence[Firing], maybe: Sequence[Firing]) -> Iterator[str]:
    names = [_page(each) for each in surely] + [_page(each) + MAYBE for each in maybe]
    yield from names[:MOST_PAGES]
    if len(names) > MOST_PAGES:
        yield f"and {len(names) - MOST_PAGES} more"


def _page(firing: Firing) -> str:
    return f"{firing.page} at {firing.route}" if firing.route else firing.page


def _by_class(site: Site, fires: Sequence[Firing]) -> dict[str, list[str]]:
    """The sensitive pages among those that have it, by class."""
    found: dict[str, list[str]] = {}
    for firing in fires:
        page = site.pages.get(firing.page)
        for each in page.classes if page else ():
            if each.id != NOT_SENSITIVE:
                found.setdefault(each.id, []).append(firing.page)
    return {name: found[name] for name in in_order(found)}


def _classes_said(site: Site, by_class: Mapping[str, Sequence[str]]) -> Iterator[str]:
    names = {each.id: each.name for page in site.pages.values() for each in page.classes}
    for name, pages in by_class.items():
        yield f"{names[name]}: {listed(pages, MOST_OF_A_CLASS)}"


def _moments(item: Item) -> Iterator[str]:
    if item.told is not None and item.container is not None:
        yield from sentences.fires(item.told, item.container)
        return
    trackers = item.snippet.trackers if item.snippet else ()
    if item.waiting:
        return
    moments = {MOMENTS[each.moment]: None for each in item.fires}
    if _status(item) is Status.SERVER_SIDE:
        moments[MOMENTS[Moment.SERVER]] = None
    yield from moments
    said = [one for each in item.fires for one in each.conditions]
    guards = [guard.text for each in trackers for guard in each.detection.fact.guards]
    unique = list(dict.fromkeys(" ".join(each.split()) for each in said or guards))
    yield from (_words.clip(each, 200) for each in unique[:MOST_CONDITIONS])
    if len(unique) > MOST_CONDITIONS:
        yield f"and {count(len(unique) - MOST_CONDITIONS, 'more condition')}"
    if not moments:
        yield "no page was found that has it"


def _data(site: Site, item: Item) -> Iterator[str]:
    data: Sequence[Datum] = item.told.data if item.told else ()
    if item.snippet is not None:
        data = [datum for each in item.snippet.trackers for datum in each.detection.data]
    found = dict.fromkeys(_datum(site, each) for each in data if tells(each))
    yield from list(found)[:MOST_DATA]
    if len(found) > MOST_DATA:
        yield f"and {len(found) - MOST_DATA} more"


def _datum(site: Site, datum: Datum) -> str:
    category = site.categories.get(datum.category)
    name = category.name if category else datum.category
    return f"{said(datum)} ({name})" if name else said(datum)


def _consent(item: Item) -> Cell:
    status = _status(item)
    if item.told is not None:
        words = sentences.consent(item.told.tag.consent)
        if status is Status.CONSENT_GATED and item.told.tag.consent.status != "NEEDED":
            return (words, "its code or what starts it waits for consent")
        return words
    if item.waiting or status is Status.SERVER_SIDE:
        return ""
    if status is Status.CONSENT_GATED:
        return "waits for consent"
    return "nothing in the code that was read makes it wait"


def _statement(vendor: Vendor) -> str:
    words = AGREEMENTS.get(vendor.baa.offered, UNKNOWN_AGREEMENT)
    return f"{words}: {vendor.baa.note}" if vendor.baa.note else words


def _day(text: str) -> Cell:
    try:
        return date.fromisoformat(text)
    except ValueError:  # a month alone, or nothing
        return text


def _agreement(site: Site, each: Agreement) -> str:
    words = [each.document]
    if each.signed:
        words.append(f"signed {each.signed}")
    if each.expires:
        ended = each.expires < site.policy.today
        words.append(f"{'ended' if ended else 'expires'} {each.expires}")
    return ", ".join(words)


def _rules(findings: Sequence[Finding]) -> Iterator[str]:
    """The rules, the worst first, those apart that somebody accepts."""
    ordered = sorted(findings, key=lambda each: (SEVERITY_ORDER.index(each.severity), each.code))
    for open_ones in (True, False):
        state = "" if open_ones else ", accepted"
        yield from dict.fromkeys(
            f"{each.rule} ({each.severity}{state})" for each in ordered if each.is_open is open_ones
        )
