"""Data on its way: from the field where somebody writes it to the vendor that gets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analyzer.model import (
    Datum,
    Firing,
    Status,
    Step,
    Tracker,
    births,
    is_hashed,
    source_of,
    way_of,
)
from analyzer.outputs._html_gathered import STATES, Gathered, apart, said, tells

MOST = 400
MOST_ADDRESSES = 3


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a way: what the value is there, and where that is written."""

    words: str
    where: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A piece of data, its way, and the vendor at its end."""

    category: str
    said: str
    hashed: bool
    stops: tuple[Stop, ...]
    vendor: str
    name: str
    tag: str
    state: str
    classes: tuple[tuple[str, str], ...] = ()
    pages: tuple[str, ...] = ()
    more: int = 0
    maybe: int = 0  # pages where it only may happen
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Flows:
    """The ways of personal and health data, those of other values, and how many are left out."""

    telling: tuple[Flow, ...]
    others: tuple[Flow, ...]
    left_out: int


def flows(gathered: Gathered) -> Flows:
    found: dict[tuple[str, str, str, tuple[Stop, ...]], Flow] = {}
    firings: dict[tuple[str, str, str, tuple[Stop, ...]], list[Firing]] = {}
    for tracker in gathered.site.sending:
        if tracker.status is Status.DEAD:
            continue
        for datum in tracker.detection.data:
            if tells(datum):
                flow = _flow(gathered, tracker, datum)
                key = (flow.vendor, flow.said, flow.tag, flow.stops)
                found.setdefault(key, flow)
                firings.setdefault(key, []).extend(tracker.fires)
    whole = sorted(
        (_on_pages(gathered, flow, firings[key]) for key, flow in found.items()), key=_order
    )
    telling = [each for each in whole if each.category]
    others = [each for each in whole if not each.category]
    left_out = max(0, len(telling) - MOST) + max(0, len(others) - MOST)
    return Flows(tuple(telling[:MOST]), tuple(others[:MOST]), left_out)


def _flow(gathered: Gathered, tracker: Tracker, datum: Datum) -> Flow:
    hit = tracker.detection
    return Flow(
        gathered.category_of(datum),
        said(datum),
        is_hashed(datum),
        tuple(_stops(datum)),
        hit.vendor,
        gathered.vendor_name(hit.vendor) + (f" {hit.ids[0]}" if hit.ids else ""),
        hit.tag.tag_name if hit.tag else "",
        STATES.get(tracker.status, ""),
    )


def _on_pages(gathered: Gathered, flow: Flow, firings: Sequence[Firing]) -> Flow:
    names = {each.id: each.name for each in gathered.classes}
    surely, maybe = apart(firings)
    pages = surely or maybe
    ordered = sorted(pages, key=lambda page: (page not in gathered.sensitive, page))
    return replace(
        flow,
        classes=tuple((each, names[each]) for each in gathered.classes_of(pages)),
        pages=tuple(gathered.page_name(page) for page in ordered[:MOST_ADDRESSES]),
        more=max(0, len(ordered) - MOST_ADDRESSES),
        maybe=len(maybe),
        sure=bool(surely),
    )


def _stops(datum: Datum) -> Iterator[Stop]:
    origin = source_of(datum.origin)
    if origin is not None and not any(births(datum)):
        yield Stop(str(origin), "")
    for step in way_of(datum):
        yield _stop(step)


def _stop(step: Step) -> Stop:
    return Stop(step.text, f"{step.place.path}:{step.place.line}")


def _order(flow: Flow) -> tuple[bool, str, str, str, str]:
    return not flow.classes, flow.category, flow.name.lower(), flow.said, flow.tag
