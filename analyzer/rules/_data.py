"""Which personal and health data reach a vendor: what counts as evidence, and how it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analyzer.model import (
    Category,
    Datum,
    Finding,
    Firing,
    Hole,
    Origin,
    OriginKind,
    Role,
    Site,
    Status,
    Step,
    ToldBy,
    Tracker,
    Verdict,
    births,
    holes,
    is_hashed,
    made_of,
    source_of,
)
from analyzer.rules._findings import MOST_RELATED, REPORTED, SENSITIVE, reasons
from analyzer.rules._uses import Additions

DIRECT = frozenset("ADEFGHIJK")  # letters of 45 CFR 164.514(b)(2)(i): they name a person alone
SPOKEN_TO = frozenset("DEF")  # what a page shows of the organisation as well, to be clicked
HEALTH = "health"
PLAIN, HASHED, PERSONAL, IDENTITY = "plain", "hashed", "personal", "identity"
LEFT_ALONE = frozenset({"page-address", "tracker-identifier"})  # a rule of its own; its own ids
OF_THE_VISITOR = frozenset({"id", "user_id", "person", "visitor", "identifier", "userId"})
HANDED_NOTHING = frozenset({Role.PACKAGE, Role.LIBRARY, Role.GATE})
SENT = REPORTED | {Status.SERVER_SIDE}
FIXED = frozenset({OriginKind.CONSTANT, OriginKind.ENVIRONMENT})
ANSWER = re.compile(r"^\s*!|[=!]==?|\.length\b|\btypeof\b|\bBoolean\(|\.(?:test|includes)\(")
CLICKED = re.compile(r"click|call|tap\b|tel\b|mailto", re.I)
HASH_WORD = re.compile(r"sha_?(?:1|256|512)|md5|hash", re.I)
HASH_TEXT = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}", re.I)
MAIL = re.compile(r"[\w.+-]+@(?!(?:[\w-]+\.)*example\.)[\w-]+\.[\w.-]+")
NOBODY = re.compile(
    r"(?:info|contact|hello|support|office|admin|team|sales|mail|test|noreply|no-reply|user|name"
    r"|email|privacy|webmaster|marketing|help|you|your.*)@",
    re.I,
)
READABLE = re.compile(r"[\w$.\[\]'\"?!-]{1,60}")
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Handed:
    """A datum that is evidence, with its category and what it is to the rules: `kind`."""

    datum: Datum
    category: Category
    kind: str
    again: tuple[Step, ...] = ()


def handed(site: Site, *kinds: str) -> Iterator[tuple[Tracker, tuple[Handed, ...]]]:
    """What each call or tag hands over of these kinds; what two signals find in it counts once."""
    calls: dict[tuple[str, str], tuple[Tracker, dict[object, Handed]]] = {}
    for tracker in site.sending:
        for each in evidence(site, tracker):
            if each.kind in kinds:
                key = (tracker.vendor, str(tracker.place))
                calls.setdefault(key, (tracker, {}))[1].setdefault(each.datum.value, each)
    additions = Additions()
    told: list[tuple[Tracker, list[Handed]]] = []
    for tracker, found in calls.values():
        new = [each for each in found.values() if additions.are_new(tracker, each.datum)]
        if new:
            told.append((tracker, new))
    for tracker, new in told:
        again = additions.calls_like(tracker)
        yield tracker, tuple(replace(each, again=again) for each in new)


def evidence(site: Site, tracker: Tracker) -> Iterator[Handed]:
    """The personal and health data that a tracker is handed for sure, as far as the code shows."""
    if tracker.status not in SENT or tracker.detection.role in HANDED_NOTHING:
        return
    data = tracker.detection.data
    sure = [each for each in data if _is_sure(site, each) and _is_a_persons(site, tracker, each)]
    for datum in data:
        category = site.categories.get(datum.category)
        if category is None:
            if _names_the_visitor(tracker, datum):
                yield Handed(datum, Category("", "identifier"), IDENTITY)
            continue
        if category.id in LEFT_ALONE or not _is_a_persons(site, tracker, datum):
            continue
        if datum in sure or _has_second_sign(site, tracker, datum, category, sure):
            yield Handed(datum, category, _kind(tracker, datum, category))


def _is_sure(site: Site, datum: Datum) -> bool:
    return datum.category in site.categories and datum.told_by in (ToldBy.NAME, ToldBy.ORIGIN)


def _has_second_sign(
    site: Site, tracker: Tracker, datum: Datum, category: Category, sure: Sequence[Datum]
) -> bool:
    """A word that means many things counts beside a sure sign of the same sort: the name beside
    an e-mail address, the department on a page where appointments are made.
    """
    if datum.told_by is not ToldBy.HINT:
        return False
    if category.hipaa == HEALTH:
        return any(
            site.pages[each.page].has_class(name)
            for each in tracker.fires
            if each.page in site.pages
            for name in SENSITIVE
        ) and _is_read(datum)
    return any(site.categories[each.category].hipaa in DIRECT for each in sure if each != datum)


def _is_read(datum: Datum) -> bool:
    """Is it known where the value is read?"""
    return any(hole.origin.kind is not OriginKind.UNKNOWN for hole in holes(datum.value))


def _is_a_persons(site: Site, tracker: Tracker, datum: Datum) -> bool:
    """Is the value one that only a running page knows, or a literal that is a person's?"""
    if isinstance(datum.value, str):
        return _is_persons_literal(datum.value)
    found = [hole for hole in holes(datum.value) if _may_be_a_persons(hole)]
    if not found:
        return False
    category = site.categories.get(datum.category)
    if category is None or category.hipaa not in SPOKEN_TO:
        return True
    kinds = {hole.origin.kind for hole in found}
    if kinds <= {OriginKind.ELEMENT}:
        return False  # the link that was clicked
    event = next((each.value for each in tracker.detection.data if each.name == "event"), None)
    clicked = isinstance(event, str) and CLICKED.search(event)
    return not clicked or OriginKind.FIELD in kinds


def _is_persons_literal(text: str) -> bool:
    if HASH_TEXT.fullmatch(text):
        return True
    return bool(MAIL.fullmatch(text)) and not NOBODY.match(text)


def _may_be_a_persons(hole: Hole) -> bool:
    return not {each.kind for each in made_of(hole.origin)} <= FIXED and not ANSWER.search(
        hole.text
    )


def _kind(tracker: Tracker, datum: Datum, category: Category) -> str:
    if category.hipaa == HEALTH:
        return HEALTH
    if is_hashed(datum) or _is_called_hash(datum):
        return HASHED
    if category.hipaa in DIRECT:
        return PLAIN
    if tracker.detection.role is Role.IDENTITY and category.hipaa == "R":
        return IDENTITY
    return PERSONAL


def _is_called_hash(datum: Datum) -> bool:
    if isinstance(datum.value, str):
        return bool(HASH_TEXT.fullmatch(datum.value))
    texts = [datum.name, *(hole.text for hole in holes(datum.value))]
    return any(HASH_WORD.search(text) for text in texts)


def _names_the_visitor(tracker: Tracker, datum: Datum) -> bool:
    """Is it what a call that says who the visitor is says?"""
    return (
        tracker.detection.role is Role.IDENTITY
        and datum.name in OF_THE_VISITOR
        and any(_may_be_a_persons(hole) for hole in holes(datum.value))
    )


# ---------------------------------------------------------------- how it is told


def about_data(site: Site, tracker: Tracker, found: Sequence[Handed]) -> Finding:
    """A finding at the call or the tag: its arguments are the product, and what it is handed."""
    known = sorted(
        (each for each in tracker.fires if each.page in site.pages), key=lambda each: each.page
    )
    fires = [each for each in known if each.verdict is Verdict.YES] or known
    hit = tracker.detection
    names = tuple(dict.fromkeys(each.datum.name for each in found))
    return Finding(
        place=tracker.place,
        arguments=(vendor_said(site, tracker), listed(_told_best(found))),
        anchor=(
            ("tag", hit.tag.container_id, hit.tag.tag_name, hit.vendor, *names)
            if hit.tag is not None
            else ("call", hit.path, hit.vendor, *hit.ids[:1], *names)
        ),
        vendor=hit.vendor,
        pages=tuple(each.page for each in fires),
        classes=tuple(
            dict.fromkeys(
                each.id
                for firing in fires
                for each in site.pages[firing.page].classes
                if each.id in SENSITIVE
            )
        ),
        trail=tuple(_trail(site, replace(tracker, fires=tuple(fires) or tracker.fires), found)),
        related=(*_sensitive(site, fires), *_again(found))[:MOST_RELATED],
        tag=hit.tag,
    )


def _again(found: Sequence[Handed]) -> Sequence[Step]:
    """The other calls that hand over the same, through the same function."""
    return tuple(dict.fromkeys(step for each in found for step in each.again))


def _sensitive(site: Site, fires: Sequence[Firing]) -> Iterator[Step]:
    """The pages on which it happens, with what is sensitive about them."""
    for each in fires[:MOST_RELATED]:
        yield Step(site.pages[each.page].place, reasons(site, each, SENSITIVE))


def vendor_said(site: Site, tracker: Tracker) -> str:
    """The product's name, with the id where the call tells it."""
    return " ".join((site.vendors[tracker.vendor].name, *tracker.detection.ids[:1]))


def told(each: Handed) -> str:
    """The datum under the name it is sent as, its category, and where its value comes from."""
    source, category = from_where(each.datum), each.category.name
    if source.startswith(category):
        return f"{each.datum.name} ({source})"
    from_source = f" from {source}" if source and source not in category else ""
    return f"{each.datum.name} ({category}{from_source})"


def _told_best(found: Sequence[Handed]) -> list[str]:
    """What is handed over, without what is told again of the same name and less exactly."""
    said = [told(each) for each in found]
    return [
        each
        for each in said
        if not any(one != each and one.startswith(f"{each.rstrip(')')} from ") for one in said)
    ]


def from_where(datum: Datum) -> str:
    """Where the value comes from, in words; empty where the source says nothing readable."""
    hole = next(holes(datum.value), None)
    if hole is None:
        return "the source itself"
    origin = source_of(hole.origin) or Origin(OriginKind.UNKNOWN)
    if origin.kind not in (OriginKind.UNKNOWN, OriginKind.GLOBAL):
        nameless_query = origin.kind is OriginKind.QUERY and not origin.name
        return "query" if nameless_query else str(origin)
    return hole.text if READABLE.fullmatch(hole.text) and len(hole.text) > 1 else ""


def listed(said: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    said = tuple(dict.fromkeys(said))
    more = len(said) - MOST_NAMED
    return ", ".join(said[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _trail(site: Site, tracker: Tracker, found: Sequence[Handed]) -> Iterator[Step]:
    """Where the values are born, or else the way from a page; then where they are handed over."""
    born = list(dict.fromkeys(step for each in found for step in births(each.datum)))[:8]
    told_by: dict[str, list[str]] = {}
    for each in found:
        told_by.setdefault(_why(each), []).append(each.datum.name)
    names = "; ".join(f"{listed(given)} ({why})" for why, given in told_by.items())
    last = Step(tracker.place, f"hands {site.vendors[tracker.vendor].name} {names}")
    before = born or next((list(each.trail) for each in tracker.fires if each.trail), [])
    if before and before[-1].place == last.place:
        last = Step(last.place, f"{before[-1].text}: {last.text}")
        before = before[:-1]
    yield from before
    yield last


def _why(each: Handed) -> str:
    """What tells the category: both a name and where the value is read are evidence."""
    if isinstance(each.datum.value, str):
        return "told by the value"
    if each.datum.told_by is ToldBy.ORIGIN or each.kind == "address":
        return f"told by {from_where(each.datum) or 'where the value is read'}"
    return "told by the name" if each.category.id else "which says who the visitor is"
