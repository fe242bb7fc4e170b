"""The router of a Phoenix application: addresses, pipelines, and what they ask first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from analyzer.frameworks._ruby import Statement
from analyzer.frameworks._ruby_calls import call_of, literal, strings
from analyzer.frameworks._ruby_parts import Part
from analyzer.model import Fact, Source

MODULE = re.compile(r"[A-Z]\w*(?:\.[A-Z]\w*)*")
LOGIN = re.compile(
    r"require_(?:auth\w*|log\w*|user|admin|member|sudo)|ensure_(?:auth\w*|logged\w*|admin|mount_current)"
    r"|requires_login|authenticate(?:d|_user)?\b|\bauthenticated\b|RequireAuth|EnsureAuth|DashboardAuth"
    r"|EnsureAuthenticated|RequireLogin|require_login",
)
NO_LOGIN = re.compile(r"redirect_if|maybe_|_if_user|optional|api", re.I)
PLAIN_VERBS = frozenset({"get", "live"})
RESOURCES = {"index": "", "new": "/new", "show": "/*", "edit": "/*/edit"}
DEEPEST = 30


@dataclass(frozen=True, slots=True)
class LayoutName:
    """A layout as a module and its name, empty where it is switched off."""

    module: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoenixRoute(Fact):
    """An address, the module that answers, and the layouts of its pipelines."""

    pattern: str
    module: str
    action: str = ""
    live: bool = False
    root: LayoutName | None = None
    layout: LayoutName | None = None
    needs: tuple[str, ...] = ()


def routes_of(source: Source, body: Sequence[Statement]) -> Iterator[PhoenixRoute]:
    """The addresses that a router's module gives."""
    yield from _Router(source).read(body, _Scope())


def module_of(parts: Sequence[Part]) -> str:
    """The module that some parts begin with."""
    named = []
    for part in parts:
        if part.kind != "word" and part.text not in (".", "@"):
            break
        named.append(part.text)
    found = MODULE.match("".join(named))
    return found[0] if found else ""


def layout_of(parts: Sequence[Part]) -> LayoutName | None:
    """`{ClinicWeb.Layouts, :root}`, `html: {...}`, `false`."""
    texts = [part.text for part in parts]
    if texts[:1] == ["false"] or (len(texts) > 1 and texts[1:2] == ["false"]):
        return LayoutName()
    module = next((n for n, part in enumerate(parts) if part.text[:1].isupper()), None)
    names = [part.value for part in parts if part.kind in ("symbol", "text") and part.value]
    if not names:
        return None
    name = re.sub(r"\.html$", "", names[-1])
    return LayoutName(module_of(parts[module:]) if module is not None else "", name)


@dataclass(frozen=True, slots=True)
class _Scope:
    path: str = ""
    module: str = ""
    root: LayoutName | None = None
    layout: LayoutName | None = None
    needs: tuple[str, ...] = ()


@dataclass(slots=True)
class _Router:
    source: Source
    pipelines: dict[str, _Scope] = field(default_factory=dict)

    def read(
        self, body: Sequence[Statement], scope: _Scope, depth: int = 0
    ) -> Iterator[PhoenixRoute]:
        """The routes in a body; a pipeline that is passed through holds for what follows."""
        if depth > DEEPEST:
            return
        for each in body:
            head, call = each.head, call_of(each.parts)
            if head == "pipeline":
                self.pipelines[call.text() or ""] = self._piped(each.body, _Scope())
            elif head == "pipe_through":
                for name in strings([part for given in call.given for part in given]):
                    scope = self._through(name, scope)
            elif head == "scope":
                yield from self.read(each.body, self._below(each, scope), depth + 1)
            elif head == "live_session":
                yield from self.read(each.body, self._session(each, scope), depth + 1)
            elif head in PLAIN_VERBS:
                yield from self._route(each, scope, head == "live")
            elif head == "resources":
                yield from self._resources(each, scope, depth)
            elif head in ("if", "for", "unless"):
                yield from self.read(each.body, scope, depth + 1)

    def _piped(self, body: Sequence[Statement], scope: _Scope) -> _Scope:
        for each in body:
            if each.head != "plug":
                continue
            call = call_of(each.parts)
            name = call.text() or ""
            rest = each.parts[2:]
            if name == "put_root_layout":
                scope = replace(scope, root=layout_of([p for p in rest if p.text != ","]))
            elif name == "put_layout":
                scope = replace(scope, layout=layout_of([p for p in rest if p.text != ","]))
            else:
                scope = self._asked(name or module_of(each.parts[1:]), scope)
        return scope

    def _asked(self, name: str, scope: _Scope) -> _Scope:
        if asks_login(name):
            return replace(scope, needs=tuple(dict.fromkeys((*scope.needs, f"plug :{name}"))))
        return scope

    def _through(self, name: str, scope: _Scope) -> _Scope:
        piped = self.pipelines.get(name)
        if piped is None:
            return self._asked(name, scope)
        needs = piped.needs or ((f"pipe_through :{name}",) if asks_login(name) else ())
        return replace(
            scope,
            root=piped.root or scope.root,
            layout=piped.layout or scope.layout,
            needs=tuple(dict.fromkeys((*scope.needs, *needs))),
        )

    def _below(self, each: Statement, scope: _Scope) -> _Scope:
        call = call_of(each.parts)
        path = call.text() or ""
        module = next((found for given in call.given if (found := module_of(given))), "")
        if "alias" in call.named:
            module = module_of(call.named["alias"])
        return replace(
            scope,
            path=f"{scope.path.rstrip('/')}/{path.strip('/')}",
            module=".".join(filter(None, (scope.module, module))),
        )

    def _session(self, each: Statement, scope: _Scope) -> _Scope:
        call = call_of(each.parts)
        mounted = call.named.get("on_mount", ())
        for part in mounted:
            if part.kind == "symbol" and asks_login(part.text):
                needs = tuple(dict.fromkeys((*scope.needs, f"on_mount :{part.text}")))
                scope = replace(scope, needs=needs)
        if "root_layout" in call.named:
            scope = replace(scope, root=layout_of(call.named["root_layout"]) or scope.root)
        if "layout" in call.named:
            scope = replace(scope, layout=layout_of(call.named["layout"]))
        return scope

    def _route(self, each: Statement, scope: _Scope, live: bool) -> Iterator[PhoenixRoute]:
        call = call_of(each.parts)
        path = call.text()
        if path is None or len(call.given) < 2:
            return
        module = module_of(call.given[1])
        action = (literal(call.given[2]) or "") if len(call.given) > 2 else ""
        if module:
            yield self._say(each, path, module, action, live, scope)

    def _resources(self, each: Statement, scope: _Scope, depth: int) -> Iterator[PhoenixRoute]:
        call = call_of(each.parts)
        path = call.text()
        module = module_of(call.given[1]) if len(call.given) > 1 else ""
        if path is None or not module:
            return
        only, but = call.names("only"), call.names("except") or ()
        single = "singleton" in call.named
        for action, below in RESOURCES.items():
            if (only is not None and action not in only) or action in but:
                continue
            if single:
                if action == "index":
                    continue
                below = below.replace("/*", "", 1)
            yield self._say(each, path.rstrip("/") + below, module, action, False, scope)
        inner = path.rstrip("/") + ("" if single else "/*")
        nested = replace(scope, path=f"{scope.path.rstrip('/')}/{inner.strip('/')}")
        yield from self.read(each.body, nested, depth + 1)

    def _say(
        self, each: Statement, path: str, module: str, action: str, live: bool, scope: _Scope
    ) -> PhoenixRoute:
        return PhoenixRoute(
            place=self.source.place(each.parts[0].start, each.parts[-1].end),
            pattern=_starred(f"{scope.path}/{path}"),
            module=".".join(filter(None, (scope.module, module))),
            action=action,
            live=live,
            root=scope.root,
            layout=scope.layout,
            needs=scope.needs,
        )


def asks_login(name: str) -> bool:
    """Does the name of a plug say that it asks for a login?"""
    return LOGIN.search(name) is not None and NO_LOGIN.search(name) is None


def _starred(path: str) -> str:
    segments = []
    for segment in re.split(r"/+", path.strip("/")):
        if segment.startswith("*") and len(segment) > 1:
            segments.append("**")
        elif ":" in segment or segment == "*":
            segments.append("*")
        else:
            segments.append(segment)
    return "/" + "/".join(filter(None, segments))
