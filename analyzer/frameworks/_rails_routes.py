"""The routes of a Rails application: config/routes.rb, read without running it.

Loops and conditions count once, names that only a running application knows are left open. What
is drawn from another file, and an engine that is mounted, is said as a mount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analyzer.frameworks import joined
from analyzer.frameworks._rails_names import plural, singular, spelled, underscored
from analyzer.frameworks._ruby import Statement, statements
from analyzer.frameworks._ruby_calls import Call, call_of
from analyzer.frameworks._ruby_parts import Part
from analyzer.model import Route, Source

VERBS = frozenset({"get", "match", "post", "put", "patch", "delete", "options"})
GUARDS = frozenset({"authenticate", "authenticated"})
COLLECTION = ("index", "create", "new")
MEMBER = ("show", "update", "destroy", "edit")
DEVISE = {  # the pages of Devise: controller, action, and their address below the scope
    "sessions": (("new", "sign_in"),),
    "passwords": (("new", "password/new"), ("edit", "password/edit")),
    "registrations": (("new", "sign_up"), ("edit", "edit")),
    "confirmations": (("new", "confirmation/new"), ("show", "confirmation")),
    "unlocks": (("new", "unlock/new"),),
    "invitations": (("new", "invitation/new"), ("edit", "invitation/accept")),
}
DEEPEST = 30
MOST_ROUTES = 5_000


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a statement of the routes stands."""

    path: str = ""
    module: str = ""
    controller: str = ""
    resource: str = ""  # the path of the resource around, up to its collection
    single: bool = False
    member: str = ""  # the id's segment, for routes of one member
    on: str = ""  # member, collection
    needs: tuple[str, ...] = ()
    nested: str = ""  # the path of what stands directly inside of a resource


@dataclass(slots=True)
class _Reader:
    source: Source
    concerns: dict[str, Statement] = field(default_factory=dict)
    methods: dict[str, Statement] = field(default_factory=dict)
    count: int = 0

    def read(self, body: Sequence[Statement], scope: _Scope, depth: int = 0) -> Iterator[Route]:
        if depth > DEEPEST:
            return
        for each in body:
            if self.count > MOST_ROUTES:
                return
            yield from self._statement(each, scope, depth + 1)

    def _statement(self, each: Statement, scope: _Scope, depth: int) -> Iterator[Route]:
        head = each.head
        call = call_of(each.parts)
        if head == "def" and len(each.parts) > 1:
            self.methods[each.parts[1].text] = each
        elif head in self.methods and depth < DEEPEST:
            yield from self.read(self.methods[head].body, scope, depth + 4)
            yield from self.read(each.body, scope, depth)
        elif head in VERBS or head == "root":
            yield from self._route(head, each, call, scope)
        elif head in ("resources", "resource"):
            yield from self._resources(head == "resource", each, call, scope, depth)
        elif head == "namespace":
            yield from self.read(each.body, _namespace(call, scope), depth)
        elif head in ("scope", "controller"):
            yield from self.read(each.body, _scope(head, call, scope), depth)
        elif head in ("member", "collection", "nested", "new"):
            yield from self.read(each.body, replace(scope, on=head), depth)
        elif head == "concern" and (name := call.text()):
            self.concerns[name] = each
        elif head == "concerns":
            yield from self._concerns(call, scope, depth)
        elif head == "devise_for":
            yield from self._devise(each, call, scope)
        elif head == "mount":
            yield from self._mount(each, call, scope)
        elif head == "draw" and (name := call.text()):
            yield self._say(each, scope.path or "/", f"config/routes/{name}.rb", "mount", scope)
        elif head in GUARDS:
            who = call.text() or "user"
            guarded = replace(scope, needs=(*scope.needs, f"{head} :{who}"))
            yield from self.read(each.body, guarded, depth)
        else:
            yield from self.read(each.body, scope, depth)

    # ------------------------------------------------------------ one route

    def _route(self, verb: str, each: Statement, call: Call, scope: _Scope) -> Iterator[Route]:
        if verb not in ("get", "match", "root"):
            return
        if verb == "match" and not _is_shown(call.names("via")):
            return
        if verb == "root":
            target = call.name("to") or call.text() or _arrow(call)[1]
            yield from self._to("", target or "", each, call, scope)
            return
        arrow = _arrow(call)
        if arrow[0] is not None:
            yield from self._to(arrow[0], arrow[1] or "", each, call, scope)
            return
        for argument in call.given:
            path = _path_of(argument[0]) if len(argument) == 1 else None
            if path is not None:
                yield from self._to(path, self._target(path, call, scope), each, call, scope)

    def _target(self, path: str, call: Call, scope: _Scope) -> str:
        """The action that a route without an arrow means."""
        if "to" in call.named:
            return call.name("to") or ""
        action = call.name("action")
        controller = call.name("controller")
        if "action" in call.named and action is None:
            return ""
        if "controller" in call.named and controller is None:
            return ""
        bare = re.sub(r"\(.*?\)", "", path).strip("/")
        if action is None and ":part" in bare:
            return ""
        if action is None and controller is None and not scope.controller:
            parts = bare.split("/")
            if len(parts) < 2 or ":" in bare:
                return ""
            return f"{'/'.join(parts[:-1])}#{parts[-1]}".replace("-", "_")
        return f"{controller or ''}#{action or bare.rpartition('/')[2].replace('-', '_')}"

    def _to(
        self, path: str, target: str, each: Statement, call: Call, scope: _Scope
    ) -> Iterator[Route]:
        if not target:
            return
        controller, _, action = target.rpartition("#")
        if not action:
            return
        name = controller or call.name("controller") or ""
        full = _controller(name, scope) if name else scope.controller
        if not full or not action:
            return
        module = call.name("module")
        if module and name:
            full = f"{module}/{full}"
        on = call.name("on") or scope.on
        yield from self._pages(each, _below(scope, on), path, f"{full}#{action}", scope)

    def _pages(
        self, each: Statement, base: str, path: str, target: str, scope: _Scope
    ) -> Iterator[Route]:
        for pattern in spelled(f"{base.rstrip('/')}/{path.strip('/')}"):
            yield self._say(each, pattern, target, "view", scope)

    def _say(self, each: Statement, pattern: str, target: str, kind: str, scope: _Scope) -> Route:
        self.count += 1
        place = self.source.place(each.parts[0].start, each.parts[-1].end)
        return Route(place=place, pattern=pattern, target=target, kind=kind, needs=scope.needs)

    # ------------------------------------------------------------ resources

    def _resources(
        self, single: bool, each: Statement, call: Call, scope: _Scope, depth: int
    ) -> Iterator[Route]:
        for argument in call.given:
            name = argument[0].value if len(argument) == 1 else None
            if name is None:
                yield from self.read(each.body, replace(scope, controller="", on=""), depth)
                continue
            inner = self._resource(name, single, call, scope)
            if "controller" not in call.named or call.name("controller"):
                yield from self._standard(each, call, inner)
            for concern in call.names("concerns") or ():
                if concern in self.concerns:
                    yield from self.read(self.concerns[concern].body, inner, depth + 4)
            yield from self.read(each.body, inner, depth)

    def _resource(self, name: str, single: bool, call: Call, scope: _Scope) -> _Scope:
        path = call.name("path")
        written = name if path is None else path
        many = plural(name) if single else name
        base = _below(scope, scope.on or "nested")
        module = call.name("module")
        controller = call.name("controller") or many
        here = f"{base.rstrip('/')}/{written.strip('/')}".rstrip("/")
        parameter = call.name("param") or "id"
        return replace(
            scope,
            controller=_controller(f"{module}/{controller}" if module else controller, scope),
            module=f"{scope.module}/{module}".strip("/") if module else scope.module,
            resource=here,
            single=single,
            member="" if single else f"/:{parameter}",
            nested=here if single else f"{here}/:{singular(name)}_{parameter}",
            on="",
        )

    def _standard(self, each: Statement, call: Call, scope: _Scope) -> Iterator[Route]:
        """The addresses that every resource has, but for those that are left out."""
        actions = [*COLLECTION, *MEMBER]
        if (only := call.names("only")) is not None:
            actions = [name for name in actions if name in only]
        if (but := call.names("except")) is not None:
            actions = [name for name in actions if name not in but]
        words = _path_names(call)
        for action in actions:
            word = words.get(action, action)
            path = {
                "index": "" if not scope.single else None,
                "new": word,
                "show": scope.member,
                "edit": f"{scope.member}/edit" if action not in words else f"{scope.member}/{word}",
            }.get(action)
            if path is not None:
                base = scope.resource
                target = f"{scope.controller}#{action}"
                yield from self._pages(each, base, path, target, scope)

    def _concerns(self, call: Call, scope: _Scope, depth: int) -> Iterator[Route]:
        for argument in call.given:
            for part in argument:
                if part.value in self.concerns:
                    yield from self.read(self.concerns[part.value].body, scope, depth + 4)

    # ------------------------------------------------------------ others

    def _devise(self, each: Statement, call: Call, scope: _Scope) -> Iterator[Route]:
        names = [argument[0].value for argument in call.given if len(argument) == 1]
        own = _pairs(call.named.get("controllers", ()))
        words = _pairs(call.named.get("path_names", ()))
        skipped = set(call.names("skip") or ())
        only = call.names("only")
        module = call.name("module")
        for name in names:
            path = call.name("path")
            below = f"{scope.path.rstrip('/')}/{(name or ':scope') if path is None else path}"
            for controller, pages in DEVISE.items():
                if controller in skipped or "all" in skipped or (only and controller not in only):
                    continue
                if controller == "invitations" and controller not in own:
                    continue
                default = f"{module}/{controller}" if module else f"devise/{controller}"
                target = own.get(controller, default)
                target = _controller(target, scope) if controller in own or module else target
                for action, address in pages:
                    address = words.get(address, address)
                    route = f"{target}#{action}"
                    yield from self._pages(each, below, address, route, scope)

    def _mount(self, each: Statement, call: Call, scope: _Scope) -> Iterator[Route]:
        """An application inside of this one, by the name of its class."""
        path = call.name("at")
        target = call.given[0] if call.given else ()
        for number, part in enumerate(target):
            if part.text == "=>" and number + 1 < len(target):
                path, target = target[number + 1].value, target[:number]
                break
        name = "".join(part.text for part in target if part.kind in ("word", "mark"))
        if name and path is not None:
            pattern = joined(scope.path, path)
            yield self._say(each, pattern, name, "mount", scope)


def routes_of(source: Source) -> Iterator[Route]:
    """The addresses that a file of routes gives to actions, and what it mounts."""
    reader = _Reader(source)
    body = statements(source.data)
    for each in body:
        texts = [part.text for part in each.parts]
        name = texts[0] if "routes" in texts and texts[1:2] == ["::"] else ""
        if "draw" in texts and "routes" in texts:
            isolated = "" if texts[0] == "Rails" else "::".join(_constants(each.parts))
            yield from reader.read(each.body, _Scope(module=_engine_module(isolated)))
            if isolated and name:
                place = source.place(each.parts[0].start, each.parts[-1].end)
                yield Route(place=place, pattern="/", target=isolated, kind="engine")
        elif "/config/routes/" in f"/{source.path}":
            yield from reader.read([each], _Scope())


def _constants(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if part.kind == "word" and part.text[:1].isupper():
            yield part.text
        elif part.text != "::":
            return


def _engine_module(name: str) -> str:
    """The folder of an engine's controllers: `Portal::Engine` keeps them in portal."""
    parts = name.split("::")
    return underscored("::".join(parts[:-1])) if len(parts) > 1 and parts[-1] == "Engine" else ""


def _namespace(call: Call, scope: _Scope) -> _Scope:
    name = call.text() or ""
    path = call.name("path")
    module = call.name("module")
    base = _below(scope, scope.on or "nested")
    return replace(
        scope,
        path=f"{base.rstrip('/')}/{(name or ':part') if path is None else path.strip('/')}",
        module=f"{scope.module}/{name if module is None else module}".strip("/"),
        controller="",
        resource="",
        nested="",
        on="",
    )


def _scope(head: str, call: Call, scope: _Scope) -> _Scope:
    if head == "controller":
        return replace(scope, controller=_controller(call.text() or "", scope))
    path = call.text() if call.given else call.name("path")
    if path is None and (call.given or "path" in call.named):
        path = ":part"  # a name that only the running application knows
    module, controller = call.name("module"), call.name("controller")
    base = _below(scope, scope.on or "nested")
    inner = f"{scope.module}/{module}".strip("/") if module else scope.module
    return replace(
        scope,
        path=f"{base.rstrip('/')}/{(path or '').strip('/')}".rstrip("/"),
        module=inner,
        controller=_controller(controller, replace(scope, module=inner))
        if controller
        else scope.controller,
        resource="",
        nested="",
        on="",
    )


def _below(scope: _Scope, on: str) -> str:
    """The path on which a route hangs inside of a resource or a scope."""
    if not scope.resource:
        return scope.path
    if on == "collection":
        return scope.resource
    if on == "new":
        return f"{scope.resource}/new"
    if on == "member":
        return scope.resource + scope.member
    return scope.nested


def _controller(name: str, scope: _Scope) -> str:
    if name.startswith("/"):
        return name.strip("/")
    return f"{scope.module}/{name}".strip("/") if scope.module else name


def _arrow(call: Call) -> tuple[str | None, str | None]:
    """`"path" => "controller#action"` as its two sides."""
    for argument in call.given:
        if len(argument) > 2 and argument[1].text == "=>":
            said = argument[2].value if len(argument) == 3 else None
            return _path_of(argument[0]), said
    return None, None


def _path_of(part: Part) -> str | None:
    """An address as it is written, with its gaps; None where it is no text."""
    if part.kind == "symbol":
        return part.value
    return part.text if part.kind == "text" and part.text != ":part" else None


def _is_shown(verbs: tuple[str, ...] | None) -> bool:
    """May a route with these verbs show a page? Verbs that cannot be read may."""
    return not verbs or bool({"get", "all"} & set(verbs))


def _pairs(parts: Sequence[Part]) -> dict[str, str]:
    """A hash of strings: `{ sessions: "users/sessions" }`, also with arrows."""
    found: dict[str, str] = {}
    for number, part in enumerate(parts[:-1]):
        if part.kind == "label" and parts[number + 1].value is not None:
            found[part.text] = parts[number + 1].value or ""
        elif part.kind == "symbol" and parts[number + 1].text == "=>" and number + 2 < len(parts):
            found[part.text] = parts[number + 2].value or ""
    return found


def _path_names(call: Call) -> Mapping[str, str]:
    return _pairs(call.named.get("path_names", ()))
