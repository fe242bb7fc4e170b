"""Vendor files to signals: what a lawyer or an analyst wrote, checked and ready to match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from analyzer.addresses import AddressPattern
from analyzer.model import Baa, Kind, Retired, Role, UserError, Vendor, Vocabulary
from analyzer.parse.scope import root_of
from analyzer.patterns import (
    AssignPattern,
    CallPattern,
    PackagePattern,
    Pattern,
    SettingPattern,
    read_pattern,
)
from analyzer.sheets import Sheet, one_of
from analyzer.switches import Way, controls, ways

KINDS = {
    "tag-manager": Kind.TAG_MANAGER,
    "consent": Kind.CONSENT,
    "portal": Kind.PORTAL,
    "embed": Kind.EMBED,
    "monitoring": Kind.MONITORING,
}
CATEGORIES = (
    "advertising",
    "analytics",
    "session-replay",
    "ab-testing",
    "customer-data",
    "email-marketing",
    "chat",
    "call-tracking",
    "social",
    "audio-advertising",
    "app-analytics",
    "server-api",
    *KINDS,
)
KEYS = (
    "name",
    "owner",
    "category",
    "docs",
    "uses",
    "receives",
    "baa",
    "retired",
    "holds_back",
    "hold",
    "ids",
    "unknown_ids",
    "signals",
    "weak",
    "switch",
    "examples",
)
EXAMPLE_KEYS = ("about", "html", "js", "jsx", "json", "path", "text", "finds", "switches")
PAGE_KEYS = (
    "path",
    "title",
    "field",
    "input",
    "host",
    "expression",
    "heading",
    "structured",
    "need",
    "public",
)
EVERYWHERE = frozenset({"document", "navigator", "location", "window", "jQuery", "$"})
ALWAYS_WANTED = (b"dataLayer", b"createElement", b"sendBeacon", b"document.write")


@dataclass(frozen=True, slots=True)
class Signal:
    """One way to recognise one role of one vendor."""

    vendor: str
    role: Role
    pattern: Pattern
    text: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """What a vendor's file shows: a small text, and what is found of the vendor in it.

    `switches` are those that the text turns, such as `autocapture off`.
    """

    vendor: str
    about: str
    path: str
    text: str
    finds: tuple[str, ...]
    switches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What tells that a page is of a class; one strong sign is enough, weak ones need another."""

    id: str
    name: str
    axis: str
    about: str
    strong: Mapping[str, tuple[str, ...]]
    weak: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DataWords:
    """A category of personal or health data and the words that name it."""

    id: str
    name: str
    hipaa: str
    words: tuple[str, ...]
    weak: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordsBeside:
    """Words beside a word of a category that change what it means: they make of it something about
    the thing (for identifiers some more do), or say whose it is, or that it belongs to a test.
    """

    about: frozenset[str] = frozenset()
    about_identifiers: frozenset[str] = frozenset()
    organisation: frozenset[str] = frozenset()
    person: frozenset[str] = frozenset()
    experiment: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Host:
    """A well-known host that is no tracker's: who runs it, and what for."""

    owner: str
    category: str


@dataclass(frozen=True)
class Signatures:
    """Everything that the folder of signatures says."""

    vendors: Mapping[str, Vendor]
    signals: tuple[Signal, ...]
    shapes: Mapping[str, Mapping[str, re.Pattern[str]]]
    needs_known: Mapping[str, frozenset[str]]
    examples: tuple[Example, ...]
    pages: tuple[PageSigns, ...]
    data: tuple[DataWords, ...]
    hosts: Mapping[str, Host]
    vocabulary: Vocabulary
    switches: tuple[Way, ...] = ()
    beside: WordsBeside = WordsBeside()
    holds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def host(self, name: str) -> Host | None:
        """What is known of a host, by its own name or by one above it."""
        while name:
            if name in self.hosts:
                return self.hosts[name]
            name = name.partition(".")[2]
        return None


def folder() -> Path:
    """Where the signatures are: inside the installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "_signatures"
    return inside if inside.is_dir() else here.parent / "signatures"


@cache
def load(where: Path | None = None) -> Signatures:
    """The signatures of a folder. Raises UserError with the file and line of a mistake."""
    where = where or folder()
    vendors: dict[str, Vendor] = {}
    signals: list[Signal] = []
    shapes: dict[str, dict[str, re.Pattern[str]]] = {}
    needs_known: dict[str, frozenset[str]] = {}
    examples: list[Example] = []
    switches: list[Way] = []
    holds: dict[str, Mapping[str, str]] = {}
    for path in sorted((where / "vendors").glob("*.toml")):
        sheet = Sheet.read(path, KEYS)
        vendor = _vendor(sheet)
        vendors[vendor.id] = vendor
        found = list(_signals(sheet, vendor.id))
        if not found:
            raise sheet.error(
                "signals", "there is no [signals] table, so nothing would ever be found; write one"
            )
        signals.extend(found)
        switches.extend(ways(sheet, vendor.id))
        if held := _held(sheet):
            holds[vendor.id] = held
        shapes[vendor.id] = _shapes(sheet)
        needs_known[vendor.id] = frozenset(
            key for key, value in sheet.table("unknown_ids").items() if value is False
        )
        examples.extend(_examples(sheet, vendor.id))
    if not vendors:
        raise UserError(
            f"there are no signatures in {where / 'vendors'}; reinstall trackerlint, or name a "
            "folder that holds vendors/*.toml"
        )
    return Signatures(
        vendors,
        tuple(signals),
        shapes,
        needs_known,
        tuple(examples),
        tuple(_page(path) for path in sorted((where / "pages").glob("*.toml"))),
        tuple(_data(path) for path in sorted((where / "data").glob("*.toml"))),
        _hosts(where / "hosts.toml") if (where / "hosts.toml").is_file() else {},
        vocabulary_of([*signals, *switches], shapes),
        tuple(switches),
        _beside(where / "words.toml") if (where / "words.toml").is_file() else WordsBeside(),
        holds,
    )


def vocabulary_of(
    signals: Iterable[Signal | Way], shapes: Mapping[str, Mapping[str, re.Pattern[str]]]
) -> Vocabulary:
    """What scripts are searched for, derived from the patterns."""
    names: set[str] = {"dataLayer"}
    packages: set[str] = set()
    words: set[bytes] = set(ALWAYS_WANTED)
    settings: set[str] = set()
    for signal in signals:
        match signal.pattern:
            case CallPattern(callee=name) | AssignPattern(target=name):
                root = root_of(name)
                if ":" in root and not root.startswith("npm:"):  # a call of a server's library
                    packages.add(name)
                    root = max(name.partition(":")[2].split(".")[:-1], key=len, default="")
                elif root.startswith("npm:"):
                    packages.add(root.removeprefix("npm:"))
                elif root in EVERYWHERE:  # a property of what every script speaks to
                    names.add(name)
                    root = name.rpartition(".")[2]
                elif "*" not in root:
                    names.add(root)
                word = root.removeprefix("npm:").strip("*")
            case PackagePattern(ecosystem="npm", name=name):
                word = name
            case PackagePattern(ecosystem=ecosystem, name=name):
                packages.add(f"{ecosystem}:{name}")
                word = ""
            case AddressPattern(host=host, path=path):
                labels = max(re.split(r"(?:^|\.)[*$]\w*(?:\.|$)", host), key=len)
                word = labels or _longest_word(path.pattern)
            case SettingPattern(word=name):
                settings.add(name)
                word = _beginning(shapes.get(signal.vendor, {}).get("id"))
            case _:
                word = ""
        # a weak signal needs a strong one, whose word is here anyway
        if word and not getattr(signal, "weak", False):
            words.add(word.encode())
    return Vocabulary(
        frozenset(names), frozenset(packages), tuple(sorted(words)), tuple(sorted(settings))
    )


# ---------------------------------------------------------------- one file


def _vendor(sheet: Sheet) -> Vendor:
    category = sheet.string("category")
    if category not in CATEGORIES:
        raise sheet.error("category", f'"{category}" is no category; use {one_of(CATEGORIES)}')
    baa = sheet.table("baa")
    offered = baa.get("offered", "unknown")
    if offered not in ("yes", "no", "plan-dependent", "unknown"):
        raise sheet.error(
            "offered", f'"{offered}" is no answer; write yes, no, plan-dependent or unknown'
        )
    statement = Baa(
        offered, str(baa.get("note", "")), str(baa.get("source", "")), str(baa.get("checked", ""))
    )
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", sheet.path.stem):
        raise sheet.error(
            "name",
            f'the file name "{sheet.path.name}" is the id; use small letters, digits and dashes',
        )
    return Vendor(
        sheet.path.stem,
        sheet.string("name"),
        sheet.string("owner"),
        category,
        KINDS.get(category, Kind.TRACKER),
        sheet.string("docs", needed=False),
        sheet.strings(sheet.values, "uses"),
        sheet.strings(sheet.values, "receives"),
        statement,
        _retired(sheet),
        sheet.strings(sheet.values, "holds_back"),
        controls(sheet),
    )


def _retired(sheet: Sheet) -> Retired | None:
    table = sheet.table("retired")
    if not table:
        return None
    date, what = str(table.get("date", "")), str(table.get("what", ""))
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", date) or not what:
        raise sheet.error(
            "retired", '"retired" needs the date, such as "2023-07-01", and what happened'
        )
    return Retired(date, what, str(table.get("source", "")))


def _held(sheet: Sheet) -> Mapping[str, str]:
    """The attributes with which a consent manager holds a script back, by the script's category."""
    table = sheet.table("hold")
    for category, attributes in table.items():
        if category not in CATEGORIES:
            raise sheet.error(category, f'"{category}" is no category; use {one_of(CATEGORIES)}')
        if not isinstance(attributes, str) or 'type="text/plain"' not in attributes:
            raise sheet.error(
                category,
                f'the attributes for "{category}" must hold type="text/plain", which stops scripts',
            )
    return {category: str(attributes) for category, attributes in table.items()}


def _signals(sheet: Sheet, vendor: str) -> Iterator[Signal]:
    for table in ("signals", "weak"):
        for role, patterns in sheet.table(table).items():
            if role not in list(Role):
                raise sheet.error(role, f'"{role}" is no role; use {one_of(tuple(Role))}')
            for text in sheet.strings(sheet.table(table), role) or ():
                try:
                    yield Signal(vendor, Role(role), read_pattern(text), text, table == "weak")
                except UserError as trouble:
                    raise sheet.error(text, str(trouble)) from None
            if not patterns:
                raise sheet.error(
                    role, f'"{role}" is an empty list; write a pattern or leave it out'
                )


def _shapes(sheet: Sheet) -> dict[str, re.Pattern[str]]:
    shapes = {}
    for key, text in sheet.table("ids").items():
        try:
            shapes[key] = re.compile(text)
        except (re.error, TypeError) as trouble:
            raise sheet.error(key, f'"{key}" is no regular expression ({trouble})') from None
    return shapes


def _examples(sheet: Sheet, vendor: str) -> Iterator[Example]:
    listed = sheet.values.get("examples", [])
    if not isinstance(listed, list) or len(listed) < 2:
        raise sheet.error(
            "examples", "two [[examples]] are needed: one that is found, one close thing left alone"
        )
    for each in listed:
        about = each.get("about", "")
        for key in each:
            if key not in EXAMPLE_KEYS:
                raise sheet.error(
                    key, f'"{key}" is not known in an example; use {one_of(EXAMPLE_KEYS)}'
                )
        kind = next((key for key in ("html", "js", "jsx", "json", "text") if key in each), None)
        finds = each.get("finds")
        if not about or kind is None or not isinstance(finds, list):
            raise sheet.error(
                str(about) or "examples",
                "an example needs about, finds, and one of html, js, jsx, json or path with text",
            )
        yield Example(
            vendor,
            about,
            each.get("path", f"example.{kind}"),
            str(each[kind]),
            tuple(map(str, finds)),
            sheet.strings(each, "switches"),
        )
    if all(each.get("finds") for each in listed) or not any(each.get("finds") for each in listed):
        raise sheet.error(
            "examples", "one example must find something, and one must have finds = []"
        )


def _page(path: Path) -> PageSigns:
    sheet = Sheet.read(path, ("name", "axis", "about", "strong", "weak"))
    axis = sheet.string("axis")
    if axis not in ("signed-in", "health"):
        raise sheet.error("axis", f'"{axis}" is no axis; write signed-in or health')
    signs = []
    for table in ("strong", "weak"):
        for key in sheet.table(table):
            if key not in PAGE_KEYS:
                raise sheet.error(key, f'"{key}" is no kind of sign; use {one_of(PAGE_KEYS)}')
        signs.append({key: sheet.strings(sheet.table(table), key) for key in sheet.table(table)})
    return PageSigns(
        path.stem, sheet.string("name"), axis, sheet.string("about"), signs[0], signs[1]
    )


def _hosts(path: Path) -> dict[str, Host]:
    sheet = Sheet.read(path, ())
    hosts = {}
    for name, facts in sheet.values.items():
        if not isinstance(facts, dict) or set(facts) != {"owner", "category"}:
            raise sheet.error(
                name,
                f'"{name}" needs owner and category; write {{ owner = "...", category = "..." }}',
            )
        hosts[name] = Host(str(facts["owner"]), str(facts["category"]))
    return hosts


def _beside(path: Path) -> WordsBeside:
    keys = ("about", "about_identifiers", "organisation", "person", "experiment")
    sheet = Sheet.read(path, keys)
    return WordsBeside(*(frozenset(sheet.strings(sheet.values, key)) for key in keys))


def _data(path: Path) -> DataWords:
    sheet = Sheet.read(path, ("name", "hipaa", "note", "words", "weak", "codes"))
    return DataWords(
        path.stem,
        sheet.string("name"),
        sheet.string("hipaa", needed=False),
        sheet.strings(sheet.values, "words"),
        sheet.strings(sheet.values, "weak"),
        sheet.strings(sheet.values, "codes"),
    )


def _beginning(shape: re.Pattern[str] | None) -> str:
    """What ids of a shape begin with, such as GTM-, where they tell their product themselves."""
    found = re.match(r"\(?(?:\?:)?([A-Z]{1,4}-)", shape.pattern) if shape is not None else None
    return found[1] if found else ""


def _longest_word(pattern: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", re.sub(r"\(\?P<\w+>[^)]*\)|\.\*", "\0", pattern))
    return max(re.split(r"[\0]", plain), key=len, default="")
