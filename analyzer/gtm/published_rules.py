"""The rules of a published container as the triggers from which they may have been made.

A rule is true on an event when all of its `if` predicates hold and none of its `unless` does; it
then adds tags or blocks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analyzer.gtm.built import condition, leaf, record
from analyzer.gtm.definitions import SORTS
from analyzer.gtm.export import plain
from analyzer.gtm.positions import Node

MOST_GATES = 8  # rules that switch one listener on

TESTS = {
    "_eq": "EQUALS",
    "_cn": "CONTAINS",
    "_sw": "STARTS_WITH",
    "_ew": "ENDS_WITH",
    "_re": "MATCH_REGEX",
    "_gt": "GREATER",
    "_ge": "GREATER_OR_EQUALS",
    "_lt": "LESS",
    "_le": "LESS_OR_EQUALS",
    "_css": "CSS_SELECTOR",
    "_um": "URL_MATCHES",
}
TYPES = {
    sort.event: kind for kind, sort in SORTS.items() if sort.event and kind != "SERVER_PAGEVIEW"
}
TYPES["gtm.historyChange-v2"] = "HISTORY_CHANGE"
LISTENED = {  # the types whose listener is a tag of its own, by that tag's function
    "CLICK": "__cl",
    "LINK_CLICK": "__lcl",
    "FORM_SUBMISSION": "__fsl",
    "HISTORY_CHANGE": "__hl",
    "JS_ERROR": "__jel",
    "ELEMENT_VISIBILITY": "__evl",
    "SCROLL_DEPTH": "__sdl",
    "TIMER": "__tl",
    "YOU_TUBE_VIDEO": "__ytl",
    "TRIGGER_GROUP": "__tg",
}

ONLY_LISTEN = frozenset(LISTENED.values()) - {"__tg"}

_OWN_ID = re.compile(r"\(\^\$\|\(\(\^\|,\)([\w]+)\(\$\|,\)\)\)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A predicate on one side of a rule."""

    raw: Mapping[str, Any]
    negate: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it asks, and the numbers of the tags that it adds and blocks."""

    number: int
    node: Node
    asked: tuple[Asked, ...]
    adds: frozenset[int]
    blocks: frozenset[int]


@dataclass
class Rules:
    """The rules of one container."""

    predicates: Sequence[Any]
    nodes: Sequence[Node]
    tags: Sequence[Mapping[str, Any]]
    shown: Callable[[Any], str]
    is_event: Callable[[Any], bool]

    @cached_property
    def rules(self) -> list[Rule]:
        return [
            self._rule(number, node)
            for number, node in enumerate(self.nodes)
            if isinstance(node.value, list)
        ]

    def of(self, tag: int) -> tuple[list[str], list[str]]:
        """The triggers that fire a tag, and those that block it."""
        fires = [each for rule in self.rules if tag in rule.adds for each in self._ids(rule)]
        blocks = [each for rule in self.rules if tag in rule.blocks for each in self._ids(rule)]
        return fires, blocks

    def triggers(self) -> Iterator[Node]:
        """Every rule that runs more than listeners, once for each way to switch its listener on."""
        for rule in self.rules:
            functions = {self._function(number) for number in rule.adds | rule.blocks}
            if functions <= ONLY_LISTEN:
                continue
            for trigger_id, gate in zip(self._ids(rule), self._gates(rule), strict=True):
                yield self._trigger(rule, trigger_id, gate)

    def _function(self, number: int) -> str:
        return plain(self.tags[number].get("function")) if number < len(self.tags) else ""

    # ------------------------------------------------------------ one rule

    def _rule(self, number: int, node: Node) -> Rule:
        asked: list[Asked] = []
        lists: dict[str, set[int]] = {"add": set(), "block": set()}
        for part in node.value:
            match part:
                case ["if" | "unless" as word, *numbers]:
                    asked += [Asked(self._predicate(each), word == "unless") for each in numbers]
                case ["add" | "block" as word, *numbers]:
                    lists[word].update(each for each in numbers if isinstance(each, int))
        return Rule(number, node, tuple(asked), frozenset(lists["add"]), frozenset(lists["block"]))

    def _predicate(self, number: Any) -> Mapping[str, Any]:
        if isinstance(number, int) and 0 <= number < len(self.predicates):
            found = self.predicates[number]
            if isinstance(found, dict):
                return found
        return {"function": f"predicate {number}"}

    def _event(self, rule: Rule) -> str | None:
        """The one event that the rule waits for."""
        for each in rule.asked:
            raw = each.raw
            if not each.negate and raw.get("function") == "_eq" and self.is_event(raw.get("arg0")):
                return self.shown(raw.get("arg1"))
        return None

    def _type(self, rule: Rule) -> str:
        return TYPES.get(self._event(rule) or "", "CUSTOM_EVENT")

    def _own_id(self, rule: Rule) -> str:
        """The number of the trigger whose listener's events the rule picks out."""
        for each in rule.asked:
            match each.raw:
                case {"function": "_re", "arg1": str(pattern)} if not each.negate:
                    if found := _OWN_ID.fullmatch(pattern):
                        return found[1]
        return ""

    def _ids(self, rule: Rule) -> list[str]:
        gates = self._gates(rule)
        if len(gates) == 1:
            return [f"rule {rule.number}"]
        return [f"rule {rule.number}.{number}" for number in range(len(gates))]

    def _gates(self, rule: Rule) -> list[tuple[Asked, ...]]:
        """The conditions under which the listener is on: one way, or several."""
        kind, own_id = self._type(rule), self._own_id(rule)
        listeners = [
            number
            for number, raw in enumerate(self.tags)
            if own_id
            and raw.get("function") == LISTENED.get(kind)
            and raw.get("vtp_uniqueTriggerId") == own_id
        ]
        switching = [each for each in self.rules if each.adds & set(listeners)]
        if not switching or len(switching) > MOST_GATES:
            return [()]
        gates = [
            tuple(asked for asked in each.asked if not self._names_event(asked))
            for each in switching
        ]
        return [()] if () in gates else gates

    def _names_event(self, asked: Asked) -> bool:
        return self.is_event(asked.raw.get("arg0"))

    def _trigger(self, rule: Rule, trigger_id: str, gate: tuple[Asked, ...]) -> Node:
        kind, event, own_id = self._type(rule), self._event(rule), self._own_id(rule)
        on_event, filters = [], []
        for asked in rule.asked:
            if _OWN_ID.fullmatch(plain(asked.raw.get("arg1"))):
                continue  # this trigger's own listener: true whenever the event is the trigger's
            names_event = self._names_event(asked)
            if names_event and not asked.negate and (event is None or kind == "CUSTOM_EVENT"):
                on_event.append(self._condition(asked, "{{_event}}"))
            elif not (names_event and asked.raw.get("function") == "_eq" and not asked.negate):
                filters.append(self._condition(asked))
        if kind == "CUSTOM_EVENT" and not on_event:  # asked of whatever happens on the page
            on_event.append(condition("MATCH_REGEX", "{{_event}}", ".*"))
        node = rule.node
        number = own_id.rpartition("_")[2]
        return record(
            node,
            {
                "triggerId": leaf(trigger_id, node),
                "name": leaf(f"trigger {number}" if number else trigger_id, node),
                "type": leaf(kind, node),
                "filter": leaf(filters, node),
                "autoEventFilter": leaf([self._condition(each) for each in gate], node),
                "customEventFilter": leaf(on_event, node),
                "eventName": leaf(self._timer(own_id), node) if kind == "TIMER" else None,
                "parameter": leaf(self._children(own_id), node)
                if kind == "TRIGGER_GROUP"
                else None,
            },
        )

    def _condition(self, asked: Asked, left: str = "") -> dict[str, Any]:
        raw = asked.raw
        function = plain(raw.get("function"))
        return condition(
            TESTS.get(function, function),
            left or self.shown(raw.get("arg0")),
            self.shown(raw.get("arg1")),
            negate=asked.negate,
            any_case=raw.get("ignore_case") is True,
        )

    def _timer(self, own_id: str) -> str:
        for raw in self.tags:
            if raw.get("function") == "__tl" and raw.get("vtp_uniqueTriggerId") == own_id:
                return plain(raw.get("vtp_eventName")) or "gtm.timer"
        return "gtm.timer"

    def _children(self, own_id: str) -> list[dict[str, Any]]:
        """The triggers of a group: the rules that run the listening tag of each."""
        wanted = [
            firing_id
            for raw in self.tags
            if raw.get("function") == "__tg" and raw.get("vtp_uniqueTriggerId") == own_id
            for firing_id in raw.get("vtp_triggerIds", [])[1:]
        ]
        ids = []
        for firing_id in wanted:
            listening = {
                number
                for number, raw in enumerate(self.tags)
                if raw.get("function") == "__tg" and raw.get("vtp_firingId") == firing_id
            }
            found = [
                each for rule in self.rules if rule.adds & listening for each in self._ids(rule)
            ]
            ids.append(found[0] if len(found) == 1 else plain(firing_id))
        return [
            {
                "type": "LIST",
                "key": "triggerIds",
                "list": [{"type": "TRIGGER_REFERENCE", "value": each} for each in ids],
            }
        ]
