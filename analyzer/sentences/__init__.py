"""A container's tags in plain sentences: where each fires, after what, and what it sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analyzer.model import Consent, ContainerReport, Feed, Tag, TagReport, Trigger, Vendor
from analyzer.sentences.triggers import where_and_when
from analyzer.sentences.values import host, own_server, sends, sends_briefly, sent
from analyzer.sentences.words import joined

__all__ = [
    "agreement",
    "consent",
    "fires",
    "host",
    "joined",
    "kind_of",
    "own_server",
    "receives",
    "sends",
    "sends_briefly",
    "sent",
    "where_and_when",
]
MOST_TRIGGERS = 6  # sentences about where one tag fires
MOST_SENDERS = 5  # that one sentence names


def fires(report: TagReport, container: ContainerReport) -> tuple[str, ...]:
    """Where and when a tag fires: a sentence a trigger, without the full stop."""
    tag = report.tag
    if tag.paused:
        return ("is paused, and fires nowhere",)
    sentences = [_fires(each) for each in tag.triggers]
    mains = {each.tag.name for each in container.tags if not each.tag.paused}
    for name in tag.along:
        idle = "" if name in mains else ", which is paused or not there"
        sentences.append(f"runs along with the tag '{name}'{idle}")
    unique = list(_merged(dict.fromkeys(sentences)))
    if len(unique) > MOST_TRIGGERS:
        rest = len(unique) - MOST_TRIGGERS
        unique = [*unique[:MOST_TRIGGERS], f"and on {rest} more triggers"]
    return tuple(unique) or ("never fires: no trigger starts it",)


def _fires(trigger: Trigger) -> str:
    words = where_and_when(trigger)
    if words.startswith("never "):
        return f"{words.replace('never', 'never fires', 1)}"
    return f"fires {words}"


def _merged(sentences: Iterable[str]) -> Iterator[str]:
    """Sentences that differ in their last quoted word only, as one: 'a', 'b' or 'c'."""
    ends: dict[str, list[str]] = {}
    for each in sentences:
        head, quote, rest = each.rpartition(" '")
        whole = not quote or not rest.endswith("'")
        ends.setdefault(each if whole else head, []).extend([] if whole else [f"'{rest}"])
    for head, words in ends.items():
        yield f"{head} {joined(words, 'or')}" if words else head


def receives(feeds: Sequence[Feed]) -> tuple[str, ...]:
    """What sends events to a server container, or to one of its tags: a sentence a server."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for feed in feeds:
        name = f"'{feed.sender}'" if feed.container_id else feed.sender
        groups.setdefault((feed.container_id, feed.server, feed.doubt), []).append(name)
    told = []
    for (container_id, server, doubt), named in groups.items():
        senders = list(dict.fromkeys(named))
        if len(senders) > MOST_SENDERS:
            senders = [*senders[:MOST_SENDERS], f"{len(senders) - MOST_SENDERS} more"]
        verb = "sends" if len(senders) == 1 else "send"
        whose = f" of {container_id}" if container_id else ""
        to = f" to {host(server)}" if server else ""
        told.append(
            ", ".join(filter(None, (f"receives what {joined(senders)}{whose} {verb}{to}", doubt)))
        )
    return tuple(told)


def consent(asked: Consent) -> str:
    """What a tag's own consent setting says."""
    if asked.status == "NEEDED":
        kinds = " and ".join(asked.types) or "consent"
        return f"waits for consent to {kinds}"
    if asked.status == "NOT_NEEDED":
        return "is set to need no additional consent"
    return "has no consent setting"


def kind_of(tag: Tag) -> str:
    """What a tag is when no vendor is known for it."""
    if tag.template:
        return f"template {tag.template}"
    return {"html": "custom HTML", "img": "custom image"}.get(tag.type, f"type {tag.type}")


def agreement(vendor: Vendor) -> str:
    """What is known of business associate agreements, with its date."""
    words = {
        "yes": "offers a business associate agreement",
        "no": "offers no business associate agreement",
        "plan-dependent": "offers a business associate agreement on some plans",
    }.get(vendor.baa.offered, "it is not known whether it offers a business associate agreement")
    return f"{words} (as of {vendor.baa.checked})" if vendor.baa.checked else words
