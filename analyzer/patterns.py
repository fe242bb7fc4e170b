"""A signal's pattern, written like the thing it finds, and how it fits a fact.

An address (`host/path?id=$id`), a script's call or assignment (`fbq('init', $id)`), a package
(`npm:react-ga4`), a tag of a container (`"gtm:gaawe"({eventName: $event})`), the texts of a library
(`holds("_paq", "piwik_ignore")`), or a container that browsers get (`container:Google Tag
Manager`). `$name` captures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TypeAlias

from tree_sitter import Node, Parser

from analyzer.addresses import AddressPattern, Captures, address_pattern
from analyzer.model import (
    Assign,
    Call,
    Choice,
    Container,
    Fact,
    Hole,
    Library,
    Object,
    Package,
    Push,
    Setting,
    Source,
    Tag,
    Text,
    UserError,
    Value,
)
from analyzer.parse.config import plain_name
from analyzer.parse.manifests.names import canonical
from analyzer.parse.mask import Masked
from analyzer.parse.scripts.grammar import language
from analyzer.parse.template import Structure
from analyzer.parse.values.document import Document
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.scope import Imported, Scope, unwrapped

ECOSYSTEMS = (
    "npm",
    "pypi",
    "gem",
    "composer",
    "maven",
    "nuget",
    "cocoapods",
    "gradle",
    "swiftpm",
    "pub",
    "go",
    "hex",
    "cargo",
    "wordpress",
    "drupal",
    "shopify",
)
SPREAD = "..."
ACCOUNTS = frozenset({"id", "known_id"})  # of a list each one counts
UNREAD = "\0"  # stands for a hole: `*` takes it, and nothing that is written does
CAPTURE = re.compile(r"\$([a-z_][a-z0-9_]*)")
SERVED = frozenset({"published file", "library"})  # forms of containers that browsers get
SHORTEST, LEAST_TOLD = 4, 16  # characters of a library's text, and of all its texts together


@dataclass(frozen=True, slots=True)
class Capture:
    """A place in a pattern that takes any value."""

    name: str


@dataclass(frozen=True, slots=True)
class CallPattern:
    callee: str
    args: tuple[PatternValue, ...]
    literals: int

    def fits(self, fact: Fact) -> Captures | None:
        if isinstance(fact, Push) and self.callee == f"{fact.layer}.push":
            return _fit_all(self.args, (fact.value,))
        if not isinstance(fact, Call) or not _name_fits(self.callee, fact.callee):
            return None
        return _fit_all(self.args, fact.args)


@dataclass(frozen=True, slots=True)
class AssignPattern:
    target: str
    value: PatternValue
    literals: int

    def fits(self, fact: Fact) -> Captures | None:
        if not isinstance(fact, Assign) or not _name_fits(self.target, fact.target):
            return None
        captures: Captures = {}
        return captures if _fits(self.value, fact.value, captures) else None


@dataclass(frozen=True, slots=True)
class PackagePattern:
    ecosystem: str
    name: str
    literals: int = 1

    def fits(self, fact: Fact) -> Captures | None:
        if not isinstance(fact, Package) or _family(fact.ecosystem) != _family(self.ecosystem):
            return None
        return {} if fact.name == self.name or fact.name.startswith(self.name + "/") else None


@dataclass(frozen=True, slots=True)
class SettingPattern:
    """A setting whose name holds a word, case and joints aside; its value is the account's id."""

    word: str
    literals: int = 1

    def fits(self, fact: Fact) -> Captures | None:
        if not isinstance(fact, Setting) or self.word not in plain_name(fact.key):
            return None
        return {"id": fact.value}


@dataclass(frozen=True, slots=True)
class TagPattern:
    """A container's tag by its type, or by the repository, gallery id or name of its template."""

    type: str
    parameters: tuple[tuple[str, PatternValue], ...]
    literals: int

    def fits(self, fact: Fact) -> Captures | None:
        if not isinstance(fact, Tag) or self.type.lower() not in (
            fact.type.lower(),
            fact.template.lower(),
        ):
            return None
        captures: Captures = {}
        for key, wanted in self.parameters:
            given = fact.parameters.get(key)
            if isinstance(wanted, Capture):
                if given not in (None, ""):
                    captures[wanted.name] = given
            elif given is None or not _fits(wanted, given, captures):
                return None
        return captures


@dataclass(frozen=True, slots=True)
class LibraryPattern:
    """A library by texts that are all in its code, however it was built."""

    texts: tuple[str, ...]

    @property
    def literals(self) -> int:
        return len(self.texts)

    def fits(self, fact: Fact) -> Captures | None:
        return {} if isinstance(fact, Library) and fact.texts.issuperset(self.texts) else None


@dataclass(frozen=True, slots=True)
class ContainerPattern:
    """A container of a manager as browsers get it; its id is the account's."""

    manager: str
    literals: int = 1

    def fits(self, fact: Fact) -> Captures | None:
        if not isinstance(fact, Container) or fact.form not in SERVED:
            return None
        if fact.manager != self.manager:
            return None
        return {"id": fact.container_id} if fact.container_id else {}


PatternValue: TypeAlias = "Value | Capture | PatternObject | tuple[PatternValue, ...]"
Pattern: TypeAlias = (
    AddressPattern
    | CallPattern
    | AssignPattern
    | PackagePattern
    | TagPattern
    | SettingPattern
    | LibraryPattern
    | ContainerPattern
)


@dataclass(frozen=True, slots=True)
class PatternObject:
    items: tuple[tuple[str, PatternValue], ...]


@cache
def read_pattern(text: str) -> Pattern:
    """The pattern that a signature file writes. Raises UserError with what is wrong."""
    text = text.strip()
    ecosystem, colon, name = text.partition(":")
    if colon and ecosystem in ECOSYSTEMS and "(" not in text:
        return PackagePattern(ecosystem, canonical(ecosystem, name.strip()))
    if colon and ecosystem == "setting":
        return SettingPattern(plain_name(name))
    if colon and ecosystem == "container":
        return ContainerPattern(name.strip())
    if text.startswith("holds("):
        return _library_pattern(text)
    if text.endswith(")") or re.match(r"^[\w$.]+\s*=[^=]", text):
        return _script_pattern(text)
    if re.match(r"^(?:\*|\*\.|[\w-]+\.)[\w.*-]*(?:[/?\[]|$)", text):
        return address_pattern(text)
    raise UserError(
        f"{text!r} is no address, no call, no package and no tag; write for example "
        '"cdn.example.com/pixel.js", "pix(\'init\', $id)", "npm:pix" or \'"gtm:pix"({id: $id})\''
    )


def _library_pattern(text: str) -> LibraryPattern:
    call = _script_pattern(text)
    given = call.args if isinstance(call, CallPattern) and call.callee == "holds" else ()
    texts = tuple(each for each in given if isinstance(each, str) and each.isascii())
    own = [each for each in texts if not any(each in other for other in texts if each != other)]
    if len(set(own)) < 2 or len(own) < len(given) or min(map(len, own)) < SHORTEST:
        raise UserError(
            f"{text!r} says too little of a library; write two texts or more of {SHORTEST} "
            "characters that its code holds wherever it was built, none of them part of another"
        )
    if sum(map(len, own)) < LEAST_TOLD:
        raise UserError(
            f"{text!r} may be in any script; write texts of {LEAST_TOLD} characters together"
        )
    return LibraryPattern(texts)


def _family(ecosystem: str) -> str:
    """Gradle asks for what Maven's repositories hold: a coordinate is the same in both."""
    return "maven" if ecosystem == "gradle" else ecosystem


# ---------------------------------------------------------------- scripts


def _script_pattern(text: str) -> Pattern:
    head = re.match(r"""^(?P<new>new\s+)?["'](?P<package>[^"']+)["']""", text)
    data = text.encode()
    if head:
        data = ((head["new"] or "") + "__head__" + text[head.end() :]).encode()
    root = Parser(language("javascript")).parse(data).root_node
    if root.has_error or len(root.named_children) != 1:
        raise UserError(f"{text!r} is not one JavaScript call or assignment")
    node = unwrapped(root.named_children[0].named_children[0])
    folder = Folder(Document(Source("pattern", data), Masked(data), Structure()), 0)
    folder.packages = None
    scope = Scope()
    package = head["package"] if head else ""
    if package.partition(":")[0] not in ECOSYSTEMS:
        package = f"npm:{package}" if package and not package.startswith("gtm:") else package
    if package.startswith("npm:"):
        scope.declare("__head__", Imported(package))
    if node.type == "assignment_expression":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        target = folder.name_of(left, scope) if left else None
        if target is None or right is None:
            raise UserError(f"{text!r} sets no global name")
        value = _pattern_value(folder.value(right, scope))
        return AssignPattern(target, value, 1 + _literals(value))
    if node.type not in ("call_expression", "new_expression"):
        raise UserError(f"{text!r} is not a call; write for example \"pix('init', $id)\"")
    return _call_pattern(text, node, folder, scope, package)


def _call_pattern(text: str, node: Node, folder: Folder, scope: Scope, package: str) -> Pattern:
    new = node.type == "new_expression"
    callee = node.child_by_field_name("constructor" if new else "function")
    arguments = node.child_by_field_name("arguments")
    name = folder.name_of(callee, scope) if callee else None
    if name is None or arguments is None:
        raise UserError(f"{text!r} calls nothing that has a name")
    args = tuple(_pattern_value(folder.value(child, scope)) for child in arguments.named_children)
    if package.startswith("gtm:"):
        first = args[0] if args else PatternObject(())
        if not isinstance(first, PatternObject):
            raise UserError(
                f"{text!r}: a tag's settings are written as an object, such as ({{id: $id}})"
            )
        return TagPattern(package.removeprefix("gtm:"), first.items, 1 + _literals(first))
    name = name.replace("__head__", package, 1) if package else name
    return CallPattern(
        f"new {name}" if new else name, args, 1 + sum(_literals(arg) for arg in args)
    )


def _pattern_value(value: Value) -> PatternValue:
    match value:
        case Hole(text=text) if CAPTURE.fullmatch(text):
            return Capture(text[1:])
        case Object(items=items):
            return PatternObject(tuple((key, _pattern_value(inner)) for key, inner in items))
        case tuple():
            return tuple(_pattern_value(inner) for inner in value)
    return value


def _literals(value: PatternValue) -> int:
    """How much a pattern asks for: of two that fit, the one that asks for more is meant."""
    match value:
        case Capture():
            return 0
        case PatternObject(items=items):
            return sum(1 + _literals(inner) for key, inner in items if key != SPREAD)
        case tuple():
            return sum(_literals(inner) for inner in value)
    return 1


def _fit_all(wanted: tuple[PatternValue, ...], given: tuple[Value, ...]) -> Captures | None:
    captures: Captures = {}
    if len(given) < len(wanted):
        return None
    fits = all(_fits(each, value, captures) for each, value in zip(wanted, given, strict=False))
    return captures if fits else None


def _fits(wanted: PatternValue, given: Value, captures: Captures) -> bool:
    if isinstance(wanted, Capture):
        listed = isinstance(given, tuple) and bool(given) and wanted.name in ACCOUNTS
        captures[wanted.name] = Choice(given) if listed and isinstance(given, tuple) else given
        return True
    if isinstance(given, Choice):
        return any(_fits(wanted, option, captures) for option in given.options)
    match wanted:
        case str():
            if isinstance(given, Text):
                given = "".join(each if isinstance(each, str) else UNREAD for each in given.parts)
            return isinstance(given, str) and (
                given == wanted or ("*" in wanted and fnmatchcase(given, wanted))
            )
        case PatternObject(items=items):
            if not isinstance(given, Object):
                return False
            keys = {key for key, _ in given.items}
            asked = {key for key, _ in items}
            for key, inner in items:
                if key == SPREAD and isinstance(inner, Capture):  # {to: $id, ...$data}
                    rest = tuple(each for each in given.items if each[0] not in asked - {SPREAD})
                    captures[inner.name] = Object(rest)
                elif key not in keys or not _fits(inner, given.get(key), captures):
                    return False
            return True
        case tuple():
            return (
                isinstance(given, tuple)
                and len(given) >= len(wanted)
                and all(
                    _fits(each, value, captures) for each, value in zip(wanted, given, strict=False)
                )
            )
    return not isinstance(given, Hole) and str(given) == str(wanted)


def _name_fits(wanted: str, given: str) -> bool:
    return given == wanted or ("*" in wanted and fnmatchcase(given, wanted))
