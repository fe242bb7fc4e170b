"""How rules speak of containers, of their tags, and of what stands in the tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from analyzer.model import (
    Assign,
    Call,
    Container,
    ContainerReport,
    Fact,
    Frame,
    Hole,
    Pixel,
    Push,
    Request,
    ScriptLoad,
    Step,
    Tag,
    TagRef,
    TagReport,
    Text,
    Value,
    options,
)

MOST_NAMES = 3  # in a sentence
MOST_RELATED = 20
HOST = re.compile(r"(?:(?:https?|wss?):)?//([\w.-]+\.[a-z]{2,})(?=[/?#:]|$)", re.I)
AFTER_PROTOCOL = re.compile(r":?//[\w.-]+\.[a-z]{2,}(?=[/?#:]|$)", re.I)


def title_of(container: Container) -> str:
    """What people call the container: its id, else its name, else its file."""
    return container.container_id or container.name or container.place.path.rpartition("/")[2]


def live(report: ContainerReport) -> Iterator[TagReport]:
    """The tags that may fire."""
    return (each for each in report.tags if not each.tag.paused and not each.never_fires)


def ref(container: Container, tag: Tag) -> TagRef:
    return TagRef(container.container_id, container.place.path, tag.tag_id, tag.name)


def listed(names: Iterable[str], most: int = MOST_NAMES) -> str:
    """Names in a sentence: A, B and 4 more."""
    each = list(dict.fromkeys(names))
    if len(each) <= most:
        return " and ".join(filter(None, (", ".join(each[:-1]), *each[-1:])))
    return f"{', '.join(each[:most])} and {len(each) - most} more"


def tags_said(tags: Sequence[Tag]) -> str:
    return listed(each.name for each in tags)


def others_said(tags: Sequence[Tag], text: str) -> tuple[Step, ...]:
    """The tags after the first as related places."""
    return tuple(Step(each.place, f"tag '{each.name}' {text}") for each in tags[1:MOST_RELATED])


def values_of(fact: Fact) -> tuple[Value, ...]:
    """What a fact of a tag hands over."""
    match fact:
        case Call(args=args):
            return args
        case Request(url=url, body=body):
            return (url, body)
        case ScriptLoad(url=value) | Pixel(url=value) | Frame(url=value):
            return (value,)
        case Assign(value=value) | Push(value=value):
            return (value,)
    return ()


def hosts_of(url: Value) -> tuple[str, ...]:
    """The hosts that an address may be on, as far as they are written."""
    found = (host for each in options(url) if (host := _host(each)))
    return tuple(dict.fromkeys(found))


def is_made_on_the_page(url: Value) -> bool:
    """Is an address put together by the running page, so that nobody can say where it leads?"""
    return all(
        isinstance(each, Hole)
        or (isinstance(each, Text) and not _host(each) and _begins_open(each.parts))
        for each in options(url)
    )


def _host(url: Value) -> str:
    if isinstance(url, Text):
        first, *rest = url.parts
        if isinstance(first, Hole) and rest and isinstance(rest[0], str):
            text = rest[0].removeprefix(":") if AFTER_PROTOCOL.match(rest[0]) else ""
        else:
            text = first if isinstance(first, str) else ""
    else:
        text = url if isinstance(url, str) else ""
    found = HOST.match(text.strip())
    return found[1].lower() if found else ""


def _begins_open(parts: Sequence[str | Hole]) -> bool:
    first = parts[0]
    return isinstance(first, Hole) or re.fullmatch(r"\s*(?:https?:)?//[\w.-]*", first) is not None
