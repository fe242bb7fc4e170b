"""Django's lists of addresses: path, re_path and url, lists in lists, and what they include."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analyzer.frameworks._patterns import of_expression, of_path
from analyzer.frameworks._python import (
    Module,
    asked,
    assigned,
    last_name,
    statements,
    texts,
)
from analyzer.frameworks._views import unwrapped
from analyzer.model import Fact

PATHS = frozenset({"path"})
EXPRESSIONS = frozenset({"re_path", "url"})
DEEPEST = 60  # lists in lists, and terms of a sum
LANGUAGE = "*"  # the segment that i18n_patterns puts before its addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Fact):
    """An address in a list of addresses, and the view or the further list that answers it.

    `list` is the name of the list, `target` the dotted name of a view, or of a module or a list
    where it `mounts` one. `templates` are those that are handed to the view.
    """

    list: str
    pattern: str
    target: str
    mounts: bool = False
    templates: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler(Fact):
    """The view that answers where no address fits, or where something failed."""

    target: str


def entries(module: Module) -> Iterator[Fact]:
    """The addresses in the lists of a module."""
    for node in statements(module.tree.body):
        for name, value in assigned(node):
            if name in ("handler400", "handler403", "handler404", "handler500"):
                target, _, _ = unwrapped(module, value)
                yield Handler(place=module.place(value), target=target)
            elif _is_list(name, value):
                for entry in _listed(module, value):
                    yield replace(entry, list=name)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):  # urlpatterns.append
            call = node.value
            if isinstance(call.func, ast.Attribute) and call.func.attr in ("append", "extend"):
                name = last_name(call.func.value)
                if name.endswith("patterns"):
                    for argument in call.args:
                        for entry in _listed(module, argument):
                            yield replace(entry, list=name)


def _is_list(name: str, value: ast.expr) -> bool:
    """Is a name given addresses? Names other than urlpatterns need an address in the value."""
    if name == "urlpatterns":
        return True
    if isinstance(value, (ast.List, ast.Tuple)):
        return any(_is_address(each) for each in value.elts)
    return isinstance(value, ast.Call) and last_name(value.func) in ("i18n_patterns", "patterns")


def _is_address(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in PATHS | EXPRESSIONS


def _listed(module: Module, node: ast.expr, depth: int = 0) -> Iterator[Entry]:
    """The addresses of an expression that is a list, a sum of lists, or the name of one."""
    if depth > DEEPEST:
        return
    match node:
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from _listed(module, part, depth + 1)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _listed(module, left, depth + 1)
            yield from _listed(module, right, depth + 1)
        case ast.Starred(value=value):
            yield from _listed(module, value, depth + 1)
        case ast.Name() | ast.Attribute():
            if target := module.dotted(node):
                yield Entry(
                    place=module.place(node), list="", pattern="", target=target, mounts=True
                )
        case ast.Call(func=function, args=arguments, keywords=keywords):
            name = last_name(function)
            if name in PATHS | EXPRESSIONS and arguments:
                yield from _address(module, node, arguments, keywords, depth)
            elif name == "i18n_patterns":
                bare = any(
                    each.arg == "prefix_default_language"
                    and isinstance(each.value, ast.Constant)
                    and each.value.value is False
                    for each in keywords
                )
                for argument in arguments:
                    for entry in _listed(module, argument, depth + 1):
                        yield replace(entry, pattern=f"{LANGUAGE}/{entry.pattern}")
                        if bare:
                            yield entry
            elif name == "patterns":
                prefix = next(texts(module, arguments[0]), "") if arguments else ""
                for argument in arguments[1:]:
                    for entry in _listed(module, argument, depth + 1):
                        dotted = f"{prefix}.{entry.target}" if prefix else entry.target
                        yield replace(entry, target=dotted)


def _address(
    module: Module,
    node: ast.expr,
    arguments: Sequence[ast.expr],
    keywords: Sequence[ast.keyword],
    depth: int,
) -> Iterator[Entry]:
    assert isinstance(node, ast.Call)
    named = {each.arg: each.value for each in keywords}
    first = arguments[0]
    if isinstance(first, ast.Call) and first.args:  # gettext_lazy("visits/")
        first = first.args[0]
    written = next(texts(module, first), None)
    if written is None:
        return
    pattern = of_path(written) if last_name(node.func) in PATHS else of_expression(written)
    view = arguments[1] if len(arguments) > 1 else named.get("view")
    if view is None:
        return
    blank = Entry(place=module.place(node), list="", pattern=pattern, target="")
    if isinstance(view, ast.Call) and "include" in last_name(view.func):
        for inner in _included(module, view, depth):
            joined = pattern + inner.pattern
            yield replace(inner, pattern=joined, place=inner.place)
        return
    if isinstance(view, (ast.List, ast.Tuple)):
        return
    given = arguments[2] if len(arguments) > 2 else named.get("kwargs")
    target, needs, templates = unwrapped(module, view)
    yield replace(
        blank, target=target, needs=needs, templates=(*templates, *_handed(module, given))
    )


def _included(module: Module, call: ast.Call, depth: int) -> Iterator[Entry]:
    """What include() brings: a module by its name, a list, or a list and the name of its app."""
    needs: tuple[str, ...] = ()
    arguments = call.args
    if last_name(call.func) == "decorator_include" and len(arguments) > 1:
        needs = asked(module, [arguments[0]])[0]
        arguments = arguments[1:]
    if not arguments:
        return
    brought = arguments[0]
    if isinstance(brought, ast.Tuple) and brought.elts:
        brought = brought.elts[0]
    if isinstance(brought, ast.Constant) and isinstance(brought.value, str):
        found: Iterator[Entry] = iter(
            [
                Entry(
                    place=module.place(call),
                    list="",
                    pattern="",
                    target=brought.value,
                    mounts=True,
                )
            ]
        )
    else:
        found = _listed(module, brought, depth + 1)
    for entry in found:
        yield replace(entry, needs=(*needs, *entry.needs))


def _handed(module: Module, given: ast.expr | None) -> tuple[str, ...]:
    """The templates that a view is handed: `{"template_name": "visits/new.html"}`."""
    if not isinstance(given, ast.Dict):
        return ()
    return tuple(
        text
        for key, value in zip(given.keys, given.values, strict=True)
        if isinstance(key, ast.Constant) and "template" in str(key.value)
        for text in texts(module, value)
    )
