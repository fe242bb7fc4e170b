"""Everything joined into one site: trackers, their pages, and containers with their tags."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from analyzer.frameworks import start_of
from analyzer.link import libraries
from analyzer.link.asked import Asked
from analyzer.link.bundles import as_libraries, unbundled, without_maps
from analyzer.link.classes import Signs, Told, classify
from analyzer.link.containers import Events, event_names, with_told_ids
from analyzer.link.content_policies import policies
from analyzer.link.deeds import DOES_IT
from analyzer.link.fields import fields_of
from analyzer.link.flows import Flows
from analyzer.link.graph import Graph
from analyzer.link.hosts import unknown_hosts
from analyzer.link.inside import Inside, ref_of
from analyzer.link.leaning import Leaning
from analyzer.link.notices import candidates, is_about_privacy, notices
from analyzer.link.repeats import without_repeats
from analyzer.link.senders import Calling, nothing_calls, sent_through
from analyzer.link.statuses import gated, status_of
from analyzer.link.told import OwnHosts, told_classes, told_containers, with_hosts
from analyzer.link.unset import Unset
from analyzer.link.walk import Walk
from analyzer.link.wrappers import pushes_by_name
from analyzer.match import Matcher
from analyzer.model import (
    NO_POLICY,
    Call,
    Category,
    Container,
    ContainerReport,
    Datum,
    Fact,
    Firing,
    Kind,
    Moment,
    NoticeRead,
    Page,
    Parsed,
    Place,
    Policy,
    Push,
    Role,
    Setting,
    Site,
    Status,
    Step,
    Tag,
    TagRef,
    ToldBy,
    Tracker,
    Unbundle,
    UnknownHost,
    Unresolved,
    Verdict,
)

IF_USED = "if code uses this setting"
Readings = Callable[[Sequence[str]], Mapping[str, tuple[Fact, ...]]]


def build(
    parsed: Sequence[Parsed],
    matcher: Matcher,
    read: Readings,
    paths: Iterable[str] = (),
    every_page: bool = False,
    policy: Policy = NO_POLICY,
    addresses: Sequence[tuple[str, Place]] = (),
    unbundle: Unbundle = without_maps,
    calling: Calling = nothing_calls,
) -> Site:
    """The site; `read` gives for some paths what a person reads there, `paths` are all files.

    With `every_page` also those pages are read that no tracker reaches. `policy` says what the
    organisation knows better: its hosts, its pages and its containers. `addresses` are pages
    without a source, each with the place that lists it: every container of the files loads there.
    `unbundle` tells what the source map of a script says, `calling` which programs call functions
    of some names.
    """
    return Builder(
        parsed, matcher, read, paths, every_page, policy, addresses, unbundle, calling
    ).build()


class Builder:
    """Joins the facts of all files, in one pass each."""

    def __init__(
        self,
        parsed: Sequence[Parsed],
        matcher: Matcher,
        read: Readings,
        paths: Iterable[str],
        every_page: bool,
        policy: Policy,
        addresses: Sequence[tuple[str, Place]] = (),
        unbundle: Unbundle = without_maps,
        calling: Calling = nothing_calls,
    ) -> None:
        self.calling = calling
        self.addresses = dict(addresses)
        self.every_page = every_page
        self.policy = policy
        self.own = OwnHosts(policy.hosts)
        self.matcher = with_hosts(matcher, self.own)
        self.read = read
        parsed = libraries.apart(parsed, matcher)
        self.graph = Graph(parsed, paths)
        self.bundles = unbundled(parsed, self.matcher, self.graph, unbundle)
        parsed = self.bundles.parsed
        self.parsed = [each for each in parsed if each.path not in self.graph.aside]
        self.walk = Walk(self.graph, self.bundles.of)
        self.events = Events()
        self.flows = Flows()
        self.signs = Signs(matcher.signatures.pages)
        self.notices: tuple[NoticeRead, ...] = ()
        self.inside = Inside(
            parsed, self.matcher, self.walk, self.events, self.flows, self.addresses
        )

    def build(self) -> Site:
        """The whole site."""
        on_pages = with_told_ids(without_repeats([*self._page_trackers(), *self._sent_through()]))
        on_pages.extend(self._told_containers(on_pages))
        self._note_events()
        containers, tagged = self.inside.read(on_pages)
        strong = {each.vendor for each in (*on_pages, *tagged) if not each.detection.weak}
        both = [
            each
            for each in (*on_pages, *tagged)
            if not each.detection.weak or each.vendor in strong
        ]
        vendors = self.matcher.signatures.vendors
        leaning = Leaning(self.parsed, both, vendors)
        grouped = _grouped(gated(both, vendors))
        kinds = {each.vendor: vendors[each.vendor].kind for each in grouped}
        unknown = tuple(unknown_hosts(self.parsed, self.matcher, self._fires, self.own))
        pages = self._pages([*grouped], unknown)

        def tracks(each: Tracker) -> bool:
            of_kind = kinds[each.vendor] in (Kind.TRACKER, Kind.TAG_MANAGER)
            shown = each.detection.role not in (Role.MARKER, Role.GATE)
            return of_kind and shown and not leaning.holds(each)

        grouped = [self._with_ways(each) for each in grouped]
        containers = [self._with_tag_ways(each) for each in containers]
        open_ends = (*self.graph.unresolved, *self.inside.unresolved, *self._cut(), *self._untold())
        return Site(
            vendors=vendors,
            pages=pages,
            trackers=tuple(each for each in grouped if tracks(each) and not _is_use(each)),
            others=tuple(each for each in grouped if not tracks(each)),
            uses=tuple(each for each in grouped if tracks(each) and _is_use(each)),
            containers=tuple(containers),
            unknown_hosts=unknown,
            unresolved=tuple(
                sorted(
                    open_ends,
                    key=lambda each: (each.place.path, each.place.line, each.what, each.target),
                )
            ),
            policy=self.policy,
            answered=frozenset(self.own.met),
            notices=self.notices,
            content_policies=tuple(policies(self.parsed, pages, self.matcher)),
            categories={
                each.id: Category(each.id, each.name, each.hipaa)
                for each in self.matcher.signatures.data
            },
            originals=self.bundles.originals,
            copies=self.bundles.held,
        )

    def _cut(self) -> Iterator[Unresolved]:
        """The files whose ways to pages were not all looked at."""
        words = "more than can be looked at, so some of its pages may be missing"
        yield from (Unresolved(start_of(path), "ways to pages", words) for path in self.walk.cut)

    def _untold(self) -> Iterator[Unresolved]:
        """The notices about privacy whose text is not among the files."""
        what, where = "the text of a privacy notice", "that is kept elsewhere"
        kept = (each for each in self.notices if not each.complete)
        yield from (Unresolved(each.place, what, where) for each in kept)

    # ------------------------------------------------------------ trackers in the code

    def _page_trackers(self) -> Iterator[Tracker]:
        asked, unset = Asked(self.parsed, self.matcher), Unset(self.parsed)
        for path, loader in libraries.loaders(self.parsed, self.graph, self.matcher):
            fires = self.walk.firings(loader.fact, path)
            yield Tracker(loader, status_of(loader, fires, self.graph), fires)
        for each in self.parsed:
            for fact in each.facts:
                if isinstance(fact, Container):
                    detections = list(self.matcher.detect_container(fact))
                else:
                    detections = [*self.matcher.detect(fact)] or [*asked.detect(fact)]
                detections = list(as_libraries(detections, self.bundles, self.matcher))
                if not detections:
                    continue
                fires = self.walk.firings(fact, each.path)
                if isinstance(fact, Setting) and self._is_imported(each.path):
                    fires = tuple(_waiting(firing) for firing in fires)
                for detection in detections:
                    if unset.needed_by(detection):
                        yield Tracker(detection, Status.DEAD)
                        continue
                    server = detection.role is Role.SERVER or fact.moment is Moment.SERVER
                    yield Tracker(
                        detection, status_of(detection, fires, self.graph), () if server else fires
                    )

    def _sent_through(self) -> Iterator[Tracker]:
        """What functions of the site's own hand on to vendors, where they are called."""
        for _, hit in sent_through(self.parsed, self.matcher, self.calling):
            yield Tracker(hit, status_of(hit, (), self.graph))

    def _told_containers(self, known: Sequence[Tracker]) -> Iterator[Tracker]:
        """The containers that the organisation says its pages load."""
        if not self.policy.containers:
            return iter(())
        pages = {path: self.graph.routes(path) for path in self._page_paths()}
        pages |= {address: (address,) for address in self.addresses}
        exports = {
            fact.place.path: fact.container_id
            for each in self.parsed
            for fact in each.facts
            if isinstance(fact, Container)
        }
        return told_containers(self.policy, self.matcher, pages, exports, known)

    def _is_imported(self, path: str) -> bool:
        """Is the file only imported, so that code has to use what it holds? A configuration is
        what a framework reads by itself.
        """
        edges = self.graph.into.get(path, ())
        return bool(edges) and all(edge.how == "imports" for edge in edges)

    def _fires(self, fact: Fact, path: str) -> Sequence[Firing]:
        return (
            self.inside.fires[fact.place]
            if isinstance(fact, Tag)
            else self.walk.firings(fact, path)
        )

    def _note_events(self) -> None:
        for each in self.parsed:
            for fact in each.facts:
                if isinstance(fact, Push) or (isinstance(fact, Call) and fact.callee == "gtag"):
                    self._note_push(fact, each.path, _through(fact))
        told = {fact.place for each in self.parsed for fact in each.facts if fact.through}
        for push, path, wrapper in pushes_by_name(self.parsed, self.graph):
            if push.place in told:
                continue  # its imports say for sure which function that is
            self._note_push(push, path, f" through {wrapper.name}() of {wrapper.place.path}")

    def _note_push(self, fact: Push | Call, path: str, through: str) -> None:
        pages = [firing.page for firing in self.walk.firings(fact, path)]
        self.flows.note(fact, pages)
        for name in event_names(fact):
            step = Step(fact.place, f"pushes the event '{name}'{through}")
            self.events.note(name, step, pages)

    # ------------------------------------------------------------ pages

    def _pages(
        self, trackers: Sequence[Tracker], unknown: Sequence[UnknownHost]
    ) -> dict[str, Page]:
        every = self._page_paths()
        reached = {firing.page for tracker in trackers for firing in tracker.fires}
        reached |= {page for each in unknown for page in each.pages}
        reached |= set(every) if self.every_page else set()
        reached |= {path for path in every if is_about_privacy(path, self.graph.routes(path))}
        wanted = sorted({part for page in reached for part in self.graph.parts(page)})
        readings = self.read(wanted)
        found = {path: self._page(path, readings) for path in every}
        told = candidates(found, readings)
        self.notices = tuple(notices(told, self.graph.parts, readings, self.matcher))
        return found | {address: self._listed(address) for address in self.addresses}

    def _page_paths(self) -> list[str]:
        return [path for path in sorted(self.graph.files) if self.graph.is_page(path)]

    def _listed(self, address: str) -> Page:
        """A page that is known by its address only."""
        path = urlsplit(address).path or "/"
        classes = classify(Told("", (path,)), (), self.signs, self.matcher)
        classes = told_classes(classes, address, (path,), self.policy, self.signs.pages)
        return Page(address, self.addresses[address], (address,), classes, framework="list")

    def _page(self, path: str, readings: Mapping[str, tuple[Fact, ...]]) -> Page:
        routes = self.graph.routes(path)
        facts = [fact for part in self.graph.parts(path) for fact in readings.get(part, ())]
        self.flows.note_fields(path, facts)
        classes = classify(self._told(path), facts, self.signs, self.matcher)
        classes = told_classes(classes, path, routes, self.policy, self.signs.pages)
        outer = (
            edge.place
            for edge in self.graph.out.get(path, ())
            if edge.how in ("extends", "layout") and edge.place.path == path
        )
        place = next(outer, start_of(path))
        layouts = self.graph.layouts(path)
        own = (part for each in (path, *layouts) for part in self.graph.parts(each))
        parts = tuple(dict.fromkeys(part for part in own if part != path and part not in layouts))
        framework = self.graph.framework.get(path, "")
        fields = fields_of(facts, self.matcher)
        return Page(path, place, routes, classes, layouts, framework, parts, fields)

    def _with_ways(self, tracker: Tracker) -> Tracker:
        """The tracker with its data told from where each value is born."""
        hit = tracker.detection
        pages = {firing.page for firing in tracker.fires}
        data = self._joined(hit.data, pages, hit.tag)
        return tracker if data == hit.data else replace(tracker, detection=replace(hit, data=data))

    def _with_tag_ways(self, report: ContainerReport) -> ContainerReport:
        tags = tuple(
            replace(
                each,
                data=self._joined(
                    each.data,
                    {firing.page for firing in each.fires},
                    ref_of(each.tag, report.container),
                ),
            )
            for each in report.tags
        )
        return replace(report, tags=tags)

    def _joined(
        self, data: Sequence[Datum], pages: Collection[str], ref: TagRef | None
    ) -> tuple[Datum, ...]:
        """The data with their ways; where a value is born may tell what it is."""
        found = self.flows.joined(data, pages, self.inside.comes_to(ref))
        return tuple(
            one if each == one or _is_told(each) else self._named(one)
            for each, one in zip(data, found, strict=True)
        )

    def _named(self, datum: Datum) -> Datum:
        if datum.name == "event":
            return datum
        category, told_by = self.matcher.categories.of_datum(datum.name, datum.value)
        return replace(datum, category=category, told_by=told_by)

    def _told(self, path: str) -> Told:
        said = self.graph.pages.get(path)
        return Told(path, said.routes, said.needs, said.public) if said else Told(path)


def _is_told(datum: Datum) -> bool:
    """Is it known what the datum is? A word that means many things waits for what is behind it."""
    return bool(datum.category) and datum.told_by is not ToldBy.HINT


def _through(fact: Fact) -> str:
    """How a push that a function does is told where the function is called."""
    for step in fact.through:
        name, done, _ = step.text.partition(DOES_IT)
        if done:
            return f" through {name} of {step.place.path}"
    return ""


def _is_use(tracker: Tracker) -> bool:
    """Is it a call of a function of the site's own that says nothing of which account?

    Such a fact has gone through the function, and begins where it stands itself.
    """
    fact = tracker.detection.fact
    goes_through = len(fact.through) > 1 and any(each.place == fact.place for each in fact.through)
    return goes_through and not tracker.detection.ids


def _waiting(firing: Firing) -> Firing:
    """The firing of what a page imports, and does nothing until code uses it."""
    return replace(firing, verdict=Verdict.MAYBE, conditions=(*firing.conditions, IF_USED))


def _grouped(trackers: Iterable[Tracker]) -> list[Tracker]:
    """The trackers with their snippet's name: one vendor and id in one file, or one tag."""
    listed = list(trackers)
    ids: dict[tuple[str, str, TagRef | None], list[str]] = {}
    for each in listed:
        key = (each.vendor, each.detection.path, each.detection.tag)
        ids.setdefault(key, []).extend(
            name for name in each.detection.ids if name not in ids.get(key, [])
        )
    found = []
    for each in listed:
        known = ids[(each.vendor, each.detection.path, each.detection.tag)]
        name = each.detection.ids[0] if each.detection.ids else known[0] if known else ""
        tag = each.detection.tag
        where = each.detection.path + (f"#{tag.tag_id or tag.tag_name}" if tag is not None else "")
        found.append(replace(each, group=f"{each.vendor}:{name}:{where}"))
    return sorted(
        found,
        key=lambda each: (
            each.place.path,
            each.place.line,
            each.place.region.column,
            each.vendor,
            each.detection.role,
        ),
    )
