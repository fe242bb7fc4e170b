"""Everything joined into one site: trackers with their pages, pages with their classes, containers with their tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from analyzer.engines import UNFOLLOWED
from analyzer.link.classes import Signs, classify
from analyzer.link.containers import Events, event_names, inner_firings, never_fires, tag_firings
from analyzer.link.graph import Graph
from analyzer.match import Matcher
from analyzer.model import (
    NEVER,
    Call,
    Container,
    ContainerReport,
    Detection,
    Fact,
    Firing,
    Frame,
    Kind,
    Page,
    Parsed,
    Pixel,
    Place,
    Push,
    Region,
    Request,
    Role,
    ScriptLoad,
    Setting,
    Site,
    Status,
    Step,
    Tag,
    TagRef,
    TagReport,
    Tracker,
    UnknownHost,
    Unresolved,
    Verdict,
    options,
)
from analyzer.patterns import address_of

Readings = Callable[[Sequence[str]], Mapping[str, tuple[Fact, ...]]]
KINDS: dict[type[Fact], str] = {ScriptLoad: "script", Frame: "frame", Pixel: "pixel", Request: "request"}
# Roles from most to least telling: what a tag with custom HTML is, when its code does several things.
ROLE_ORDER = (Role.SERVER, Role.SETUP, Role.CONTAINER, Role.LOADER, Role.PIXEL, Role.EVENT, Role.IDENTITY, Role.CONFIG,
              Role.PACKAGE, Role.GATE, Role.MARKER)
LOCAL_HOST = re.compile(r"^(?:localhost|127\.|0\.0\.0\.0|\[?::1|example\.(?:com|org|net)$|.*\.(?:local|test|invalid|example|localhost)$)")


def build(parsed: Sequence[Parsed], matcher: Matcher, read: Readings) -> Site:
    """The site; `read` gives for some paths what a person reads there."""
    return Builder(parsed, matcher, read).build()


class Builder:
    """Joins the facts of all files, in one pass each."""

    def __init__(self, parsed: Sequence[Parsed], matcher: Matcher, read: Readings) -> None:
        self.parsed = parsed
        self.matcher = matcher
        self.read = read
        self.graph = Graph(parsed)
        self.events = Events()
        self.signs = Signs(matcher.signatures.pages)
        self.unresolved: list[Unresolved] = []
        self.tag_fires: dict[Place, tuple[Firing, ...]] = {}

    def build(self) -> Site:
        """The whole site."""
        on_pages = list(self._page_trackers())
        self._note_events()
        containers, tagged = self._containers(on_pages)
        strong = {each.vendor for each in (*on_pages, *tagged) if not each.detection.weak}
        both = [each for each in (*on_pages, *tagged) if not each.detection.weak or each.vendor in strong]
        both = list(self._gated(both))
        grouped = _grouped(both)
        vendors = self.matcher.signatures.vendors
        kinds = {each.vendor: vendors[each.vendor].kind for each in grouped}
        unknown = tuple(self._unknown_hosts())
        return Site(
            vendors=vendors,
            pages=self._pages([*grouped], unknown),
            trackers=tuple(each for each in grouped if kinds[each.vendor] in (Kind.TRACKER, Kind.TAG_MANAGER)
                           and each.detection.role not in (Role.MARKER, Role.GATE)),
            others=tuple(each for each in grouped if kinds[each.vendor] not in (Kind.TRACKER, Kind.TAG_MANAGER)
                         or each.detection.role in (Role.MARKER, Role.GATE)),
            containers=tuple(containers),
            unknown_hosts=unknown,
            unresolved=tuple(sorted((*self.graph.unresolved, *self.unresolved),
                                    key=lambda each: (each.place.path, each.place.line, each.what, each.target))),
        )

    # ------------------------------------------------------------ trackers in the code

    def _page_trackers(self) -> Iterator[Tracker]:
        for each in self.parsed:
            for fact in each.facts:
                if isinstance(fact, Container):
                    continue
                detections = list(self.matcher.detect(fact))
                if not detections:
                    continue
                fires = self.graph.firings(fact, each.path)
                for detection in detections:
                    server = detection.role is Role.SERVER
                    yield Tracker(detection, self._status(detection, fires), () if server else fires)

    def _status(self, detection: Detection, fires: tuple[Firing, ...]) -> Status:
        fact = detection.fact
        guards = fact.guards
        if any(guard.condition == NEVER for guard in guards):
            return Status.DEAD
        if detection.role is Role.SERVER:
            return Status.SERVER_SIDE
        if detection.placeholder:
            return Status.PLACEHOLDER
        if any(guard.kind == "consent" for guard in guards):
            return Status.CONSENT_GATED
        if any(guard.kind not in ("noscript",) for guard in guards):
            return Status.CONDITIONAL
        if isinstance(fact, Setting):
            return Status.CONDITIONAL  # an id waits for code that uses it
        if fires and not any(firing.verdict is Verdict.YES for firing in fires) \
                and not any(guard.kind == "noscript" for guard in guards):
            return Status.CONDITIONAL
        if detection.role is Role.PACKAGE or fires:
            return Status.LIVE
        template = self.graph.files.get(detection.path)
        if template is not None and template.is_markup and template.engine != UNFOLLOWED and not self.graph.is_page(detection.path) \
                and not self.graph.into.get(detection.path):
            return Status.DEAD
        return Status.LIVE

    def _gated(self, trackers: Sequence[Tracker]) -> Iterator[Tracker]:
        """The trackers, with those held back whose owner is told at first that the visitor does not consent."""
        vendors = self.matcher.signatures.vendors
        held: dict[str, set[str]] = {}
        for each in trackers:
            denies = any(datum.value == "denied" for datum in each.detection.data)
            if each.detection.role is Role.GATE and denies:
                pages = {each.place.path, *(firing.page for firing in each.fires)}
                held.setdefault(vendors[each.vendor].owner, set()).update(pages)
        for each in trackers:
            pages = {firing.page for firing in each.fires} or {each.place.path}
            owned = held.get(vendors[each.vendor].owner, set())
            plain = each.status in (Status.LIVE, Status.CONDITIONAL) and vendors[each.vendor].kind is Kind.TRACKER
            yield replace(each, status=Status.CONSENT_GATED) if plain and pages <= owned else each

    # ------------------------------------------------------------ containers

    def _note_events(self) -> None:
        for each in self.parsed:
            for fact in each.facts:
                if isinstance(fact, (Push, Call)):
                    for name in event_names(fact):
                        pages = [firing.page for firing in self.graph.firings(fact, each.path)]
                        self.events.note(name, Step(fact.place, f"pushes the event '{name}'"), pages)

    def _containers(self, trackers: Sequence[Tracker]) -> tuple[list[ContainerReport], list[Tracker]]:
        snippets: dict[str, list[Tracker]] = {}
        for tracker in trackers:
            vendor = self.matcher.signatures.vendors[tracker.vendor]
            if vendor.kind is Kind.TAG_MANAGER and tracker.detection.role is Role.CONTAINER:
                for name in tracker.detection.ids:
                    snippets.setdefault(name, []).append(tracker)
        reports: list[ContainerReport] = []
        found: list[Tracker] = []
        for each in self.parsed:
            for fact in each.facts:
                if isinstance(fact, Container):
                    report, tagged = self._container(fact, snippets.get(fact.container_id, []))
                    reports.append(report)
                    found.extend(tagged)
        return reports, found

    def _container(self, container: Container, snippets: Sequence[Tracker]) -> tuple[ContainerReport, list[Tracker]]:
        loads: dict[str, Firing] = {}
        for snippet in snippets:
            for firing in snippet.fires:
                step = Step(snippet.place, f"loads container {container.container_id}")
                known = replace(firing, trail=(*firing.trail, step))
                if firing.page not in loads or loads[firing.page].verdict != "yes":
                    loads[firing.page] = known
        tags, found = [], []
        for tag in container.tags:
            fires = () if tag.paused else tag_firings(tag, container, list(loads.values()), self.events)
            self.tag_fires[tag.place] = fires
            detections = list(self.matcher.detect_tag(tag, container))
            tags.append(self._tag(tag, container, detections, fires))
            for detection in detections:
                own = fires if detection.fact is tag else inner_firings(detection.fact, fires)
                found.append(Tracker(detection, _tag_status(tag, container, detection), own))
        self.unresolved.extend(Unresolved(each.place, each.what, each.target) for each in container.diagnostics)
        where = tuple(dict.fromkeys(snippet.place.path for snippet in snippets))
        return ContainerReport(container, where, tuple(tags)), found

    def _tag(self, tag: Tag, container: Container, detections: Sequence[Detection],
             fires: tuple[Firing, ...]) -> TagReport:
        vendors = self.matcher.signatures.vendors
        hidden = (Role.MARKER, Role.GATE, Role.PACKAGE)
        asked = [each for each in detections if each.role not in hidden]
        trackers = [each for each in asked if vendors[each.vendor].kind is Kind.TRACKER] or [
            each for each in asked if vendors[each.vendor].kind is not Kind.EMBED] or asked
        main = min(trackers, key=lambda each: (each.fact is not tag, ROLE_ORDER.index(each.role)), default=None)
        if main is None:
            return TagReport(tag, None, None, (), fires, (), never_fires(tag, container))
        same = [each for each in detections if each.vendor == main.vendor]
        ids = tuple(dict.fromkeys(name for each in same for name in each.ids))
        data = tuple(dict.fromkeys(datum for each in same for datum in each.data))
        return TagReport(tag, main.vendor, main.role, ids, fires, data, never_fires(tag, container))

    # ------------------------------------------------------------ unknown hosts

    def _unknown_hosts(self) -> Iterator[UnknownHost]:
        seen: set[tuple[str, str, int]] = set()
        for each in self.parsed:
            for owner, inner in _running(each.facts):
                if not isinstance(inner, (ScriptLoad, Frame, Pixel, Request)):
                    continue
                if any(True for _ in self.matcher.detect(inner)):
                    continue
                for url in options(inner.url):
                    address = address_of(url)
                    host = address.host if address is not None else ""
                    if address is None or "." not in host or "\x00" in host or LOCAL_HOST.match(host):
                        continue
                    if isinstance(inner, Pixel) and not address.query:
                        continue  # a picture that is told nothing
                    key = (host, each.path, inner.place.line)
                    if key in seen:
                        continue
                    seen.add(key)
                    fires = self.tag_fires[owner.place] if isinstance(owner, Tag) else (
                        self.graph.firings(owner, each.path))
                    known = self.matcher.signatures.host(host)
                    yield UnknownHost(
                        host, inner.place, KINDS[type(inner)], tuple(firing.page for firing in fires),
                        known.owner if known else "", known.category if known else "")

    # ------------------------------------------------------------ pages

    def _pages(self, trackers: Sequence[Tracker], unknown: Sequence[UnknownHost]) -> dict[str, Page]:
        reached = {firing.page for tracker in trackers for firing in tracker.fires}
        reached |= {page for each in unknown for page in each.pages}
        wanted = sorted({part for page in reached for part in self.graph.parts(page)})
        readings = self.read(wanted)
        pages: dict[str, Page] = {}
        for path in sorted(self.graph.files):
            if self.graph.is_page(path):
                pages[path] = self._page(path, readings)
        return pages

    def _page(self, path: str, readings: Mapping[str, tuple[Fact, ...]]) -> Page:
        route = self.graph.route(path)
        facts = [fact for part in self.graph.parts(path) for fact in readings.get(part, ())]
        classes = classify(path, [route] if route else [], facts, self.signs, self.matcher)
        outer = next((edge for edge in self.graph.out.get(path, ()) if edge.how in ("extends", "layout")), None)
        place = outer.place if outer is not None else Place(path, Region(1, 1, 1, 1, (1, 1)))
        return Page(path, place, (route,) if route else (), classes, self.graph.layouts(path))


def _grouped(trackers: Iterable[Tracker]) -> list[Tracker]:
    """The trackers with their snippet's name: one vendor and id in one file, or one tag."""
    listed = list(trackers)
    ids: dict[tuple[str, str, TagRef | None], list[str]] = {}
    for each in listed:
        key = (each.vendor, each.detection.path, each.detection.tag)
        ids.setdefault(key, []).extend(name for name in each.detection.ids if name not in ids.get(key, []))
    found = []
    for each in listed:
        known = ids[(each.vendor, each.detection.path, each.detection.tag)]
        name = each.detection.ids[0] if each.detection.ids else known[0] if known else ""
        tag = each.detection.tag
        where = each.detection.path + (f"#{tag.tag_id or tag.tag_name}" if tag is not None else "")
        found.append(replace(each, group=f"{each.vendor}:{name}:{where}"))
    return sorted(found, key=lambda each: (each.place.path, each.place.line, each.place.region.column,
                                           each.vendor, each.detection.role))


def _tag_status(tag: Tag, container: Container, detection: Detection) -> Status:
    guards = detection.fact.guards
    if tag.paused or never_fires(tag, container) or any(guard.condition == NEVER for guard in guards):
        return Status.DEAD
    if detection.role is Role.SERVER or "SERVER" in container.context:
        return Status.SERVER_SIDE
    if detection.placeholder:
        return Status.PLACEHOLDER
    if tag.consent.status == "NEEDED" or any(guard.kind == "consent" for guard in guards):
        return Status.CONSENT_GATED
    plain = all(trigger.scope == "all-pages" for trigger in tag.triggers) and all(
        guard.kind == "noscript" for guard in guards)
    return Status.LIVE if plain and not tag.blocking else Status.CONDITIONAL


def _running(facts: Iterable[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Every fact with the one that decides where it runs: the tag for what a tag's code says."""
    for fact in facts:
        if isinstance(fact, Container):
            tags = [tag for tag in fact.tags if not never_fires(tag, fact)]
            yield from ((tag, inner) for tag in tags for inner in tag.facts)
        else:
            yield fact, fact
