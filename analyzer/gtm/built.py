"""Nodes that are put together: a container of another notation told in the shape of an export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.gtm.positions import Node


@dataclass(frozen=True, slots=True)
class Built(Node):
    """A value that the file writes in another way, at the bytes that say so.

    `offsets` is the way back of a text that was put together from several.
    """

    bytes: tuple[int, int]
    inside: Mapping[str, Node] | Sequence[Node] = ()
    offsets: Sequence[int] = ()

    @property
    def span(self) -> tuple[int, int]:
        return self.bytes

    def members(self) -> dict[str, Node]:
        return dict(self.inside) if isinstance(self.inside, Mapping) else {}

    def elements(self) -> list[Node]:
        return [] if isinstance(self.inside, Mapping) else list(self.inside)

    def lift(self) -> Sequence[int]:
        if self.offsets:
            return self.offsets
        # made-up text has no bytes of its own: every one of them is where the thing itself is
        start, end = self.bytes
        size = len(self.value.encode()) if isinstance(self.value, str) else 0
        return [*([start] * size), end]


def leaf(value: Any, at: Node | tuple[int, int]) -> Built:
    """A plain value that stands for what the file says there."""
    return Built(value, _span(at))


def record(at: Node | tuple[int, int], members: Mapping[str, Node | None]) -> Built:
    """An object of those members that are there."""
    kept = {key: node for key, node in members.items() if node is not None}
    return Built({key: node.value for key, node in kept.items()}, _span(at), kept)


def array(at: Node | tuple[int, int], elements: Iterable[Node]) -> Built:
    """A list of nodes."""
    kept = list(elements)
    return Built([node.value for node in kept], _span(at), kept)


def setting(key: str, value: Node) -> Built:
    """A parameter as exports write it: its type, its key, and its value or its list or map."""
    return record(value.span, {"key": leaf(key, value), **_typed(value)})


def settings(at: Node | tuple[int, int], given: Mapping[str, Node]) -> Built:
    """Parameters as the list that exports write."""
    return array(at, (setting(key, value) for key, value in given.items()))


def written(*parts: Node | str, at: Node | tuple[int, int]) -> Built:
    """Texts put together to one that knows of each of its bytes where it stands."""
    texts: list[str] = []
    offsets: list[int] = []
    start, end = _span(at)
    last = start
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            offsets += [last] * len(part.encode())
        elif isinstance(part.value, str):
            texts.append(part.value)
            lift = part.lift()
            offsets += lift[:-1]
            last = lift[-1]
    offsets.append(max(last, end))
    return Built("".join(texts), (start, end), offsets=offsets)


def condition(
    test: str, left: str, right: str, *, negate: bool = False, any_case: bool = False
) -> dict[str, Any]:
    """A condition of a trigger, as its raw value in an export."""
    given = [
        {"type": "TEMPLATE", "key": "arg0", "value": left},
        {"type": "TEMPLATE", "key": "arg1", "value": right},
    ]
    for key, on in (("negate", negate), ("ignore_case", any_case)):
        if on:
            given.append({"type": "BOOLEAN", "key": key, "value": "true"})
    return {"type": test, "parameter": given}


def _typed(value: Node) -> dict[str, Node]:
    """How an export writes a value of this shape."""
    match value.value:
        case dict():
            inner = [setting(key, each) for key, each in value.members().items()]
            return {"type": leaf("MAP", value), "map": array(value, inner)}
        case list():
            rows = [record(each, _typed(each)) for each in value.elements()]
            return {"type": leaf("LIST", value), "list": array(value, rows)}
        case bool():
            said = "true" if value.value else "false"
            return {"type": leaf("BOOLEAN", value), "value": leaf(said, value)}
        case int() | float():
            return {"type": leaf("TEMPLATE", value), "value": leaf(str(value.value), value)}
        case str():
            return {"type": leaf("TEMPLATE", value), "value": value}
    return {"type": leaf("TEMPLATE", value), "value": leaf("", value)}


def _span(at: Node | tuple[int, int]) -> tuple[int, int]:
    return at.span if isinstance(at, Node) else at
