"""What is inside the containers of a scan: where each tag fires, who gets its data, and what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeGuard

from analyzer.link.containers import (
    Events,
    event_names,
    inner_firings,
    never_fires,
    tag_firings,
    unpushed,
)
from analyzer.link.feeds import (
    CONFIGURING,
    Sent,
    events_with,
    sent_as_told,
    sent_by_calls,
    sent_by_request,
    sent_by_tag,
)
from analyzer.link.flows import Carried, Flows, no_event
from analyzer.link.servers import (
    Servers,
    arrivals,
    carried,
    feeds_of,
    forwarded,
    is_server,
    let_through,
    server_firings,
)
from analyzer.link.statuses import tag_status
from analyzer.link.walk import Walk
from analyzer.match import Matcher
from analyzer.model import (
    Call,
    Container,
    ContainerReport,
    Datum,
    Detection,
    Fact,
    Firing,
    Hole,
    Kind,
    Origin,
    OriginKind,
    Parsed,
    Place,
    Push,
    Role,
    Step,
    Tag,
    TagRef,
    TagReport,
    Tracker,
    Unresolved,
    Verdict,
    holes,
)

# Roles from most to least telling: what a tag with custom HTML is, when its code does several
# things.
ROLE_ORDER = (
    Role.SERVER,
    Role.SETUP,
    Role.CONTAINER,
    Role.LOADER,
    Role.PIXEL,
    Role.EVENT,
    Role.IDENTITY,
    Role.CONFIG,
    Role.PACKAGE,
    Role.GATE,
    Role.MARKER,
)
ROUNDS = 3  # tags that push what other tags wait for, one behind the other


class Inside:
    """The containers among some files, held against what their pages do.

    After `read`, `fires` tells where each tag fires by its place, and `unresolved` what in the
    containers leads nowhere.
    """

    def __init__(
        self,
        parsed: Sequence[Parsed],
        matcher: Matcher,
        walk: Walk,
        events: Events,
        flows: Flows,
        addresses: Mapping[str, Place],
    ) -> None:
        self.parsed = parsed
        self.matcher = matcher
        self.walk = walk
        self.events = events
        self.flows = flows
        self.addresses = addresses
        self.containers = [
            fact for each in parsed for fact in each.facts if isinstance(fact, Container)
        ]
        self.servers = Servers(self.containers)
        self.fires: dict[Place, tuple[Firing, ...]] = {}
        self.unresolved = [
            Unresolved(found.place, found.what, found.target)
            for each in self.containers
            for found in each.diagnostics
        ]
        self.snippets: dict[str, list[Tracker]] = {}
        self.comes: dict[TagRef, Carried] = {}

    def read(self, trackers: Sequence[Tracker]) -> tuple[list[ContainerReport], list[Tracker]]:
        """The containers, and the trackers in their tags; `trackers` are those of the pages."""
        for tracker in trackers:
            vendor = self.matcher.signatures.vendors[tracker.vendor]
            if vendor.kind is Kind.TAG_MANAGER and tracker.detection.role is Role.CONTAINER:
                for name in tracker.detection.ids:
                    self.snippets.setdefault(name, []).append(tracker)
        in_browsers = [each for each in self.containers if not is_server(each)]
        loads = {each.place: self._loads(each) for each in in_browsers}
        self._note_events(in_browsers, loads)
        built = {each.place: self._container(each, loads[each.place]) for each in in_browsers}
        if self.servers.containers:
            sent = tuple(self._sent(in_browsers))
            built |= {each.place: self._server(each, sent) for each in self.servers.containers}
        reports = [built[each.place][0] for each in self.containers]
        return reports, [found for each in self.containers for found in built[each.place][1]]

    def comes_to(self, ref: TagRef | None) -> Carried:
        """What events bring to a tag of a server container."""
        return self.comes.get(ref, no_event) if ref is not None else no_event

    def _loads(self, container: Container) -> tuple[Firing, ...]:
        """The pages that load a container."""
        loads: dict[str, Firing] = {}
        for snippet in self.snippets.get(container.container_id, ()):
            for firing in snippet.fires:
                step = Step(snippet.place, f"loads container {container.container_id}")
                known = replace(firing, trail=(*firing.trail, step))
                if firing.page not in loads or loads[firing.page].verdict != "yes":
                    loads[firing.page] = known
        for firing in self.walk.firings(container, container.place.path):  # a copy on the site
            loads.setdefault(firing.page, firing)
        for address, place in self.addresses.items():
            step = Step(place, f"is listed, and loads container {container.container_id}")
            loads[address] = Firing(address, Verdict.YES, routes=(address,), trail=(step,))
        return tuple(loads.values())

    def _note_events(
        self, containers: Sequence[Container], loads: Mapping[Place, Sequence[Firing]]
    ) -> None:
        """Note what the tags of containers push, and then what tags push that wait for that."""
        pushing = [
            (tag, fact, container)
            for container in containers
            for tag in container.tags
            if not tag.paused
            for fact in tag.facts
            if _pushes(fact)
        ]
        for left in range(ROUNDS, 0, -1) if pushing else ():
            for tag, fact, container in pushing:
                fires = tag_firings(tag, container, loads[container.place], self.events)
                own = inner_firings(fact, fires)
                if left == 1:
                    self.flows.note(fact, [firing.page for firing in own])
                for name in event_names(fact):
                    words = f"tag '{tag.name}' pushes the event '{name}'"
                    sure = [each.page for each in own if each.verdict is Verdict.YES]
                    self.events.note(name, Step(fact.place, words), sure)

    def _container(
        self, container: Container, loads: Sequence[Firing]
    ) -> tuple[ContainerReport, list[Tracker]]:
        tags: list[TagReport] = []
        found: list[Tracker] = []
        for tag in container.tags:
            fires = () if tag.paused else tag_firings(tag, container, loads, self.events)
            detections = list(self.matcher.detect_tag(tag, container))
            tags.append(self._tag(tag, container, detections, fires))
            found += self._trackers(tag, container, detections, fires)
        snippets = self.snippets.get(container.container_id, ())
        where = tuple(dict.fromkeys(snippet.place.path for snippet in snippets))
        silent = unpushed(container, self.events, self._pushes()) if where else ()
        return ContainerReport(container, where, tuple(tags), silent), found

    def _server(
        self, container: Container, sent: Sequence[Sent]
    ) -> tuple[ContainerReport, list[Tracker]]:
        """A server container, whose tags fire for the pages of what feeds them."""
        told = (
            sent_as_told(snippet.place, container, snippet.fires)
            for snippet in self.snippets.get(container.container_id, ())
        )
        feeding = (*self.servers.feeding(container, sent), *told)
        tags: list[TagReport] = []
        found: list[Tracker] = []
        for tag in container.tags:
            started = arrivals(tag, container, feeding)
            fires = server_firings(tag, container, started)
            self.comes[ref_of(tag, container)] = carried(
                tag, container, started, self.flows.is_pushed
            )
            handed_on = [self._datum(key, tag) for key in forwarded(tag, started)]
            detections = [
                replace(each, data=let_through(_with(each, tag, handed_on), tag, container))
                for each in self.matcher.detect_tag(tag, container)
            ]
            report = self._tag(tag, container, detections, fires)
            tags.append(replace(report, fed_by=feeds_of(started)))
            found += self._trackers(tag, container, detections, fires)
        fed_by = tuple(dict.fromkeys(each.feed for each in feeding))
        return ContainerReport(container, (), tuple(tags), (), fed_by), found

    def _sent(self, containers: Sequence[Container]) -> Iterator[Sent]:
        """All that is sent to servers of the site's own."""
        hosts = self.servers.every_host
        calls = [
            (fact, self.walk.firings(fact, each.path))
            for each in self.parsed
            for fact in each.facts
            if isinstance(fact, Call) and fact.callee == "gtag"
        ]
        yield from sent_by_calls(calls)
        for container in containers:
            snippets = self.snippets.get(container.container_id, ())
            loaders = [each.detection.fact for each in snippets]
            for tag in container.tags:
                if never_fires(tag, container):
                    continue
                for sent in sent_by_tag(tag, container, self.fires[tag.place], hosts, loaders):
                    yield sent
                    if tag.type in CONFIGURING:
                        yield from events_with(sent, calls)
        for each in self.parsed if hosts else ():
            for fact in each.facts:
                yield from sent_by_request(fact, each.path, self.walk, hosts)

    def _datum(self, key: str, tag: Tag) -> Datum:
        """What a tag hands on of an event as it is."""
        value = Hole(key, Origin(OriginKind.EVENT, key))
        category, told_by = self.matcher.categories.of_datum(key, value)
        return Datum(key, value, category, tag.place, told_by)

    def _trackers(
        self,
        tag: Tag,
        container: Container,
        detections: Sequence[Detection],
        fires: tuple[Firing, ...],
    ) -> Iterator[Tracker]:
        self.fires[tag.place] = fires
        for detection in detections:
            own = fires if detection.fact is tag else inner_firings(detection.fact, fires)
            yield Tracker(detection, tag_status(tag, container, detection), own)

    def _pushes(self) -> Iterator[Fact]:
        """What pages and the tags of containers push."""
        for each in self.parsed:
            for fact in each.facts:
                if isinstance(fact, Container):
                    yield from (inner for tag in fact.tags for inner in tag.facts)
                elif isinstance(fact, (Push, Call)):
                    yield fact

    def _tag(
        self,
        tag: Tag,
        container: Container,
        detections: Sequence[Detection],
        fires: tuple[Firing, ...],
    ) -> TagReport:
        vendors = self.matcher.signatures.vendors
        hidden = (Role.MARKER, Role.GATE, Role.PACKAGE, Role.LIBRARY)
        asked = [each for each in detections if each.role not in hidden]
        trackers = (
            [each for each in asked if vendors[each.vendor].kind is Kind.TRACKER]
            or [each for each in asked if vendors[each.vendor].kind is not Kind.EMBED]
            or asked
        )
        main = min(
            trackers,
            key=lambda each: (each.fact is not tag, ROLE_ORDER.index(each.role)),
            default=None,
        )
        if main is None:
            return TagReport(tag, None, None, (), fires, (), never_fires(tag, container))
        same = [each for each in detections if each.vendor == main.vendor]
        ids = tuple(dict.fromkeys(name for each in same for name in each.ids))
        data = tuple(dict.fromkeys(datum for each in same for datum in each.data))
        return TagReport(tag, main.vendor, main.role, ids, fires, data, never_fires(tag, container))


def _with(detection: Detection, tag: Tag, handed_on: Sequence[Datum]) -> tuple[Datum, ...]:
    """A detection's data, with what the tag itself hands on besides."""
    if detection.fact is not tag:
        return detection.data
    read = {
        hole.origin.name
        for datum in detection.data
        for hole in holes(datum.value)
        if hole.origin.kind is OriginKind.EVENT
    }
    return (*detection.data, *(each for each in handed_on if each.name not in read))


def ref_of(tag: Tag, container: Container) -> TagRef:
    return TagRef(container.container_id, container.place.path, tag.tag_id, tag.name)


def _pushes(fact: Fact) -> TypeGuard[Push | Call]:
    return isinstance(fact, Push) or (isinstance(fact, Call) and fact.callee == "gtag")
