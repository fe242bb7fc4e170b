"""The site: pages, the trackers that fire on them, and the containers that bring them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from analyzer.model.bundles import Original
from analyzer.model.conditions import Moment, Verdict
from analyzer.model.facts import AllowedSource, Container, ContentPolicy, Tag
from analyzer.model.places import Place, Step
from analyzer.model.policy import NO_POLICY, Policy
from analyzer.model.vendors import PASSIVE, Category, Datum, Detection, Role, Vendor


@dataclass(frozen=True, slots=True)
class Firing:
    """A tracker and a page that has it.

    `routes` are the page's addresses, `confidence` from 0 to 1 how sure the way from the tracker
    to the page is.
    """

    page: str
    verdict: Verdict
    moment: Moment = Moment.LOAD
    routes: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    trail: tuple[Step, ...] = ()
    confidence: float = 1.0

    @property
    def route(self) -> str:
        """The first of the page's addresses, or an empty text."""
        return self.routes[0] if self.routes else ""


@dataclass(frozen=True, slots=True)
class PageClass:
    """What a page is for, and why we think so."""

    id: str
    axis: str  # signed-in or health
    name: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A form field of a page that asks for personal or health data: what it is called, and the
    category.
    """

    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Page:
    """A file that a visitor can be shown; `place` is where it says what it extends.

    `framework` is the convention that made it a page, `parts` are the files that it and its layouts
    include, `fields` those of its form fields that ask for personal or health data.
    """

    path: str
    place: Place
    routes: tuple[str, ...] = ()
    classes: tuple[PageClass, ...] = ()
    layouts: tuple[str, ...] = ()
    framework: str = ""
    parts: tuple[str, ...] = ()
    fields: tuple[Asked, ...] = ()

    def has_class(self, name: str) -> bool:
        return any(each.id == name for each in self.classes)


class Status(StrEnum):
    LIVE = "live"
    CONDITIONAL = "conditional"
    CONSENT_GATED = "consent-gated"
    SERVER_SIDE = "server-side"
    PLACEHOLDER = "placeholder-id"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Tracker:
    """A detection on the site: its status, and the pages it fires on."""

    detection: Detection
    status: Status
    fires: tuple[Firing, ...] = ()
    group: str = ""

    @property
    def vendor(self) -> str:
        return self.detection.vendor

    @property
    def place(self) -> Place:
        return self.detection.place


@dataclass(frozen=True, slots=True)
class Snippet:
    """All trackers of one vendor and id in one file or one container tag: what a person would
    remove.
    """

    group: str
    vendor: str
    trackers: tuple[Tracker, ...]

    @property
    def head(self) -> Tracker:
        """The tracker that shows best what the snippet is: the set-up, else the loader, else the
        first. A call of a function that sets up again shows less than the set-up itself.
        """
        order = (Role.SETUP, Role.CONTAINER, Role.LOADER, Role.IDENTITY, Role.PIXEL)
        return min(
            self.trackers,
            key=lambda each: (
                order.index(each.detection.role) if each.detection.role in order else len(order),
                any(step.place == each.place for step in each.detection.fact.through),
            ),
        )

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in self.trackers for name in each.detection.ids))

    @property
    def status(self) -> Status:
        return self.head.status

    @property
    def fires(self) -> tuple[Firing, ...]:
        """The pages, each once, with its surest and earliest answer.

        An import or a setting sends nothing: it counts only where the snippet is nothing else.
        """
        best: dict[str, Firing] = {}
        acting = [each for each in self.trackers if each.detection.role not in PASSIVE]
        for tracker in acting or self.trackers:
            for firing in tracker.fires:
                known = best.get(firing.page)
                if known is None or firing_rank(firing) < firing_rank(known):
                    best[firing.page] = firing
        return tuple(best[page] for page in sorted(best))


def firing_rank(firing: Firing) -> tuple[bool, bool, int]:
    """Sure before maybe, at load before later, a short trail before a long one."""
    return (firing.verdict is not Verdict.YES, firing.moment is not Moment.LOAD, len(firing.trail))


@dataclass(frozen=True, slots=True)
class Feed:
    """What sends events to a server container: a tag of a web container, or a call on the pages.

    `sender` is the name of the tag, with its container's id, or the call as it is written; `server`
    is the address that it sends to, `doubt` why that may be another server.
    """

    sender: str
    place: Place
    container_id: str = ""
    server: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class TagReport:
    """A tag of a container as the site sees it; one of a server container is `fed_by` others."""

    tag: Tag
    vendor: str | None
    role: Role | None
    ids: tuple[str, ...]
    fires: tuple[Firing, ...] = ()
    data: tuple[Datum, ...] = ()
    never_fires: bool = False
    fed_by: tuple[Feed, ...] = ()


@dataclass(frozen=True, slots=True)
class ContainerReport:
    """A container, the pages that load it, and its tags.

    `unpushed` are the events that its tags wait for and that no code that was read pushes. A server
    container is `fed_by` what sends events to it.
    """

    container: Container
    installed_on: tuple[str, ...]
    tags: tuple[TagReport, ...]
    unpushed: tuple[str, ...] = ()
    fed_by: tuple[Feed, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownHost:
    """A third party that no signature knows; `owner` and `category` where the host itself is well
    known, `offered` where a copied library only shows it for an id that the site would give it.
    """

    host: str
    place: Place
    kind: str  # script, frame, pixel, request
    pages: tuple[str, ...] = ()
    owner: str = ""
    category: str = ""
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A link between files that could not be followed."""

    place: Place
    what: str
    target: str


@dataclass(frozen=True, slots=True)
class NoticeRead:
    """A notice about privacy, and the vendors that its text names.

    `kind` is privacy, cookies or practices. One that is not `complete` takes its text from
    elsewhere: what it names is unknown.
    """

    page: str
    place: Place
    kind: str
    title: str = ""
    names: frozenset[str] = frozenset()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class PolicyRead:
    """A content-security policy, the pages that say it themselves, and whose hosts it allows.

    Without `pages` a header says it, for whatever the server sends. `hosts` are those of its
    sources that belong to known vendors, with the ids of the vendors.
    """

    policy: ContentPolicy
    pages: tuple[str, ...] = ()
    hosts: tuple[tuple[AllowedSource, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """Everything the rules may read.

    `uses` are calls of the site's own functions that end in a tracker: the tracker stands where the
    function is written, but what it is given stands at the call.
    `answered` are the hosts of the policy, by their places there, that something on the site asks.
    `originals` tell of places in bundles where their code was written, `copies` of places in
    sources which bundles hold their code.
    """

    vendors: Mapping[str, Vendor]
    pages: Mapping[str, Page]
    trackers: tuple[Tracker, ...]
    others: tuple[Tracker, ...] = ()
    uses: tuple[Tracker, ...] = ()
    containers: tuple[ContainerReport, ...] = ()
    unknown_hosts: tuple[UnknownHost, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    policy: Policy = NO_POLICY
    answered: frozenset[Place] = frozenset()
    notices: tuple[NoticeRead, ...] = ()
    content_policies: tuple[PolicyRead, ...] = ()
    categories: Mapping[str, Category] = field(default_factory=dict)
    originals: Mapping[Place, Original] = field(default_factory=dict)
    copies: Mapping[Place, tuple[Step, ...]] = field(default_factory=dict)

    @property
    def sending(self) -> tuple[Tracker, ...]:
        """All that hands data over: the trackers, and the calls of functions that do."""
        return (*self.trackers, *self.uses)

    @property
    def snippets(self) -> tuple[Snippet, ...]:
        grouped: dict[str, list[Tracker]] = {}
        for tracker in self.trackers:
            grouped.setdefault(tracker.group, []).append(tracker)
        return tuple(Snippet(group, each[0].vendor, tuple(each)) for group, each in grouped.items())

    def pages_of(self, snippet: Snippet, page_class: str) -> tuple[Firing, ...]:
        """The snippet's firings on pages of one class."""
        return tuple(
            firing
            for firing in snippet.fires
            if firing.page in self.pages and self.pages[firing.page].has_class(page_class)
        )
