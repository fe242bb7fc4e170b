"""Views of Python's web frameworks: the templates they render, and what their decorators ask."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks._python import (
    MOST_TEMPLATES,
    Imports,
    Module,
    asked,
    assigned,
    injected,
    is_need,
    last_name,
    says_public,
    statements,
    texts,
    walk,
)
from analyzer.model import Fact

RENDERS = frozenset(
    {"render", "render_to_response", "render_template", "direct_to_template", "template"}
    | {"TemplateResponse", "SimpleTemplateResponse"}
)
MARKUP = re.compile(r"\.(?:html?|xhtml|jinja2?|j2|djhtml|mako|tpl|txt|xml)$")
MIXIN = re.compile(r"(?:Mixin|Required|Protected|Restricted)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class View(Fact):
    """A function or a class that may answer a request.

    `templates` are the names that it renders, `bases` the dotted names of its classes, `calls` of
    the functions whose answer it returns. `needs` and `public` are what its decorators ask.
    """

    name: str
    templates: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    model: str = ""
    suffix: str = ""


def facts_of(module: Module) -> Iterator[Fact]:
    """The imports of a module, and its views."""
    place = module.source.place(0, 0)
    if module.imports or module.stars:
        names = tuple(sorted(module.imports.items()))
        yield Imports(place=place, names=names, stars=tuple(module.stars))
    for node in statements(module.tree.body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield _function(module, node)
            for inner in walk(node):
                if inner is not node and _is_of_its_own(inner):
                    assert isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef))
                    yield _function(module, inner)
        elif isinstance(node, ast.ClassDef):
            yield _class(module, node)
    for name, values in module.given.items():
        for view in (each for each in values[-1:] if isinstance(each, ast.Call)):
            yield from _made(module, name, view)


# ---------------------------------------------------------------- views


def _function(module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> View:
    needs, public = asked(module, node.decorator_list)
    return View(
        place=module.place(node),
        name=node.name,
        templates=tuple(rendered(module, node)),
        needs=(*needs, *injected(node)),
        public=public,
        calls=tuple(_answers(module, node)),
    )


def _class(module: Module, node: ast.ClassDef) -> View:
    bases = tuple(filter(None, (module.dotted(_plain(each)) for each in node.bases)))
    needs, public = asked(module, node.decorator_list)
    templates: list[str] = []
    model = suffix = ""
    for each in statements(node.body):
        for name, value in assigned(each):
            if name in ("template_name", "template", "template_names"):
                templates.extend(texts(module, value))
            elif name in ("model", "queryset"):
                model = model or _model(module, value)
            elif name == "template_name_suffix":
                suffix = next(iter(texts(module, value)), "")
            elif name == "decorators" and isinstance(value, (ast.List, ast.Tuple)):
                needs += asked(module, value.elts)[0]
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            templates.extend(rendered(module, each))
            if each.name == "get_template_names":
                templates.extend(
                    text
                    for part in walk(each)
                    if isinstance(part, ast.Return) and part.value is not None
                    for text in texts(module, part.value, each)
                )
            if each.name == "get_queryset":
                model = model or next(
                    (
                        found
                        for part in walk(each)
                        if isinstance(part, ast.Return) and part.value is not None
                        if (found := _model(module, part.value))
                    ),
                    "",
                )
            if each.name in ("dispatch", "get", "post"):
                needs += asked(module, each.decorator_list)[0]
    last = [base.rpartition(".")[2] for base in bases]
    needs += tuple(each for each in last if MIXIN.search(each) and is_need(each))
    return View(
        place=module.place(node),
        name=node.name,
        templates=tuple(dict.fromkeys(templates)),
        needs=tuple(dict.fromkeys(needs)),
        public=public + tuple(each for each in last if MIXIN.search(each) and says_public(each)),
        bases=bases,
        model=model,
        suffix=suffix,
    )


def _made(module: Module, name: str, call: ast.Call) -> Iterator[View]:
    """A view that is made of another one: `home = login_required(Home.as_view())`."""
    target, needs, templates = unwrapped(module, call)
    made = any(isinstance(each, ast.Attribute) and each.attr == "as_view" for each in walk(call))
    if target and (needs or made):
        yield View(
            place=module.place(call), name=name, templates=templates, needs=needs, calls=(target,)
        )


def unwrapped(module: Module, node: ast.expr) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The name of the view inside of its wrappers, what they ask, and the templates they give."""
    needs: tuple[str, ...] = ()
    for _ in range(8):
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr="as_view"), keywords=keywords):
                templates = tuple(
                    text
                    for each in keywords
                    if each.arg == "template_name"
                    for text in texts(module, each.value)
                )
                return module.dotted(_plain(inner)), needs, templates
            case ast.Call(func=function, args=[first, *_]):
                needs += asked(module, [function])[0]
                node = first
            case ast.Constant(value=str(name)):
                return name, needs, ()
            case _:
                return module.dotted(node), needs, ()
    return "", needs, ()


def _model(module: Module, value: ast.expr) -> str:
    """The model of a generic view: `Visit`, or `models.Visit.objects.filter(open=True)`."""
    parts: list[str] = []
    while isinstance(value, (ast.Call, ast.Attribute)):
        if isinstance(value, ast.Attribute):
            parts.append(value.attr)
        value = value.func if isinstance(value, ast.Call) else value.value
    first = module.dotted(value)
    parts = [*first.split("."), *reversed(parts)] if first else []
    model = next((number for number, part in enumerate(parts) if part[:1].isupper()), None)
    return ".".join(parts[: model + 1]) if model is not None else ""


def _plain(node: ast.expr) -> ast.expr:
    """`View[Visit]` is `View`."""
    return node.value if isinstance(node, ast.Subscript) else node


def _is_of_its_own(node: ast.AST) -> bool:
    """Is a function inside of another one a view of its own, as those of an application maker?"""
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and bool(node.decorator_list)


def _answers(module: Module, node: ast.AST) -> Iterator[str]:
    """The functions whose answer a view returns as its own."""
    for each in _body(node):
        value = each.value if isinstance(each, ast.Return) else None
        if isinstance(value, ast.Await):
            value = value.value
        if isinstance(value, ast.Call):
            function = value.func
            if isinstance(function, ast.Call):
                function = function.func
            if isinstance(function, ast.Attribute) and function.attr == "as_view":
                function = function.value
            if name := module.dotted(function):
                yield name


# ---------------------------------------------------------------- templates


def rendered(module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The names of the templates that a function answers with."""
    found: dict[str, None] = {}
    calls = [each for each in _body(node) if isinstance(each, ast.Call)]
    responds = [each for each in calls if last_name(each.func).endswith("HttpResponse")]
    sent = {part for each in responds for part in walk(each)}
    for call in [*calls, *(each for each in node.decorator_list if isinstance(each, ast.Call))]:
        last = last_name(call.func)
        decorates = call in node.decorator_list
        if last in ("template", "view", "render_to") and decorates:
            wanted = call.args[:1]
        elif last in RENDERS and not decorates:
            wanted = call.args[:2]
        elif (last in ("get_template", "select_template") and responds) or (
            last == "render_to_string" and call in sent
        ):
            wanted = call.args[:1]
        else:
            continue
        named = [
            each.value
            for each in call.keywords
            if each.arg in ("template", "template_name", "name", "template_name_or_list")
        ]
        for argument in (*wanted, *named):
            names = [
                text
                for text in texts(module, argument, node)
                if MARKUP.search(text) or last in ("template", "view")
            ]
            found.update(dict.fromkeys(names))
            if names:
                break
    yield from list(found)[:MOST_TEMPLATES]


def _body(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a function that are not views of their own."""
    return walk(node, _is_of_its_own)
