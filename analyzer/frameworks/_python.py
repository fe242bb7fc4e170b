"""Python programs as their web frameworks see them: imports, texts, and what decorators ask."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from analyzer.model import Fact, Place, Skip, Source

WORDS = re.compile(
    rb"urlpatterns|render|template|[vV]iews?\b|\.route\(|Blueprint|APIRouter|before_request|MIDDLEWARE"
    rb"|INSTALLED_APPS|add_url_rule|ROOT_URLCONF|[lL]ogin_?[rR]equired|handler404"
)
LONGEST = 1_000_000  # bytes of a program that are read
MOST_TEMPLATES = 12
NEEDS = re.compile(
    r"(?i)login|permission|(?:^|_)roles?(?:_|$)|user|auth(?!or)|staff|superuser|member|sign_?in|logged"
    r"|otp_required|verified|credential|access_required|is_admin|admin_required|jwt|token_required"
)
NO_NEED = re.compile(r"(?i)user_?agent|csrf|cache|vary|ratelimit|throttle|log_user|track|with_user")
PUBLIC = re.compile(
    r"(?i)not_required|(?:login|auth)\w*_?exempt|anonymous|unauth|guest|public|allow_?any|no_login|logout_required"
    r"|redirect_authenticated|skip_auth|without_auth"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imports(Fact):
    """The names that a module takes from others, and the modules of which it takes all."""

    names: tuple[tuple[str, str], ...] = ()
    stars: tuple[str, ...] = ()


class Module:
    """One program: its tree, and what its names mean."""

    def __init__(self, source: Source, tree: ast.Module) -> None:
        self.source = source
        self.tree = tree
        self.name = module_name(source.path)
        self.imports: dict[str, str] = {}
        self.stars: list[str] = []
        self._given_in: dict[ast.AST, dict[str, list[ast.expr]]] = {}
        for node in walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.partition(".")[0]
                    self.imports[alias.asname or whole] = whole
            elif isinstance(node, ast.ImportFrom):
                self._import_from(node)

    def _import_from(self, node: ast.ImportFrom) -> None:
        package = self.name if self.source.path.endswith("__init__.py") else parent(self.name)
        for _ in range(node.level - 1):
            package = parent(package)
        origin = node.module or ""
        if node.level:
            origin = f"{package}.{origin}".strip(".")
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(origin)
            else:
                self.imports[alias.asname or alias.name] = f"{origin}.{alias.name}".strip(".")

    @cached_property
    def given(self) -> dict[str, list[ast.expr]]:
        """What the names of the module are given at its top."""
        found: dict[str, list[ast.expr]] = {}
        for node in statements(self.tree.body):
            for name, value in assigned(node):
                found.setdefault(name, []).append(value)
        return found

    def given_in(self, function: ast.AST) -> dict[str, list[ast.expr]]:
        """What the names of a function are given in it, its parameters' defaults included."""
        if function not in self._given_in:
            found: dict[str, list[ast.expr]] = {}
            for each in walk(function):
                for name, value in (*assigned(each), *_defaults(each)):
                    found.setdefault(name, []).append(value)
            self._given_in[function] = found
        return self._given_in[function]

    def dotted(self, node: ast.expr) -> str:
        """The name of an expression with imports followed; an own one begins with the module."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        first = self.imports.get(node.id, f"{self.name}.{node.id}".lstrip("."))
        return ".".join([first, *reversed(parts)])

    def place(self, node: ast.AST) -> Place:
        """Where a part of the program stands."""
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None)
        column, end_column = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", None)
        start = self._offset(first, column)
        end = self._offset(last, end_column) if last and end_column is not None else start
        return self.source.place(start, max(start, end))

    def _offset(self, line: int, column: int) -> int:
        starts = self._starts
        return min(starts[min(line, len(starts)) - 1] + column, len(self.source.data))

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.source.data.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        return starts


def module_of(source: Source) -> Module | Skip | None:
    """The program, or why it cannot be read; None where no word of a web framework is in it."""
    if len(source.data) > LONGEST or not (
        WORDS.search(source.data) or source.path.endswith("__init__.py")
    ):
        return None
    tree = _tree(source.data)
    if isinstance(tree, int):
        reason = "this version of Python cannot parse it, so its routes and views are not known"
        return Skip(source.path, reason, tree, kind="partly")
    return Module(source, tree)


@lru_cache(maxsize=2)
def _tree(data: bytes) -> ast.Module | int:
    """The tree, or the line on which it ends to be Python; two frameworks ask for the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd escapes in other people's texts
        try:
            return ast.parse(data)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as trouble:
            return getattr(trouble, "lineno", None) or 0


def texts(
    module: Module, node: ast.expr, around: ast.AST | None = None, depth: int = 0
) -> Iterator[str]:
    """The texts that an expression may be: constants, either branch, what its name was given."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            for part in parts:
                yield from texts(module, part, around, depth)
        case ast.IfExp(body=body, orelse=other):
            yield from texts(module, body, around, depth)
            yield from texts(module, other, around, depth)
        case ast.NamedExpr(value=value) | ast.Starred(value=value):
            yield from texts(module, value, around, depth)
        case ast.Name(id=name) if depth < 4:
            own = module.given_in(around).get(name) if around is not None else None
            for value in (own or module.given.get(name, []))[:MOST_TEMPLATES]:
                yield from texts(module, value, around, depth + 1)


def _defaults(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        listed = [*node.args.posonlyargs, *node.args.args]
        values = node.args.defaults
        for argument, value in zip(listed[len(listed) - len(values) :], values, strict=True):
            yield argument.arg, value
        for argument, given in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            if given is not None:
                yield argument.arg, given


# ---------------------------------------------------------------- what is asked of visitors


def asked(
    module: Module, decorators: Iterable[ast.expr]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What decorators ask of a visitor, and those that say that nothing is asked."""
    needs: list[str] = []
    public: list[str] = []
    for each in decorators:
        function = each.func if isinstance(each, ast.Call) else each
        name = last_name(function)
        if name == "method_decorator" and isinstance(each, ast.Call) and each.args:
            first = each.args[0]
            listed = first.elts if isinstance(first, (ast.List, ast.Tuple)) else [first]
            inner_needs, inner_public = asked(module, listed)
            needs.extend(inner_needs)
            public.extend(inner_public)
        elif NO_NEED.search(name):
            continue
        elif PUBLIC.search(name):
            public.append(name)
        elif is_need(name):
            needs.append(name)
    return tuple(needs), tuple(public)


def is_need(name: str) -> bool:
    """Do the words of a decorator or a mixin say that a visitor must be somebody?"""
    return bool(NEEDS.search(name)) and not PUBLIC.search(name) and not NO_NEED.search(name)


def says_public(name: str) -> bool:
    """Do the words of a decorator or a mixin say that nothing is asked?"""
    return bool(PUBLIC.search(name)) and not NO_NEED.search(name)


def injected(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """What FastAPI is asked to look up first: `user = Depends(get_current_user)`."""
    listed = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    written = [each.annotation for each in listed if each.annotation is not None]
    for value in (*written, *(value for _, value in _defaults(node))):
        for call in (each for each in walk(value) if isinstance(each, ast.Call)):
            if last_name(call.func) in ("Depends", "Security") and call.args:
                name = last_name(call.args[0])
                if is_need(name) and "optional" not in name.lower():
                    yield name


# ---------------------------------------------------------------- trees


def statements(body: Sequence[ast.stmt], depth: int = 0) -> Iterator[ast.stmt]:
    """The statements of a body, with those inside of its conditions, loops and attempts."""
    for node in body:
        yield node
        if depth < 20:
            for part in ("body", "orelse", "finalbody"):
                if isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
                    yield from statements(getattr(node, part, []), depth + 1)
            for handler in getattr(node, "handlers", []):
                yield from statements(handler.body, depth + 1)


def assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that a statement gives a value."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            yield name, value
        case ast.NamedExpr(target=ast.Name(id=name), value=value):
            yield name, value


def walk(node: ast.AST, leave: Callable[[ast.AST], bool] = lambda each: False) -> Iterator[ast.AST]:
    """Every part of a tree in the order in which it is written; our own stack for deep ones."""
    stack: list[ast.AST] = [node]
    while stack:
        each = stack.pop()
        if each is not node and leave(each):
            continue
        yield each
        stack.extend(reversed(list(ast.iter_child_nodes(each))))


def module_name(path: str) -> str:
    """The dotted name of a file's module, from the top of the repository."""
    bare = path.removesuffix(".py").removesuffix("/__init__")
    return "" if bare == "__init__" else bare.replace("/", ".")


def parent(name: str) -> str:
    """The package of a module."""
    return name.rpartition(".")[0]


def last_name(node: ast.expr) -> str:
    """The last part of a name: `views.home` is `home`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
