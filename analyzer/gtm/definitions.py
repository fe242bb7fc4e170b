"""Triggers as the container defines them: their types in all spellings, filters and events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analyzer.gtm.comparisons import Question, question
from analyzer.gtm.export import enumerated, listed, plain, settings
from analyzer.gtm.positions import Node
from analyzer.gtm.texts import only_reference
from analyzer.model import Moment


@dataclass(frozen=True, slots=True)
class Sort:
    """A type of trigger: its word in the report, its moment, its event, and how people say it."""

    scope: str
    moment: Moment
    event: str
    said: str


SORTS = {
    "CONSENT_INIT": Sort("all-pages", Moment.LOAD, "gtm.init_consent", "consent initialization"),
    "INIT": Sort("all-pages", Moment.LOAD, "gtm.init", "initialization"),
    "PAGEVIEW": Sort("all-pages", Moment.LOAD, "gtm.js", "page view"),
    "DOM_READY": Sort("all-pages", Moment.LOAD, "gtm.dom", "DOM ready"),
    "WINDOW_LOADED": Sort("all-pages", Moment.LOAD, "gtm.load", "window loaded"),
    "CUSTOM_EVENT": Sort("custom-event", Moment.EVENT, "", "custom event"),
    "CLICK": Sort("click", Moment.INTERACTION, "gtm.click", "click"),
    "LINK_CLICK": Sort("click", Moment.INTERACTION, "gtm.linkClick", "link click"),
    "FORM_SUBMISSION": Sort("form-submit", Moment.INTERACTION, "gtm.formSubmit", "form submission"),
    "SCROLL_DEPTH": Sort("scroll", Moment.INTERACTION, "gtm.scrollDepth", "scrolling"),
    "ELEMENT_VISIBILITY": Sort(
        "visibility", Moment.INTERACTION, "gtm.elementVisibility", "an element comes into view"
    ),
    "YOU_TUBE_VIDEO": Sort("video", Moment.INTERACTION, "gtm.video", "YouTube video"),
    "HISTORY_CHANGE": Sort("history", Moment.HISTORY, "gtm.historyChange", "history change"),
    "JS_ERROR": Sort("js-error", Moment.EVENT, "gtm.pageError", "script error"),
    "TIMER": Sort("timer", Moment.TIMER, "gtm.timer", "timer"),
    "TRIGGER_GROUP": Sort("trigger-group", Moment.LOAD, "gtm.triggerGroup", "trigger group"),
    "ALWAYS": Sort("all-pages", Moment.LOAD, "", "always"),
    "SERVER_PAGEVIEW": Sort("server-event", Moment.SERVER, "page_view", "page view event"),
    # of other tag managers: what a script of the page makes happen, without the data layer
    "SCRIPT_EVENT": Sort("custom-event", Moment.EVENT, "", "event of a script"),
    "AMP_CLICK": Sort("click", Moment.INTERACTION, "", "click"),
    "AMP_TIMER": Sort("timer", Moment.TIMER, "", "timer"),
    "AMP_SCROLL": Sort("scroll", Moment.INTERACTION, "", "scrolling"),
    "AMP_VISIBILITY": Sort("visibility", Moment.INTERACTION, "", "an element comes into view"),
}
OTHER_SPELLINGS = {
    "FORM_SUBMIT": "FORM_SUBMISSION",
    "YOUTUBE_VIDEO": "YOU_TUBE_VIDEO",
    "PAGE_VIEW": "PAGEVIEW",
    "ALL_PAGES": "PAGEVIEW",
    "ALL_CLICKS": "CLICK",
    "ALL_ELEMENTS_CLICK": "CLICK",
    "WINDOW_LOAD": "WINDOW_LOADED",
    "INITIALIZATION": "INIT",
    "CUSTOM": "CUSTOM_EVENT",
    "CONSENT_INITIALIZATION": "CONSENT_INIT",
    "JAVASCRIPT_ERROR": "JS_ERROR",
}
BUILT_IN_IDS = {
    "2147479553": ("PAGEVIEW", "All Pages"),
    "2147479572": ("CONSENT_INIT", "Consent Initialization - All Pages"),
    "2147479573": ("INIT", "Initialization - All Pages"),
    "2147479574": ("ALWAYS", "All Pages"),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """A trigger as the container defines it, before any tag uses it."""

    id: str
    name: str
    type: str
    written_type: str
    raw: dict[str, Any]
    node: Node | None = None

    @property
    def filters(self) -> list[Any]:
        """The conditions apart from the event's name; a listener's gate is one on the page."""
        return [*listed(self.raw.get("filter")), *listed(self.raw.get("autoEventFilter"))]

    @property
    def event_filters(self) -> list[Any]:
        given = listed(self.raw.get("customEventFilter"))
        name = plain(settings(self.raw.get("parameter")).get("eventName"))
        name = name or plain(self.raw.get("eventName"))
        if given or self.type != "CUSTOM_EVENT" or not name:
            return given
        return [{"type": "EQUALS", "arg0": "{{_event}}", "arg1": name}]

    @property
    def event_questions(self) -> list[Question]:
        return [asked for asked in map(question, self.event_filters) if asked]

    @property
    def sort(self) -> Sort | None:
        return SORTS.get(self.type)

    @property
    def event(self) -> str | None:
        """The name of the one event that this trigger hears, where the container says it."""
        if self.type == "CUSTOM_EVENT":
            names = [
                asked.right
                for asked in self.event_questions
                if asked.test == "equals" and not asked.negate and is_event(asked)
            ]
            return names[0] if names and "{{" not in names[0] else None
        if self.type == "TIMER" and (name := plain(self.raw.get("eventName"))):
            return name
        return self.sort.event or None if self.sort else None

    @property
    def children(self) -> list[str]:
        """The ids of the triggers in a trigger group."""
        given = settings(self.raw.get("parameter")).get("triggerIds")
        return [
            plain(each) for each in listed(given.get("list") if isinstance(given, dict) else given)
        ]


def definition(node: Node) -> Definition:
    raw = node.value
    if "ruleId" in raw:
        raw = _as_trigger(raw)
    written = plain(raw.get("type"))
    kind = enumerated(written)
    return Definition(
        plain(raw.get("triggerId")),
        plain(raw.get("name")),
        OTHER_SPELLINGS.get(kind, kind),
        written,
        raw,
        node,
    )


def _as_trigger(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule of the first format: its conditions on the event make the type, the others filter."""
    conditions = listed(rule.get("condition"))
    asked = [question(each) for each in conditions]
    on_event = [each is not None and is_event(each) for each in asked]
    names = [each.right for each in asked if each and is_event(each) and each.test == "equals"]
    kind = next(
        (kind for kind, sort in SORTS.items() if sort.event and [sort.event] == names),
        "CUSTOM_EVENT",
    )
    return {
        "triggerId": plain(rule.get("ruleId")),
        "name": plain(rule.get("name")),
        "type": kind,
        "filter": [
            each for each, names_it in zip(conditions, on_event, strict=True) if not names_it
        ],
        "customEventFilter": [
            each
            for each, names_it in zip(conditions, on_event, strict=True)
            if names_it and kind == "CUSTOM_EVENT"
        ],
    }


def is_event(asked: Question) -> bool:
    """Is the question one about the name of the event?"""
    return (only_reference(asked.left) or "").casefold() in ("_event", "event", "event name")
