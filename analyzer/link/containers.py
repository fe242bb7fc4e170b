"""Containers joined to the pages that load them: where, and at which moment, does a tag fire?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from analyzer.conditions import all_of, undecided, verdict
from analyzer.expressions import javascript_pattern
from analyzer.link.answers import answer_for
from analyzer.model import (
    Call,
    Condition,
    Container,
    Fact,
    Firing,
    Hole,
    Moment,
    Object,
    Push,
    Role,
    ScriptLoad,
    Setting,
    Step,
    Tag,
    Text,
    Tracker,
    Trigger,
    Value,
    Verdict,
    firing_rank,
    holes,
    options,
)

WORD = re.compile(r"[A-Za-z_$][\w$]*")
PATTERN = re.compile(r"/(?P<pattern>.*)/(?P<any_case>i?)", re.S)

BUILT_IN_EVENTS = (  # what the tag manager reports by itself
    "gtm.js",
    "gtm.dom",
    "gtm.load",
    "gtm.init",
    "gtm.init_consent",
    "gtm.click",
    "gtm.linkClick",
    "gtm.formSubmit",
    "gtm.historyChange",
    "gtm.historyChange-v2",
    "gtm.pageError",
    "gtm.timer",
    "gtm.scrollDepth",
    "gtm.elementVisibility",
    "gtm.video",
    "gtm.triggerGroup",
)


class Events:
    """Which pages push which data-layer event, with the push as a step."""

    def __init__(self) -> None:
        self.pages: dict[str, dict[str, Step]] = {}

    def note(self, name: str, step: Step, pages: Sequence[str]) -> None:
        """Note that the event is pushed here, and on which pages."""
        known = self.pages.setdefault(name, {})
        for page in pages:
            known.setdefault(page, step)

    def pushed_on(self, event: str, page: str) -> Step | None:
        """The push of an event on a page."""
        return next(
            (self.pages[name][page] for name in self._named(event) if page in self.pages[name]),
            None,
        )

    def is_pushed(self, event: str) -> bool:
        """Does any code that was read push the event?"""
        return any(True for _ in self._named(event))

    def _named(self, event: str) -> Iterator[str]:
        """The pushed events that a trigger's event means: a name, or a pattern between slashes."""
        written = PATTERN.fullmatch(event)
        if written is None:
            yield from (name for name in (event,) if name in self.pages)
            return
        for name in self.pages:
            pattern = javascript_pattern(written["pattern"], bool(written["any_case"]), len(name))
            if pattern is not None and pattern.search(name):
                yield name


def event_names(fact: Push | Call) -> Iterator[str]:
    """The data-layer events that a push or a gtag call makes."""
    if isinstance(fact, Push):
        value: Value = fact.value.get("event") if isinstance(fact.value, Object) else None
    elif fact.callee == "gtag" and len(fact.args) > 1 and fact.args[0] == "event":
        value = fact.args[1]
    else:
        return
    for each in options(value):
        if isinstance(each, str) and each:
            yield each


def with_told_ids(trackers: Sequence[Tracker]) -> list[Tracker]:
    """The trackers, with the ids of containers that a page takes from a setting of the same name:
    `gtmId` of a page's snippet from `analytics.gtmId` of a file.
    """
    told: dict[tuple[str, str], set[str]] = {}
    for each in trackers:
        fact = each.detection.fact
        if isinstance(fact, Setting) and each.detection.role is Role.CONFIG:
            key = (each.vendor, _last_word(fact.key))
            told.setdefault(key, set()).update(each.detection.ids)
    return [_with_told_id(each, told) for each in trackers]


def _with_told_id(tracker: Tracker, told: Mapping[tuple[str, str], set[str]]) -> Tracker:
    hit = tracker.detection
    if hit.role is not Role.CONTAINER or hit.ids or not isinstance(hit.fact, ScriptLoad):
        return tracker
    words = {_last_word(hole.text) for hole in holes(hit.fact.url)}
    found = {name for word in words for name in told.get((tracker.vendor, word), ())}
    if len(found) != 1:
        return tracker
    return replace(tracker, detection=replace(hit, ids=tuple(found)))


def _last_word(text: str) -> str:
    """The last name in a path: `gtmId` of `config.analytics.gtmId`."""
    words = WORD.findall(text)
    return words[-1] if words else ""


def tag_firings(
    tag: Tag, container: Container, snippet: Sequence[Firing], events: Events
) -> tuple[Firing, ...]:
    """The pages on which a tag fires, given the pages that load its container."""
    mains = [main for main in container.tags if main.name in tag.along and not main.paused]
    best: dict[str, Firing] = {}
    for owner in (tag, *mains):
        for page in snippet:
            for trigger in owner.triggers:
                firing = _fires(owner, trigger, page, events)
                if firing is None:
                    continue
                if owner is not tag:
                    step = Step(owner.place, f"tag '{owner.name}' runs '{tag.name}' along with it")
                    firing = replace(firing, trail=(*firing.trail, step))
                known = best.get(firing.page)
                if known is None or firing_rank(firing) < firing_rank(known):
                    best[firing.page] = firing
    return tuple(best[page] for page in sorted(best))


def inner_firings(fact: Fact, fires: Sequence[Firing]) -> tuple[Firing, ...]:
    """Where a part of a tag's own code runs, with the conditions and the moment that it adds."""
    asked = [guard for guard in fact.guards if guard.kind != "consent"]
    condition = all_of(*(guard.condition for guard in asked))
    found = []
    for firing in fires:
        said = verdict(condition, answer_for(firing.routes))
        if said is Verdict.NO:
            continue
        open_guards = [
            guard.text
            for guard in asked
            if said is Verdict.MAYBE and undecided(guard.condition, answer_for(firing.routes))
        ]
        found.append(
            replace(
                firing,
                verdict=said if firing.verdict is Verdict.YES else firing.verdict,
                moment=fact.moment if firing.moment is Moment.LOAD else firing.moment,
                conditions=tuple(dict.fromkeys((*firing.conditions, *open_guards))),
            )
        )
    return tuple(found)


def never_fires(tag: Tag, container: Container) -> bool:
    """Does nothing in the container start the tag?"""
    return not _starts(tag, container, frozenset())


def _starts(tag: Tag, container: Container, asked: frozenset[str]) -> bool:
    """Does a trigger that can hold start the tag, or another tag that is started?"""
    if tag.paused:
        return False
    if any(_can_hold(trigger.page) for trigger in tag.triggers):
        return True
    asked = asked | {tag.name}
    return any(
        _starts(main, container, asked)
        for main in container.tags
        if main.name in tag.along and main.name not in asked
    )


@lru_cache(maxsize=4096)
def _can_hold(condition: Condition) -> bool:
    """Is there any page and any moment at which the condition may be true?"""
    return verdict(condition, lambda atom: Verdict.MAYBE) is not Verdict.NO


def unpushed(container: Container, events: Events, others: Iterable[Fact]) -> tuple[str, ...]:
    """The events that the container's tags wait for and that neither a page nor `others` push.

    Where code pushes an event by a name that cannot be read, nothing can be said of any event.
    """
    if "SERVER" in container.context:
        return ()
    names: set[str] = set()
    for fact in others:
        if isinstance(fact, (Push, Call)):
            if _hides_its_event(fact):
                return ()
            names.update(event_names(fact))
    heard = (
        trigger.event
        for tag in container.tags
        if not never_fires(tag, container)
        for trigger in tag.triggers
        if trigger.event
    )
    known = Events()
    for name in (*names, *BUILT_IN_EVENTS):
        known.pages[name] = {}
    return tuple(
        dict.fromkeys(
            event
            for event in heard
            if not event.startswith("gtm.")
            and not events.is_pushed(event)
            and not known.is_pushed(event)
        )
    )


def _hides_its_event(fact: Push | Call) -> bool:
    """Does it push an event by a name that only the running page knows?"""
    if isinstance(fact, Push):
        if not isinstance(fact.value, Object):
            return isinstance(fact.value, Hole) and fact.layer.lower().endswith("datalayer")
        value: Value = fact.value.get("event")
        if value is None:
            return any(key == "..." for key, _ in fact.value.items)
    elif fact.callee == "gtag" and len(fact.args) > 1 and fact.args[0] == "event":
        value = fact.args[1]
    else:
        return False
    return any(isinstance(each, (Hole, Text)) for each in options(value))


def _fires(tag: Tag, trigger: Trigger, page: Firing, events: Events) -> Firing | None:
    answer = answer_for(page.routes)
    said = verdict(trigger.page, answer)
    if said is Verdict.NO:
        return None
    conditions = [*page.conditions]
    if said is Verdict.MAYBE:
        conditions.extend(f"if {atom}" for atom in undecided(trigger.page, answer))
    trail: tuple[Step, ...] = (
        Step(
            trigger.place or tag.place, f"trigger '{trigger.name}': {trigger.said or trigger.scope}"
        ),
        Step(tag.place, f"tag '{tag.name}' fires"),
    )
    if trigger.scope == "unresolved":
        said = Verdict.MAYBE
        conditions.append(f"if trigger '{trigger.name}' fires, which the file does not define")
    if trigger.event:
        pushed = events.pushed_on(trigger.event, page.page)
        if pushed is not None:
            trail = (pushed, *trail)
        else:
            said = Verdict.MAYBE
            where = "elsewhere" if events.is_pushed(trigger.event) else "nowhere"
            conditions.append(
                f"when something pushes the event '{trigger.event}', "
                f"which is pushed {where} in the code that was read"
            )
    if page.verdict is Verdict.MAYBE:
        said = Verdict.MAYBE
    moment = trigger.moment if page.moment is Moment.LOAD else page.moment
    return replace(
        page,
        verdict=said,
        moment=moment,
        conditions=tuple(dict.fromkeys(conditions)),
        trail=(*page.trail, *trail),
    )
