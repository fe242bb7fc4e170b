"""The modules inside a bundle: which function is one, what it offers, and who asks for it.

Bundlers put the files of a site into one, each as a function: webpack in an object or a list that
it looks numbers up in, Parcel and Browserify beside the names that a file asks for, esbuild behind
a helper. What a module offers it sets on an object, or says in functions that give it back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from tree_sitter import Node

from analyzer.parse.values.scope import (
    FUNCTIONS,
    Expression,
    Function,
    Parameter,
    Scope,
    items_of,
    unwrapped,
)
from analyzer.parse.values.selves import this_behind

if TYPE_CHECKING:
    from analyzer.parse.values.fold import Folder  # it asks here while it reads a value

DEEPEST = 12  # modules that hand each other on
MOST_MODULES = 50_000
MOST_OFFERS = 200_000
PACKAGE = re.compile(r"(?:.*/)?node_modules/((?:@[\w.-]+/)?[\w.-]+)(?:/|$)")
MARKS_MODULE = re.compile(r"__esModule|\.default\b|\[\"default\"\]")
WRAPPED = frozenset({"identifier", "call_expression", "sequence_expression"})
# What compilers call the helpers between the two kinds of modules.
INTEROP = frozenset(
    {"__importDefault", "__importStar", "_interopRequireDefault", "_interopRequireWildcard"}
)
HANDS_ON = re.compile(r"(?:^|\.)(?:exportAll|__exportStar|_?_?export_?[sS]tar|__reExport)$")
GIVES_EXPORTS = re.compile(r"\bexports\b")
DESCRIBES = frozenset({"get", "set", "value", "enumerable", "configurable", "writable"})
TARGETS = frozenset({"identifier", "member_expression", "string", "this"})


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the site as a function; the numbers are positions of its parameters.

    `wanted` tells under which names the modules are known that it asks for.
    """

    function: Node
    module: int
    exports: int
    requires: int | None
    wanted: dict[str, str] = field(default_factory=dict)


Asked: TypeAlias = tuple[str, Module | None] | None


MOST_INSIDE_OTHERS = 64  # modules that stand one in the other, or before a place in one


class Modules:
    """The modules of one script, and what is set on the objects that they are handed."""

    def __init__(self) -> None:
        self.by_key: dict[str, Module] = {}
        self.by_function: dict[int, Module] = {}
        # What a parameter of a function is given: by the function's node, position, and key.
        self.offers: dict[tuple[int, int, str], list[Expression]] = {}
        # Names that a function is given that is called where it is written, by the name.
        self.given: dict[str, list[tuple[int, int, Scope]]] = {}
        # The same by the scope whose name it is, once all names are known.
        self.given_by_owner: dict[str, dict[Scope | None, list[tuple[int, int]]]] = {}
        # The modules of which all that they offer is handed on, by function and position.
        self.every: dict[tuple[int, int], list[Expression]] = {}
        self._sorted: list[tuple[int, int, Node]] = []  # where the modules stand
        self._tops: list[tuple[int, int, Node]] = []  # those of them that stand in no other one

    def around(self, node: Node, outermost: bool = False) -> Node | None:
        """The module in which a node stands: the nearest, or the one that holds all others."""
        if len(self._sorted) != len(self.by_function):
            found = (module.function for module in self.by_function.values())
            self._sorted = sorted(
                ((each.start_byte, each.end_byte, each) for each in found), key=lambda one: one[:2]
            )
            self._tops = []
            for one in self._sorted:
                if not self._tops or one[0] >= self._tops[-1][1]:
                    self._tops.append(one)
        listed = self._tops if outermost else self._sorted
        at = bisect_right(listed, node.start_byte, key=lambda one: one[0])
        for start, end, function in reversed(listed[max(0, at - MOST_INSIDE_OTHERS) : at]):
            if start <= node.start_byte and node.end_byte <= end and function.id != node.id:
                return function
        return None

    def add(self, key: str, module: Module) -> None:
        """Note a module; a key that two parts of a file use means the first."""
        if len(self.by_function) < MOST_MODULES:
            self.by_key.setdefault(key, module)
            self.by_function.setdefault(module.function.id, module)

    def offer(self, function: Node, position: int, key: str, what: Expression) -> None:
        """Note that a parameter is given a property."""
        if len(self.offers) < MOST_OFFERS:
            self.offers.setdefault((function.id, position, key), []).append(what)


# ---------------------------------------------------------------- what a script's text shows


def note_module(folder: Folder, node: Node) -> None:
    """Note the modules that a pair, a method or a list of functions may be."""
    if node.type == "array":
        functions = items_of(node)
        if all(each.type in FUNCTIONS for each in functions) and len(functions) > 1:
            for position, each in enumerate(functions):
                folder.modules.add(str(position), Module(each, 0, 1, 2))
        return
    named = node.child_by_field_name("name" if node.type == "method_definition" else "key")
    function = node if node.type == "method_definition" else node.child_by_field_name("value")
    if named is None or function is None:
        return
    key = folder.text_of(named).strip("\"'`[]")
    function = unwrapped(function)
    if function.type in FUNCTIONS:
        if _takes_modules(function):
            folder.modules.add(key, Module(function, 0, 1, 2))
    elif function.type == "array":
        listed = [unwrapped(each) for each in items_of(function)[:3]]
        if len(listed) > 1 and listed[0].type in FUNCTIONS and listed[1].type == "object":
            wanted = dict(_texts(folder, listed[1]))
            folder.modules.add(key, Module(listed[0], 1, 2, 0, wanted))


def _takes_modules(function: Node) -> bool:
    listed = function.child_by_field_name("parameters") or function.child_by_field_name("parameter")
    return listed is not None and (listed.type == "identifier" or listed.named_child_count <= 5)


def _texts(folder: Folder, node: Node) -> Iterator[tuple[str, str]]:
    for pair in items_of(node):
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and value is not None:
            yield folder.text_of(key).strip("\"'"), folder.text_of(value).strip("\"'")


def note_offers(folder: Folder, callee: Node, items: list[Node], scope: Scope) -> None:
    """Note what a call sets on an object: `n.d(t, {a: () => r})`, `Object.defineProperty(...)`,
    and the module that it registers.
    """
    if items and unwrapped(callee).type in FUNCTIONS:
        _note_given(folder, unwrapped(callee), items, scope)
    if len(items) == 2 and HANDS_ON.search(folder.tail_of(callee, 30)):
        _note_every(folder, items, scope)
        return
    if len(items) < 2 or items[0].type not in TARGETS:
        return
    if len(items) == 3 and items[1].type == "string":
        thing = this_behind(folder, items[0], scope)
        if thing is not None:  # a field of a class: helper(this, "name", value)
            key = folder.text_of(items[1]).strip("\"'")
            folder.members.setdefault((thing.id, key), []).append(Expression(items[2], scope))
            return
    if items[0].type == "this":
        return
    last = unwrapped(items[-1])
    if items[0].type == "string":
        if last.type in FUNCTIONS and _registers(folder, callee, scope):
            folder.modules.add(folder.text_of(items[0]).strip("\"'"), Module(last, 0, 1, None))
        return
    if len(items) == 2 and last.type == "object":
        for each in items_of(last):
            named, value = each.child_by_field_name("key"), each.child_by_field_name("value")
            if named is None or value is None or (got := _got(value)) is None:
                return
            _offer(folder, items[0], folder.text_of(named).strip("\"'"), got, scope)
    elif len(items) == 3 and items[1].type == "string":
        found = _got(last)
        if last.type == "object":
            found = _described(folder, last) if _is_description(folder, last) else last
        if found is not None:
            _offer(folder, items[0], folder.text_of(items[1]).strip("\"'"), found, scope)


def _registers(folder: Folder, callee: Node, scope: Scope) -> bool:
    """Is it `parcelRequire.register`, or another name for it?"""
    named = callee.child_by_field_name("property")
    if named is not None or callee.type != "identifier":
        return named is not None and folder.text_of(named) == "register"
    owner = scope.owner(folder.text_of(callee))
    return any(
        isinstance(each, Expression) and folder.tail_of(each.node, 9) == ".register"
        for each in (owner.names[folder.text_of(callee)][:2] if owner is not None else ())
    )


def _note_given(folder: Folder, function: Node, items: list[Node], scope: Scope) -> None:
    """Note the names that a function is given at once: `(function (module) {...})(tracker)`."""
    for position, each in enumerate(items[:4]):
        if each.type == "identifier" and len(folder.modules.given) < MOST_MODULES:
            sites = folder.modules.given.setdefault(folder.text_of(each), [])
            sites.append((function.id, position, scope))


def set_inside(folder: Folder, holder: Node, scope: Scope, key: str) -> Iterator[Expression]:
    """What a function sets on a name, or on its `exports`, that it is given at once."""
    if holder.type == "member_expression":
        inner = holder.child_by_field_name("object")
        if inner is None or folder.key_of(holder, scope) != "exports":
            return
        holder, key = inner, f"exports.{key}"
    if holder.type != "identifier":
        return
    name = folder.word_of(holder)
    if name in folder.modules.given:
        for function, position in _given_at(folder, name, scope.owner(name)):
            yield from folder.modules.offers.get((function, position, key), ())


def _given_at(folder: Folder, name: str, owner: Scope | None) -> list[tuple[int, int]]:
    """To which functions, and at which positions, a name of a scope is given at once."""
    modules = folder.modules
    known = modules.given_by_owner.get(name)
    if known is None:
        known = {}
        for function, position, where in modules.given[name]:
            known.setdefault(where.owner(name), []).append((function, position))
        if folder.memory.shared.is_settled:
            modules.given_by_owner[name] = known
    return known.get(owner, [])


def _note_every(folder: Folder, items: list[Node], scope: Scope) -> None:
    """Note that a module hands on all of another one: `exportAll(other, exports)`."""
    for target, source in (items, items[::-1]):
        if target.type != "identifier":
            continue
        name = folder.text_of(target)
        owner = scope.owner(name)
        for meaning in owner.names[name] if owner is not None else ():
            if isinstance(meaning, Parameter) and len(folder.modules.every) < MOST_OFFERS:
                key = meaning.function.node.id, meaning.position
                folder.modules.every.setdefault(key, []).append(Expression(source, scope))
                return


def _is_description(folder: Folder, node: Node) -> bool:
    """Does an object say what a property is, or is it the property's own value?"""
    named = [
        each.child_by_field_name("key") or each.child_by_field_name("name")
        for each in items_of(node)
    ]
    return any(
        each is not None and folder.text_of(each).strip("\"'") in DESCRIBES for each in named
    )


def _described(folder: Folder, descriptor: Node) -> Node | None:
    """What a property is: `{enumerable: true, get: function () { return a }}`, `{value: a}`."""
    found: Node | None = None
    for each in items_of(descriptor):
        named = each.child_by_field_name("key") or each.child_by_field_name("name")
        value = each.child_by_field_name("value")
        word = folder.text_of(named).strip("\"'") if named is not None else ""
        if word == "get":
            found = _got(value if value is not None else each)
        elif word == "value":
            found = value
    return found


def _got(function: Node) -> Node | None:
    """What a function without parameters gives back."""
    function = unwrapped(function)
    if function.type not in FUNCTIONS:
        return None
    listed = function.child_by_field_name("parameters")
    body = function.child_by_field_name("body")
    if body is None or (listed is not None and listed.named_child_count):
        return None
    if body.type != "statement_block":
        return unwrapped(body)
    statements = [each for each in body.named_children if each.type != "comment"]
    if len(statements) != 1 or statements[0].type != "return_statement":
        return None
    given = statements[0].named_children
    return unwrapped(given[0]) if given else None


def _offer(folder: Folder, target: Node, key: str, what: Node, scope: Scope) -> None:
    found = Expression(what, scope)
    if not note_set(folder, target, key, found, scope):
        folder.set_later.setdefault((folder.text_of(target)[:80], key), []).append(found)


def note_set(folder: Folder, holder: Node, key: str, what: Expression, scope: Scope) -> bool:
    """Note that a property of a function's parameter is set: `exports.key = what`, or of what it
    holds: `module.exports.key = what`. Was it one?
    """
    inner = holder.child_by_field_name("object") if holder.type == "member_expression" else None
    if inner is not None:
        named = holder.child_by_field_name("property")
        if named is None or folder.text_of(named) != "exports":
            return False
        holder, key = inner, f"exports.{key}"
    if holder.type != "identifier":
        return False
    name = folder.text_of(holder)
    owner = scope.owner(name)
    for meaning in owner.names[name] if owner is not None else ():
        if isinstance(meaning, Parameter):
            folder.modules.offer(meaning.function.node, meaning.position, key, what)
            return True
    return False


# ---------------------------------------------------------------- what a script asks for


def asked_for(folder: Folder, call: Node, scope: Scope) -> Asked:
    """Which module a call like `n(123)` asks for, by its name and as what stands in the bundle."""
    known = folder.memory.asks.get(call.id)
    if known is None or known[0] is not scope:
        known = folder.memory.asks[call.id] = scope, _asked_for(folder, call, scope)
    return known[1]


def _asked_for(folder: Folder, call: Node, scope: Scope) -> Asked:
    callee, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if callee is None or arguments is None or arguments.type != "arguments":
        return None
    items = items_of(arguments)
    callee = unwrapped(callee)
    if callee.type in FUNCTIONS and items and folder.modules.by_key:
        return _asked_at_once(folder, callee, items[0])
    if callee.type != "identifier":
        return None
    name = folder.text_of(callee)
    if not items:
        module = _behind_helper(folder, name, scope)
        return ("", module) if module is not None else None
    if items[0].type not in ("string", "number"):
        return None
    key = folder.text_of(items[0]).strip("\"'`")
    asks = _asks(folder, name, scope)
    if asks is None:
        return None
    known = asks.wanted.get(key, key)
    module = folder.modules.by_key.get(known)
    return (key, module) if module is not None or asks.wanted else None


def elsewhere(folder: Folder, call: Node, scope: Scope) -> str | None:
    """The name of a module that a call like `n(123)` asks for, and that is not in this script."""
    callee, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    items = items_of(arguments) if arguments is not None else []
    if callee is None or callee.type != "identifier" or len(items) != 1:
        return None
    if items[0].type not in ("string", "number"):
        return None
    key = folder.text_of(items[0]).strip("\"'`")
    known = key in folder.modules.by_key or _asks(folder, folder.text_of(callee), scope) is None
    return None if known else key


def _asked_at_once(folder: Folder, function: Node, item: Node) -> Asked:
    """The module that the function is asked for where it stands, as only one asks it for one:
    `a = function t(n) {...}(877)`.
    """
    key = folder.text_of(item).strip("\"'`") if item.type in ("string", "number") else ""
    module = folder.modules.by_key.get(key)
    if module is None or not GIVES_EXPORTS.search(folder.head_of(function, 600)):
        return None
    return key, module


def _asks(folder: Folder, name: str, scope: Scope) -> Module | None:
    """The module in which a name means the function that asks for others."""
    if not folder.modules.by_key:
        return None
    owner = scope.owner(name)
    if owner is None:
        return ANYWHERE if name.startswith(("__webpack_require__", "parcelRequire")) else None
    for meaning in owner.names[name]:
        if isinstance(meaning, Parameter):
            module = folder.modules.by_function.get(meaning.function.node.id)
            if module is not None and meaning.position == module.requires:
                return module
        if isinstance(meaning, Expression) and "parcelRequire" in folder.head_of(meaning.node, 300):
            return ANYWHERE
    function = owner.functions.get(name)
    if function is not None and GIVES_EXPORTS.search(folder.head_of(function.node, 600)):
        return ANYWHERE
    return None


def _behind_helper(folder: Folder, name: str, scope: Scope) -> Module | None:
    """The module that `var r = helper((exports, module) => ...)` keeps for the first call of r."""
    owner = scope.owner(name)
    for meaning in owner.names[name][:2] if owner is not None else ():
        if not isinstance(meaning, Expression):
            continue
        call = unwrapped(meaning.node)
        arguments = (
            call.child_by_field_name("arguments") if call.type == "call_expression" else None
        )
        items = items_of(arguments) if arguments is not None else []
        given = unwrapped(items[0]) if len(items) == 1 else None
        if given is not None and given.type == "object":
            given = next((each for each in items_of(given) if each.type != "comment"), None)
            if given is not None and given.type == "pair":
                given = given.child_by_field_name("value")
        if given is None or given.type not in FUNCTIONS:
            continue
        listed = given.child_by_field_name("parameters") or given.child_by_field_name("parameter")
        if listed is not None and (listed.type == "identifier" or listed.named_child_count):
            return Module(given, 1, 0, None)
    return None


def package_of(folder: Folder, call: Node, scope: Scope) -> str | None:
    """The package that a call asks for: by its folder, or by the name that its file says."""
    found = asked_for(folder, call, scope)
    if found is None:
        return None
    key, module = found
    if not key and module is not None:
        named = module.function.child_by_field_name("name")
        key = folder.text_of(named).strip("\"'") if named is not None else ""
    if package := PACKAGE.match(key):
        return f"npm:{package[1]}"
    if not key or key.startswith((".", "/")) or key.isdigit() or module is None:
        return None
    return f"npm:{key}" if key not in folder.modules.by_key else None


def offered(
    folder: Folder, call: Node, scope: Scope, key: str, deep: int = 0
) -> Iterator[Expression]:
    """What the module that a call asks for offers under a name."""
    found = asked_for(folder, call, scope)
    if found is not None and found[1] is not None and deep <= DEEPEST:
        yield from _offers(folder, found[1], key, deep)


def _offers(folder: Folder, module: Module, key: str, deep: int) -> Iterator[Expression]:
    function, offers = module.function.id, folder.modules.offers
    own = [
        *offers.get((function, module.exports, key), ()),
        *offers.get((function, module.module, f"exports.{key}"), ()),
    ]
    yield from own
    for each in folder.modules.every.get((function, module.exports), ()) if not own else ():
        for call in _calls_meant(folder, each):
            yield from offered(folder, call.node, call.scope, key, deep + 1)


def _calls_meant(folder: Folder, each: Expression) -> Iterator[Expression]:
    """The call that asks for a module, also where a name keeps what it gives."""
    node = unwrapped(each.node)
    if node.type == "call_expression":
        yield Expression(node, each.scope)
    elif (
        node.type == "identifier" and (owner := each.scope.owner(folder.text_of(node))) is not None
    ):
        for meaning in owner.names[folder.text_of(node)][:2]:
            if isinstance(meaning, Expression) and meaning.node.type == "call_expression":
                yield meaning


def whole(folder: Folder, call: Node, scope: Scope) -> Iterator[Expression]:
    """What the module that a call asks for is as a whole: `module.exports = ...`."""
    found = asked_for(folder, call, scope)
    if found is not None and found[1] is not None:
        yield from folder.modules.offers.get((found[1].function.id, found[1].module, "exports"), ())


def wrapped(folder: Folder, call: Node, scope: Scope) -> Node | None:
    """What a helper between two kinds of modules is given: `n.n(a)`, `__toESM(require_a(), 1)`.

    What it gives back has the same properties, and the whole as its default.
    """
    known = folder.memory.wraps.get(call.id)
    if known is None or known[0] is not scope:
        known = folder.memory.wraps[call.id] = scope, _wrapped(folder, unwrapped(call), scope)
    return known[1]


def _wrapped(folder: Folder, call: Node, scope: Scope) -> Node | None:
    callee, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if callee is None or arguments is None or arguments.type != "arguments":
        return None
    items = items_of(arguments)
    callee = unwrapped(callee)
    if not 1 <= len(items) <= 2 or unwrapped(items[0]).type not in WRAPPED:
        return None
    if callee.type == "member_expression":
        named, holder = callee.child_by_field_name("property"), callee.child_by_field_name("object")
        word = folder.text_of(named) if named is not None else ""
        if word in ("n", "interopDefault") and holder is not None and holder.type == "identifier":
            return items[0] if len(items) == 1 else None
        return items[0] if word in INTEROP else None
    if callee.type in FUNCTIONS:  # a helper that is used once stands where it is called
        return items[0] if _asks_whether_module(folder, callee) else None
    if callee.type != "identifier":
        return None
    name = folder.text_of(callee)
    if name in INTEROP:
        return items[0]
    function = _helper(scope, name)
    if function is None:
        return None
    return items[0] if MARKS_MODULE.search(folder.head_of(function, 700)) else None


def _asks_whether_module(folder: Folder, function: Node) -> bool:
    """Does a function look whether it is given a module: `if (e && e.__esModule) return e`?"""
    listed = function.child_by_field_name("parameters")
    first = listed.named_children[:1] if listed is not None else []
    return bool(first) and f"{folder.text_of(first[0])}.__esModule" in folder.head_of(function, 700)


def _helper(scope: Scope, name: str) -> Node | None:
    owner = scope.owner(name)
    if owner is None:
        return None
    known: Function | None = owner.functions.get(name)
    if known is not None and known.node.type in FUNCTIONS:
        return known.node
    for meaning in owner.names[name][:1]:
        if isinstance(meaning, Expression) and unwrapped(meaning.node).type in FUNCTIONS:
            return unwrapped(meaning.node)
    return None


def _anywhere() -> Module:
    return Module(None, 0, 1, 2)  # type: ignore[arg-type]  # it is asked for nothing but names


ANYWHERE = _anywhere()
