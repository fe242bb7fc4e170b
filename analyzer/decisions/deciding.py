"""What the rows of an inventory decide: entries for the configuration, things to do, mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from analyzer.decisions.checking import (
    Decided,
    Mistake,
    check,
    contradictions,
    day,
    decision,
    left,
)
from analyzer.decisions.reading import Row
from analyzer.model import Home, Report, Site
from analyzer.outputs._columns import (
    DOCUMENT,
    EXPIRES,
    OWNER,
    REASON,
    SIGNED,
    UNTIL,
    Decision,
)
from analyzer.outputs._html_gathered import named
from analyzer.outputs._inventory_items import Item, items
from analyzer.policy.writing import pattern_wrong


@dataclass(frozen=True, slots=True)
class Entry:
    """A block for the configuration. `about` are the keys that say what it speaks of, `values`
    those that say what holds; an empty value takes its key away.
    """

    table: str  # ignore, agreements
    about: tuple[tuple[str, str | tuple[str, ...]], ...]
    values: tuple[tuple[str, str | date | None], ...]
    rows: tuple[int, ...]
    rules: tuple[str, ...] = ()
    company: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a file of decisions comes to. With something `wrong` nothing of it may be written."""

    entries: tuple[Entry, ...] = ()
    todo: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    as_written: int = 0
    known: int = 0  # rows about something that is still there


def decide(rows: Sequence[Row], report: Report, home: Home) -> Decisions:
    """Hold rows against what is there; `home` is the folder that the configuration speaks of."""
    every = items(report)
    by_key = {item.key: item for item in every}
    found = Decisions()
    decided: list[Decided] = []
    for row in rows:
        found = replace(found, known=found.known + (row.key in by_key))
        if row.is_as_written:
            found = replace(found, as_written=found.as_written + 1)
            continue
        try:
            if note := left(row, by_key):
                found = replace(found, notes=(*found.notes, note))
                continue
            word = decision(row)
            each = Decided(row, by_key[row.key], word)
            check(each, report.site)
        except Mistake as mistake:
            found = replace(found, wrong=(*found.wrong, str(mistake)))
            continue
        decided.append(each)
    clashes = list(contradictions(decided))
    if found.wrong or clashes:
        return replace(found, wrong=(*found.wrong, *clashes))
    return _written(_once(decided), every, report.site, home, found)


def _once(decided: Iterable[Decided]) -> list[Decided]:
    """A row that was copied counts once."""
    return list({each.item.key: each for each in reversed(list(decided))}.values())[::-1]


# ---------------------------------------------------------------- entries


def _written(
    decided: Sequence[Decided], every: Sequence[Item], site: Site, home: Home, found: Decisions
) -> Decisions:
    entries: dict[tuple[object, ...], Entry] = {}
    todo: list[tuple[int, str]] = []
    notes, wrong = list(found.notes), list(found.wrong)
    order = list(Decision)
    kept = {each.item.key: each for each in decided if each.decision is Decision.KEEP}
    abouts = _abouts(every, home)
    alike: dict[About, list[Item]] = {}
    for item in every:
        alike.setdefault(abouts[item.key], []).append(item)
    for each in decided:
        match each.decision:
            case Decision.KEEP:
                rules = _accepted_rules(each.item)
                if not rules:
                    notes.append(
                        f"{each.name}: {each.item.where} is kept, and no finding is left to accept"
                    )
                    continue
                about = abouts[each.item.key]
                if mistake := _cannot(each, about, alike[about], kept, home):
                    wrong.append(mistake)
                    continue
                entry = _kept(each, about, rules)
            case Decision.AGREEMENT:
                entry = _agreed(each, site)
            case _:
                todo.append((order.index(each.decision), _to_do(site, each)))
                continue
        key = (entry.table, entry.about)
        if before := entries.get(key):
            entry = replace(
                entry,
                rules=tuple(dict.fromkeys((*before.rules, *entry.rules))),
                rows=(*before.rows, *entry.rows),
            )
        entries[key] = entry
    return replace(
        found,
        entries=() if wrong else tuple(entries.values()),
        todo=tuple(words for _, words in sorted(todo, key=lambda one: one[0])),
        notes=tuple(notes),
        wrong=tuple(wrong),
    )


def _accepted_rules(item: Item) -> tuple[str, ...]:
    """The rules of the findings that are open, and of those that an exception accepts already."""
    return tuple(
        dict.fromkeys(
            each.rule
            for each in item.findings
            if each.suppressed is None or each.suppressed.kind == "ignore"
        )
    )


About = tuple[tuple[str, "str | tuple[str, ...]"], ...]


def _abouts(every: Sequence[Item], home: Home) -> dict[str, About]:
    """What an exception has to say to mean each tracker, by their keys: its tag, or its file."""
    homes: dict[tuple[str, str], set[str]] = {}
    for item in every:
        if item.tag is not None:
            homes.setdefault((item.vendor, item.tag.tag_name), set()).add(item.tag.path)
    return {item.key: tuple(_about(item, homes, home)) for item in every}


def _about(
    item: Item, homes: Mapping[tuple[str, str], set[str]], home: Home
) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    if item.vendor:
        yield "vendor", item.vendor
    tag = item.tag
    if tag is None or not tag.tag_name.strip():
        yield "paths", (_pattern(home, item.place.path),)
        return
    yield "tags", (tag.tag_name,)
    if len(homes[item.vendor, tag.tag_name]) > 1:  # a namesake in another container
        yield "paths", (_pattern(home, tag.path),)


def _pattern(home: Home, path: str) -> str:
    inner = home.inner(path)
    return inner if "/" in inner else f"./{inner}"


def _cannot(
    each: Decided, about: About, alike: Sequence[Item], kept: dict[str, Decided], home: Home
) -> str:
    """Why the configuration cannot say what a row decides, or an empty text."""
    if not home.reaches(each.item.place.path):
        return (
            f"{each.name}: {each.item.place.path} lies outside of the folder that this "
            "configuration speaks of; choose another file with --into"
        )
    for key, value in about:
        if key == "paths" and (trouble := pattern_wrong(value[0])):
            return f"{each.name}: the configuration cannot name this file: {trouble}"
    for other in alike:
        if other.key == each.item.key:
            continue
        twin = kept.get(other.key)
        if twin is None:
            return (
                f"{each.name}: {other.where} is of the same product and in the same place, and the "
                "configuration cannot accept one without the other; decide both alike, or write a "
                "comment beside the code"
            )
        names = (OWNER, REASON, UNTIL)
        if any(twin.row.says(name) != each.row.says(name) for name in names):
            return (
                f"rows {each.row.number} and {twin.row.number} are about one product in one place "
                "and share one entry; write the same owner, reason and day into both"
            )
    return ""


def _kept(each: Decided, about: About, rules: tuple[str, ...]) -> Entry:
    row = each.row
    values = (("reason", row.says(REASON)), ("until", day(row, UNTIL)), ("owner", row.says(OWNER)))
    return Entry("ignore", about, values, (row.number,), rules)


def _agreed(each: Decided, site: Site) -> Entry:
    row, vendor = each.row, site.vendors[each.item.vendor]
    return Entry(
        "agreements",
        (("vendor", vendor.id), ("document", row.says(DOCUMENT))),
        (
            ("signed", day(row, SIGNED)),
            ("expires", day(row, EXPIRES)),
            ("owner", row.says(OWNER)),
        ),
        (row.number,),
        company=vendor.owner,
    )


def _to_do(site: Site, each: Decided) -> str:
    item, row = each.item, each.row
    name = named(site, item.snippet) if item.snippet else "what no known vendor receives"
    words = f"{each.decision}: {name} at {item.where}"
    details = [row.says(OWNER) or "nobody is named"]
    if row.says(UNTIL):
        details.append(f"until {row.says(UNTIL)}")
    words += f" ({', '.join(details)}; {each.name})"
    accepted = next((one.suppressed for one in item.findings if one.suppressed), None)
    if row.says(REASON):
        words += f": {row.says(REASON)}"
    if accepted is not None:
        words += f" - {accepted.place.path}:{accepted.place.line} still accepts findings of it"
    return words
