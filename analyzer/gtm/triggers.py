"""Triggers: on which pages, at which moment, on which event, and in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from analyzer.conditions import all_of, negation
from analyzer.gtm.comparisons import Comparisons, Question, question, simplified
from analyzer.gtm.definitions import (
    BUILT_IN_IDS,
    SORTS,
    Definition,
    Sort,
    definition,
    is_event,
)
from analyzer.gtm.export import Export
from analyzer.gtm.variables import DEEPEST, Variables
from analyzer.model import ALWAYS, NEVER, Atom, Condition, Moment, Trigger

ON_LOAD = {sort.event: sort.moment for sort in SORTS.values() if sort.scope == "all-pages"}
ORDER = (Moment.SERVER, Moment.LOAD, Moment.TIMER, Moment.HISTORY, Moment.EVENT, Moment.INTERACTION)
OF_ONE_LISTENER = (
    "TIMER",
    "SCROLL_DEPTH",
    "ELEMENT_VISIBILITY",
    "YOU_TUBE_VIDEO",
    "TRIGGER_GROUP",
)  # each trigger of these types hears events of its own

_ONE_NAME = {"equals": "^{}$", "contains": "{}", "starts-with": "^{}", "ends-with": "{}$"}


@dataclass
class Triggers:
    """The triggers of one container, and those that every container has."""

    export: Export
    variables: Variables
    _open: list[str] = field(default_factory=list)
    _built: dict[str, Trigger] = field(default_factory=dict)

    @cached_property
    def defined(self) -> tuple[Definition, ...]:
        return tuple(definition(node) for node in self.export.sections["trigger"])

    @cached_property
    def by_id(self) -> dict[str, Definition]:
        """By id; hand-written files also point at triggers by name."""
        by_name = {each.name: each for each in self.defined if each.name}
        return {**by_name, **{each.id: each for each in self.defined if each.id}}

    def find(self, trigger_id: str) -> Definition | None:
        if found := self.by_id.get(trigger_id):
            return found
        if trigger_id in BUILT_IN_IDS:
            kind, name = BUILT_IN_IDS[trigger_id]
            return Definition(trigger_id, name, kind, kind, {})
        return None

    def firing(self, ids: Iterable[str], blocking_ids: Iterable[str]) -> Iterator[Trigger]:
        """A tag's firing triggers; what blocks the tag is already in their conditions."""
        blocking = [(each, self.find(each)) for each in blocking_ids]
        for trigger_id in ids:
            own = self.find(trigger_id)
            if own is None:
                yield missing(trigger_id)
                continue
            built = self.built(own)
            blocked = [self._blocks(own, each, blocker) for each, blocker in blocking]
            page = simplified(all_of(built.page, *(negation(each) for each in blocked)))
            yield replace(built, page=page)

    def named(self, ids: Iterable[str]) -> Iterator[Trigger]:
        """Triggers for themselves, as they are listed among those that block a tag."""
        for trigger_id in ids:
            found = self.find(trigger_id)
            yield self.built(found) if found else missing(trigger_id)

    def built(self, own: Definition) -> Trigger:
        """The trigger as it bears on pages; many tags share one."""
        key = own.id or own.name
        if self.by_id.get(key) is not own:
            return self._build(own)
        if key not in self._built:
            self._built[key] = self._build(own)
        return self._built[key]

    def _build(self, own: Definition) -> Trigger:
        place = self.export.first(own.node, "triggerId", "name", "type") if own.node else None
        sort = own.sort
        if sort is None:
            words = f"a trigger of the unknown type {own.written_type or 'none'}"
            return Trigger(
                own.name,
                "unresolved",
                Atom("unknown", f"{words} fires"),
                Moment.EVENT,
                said=words,
                place=place,
            )
        asks = Comparisons(self.variables, own.event)
        page, about = self._conditions(own, asks)
        trigger = Trigger(
            own.name,
            self._scope(sort, about),
            simplified(page),
            sort.moment,
            said=self._said(own, sort),
            place=place,
        )
        if own.type == "TRIGGER_GROUP":
            trigger = self._grouped(own, trigger)
        elif own.type == "CUSTOM_EVENT":
            trigger = self._on_event(own, trigger, asks)
        if self.export.is_server:
            trigger = replace(trigger, moment=Moment.SERVER)
        return trigger

    def _conditions(self, own: Definition, asks: Comparisons) -> tuple[Condition, list[bool]]:
        """All filters together, and for each whether it is about the page's address."""
        parts: list[Condition] = []
        about = []
        for raw in own.filters:
            asked = question(raw)
            if asked is None:
                parts.append(Atom("unknown", f"trigger {own.name} has a condition of unknown type"))
                about.append(False)
            else:
                parts.append(asks.condition(asked))
                about.append(asks.is_on_page(asked))
        return all_of(*parts), about

    def _scope(self, sort: Sort, about: list[bool]) -> str:
        if self.export.is_server:
            return "server-event"
        if sort.scope != "all-pages" or not about:
            return sort.scope
        return "path-condition" if any(about) else "condition"

    def _on_event(self, own: Definition, trigger: Trigger, asks: Comparisons) -> Trigger:
        """A custom event's name, or the pattern of it between slashes."""
        if own.event is not None:
            page = simplified(all_of(trigger.page, *map(asks.condition, own.event_questions)))
            if own.event in ON_LOAD:  # the tag manager's own event, so nobody has to push it
                return replace(trigger, page=page, moment=ON_LOAD[own.event])
            return replace(trigger, page=page, event=own.event)
        pattern, others = "", []
        for asked in own.event_questions:
            if not pattern and not asked.negate and is_event(asked) and "{{" not in asked.right:
                pattern = _event_pattern(asked)
                if _hears_everything(asked):
                    trigger = replace(trigger, moment=Moment.LOAD)
                    pattern = "everything"
            else:
                others.append(asks.condition(asked))
        if not own.event_questions:
            others.append(Atom("unknown", f"the event of trigger {own.name} happens"))
        page = simplified(all_of(trigger.page, *others))
        return replace(trigger, page=page, event="" if pattern == "everything" else pattern)

    def _grouped(self, own: Definition, trigger: Trigger) -> Trigger:
        """Every child must have fired: their pages together, at the latest of their moments."""
        if own.id in self._open or len(self._open) >= DEEPEST:
            return replace(trigger, page=Atom("unknown", f"trigger group {own.name} fires"))
        self._open.append(own.id)
        children = list(self.named(own.children)) or [missing("of an empty group")]
        self._open.pop()
        moments = [ORDER.index(child.moment) for child in children]
        events = {child.event for child in children} - {""}
        return replace(
            trigger,
            page=simplified(all_of(trigger.page, *(child.page for child in children))),
            moment=ORDER[max(moments, default=1)],
            event=events.pop() if len(events) == 1 else "",
            said="after all of: " + "; ".join(child.said for child in children),
        )

    def _blocks(self, own: Definition, blocker_id: str, blocker: Definition | None) -> Condition:
        """When the blocker is true on the very event that would fire the tag."""
        if blocker is None:
            return Atom("unknown", f"blocking trigger {blocker_id} is not in the file")
        if blocker.sort is None:
            return Atom("unknown", f"blocking trigger {blocker.name} applies")
        if blocker.type != "CUSTOM_EVENT" and blocker.type != own.type:
            heard = own.type == "CUSTOM_EVENT" and own.event == blocker.event
            any_event = blocker.type == "ALWAYS" or (own.type == "ALWAYS" and not blocker.event)
            if not heard and not any_event:
                return NEVER
        asks = Comparisons(self.variables, own.event)
        parts = [self._conditions(blocker, asks)[0]]
        if blocker.type == "CUSTOM_EVENT" and blocker.event_filters != own.event_filters:
            questions = blocker.event_questions
            parts += [
                ALWAYS if _hears_everything(asked) else asks.condition(asked) for asked in questions
            ]
            if not questions:
                parts.append(Atom("unknown", f"blocking trigger {blocker.name} hears this event"))
        if own.type in OF_ONE_LISTENER and blocker.type == own.type and blocker.id != own.id:
            parts.append(Atom("unknown", f"blocking trigger {blocker.name} hears this event"))
        return simplified(all_of(*parts))

    def _said(self, own: Definition, sort: Sort) -> str:
        """The trigger as a sentence without its verb: link click where Click URL contains 'x'."""
        words = sort.said
        if own.type == "CUSTOM_EVENT":
            words = (
                f"custom event {own.event}"
                if own.event
                else " and ".join(["custom event", *(each.said for each in own.event_questions)])
            )
        questions = [asked.said for asked in map(question, own.filters) if asked]
        if questions:
            return f"{words} where {' and '.join(questions)}"
        if sort.scope == "all-pages" and not self.export.is_server:
            return f"{words} on every page"
        return words


def missing(trigger_id: str) -> Trigger:
    """What stands for a trigger that the file does not define."""
    words = f"trigger {trigger_id}, which the file does not define"
    return Trigger("", "unresolved", Atom("unknown", f"{words}, fires"), Moment.LOAD, said=words)


def _hears_everything(asked: Question) -> bool:
    """An event pattern such as .* or .+ fits whatever the page or the tag manager reports."""
    if asked.negate or not asked.test.startswith("matches") or not is_event(asked):
        return False
    return re.fullmatch(r"\^?\(?(\.[*+]\??)?\)?\$?", asked.right) is not None


def _event_pattern(asked: Question) -> str:
    """The events that pass, as a regular expression between slashes; an exact name as it is."""
    if asked.test == "equals":
        return asked.right
    if asked.test in _ONE_NAME:
        escaped = re.sub(r"[.*+?^${}()|\[\]\\/]", r"\\\g<0>", asked.right)
        return f"/{_ONE_NAME[asked.test].format(escaped)}/"
    if asked.test.startswith("matches"):
        return f"/{asked.right}/" + ("i" if asked.test.endswith("anycase") else "")
    return ""
