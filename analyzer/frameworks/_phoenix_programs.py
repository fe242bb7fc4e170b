"""Programs of a Phoenix application: routers, controllers, live views and their modules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.frameworks._phoenix_router import LayoutName, layout_of, module_of, routes_of
from analyzer.frameworks._ruby import Statement, statements
from analyzer.frameworks._ruby_calls import call_of, literal
from analyzer.frameworks._ruby_parts import Part
from analyzer.model import Fact, Source

HEREDOC = re.compile(rb'(?:~[a-zA-Z])?("""|\'\'\')[\s\S]*?\1')
SIGIL = re.compile(
    rb"~[a-zA-Z](?:\([^)\n]*\)|\[[^\]\n]*\]|\{[^}\n]*\}|\"[^\"\n]*\"|/[^/\n]*/|\|[^|\n]*\|)"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What an action renders: a template's name, and the view that it is asked of."""

    action: str
    template: str = ""
    view: str = ""
    layout: LayoutName | None = None


@dataclass(frozen=True, slots=True)
class Plug:
    """Something that a controller asks before its actions."""

    name: str
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoenixModule(Fact):
    """A module: what its functions render, its plugs, the templates that it takes in."""

    name: str
    shows: tuple[Shown, ...] = ()
    plugs: tuple[Plug, ...] = ()
    embeds: tuple[str, ...] = ()
    root: LayoutName | None = None
    layout: LayoutName | None = None
    live: bool = False
    functions: tuple[str, ...] = ()


def facts_of(source: Source) -> Iterator[Fact]:
    """The routes of a router; of any other module what it shows."""
    data = _without_texts(source.data)
    body = statements(data, frozenset(), frozenset({"fn"}))
    for module, name in _modules(body):
        if name.endswith("Router"):
            yield from routes_of(source, module.body)
        else:
            yield _module(source, module, name)


def _without_texts(data: bytes) -> bytes:
    """The program with its long texts blanked: their words are no code."""

    def blank(found: re.Match[bytes]) -> bytes:
        return re.sub(rb"[^\n]", b" ", found[0])

    def quoted(found: re.Match[bytes]) -> bytes:
        return b'"' + b" " * (len(found[0]) - 2) + b'"'

    return SIGIL.sub(quoted, HEREDOC.sub(blank, data))


def _modules(body: Sequence[Statement]) -> Iterator[tuple[Statement, str]]:
    todo = [(each, "") for each in reversed(body)]
    while todo:
        each, outer = todo.pop()
        if each.head == "defmodule":
            name = ".".join(filter(None, (outer, module_of(each.parts[1:]))))
            yield each, name
            todo.extend((inner, name) for inner in reversed(each.body))


def _module(source: Source, each: Statement, name: str) -> PhoenixModule:
    shows: list[Shown] = []
    functions: list[str] = []
    plugs: list[Plug] = []
    embeds: list[str] = []
    root: LayoutName | None = None
    layout: LayoutName | None = None
    live = False
    for below in each.body:
        call = call_of(below.parts)
        if below.head == "def" and len(below.parts) > 1:
            action = below.parts[1].text
            functions.append(action)
            shows.extend(_shown(action, below))
        elif below.head == "defp" and len(below.parts) > 1:
            shows.extend(_shown("", below))
        elif below.head == "embed_templates" and (pattern := call.text()):
            embeds.append(pattern)
        elif below.head == "plug":
            first = below.parts[1] if len(below.parts) > 1 else None
            named = first.value if first is not None and first.kind == "symbol" else None
            plugged = named or module_of(below.parts[1:])
            if plugged == "put_root_layout":
                root = layout_of(below.parts[3:])
            elif plugged == "put_layout":
                layout = layout_of(below.parts[3:])
            elif plugged:
                plugs.append(_plug(plugged, below.parts))
        for inner in below.all():
            texts = [part.text for part in inner.parts]
            if inner.head == "use" and ("LiveView" in texts or "live_view" in texts):
                live = live or "LiveView" in texts or below.head == "use"
                given = call_of(inner.parts).named.get("layout")
                layout = layout_of(given) if given else layout
    return PhoenixModule(
        place=source.place(each.parts[0].start, each.parts[-1].end),
        name=name,
        shows=tuple(shows)[:400],
        plugs=tuple(plugs)[:60],
        embeds=tuple(embeds),
        root=root,
        layout=layout,
        live=live,
        functions=tuple(functions)[:400],
    )


def _plug(name: str, parts: Sequence[Part]) -> Plug:
    texts = [part.text for part in parts]
    if "when" not in texts:
        return Plug(name)
    behind = parts[texts.index("when") :]
    listed = tuple(part.value for part in behind if part.kind == "symbol" and part.value)
    return Plug(name, (), listed) if "not" in texts else Plug(name, listed)


def _shown(action: str, each: Statement) -> Iterator[Shown]:
    """The templates that a function renders."""
    layout: LayoutName | None = None
    for inner in each.all():
        for at, part in enumerate(inner.parts):
            if part.kind != "word":
                continue
            call = call_of(inner.parts, at)
            if part.text == "put_layout":
                layout = layout_of([p for given in call.given[-1:] for p in given] or ())
                if layout is None and "html" in call.named:
                    layout = layout_of(call.named["html"])
            elif part.text in ("render", "render!"):
                given = [each for each in call.given if each and each[0].text != "conn"]
                view = module_of(given[0]) if given else ""
                names = [literal(each) for each in given]
                name = next((each for each in names if each), None)
                if name:
                    own = layout_of(call.named["layout"]) if "layout" in call.named else layout
                    yield Shown(action, re.sub(r"\.(?:html|heex)$", "", name), view, own)
