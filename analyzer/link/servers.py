"""Server containers joined to what feeds them: from where do their tags send on, and what?

A browser shows only that a page asks a host of the site's own. What the server container there
does with the event is in another export: here both halves of the way become one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from analyzer.conditions import matches, undecided, verdict
from analyzer.expressions import javascript_pattern
from analyzer.link.answers import answer_for
from analyzer.link.feeds import ANALYTICS, DATA_TAG, Sent, host_of
from analyzer.link.flows import Carried
from analyzer.model import (
    Atom,
    Client,
    Container,
    Datum,
    Feed,
    Firing,
    Hole,
    Moment,
    Object,
    Origin,
    OriginKind,
    Place,
    Step,
    Tag,
    Transformation,
    Trigger,
    Value,
    Verdict,
    firing_rank,
    holes,
)

PATTERN = re.compile(r"/(?P<pattern>.*)/(?P<any_case>i?)", re.S)
CLAIMS = {  # the clients and their templates that take in what each sort of sender sends
    ANALYTICS: ("gaaw_client", "GA4"),
    DATA_TAG: ("stape-io/data-client", "Data Client"),
}
KEEPS, DROPS, ADDS = "tf_allow_params", "tf_exclude_params", "tf_augment_event"
ONLY_ONE = "if {} is the server of {}, whose export names no address"
UNREAD = "if the address that it sends to, which only the running page knows, is that of {}"
UNCLAIMED = "if a client of {} takes in what {} sends, for which the export shows none"
FORWARDS = {  # what tags hand on by themselves, without a setting that says so; * is all
    "sgtmgaaw": "*",
    "sgtmadsct": "user_data",
    "stape-io/facebook-tag": "user_data",
    "facebookincubator/ConversionsAPI-Tag-for-GoogleTagManager": "user_data",
}
LIMITS = ("epToIncludeDropdown", "upToIncludeDropdown")  # of what a tag hands on
Answer = Callable[[Atom], Verdict]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event that starts a tag of a server container: by which trigger, and under what else."""

    sent: Sent
    trigger: Trigger
    along: Tag | None
    client: Client | None
    conditions: tuple[str, ...]


class Servers:
    """The server containers of a scan, with the addresses at which they take events in."""

    def __init__(self, containers: Iterable[Container]) -> None:
        self.containers = [each for each in containers if is_server(each)]
        self.hosts: dict[str, set[str]] = {}
        for each in self.containers:
            known = self.hosts.setdefault(_name(each), set())
            known.update(filter(None, map(host_of, each.tagging_urls)))

    @property
    def every_host(self) -> frozenset[str]:
        return frozenset(host for hosts in self.hosts.values() for host in hosts)

    def feeding(self, container: Container, sent: Sequence[Sent]) -> tuple[Sent, ...]:
        """What of all that is sent to servers goes to this one, for sure or perhaps."""
        own = self.hosts[_name(container)]
        found = [each for each in sent if host_of(each.feed.server) in own]
        homeless = [each for each in sent if host_of(each.feed.server) not in self.every_host]
        if len(self.hosts) == 1:
            asked = {host_of(each.feed.server) for each in homeless}
            for each in homeless:
                if not host_of(each.feed.server):
                    found.append(_doubted(each, UNREAD.format(_said(container))))
                elif not own and len(asked - {""}) == 1:
                    host = host_of(each.feed.server)
                    found.append(_doubted(each, ONLY_ONE.format(host, _said(container))))
        return tuple(dict.fromkeys(found))


def is_server(container: Container) -> bool:
    return "SERVER" in container.context


def arrivals(tag: Tag, container: Container, feeding: Sequence[Sent]) -> tuple[Arrival, ...]:
    """The events that start a tag, as far as is known what arrives at its server."""
    if tag.paused:
        return ()
    mains = [main for main in container.tags if main.name in tag.along and not main.paused]
    return tuple(
        arrival
        for owner in (tag, *mains)
        for trigger in owner.triggers
        for sent in feeding
        if (arrival := _arrival(trigger, sent, None if owner is tag else owner, container))
    )


def server_firings(tag: Tag, container: Container, found: Sequence[Arrival]) -> tuple[Firing, ...]:
    """The pages from which what they send comes to a tag of a server container."""
    best: dict[str, Firing] = {}
    for arrival in found:
        for page in arrival.sent.fires:
            firing = _firing(tag, container, arrival, page)
            if firing is None:
                continue
            known = best.get(firing.page)
            if known is None or firing_rank(firing) < firing_rank(known):
                best[firing.page] = firing
    return tuple(best[page] for page in sorted(best))


def carried(
    tag: Tag,
    container: Container,
    found: Sequence[Arrival],
    is_pushed: Callable[[str], bool],
) -> Carried:
    """What the events hold that start a tag, by the keys that the tag reads, with who sent it.

    Of a data layer that is sent as a whole only those keys count that something pushes.
    """
    senders = tuple(dict.fromkeys(each.sent for each in found))
    changes = [
        each for each in container.transformations if each.type == ADDS and _is_for(each, tag)
    ]

    @cache
    def held(key: str) -> tuple[tuple[Value, Place], ...]:
        values: list[tuple[Value, Place]] = []
        for each in senders:
            value = each.value_of(key)
            if value is None and each.whole_layer and is_pushed(key):
                value = Hole(key, Origin(OriginKind.DATA_LAYER, key))
            if value is not None:
                values.append((value, each.feed.place))
        for change in changes:
            if key in change.names:
                table = change.parameters.get("augmentEventTable")
                added = table.get(key) if isinstance(table, Object) else None
                values = [*(values if _asks_first(change) else ()), (added, change.place)]
        return tuple(values)

    return held


def forwarded(tag: Tag, found: Sequence[Arrival]) -> Iterator[str]:
    """The keys of events that a tag hands on though none of its settings reads them."""
    part = FORWARDS.get(tag.type) or FORWARDS.get(tag.template)
    if part is None or any(tag.parameters.get(key) not in ("all", None) for key in LIMITS):
        return
    seen: set[str] = set()
    for arrival in found:
        for key in arrival.sent.keys:
            if part in ("*", key.partition(".")[0]) and key not in seen:
                seen.add(key)
                yield key


def let_through(data: Sequence[Datum], tag: Tag, container: Container) -> tuple[Datum, ...]:
    """The data of a tag without what the server's transformations keep from it."""
    return tuple(each for each in data if not _is_kept_back(each, tag, container))


def feeds_of(found: Sequence[Arrival]) -> tuple[Feed, ...]:
    return tuple(dict.fromkeys(each.sent.feed for each in found))


# ---------------------------------------------------------------- what arrives


def _arrival(
    trigger: Trigger, sent: Sent, along: Tag | None, container: Container
) -> Arrival | None:
    """How an event of the sender starts the trigger; None where none does."""
    fits, names, doubt = _heard(trigger, sent)
    if not fits:
        return None
    client, unclaimed = _claimed(sent, container)
    said = verdict(trigger.page, _answer(sent, client, names, ()))
    if said is Verdict.NO:
        return None
    conditions = (sent.feed.doubt, doubt, unclaimed)
    return Arrival(sent, trigger, along, client, tuple(filter(None, conditions)))


def _heard(trigger: Trigger, sent: Sent) -> tuple[bool, tuple[str, ...], str]:
    """Does the trigger hear the sender; by which names, and under which condition?"""
    if not trigger.event:
        return True, sent.events if not sent.unnamed else (), ""
    sure = tuple(name for name in sent.events if _means(trigger.event, name))
    if sure:
        return True, sure, ""
    perhaps = tuple(sorted(name for name in sent.perhaps if _means(trigger.event, name)))
    if perhaps:
        return True, perhaps, f"if the property reports the event '{perhaps[0]}' by itself"
    if sent.unnamed:
        return True, (), f"if the event that is sent is '{trigger.event}'"
    return False, (), ""


def _means(event: str, name: str) -> bool:
    """Is it the event that a trigger waits for: a name, or a pattern between slashes?"""
    written = PATTERN.fullmatch(event)
    if written is None:
        return event == name
    pattern = javascript_pattern(written["pattern"], bool(written["any_case"]), len(name))
    return pattern is None or pattern.search(name) is not None


def _claimed(sent: Sent, container: Container) -> tuple[Client | None, str]:
    """The client that takes the sender's requests in."""
    wanted, called = CLAIMS.get(sent.protocol, ("", ""))
    if not wanted:
        return None, ""
    made = {
        name
        for each in container.templates
        if wanted == each.gallery or called == each.name
        for name in each.used_by
    }
    for client in container.clients:
        if client.type == wanted or client.name in made:
            return client, ""
    return None, UNCLAIMED.format(_said(container), sent.feed.sender)


def _answer(
    sent: Sent, client: Client | None, names: Sequence[str], routes: Sequence[str]
) -> Answer:
    """What an event and the page that sends it tell about a trigger's condition."""
    of_page = answer_for(routes)

    def answer(atom: Atom) -> Verdict:
        match atom.about:
            case "client" if client is not None:
                return _of_texts(atom, [client.name])
            case "event" if names:
                return _of_texts(atom, names)
            case "event-data":
                value = sent.value_of(atom.name)
                return _of_texts(atom, [value]) if isinstance(value, str) else Verdict.MAYBE
        return of_page(atom)

    return answer


def _of_texts(atom: Atom, texts: Iterable[str]) -> Verdict:
    said = {matches(atom, text) for text in texts}
    if len(said) != 1 or None in said:
        return Verdict.MAYBE
    return Verdict.YES if said.pop() else Verdict.NO


def _firing(tag: Tag, container: Container, arrival: Arrival, page: Firing) -> Firing | None:
    """One page whose events come to the tag, with the whole way from there."""
    trigger, sent = arrival.trigger, arrival.sent
    names = _heard(trigger, sent)[1]
    answer = _answer(sent, arrival.client, names, page.routes)
    said = verdict(trigger.page, answer)
    if said is Verdict.NO:
        return None
    conditions = [*page.conditions, *arrival.conditions]
    if said is Verdict.MAYBE:
        conditions += [f"if {atom}" for atom in undecided(trigger.page, answer)]
    sure = said is Verdict.YES and page.verdict is Verdict.YES and not arrival.conditions
    if trigger.scope == "unresolved":
        sure = False
        conditions.append(f"if trigger '{trigger.name}' fires, which the file does not define")
    return replace(
        page,
        verdict=Verdict.YES if sure else Verdict.MAYBE,
        moment=Moment.SERVER,
        conditions=tuple(dict.fromkeys(conditions)),
        trail=tuple(_way(tag, container, arrival, page)),
    )


def _way(tag: Tag, container: Container, arrival: Arrival, page: Firing) -> Iterator[Step]:
    """From the page over the sender and the server to the tag."""
    feed = arrival.sent.feed
    sends = f"sends to {feed.server}" if feed.server else "sends events"
    before = list(page.trail)
    if before and before[-1].place == feed.place:
        yield from before[:-1]
        yield Step(feed.place, f"{before[-1].text} and {sends}")
    else:
        yield from before
        yield Step(feed.place, f"{feed.sender} {sends}")
    yield Step(container.place, f"server container {_said(container)} takes it in")
    if arrival.client is not None:
        yield Step(arrival.client.place, f"client '{arrival.client.name}' makes an event of it")
    trigger, owner = arrival.trigger, arrival.along or tag
    yield Step(
        trigger.place or owner.place, f"trigger '{trigger.name}': {trigger.said or trigger.scope}"
    )
    if arrival.along is not None:
        yield Step(owner.place, f"tag '{owner.name}' runs '{tag.name}' along with it")
    yield Step(tag.place, f"tag '{tag.name}' fires on the server")


# ---------------------------------------------------------------- what is let through


def _is_kept_back(datum: Datum, tag: Tag, container: Container) -> bool:
    """Is every part of the value one that a transformation takes out of the event?"""
    changes = [
        each
        for each in container.transformations
        if each.type in (KEEPS, DROPS) and _is_for(each, tag) and not _asks_first(each)
    ]
    if not changes:
        return False
    keys = [
        hole.origin.name if hole.origin.kind is OriginKind.EVENT else ""
        for hole in holes(datum.value)
    ]
    return bool(keys) and all(key and _is_taken_out(key, changes) for key in keys)


def _is_taken_out(key: str, changes: Sequence[Transformation]) -> bool:
    if key.startswith("request ") or key in ("event name", "client name"):
        return False  # a header of the request, and what the server itself knows
    for each in changes:
        within = any(key == name or key.startswith(f"{name}.") for name in each.names)
        holds = any(name.startswith(f"{key}.") for name in each.names)
        if within if each.type == DROPS else not within and not holds:
            return True
    return False


def _is_for(change: Transformation, tag: Tag) -> bool:
    """Is the transformation made for this tag?"""
    named = tag.name in change.tags or tag.type in change.tags
    return named is not change.except_for if change.tags else True


def _asks_first(change: Transformation) -> bool:
    """Has the transformation conditions, so that it is not made for every event?"""
    return change.parameters.get("matchingConditionsEnabled") in ("true", True)


def _doubted(sent: Sent, doubt: str) -> Sent:
    return replace(sent, feed=replace(sent.feed, doubt=doubt))


def _name(container: Container) -> str:
    return container.container_id or container.place.path


def _said(container: Container) -> str:
    return container.container_id or container.name or "the server container"
