"""Which files are asked what they offer: those with trackers in functions, and those that call
them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from analyzer.link.filled import has_open, leads_out, values_of, with_values
from analyzer.link.givers import asks_others
from analyzer.link.meanings import DEFAULT, EVERYTHING, Meanings, own
from analyzer.match import Matcher
from analyzer.model import (
    EXPORT,
    NEW,
    OWN,
    PASSIVE,
    SHOWN,
    Call,
    Choice,
    Fact,
    Frame,
    Function,
    Hole,
    Include,
    Library,
    Object,
    Opener,
    Origin,
    OriginKind,
    Package,
    Parsed,
    Pixel,
    Place,
    Push,
    Region,
    Request,
    ScriptLoad,
    Text,
    Value,
    holes,
    options,
    reference,
    shown,
)
from analyzer.patterns import CallPattern

SCRIPTS = re.compile(r"\.(?:[cm]?[jt]sx?|es6|vue|svelte|astro)$", re.I)
FILE = re.compile(r"[\w.-]+\.m?js\b")
PLAIN = re.compile(r"[A-Za-z_$][\w$]*(?:\.[\w$]+){0,4}")
SHORTEST = 4  # letters of a name that one script gives to another
NOWHERE = Place("", Region(1, 1, 1, 1))
DEEPEST = 30  # functions, objects and classes inside of each other
MOST_NAMES = 1_000  # that are looked up to know whether one thing does something


class Wanted:
    """Knows who imports what, and which exports do something with what they are given."""

    def __init__(self, parsed: Sequence[Parsed], meanings: Meanings, matcher: Matcher) -> None:
        self.parsed = parsed
        self.meanings = meanings
        self.matcher = matcher
        self._known: dict[str, bool] = {}  # which functions do something
        self._acting: dict[str, bool] = {}  # which calls do
        self.hosts: dict[str, list[str]] = {}  # of vendors, by the modules that name them
        for each in parsed:
            for fact in each.facts:
                if isinstance(fact, Opener) and fact.host:
                    self.hosts.setdefault(each.path, []).append(fact.host)
        self._left = 0  # names that may still be looked up
        self.importers: dict[str, list[tuple[str, str]]] = {}  # who, and which export
        self.imports: dict[str, set[str]] = {}  # what a file imports
        for each in parsed:
            if not SCRIPTS.search(each.path):
                continue
            for fact in each.facts:
                if isinstance(fact, Include) and fact.how == "imports":
                    target = fact.target
                    inner = meanings.file_of(target, each.path) if isinstance(target, str) else ""
                    if inner and inner != each.path:
                        self.importers.setdefault(inner, []).append((each.path, fact.fragment))
                        self.imports.setdefault(each.path, set()).add(inner)

    def at_first(self) -> set[str]:
        """The files with trackers that others import, and those that hand addresses to others."""
        found = set()
        telling = {each.path for each in self.parsed if any(map(self._shows_vendor, each.facts))}
        for each in self.parsed:
            is_script = SCRIPTS.search(each.path) is not None
            if is_script and any(isinstance(fact, Library) for fact in each.facts):
                found.add(each.path)
            near = each.path in telling or self._opens_near(each, telling)
            if (each.path in self.importers and near) or (is_script and asks_others(each)):
                found.add(each.path)
            for fact in each.facts:
                if isinstance(fact, Call) and fact.callee.startswith(OWN):
                    name = reference(fact.callee.removeprefix(OWN), each.path)
                    if name.module and (inner := self.meanings.file_of(name.module, each.path)):
                        found |= {each.path, inner}
        return found

    def _opens_near(self, parsed: Parsed, telling: Set[str]) -> bool:
        """Does a module make elements, and does one around it name a vendor?"""
        if not any(isinstance(fact, Opener) for fact in parsed.facts):
            return False
        for who, _ in self.importers.get(parsed.path, ()):
            around = {other for other, _ in self.importers.get(who, ())}
            if who in telling or telling & (around | self.imports.get(who, set())):
                return True
        return False

    def scripts_of_pages(self) -> set[str]:
        """The scripts that pages load as they are, with trackers that may be given something."""
        loaded = set()
        for each in self.parsed:
            for fact in each.facts:
                if isinstance(fact, ScriptLoad):
                    loaded.update(FILE.findall(shown(fact.url)))
        return {
            each.path
            for each in self.parsed
            if each.path.rpartition("/")[2] in loaded
            and any(self._shows_vendor(fact) and _is_given(fact) for fact in each.facts)
        }

    def pages_with_functions(self) -> set[str]:
        """The pages with trackers that a function is given something for: another script of the
        page may call it.
        """
        return {
            each.path
            for each in self.parsed
            if not SCRIPTS.search(each.path)
            and any(self._shows_vendor(fact) and _is_given_by_name(fact) for fact in each.facts)
        }

    def names_on_pages(self) -> set[str]:
        """The names that scripts give to the others of their page, and that do something."""
        self._known.clear()
        return {
            name
            for name in self.meanings.globals
            if len(name) >= SHORTEST
            and any(self._any_acts(options(each)) for each in self.meanings.given_on_page(name))
        }

    def callers(self) -> set[str]:
        """The files that import what does something with what it is given."""
        found = set()
        self._known.clear()
        self._acting.clear()
        for path in self.meanings.offers:
            if path not in self.importers:
                continue
            names = {name for name in self._names(path) if self._acts_as(path, name)}
            hosts = self.hosts.get(path, ())
            exports = self.meanings.offers[path].exports if hosts else ()
            names |= {name for name, value in exports if self._names_one(hosts, value)}
            if not names:
                continue
            parts = {"", EXPORT + EVERYTHING, *(EXPORT + name for name in names)}
            found |= {who for who, part in self.importers[path] if part in parts}
        return found

    def _names_one(self, hosts: Sequence[str], value: Value) -> bool:
        """Does something that a module exports hold or give the address of one of the hosts?"""
        todo, seen = [value], 0
        while todo and seen < MOST_NAMES:
            seen += 1
            match todo.pop():
                case str() | Text() as text if any(host in shown(text) for host in hosts):
                    return True
                case Object(items=items):
                    todo.extend(each for _, each in items)
                case tuple() as listed:
                    todo.extend(listed)
                case Choice(options=branches):
                    todo.extend(branches)
                case Hole(origin=origin) if origin.name in self.meanings.functions:
                    todo.append(self.meanings.functions[origin.name].gives)
        return False

    def may_act(self, name: str) -> bool:
        """May a call of this name do something that depends on it?"""
        if name not in self._acting:
            meant = self.meanings.meant(reference(name), ask=False)
            said = options(meant.value) if meant is not None else ()
            self._acting[name] = self._any_acts(said)
        return self._acting[name]

    def _shows_vendor(self, fact: Fact) -> bool:
        if isinstance(fact, Opener):
            return bool(fact.host)
        if isinstance(fact, (Push, Library)):
            return True
        if isinstance(fact, Include):
            return False
        if isinstance(fact, Call) and isinstance(next(iter(fact.args), None), Hole):
            return self._is_vendors(fact.callee)  # fbq(...args)
        return any(
            hit.role not in PASSIVE or isinstance(fact, Package)
            for hit in self.matcher.detect(fact)
        )

    def _names(self, path: str) -> set[str]:
        """The names of all that a file exports, of its own or of others."""
        found: set[str] = set()
        for each in self.meanings.handing_on(path):
            names = {name for name, _ in self.meanings.offers[each].exports}
            found |= names if each == path else names - {DEFAULT}
        return found

    def _acts_as(self, path: str, name: str) -> bool:
        value = self.meanings.export(path, name, ask=False)
        return self._any_acts(options(value))

    def _any_acts(self, values: Sequence[Value]) -> bool:
        outer, self._left = self._left, MOST_NAMES
        acts = any(self._acts(each, DEEPEST) for each in values)
        self._left = outer
        return acts

    def _acts(self, value: Value, deep: int) -> bool:
        """Does a function, or one of those that something holds, do something for its callers?"""
        if not deep:
            return False
        if isinstance(value, Object):
            return any(self._acts(each, deep - 1) for _, each in value.items)
        if not isinstance(value, Hole):
            return False
        if value.origin.kind is OriginKind.GLOBAL:
            return self._is_vendors(value.origin.name)
        if value.origin.kind is not OriginKind.IMPORT:
            return False
        self._left -= 1
        if self._left < 0:  # objects of objects of other files: who asks them finds out
            return True
        name = value.origin.name
        meanings = self.meanings
        if name in meanings.results:
            return self._acts(meanings.results[name].callee, deep - 1)
        if name in meanings.makers:
            maker, path = meanings.makers[name], reference(name).path
            parts = [*(key for _, key in maker.methods), maker.constructor]
            return any(self._function_acts(own(key, path), deep - 1) for key in parts if key)
        if name in meanings.functions:
            return self._function_acts(name, deep - 1)
        meant = meanings.meant(reference(name), ask=False)
        if meant is None or not isinstance(meant.value, Hole):
            return meant is not None and self._acts(meant.value, deep - 1)
        if outside := meanings.outside(meant.value):
            return self._is_vendors(outside)
        return meant.value != value and self._acts(meant.value, deep - 1)

    def _function_acts(self, name: str, deep: int) -> bool:
        function = self.meanings.functions.get(name)
        if function is None or not deep:
            return False
        if name not in self._known:
            self._known[name] = False  # functions may call each other
            self._known[name] = self._does_something(function, deep)
        return self._known[name]

    def _does_something(self, function: Function, deep: int) -> bool:
        return any(self._does(fact, deep) for fact in function.does) or any(
            self._acts(each, deep - 1) for each in options(function.gives)
        )

    def _does(self, fact: Fact, deep: int) -> bool:
        """Does a fact of a function depend on who calls it, and does it reach a vendor?"""
        if isinstance(fact, (ScriptLoad, Request, Pixel, Frame)):
            fact = self._told(fact)
        if not any(map(self._is_of_callers, values_of(fact))):
            return False
        if isinstance(fact, Push):
            return True
        # What asks a server is called everywhere: calls that name another host are told of it.
        if leads_out(fact) and not isinstance(fact, Request):
            return True
        if isinstance(fact, Call) and fact.callee.startswith(OWN):
            name = fact.callee.removeprefix(OWN).removeprefix(SHOWN).removeprefix(NEW)
            return self._acts(_named(name), deep - 1)
        if any(True for _ in self.matcher.detect(fact)):
            return True
        return isinstance(fact, Call) and self._is_vendors(fact.callee)

    def _is_of_callers(self, value: Value) -> bool:
        """Does a value hold what a caller says, or what a call gives that is handed that?"""
        if has_open(value, OriginKind.PARAMETER):
            return True
        return any(self.meanings.giver_of(hole) for hole in holes(value))

    def _told(self, fact: Fact) -> Fact:
        """The fact with what other files are known to say in it."""
        if not any(has_open(value, OriginKind.IMPORT) for value in values_of(fact)):
            return fact
        path = fact.place.path
        told = with_values(fact, lambda hole: self.meanings.known(hole, path, ask=True))
        return told if told is not None else fact

    def _is_vendors(self, name: str) -> bool:
        """Is the name a vendor's own: of a package, or a global one?"""
        patterns = (each.pattern for each in self.matcher.index.of(_call(name)))
        named = (each.callee for each in patterns if isinstance(each, CallPattern))
        return any(f"{each}.".startswith(f"{name}.") for each in named)


def _is_given(fact: Fact) -> bool:
    """Is something in a fact told by its surroundings?"""
    unknown = (hole for value in values_of(fact) for hole in holes(value))
    return any(each.origin.kind is OriginKind.UNKNOWN for each in unknown)


def _is_given_by_name(fact: Fact) -> bool:
    """Is something in a fact a plain name, such as a function's parameter?"""
    unknown = (hole for value in values_of(fact) for hole in holes(value))
    return any(
        each.origin.kind is OriginKind.UNKNOWN and PLAIN.fullmatch(each.text) for each in unknown
    )


def _call(name: str) -> Call:
    return Call(place=NOWHERE, callee=name, args=())


def _named(name: str) -> Hole:
    return Hole("", Origin(OriginKind.IMPORT, name))
