"""What scripts of a Node server say by themselves: routes, mounts, renders and view settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from analyzer.frameworks._express_records import (
    EVERYBODY,
    NEEDS,
    NO_NEED,
    Mounted,
    Names,
    Served,
    Shows,
    View,
)
from analyzer.frameworks._express_settings import settings
from analyzer.frameworks._node_code import Script, arguments, parts_of, unwrapped
from analyzer.frameworks._node_code import read as read_script
from analyzer.model import Fact, Skip, Source
from analyzer.parse.scripts.grammar import TooSlow

WORTH = re.compile(
    rb"\b(?:res|resp|response|reply|rep|ctx|context|h|toolkit)\b[\w.()]{0,40}\.(?:render|view)\s*\("
    rb"|[\"'](?:express|fastify|koa|@koa/router|koa-router|@hapi/hapi|hapi|polka|restify)[\"']"
    rb"|nunjucks\.configure|\b(?:app|router|server)\.(?:get|use|route|all)\(\s*[\"'`/\[{]"
    rb"|\b(?:defaultLayout|view engine)\b"
)
GATHERS = re.compile(rb"exports[\w.]*\s*=\s*(?:\{[^}]*)?require\(|\bexport\s*\{[^}]*\}\s*from\b")
GATHERING = re.compile(
    r"(?:^|/)(?:routes?|routers?|controllers?|handlers?)(?:/[^/]+)?(?:/index)?\.\w+$"
)
SMALL = 20_000  # bytes
LARGEST = 600_000  # bytes of a script that people write
VERBS = frozenset(("get", "all", "post", "put", "patch", "delete", "head"))
ANSWERS = frozenset(
    ("res", "resp", "response", "reply", "rep", "ctx", "context", "h", "toolkit", "_res", "this")
)
OWNER = re.compile(
    r"(?:^|[a-z._])(?:app|router|routes?|server|fastify|application|instance)$", re.I
)
MADE = re.compile(
    r"(?:^|\.)(?:express|Router|fastify|Fastify|polka|Koa|Server|createServer|server)$"
)
ASKED_PATH = re.compile(
    rb"\breq(?:uest)?\.(?:path|url|originalUrl|params)\b|\}\s*=\s*req\b|ctx\.path"
)


def read(source: Source) -> Iterator[Fact | Skip]:
    """The facts of one script."""
    if len(source.data) > LARGEST or not (WORTH.search(source.data) or _hands_on(source)):
        return
    try:
        yield from _Server(read_script(source)).facts()
    except TooSlow:
        yield Skip(source.path, "its routes take too long to be read", kind="partly")


def _hands_on(source: Source) -> bool:
    """Is it a small file that only gathers routers or controllers of other files?"""
    fitting = len(source.data) < SMALL and GATHERING.search(source.path)
    return bool(fitting and GATHERS.search(source.data))


class _Server:
    """Walks through the calls of one script in order."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.needs: dict[str, list[tuple[str, str]]] = {}  # owner to path and what is asked there
        self.prefixes: dict[str, str] = {}
        self.renders = sorted(self._renders(), key=lambda each: each[0])

    def facts(self) -> Iterator[Fact]:
        """Everything that the calls say."""
        script = self.script
        found = [fact for call in script.calls for fact in self._call(call)]
        for name, start, end in script.functions:
            if views := self._views(start, end):
                found.append(Shows(place=script.source.place(start, start), name=name, views=views))
        if found or _hands_on(script.source):
            yield Names(
                place=script.source.place(0, 0),
                imports=tuple((local, *said) for local, said in script.imports.items()),
                exports=tuple(script.exports.items()),
            )
            yield from found

    # ------------------------------------------------------------ views that are shown

    def _renders(self) -> Iterator[tuple[int, View]]:
        for call in self.script.calls:
            callee = call.child_by_field_name("function")
            if callee is None or callee.type != "member_expression":
                continue
            name = self.script.text(callee.child_by_field_name("property"))
            root = _root(callee.child_by_field_name("object"))
            if name not in ("render", "view") or self.script.text(root) not in ANSWERS:
                continue
            given = arguments(call)
            if given:
                yield call.start_byte, View(self._name(given[0]), self._layout(given[1:2]))

    def _name(self, node: Node) -> str:
        """The view's name; empty where it is made in a way that cannot be read."""
        said = self.script.string(node)
        if said is not None:
            return said
        dynamic = unwrapped(node)
        whole = dynamic is not None and dynamic.type in ("identifier", "member_expression")
        return "*" if whole and ASKED_PATH.search(self.script.data) else ""

    def _layout(self, given: list[Node]) -> str | None:
        for node in given:
            members = self.script.members(node)
            if "layout" in members:
                value = members["layout"]
                if value.type in ("false", "null"):
                    return ""
                return self.script.string(value)
        return None

    def _views(self, start: int, end: int) -> tuple[View, ...]:
        return tuple(
            dict.fromkeys(view for at, view in self.renders if start <= at < end and view.name)
        )

    # ------------------------------------------------------------ calls

    def _call(self, call: Node) -> Iterator[Fact]:
        script = self.script
        callee, given = call.child_by_field_name("function"), arguments(call)
        if callee is None or not given:
            return
        if callee.type != "member_expression":
            yield from self._handed(call, callee, given)
            yield from settings(script, call, given)
            return
        name = script.text(callee.child_by_field_name("property"))
        base, path = _chained(script, callee.child_by_field_name("object"))
        owner = script.text(base)
        if self._owns(owner):
            if name in VERBS and (path is not None or len(given) > 1):
                yield from self._served(call, owner, path, given)
            elif name == "use":
                yield from self._used(call, owner, given)
            elif name == "route":
                yield from self._described(call, owner, given[0])
            elif name == "register" and len(given) > 0:
                yield from self._registered(call, owner, given)
            elif name == "prefix" and (prefix := script.string(given[0])):
                self.prefixes[owner] = prefix
        yield from settings(script, call, given)
        yield from self._handed(call, callee, given)

    def _owns(self, name: str) -> bool:
        """Is it an application or a router, by what it is made of or by its name?"""
        made = self.script.constants.get(name)
        if made is not None and made.type in ("call_expression", "new_expression"):
            callee = made.child_by_field_name("function") or made.child_by_field_name("constructor")
            if MADE.search(self.script.text(callee).replace("require('express')", "express")):
                prefix = next(
                    (
                        each
                        for one in arguments(made)
                        for each in [self.script.members(one)]
                        if each
                    ),
                    {},
                ).get("prefix")
                if prefix is not None:
                    self.prefixes.setdefault(name, self.script.string(prefix) or "")
                return True
        return OWNER.search(name) is not None and name.replace(".", "").replace("_", "").isalnum()

    def _served(
        self, call: Node, owner: str, path: Node | None, given: list[Node]
    ) -> Iterator[Fact]:
        handlers = given if path is not None else given[1:]
        for pattern in self._patterns(path if path is not None else given[0]):
            yield self._route(call, owner, pattern, handlers)

    def _route(self, call: Node, owner: str, pattern: str, handlers: list[Node]) -> Served:
        script = self.script
        flat = [one for node in handlers for one in parts_of(script, node)]
        names: list[str] = []
        asked: list[str] = []
        views: list[View] = []
        for node in flat:
            views.extend(self._views(node.start_byte, node.end_byte))
            asked.extend(self._asked(node, NEEDS))
            names.extend(self._handlers(node))
        before = [
            need
            for below, need in self.needs.get(owner, ())
            if not below or f"{pattern}/".startswith(below.rstrip("/") + "/")
        ]
        return Served(
            place=script.source.place(call.start_byte, call.end_byte),
            owner=owner,
            pattern=f"{self.prefixes.get(owner, '')}/{pattern.lstrip('/')}",
            handlers=tuple(dict.fromkeys(names)),
            views=tuple(dict.fromkeys(views)),
            needs=tuple(dict.fromkeys((*before, *asked))),
        )

    def _handlers(self, node: Node) -> Iterator[str]:
        """The names of a handler: its own, and those that a wrapper is handed."""
        inner = unwrapped(node)
        if inner is None:
            return
        if inner.type in ("identifier", "member_expression"):
            yield self.script.reference(inner)
        elif inner.type == "call_expression":
            yield self.script.reference(inner)
            for given in arguments(inner):
                if given.type in ("identifier", "member_expression", "call_expression"):
                    yield from self._handlers(given)
        elif inner.type == "object":  # options of Fastify and Hapi
            members = self.script.members(inner)
            for key in ("handler", "preHandler", "onRequest"):
                if key in members:
                    yield from (
                        name
                        for one in parts_of(self.script, members[key])
                        for name in self._handlers(one)
                    )

    def _asked(self, node: Node, pattern: re.Pattern[str]) -> Iterator[str]:
        """The login that a middleware asks for, by its name."""
        inner = unwrapped(node)
        if inner is None:
            return
        if inner.type == "object":
            members = self.script.members(inner)
            for key in ("preHandler", "onRequest", "preValidation", "pre"):
                if key in members:
                    for one in parts_of(self.script, members[key]):
                        yield from self._asked(one, pattern)
            inside = self.script.members(members.get("options") or members.get("config"))
            auth = members.get("auth") or inside.get("auth")
            if auth is not None and auth.type != "false":
                yield f"auth {self.script.text(auth)[:60]}"
            return
        callee = inner.child_by_field_name("function") if inner.type == "call_expression" else inner
        if callee is None or callee.type not in ("identifier", "member_expression"):
            return
        name = self.script.text(callee)
        if pattern.search(name) and not NO_NEED.search(name):
            yield f"middleware {name}"

    def _used(self, call: Node, owner: str, given: list[Node]) -> Iterator[Fact]:
        """What an application or a router uses: middleware, and routers below a path."""
        patterns = list(self._patterns(given[0])) if _is_path(given[0]) else [""]
        rest = given[1:] if _is_path(given[0]) else given
        asked: list[str] = []
        shown: list[View] = []
        strict = EVERYBODY if patterns == [""] and self._is_application(owner) else NEEDS
        routers: list[str] = []
        for node in rest:
            for one in parts_of(self.script, node):
                said = list(self._asked(one, strict))
                asked.extend(said)
                shown.extend(self._views(one.start_byte, one.end_byte))
                if not said and (target := self.script.reference(one)):
                    routers.append(target)
        for pattern in patterns:
            before = [need for below, need in self.needs.get(owner, ()) if not below]
            if shown:  # what answers where nothing else did has no address of its own
                yield self._route(call, owner, f"{pattern}/(.*)" if pattern else "?", rest)
            below = f"{self.prefixes.get(owner, '')}/{pattern.lstrip('/')}" if pattern else ""
            for target in routers:
                yield Mounted(
                    place=self.script.source.place(call.start_byte, call.end_byte),
                    owner=owner,
                    pattern=below or self.prefixes.get(owner, ""),
                    target=target,
                    needs=tuple(dict.fromkeys((*before, *asked))),
                )
            if asked and not routers:
                self.needs.setdefault(owner, []).extend((pattern, need) for need in asked)

    def _is_application(self, owner: str) -> bool:
        return "router" not in owner.lower() and "route" not in owner.lower()

    def _described(self, call: Node, owner: str, given: Node) -> Iterator[Fact]:
        """Routes as objects, as Hapi and Fastify write them."""
        for one in parts_of(self.script, given):
            members = self.script.members(one)
            path = members.get("path") or members.get("url")
            handler = members.get("handler")
            if path is not None and handler is not None:
                for pattern in self._patterns(path):
                    yield self._route(call, owner, pattern, [one, handler])

    def _registered(self, call: Node, owner: str, given: list[Node]) -> Iterator[Fact]:
        """A plugin of Fastify, below its prefix."""
        members = self.script.members(given[1]) if len(given) > 1 else {}
        prefix = self.script.string(members["prefix"]) if "prefix" in members else ""
        target = self.script.reference(given[0])
        if target:
            yield Mounted(
                place=self.script.source.place(call.start_byte, call.end_byte),
                owner=owner,
                pattern=prefix or "",
                target=target,
                needs=tuple(need for below, need in self.needs.get(owner, ()) if not below),
            )

    def _handed(self, call: Node, callee: Node, given: list[Node]) -> Iterator[Fact]:
        """A file that is handed the application itself: `require('./routes')(app)`."""
        for node in given[:3]:
            owner = self.script.text(node)
            if node.type != "identifier" or not self._owns(owner):
                continue
            target = self.script.reference(callee)
            known = target.partition(".")[0] in self.script.imports
            if target.startswith("require:") or known:
                yield Mounted(
                    place=self.script.source.place(call.start_byte, call.end_byte),
                    owner=owner,
                    pattern="",
                    target=target,
                    needs=tuple(need for below, need in self.needs.get(owner, ()) if not below),
                )

    def _patterns(self, node: Node) -> Iterator[str]:
        """The paths that a route names; a regular expression is no path that can be told."""
        for one in parts_of(self.script, node):
            said = self.script.string(one)
            if said is not None:
                yield said
            elif one.type == "template_string":
                yield re.sub(r"\$\{[^}]*\}", "*", self.script.text(one)[1:-1])
            elif one.type == "regex":
                yield "?"


def _root(node: Node | None) -> Node | None:
    """What a chain of calls and members begins with, or `this`."""
    while node is not None:
        if node.type == "call_expression":
            node = node.child_by_field_name("function")
        elif node.type == "member_expression":
            inner = node.child_by_field_name("object")
            if inner is not None and inner.type == "this":
                return node.child_by_field_name("property")
            node = inner
        else:
            break
    return node


def _chained(script: Script, node: Node | None) -> tuple[Node | None, Node | None]:
    """The router of a chain, and the path that its `route` gave: `router.route('/x').get(...)`."""
    path: Node | None = None
    while node is not None and node.type == "call_expression":
        callee = node.child_by_field_name("function")
        if callee is None or callee.type != "member_expression":
            break
        if script.text(callee.child_by_field_name("property")) == "route":
            path = next(iter(arguments(node)), None)
        node = callee.child_by_field_name("object")
    return node, path


def _is_path(node: Node) -> bool:
    inner = unwrapped(node)
    if inner is None:
        return False
    if inner.type == "array":
        return any(_is_path(each) for each in inner.named_children[:1])
    return inner.type in ("string", "template_string", "regex")
