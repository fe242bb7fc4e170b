"""The words of a suppression: `trackerlint: ignore[rule] until=2027-01-31 owner=name -- reason`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from analyzer.model import Place, Suppression

MARK = b"rackerlint"  # found in both spellings, with a capital and without
NAME = re.compile(rb"[Tt]rackerlint\b")
# The words of a suppression begin a comment or a line of it, behind the signs that decorate it.
BEGINS = re.compile(r"(?:.*\s(?:/{2,}|#+|--|;+))?[\s*/#;'!|(-]*", re.S)
SPEAKS = re.compile(r"(?P<colon>\s*:\s*|\s+)(?P<verb>[A-Za-z][\w-]*)(?P<space>\s*)(?P<bracket>\[)?")
VERBS = ("ignore", "disable", "suppress", "skip", "allow", "accept", "noqa", "off", "exclude")
REASON = re.compile(r"(?:^|\s)(?:--+|[–—])\s*")
OPTION = re.compile(r"(?P<key>[\w-]+)=(?P<value>\"[^\"]*+\"|'[^']*+'|\S*)")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CODE = re.compile(r"(?i:TL\d{3})")
PART_OF_CODE = re.compile(r"(?i:TL\d{0,2})")
LONGEST = 2_000  # bytes of one suppression
SHOWN = 60
EXAMPLE = "trackerlint: ignore[rule-name] -- reason"


@dataclass(frozen=True, slots=True)
class Words:
    """What a comment says in bytes `start` to `end` of its text; `wrong` is why it cannot count."""

    start: int
    end: int
    rules: tuple[str, ...] = ()
    reason: str = ""
    owner: str = ""
    until: date | None = None
    wrong: str = ""

    def suppression(self, kind: str, place: Place) -> Suppression:
        return Suppression(
            kind,
            place,
            self.reason,
            self.rules,
            owner=self.owner,
            until=self.until,
            wrong=self.wrong,
        )


def spoken(text: bytes, *, block: bool = False, anywhere: bool = False) -> Iterator[Words]:
    """The suppressions in the text of a comment; in a block they may run on to its next lines.

    In prose they may stand `anywhere`, not only where a line begins.
    """
    found = list(NAME.finditer(text))
    for number, each in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        after = text[each.end() : min(end, each.end() + LONGEST)]
        said = _lines_of(after.decode("utf-8", "replace"), block)
        start = text.rfind(b"\n", 0, each.start()) + 1
        before = text[max(start, each.start() - 200) : each.start()].decode("utf-8", "replace")
        opened = SPEAKS.match(said)
        if opened is None or not _is_meant(opened, before):
            continue
        width = len(after.split(b"\n", 1)[0].rstrip())
        words = _read(said[opened.end() :], opened)
        if not (words.wrong or anywhere) and not BEGINS.fullmatch(before):
            words = Words(0, 0, words.rules, wrong="other words stand before it; begin with it")
        yield replace(words, start=each.start(), end=each.end() + width)


def _lines_of(text: str, block: bool) -> str:
    """The first line of a text; of a block the lines up to an empty one, without decoration."""
    lines = text.splitlines() or [""]
    if not block:
        return lines[0]
    kept = lines[:1]
    for line in lines[1:]:
        words = line.strip().lstrip("*#/ \t")
        if not words:
            break
        kept.append(words)
    return "\n".join(kept)


def _is_meant(opened: re.Match[str], before: str) -> bool:
    """Is it a suppression, right or wrong? Words about trackerlint in prose are none."""
    if before.rstrip(" ")[-1:] in ("`", '"', "“"):
        return False
    verb, is_listed = opened["verb"].lower(), opened["bracket"] is not None
    if ":" not in opened["colon"]:
        return is_listed and verb in VERBS
    return is_listed or verb.split("-")[0] in VERBS


def _read(rest: str, opened: re.Match[str]) -> Words:
    verb = opened["verb"]
    if ":" not in opened["colon"]:
        return _wrong(f"a colon is missing after trackerlint; write {EXAMPLE}")
    if verb != "ignore":
        return _wrong(f"{_cut(verb)} is not a word it can begin with; write {EXAMPLE}")
    if not opened["bracket"]:
        return _wrong(f"it names no rule; write {EXAMPLE}")
    inside, closed, rest = rest.partition("]")
    if not closed or "\n\n" in inside:
        return _wrong("the bracket after ignore is never closed; write ignore[rule-name]")
    names = [_spelled(" ".join(each.split())) for each in inside.split(",")]
    rules = tuple(dict.fromkeys(filter(None, names)))
    for name in rules:
        if PART_OF_CODE.fullmatch(name) or name == "*":
            return _wrong(f"{name} means many rules; name each rule in the brackets", rules)
    if not rules:
        return _wrong("it names no rule between the brackets; write ignore[rule-name]")
    options, dashes, reason = _parted(rest)
    owner, until = "", None
    for word in _options(options):
        if isinstance(word, str):
            if not dashes:
                why = _cut(word.lstrip("-: ")) or "reason"
                return _wrong(f"two hyphens must stand before the reason; write -- {why}", rules)
            first = _cut(word.split(maxsplit=1)[0])
            return _wrong(
                f"{first} is not known; write until=YYYY-MM-DD or owner=NAME, or put it behind "
                "the two hyphens",
                rules,
            )
        key, value = word
        if key == "owner":
            owner = value
            if not value:
                return _wrong("owner= names nobody; write owner=NAME, or leave it out", rules)
        elif key == "until":
            until = _day(value)
            if until is None:
                return _wrong(f"{_cut(value)} is no date; write it as until=YYYY-MM-DD", rules)
        else:
            return _wrong(f"{_cut(key)}= is not known; write until=YYYY-MM-DD or owner=NAME", rules)
    reason = " ".join(reason.split())
    if not re.search(r"\w", reason):
        return _wrong("it gives no reason; end it with two hyphens and why: -- reason", rules)
    return Words(0, 0, rules, reason, owner, until)


def _parted(rest: str) -> tuple[str, bool, str]:
    found = REASON.search(rest)
    return (
        (rest, False, "") if found is None else (rest[: found.start()], True, rest[found.end() :])
    )


def _options(text: str) -> Iterator[tuple[str, str] | str]:
    """Each `key=value`; where something else stands, all that is left."""
    at = 0
    while at < len(text):
        if text[at] in " \t\r\n,;":
            at += 1
        elif found := OPTION.match(text, at):
            yield found["key"].lower(), found["value"].strip("\"'").rstrip(",;")
            at = found.end()
        else:
            yield text[at:]
            return


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def _spelled(name: str) -> str:
    is_code = CODE.fullmatch(name) or PART_OF_CODE.fullmatch(name)
    return name.upper() if is_code else name.lower()


def _wrong(what: str, rules: tuple[str, ...] = ()) -> Words:
    return Words(0, 0, rules, wrong=what)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
