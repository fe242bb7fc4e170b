"""Containers joined to the pages that load them: on which page, and at which moment, does each tag fire?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analyzer.conditions import all_of, any_of, negation, undecided, verdict
from analyzer.link.answers import answer_for
from analyzer.model import (
    Call,
    Choice,
    Condition,
    Container,
    Firing,
    Moment,
    Object,
    Push,
    Step,
    Tag,
    Trigger,
    Value,
    Verdict,
    firing_rank,
    options,
)

ALL_EVENTS = "*"


class Events:
    """Which pages push which data-layer event, with the push as a step."""

    def __init__(self) -> None:
        self.pages: dict[str, dict[str, Step]] = {}

    def note(self, name: str, step: Step, pages: Sequence[str]) -> None:
        known = self.pages.setdefault(name, {})
        for page in pages:
            known.setdefault(page, step)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.pages)


def event_names(fact: Push | Call) -> Iterator[str]:
    """The data-layer events that a push or a gtag call makes."""
    if isinstance(fact, Push):
        value: Value = fact.value.get("event") if isinstance(fact.value, Object) else None
    elif fact.callee == "gtag" and len(fact.args) > 1 and fact.args[0] == "event":
        value = fact.args[1]
    else:
        return
    for each in options(value) if not isinstance(value, Choice) else value.options:
        if isinstance(each, str) and each:
            yield each


def tag_firings(tag: Tag, container: Container, snippet: Sequence[Firing], events: Events) -> tuple[Firing, ...]:
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
                    firing = Firing(firing.page, firing.verdict, firing.moment, firing.route, firing.conditions,
                                    (*firing.trail, step))
                known = best.get(firing.page)
                if known is None or firing_rank(firing) < firing_rank(known):
                    best[firing.page] = firing
    return tuple(best[page] for page in sorted(best))


def never_fires(tag: Tag, container: Container) -> bool:
    """Does nothing in the container start the tag?"""
    if tag.paused:
        return True
    return not tag.triggers and not any(
        main.name in tag.along and main.triggers and not main.paused for main in container.tags)


def scopes(tag: Tag) -> tuple[str, ...]:
    """The kinds of the tag's triggers, each once."""
    return tuple(sorted({trigger.scope for trigger in tag.triggers}))


def _fires(tag: Tag, trigger: Trigger, page: Firing, events: Events) -> Firing | None:
    condition = all_of(trigger.page, negation(_blocked(tag, trigger)))
    said = verdict(condition, answer_for(page.route))
    if said is Verdict.NO:
        return None
    conditions = [*page.conditions]
    if said is Verdict.MAYBE:
        conditions.extend(f"if {atom}" for atom in undecided(condition, answer_for(page.route)))
    trail = (*page.trail, Step(trigger.place or tag.place, f"trigger '{trigger.name}': {trigger.said or trigger.scope}"),
             Step(tag.place, f"tag '{tag.name}' fires"))
    moment = trigger.moment if page.moment is Moment.LOAD else page.moment
    if trigger.scope == "unresolved":
        said = Verdict.MAYBE
        conditions.append(f"if trigger '{trigger.name}' fires, which the file does not define")
    if trigger.event:
        step = events.pages.get(trigger.event, {}).get(page.page)
        if step is not None:
            trail = (*page.trail, step, *trail[len(page.trail):])
        else:
            said = Verdict.MAYBE
            where = "elsewhere in the code that was read" if trigger.event in events.names else "nowhere in the code that was read"
            conditions.append(f"when something pushes the event '{trigger.event}', which is pushed {where}")
    if page.verdict is Verdict.MAYBE:
        said = Verdict.MAYBE
    return Firing(page.page, said, moment, page.route, tuple(dict.fromkeys(conditions)), trail)


def _blocked(tag: Tag, trigger: Trigger) -> Condition:
    """The condition under which a blocking trigger stops this firing: it must be true on the same event."""
    return any_of(*(block.page for block in tag.blocking
                    if block.event in (ALL_EVENTS, trigger.event) and
                    (block.event == ALL_EVENTS or block.scope == trigger.scope or _same_event(block, trigger))))


def _same_event(block: Trigger, trigger: Trigger) -> bool:
    """Do both listen to loading a page, whatever they ask of its path?"""
    page_like = {"all-pages", "path-condition", "condition"}
    return block.scope in page_like and trigger.scope in page_like


Installed = Mapping[str, Sequence[Firing]]
