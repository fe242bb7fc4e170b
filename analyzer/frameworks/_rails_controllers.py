"""The controllers of a Rails application: what each inherits, its layouts and its filters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.frameworks._rails_methods import LONGEST, MOST, Layout, Method, Methods, named_layout
from analyzer.frameworks._ruby import Statement, statements
from analyzer.frameworks._ruby_calls import Call, call_of, literal, source_text, strings
from analyzer.frameworks._ruby_parts import Part
from analyzer.model import Fact, Source

BEFORE = frozenset(
    {"before_action", "prepend_before_action", "append_before_action", "before_filter"}
)
SKIPS = frozenset({"skip_before_action", "skip_action_callback", "skip_before_filter"})


@dataclass(frozen=True, slots=True)
class Filter:
    """Something that is asked before actions, or that is left out again."""

    name: str
    adds: bool
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    conditional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller(Fact):
    """A class or a module of a Rails application, as it bears on pages."""

    name: str
    parent: str = ""
    nesting: tuple[str, ...] = ()
    mixins: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()
    filters: tuple[Filter, ...] = ()
    methods: tuple[Method, ...] = ()


def controllers_of(source: Source) -> Iterator[Controller]:
    """The classes and modules of a file, with all that says which page shows what."""
    todo: list[tuple[Statement, tuple[str, ...]]] = [
        (each, ()) for each in reversed(statements(source.data))
    ]
    while todo:
        each, nesting = todo.pop()
        name = _class_name(each)
        if not name or len(nesting) > 20:
            continue
        full = "::".join((*nesting, name)) if not name.startswith("::") else name[2:]
        inner = (*nesting, name)
        yield _Reader(source).read(each, full, nesting)
        todo.extend((below, inner) for below in reversed(each.body) if _class_name(below))


def _class_name(each: Statement) -> str:
    if each.head not in ("class", "module"):
        return ""
    name = ""
    for part in each.parts[1:]:
        if part.text == "::" or (part.kind == "word" and part.text[:1].isupper()):
            name += part.text
        else:
            break
    return name


@dataclass(slots=True)
class _Reader:
    source: Source

    def read(self, each: Statement, name: str, nesting: tuple[str, ...]) -> Controller:
        layouts: list[Layout] = []
        filters: list[Filter] = []
        mixins: list[str] = []
        methods: dict[str, Method] = {}
        public = True
        for below in _body(each):
            call = call_of(below.parts)
            head = below.head
            if head in ("private", "protected", "public") and len(below.parts) == 1:
                public = head == "public"
            elif head in ("private", "protected") and "def" in (part.text for part in below.parts):
                Methods(self.source).read(Statement(below.parts[1:], below.body), False, methods)
            elif head in ("private", "protected"):
                hidden = set(strings(below.parts[1:]))
                for known in hidden & methods.keys():
                    methods[known] = _hidden(methods[known])
            elif head == "def" and (len(below.parts) < 2 or below.parts[1].text != "self"):
                Methods(self.source).read(below, public, methods)
            elif head in ("helper_method", "memoize"):
                texts = [part.text for part in below.parts]
                if "def" in texts:
                    inner = Statement(below.parts[texts.index("def") :], below.body)
                    Methods(self.source).read(inner, public, methods)
            elif head == "layout":
                layouts.append(self._layout(call, below.parts[1:]))
            elif head in BEFORE or head in SKIPS:
                filters.extend(self._filters(head in BEFORE, call))
            elif head == "http_basic_authenticate_with":
                only, but = call.names("only") or (), call.names("except") or ()
                conditional = _is_conditional(call)
                filters.append(Filter("http_basic_authenticate_with", True, only, but, conditional))
            elif head in ("include", "extend", "prepend"):
                mixins.extend(_constant(argument) for argument in call.given)
        place = self.source.place(each.parts[0].start, each.parts[-1].end)
        return Controller(
            place=place,
            name=name,
            parent=_parent(each),
            nesting=nesting,
            mixins=tuple(filter(None, mixins))[:MOST],
            layouts=tuple(layouts)[:MOST],
            filters=tuple(filters)[:MOST],
            methods=tuple(methods.values())[:MOST],
        )

    # ------------------------------------------------------------ layouts and filters

    def _layout(self, call: Call, parts: Sequence[Part]) -> Layout:
        place = self.source.place(parts[0].start, parts[-1].end) if parts else None
        only, but = call.names("only") or (), call.names("except") or ()
        given = call.given[0] if call.given else ()
        how, name = named_layout(self.source.data, given)
        condition = source_text(self.source.data, call.condition)[:LONGEST]
        return Layout(how, name, only, but, condition, place)

    def _filters(self, adds: bool, call: Call) -> Iterator[Filter]:
        only, but = call.names("only") or (), call.names("except") or ()
        conditional = _is_conditional(call) or any(
            key in call.named and not strings(call.named[key]) for key in ("only", "except")
        )
        for argument in call.given:
            if (name := literal(argument)) is not None:
                yield Filter(name, adds, only, but, conditional)


def _hidden(method: Method) -> Method:
    return Method(
        method.name,
        False,
        method.truth,
        method.choices,
        method.closed,
        method.renders,
        method.calls,
    )


def _body(each: Statement) -> Iterator[Statement]:
    """What stands directly in a class, with what a concern puts into the classes around it."""
    for below in each.body:
        if below.head in (
            "included",
            "class_methods",
            "concerning",
            "with_options",
            "if",
            "unless",
        ):
            if below.head != "class_methods":
                yield from below.body
        else:
            yield below


def _is_conditional(call: Call) -> bool:
    return bool({"if", "unless"} & call.named.keys()) or bool(call.condition)


def _constant(parts: Sequence[Part]) -> str:
    return "".join(part.text for part in parts) if parts and parts[0].text[:1].isupper() else ""


def _parent(each: Statement) -> str:
    at = next((n for n, part in enumerate(each.parts) if part.text == "<"), None)
    if at is None:
        return ""
    text = "".join(part.text for part in each.parts[at + 1 :])
    found = re.match(r"(?:::)?[A-Z]\w*(?:::[A-Z]\w*)*", text)
    return found[0].removeprefix("::") if found else ""
