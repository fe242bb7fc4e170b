"""The answer that the web page opens with: one sentence, three numbers, and who sees what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.model import Status, Verdict
from analyzer.outputs._gaps import gaps
from analyzer.outputs._html_gathered import Class, Gathered, Running
from analyzer.outputs._receipt import counted, summary
from analyzer.outputs._styled import count

MOST_NAMES = 9
MOST_ADDRESSES = 3
MATTER = "where patients' data are at hand"
NUMBERS = {  # what a severity asks of a reader
    "error": "to decide first",
    "warning": "to look at",
    "note": "to know of",
}


@dataclass(frozen=True, slots=True)
class Number:
    severity: str
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Gets:
    """A piece of data that a tracker is handed on pages of a class, or only may be."""

    category: str
    said: str
    maybe: bool


@dataclass(frozen=True, slots=True)
class Seer:
    """A tracker of one class of pages, and what it is handed there."""

    vendor: str
    name: str
    maybe: bool
    received: tuple[Gets, ...]

    @property
    def surely_gets(self) -> bool:
        return any(not each.maybe for each in self.received)


@dataclass(frozen=True, slots=True)
class Sight:
    """Who can see visitors of one class of pages."""

    names: tuple[str, ...]
    classes: tuple[str, ...]
    pages: int
    addresses: tuple[str, ...]
    seers: tuple[Seer, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    sentence: str
    more: tuple[str, ...]
    numbers: tuple[Number, ...]
    last_line: tuple[str, ...]
    sights: tuple[Sight, ...]


def answer(gathered: Gathered) -> Answer:
    severities = counted(gathered.report)
    return Answer(
        _sentence(gathered),
        tuple(_more(gathered)),
        tuple(
            Number(str(severity), number, NUMBERS[str(severity)])
            for severity, number in severities.items()
        ),
        tuple("".join(text for text, _ in line) for line in summary(gathered.report)),
        tuple(_sights(gathered)),
    )


def _sentence(gathered: Gathered) -> str:
    report, site = gathered.report, gathered.site
    if not report.coverage.read:
        return "No file was read, so this says nothing about the site."
    pages = gathered.sensitive
    surely, maybe = _on(gathered, pages)
    names = _names(gathered, surely)
    if surely:
        reached = {
            page
            for each in gathered.running
            for page, firing in each.firings.items()
            if page in pages and firing.verdict is Verdict.YES
        }
        return (
            f"{count(len(surely), 'tracker')} can see visitors on {len(reached)} of "
            f"{count(len(pages), 'page')} {MATTER}: {names}."
        )
    if maybe:
        return (
            f"{count(len(maybe), 'tracker')} may see visitors on pages {MATTER}, under a "
            f"condition: {_names(gathered, maybe)}."
        )
    return _no_sight(gathered, bool(site.pages), len(pages))


def _no_sight(gathered: Gathered, has_pages: bool, sensitive: int) -> str:
    running = list(gathered.by_vendor)
    if has_pages:
        reached = {page for each in gathered.running for page in each.firings}
        seen = (
            f"no tracker was seen to run on the {count(sensitive, 'page')} {MATTER}"
            if sensitive
            else f"no page {MATTER} was recognised"
        )
        if running:
            return (
                f"{count(len(running), 'tracker')} can run on {count(len(reached), 'page')} "
                f"({_names(gathered, running)}), and {seen}."
            )
        return f"No tracker that runs was found in what was read, and {seen}."
    if gathered.site.containers:
        tags = sum(len(each.tags) for each in gathered.site.containers)
        held = f"{count(tags, 'tag')} of {count(len(gathered.site.containers), 'container')}"
        if not running:
            return f"No tracker runs from the {held}, as far as was read."
        return f"{count(len(running), 'tracker')} in the {held}: {_names(gathered, running)}."
    if running:
        return (
            f"{count(len(running), 'tracker')} ({_names(gathered, running)}) in what was read, "
            "and no page that has them."
        )
    return "No tracker was found in what was read, and no page."


def _more(gathered: Gathered) -> list[str]:
    """What the first sentence leaves out and must not hide."""
    said = []
    if gathered.site.containers and not gathered.site.pages:
        said.append(
            "No page of a site was read, so only the triggers tell where the tags fire: see the "
            "sentences below Containers."
        )
    surely, maybe = _on(gathered, gathered.sensitive)
    if surely and maybe:
        said.append(
            f"{len(maybe)} more may, under a condition that only a running page decides: "
            f"{_names(gathered, maybe)}."
        )
    told = {*surely, *maybe}
    sent = [
        vendor
        for vendor, own in gathered.by_vendor.items()
        if vendor not in told and any(each.snippet.status is Status.SERVER_SIDE for each in own)
    ]
    if sent:
        said.append(
            f"A server sends to {_names(gathered, sent)}, where no browser shows it: whatever "
            "reaches that server can be handed on."
        )
    if hosts := sorted({each.host for each in gathered.site.unknown_hosts}):
        said.append(
            f"Something is loaded from {count(len(hosts), 'other host')} too, and no signature "
            f"tells whose {'it is' if len(hosts) == 1 else 'they are'}: {_listed(hosts)}."
        )
    if left := gaps(gathered.report):
        said.append(f"This is what the source says, and not an all-clear for the rest: {left}.")
    return said


def _on(gathered: Gathered, pages: frozenset[str]) -> tuple[list[str], list[str]]:
    """The vendors that surely run on these pages, and those that only may."""
    surely: dict[str, None] = {}
    maybe: dict[str, None] = {}
    for each in gathered.running:
        found = each.on(sorted(pages))
        if any(firing.verdict is Verdict.YES for firing in found):
            surely[each.vendor] = None
        elif found:
            maybe[each.vendor] = None
    return list(surely), [vendor for vendor in maybe if vendor not in surely]


def _sights(gathered: Gathered) -> Iterator[Sight]:
    """One for each set of pages: where two classes are the same pages, they are told together."""
    by_pages: dict[tuple[str, ...], list[Class]] = {}
    for each in gathered.classes:
        by_pages.setdefault(each.pages, []).append(each)
    for pages, classes in by_pages.items():
        yield _sight(gathered, pages, classes)


def _sight(gathered: Gathered, pages: Sequence[str], classes: Sequence[Class]) -> Sight:
    seers = [
        seer
        for vendor, own in gathered.by_vendor.items()
        if (seer := _seer(gathered.vendor_name(vendor), vendor, own, pages)) is not None
    ]
    unknown = {
        each.host for each in gathered.site.unknown_hosts if not set(each.pages).isdisjoint(pages)
    }
    return Sight(
        tuple(each.name for each in classes),
        tuple(each.id for each in classes),
        len(pages),
        tuple(gathered.page_name(page) for page in pages[:MOST_ADDRESSES]),
        tuple(sorted(seers, key=_by_what_it_gets)),
        tuple(sorted(unknown)),
    )


def _seer(name: str, vendor: str, running: Sequence[Running], pages: Sequence[str]) -> Seer | None:
    firings = [firing for each in running for firing in each.on(pages)]
    if not firings:
        return None
    received: dict[tuple[str, str], bool] = {}
    for one in running:
        for each in one.received:
            is_sure = not each.sure.isdisjoint(pages)
            if each.category and (is_sure or not each.maybe.isdisjoint(pages)):
                key = (each.category, each.said)
                received[key] = received.get(key, False) or is_sure
    return Seer(
        vendor,
        name,
        all(each.verdict is not Verdict.YES for each in firings),
        tuple(Gets(*key, not received[key]) for key in sorted(received)),
    )


def _by_what_it_gets(seer: Seer) -> tuple[bool, bool, bool, str]:
    return not seer.surely_gets, not seer.received, seer.maybe, seer.name.lower()


def _names(gathered: Gathered, vendors: Sequence[str]) -> str:
    return _listed(sorted((gathered.vendor_name(each) for each in vendors), key=str.lower))


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMES
    if rest > 0:
        return f"{', '.join(names[:MOST_NAMES])} and {rest} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
