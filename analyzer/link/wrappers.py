"""Functions of the site's own that push events, joined to their calls in other files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analyzer.link.graph import Graph
from analyzer.model import (
    EXPORT,
    OWN,
    Call,
    Fact,
    Object,
    Parsed,
    Push,
    Value,
    Wrapper,
    options,
)

LAYER = "dataLayer"
MOST_STEPS = 3  # imports between a call and the function: a hook that hands it on, an index


def pushes_by_name(parsed: Sequence[Parsed], graph: Graph) -> Iterator[tuple[Push, str, Wrapper]]:
    """What calls of such functions push, where that is done, and by which function.

    A call means the function of its name in its own file or in one that this file imports; a
    function that no file exports may be called from everywhere.
    """
    wrappers: dict[str, list[tuple[str, Wrapper]]] = {}
    calls: list[tuple[str, Call]] = []
    for each in parsed:
        for fact in each.facts:
            if isinstance(fact, Wrapper):
                wrappers.setdefault(fact.name, []).append((each.path, fact))
            elif isinstance(fact, Call) and fact.callee.startswith(OWN):
                calls.append((each.path, fact))
    for path, call in calls:
        known = wrappers.get(call.callee.removeprefix(OWN), ())
        near = _imported(path, graph) if known else frozenset()
        meant = next((at for at, each in known if at in near or _is_global(each)), None)
        for where, wrapper in known:
            value = _pushed(wrapper, call) if where == meant else None
            if value is not None:
                yield _push(call, value), path, wrapper


def _imported(path: str, graph: Graph) -> frozenset[str]:
    """The file and what it imports, over a few steps."""
    found, ring = {path}, {path}
    for _ in range(MOST_STEPS):
        ring = {
            edge.inner for each in ring for edge in graph.out.get(each, ()) if edge.how == "imports"
        } - found
        found |= ring
    return frozenset(found)


def _is_global(fact: Fact) -> bool:
    """Is the function part of a script and not of a module?"""
    return not any(name.startswith(EXPORT) for name in fact.blocks)


def _pushed(wrapper: Wrapper, call: Call) -> Object | None:
    """The object that a call makes the function push."""
    items: list[tuple[str, Value]] = [*wrapper.always.items]
    for key, position in wrapper.keys:
        if position < len(call.args):
            items.append((key, call.args[position]))
    for position in wrapper.rest:
        for each in options(call.args[position]) if position < len(call.args) else ():
            items += each.items if isinstance(each, Object) else ()
    if wrapper.event is not None:
        if wrapper.event >= len(call.args):
            return None
        items.append(("event", call.args[wrapper.event]))
    found = Object(tuple(items))
    return found if found.get("event") is not None else None


def _push(call: Call, value: Object) -> Push:
    pushed = Push(place=call.place, layer=LAYER, value=value)
    return replace(pushed, guards=call.guards, blocks=call.blocks, moment=call.moment)
