"""In which state a tracker is: running, conditional, waiting for consent, on a server, or dead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from analyzer.engines import UNFOLLOWED, engine_named
from analyzer.link.containers import never_fires
from analyzer.link.graph import Graph
from analyzer.model import (
    FRAGMENT,
    NEVER,
    Container,
    Detection,
    Firing,
    Guard,
    Kind,
    Moment,
    Role,
    Setting,
    Status,
    Tag,
    Tracker,
    Vendor,
    Verdict,
)


def status_of(detection: Detection, fires: Sequence[Firing], graph: Graph) -> Status:
    """The state of a tracker in the site's own code."""
    guards = detection.fact.guards
    if decided := _decided(detection, guards):
        return decided
    if any(guard.kind == "consent" for guard in guards):
        return Status.CONSENT_GATED
    noscript = any(guard.kind == "noscript" for guard in guards)
    only_maybe = bool(fires) and not any(firing.verdict is Verdict.YES for firing in fires)
    if isinstance(detection.fact, Setting):  # an id waits for code that uses it
        return Status.CONDITIONAL
    if any(guard.kind != "noscript" for guard in guards) or (only_maybe and not noscript):
        return Status.CONDITIONAL
    present = detection.role in (Role.PACKAGE, Role.LIBRARY)
    if present or fires or not _is_left_over(detection, graph):
        return Status.LIVE
    return Status.DEAD


def tag_status(tag: Tag, container: Container, detection: Detection) -> Status:
    """The state of a tracker in a container's tag."""
    guards = detection.fact.guards
    if tag.paused or never_fires(tag, container):
        return Status.DEAD
    if "SERVER" in container.context:
        return Status.SERVER_SIDE
    if decided := _decided(detection, guards):
        return decided
    if tag.consent.status == "NEEDED" or any(guard.kind == "consent" for guard in guards):
        return Status.CONSENT_GATED
    plain = all(trigger.scope == "all-pages" for trigger in tag.triggers) and not tag.blocking
    return (
        Status.LIVE
        if plain and all(guard.kind == "noscript" for guard in guards)
        else Status.CONDITIONAL
    )


def gated(trackers: Sequence[Tracker], vendors: Mapping[str, Vendor]) -> Iterator[Tracker]:
    """The trackers, with those held back whose owner is told at first that the visitor does not
    consent.
    """
    held: dict[str, set[str]] = {}
    for each in trackers:
        denies = any(datum.value == "denied" for datum in each.detection.data)
        if each.detection.role is Role.GATE and denies:
            pages = {each.place.path, *(firing.page for firing in each.fires)}
            held.setdefault(vendors[each.vendor].owner, set()).update(pages)
    for each in trackers:
        pages = {firing.page for firing in each.fires} or {each.place.path}
        plain = (
            each.status in (Status.LIVE, Status.CONDITIONAL)
            and vendors[each.vendor].kind is Kind.TRACKER
        )
        waits = plain and pages <= held.get(vendors[each.vendor].owner, set())
        yield replace(each, status=Status.CONSENT_GATED) if waits else each


def _decided(detection: Detection, guards: Sequence[Guard]) -> Status | None:
    """The states that nothing around the tracker changes."""
    if any(guard.condition == NEVER for guard in guards):
        return Status.DEAD
    sends = not isinstance(detection.fact, Setting)  # an id in a program is for pages as well
    if detection.role is Role.SERVER or (sends and detection.fact.moment is Moment.SERVER):
        return Status.SERVER_SIDE
    return Status.PLACEHOLDER if detection.placeholder else None


def _is_left_over(detection: Detection, graph: Graph) -> bool:
    """Is the file a part of a page that no page includes, in a language whose includes are
    followed?
    """
    path = detection.path
    if path in graph.unused:
        return True
    template = graph.files.get(path)
    if template is None or not template.is_markup or template.engine == UNFOLLOWED:
        return False
    engine = engine_named(template.engine)
    # where the language does not say who calls a function, a program elsewhere may do so
    called_freely = bool(engine.opens_fragment) and not engine.calls
    if called_freely and any(name.startswith(FRAGMENT) for name in detection.fact.blocks):
        return False
    return not graph.is_page(path) and not graph.into.get(path)
