"""Addresses in decorators, the groups they belong to, and what is asked before a group answers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks._patterns import of_path
from analyzer.frameworks._python import (
    Module,
    asked,
    assigned,
    is_need,
    last_name,
    statements,
    texts,
    walk,
)
from analyzer.model import Fact, Outside

METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "view", "page", "api_route"})
APPS = frozenset({"Flask", "FastAPI", "Quart", "Starlette", "Sanic", "Bottle", "Application"})
GROUPS = frozenset({"Blueprint", "APIRouter", "RouteTableDef", "Router", "APIBlueprint"})
ADDS = re.compile(r"^add_(?:get|view|route|url_rule|api_route|post)$")
DENIALS = frozenset({401, 403})
IN_PROGRAM = frozenset({"render_template_string", "stream_template_string"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Fact):
    """An application, or a group of addresses that one mounts: a blueprint, a router."""

    name: str
    prefix: str = ""
    needs: tuple[str, ...] = ()
    is_app: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounted(Fact):
    """A group is mounted in another one. A prefix that `adds` stands before the group's own, any
    other takes its place.
    """

    outer: str
    inner: str
    prefix: str | None = None
    adds: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed(Fact):
    """A function answers at an address of a group; no address where it handles an error."""

    pattern: str | None
    target: str
    group: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Fact):
    """Something that every address of a group asks first, but for these exceptions."""

    group: str
    need: str
    exceptions: tuple[str, ...] = ()
    of_app: bool = False


def facts_of(module: Module) -> Iterator[Fact]:
    """The groups, addresses and gates of a module."""
    for node in walk(module.tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            for name, value in assigned(node):
                if isinstance(value, ast.Call):
                    yield from _group(module, name, value)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _decorated(module, node)
        elif isinstance(node, ast.Call) and last_name(node.func) in IN_PROGRAM:
            name = f"{last_name(node.func)}(...)"
            yield Outside(place=module.place(node), what="template in a program", name=name)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _called(module, node, node.func)


def _group(module: Module, name: str, call: ast.Call) -> Iterator[Fact]:
    kind = last_name(call.func)
    if kind not in APPS | GROUPS:
        return
    named = {each.arg: each.value for each in call.keywords}
    prefix = _text(module, named.get("url_prefix") or named.get("prefix")) or ""
    yield Group(
        place=module.place(call),
        name=name,
        prefix=of_path(prefix),
        needs=tuple(_depends(named.get("dependencies"))),
        is_app=kind in APPS,
    )


def _decorated(module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Fact]:
    """The addresses above a function, and the gate that it may be."""
    for each in node.decorator_list:
        function = each.func if isinstance(each, ast.Call) else each
        name = last_name(function)
        owner = module.dotted(function.value) if isinstance(function, ast.Attribute) else ""
        target = f"{module.name}.{node.name}".lstrip(".")
        if name in ("before_request", "before_app_request", "middleware"):
            yield from _gate(module, node, owner, name == "before_app_request")
        elif name in ("errorhandler", "app_errorhandler", "exception_handler", "error"):
            yield Routed(place=module.place(each), pattern=None, target=target, group=owner)
        elif isinstance(each, ast.Call) and (
            name == "route" or (name in METHODS and isinstance(function, ast.Attribute))
        ):
            if not owner and not module.imports.get(name, "").startswith("bottle"):
                continue
            named = {key.arg: key.value for key in each.keywords}
            first = each.args[0] if each.args else named.get("rule") or named.get("path")
            addresses = list(texts(module, first)) if first is not None else []
            for address in addresses:
                if address.startswith("/") or address in ("", "*"):
                    yield Routed(
                        place=module.place(each),
                        pattern=of_path(address),
                        target=target,
                        group=owner,
                        needs=tuple(_depends(named.get("dependencies"))),
                    )


def _called(module: Module, call: ast.Call, function: ast.Attribute) -> Iterator[Fact]:
    """What is mounted or added by a call."""
    name = function.attr
    named = {each.arg: each.value for each in call.keywords}
    owner = function.value
    if name in ("register_blueprint", "include_router", "mount", "blueprint", "add_routes"):
        inner = named.get("blueprint") or named.get("router")
        if name == "mount" and len(call.args) > 1:
            inner = call.args[1]
        elif inner is None and call.args:
            inner = call.args[0]
        prefix = named.get("url_prefix") or named.get("prefix")
        if name == "mount" and call.args:
            prefix = call.args[0]
        written = _text(module, prefix)
        if inner is not None and (target := module.dotted(inner)):
            yield Mounted(
                place=module.place(call),
                outer=module.dotted(owner),
                inner=target,
                prefix=None if written is None else of_path(written),
                adds=name in ("include_router", "mount"),
                needs=tuple(_depends(named.get("dependencies"))),
            )
    elif ADDS.match(name) and call.args:
        address = _text(module, call.args[0])
        view = (
            named.get("view_func")
            or named.get("endpoint")
            or next(
                (each for each in reversed(call.args[1:]) if not isinstance(each, ast.Constant)),
                None,
            )
        )
        if address is None or view is None or not address.startswith("/"):
            return
        needs: tuple[str, ...] = ()
        while isinstance(view, ast.Call):  # a wrapper, or a class as a view
            if isinstance(view.func, ast.Attribute) and view.func.attr == "as_view":
                view = view.func.value
                break
            needs += asked(module, [view.func])[0]
            view = view.args[0] if view.args else view.func
        if isinstance(owner, ast.Attribute) and owner.attr == "router":
            owner = owner.value
        if target := module.dotted(view):
            yield Routed(
                place=module.place(call),
                pattern=of_path(address),
                target=target,
                group=module.dotted(owner),
                needs=needs,
            )
    elif name in ("before_request", "before_app_request") and call.args:
        wanted = last_name(call.args[0])
        for node in statements(module.tree.body):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == wanted:
                yield from _gate(module, node, module.dotted(owner), name == "before_app_request")


def _gate(
    module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str, everywhere: bool
) -> Iterator[Gate]:
    """The gate that a function before every request is, where it turns visitors away."""
    needs = asked(module, node.decorator_list)[0]
    refuses = any(_refuses(each) for each in walk(node))
    if not needs and not refuses:
        return
    exceptions = [
        text
        for each in walk(node)
        if isinstance(each, ast.Compare) and _asks_where(each)
        for part in (each.left, *each.comparators)
        for text in texts(module, part, node)
    ]
    yield Gate(
        place=module.place(node),
        group=owner,
        need=needs[0] if needs else f"before_request {node.name}",
        exceptions=tuple(exceptions),
        of_app=everywhere or not owner or last_name_of(owner) in ("app", "application"),
    )


def last_name_of(dotted: str) -> str:
    """The last part of a dotted name."""
    return dotted.rpartition(".")[2]


def _refuses(node: ast.AST) -> bool:
    """Does a call send a visitor away who is not signed in?"""
    if not isinstance(node, ast.Call):
        return False
    name = last_name(node.func)
    if name == "abort" and node.args and isinstance(node.args[0], ast.Constant):
        return node.args[0].value in DENIALS
    if name in ("unauthorized", "HTTPForbidden", "HTTPUnauthorized"):
        return True
    if name in ("redirect", "RedirectResponse", "HTTPFound") and node.args:
        written = [
            part.value
            for part in walk(node)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        return any(re.search(r"(?i)log_?in|sign_?in|auth(?!or)", each) for each in written)
    return False


def _asks_where(node: ast.Compare) -> bool:
    """Does a comparison ask for the address or the name of what answers?"""
    return any(
        isinstance(part, ast.Attribute) and part.attr in ("endpoint", "path", "blueprint")
        for part in walk(node)
    )


def _depends(node: ast.expr | None) -> Iterator[str]:
    """What FastAPI looks up before a group answers: `dependencies=[Depends(current_user)]`."""
    for call in walk(node) if node is not None else ():
        if isinstance(call, ast.Call) and last_name(call.func) in ("Depends", "Security"):
            for argument in call.args[:1]:
                if is_need(last_name(argument)):
                    yield last_name(argument)


def _text(module: Module, node: ast.expr | None) -> str | None:
    return next(texts(module, node), None) if node is not None else None
