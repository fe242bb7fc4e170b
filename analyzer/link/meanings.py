"""What a name means that another file explains: a value, a function, a class, a package."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analyzer.link.filled import (
    MISSING,
    Filler,
    chosen,
    filled,
    has_open,
    is_plain,
    property_of,
    spread_in,
)
from analyzer.link.names import Names
from analyzer.model import (
    FROM,
    FUNCTION,
    GIVEN,
    NUMBER,
    NUXT,
    PAGE,
    REST,
    RESULT,
    SPREAD,
    Choice,
    Function,
    Hole,
    Maker,
    Object,
    Offers,
    Origin,
    OriginKind,
    Reference,
    Result,
    Text,
    Value,
    holes,
    options,
    plain_reference,
    reference,
)

UNTOLD = frozenset({OriginKind.IMPORT, OriginKind.UNKNOWN, OriginKind.GLOBAL})
DEEPEST = 12  # steps from one name to the next
MOST_CONSTANTS = 1_000  # names that are looked up for one value
SETTINGS_OF_NUXT = ("nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs")
EVERYTHING, DEFAULT = "*", "default"
Bound = Mapping[str, tuple[Value, ...]]  # what functions are given, by their names
NOTHING_BOUND: Bound = {}


@dataclass(frozen=True, slots=True)
class Meant:
    """What a name leads to: a value, or a hole that names a function, a class or a package.

    `bound` is what the functions around it were given where it was made, `maker` the class of which
    it is a method.
    """

    value: Value
    bound: Bound = field(default_factory=dict)


class Meanings:
    """Knows what the modules that were asked for offer; `wanted` are those asked for in vain."""

    def __init__(self, names: Names, paths: Iterable[str]) -> None:
        self.names = names
        self.paths = frozenset(paths)
        self.offers: dict[str, Offers] = {}
        self.wanted: set[str] = set()
        self.functions: dict[str, Function] = {}
        self.makers: dict[str, Maker] = {}
        self.results: dict[str, Result] = {}
        self.globals: dict[str, dict[str, Value]] = {}  # of scripts by name, then by the script
        self._exports: dict[str, dict[str, Value]] = {}
        self._inside: set[str] = set()  # calls whose value is being read
        self._left = 0  # names that may still be looked up for a value
        self._known: dict[str, Meant | None] = {}  # what names led to, until more files are known

    def add(self, offers: Offers) -> None:
        """Know one more file."""
        path = offers.path
        self._known.clear()
        self.offers[path] = offers
        self._exports[path] = dict(offers.exports)
        for name, value in offers.globals:
            self.globals.setdefault(name, {})[path] = value
        self.functions.update((own(name, path), each) for name, each in offers.functions)
        self.makers.update((own(name, path), each) for name, each in offers.makers)
        self.results.update((own(name, path), each) for name, each in offers.results)

    def file_of(self, module: str, path: str) -> str:
        """The file that an import means; empty for a package."""
        if module == NUXT:
            return self._above(path, SETTINGS_OF_NUXT)
        if module.endswith(".json"):
            near = [posixpath.normpath(posixpath.join(posixpath.dirname(path), module))]
            names = near if module.startswith(".") else self.names.aliases.paths(module, path)
            return next((each for each in names if each in self.paths), "")
        found = self.names.modules(module, path)
        return found[0] if len(found) == 1 else ""

    def _above(self, path: str, names: Sequence[str]) -> str:
        """The nearest file of one of the names, in the folder of a file or above."""
        folder = posixpath.dirname(path)
        while True:
            for name in names:
                if (found := posixpath.join(folder, name)) in self.paths:
                    return found
            if not folder:
                return ""
            folder = posixpath.dirname(folder)

    # ------------------------------------------------------------ from names to what they mean

    def meant(self, name: Reference, ask: bool, deep: int = DEEPEST) -> Meant | None:
        """What a reference leads to; None where that is not known, or not yet.

        With `ask` the file that would tell is noted as wanted.
        """
        if deep <= 0:
            return None
        key = str(name)
        if not ask and key in self._known:
            return self._known[key]
        found = self._meant(name, ask, deep)
        if not ask and deep == DEEPEST:
            self._known[key] = found
        return found

    def _meant(self, name: Reference, ask: bool, deep: int) -> Meant | None:
        first, *rest = name.steps
        if not name.module:
            return self._own(own(first, name.path), rest, name.path, ask, deep)
        if name.module == PAGE:
            value = self.on_page(first, name.path)
            return None if value is None else self.follow(Meant(value), rest, ask, deep - 1)
        path = self.file_of(name.module, name.path)
        if not path:
            return Meant(Hole(".".join(name.steps), Origin(OriginKind.IMPORT, str(name))))
        if path not in self.offers:
            if ask:
                self.wanted.add(path)
            return None
        if first == EVERYTHING:
            if not rest:
                exports = self._exports[path]
                if EVERYTHING in exports:  # module.exports = class Tracker {}
                    return self.follow(Meant(exports[EVERYTHING]), [], ask, deep - 1)
                return Meant(Object(tuple(exports.items())))
            first, *rest = rest
        value = self.export(path, first, ask)
        return None if value is None else self.follow(Meant(value), rest, ask, deep - 1)

    def on_page(self, name: str, path: str = "") -> Value:
        """What a script gives to the others of its page; None where several have that name."""
        giver = self.giver_on_page(name, path)
        return self.globals[name][giver] if giver else None

    def given_on_page(self, name: str) -> list[Value]:
        """What a name may mean on some page; modules of builds have the same numbers."""
        found = list(self.globals.get(name, {}).values())
        return found if len(found) == 1 or NUMBER in name else []

    def giver_on_page(self, name: str, path: str) -> str:
        """The script that gives something to the others of its page. Several builds number their
        modules: the one whose files stand nearest is meant.
        """
        found = list(self.globals.get(name, {}))
        if len(found) > 1 and NUMBER in name and path:
            folders = {each: posixpath.dirname(each) + "/" for each in (*found, path)}
            shared = {
                each: len(posixpath.commonprefix((folders[each], folders[path]))) for each in found
            }
            found = [each for each in found if shared[each] == max(shared.values())]
        return found[0] if len(found) == 1 else ""

    def export(self, path: str, name: str, ask: bool) -> Value:
        """What a file exports under a name; None where it exports no such thing."""
        for each in self.handing_on(path, ask) if name != DEFAULT else (path,):
            known = self._exports.get(each)
            if known is None:
                if ask:
                    self.wanted.add(each)
                continue
            if name in known:
                found = known[name]
            elif EVERYTHING in known:  # module.exports = require("./other")
                found = property_of(known[EVERYTHING], name)
            else:
                continue
            if found is not None or each == path:
                return found
        known = self._exports.get(path)
        if name == DEFAULT and known and path.endswith((".cjs", ".js")):
            return Object(tuple(known.items()))  # a module of CommonJS as a whole
        return None

    def handing_on(self, path: str, ask: bool = False) -> Iterator[str]:
        """A file and those whose exports it hands on as its own, each once: they may name each
        other. With `ask` also those that are not known yet.
        """
        todo, seen = [path], {path}
        while todo:
            each = todo.pop()
            offers = self.offers.get(each)
            if offers is not None or ask:
                yield each
            modules = offers.every if offers is not None else ()
            inner = [self.file_of(module, each) for module in modules]
            fresh = [one for one in dict.fromkeys(inner) if one and one not in seen]
            seen.update(fresh)
            todo.extend(reversed(fresh))

    def follow(self, meant: Meant, steps: list[str], ask: bool, deep: int) -> Meant | None:
        """What properties of something lead to."""
        value = meant.value
        if deep <= 0:
            return None
        if isinstance(value, Hole) and value.origin.kind is OriginKind.IMPORT:
            name = reference(value.origin.name)
            deeper = Reference((*name.steps, *steps), name.module, name.path)
            found = self.meant(deeper, ask, deep - 1)
            return found and replace(found, bound={**meant.bound, **found.bound})
        if not steps:
            return meant
        first, *rest = steps
        parts = []
        for each in options(value):
            if isinstance(each, Object) and all(name != first for name, _ in each.items):
                found = self._in_rest(each, meant.bound, steps, ask, deep)
                parts.extend([found] if found is not None else [])
                continue
            inner = property_of(each, first) if isinstance(each, (Object, tuple)) else MISSING
            if inner is not MISSING:
                found = self.follow(Meant(inner, meant.bound), rest, ask, deep - 1)
                parts.extend([found] if found is not None else [])
        if not parts:
            if isinstance(value, Hole) and value.origin.kind is not OriginKind.UNKNOWN:
                return self.follow(Meant(property_of(value, first), meant.bound), rest, ask, deep)
            return None
        if len(parts) == 1:
            return parts[0]
        bound = {key: each for part in parts for key, each in part.bound.items()}
        return Meant(chosen(part.value for part in parts), bound)

    def _in_rest(
        self, whole: Object, bound: Bound, steps: list[str], ask: bool, deep: int
    ) -> Meant | None:
        """What is taken of the objects that are spread in another one: the last that has it."""
        for each in reversed(spread_in(whole)):
            found = self.follow(Meant(each, bound), steps, ask, deep - 1)
            if found is not None:
                return found
        return None

    def _own(self, first: str, steps: list[str], path: str, ask: bool, deep: int) -> Meant | None:
        """A function, a class or a call of a file, and what is taken of it."""
        if first in self.results:
            return self._of_result(first, steps, ask, deep)
        if first not in self.functions and first not in self.makers:
            return None
        if not steps:
            return Meant(Hole(first.partition(FROM)[0], Origin(OriginKind.IMPORT, first)))
        method = self._method(first, steps, deep)
        return Meant(method) if method is not None else None

    def _method(self, maker: str, steps: list[str], deep: int) -> Value:
        made = self.makers.get(maker)
        known = dict(made.methods) if made is not None else {}
        if made is None or len(steps) != 1:
            return None
        if steps[0] not in known:
            base = self.called(made.base, ask=True, deep=deep - 1) if deep > 0 else None
            if base is None or not isinstance(base.value, Hole):
                return None
            return self._method(base.value.origin.name, steps, deep - 1)
        path = reference(maker).path
        name = own(known[steps[0]], path)
        return Hole(steps[0], Origin(OriginKind.IMPORT, name))

    def _of_result(self, name: str, steps: list[str], ask: bool, deep: int) -> Meant | None:
        result = self.results[name]
        called = self.called(result.callee, ask, deep - 1)
        if called is None or not isinstance(called.value, Hole):
            return None
        callee = called.value
        key = callee.origin.name
        if key in self.makers and (result.new or key not in self.functions):
            if not steps:
                return Meant(Hole(name.partition(FROM)[0], Origin(OriginKind.IMPORT, name)))
            maker = self.makers[key]
            constructor = own(maker.constructor, reference(key).path)
            method = self._method(key, steps, deep)
            bound = {**called.bound, constructor: result.args, INSTANCE: (name,)}
            return Meant(method, bound) if method is not None else None
        if key in self.functions:
            bound = {**called.bound, key: result.args, INSTANCE: (name,)}
            gives = self.given(self.functions[key].gives, bound)
            return self.follow(Meant(gives, bound), steps, ask, deep - 1)
        outside = self.outside(callee)
        if not outside:
            return None
        made = f"new {outside}()" if result.new else f"{outside}()"
        text = ".".join((made, *steps))
        return Meant(Hole(text, Origin(OriginKind.GLOBAL, text)))

    def called(self, callee: Value, ask: bool, deep: int = DEEPEST) -> Meant | None:
        """The function, class or package that a callee names."""
        if not isinstance(callee, Hole):
            return None
        if callee.origin.kind is OriginKind.GLOBAL:
            return Meant(callee)
        if callee.origin.kind is not OriginKind.IMPORT:
            return None
        return self.meant(reference(callee.origin.name), ask, deep)

    def outside(self, hole: Hole) -> str:
        """The dotted name of what a hole means outside of the site's own code, if it does."""
        if hole.origin.kind is OriginKind.GLOBAL:
            return hole.origin.name
        name = reference(hole.origin.name)
        if hole.origin.kind is not OriginKind.IMPORT or not name.module:
            return ""
        if self.file_of(name.module, name.path) or name.module.startswith((".", "/")):
            return ""
        steps = [each for each in name.steps if each not in (DEFAULT, EVERYTHING)]
        return ".".join((f"npm:{name.module}", *steps))

    # ------------------------------------------------------------ values

    def given(self, value: Value, bound: Bound) -> Value:
        """A value of a function in which the parameters are what the function is given."""
        return filled(value, self.filler(bound, set()))

    def filler(self, bound: Bound, used: set[tuple[str, int]]) -> Filler:
        """What fills parameters with what functions are given; `used` notes which of them were."""

        def fill(hole: Hole) -> Value:
            origin = hole.origin
            if origin.kind is OriginKind.IMPORT and origin.name.startswith(RESULT):
                return self._of_call(hole, fill, bound)
            if origin.kind is not OriginKind.PARAMETER or GIVEN not in origin.name:
                return hole
            head, _, function = origin.name.partition(GIVEN)
            if function not in bound:
                return hole
            first, *steps = [each for each in head.removeprefix(SPREAD).split(".") if each]
            args, at = bound[function], int(first)
            if REST in head:
                found: Value = args[at:]
                used.update((function, position) for position in range(at, len(args)))
            elif at < len(args):
                found = args[at]
                used.add((function, at))
            else:
                found = self._default(function, first)
            for step in steps:
                found = MISSING if found is MISSING else property_of(found, step)
            return found

        return fill

    def _of_call(self, hole: Hole, fill: Filler, bound: Bound) -> Value:
        """What a call gives that hands on what its function was given: `image(pixel(id))`."""
        name = reference(hole.origin.name)
        first, *steps = name.steps
        key = own(first, name.path)
        result = self.results.get(key)
        if result is None or key in self._inside or len(self._inside) > DEEPEST:
            return hole
        if result.looked_up:
            return hole if steps else self._looked_up(hole, result, fill)
        if not any(has_open(each, OriginKind.PARAMETER) for each in result.args):
            return hole
        self._inside.add(key)
        try:
            called = self.called(result.callee, ask=True)
            target = called.value if called is not None else None
            function = target.origin.name if isinstance(target, Hole) else ""
            if called is None or function not in self.functions:
                return hole
            args = tuple(filled(each, fill) for each in result.args)
            given_to = {**bound, **called.bound, function: args}
            found = self.given(self.functions[function].gives, given_to)
        finally:
            self._inside.discard(key)
        for step in steps:
            found = MISSING if found is MISSING else property_of(found, step)
        untold = isinstance(found, Hole) and found.origin.kind in UNTOLD
        return hole if found is None or untold else found

    def giver_of(self, hole: Hole) -> str:
        """The function whose callers say what stands in a hole, if there is one."""
        origin = hole.origin
        if origin.kind is OriginKind.PARAMETER:
            return origin.name.partition(GIVEN)[2]
        if origin.kind is not OriginKind.IMPORT or not origin.name.startswith(RESULT):
            return ""
        name = reference(origin.name)
        result = self.results.get(own(name.steps[0], name.path))
        for each in result.args if result is not None and not self._inside else ():
            for inner in holes(each):
                if inner.origin.kind is OriginKind.PARAMETER and GIVEN in inner.origin.name:
                    return inner.origin.name.partition(GIVEN)[2]
        return ""

    def _looked_up(self, hole: Hole, result: Result, fill: Filler) -> Value:
        """What a list of things holds under a name that is known now."""
        whole = result.callee
        if isinstance(whole, Hole):
            meant = self.called(whole, ask=True)
            whole = meant.value if meant is not None else None
        key = self._name_of(filled(result.args[0], fill))
        if not isinstance(key, str) or not isinstance(whole, Object):
            return hole
        return property_of(whole, key)

    def _name_of(self, key: Value) -> Value:
        """The name that an argument is, also where it is a member of an enumeration elsewhere."""
        if not isinstance(key, Hole) or key.origin.kind is not OriginKind.IMPORT:
            return key
        left, self._left = self._left, DEEPEST
        found = self._constant(key, "", ask=True, deep=DEEPEST)
        self._left = left
        return found

    def _default(self, function: str, position: str) -> Value:
        known = self.functions.get(function)
        return dict(known.defaults).get(position, MISSING) if known is not None else MISSING

    def known(self, value: Value, path: str, ask: bool) -> Value:
        """A value in which names of other files are what those files say, where that is plain."""

        def fill(hole: Hole) -> Value:
            if hole.origin.kind is not OriginKind.IMPORT:
                return hole
            return self._constant(hole, path, ask, DEEPEST)

        self._left = MOST_CONSTANTS
        return filled(value, fill) if has_open(value, OriginKind.IMPORT) else value

    def _constant(self, hole: Hole, path: str, ask: bool, deep: int) -> Value:
        self._left -= 1
        if deep <= 0 or self._left < 0:
            return hole
        found = self.meant(reference(hole.origin.name, path), ask)
        if found is None:
            return hole
        if isinstance(found.value, Hole) and found.value.origin.kind in UNTOLD:
            return hole

        def fill(inner: Hole) -> Value:
            if inner.origin.kind is not OriginKind.IMPORT:
                return inner
            return self._constant(inner, path, ask, deep - 1)

        value = filled(found.value, fill)
        return hole if value == "" or value is None else value


INSTANCE = "the call that made it"


def own(name: str, path: str) -> str:
    """The name of a file's own function, class or call, as other files know it."""
    return str(Reference((name,), "", path))


def is_own(name: str) -> bool:
    """Does an origin's name stand for a function, a class or a call, and for no value?"""
    return name.startswith((FUNCTION, RESULT))


def plain(value: Value) -> Value:
    """The value as people read it: names that stayed open without what only we know of them."""
    match value:
        case Hole(text=text, origin=origin):
            return Hole(text, _plain(origin, text))
        case Text(parts=parts):
            told = (
                Hole(each.text, _plain(each.origin, each.text)) if isinstance(each, Hole) else each
                for each in parts
            )
            return Text(tuple(told))
        case Object(items=items):
            return Object(tuple((key, plain(each)) for key, each in items))
        case Choice(options=branches):
            return chosen(plain(each) for each in branches)
        case tuple():
            return tuple(plain(each) for each in value)
    return value


def _plain(origin: Origin, text: str) -> Origin:
    of = tuple(_plain(each, text) for each in origin.of)
    if origin.kind is OriginKind.IMPORT and is_own(origin.name):
        return Origin(OriginKind.UNKNOWN, "", of)
    if origin.kind is OriginKind.IMPORT:
        return replace(origin, name=plain_reference(origin.name), of=of)
    if origin.kind is OriginKind.PARAMETER and GIVEN in origin.name:
        steps = origin.name.partition(GIVEN)[0].split(".")
        name = text.lstrip(".") if is_plain(Hole(text)) else steps[-1]
        return replace(origin, name="" if name.isdigit() else name, of=of)
    return origin if of == origin.of else replace(origin, of=of)
