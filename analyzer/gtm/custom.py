"""Custom HTML and image tags: the facts inside them, with the container's variables put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from analyzer.engines.gtm_variables import ENGINE
from analyzer.gtm.positions import Node
from analyzer.gtm.texts import joined
from analyzer.gtm.variables import Variables
from analyzer.model import (
    Choice,
    Document,
    Fact,
    Hole,
    Include,
    Object,
    Origin,
    OriginKind,
    Pixel,
    Skip,
    Source,
    Text,
    Value,
    Vocabulary,
    holes,
    shown,
)


def html_facts(
    source: Source, html: Node, vocabulary: Vocabulary, variables: Variables
) -> Iterator[Fact | Skip]:
    """What custom HTML loads, calls and shows, each at its own place in the export."""
    from analyzer.parse.html import facts_of  # the parsers are not needed for most JSON files

    if not isinstance(html.value, str):
        return
    inner = source.inner(html.value.encode(), html.lift())
    for fact in facts_of(inner, vocabulary, ENGINE):
        if isinstance(fact, Skip):
            yield fact
        elif not isinstance(fact, Document | Include):
            yield filled(fact, variables)


def image_facts(source: Source, url: Node, variables: Variables) -> Iterator[Fact]:
    """The address that an image tag asks for."""
    value = variables.value(url.value)
    if value not in (None, ""):
        yield Pixel(place=source.place(*url.span), url=value)


def filled(fact: Fact, variables: Variables) -> Fact:
    """The fact with its `{{Variable}}` holes replaced by what the container knows of them."""
    return rewritten(fact, lambda hole: _variable(hole, variables))


def rewritten(fact: Fact, answer: Callable[[Hole], Value]) -> Fact:
    """The fact with every hole of its values replaced by the answer to it."""
    changed: dict[str, Any] = {}
    for each in fields(fact):
        old = getattr(fact, each.name)
        if each.name in ("place", "guards", "blocks", "moment") or isinstance(old, str):
            continue
        new = fill(old, answer)
        if new != old:
            changed[each.name] = new
    return replace(fact, **changed) if changed else fact


def fill(value: Value, answer: Callable[[Hole], Value]) -> Value:
    """The value with its holes replaced by the answers to them."""
    match value:
        case Hole():
            return answer(value)
        case Text(parts=parts):
            return joined(
                [part if isinstance(part, str) else fill(part, answer) for part in parts],
                shown(value),
            )
        case Object(items=items):
            return Object(tuple((key, fill(each, answer)) for key, each in items))
        case Choice(options=inner):
            return Choice(tuple(fill(each, answer) for each in inner))
        case tuple():
            return tuple(fill(each, answer) for each in value)
    return value


def _variable(hole: Hole, variables: Variables) -> Value:
    """What stands for a hole that a variable left, or that is made of variables."""
    match hole.origin:
        case Origin(kind=OriginKind.TEMPLATE, name=name, of=()):
            return variables.variable(name)
    return replace(hole, origin=_traced(hole.origin, variables))


def _traced(origin: Origin, variables: Variables) -> Origin:
    """An origin made of variables says instead what those are made of."""
    if not origin.of:
        return origin
    made_of: dict[Origin, None] = {}
    for each in origin.of:
        if each.kind is OriginKind.TEMPLATE:
            known = [hole.origin for hole in holes(variables.variable(each.name))]
            made_of.update(dict.fromkeys(known or [each]))
        else:
            made_of[_traced(each, variables)] = None
    return replace(origin, of=tuple(made_of))
