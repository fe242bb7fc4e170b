"""A container of another tag manager while it is told in the shape of a Tag Manager export."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analyzer.gtm.built import Built, array, condition, leaf, record, settings, written
from analyzer.gtm.export import Export, no_sections
from analyzer.gtm.positions import Node
from analyzer.model import Diagnostic, Fact, Source

MOST_WAYS = 16  # in which one tag may come to fire


@dataclass(frozen=True, slots=True)
class Test:
    """One question of a trigger; `unknown` is its text where it cannot be read as one."""

    kind: str = ""
    left: str = ""
    right: str = ""
    negate: bool = False
    any_case: bool = False
    unknown: str = ""

    def opposite(self) -> Test:
        return replace(self, negate=not self.negate)

    def raw(self) -> dict[str, Any]:
        """The question as an export writes it."""
        if self.unknown:
            return condition("HOLDS", reference(self.unknown), "", negate=self.negate)
        return condition(
            self.kind, self.left, self.right, negate=self.negate, any_case=self.any_case
        )


Ways = Sequence[Sequence[Test]]
ALWAYS: Ways = ((),)
NEVER: Ways = ()


@dataclass
class Draft:
    """The parts of the container so far."""

    source: Source
    manager: str
    form: str
    sections: dict[str, list[Node]] = field(default_factory=no_sections)
    facts: dict[str, tuple[Fact, ...]] = field(default_factory=dict)
    elsewhere: list[Diagnostic] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)

    def export(self, container_id: str, name: str, headline: Node) -> Export:
        inner = {"publicId": headline}
        return Export(
            source=self.source,
            version=record(headline, {"container": record(headline, inner)}),
            sections=self.sections,
            container_id=container_id,
            name=name,
            context=("WEB",),
            form=self.form,
            manager=self.manager,
            compiled=self.facts,
            elsewhere=tuple(self.elsewhere),
        )

    def tag(
        self,
        at: Node,
        tag_id: str,
        name: str,
        kind: str,
        given: Mapping[str, Node],
        *,
        fires: Iterable[str] = (),
        blocks: Iterable[str] = (),
        where: Node | None = None,
        paused: bool = False,
        consent: Iterable[str] | None = None,
    ) -> None:
        """Add a tag; `where` is what says its type, `consent` the kinds that it waits for."""
        place = where if where is not None else at
        status = {
            "consentStatus": leaf("NEEDED" if consent else "NOT_NEEDED", at),
            "consentType": leaf(list(consent or ()), at),
        }
        self.sections["tag"].append(
            record(
                at,
                {
                    "tagId": leaf(tag_id, at),
                    "name": leaf(name, at),
                    "type": leaf(kind, place),
                    "parameter": settings(at, given),
                    "firingTriggerId": array(at, (leaf(each, at) for each in fires)),
                    "blockingTriggerId": array(at, (leaf(each, at) for each in blocks)),
                    "paused": leaf("true", at) if paused else None,
                    "consentSettings": record(at, status) if consent is not None else None,
                },
            )
        )

    def trigger(
        self,
        at: Node,
        trigger_id: str,
        name: str,
        kind: str,
        tests: Iterable[Test] = (),
        event: str = "",
    ) -> None:
        """Add a trigger; `event` is the name or pattern that a custom event must have."""
        tests = list(tests)
        for each in tests:
            if each.unknown:  # a question of its own, so that asked twice it is one
                self.variable(at, each.unknown, "question", {})
        events = [condition("EQUALS", "{{_event}}", event)] if event else []
        self.sections["trigger"].append(
            record(
                at,
                {
                    "triggerId": leaf(trigger_id, at),
                    "name": leaf(name, at),
                    "type": leaf(kind, at),
                    "filter": leaf([each.raw() for each in tests], at),
                    "customEventFilter": leaf(events, at),
                },
            )
        )

    def ways(
        self, at: Node, trigger_id: str, name: str, kind: str, ways: Ways, event: str = ""
    ) -> list[str]:
        """Add a trigger for each way in which its conditions can hold; their ids."""
        ids = []
        for number, tests in enumerate(ways):
            more = "" if len(ways) == 1 else f", way {number + 1}"
            self.trigger(at, trigger_id + more, name + more, kind, tests, event)
            ids.append(trigger_id + more)
        return ids

    def variable(self, at: Node, name: str, kind: str, given: Mapping[str, Node]) -> str:
        """Add a variable once, and say how it is referred to."""
        name = plain_name(name)
        if name not in self._known:
            self._known.add(name)
            members = {
                "name": leaf(name, at),
                "type": leaf(kind, at),
                "parameter": settings(at, given),
            }
            self.sections["variable"].append(record(at, members))
        return reference(name)


def both(left: Ways, right: Ways) -> Ways:
    """The ways in which both hold."""
    return [[*one, *other] for one in left for other in right][: MOST_WAYS + 1]


def opposite(ways: Ways) -> Ways:
    """The ways in which none of these holds."""
    found: Ways = ALWAYS
    for tests in ways:
        found = both(found, [[each.opposite()] for each in tests])
    return found


def reference(name: str) -> str:
    return "{{" + plain_name(name) + "}}"


def plain_name(name: str) -> str:
    """A name without what a reference cannot hold."""
    text = " ".join(re.sub(r"[{}]", " ", name).split())
    return text if len(text) <= 160 else text[:159] + "…"


def script(code: Node) -> Node:
    """Bare JavaScript as the markup that a tag of custom HTML has."""
    return written("<script>", code, "</script>", at=code)


def replaced(
    node: Node, pattern: re.Pattern[str], name: Callable[[re.Match[str]], str | None]
) -> Node:
    """A text with the manager's own references written as `{{name}}`, each byte in its place."""
    text = node.value
    if not isinstance(text, str) or not pattern.search(text):
        return node
    parts: list[Node | str] = []
    lift = node.lift()
    at = 0
    for found in pattern.finditer(text):
        if (wanted := name(found)) is None:
            continue
        parts += [_slice(node, text, lift, at, found.start()), reference(wanted)]
        at = found.end()
    parts.append(_slice(node, text, lift, at, len(text)))
    return written(*parts, at=node)


def _slice(node: Node, text: str, lift: Sequence[int], start: int, end: int) -> Node:
    first = len(text[:start].encode())
    last = first + len(text[start:end].encode())
    return Built(text[start:end], node.span, offsets=list(lift[first : last + 1]))


def deep(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same tree with every text changed."""
    match node.value:
        case dict():
            return record(node, {key: deep(each, change) for key, each in node.members().items()})
        case list():
            return array(node, (deep(each, change) for each in node.elements()))
    return change(node)


def records(node: Node | None) -> Iterator[Node]:
    """The objects of a list."""
    for each in node.elements() if node is not None else ():
        if isinstance(each.value, dict):
            yield each
