"""How the switches of a product stand on a site: as code sets them, or else by default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from analyzer.model import (
    PASSIVE,
    Control,
    Feature,
    Finding,
    Firing,
    Kind,
    Place,
    Role,
    Site,
    Snippet,
    Step,
    Switch,
    Tracker,
)
from analyzer.rules._findings import (
    REPORTED,
    SENSITIVE,
    about_pages,
    anchor_of,
    is_sensitive,
    name_of,
)
from analyzer.rules._sure import surely

STARTING = frozenset({Role.LOADER, Role.SETUP, Role.CONTAINER})


@dataclass(frozen=True, slots=True)
class Stand:
    """How a switch stands: `on` is None where it is not known, `switch` is what sets it."""

    control: Control
    on: bool | None
    switch: Switch | None = None

    @property
    def said(self) -> str:
        """The switch's name, how it stands, and whether nobody said so."""
        if self.on is None:
            return f"{self.control.name}: " + (
                "known only when the page runs" if self.switch else "not known"
            )
        state = "on" if self.on else "off"
        return f"{self.control.name}: {state}" + ("" if self.switch else " by default")


class Board:
    """The products of a site that run in browsers, and how their switches stand."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.grouped: dict[str, list[Tracker]] = {}
        self.turned: dict[str, list[Tracker]] = {}
        self.started: set[str] = set()
        for each in (*site.trackers, *site.others):
            self.grouped.setdefault(each.group, []).append(each)
            if each.detection.role in STARTING and each.status in REPORTED:
                self.started.add(each.vendor)
            if each.detection.switches and each.status in REPORTED:
                self.turned.setdefault(each.vendor, []).append(each)

    def products(self) -> Iterator[Snippet]:
        """The snippets that run, those of products that are reported apart too; events of a product
        that another snippet sets up are no product of their own.
        """
        for group, found in self.grouped.items():
            snippet = Snippet(group, found[0].vendor, tuple(found))
            roles = {each.detection.role for each in found}
            manager = self.site.vendors[snippet.vendor].kind is Kind.TAG_MANAGER
            echo = not snippet.ids and not roles & STARTING and snippet.vendor in self.started
            if snippet.status in REPORTED and not roles <= PASSIVE and not manager and not echo:
                yield snippet

    def stands(self, snippet: Snippet, *features: Feature) -> Iterator[Stand]:
        """How the product's switches of these features stand where the snippet runs."""
        controls = self.site.vendors[snippet.vendor].controls
        switches = list(self._switches(snippet))
        for control in (each for each in controls if each.feature in features):
            own = [
                each
                for each in switches
                if (each.feature, each.name) == (control.feature, control.name)
            ]
            states = {each.on for each in own}
            if not own:
                yield Stand(control, control.default)
            else:
                yield Stand(control, states.pop() if len(states) == 1 else None, own[0])

    def _switches(self, snippet: Snippet) -> Iterator[Switch]:
        """What is said of the product in the snippet, or elsewhere on its pages about the same
        account.
        """
        pages = {each.page for each in snippet.fires}
        for each in self.turned.get(snippet.vendor, ()):
            ids = set(each.detection.ids)
            same = each.group == snippet.group or bool(ids & set(snippet.ids))
            near = not ids and (
                each.detection.path == snippet.head.detection.path
                or bool(pages & {firing.page for firing in each.fires})
            )
            if same or near:
                yield from each.detection.switches


def surely_on(site: Site, snippet: Snippet) -> tuple[Firing, ...]:
    """The pages that surely have the snippet."""
    return tuple(surely(site, snippet))


def sensitive(site: Site, firings: Sequence[Firing]) -> tuple[Firing, ...]:
    """Those of the pages on which a patient's data is at hand."""
    return tuple(each for each in firings if is_sensitive(site.pages[each.page]))


def switched_on(
    site: Site, features: Sequence[Feature], counts_by_default: Callable[[Snippet], bool]
) -> Iterator[Finding]:
    """A finding for each snippet with the switches that code turns on; what is on by default only
    on sensitive pages.
    """
    board = Board(site)
    told: set[tuple[str, Place]] = set()
    for snippet in sorted(board.products(), key=lambda each: not _turns_something(each)):
        on = [each for each in board.stands(snippet, *features) if each.on is True]
        said = {
            (each.control.name, each.switch.place): each for each in on if each.switch is not None
        }
        new = [each for key, each in said.items() if key not in told]
        pages: Sequence[Firing] = surely_on(site, snippet)
        if said:
            pages = pages or [each for each in snippet.fires if each.page in site.pages]
            told.update(said)
        elif on and counts_by_default(snippet):
            pages = sensitive(site, pages)
        if new or (on and not said and pages and counts_by_default(snippet)):
            finding = about_switches(site, snippet, pages, new or on)
            names = ", ".join(each.said for each in new or on)
            yield replace(finding, arguments=(*finding.arguments, names))


def _turns_something(snippet: Snippet) -> bool:
    """Does the snippet turn switches itself? Then the finding about them is its own."""
    return any(each.detection.switches for each in snippet.trackers)


def about_switches(
    site: Site, snippet: Snippet, firings: Sequence[Firing], found: Sequence[Stand]
) -> Finding:
    """A finding where the switch is set, or else at the snippet."""
    finding = (
        about_pages(site, snippet, firings, SENSITIVE)
        if firings
        else Finding(
            place=snippet.head.place,
            arguments=(name_of(site, snippet), "pages that were not found"),
            anchor=anchor_of(snippet),
            vendor=snippet.vendor,
            tag=snippet.head.detection.tag,
        )
    )
    names = tuple(each.control.name for each in found)
    switch = next((each.switch for each in found if each.switch is not None), None)
    last = tuple(
        Step(each.switch.place if each.switch else finding.place, _explained(each))
        for each in found
    )
    trail = finding.trail
    if trail and last and trail[-1].place == last[0].place:
        joined = Step(last[0].place, f"{trail[-1].text}; {last[0].text}")
        trail, last = trail[:-1], (joined, *last[1:])
    return replace(
        finding,
        place=switch.place if switch is not None else finding.place,
        anchor=(*finding.anchor, *names),
        trail=(*trail, *last),
    )


def _explained(stand: Stand) -> str:
    return stand.said + (f" ({stand.control.source})" if stand.control.source else "")
