"""What trackerlint knows, for people: rules, vendors and the rest listed, one entry explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import ModuleType

from analyzer import signatures
from analyzer.examples import example_of
from analyzer.judge import all_rules
from analyzer.model import Feature, Role, UserError, Vendor
from analyzer.plugins import modules, title_of
from analyzer.signatures import PageSigns, Signatures
from analyzer.tables import written

EXAMPLE_LINES = 60  # of one file
MOST_WAYS = 4  # that are shown of one switch
PROTECTS = frozenset({Feature.INPUT_MASKING, Feature.TEXT_MASKING, Feature.OPT_OUT})
SHOWS = {
    Role.LOADER: "loads its script",
    Role.CONTAINER: "loads a container whose contents are decided elsewhere",
    Role.SETUP: "sets it up for an account",
    Role.EVENT: "sends it an event",
    Role.IDENTITY: "says who the visitor is",
    Role.PIXEL: "asks it for an image, a frame or a beacon",
    Role.SERVER: "sends to it from a server",
    Role.PACKAGE: "depends on its package",
    Role.LIBRARY: "holds a copy of its library",
    Role.CONFIG: "changes a setting of it",
    Role.GATE: "asks for consent, or tells it",
    Role.MARKER: "belongs to it",
}
SETTLES = {
    "agreement": "An [[agreements]] entry for the vendor settles it as long as it is in force.",
    "allowed": "An [[allowed]] entry for the vendor on this class of pages settles it.",
}
HEADS = {
    "rules": ("code", "rule", "severity", "about"),
    "vendors": ("vendor", "name", "owner", "category", "agreement", "recognised as"),
    "pages": ("class", "axis", "name", "about"),
}


def listed(what: str, words: str, form: str) -> str:
    """The entries that hold the words, as text, json, csv or markdown."""
    head = HEADS.get(what, ("name", "about"))
    rows = [row for row in _rows(what) if words.lower() in " ".join(row).lower()]
    if what == "vendors" and form == "text":  # the rest is for programs and for explain
        rows = [(row[0], row[1], row[3], f"BAA {row[4]}") for row in rows]
    return written(head, rows, form)


def explained(name: str) -> str:
    """What one rule, vendor or page class is. Raises UserError for a name that nothing has."""
    for rule in all_rules():
        if name in (rule.CODE, title_of(rule)):
            return "".join(f"{line}\n" for line in _rule(rule))
    loaded = signatures.load()
    if name.lower() in (known := {each.name.lower(): each.id for each in loaded.vendors.values()}):
        name = known[name.lower()]
    if name in loaded.vendors:
        return "".join(f"{line}\n" for line in _vendor(loaded, loaded.vendors[name]))
    for page in loaded.pages:
        if name == page.id:
            return "".join(f"{line}\n" for line in _page(page))
    raise UserError(
        f"nothing is called {name!r}; trackerlint list rules, vendors or pages shows the names"
    )


def _rows(what: str) -> Iterator[tuple[str, ...]]:
    if what == "rules":
        for rule in all_rules():
            yield rule.CODE, title_of(rule), str(rule.SEVERITY), _first_line(rule.__doc__)
    elif what == "vendors":
        loaded = signatures.load()
        for vendor in loaded.vendors.values():
            yield (
                vendor.id,
                vendor.name,
                vendor.owner,
                vendor.category,
                vendor.baa.offered,
                ", ".join(_roles(loaded, vendor.id)),
            )
    elif what == "pages":
        for page in signatures.load().pages:
            yield page.id, page.axis, page.name, page.about
    else:
        for module in modules(what):
            yield title_of(module), _first_line(module.__doc__)


def _rule(rule: ModuleType) -> Iterator[str]:
    name = title_of(rule)
    yield f"{name} ({rule.CODE}, {rule.SEVERITY})"
    yield ""
    yield from (rule.__doc__ or "").strip().splitlines()
    yield ""
    yield f"Next step: {rule.NEXT}"
    yield ""
    yield from _accepting(name, getattr(rule, "YIELDS_TO", ()))
    example = example_of(name)
    if example is not None:
        yield ""
        yield f"Example: {example.claim}"
        for path, lines in example.files:
            yield from ("", f"  {path}", "")
            yield from (f"    {line}".rstrip() for line in lines[:EXAMPLE_LINES])
            if len(lines) > EXAMPLE_LINES:
                yield f"    … and {len(lines) - EXAMPLE_LINES} more lines"
        yield from ("", "  trackerlint says", "")
        yield from (f"    {line}" for line in example.findings)


def _accepting(name: str, yields_to: Iterable[str]) -> Iterator[str]:
    yield "Accept one finding with a reason, in a comment on its line or alone on the line before:"
    yield f"  trackerlint: ignore[{name}] until=YYYY-MM-DD owner=NAME -- reason"
    yield "The last day and the owner may be left out. In a container export the same words stand"
    yield "in the notes of the tag; for whole paths an [[ignore]] stands in trackerlint.toml."
    for word in yields_to:
        yield SETTLES[word]


def _vendor(loaded: Signatures, vendor: Vendor) -> Iterator[str]:
    yield f"{vendor.name} ({vendor.id}): {vendor.category}, of {vendor.owner}"
    if vendor.uses:
        yield f"Uses data for: {', '.join(vendor.uses)}"
    if vendor.receives:
        yield f"Can receive: {', '.join(vendor.receives)}"
    checked = f" (checked {vendor.baa.checked})" if vendor.baa.checked else ""
    yield f"Business associate agreement offered: {vendor.baa.offered}{checked}"
    yield from (f"  {words}" for words in (vendor.baa.note, vendor.baa.source) if words)
    if vendor.retired is not None:
        yield f"Ended on {vendor.retired.date}: {vendor.retired.what}"
    if vendor.docs:
        yield f"Documentation: {vendor.docs}"
    yield from _controls(loaded, vendor)
    yield from _signs(loaded, vendor)


def _signs(loaded: Signatures, vendor: Vendor) -> Iterator[str]:
    """What the product is recognised by, role by role."""
    yield ""
    yield "Recognised where code ($id is the account, other $names are what it is given)"
    for role in (each for each in SHOWS if each in _roles(loaded, vendor.id)):
        yield f"  {SHOWS[role]} ({role})"
        for signal in loaded.signals:
            if signal.vendor == vendor.id and signal.role == role:
                hint = "  (counts only beside another sign)" if signal.weak else ""
                yield f"    {signal.text}{hint}"


def _controls(loaded: Signatures, vendor: Vendor) -> Iterator[str]:
    """The product's switches, what holds when nothing is said, and how code turns them."""
    if vendor.controls:
        yield ""
        yield "What it does by itself, and how that is changed:"
    for each in vendor.controls:
        default = {True: "on by default", False: "off by default", None: "default not known"}
        yield f"  {each.name} ({each.feature}): {default[each.default]}"
        if each.note:
            yield f"    {each.note}"
        wanted = each.feature in PROTECTS
        ways = [
            text
            for way in loaded.switches
            if way.vendor == vendor.id and way.feature == each.feature and way.name == each.name
            if (text := way.shown(wanted))
        ]
        yield from (f"    {'on' if wanted else 'off'}: {text}" for text in ways[:MOST_WAYS])
        if each.source:
            yield f"    {each.source}" + (f" (checked {each.checked})" if each.checked else "")


def _page(page: PageSigns) -> Iterator[str]:
    yield f"{page.id}: {page.name} ({page.axis})"
    yield page.about
    for title, signs in (
        ("One of these is enough", page.strong),
        ("Two of these are needed", page.weak),
    ):
        if signs:
            yield f"{title}:"
            yield from (f"  {kind:10} {', '.join(words)}" for kind, words in signs.items())


def _roles(loaded: Signatures, vendor: str) -> list[str]:
    return list(
        dict.fromkeys(str(signal.role) for signal in loaded.signals if signal.vendor == vendor)
    )


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]
